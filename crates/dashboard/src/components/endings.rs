use super::names::in_language;
use crate::format;
use crate::words::{language, words};
use leptos::prelude::*;
use sondeo_model::summary::{EndingSummary, Group};

/// Which ending so many visitors have come to; nothing of a survey that has none.
#[component]
pub(crate) fn Endings(whole: Group) -> impl IntoView {
    let (language, words) = (language(), words());
    let reached: u64 = whole.endings.iter().map(|ending| ending.responses).sum();
    let most = whole.endings.iter().map(|ending| ending.responses).max().unwrap_or(0).max(1) as f64;
    let called = move |ending: &EndingSummary| match in_language(&ending.text, language) {
        Some(text) => text.to_owned(),
        None if ending.id == "…" => words.others.to_owned(),
        None => ending.id.clone(),
    };
    let rows = whole.endings.iter().map(move |ending| {
        let width = format!("{:.2}%", ending.responses as f64 * 100.0 / most);
        let share = ending.responses as f64 * 100.0 / reached.max(1) as f64;
        view! {
            <tr data-ending=ending.id.clone()>
                <th scope="row" dir="auto">{called(ending)}</th>
                <td class="bars" aria-hidden="true"><i class="bar even" style:width=width></i></td>
                <td>{(reached > 0).then(|| format::percent(language, share))}</td>
                <td>{format::count(language, ending.responses)}</td>
            </tr>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card reached" aria-labelledby="endings-title">
                <h2 id="endings-title">{words.endings}</h2>
                <table class="distributed">
                    <caption class="unseen">{words.endings}</caption>
                    <thead class="unseen">
                        <tr>
                            <th scope="col">{words.ending}</th>
                            <td aria-hidden="true"></td>
                            <th scope="col">{words.share}</th>
                            <th scope="col">{words.answers}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
    })
}
