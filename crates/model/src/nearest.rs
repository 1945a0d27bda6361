/// The candidate that `word` was most likely meant to be, if any is close enough to be a slip of the keyboard.
///
/// Close enough is a third of the word's length in edits (insert, delete, replace), at least one.
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

/// Levenshtein distance over bytes, with one row of memory (Wagner and Fischer 1974).
fn edits(from: &[u8], to: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(!a.eq_ignore_ascii_case(b));
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
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
        check("cancellation", None);
        check("", None);
    }
}
