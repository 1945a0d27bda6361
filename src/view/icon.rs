//! Our drawings: one family, in lines.

use super::element::{Element, drawing};

/// A line drawing of 24 × 24, in the colour of the text around it; nothing to a screen reader.
pub(super) fn icon(path: &str) -> Element {
    turned(path, "")
}

/// The same, turned.
pub(super) fn turned(path: &str, turn: &str) -> Element {
    // On the path: not every browser turns a whole drawing by attribute.
    let path = drawing("path").with("d", path).with("transform", turn);
    drawing("svg aria-hidden=true").with("viewBox", "0 0 24 24").child(path)
}

/// The same head and eyes, five mouths.
pub(super) const FACES: [&str; 5] = [
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 10v.01M15.3 10v.01M7.8 17c.8-2 2.3-3 4.2-3s3.4 1 4.2 3",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.6v.01M15.3 9.6v.01M8.4 16.2c.9-.9 2.1-1.4 3.6-1.4s2.7.5 3.6 1.4",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.6v.01M15.3 9.6v.01M8.4 15.4h7.2",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.6v.01M15.3 9.6v.01M8.4 14.6c.9.9 2.1 1.4 3.6 1.4s2.7-.5 3.6-1.4",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.2v.01M15.3 9.2v.01M7.4 13.4h9.2c-.2 2.6-2.1 4.4-4.6 4.4s-4.4-1.8-4.6-4.4z",
];
pub(super) const STAR: &str =
    "M12 3.2l2.7 5.6 6.1.8-4.5 4.3 1.1 6.1-5.4-3-5.4 3 1.1-6.1-4.5-4.3 6.1-.8z";
/// Up; turned for the rest.
pub(super) const THUMB: &str = "M7.5 11v9.2M3.8 11h3.7l3.9-7.6c1.6 0 2.6 1 2.6 2.5v3.6h4.3c1.4 0 2.3 1.2 2 2.5l-1.4 6.4c-.2 1-1.1 1.8-2.2 1.8H3.8z";
