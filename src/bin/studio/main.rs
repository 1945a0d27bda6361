//! The studio: every survey live, in every form, with the snippet that puts it on a page.
#![allow(
    unreachable_pub,
    reason = "the component macro writes a second function, which is private"
)]

mod about;
mod address;
mod choice;
mod chooser;
mod floating;
mod frame;
mod gallery;
mod kinds;
mod live;
mod moment;
mod near;
mod path;
mod questions;
mod radio;
mod settings;
mod snippet;
mod stage;

use choice::Choice;
use floating::{Floater, Floating};
use leptos::prelude::*;

fn main() {
    leptos::mount::mount_to_body(Studio);
}

#[component]
fn Studio() -> impl IntoView {
    let choice = RwSignal::new(Choice::read(&address::value));
    let floating = Floating::start(choice, address::value("show").is_some());
    Effect::new(move || {
        let mut pairs = choice.read().write();
        pairs.extend(floating.is_chosen().then(|| ("show", "1".to_owned())));
        address::write(&pairs);
    });
    view! {
        <a class="skip" href="#choose">
            "Skip to the surveys"
        </a>
        <header class="top wide">
            <p class="brand">
                <svg viewBox="0 0 32 32" aria-hidden="true">
                    <rect width="32" height="32" rx="9"/>
                    <path d="M9 13v.01M23 13v.01M9.500 19c1.800 2.300 3.900 3.400 6.500 3.400s4.700-1.100 6.500-3.400"/>
                </svg>
                "Sondeo studio"
            </p>
            <nav aria-label="This page and the demo">
                <a href="#gallery">"Gallery"</a>
                <a href="#questions">"Questions"</a>
                <a href="/shop/">"Demo shop"</a>
            </nav>
        </header>
        <main>
            <div class="hero wide">
                <h1>"Ask one small question at the right moment"</h1>
                <p class="lead">
                    "Pick a survey, make it yours, try it here, and paste its snippet into your page."
                </p>
            </div>
            <section class="wide" id="choose" aria-label="Choose a survey">
                <chooser::Templates choice/>
                <div class="bench">
                    <stage::Stage choice floating/>
                    <settings::Settings choice/>
                    <div class="facts">
                        <snippet::Snippet choice/>
                        <moment::Moment choice/>
                        <questions::Questions choice/>
                    </div>
                </div>
            </section>
            <gallery::Gallery choice floating/>
            <kinds::Kinds choice floating/>
        </main>
        <footer class="wide">
            <p>
                "The survey at the top answers to the collector that serves this page. "
                "Those of the gallery are previews: nothing is stored or sent."
            </p>
        </footer>
        <Floater floating/>
    }
}
