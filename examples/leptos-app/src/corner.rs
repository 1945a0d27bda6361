//! A survey that floats above the page.

use crate::answers::Answers;
use leptos::prelude::*;
use sondeo::Survey;
use sondeo::model::{Display, Messages, Template};

/// A button that asks for a score, in a corner of the window.
#[component]
pub(crate) fn Corner(messages: Messages) -> impl IntoView {
    let answers = RwSignal::new(Vec::new());
    let is_open = RwSignal::new(false);
    view! {
        <section>
            <h2>"Your opinion"</h2>
            <p>
                <button on:click=move |_| is_open.set(true)>"Rate us"</button>
            </p>
            <Show when=move || is_open.get()>
                <Survey
                    survey=Template::Nps.survey(messages)
                    display=Display::Popover
                    on_answer=move |given| answers.set(given)
                    on_close=move |()| is_open.set(false)
                />
            </Show>
            <Answers answers/>
        </section>
    }
}
