use super::element::{Element, drawing};

/// A line drawing of 24 × 24, in the colour of the text around it; nothing to a screen reader.
pub(super) fn icon(path: &str) -> Element {
    drawing("svg")
        .with("viewBox", "0 0 24 24")
        .with("aria-hidden", "true")
        .child(drawing("path").with("d", path))
}
