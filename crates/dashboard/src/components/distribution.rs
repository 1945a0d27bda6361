use super::shares::{Share, Shares};
use super::{Loading, Problem, in_language};
use crate::api;
use crate::days;
use crate::format;
use crate::loaded::{Loaded, load};
use crate::route::current_route;
use crate::words::{Language, Words, language, words};
use leptos::prelude::*;
use sondeo_api::summary::QuestionSummary;
use sondeo_model::metric::top_boxes;
use sondeo_model::{KindName, Metric, OTHER};

/// How often each answer was given to the main question.
#[component]
pub(crate) fn Distribution(question: QuestionSummary) -> impl IntoView {
    view! {
        <section class="card distribution" aria-labelledby="distribution-title">
            <h2 id="distribution-title">{words().distribution}</h2>
            <Bars question/>
        </section>
    }
}

/// What colour an answer has: one that counts for the score, against it, or neither.
fn tone(question: &QuestionSummary, value: &str) -> &'static str {
    let Some(metric) = question.metric.as_ref().map(|score| score.name) else { return "even" };
    let point: Option<i64> = value.parse().ok();
    match (metric, question.kind, point) {
        (Metric::Nps, _, Some(9..)) => "good",
        (Metric::Nps, _, Some(..=6)) => "bad",
        (Metric::Ces, KindName::Likert, Some(5..)) if question.points == Some(7) => "good",
        (Metric::Csat | Metric::Helpful, KindName::Likert, Some(point)) => {
            let points = question.points.unwrap_or(0);
            if point > i64::from(points - top_boxes(points).min(points)) { "good" } else { "even" }
        }
        (_, KindName::YesNo, _) if value == "true" => "good",
        _ => "even",
    }
}

/// What an answer is called: an option as visitors read it.
fn label(words: &Words, language: Language, question: &QuestionSummary, value: &str) -> String {
    let texts = question.options.get(value);
    if let Some(text) = texts.and_then(|texts| in_language(texts, language)) {
        return match question.kind {
            // The points of a scale stay points, whatever stands beside them.
            KindName::Likert | KindName::Nps => format!("{value} – {text}"),
            _ => text.to_owned(),
        };
    }
    match value {
        "true" => words.yes.to_owned(),
        "false" => words.no.to_owned(),
        "…" => words.others.to_owned(),
        // The option of a visitor's own, where the survey gives it no other name.
        "other" => words.other.to_owned(),
        value => value.to_owned(),
    }
}

/// The answers in their order: points upwards, yes before no, options by how often.
fn ordered(question: &QuestionSummary) -> Vec<(String, u64)> {
    let mut counts: Vec<_> =
        question.counts.iter().map(|(value, count)| (value.clone(), *count)).collect();
    match question.kind {
        KindName::Likert | KindName::Nps => {
            counts.sort_by_key(|(value, _)| value.parse().unwrap_or(i64::MAX));
        }
        KindName::YesNo => counts.reverse(),
        _ => counts.sort_by_key(|(value, count)| (value == "…", std::cmp::Reverse(*count))),
    }
    counts
}

/// A table whose rows carry bars: a chart that everybody can read.
#[component]
pub(crate) fn Bars(question: QuestionSummary) -> impl IntoView {
    let (language, words) = (language(), words());
    let n = question.n.max(1) as f64;
    let counts = ordered(&question);
    let groups = (question.kind == KindName::Nps).then(|| {
        let sum = |from: i64, to: i64| -> u64 {
            let inside = counts.iter().filter(|(value, _)| {
                value.parse().is_ok_and(|value: i64| (from..=to).contains(&value))
            });
            inside.map(|(_, count)| count).sum()
        };
        let group = |name: &'static str, class: &'static str, count: u64| {
            let share = format::percent(language, count as f64 * 100.0 / n);
            view! { <li class=class><strong>{share}</strong> " " {name}</li> }
        };
        view! {
            <ul class="groups">
                {group(words.promoters, "good", sum(9, 10))}
                {group(words.passives, "even", sum(7, 8))}
                {group(words.detractors, "bad", sum(0, 6))}
            </ul>
        }
    });
    let is_choice = matches!(question.kind, KindName::Choice | KindName::Choices);
    let rows = counts.iter().map(|(value, count)| {
        let called = label(words, language, &question, value);
        let id = (is_choice && called != *value && value != "…").then(|| value.clone());
        Share { called, id, tone: tone(&question, value), count: *count }
    });
    let rows = rows.collect::<Vec<_>>();
    let has_other = is_choice && question.counts.contains_key(OTHER);
    let own_words = has_other.then(|| view! { <OwnWords question=question.question.clone()/> });
    view! {
        {groups}
        <Shares caption=words.distribution heading=words.answer rows of=question.n.max(1)/>
        {own_words}
    }
}

/// What visitors meant by the option `other`, newest first: fetched once somebody wants to read it.
#[component]
fn OwnWords(question: String) -> impl IntoView {
    let route = current_route();
    let is_open = RwSignal::new(false);
    let retried = RwSignal::new(0_u32);
    let address = move || {
        let route = route.get();
        let survey = api::escaped(&route.survey.filter(|_| is_open.get())?);
        let (question, query) = (api::escaped(&question), route.span.query(days::today()));
        Some(format!("/v1/surveys/{survey}/comments?limit=100&question={question}&{query}"))
    };
    let found: RwSignal<Loaded<api::Comments>> = load(address, move || retried.get());
    let list = move || {
        let found = found.read();
        let Some(page) = &found.value else {
            return match found.failure.clone() {
                Some(failure) => {
                    let retry = move || retried.update(|retried| *retried += 1);
                    view! { <Problem failure retry/> }.into_any()
                }
                None => view! { <Loading/> }.into_any(),
            };
        };
        if page.comments.is_empty() {
            return view! { <p class="soft">{words().no_comments}</p> }.into_any();
        }
        let items = page.comments.iter().map(|comment| {
            view! { <li><p class="text" dir="auto">{comment.text.clone()}</p></li> }
        });
        view! { <ul class="comments">{items.collect::<Vec<_>>()}</ul> }.into_any()
    };
    view! {
        <details class="own-words" on:toggle=move |_| is_open.set(true)>
            <summary>{words().own_words}</summary>
            {move || is_open.get().then_some(list)}
        </details>
    }
}
