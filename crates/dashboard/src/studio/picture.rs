//! A picture: of a question, of an option, or the logo.

use super::field::{Words, Wrongs, described, element_id, invalid, shown};
use super::texts::texts;
use super::work::Work;
use leptos::prelude::*;

/// Where the picture is, and what it shows in words. Without an address there is none.
#[component]
pub(crate) fn Picture(
    work: Work,
    /// The place of the picture in the file.
    #[prop(into)]
    pointer: Signal<String>,
    #[prop(into)] label: Signal<String>,
    /// Whether the words beside it say the same, so that it needs none of its own.
    #[prop(optional)]
    is_described: bool,
) -> impl IntoView {
    let of = move |key: &'static str| Signal::derive(move || format!("{}/{key}", pointer.get()));
    let (src, alt) = (of("src"), of("alt"));
    let value = Memo::new(move |_| shown(work.document.read().get(&src.get())));
    let is_there = Memo::new(move |_| work.document.read().get(&pointer.get()).is_some());
    let is_open = RwSignal::new(false);
    let write = move |event| {
        let address = event_target_value(&event);
        let (image, src, alt) = (pointer.get_untracked(), src.get_untracked(), alt.get_untracked());
        work.edit(|document| match address.trim() {
            "" if document.get(&image).is_some() => document.remove(&image),
            "" => Ok(Vec::new()),
            address => document.set_typing(&src, address),
        });
        // Said once, or its author is asked for words that nobody needs.
        let is_silent = |document: &sondeo_editor::Document| {
            document.get(&image).is_some() && document.get(&alt).is_none()
        };
        if is_described && work.document.with_untracked(is_silent) {
            work.set(&alt, "");
        }
    };
    let hint: fn() -> &'static str =
        if is_described { || texts().picture_alt_option } else { || texts().picture_alt };
    view! {
        <details
            class="picture"
            prop:open=move || is_there.get() || is_open.get()
            on:toggle=move |event| {
                let details: web_sys::Element = event_target(&event);
                is_open.set(details.has_attribute("open"));
            }
        >
            <summary>{label}</summary>
            <div class="field">
                <label for=move || element_id(&src.get())>{move || texts().picture_src}</label>
                <input
                    id=move || element_id(&src.get())
                    type="url"
                    inputmode="url"
                    dir="ltr"
                    placeholder="https://…"
                    aria-invalid=move || invalid(&src.get())
                    aria-describedby=move || described(&src.get())
                    prop:value=value
                    on:input=write
                    on:blur=move |_| work.document.update_untracked(sondeo_editor::Document::end_typing)
                />
                <Wrongs pointer=src/>
            </div>
            <Words work pointer=alt label=Signal::derive(|| texts().picture_words.to_owned()) hint/>
            <Wrongs pointer/>
        </details>
    }
    .into_any()
}
