use super::element::{Element, element};
use sondeo_model::Text;

/// A field for free text, named by the question's own wording.
pub(super) fn controls(
    fieldset: Element,
    name: &Text,
    question: &str,
    lines: u8,
    max_length: u16,
) -> Element {
    let field = element("textarea")
        .with("name", name)
        .with("aria-label", question)
        .with("rows", &lines.to_string())
        .with("maxlength", &max_length.to_string());
    fieldset.child(field)
}
