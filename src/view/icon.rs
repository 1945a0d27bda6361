use leptos::prelude::*;

/// A line drawing of 24 × 24, in the colour of the text around it; nothing to a screen reader.
pub(super) fn icon(path: &'static str) -> AnyView {
    view! {
        <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
    .into_any()
}
