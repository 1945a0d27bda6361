//! One page with one survey: rendered by a server and hydrated, or by the browser alone.

use leptos::prelude::*;
use sondeo::Survey;
use sondeo::model::{Answer, Messages, Template};

/// The page's content.
#[component]
pub fn App() -> impl IntoView {
    let answers = RwSignal::new(0);
    let count = move |given: Vec<Answer>| answers.set(given.len());
    view! {
        <main>
            <h1>"Returns"</h1>
            <Survey
                survey=Template::Faq.survey(Messages::ENGLISH)
                on_answer=count
            />
            <p id="answers">{answers}</p>
        </main>
    }
}

/// Takes over what the server has rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(App);
}

/// Renders it here.
#[cfg(feature = "csr")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn start() {
    leptos::mount::mount_to_body(App);
}
