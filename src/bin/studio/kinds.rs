//! Every kind of question in every look, from the survey file of this page.

use crate::choice::Choice;
use crate::floating::Floating;
use crate::gallery::Cells;
use crate::near::Near;
use crate::snippet::Copyable;
use js_sys::{Array, JSON, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// The surveys of the element `kinds`, which the script tag names as its file.
#[component]
pub(crate) fn Kinds(choice: RwSignal<Choice>, floating: Floating) -> impl IntoView {
    let entry = move |survey: JsValue| {
        let id = text(&survey, "id");
        let title = title(&id);
        let heading = format!("kind-{id}");
        let file = JSON::stringify_with_replacer_and_space(&survey, &JsValue::NULL, &2.into());
        let file = file.map(String::from).unwrap_or_default();
        let name = title.clone();
        view! {
            <section class="entry" aria-labelledby=heading.clone()>
                <header>
                    <h3 id=heading.clone()>{title}</h3>
                    <details>
                        <summary>"In the survey file"</summary>
                        <Copyable text=file label="The survey in JSON"/>
                    </details>
                </header>
                <Near>
                    <Cells survey=id.clone() title=name.clone() choice floating/>
                </Near>
            </section>
        }
    };
    view! {
        <section class="gallery wide" id="questions" aria-labelledby="kinds-heading">
            <h2 id="kinds-heading">"Every kind of question"</h2>
            <p class="lead">
                "For surveys of your own: a file that the script tag names, with texts in any language and the next question chosen by the answer."
            </p>
            {surveys().iter().map(entry).collect_view()}
        </section>
    }
}

fn surveys() -> Array {
    let element = document().get_element_by_id("kinds");
    let file = element.and_then(|element| element.text_content()).unwrap_or_default();
    JSON::parse(&file).map(|file| Array::from(&file)).unwrap_or_default()
}

fn text(value: &JsValue, key: &str) -> String {
    Reflect::get(value, &key.into()).ok().and_then(|it| it.as_string()).unwrap_or_default()
}

/// `likert-faces` as people write it.
fn title(id: &str) -> String {
    id.replace("nps", "NPS").replace('-', " ")
}
