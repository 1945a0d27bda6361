/// The candidate that `word` was most likely meant to be, if any is close enough to be a slip of the keyboard.
///
/// Close enough is a third of the word's length in edits (insert, delete, replace, two letters swapped), at
/// least one.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let allowed = (word.len() / 3).max(1);
    let mut best = None;
    for &candidate in candidates {
        let distance = edits(word.as_bytes(), candidate.as_bytes());
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The distance of Damerau and Levenshtein over bytes, with two rows of memory.
fn edits(from: &[u8], to: &[u8]) -> usize {
    let is_same = |i: usize, j: usize| from[i].eq_ignore_ascii_case(&to[j]);
    let mut before = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for i in 0..from.len() {
        let mut next = vec![i + 1];
        for j in 0..to.len() {
            let replaced = row[j] + usize::from(!is_same(i, j));
            let mut least = replaced.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && is_same(i, j - 1) && is_same(i - 1, j) {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[track_caller]
    fn check(word: &str, expected: Option<&str>) {
        assert_eq!(nearest(word, &["load", "post-purchase", "faq"]), expected);
    }

    #[test]
    fn slips_are_found_and_other_words_are_not() {
        check("lod", Some("load"));
        check("LOAD", Some("load"));
        check("post-purchse", Some("post-purchase"));
        check("postpurchase", Some("post-purchase"));
        check("fax", Some("faq"));
        check("laod", Some("load"));
        check("afq", Some("faq"));
        check("cancellation", None);
        check("", None);
    }
}
