//! What two states of a survey have different, in words.

use super::texts::texts;
use super::work::locale;
use leptos::prelude::*;

/// The sentences of what `after` has changed of `before`.
pub(crate) fn sentences(before: &str, after: &str) -> Vec<String> {
    let found = sondeo_editor::changes::changes(before, after, locale());
    found.into_iter().map(|it| it.sentence).collect()
}

/// The same, as a list.
#[component]
pub(crate) fn Changes(
    #[prop(into)] before: Signal<String>,
    #[prop(into)] after: Signal<String>,
) -> impl IntoView {
    let found = Memo::new(move |_| sentences(&before.read(), &after.read()));
    move || {
        let found = found.get();
        if found.is_empty() {
            return view! { <p class="soft">{texts().difference_none}</p> }.into_any();
        }
        let items = found.into_iter().map(|it| view! { <li dir="auto">{it}</li> });
        view! { <ul class="changes">{items.collect::<Vec<_>>()}</ul> }.into_any()
    }
}
