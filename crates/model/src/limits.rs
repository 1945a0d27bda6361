//! How much of a thing a response may hold. Whoever writes one keeps to it; whoever reads one checks it.

/// Characters, at most, of texts that a visitor or a page gives.
pub const LONGEST_TEXT: usize = 10_000;
/// Characters, at most, of names, tags and ids.
pub const LONGEST_NAME: usize = 256;
/// Characters, at most, of an address.
pub const LONGEST_URL: usize = 4_096;
/// Entries, at most, of a list.
pub const MOST_ENTRIES: usize = 100;

/// The first `most` characters of `text`.
#[must_use]
pub fn clip(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::clip;

    #[test]
    fn characters_are_never_cut() {
        assert_eq!(clip("¿Qué?", 4), "¿Qué");
        assert_eq!(clip("¿Qué?", 5), "¿Qué?");
        assert_eq!(clip("¿Qué?", 0), "");
    }
}
