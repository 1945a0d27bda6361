use leptos::prelude::*;
use sondeo_model::Text;

/// A field for free text, named by the question's own wording.
pub(super) fn controls(name: &Text, question: &Text, lines: u8, max_length: u16) -> AnyView {
    view! {
        <textarea
            name=name.clone()
            aria-label=question.clone()
            rows=lines.to_string()
            maxlength=max_length.to_string()
        ></textarea>
    }
    .into_any()
}
