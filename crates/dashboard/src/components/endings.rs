use super::names::in_language;
use super::shares::{Share, Shares};
use crate::words::{language, words};
use leptos::prelude::*;
use sondeo_api::summary::{EndingSummary, Group};

/// Which ending so many visitors have come to; nothing of a survey that has none.
#[component]
pub(crate) fn Endings(whole: Group) -> impl IntoView {
    let (language, words) = (language(), words());
    let row = |ending: EndingSummary| {
        let (called, id) = match in_language(&ending.text, language) {
            Some(text) => (text.to_owned(), Some(ending.id)),
            None if ending.id == "…" => (words.others.to_owned(), None),
            None => (ending.id, None),
        };
        Share { called, id, tone: "even", count: ending.responses }
    };
    let reached: u64 = whole.endings.iter().map(|ending| ending.responses).sum();
    let rows: Vec<Share> = whole.endings.into_iter().map(row).collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card reached" aria-labelledby="endings-title">
                <h2 id="endings-title">{words.endings}</h2>
                <Shares caption=words.endings heading=words.ending rows of=reached/>
            </section>
        }
    })
}
