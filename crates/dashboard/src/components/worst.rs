use super::verdict::is_better;
use super::{lower_is_better, same};
use crate::format::{self, difference};
use crate::words::{answers_of, fill, language, words};
use leptos::prelude::*;
use sondeo_api::summary::{QuestionSummary, Score, Summary};

/// The page with the worst score among those with enough answers; one that is certainly worse than the
/// rest before those that may be so by chance.
fn worst(summary: &Summary, question: &QuestionSummary) -> Option<(String, Score)> {
    let pages = summary.by.get("page").into_iter().flatten();
    let scored = pages.filter_map(|part| {
        let found = part.group.questions.iter().find(|other| same(other, question))?;
        let score = found.metric.clone().filter(|score| score.enough)?;
        (part.value != "…").then(|| (part.value.clone(), score))
    });
    let scored: Vec<(String, Score)> = scored.collect();
    // The only one is the best as well.
    if scored.len() < 2 && !scored.iter().any(|(_, score)| is_certainly_worse(score)) {
        return None;
    }
    scored.into_iter().min_by(|(_, one), (_, other)| {
        let sign = if lower_is_better(one.name) { -1.0 } else { 1.0 };
        let certain = |score: &Score| !is_certainly_worse(score);
        let value = |score: &Score| score.estimate.value * sign;
        certain(one).cmp(&certain(other)).then(value(one).total_cmp(&value(other)))
    })
}

/// A page that would be worse still, if its few answers were enough to say so.
fn maybe(summary: &Summary, question: &QuestionSummary, than: &Score) -> Option<(String, Score)> {
    let pages = summary.by.get("page").into_iter().flatten();
    let scored = pages.filter_map(|part| {
        let found = part.group.questions.iter().find(|other| same(other, question))?;
        let score =
            found.metric.clone().filter(|score| !score.enough && is_certainly_worse(score))?;
        let sign = if lower_is_better(score.name) { -1.0 } else { 1.0 };
        let is_worse = score.estimate.value * sign < than.estimate.value * sign;
        (is_worse && part.value != "…").then(|| (part.value.clone(), score))
    });
    scored.max_by_key(|(_, score)| score.estimate.n)
}

fn is_certainly_worse(score: &Score) -> bool {
    score.rest.is_some_and(|rest| rest.certain && !is_better(score.name, &rest))
}

/// Where it hurts most.
#[component]
pub(crate) fn WorstPage(summary: Summary, question: QuestionSummary) -> impl IntoView {
    let (language, words) = (language(), words());
    let body = match worst(&summary, &question) {
        None => view! { <p class="soft">{words.worst_few}</p> }.into_any(),
        Some((page, score)) => {
            let interval = format::interval(language, score.name, &score.estimate);
            let sentence = match score.rest.filter(|_| is_certainly_worse(&score)) {
                Some(rest) => {
                    let say = |value, signed| difference(language, score.name, value, signed);
                    let found = rest.difference;
                    fill(
                        words.worst_certain,
                        &[&say(found.value, false), &say(found.low, true), &say(found.high, true)],
                    )
                }
                None => words.worst_unsure.to_owned(),
            };
            let further = maybe(&summary, &question, &score).map(|(page, score)| {
                let value = format::score(language, score.name, score.estimate.value);
                let n = answers_of(language, score.estimate.n);
                let text = fill(words.worst_maybe, &[&short(&page), &value, &n]);
                view! { <p class="soft">{text}</p> }
            });
            let n = answers_of(language, score.estimate.n);
            view! {
                <p class="page-name" data-worst="">{short(&page)}</p>
                <p class="score">
                    <strong>{format::score(language, score.name, score.estimate.value)}</strong>
                    <span class="interval">{interval}</span>
                    <span class="n">{n}</span>
                </p>
                <p>{sentence}</p>
                {further}
            }
            .into_any()
        }
    };
    view! {
        <section class="card worst" aria-labelledby="worst-title">
            <h2 id="worst-title">{words.worst_page}</h2>
            {body}
        </section>
    }
}

/// A page's address without its scheme, with places to break at.
pub(super) fn short(page: &str) -> String {
    let page =
        page.strip_prefix("https://").or_else(|| page.strip_prefix("http://")).unwrap_or(page);
    page.replace('/', "/\u{200b}")
}
