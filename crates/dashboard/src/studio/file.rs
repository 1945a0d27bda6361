//! The survey file itself, beside the form.

use super::field::{CopyButton, Wrong};
use super::texts::texts;
use super::work::{Work, locale};
use super::{download, read_file};
use crate::words::fill;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The file: read, written, opened, downloaded.
#[component]
pub(crate) fn File(work: Work) -> impl IntoView {
    let wrong = expect_context::<Wrong>();
    let problem = RwSignal::new(None::<String>);
    // What is typed is no survey for most of the time; the form waits until it is one.
    let typed = RwSignal::new(None::<String>);
    let text = Memo::new(move |_| {
        let text = work.document.read().text();
        typed.get().unwrap_or(text)
    });
    let take = move |text: String, is_typed: bool| match work.replace(&text, is_typed) {
        Ok(()) => {
            typed.set(None);
            problem.set(None);
        }
        Err(error) => {
            typed.set(Some(text));
            problem.set(Some(fill(texts().file_wrong, &[&error.sentence(locale())])));
        }
    };
    let chosen = NodeRef::<Input>::new();
    let open = move |_| {
        let Some(input) = chosen.get_untracked() else { return };
        spawn_local(async move {
            if let Some((_, text)) = read_file(&input).await {
                input.set_value("");
                take(text, false);
            }
        });
    };
    let save = move |_| {
        let text = work.document.with_untracked(sondeo_editor::Document::text);
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
                <label for="file-text" class="unseen">{move || texts().file_label}</label>
                <textarea
                    id="file-text"
                    class="code"
                    rows="24"
                    spellcheck="false"
                    autocapitalize="none"
                    dir="ltr"
                    aria-invalid=move || problem.read().is_some().then_some("true")
                    aria-describedby="file-problem"
                    prop:value=text
                    on:input=move |event| take(event_target_value(&event), true)
                ></textarea>
                <p class="problem" id="file-problem" role="status">{problem}</p>
            </div>
            <ul class="problems">{problems}</ul>
        </section>
    }
    .into_any()
}
