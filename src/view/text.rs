use super::element::element;
use leptos::prelude::*;
use sondeo_model::Text;

/// A field for free text, named by the question's own wording.
pub(super) fn controls(name: &Text, question: &Text, lines: u8, max_length: u16) -> AnyView {
    element("textarea")
        .with("name", name)
        .with("aria-label", question)
        .with("rows", &lines.to_string())
        .with("maxlength", &max_length.to_string())
        .view()
}
