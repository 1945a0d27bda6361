//! What the callbacks were given, for everybody to see.

use leptos::prelude::*;
use sondeo::model::{Answer, Value};

/// The answers so far.
#[component]
pub(crate) fn Answers(answers: RwSignal<Vec<Answer>>) -> impl IntoView {
    let row = |answer: Answer| {
        view! {
            <dt>{answer.text}</dt>
            <dd>{words(&answer.value)}</dd>
        }
    };
    view! {
        <dl class="answers" aria-live="polite">
            {move || answers.get().into_iter().map(row).collect_view()}
        </dl>
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Boolean(true) => "yes".to_owned(),
        Value::Boolean(false) => "no".to_owned(),
        Value::Integer(value) => value.to_string(),
        Value::Text(text) => text.clone(),
        Value::Options(options) => options.join(", "),
    }
}
