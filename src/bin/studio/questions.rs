//! What the chosen survey asks.

use crate::choice::{Choice, messages};
use crate::path;
use leptos::prelude::*;
use sondeo::model::{Kind, Question, Survey};

/// Its questions in the chosen language, with what becomes of the answers.
#[component]
pub(crate) fn Questions(choice: RwSignal<Choice>) -> impl IntoView {
    let questions = move || {
        let choice = choice.read();
        let survey = choice.template.survey(messages(choice.look.language));
        let questions = survey.questions.iter();
        questions.map(|question| view! { <Asked survey=&survey question/> }).collect_view()
    };
    view! {
        <section class="fact" aria-labelledby="questions-heading">
            <h2 id="questions-heading">"What it asks"</h2>
            <ol class="questions">{questions}</ol>
        </section>
    }
}

#[component]
fn Asked<'a>(survey: &'a Survey, question: &'a Question) -> impl IntoView + use<> {
    let said = |text: &str| {
        let text = text.to_owned();
        let direction = survey.direction().attribute();
        view! {
            <span class="asked" lang=survey.language.clone() dir=direction>
                {text}
            </span>
        }
    };
    let metric = question.metric.map(|metric| {
        view! { <b class="tag metric">{metric.as_str()}</b> }
    });
    let optional = (!question.required).then(|| view! { <b class="tag">"optional"</b> });
    let after = path::after(question).map(|after| view! { <small>{after}</small> });
    let variants = question.variants.iter().map(|(condition, text)| {
        let condition = path::condition(condition).unwrap_or_default();
        view! { <small>{format!("after {condition}: ")} {said(survey.text(text))}</small> }
    });
    view! {
        <li>
            {said(survey.text(&question.text))}
            <span class="tags">
                <code class="tag">{question.id.clone()}</code>
                <b class="tag">{shape(&question.kind)}</b>
                {metric}
                {optional}
            </span>
            {after}
            {variants.collect_view()}
        </li>
    }
}

/// A kind and how it looks: `likert, 5 faces`.
fn shape(kind: &Kind) -> String {
    let name = kind.name().as_str();
    match kind {
        Kind::Likert { points, look, .. } => format!("{name}, {points} {}", look.as_str()),
        Kind::YesNo { look, .. } => format!("{name}, {}", look.as_str()),
        Kind::Nps { .. } => format!("{name}, 0 to 10"),
        Kind::Choice(options) => format!("{name}, 1 of {}", options.list.len()),
        Kind::Choices { options, .. } => format!("{name}, of {}", options.list.len()),
        Kind::Text { .. } => name.to_owned(),
    }
}
