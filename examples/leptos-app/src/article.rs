//! A template, where it stands.

use crate::answers::Answers;
use leptos::prelude::*;
use sondeo::Survey;
use sondeo::model::{Messages, Template};

/// An article that asks whether it was useful.
#[component]
pub(crate) fn Article(messages: Messages) -> impl IntoView {
    let answers = RwSignal::new(Vec::new());
    view! {
        <section>
            <h2>"Returns"</h2>
            <p>"Returns are free for thirty days. The label is in the box."</p>
            <Survey
                survey=Template::Faq.survey(messages)
                on_answer=move |given| answers.set(given)
            />
            <Answers answers/>
        </section>
    }
}
