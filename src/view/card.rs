#![allow(
    unreachable_pub,
    reason = "the component macro writes a second function, which is private"
)]

use super::form::form;
use super::icon::icon;
use crate::browser::{self, Timer};
use leptos::prelude::*;
use sondeo_model::{Answer, Interview, Wording};
use std::rc::Rc;

/// What a visitor did with a survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// The response changed: an answer was given, or the end was reached.
    Revised {
        /// All answers so far.
        answers: Vec<Answer>,
        /// Whether the survey is at its end.
        completed: bool,
    },
    /// It may be taken away: closed by the visitor, or done with thanking.
    Closed,
}

/// How long the thank-you stays, unless the visitor comes near it.
const THANKS_MS: u64 = 4_000;
/// How long a region must have stood, empty, for screen readers to notice what it says next.
const BEFORE_SPEAKING_MS: u64 = 300;

/// One survey: its questions one after the other, then the thank-you.
///
/// It never takes the focus from the page; once the visitor is inside, Escape closes it, and keys
/// pressed inside do not reach the page's own shortcuts.
#[component]
pub fn Survey(
    /// What to ask.
    survey: sondeo_model::Survey,
    /// Whether the thank-you stays where it stands, rather than going by itself.
    stays: bool,
    /// Called at everything that the visitor does.
    on_happening: Rc<dyn Fn(Happening)>,
) -> impl IntoView {
    let words = Wording::of(survey.language);
    let (language, direction) = (survey.language.tag(), survey.language.direction().attribute());
    let thanks = survey.thanks.clone();
    let opening = survey.questions.first().map(|question| question.text.clone());
    let interview = RwSignal::new(Interview::new(survey));
    let completed = Memo::new(move |_| interview.with(|it| it.question().is_none()));
    let speaks = RwSignal::new(false);
    let card = NodeRef::<leptos::html::Section>::new();
    let timer = StoredValue::new_local(Some(browser::after(BEFORE_SPEAKING_MS, move || {
        speaks.set(true);
    })));
    let on_happening = StoredValue::new_local(on_happening);
    let tell = move |happening| on_happening.with_value(|tell| tell(happening));

    let answer = move |value| {
        let Some(true) = interview.try_update(|it| it.answer(value)) else { return false };
        let answers = interview.with_untracked(|it| it.answers().to_vec());
        tell(Happening::Revised { answers, completed: completed.get_untracked() });
        if completed.get_untracked() && !stays {
            leave_later(timer, Rc::new(move || tell(Happening::Closed)));
        }
        true
    };
    let question = move || {
        interview
            .with(|it| it.question().cloned())
            .map(|question| form(question, words, card, answer))
    };
    let said = move || {
        match (completed.get(), speaks.get()) {
        (true, _) => view! { <p class="thanks" part="thanks">{icon("M5 12.5l4.5 4.5L19 7.5")}{thanks.clone()}</p> }.into_any(),
        (false, true) => view! { <p class="aside">{opening.clone()}</p> }.into_any(),
        (false, false) => ().into_any(),
    }
    };

    view! {
        <section
            class="card"
            part="card"
            aria-label=words.survey
            lang=language
            dir=direction
            node_ref=card
            on:keydown=move |event| {
                event.stop_propagation();
                if event.key() == "Escape" && !event.is_composing() {
                    tell(Happening::Closed);
                }
            }
            on:keyup=|event| event.stop_propagation()
            on:keypress=|event| event.stop_propagation()
            on:pointermove=move |_| near(completed, timer)
            on:focusin=move |_| near(completed, timer)
            on:pointerleave=move |_| {
                if completed.get_untracked() && !stays {
                    leave_later(timer, Rc::new(move || tell(Happening::Closed)));
                }
            }
        >
            <button
                type="button"
                class="close"
                part="close"
                aria-label=words.close
                on:click=move |_| tell(Happening::Closed)
            >
                {icon("M6 6l12 12M18 6L6 18")}
            </button>
            {question}
            <div role="status">{said}</div>
        </section>
    }
}

type Clock = StoredValue<Option<Timer>, LocalStorage>;

fn leave_later(timer: Clock, leave: Rc<dyn Fn()>) {
    timer.set_value(Some(browser::after(THANKS_MS, move || leave())));
}

/// The visitor is reading: a thank-you under the pointer or with the focus does not go by itself.
fn near(completed: Memo<bool>, timer: Clock) {
    if completed.get_untracked() {
        timer.set_value(None);
    }
}
