//! The survey file itself, beside the form.

use super::field::{CopyButton, Wrong};
use super::questions::focus_element_soon;
use super::texts::texts;
use super::work::{Work, locale};
use super::{download, read_file};
use crate::words::fill;
use leptos::html::{Input, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sondeo_editor::Document;
use wasm_bindgen::prelude::*;
use web_sys::HtmlTextAreaElement;

/// The id of the field that the file is written in.
pub(crate) const FIELD: &str = "file-text";
/// The class of the editor of code that takes its place (`code/editor.js`).
pub(crate) const EDITOR_CLASS: &str = "code-editor";

#[wasm_bindgen]
extern "C" {
    /// Puts an editor of code in the place of a text field, which keeps its value and its events (`boot.js`).
    #[wasm_bindgen(js_name = sondeoEditCode, catch)]
    async fn edit_code(field: &HtmlTextAreaElement) -> Result<JsValue, JsValue>;
}

/// The file: read, written, opened, downloaded.
#[component]
pub(crate) fn File(work: Work) -> impl IntoView {
    let wrong = expect_context::<Wrong>();
    // What is typed is no survey for most of the time; the form waits until it is one.
    let typed = work.typed;
    let problem = Memo::new(move |_| {
        let error = Document::open(typed.read().as_ref()?).err()?;
        Some(fill(texts().file_wrong, &[&error.sentence(locale())]))
    });
    let discard = move |_| {
        typed.set(None);
        focus_element_soon(FIELD.to_owned());
    };
    let text = Memo::new(move |_| {
        let text = work.document.read().text();
        typed.get().unwrap_or(text)
    });
    let field = NodeRef::<Textarea>::new();
    field.on_load(|field| {
        spawn_local(async move {
            // Where it does not come, the field does.
            let _ = edit_code(&field).await;
        });
    });
    let chosen = NodeRef::<Input>::new();
    let open = move |_| {
        let Some(input) = chosen.get_untracked() else { return };
        spawn_local(async move {
            if let Some((_, text)) = read_file(&input).await {
                input.set_value("");
                work.replace(&text, false);
            }
        });
    };
    let save = move |_| {
        let text = work.document.with_untracked(Document::text);
        download(&format!("{}.json", work.survey.get_value()), "application/json", &text);
    };
    let problems = move || {
        let problems = wrong.0.get();
        let line = |it: sondeo_editor::Problem| {
            view! {
                <li>
                    <code>{it.path}</code>
                    " "
                    {it.message}
                </li>
            }
        };
        problems.into_iter().map(line).collect::<Vec<_>>()
    };
    view! {
        <section class="panel" aria-labelledby="file-title">
            <h2 id="file-title" class="unseen">{move || texts().file}</h2>
            <p class="soft">{move || texts().file_lead}</p>
            <div class="actions">
                <button type="button" class="quiet" on:click=save>{move || texts().download}</button>
                <label class="button quiet file-button">
                    {move || texts().open_file}
                    <input type="file" accept=".json,application/json" node_ref=chosen on:change=open/>
                </label>
                <CopyButton text/>
            </div>
            <div class="field">
                <label for=FIELD class="unseen">{move || texts().file_label}</label>
                <textarea
                    id=FIELD
                    node_ref=field
                    class="code"
                    rows="24"
                    spellcheck="false"
                    autocapitalize="none"
                    dir="ltr"
                    aria-invalid=move || problem.read().is_some().then_some("true")
                    aria-describedby="file-problem"
                    prop:value=text
                    on:input=move |event| work.replace(&event_target_value(&event), true)
                ></textarea>
                <p class="problem" id="file-problem" role="status">{problem}</p>
                <button
                    type="button"
                    class="quiet"
                    hidden=move || typed.read().is_none()
                    on:click=discard
                >
                    {move || texts().file_discard}
                </button>
            </div>
            <ul class="problems">{problems}</ul>
        </section>
    }
    .into_any()
}
