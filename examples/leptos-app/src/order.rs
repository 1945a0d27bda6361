//! A survey of one's own.

use crate::answers::Answers;
use leptos::prelude::*;
use sondeo::Survey;
use sondeo::model::{Definition, Messages};

/// Its questions, and which of them follows which answer.
const FILE: &str = include_str!("../survey.json");

/// An order that asks how it arrived.
#[component]
pub(crate) fn Order(messages: Messages) -> impl IntoView {
    let answers = RwSignal::new(Vec::new());
    let is_complete = RwSignal::new(false);
    // An error names each problem of the file, with its path.
    let live = match serde_json::from_str::<Definition>(FILE) {
        Ok(definition) => view! {
            <Survey
                survey=definition.survey(messages.language().tag(), messages)
                on_answer=move |given| answers.set(given)
                on_complete=move |_| is_complete.set(true)
            />
        }
        .into_any(),
        Err(error) => view! { <pre>{error.to_string()}</pre> }.into_any(),
    };
    view! {
        <section>
            <h2>"Your order"</h2>
            {live}
            <Answers answers/>
            <Show when=move || is_complete.get()>
                <p>"Completed."</p>
            </Show>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::FILE;
    use sondeo::model::Definition;

    #[test]
    fn the_file_is_a_survey() {
        let definition: Definition = serde_json::from_str(FILE).expect("a survey");
        assert_eq!(definition.questions.len(), 2);
    }
}
