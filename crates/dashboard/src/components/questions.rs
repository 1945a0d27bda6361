use super::{Bars, asked, same};
use crate::format;
use crate::words::{answers_of, fill, language, words};
use leptos::prelude::*;
use sondeo_api::summary::{Change, QuestionSummary, Summary};
use sondeo_model::KindName;

/// Every question in the order asked: its answers, and who left with it.
#[component]
pub(crate) fn Questions(summary: Summary, chosen: Option<QuestionSummary>) -> impl IntoView {
    let (language, words) = (language(), words());
    if summary.whole.questions.is_empty() {
        return None;
    }
    let questions = summary
        .whole
        .questions
        .iter()
        .map(|question| {
            let n = format::count(language, question.n);
            let score = question.metric.as_ref().map(|score| {
                let value = format::score(language, score.name, score.estimate.value);
                let interval = format::interval(language, score.name, &score.estimate);
                let interval = interval.map(|interval| format!(" ({interval})"));
                let name = words.metric(score.name).short;
                view! {
                    <span class="tag metric">
                        {name} " " {value} {interval}
                    </span>
                    {(!score.enough).then(|| view! { <span class="tag few">{words.too_few}</span> })}
                }
            });
            let drop = question.drop_off.map(|drop| {
                view! {
                    <span class="tag">{words.drop_off} " " {format::rate(language, &drop)}</span>
                }
            });
            let changed = question.changed.iter().map(|change| match change {
                Change::Scale => view! { <p class="warning">{words.scale_changed}</p> }.into_any(),
                Change::Wording => view! { <Wordings question=question.clone()/> }.into_any(),
            });
            let is_shown_above = chosen.as_ref().is_some_and(|chosen| same(chosen, question));
            let answers = match question.kind {
                KindName::Text => {
                    let text = fill(words.written, &[&n]);
                    view! { <p class="soft">{text}</p> }.into_any()
                }
                _ if is_shown_above => ().into_any(),
                _ => view! { <Bars question=question.clone()/> }.into_any(),
            };
            view! {
                <li>
                    <h3 dir="auto" title=question.question.clone()>{asked(question, language)}</h3>
                    <p class="tags">
                        <span class="tag">{answers_of(language, question.n)}</span>
                        {score}
                        {drop}
                    </p>
                    {changed.collect::<Vec<_>>()}
                    {answers}
                </li>
            }
        })
        .collect::<Vec<_>>();
    Some(view! {
        <section class="card questions" aria-labelledby="questions-title">
            <h2 id="questions-title">{words.questions}</h2>
            <p class="soft note">{words.drop_off_note}</p>
            <ol>{questions}</ol>
        </section>
    })
}

/// Every wording that the answers were given to, with its days.
#[component]
fn Wordings(question: QuestionSummary) -> impl IntoView {
    let (language, words) = (language(), words());
    let wordings = question.wordings.into_iter().map(|wording| {
        let [first, last] =
            [&wording.first, &wording.last].map(|day| format::day(language, day, true));
        let days = if first == last { first } else { format!("{first} – {last}") };
        view! {
            <li>
                <q lang=wording.language>{wording.text}</q>
                " "
                <span class="soft">{days}</span>
            </li>
        }
    });
    view! {
        <div class="warning">
            <p>{words.wording_changed}</p>
            <ul class="wordings">{wordings.collect::<Vec<_>>()}</ul>
        </div>
    }
}
