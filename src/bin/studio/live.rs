//! The widget itself, as on any page: an element with its attributes, which the engine finds.

use crate::choice::Look;
use leptos::prelude::*;

/// What an element asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    /// A template, or a survey of the page's file.
    pub(crate) survey: String,
    pub(crate) look: Look,
    /// Whether nothing is stored or sent.
    pub(crate) is_preview: bool,
    /// Tells one showing from the next of the same.
    pub(crate) turn: u32,
}

impl Ask {
    /// The same text for the same ask only.
    fn key(&self) -> String {
        let look = &self.look;
        let words = [
            &self.survey,
            look.display.as_str(),
            look.position.as_str(),
            look.theme.as_str(),
            look.language.tag(),
            look.accent.as_deref().unwrap_or_default(),
            &self.turn.to_string(),
        ];
        words.join(" ")
    }
}

/// A new element for each thing asked for: the engine reads an element once, when it appears.
#[component]
pub(crate) fn Live(#[prop(into)] ask: Signal<Ask>) -> impl IntoView {
    let element = |ask: Ask| {
        let look = ask.look;
        let position = (!look.is_usual_place()).then(|| look.place().as_str());
        view! {
            <div
                class="live"
                lang=look.language.tag()
                dir=look.direction()
                data-sondeo=ask.survey
                data-trigger="load"
                // The purchase waits two seconds for its page to be read.
                data-delay="0"
                data-display=look.display.as_str()
                data-position=position
                data-theme=look.theme.as_str()
                data-lang=look.language.tag()
                data-accent=look.accent.clone()
                // Whoever tries a survey is asked as often as they like, and the shop's visitor is somebody else.
                data-storage="none"
                data-recontact="always"
                data-snooze="always"
                data-quiet="0"
                data-max-shows="1000000"
                data-preview=ask.is_preview.then_some("")
            ></div>
        }
    };
    view! { <For each=move || [ask.get()] key=Ask::key children=element/> }
}
