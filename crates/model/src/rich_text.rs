//! Texts with links: descriptions, thanks and endings (contract, section 3). Nothing else in them is markup.

use crate::find_substring;

/// One piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words as they stand there.
    Words(&'a str),
    /// `[words](address)`
    Link {
        /// What the visitor reads.
        words: &'a str,
        /// Where the link leads: `http:`, `https:` or `mailto:`.
        address: &'a str,
    },
}

impl<'a> Piece<'a> {
    /// What is read of it.
    #[must_use]
    pub fn words(self) -> &'a str {
        match self {
            Self::Words(words) | Self::Link { words, .. } => words,
        }
    }
}

/// What a link may lead to.
const SCHEMES: &[&str] = &["https://", "http://", "mailto:"];

/// Whether there may be a link in a text.
#[must_use]
pub fn may_have_links(text: &str) -> bool {
    text.as_bytes().contains(&b'[')
}

/// The pieces of a text, in their order. What is no link that may be followed stands there as it is written.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, words, address, after)) = next_link(rest) {
        if is_address(address) {
            if !before.is_empty() {
                pieces.push(Piece::Words(before));
            }
            pieces.push(Piece::Link { words, address });
        } else {
            pieces.push(Piece::Words(&rest[..rest.len() - after.len()]));
        }
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

/// The address of the first link that nobody may follow, such as `javascript:`.
#[must_use]
pub fn unusable_link(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some((_, _, address, after)) = next_link(rest) {
        if !is_address(address) {
            return Some(address);
        }
        rest = after;
    }
    None
}

/// Whether a link may lead there: an absolute address of the web, or somebody's e-mail address.
#[must_use]
pub fn is_address(address: &str) -> bool {
    let has = |scheme: &&str| {
        address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            && address.len() > scheme.len()
    };
    SCHEMES.iter().any(has) && !address.contains(char::is_whitespace)
}

/// What stands before the next `[words](address)`, both of its parts, and what follows. The words hold no bracket, and
/// the address ends with the first parenthesis.
fn next_link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let mut from = 0;
    loop {
        let middle = from + find_substring(&text[from..], "](")?;
        let start = text[..middle].rfind('[');
        let end = text[middle..].find(')');
        if let (Some(start), Some(end)) = (start, end) {
            let (words, address) = (&text[start + 1..middle], &text[middle + 2..middle + end]);
            if !words.is_empty() && !words.contains(']') {
                return Some((&text[..start], words, address, &text[middle + end + 1..]));
            }
        }
        from = middle + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces, unusable_link};
    use proptest::prelude::*;

    fn link<'a>(words: &'a str, address: &'a str) -> Piece<'a> {
        Piece::Link { words, address }
    }

    /// What shows links comes later than a template's survey (ARCHITECTURE.md, "Two halves").
    #[test]
    fn no_text_that_is_shipped_has_a_link() {
        for language in crate::Language::ALL {
            let texts = crate::Messages::of(*language).file();
            assert!(!super::may_have_links(&texts), "{language:?}");
        }
    }

    #[test]
    fn links_are_links_and_all_else_is_text() {
        let text = "See [our policy](https://a.example/p?q=1#x), or [write](mailto:a@b.example).";
        assert_eq!(
            pieces(text),
            [
                Piece::Words("See "),
                link("our policy", "https://a.example/p?q=1#x"),
                Piece::Words(", or "),
                link("write", "mailto:a@b.example"),
                Piece::Words("."),
            ]
        );
        for text in [
            "",
            "a",
            "[a]",
            "(a)",
            "[a] (https://b)",
            "[](https://b.example)",
            "<b>*a*</b>",
            "[a](",
            "](",
        ] {
            let words: Vec<_> =
                Some(text).filter(|text| !text.is_empty()).map(Piece::Words).into_iter().collect();
            assert_eq!(pieces(text), words, "{text}");
            assert_eq!(unusable_link(text), None, "{text}");
        }
        assert_eq!(
            pieces("[a [b](https://c.example)"),
            [Piece::Words("[a "), link("b", "https://c.example")]
        );
    }

    #[test]
    fn other_schemes_are_refused() {
        for bad in [
            "javascript:alert(1",
            "JavaScript:alert(1",
            "data:text/html,x",
            "/privacy",
            "privacy.html",
            "",
            "https://",
            "https:a.example",
            "java script:x",
            " https://a.example",
            "vbscript:x",
            "file:///etc/passwd",
            "//a.example",
        ] {
            let text = format!("[a]({bad})");
            assert_eq!(unusable_link(&text), Some(bad), "{text}");
            assert!(pieces(&text).iter().all(|piece| matches!(piece, Piece::Words(_))), "{text}");
        }
        assert_eq!(unusable_link("[a](HTTPS://A.example)"), None);
    }

    proptest! {
        #[test]
        fn no_character_is_lost(text in "([\\[\\]() a]|https://b|\\PC){0,30}") {
            let written: String = pieces(&text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Words(words) => words.to_owned(),
                    Piece::Link { words, address } => format!("[{words}]({address})"),
                })
                .collect();
            prop_assert_eq!(written, text);
        }
    }
}
