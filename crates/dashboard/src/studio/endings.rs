//! What stands after the last question.

use super::field::{FieldKind, Line, Words, Wrongs};
use super::kinds::unused;
use super::texts::texts;
use super::work::Work;
use crate::words::fill;
use leptos::prelude::*;
use sondeo_editor::Value;

/// The thank-you, or endings with a button or a way on.
#[component]
pub(crate) fn Endings(work: Work) -> impl IntoView {
    let count =
        Memo::new(move |_| work.document.read().get("/endings").map_or(0, |it| it.entries().len()));
    let add = move |_| {
        let at = count.get_untracked();
        work.edit(|document| {
            let known = document.get("/endings").map(Value::entries).unwrap_or_default();
            let known: Vec<&str> = known.iter().filter_map(|it| it.text_of("id")).collect();
            let id = unused(&format!("ending-{}", at + 1), &known);
            let thanks = document.get("/thanks").cloned();
            let text = thanks.unwrap_or_else(|| texts().thanks_words.into());
            document.insert(
                "/endings",
                at,
                Value::object([("id", Value::from(id)), ("text", text)]),
            )
        });
    };
    let row = move |at: usize| {
        let of = move |name: &str| Signal::stored(format!("/endings/{at}/{name}"));
        let number = (at + 1).to_string();
        let legend = {
            let number = number.clone();
            move || fill(texts().ending, &[&number])
        };
        view! {
            <li>
                <fieldset>
                    <legend>{legend}</legend>
                    <Words
                        work
                        pointer=of("text")
                        label=Signal::derive(|| texts().ending_text.to_owned())
                        is_long=true
                    />
                    <div class="side-by-side">
                        <Words
                            work
                            pointer=of("button/text")
                            label=Signal::derive(|| texts().button_text.to_owned())
                        />
                        <Line
                            work
                            pointer=of("button/url")
                            label=Signal::derive(|| texts().button_url.to_owned())
                            holds=FieldKind::Address
                            placeholder="https://…"
                        />
                    </div>
                    <Line
                        work
                        pointer=of("redirect")
                        label=Signal::derive(|| texts().redirect.to_owned())
                        holds=FieldKind::Address
                        placeholder="https://…"
                    />
                    <button
                        type="button"
                        class="quiet"
                        on:click=move |_| {
                            work.edit(|document| document.remove(&format!("/endings/{at}")));
                        }
                    >
                        {move || fill(texts().remove_ending, &[&number])}
                    </button>
                </fieldset>
            </li>
        }
    };
    view! {
        <section class="endings" aria-labelledby="endings-title">
            <h3 id="endings-title">{move || texts().thanks}</h3>
            {move || {
                (count.get() == 0)
                    .then(|| {
                        view! {
                            <Words
                                work
                                pointer=Signal::stored("/thanks".to_owned())
                                label=Signal::derive(|| texts().thanks_words.to_owned())
                                hint=|| texts().thanks_hint
                            />
                        }
                    })
            }}
            <ol class="endings-edited">
                <For each=move || 0..count.get() key=|at| *at let(at)>
                    {row(at)}
                </For>
            </ol>
            <Wrongs pointer="/endings".to_owned()/>
            <button type="button" class="quiet" on:click=add>{move || texts().add_ending}</button>
        </section>
    }
    .into_any()
}
