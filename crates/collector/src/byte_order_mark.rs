//! The mark that Windows puts in front of texts. It says nothing about UTF-8, and a reader may pass it over
//! (RFC 8259, section 8.1).

/// The text without it.
pub(crate) fn without(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The same of bytes.
pub(crate) fn without_bytes(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}
