//! Three surveys in a Leptos application, without the script tag.
#![allow(
    unreachable_pub,
    reason = "the component macro writes a second function, which is private"
)]

mod answers;
mod article;
mod corner;
mod order;

use leptos::prelude::*;
use sondeo::model::{Language, Messages};

fn main() {
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let messages = Messages::of(visitors_language());
    view! {
        <main>
            <h1>"Surveys in a Leptos application"</h1>
            <article::Article messages/>
            <order::Order messages/>
            <corner::Corner messages/>
        </main>
    }
}

/// What the browser prefers of the languages that there are words in.
fn visitors_language() -> Language {
    let tag = window().navigator().language().unwrap_or_default();
    Language::from_tag(&tag).unwrap_or(Language::En)
}
