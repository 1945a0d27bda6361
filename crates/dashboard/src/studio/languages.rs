//! All texts in all languages, as a table with what is missing.

use super::field::said_in;
use super::texts::texts;
use super::work::{Work, locale};
use super::{download, read_file};
use crate::words::fill;
use leptos::html::{Input, Select};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sondeo_editor::{language_name, translations};
use sondeo_model::{Direction, Language};

/// The table.
#[component]
pub(crate) fn Languages(work: Work) -> impl IntoView {
    let fields = Memo::new(move |_| {
        let document = work.document.read();
        let locale = locale();
        let fields = sondeo_editor::texts::fields(document.value());
        fields.into_iter().map(|it| (it.pointer, it.role.name(locale))).collect::<Vec<_>>()
    });
    let is_of_template = Memo::new(move |_| super::questions::is_of_template(work));
    // Languages that have no text yet stand here until the first one is written.
    let added = RwSignal::new(Vec::<String>::new());
    let tags = Memo::new(move |_| {
        let mut tags = sondeo_editor::texts::languages(work.document.read().value());
        if tags.is_empty() {
            tags.push(work.writing.get());
        }
        for tag in added.get() {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        tags
    });
    let lacks = move |tag: &str| {
        let fields = fields.read();
        fields.iter().filter(|(pointer, _)| said_in(work, pointer, tag).trim().is_empty()).count()
    };
    let wanted = NodeRef::<Select>::new();
    let add = move |_| {
        let Some(select) = wanted.get_untracked() else { return };
        let tag = select.value();
        if !tag.is_empty() {
            added.update(|added| added.push(tag.clone()));
            work.writing.set(tag);
        }
    };
    let others = move || {
        let known = tags.get();
        let locale = locale();
        let all = Language::ALL.iter().map(|it| it.tag());
        let others = all.filter(|tag| !known.iter().any(|it| it == tag));
        others
            .map(|tag| view! { <option value=tag>{language_name(tag, locale)}</option> })
            .collect::<Vec<_>>()
    };
    let head = move || {
        let cell = |tag: String| {
            let count = lacks(&tag);
            let name = language_name(&tag, locale());
            let (class, text) = match count {
                0 => ("tag metric", texts().complete.to_owned()),
                count => ("tag few", fill(texts().missing_count, &[&count.to_string()])),
            };
            view! {
                <th scope="col">
                    {name} " " <span class=class>{text}</span>
                </th>
            }
        };
        tags.get().into_iter().map(cell).collect::<Vec<_>>()
    };
    let row = move |pointer: String| {
        let pointer = StoredValue::new(pointer);
        let name = Memo::new(move |_| {
            let fields = fields.read();
            let found = pointer.with_value(|pointer| fields.iter().find(|it| it.0 == *pointer));
            found.map(|it| it.1.clone()).unwrap_or_default()
        });
        let cell = move |tag: String| {
            let tag = StoredValue::new(tag);
            let value = Memo::new(move |_| {
                pointer.with_value(|pointer| tag.with_value(|tag| said_in(work, pointer, tag)))
            });
            let write = move |event| {
                let text = event_target_value(&event);
                work.edit(|document| {
                    document.set_text_typing(&pointer.get_value(), &tag.get_value(), &text)
                });
            };
            let label =
                move || format!("{}: {}", name.get(), language_name(&tag.get_value(), locale()));
            view! {
                <td class:lacking=move || value.read().trim().is_empty()>
                    <textarea
                        rows="2"
                        lang=tag.get_value()
                        dir=Direction::of(&tag.get_value()).attribute()
                        aria-label=label
                        placeholder=move || texts().missing
                        prop:value=value
                        on:input=write
                        on:focus=move |_| work.writing.set(tag.get_value())
                    ></textarea>
                </td>
            }
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <For each=move || tags.get() key=Clone::clone let(tag)>
                    {cell(tag)}
                </For>
            </tr>
        }
    };
    let said = RwSignal::new(String::new());
    let out = move |_| {
        let text =
            work.document.with_untracked(|it| translations::to_csv(it.value(), &[], locale()));
        download(&format!("{}.csv", work.survey.get_value()), "text/csv", &text);
    };
    let chosen = NodeRef::<Input>::new();
    let take = move |_| {
        let Some(input) = chosen.get_untracked() else { return };
        spawn_local(async move {
            let Some((_, text)) = read_file(&input).await else { return };
            input.set_value("");
            let mut outcome = Ok(0);
            work.edit(|document| match translations::from_csv(document, &text) {
                Ok(count) => {
                    outcome = Ok(count);
                    Ok(Vec::new())
                }
                Err(error) => {
                    outcome = Err(error.sentence(locale()));
                    Ok(Vec::new())
                }
            });
            said.set(match outcome {
                Ok(count) => fill(texts().csv_taken, &[&count.to_string()]),
                Err(sentence) => sentence,
            });
        });
    };
    let pointers = move || fields.get().into_iter().map(|it| it.0).collect::<Vec<_>>();
    view! {
        <section class="panel" aria-labelledby="languages-title">
            <h2 id="languages-title" class="unseen">{move || texts().languages}</h2>
            <p class="soft">{move || texts().languages_lead}</p>
            {move || {
                is_of_template.get().then(|| {
                    let count = Language::ALL.len().to_string();
                    view! { <p class="notice">{fill(texts().languages_of_template, &[&count])}</p> }
                })
            }}
            <div class="actions">
                <label class="by">
                    <span>{move || texts().add_language}</span>
                    <select node_ref=wanted>{others}</select>
                </label>
                <button type="button" class="quiet" on:click=add>{move || texts().add}</button>
                <button type="button" class="quiet" on:click=out>{move || texts().csv_out}</button>
                <label class="button quiet file-button">
                    {move || texts().csv_in}
                    <input type="file" accept=".csv,text/csv" node_ref=chosen on:change=take/>
                </label>
                <p class="said" role="status">{said}</p>
            </div>
            <div class="scroll" tabindex="0" role="region" aria-label=move || texts().table_of_texts>
                <table class="translations">
                    <caption class="unseen">{move || texts().table_of_texts}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{move || texts().text_of}</th>
                            {head}
                        </tr>
                    </thead>
                    <tbody>
                        <For
                            each=pointers
                            key=Clone::clone
                            let(pointer)
                        >
                            {row(pointer)}
                        </For>
                    </tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
