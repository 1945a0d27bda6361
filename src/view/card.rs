use super::element::{Element, element};
use super::form::form;
use super::icon::icon;
use crate::browser::{self, Timer};
use leptos::prelude::*;
use sondeo_model::{Answer, Interview, Survey, Value, Wording};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent};

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

/// What the parts of a card share.
pub(super) struct Card {
    pub(super) interview: RefCell<Interview>,
    /// Notified when the question, or the end, is another one.
    step: ArcTrigger,
    /// Notified when the status line has something to say.
    speech: ArcTrigger,
    speaks: Cell<bool>,
    stays: bool,
    clock: RefCell<Option<Timer>>,
    on_happening: Box<dyn Fn(Happening)>,
}

/// The frame of one survey: its questions one after the other, then the thank-you, which goes by itself
/// unless it `stays`.
///
/// It never takes the focus from the page; once the visitor is inside, Escape closes it, and keys
/// pressed inside do not reach the page's own shortcuts.
pub(crate) fn card(
    survey: Rc<Survey>,
    stays: bool,
    on_happening: Box<dyn Fn(Happening)>,
) -> Element {
    let language = survey.language;
    let words = Wording::of(language);
    let card = Rc::new(Card {
        interview: RefCell::new(Interview::new(survey)),
        step: ArcTrigger::new(),
        speech: ArcTrigger::new(),
        speaks: Cell::new(false),
        stays,
        clock: RefCell::default(),
        on_happening,
    });
    card.speak_later();

    let hear = |act: fn(&Rc<Card>, &Event)| {
        let card = Rc::clone(&card);
        Box::new(move |event: &Event| act(&card, event)) as Box<dyn Fn(&Event)>
    };
    let shows = |make: fn(&Rc<Card>) -> Option<Element>| {
        let card = Rc::clone(&card);
        Box::new(move || make(&card)) as Box<dyn Fn() -> Option<Element>>
    };
    let close = element("button")
        .with("type", "button")
        .with("class", "close")
        .with("part", "close")
        .with("aria-label", words.close)
        .on("click", hear(|card, _| card.close()))
        .child(icon("M6 6l12 12M18 6L6 18"));
    element("section")
        .with("class", "card")
        .with("part", "card")
        .with("aria-label", words.survey)
        .with("lang", language.tag())
        .with("dir", language.direction().attribute())
        .on("keydown", hear(Card::key))
        .on("keyup", hear(|_, event| event.stop_propagation()))
        .on("keypress", hear(|_, event| event.stop_propagation()))
        .on("pointermove", hear(|card, _| card.stay()))
        .on("focusin", hear(|card, _| card.stay()))
        .on("pointerleave", hear(|card, _| card.leave_later()))
        .on("focusout", hear(|card, _| card.leave_later()))
        .child(element("div").content(shows(Card::question)))
        .child(close)
        .child(element("div").with("role", "status").content(shows(Card::said)))
}

impl Card {
    /// Takes an answer to the present question, or none, and goes on. Returns whether it went on.
    pub(super) fn answer(self: &Rc<Self>, value: Option<Value>) -> bool {
        if !self.interview.borrow_mut().answer(value) {
            return false;
        }
        let completed = self.is_completed();
        let answers = self.interview.borrow().answers().to_vec();
        (self.on_happening)(Happening::Revised { answers, completed });
        self.step.notify();
        if completed {
            self.speech.notify();
            self.leave_later();
        }
        true
    }

    fn question(self: &Rc<Self>) -> Option<Element> {
        self.step.track();
        let interview = self.interview.borrow();
        let words = Wording::of(interview.survey().language);
        interview.question().map(|question| form(self, question, interview.text(), words))
    }

    /// What the status line says: the question when the survey has come by itself, then the thank-you.
    fn said(self: &Rc<Self>) -> Option<Element> {
        self.speech.track();
        let interview = self.interview.borrow();
        let survey = interview.survey();
        if interview.question().is_none() {
            let thanks = element("p").with("class", "thanks").with("part", "thanks");
            return Some(thanks.child(icon("M5 12.5l4.5 4.5L19 7.5")).text(&survey.thanks));
        }
        let opening = survey.questions.first().filter(|_| self.speaks.get())?;
        Some(element("p").with("class", "aside").text(&opening.text))
    }

    fn is_completed(&self) -> bool {
        self.interview.borrow().question().is_none()
    }

    fn close(&self) {
        (self.on_happening)(Happening::Closed);
    }

    fn key(self: &Rc<Self>, event: &Event) {
        event.stop_propagation();
        let event: &KeyboardEvent = event.unchecked_ref();
        if event.key() == "Escape" && !event.is_composing() {
            self.close();
        }
    }

    fn speak_later(self: &Rc<Self>) {
        self.ring(BEFORE_SPEAKING_MS, |card| {
            card.speaks.set(true);
            card.speech.notify();
        });
    }

    /// A thank-you goes by itself, after a while in which nobody came near it.
    fn leave_later(self: &Rc<Self>) {
        if self.is_completed() && !self.stays {
            self.ring(THANKS_MS, |card| card.close());
        }
    }

    /// The visitor is reading: under the pointer or with the focus, a thank-you stays.
    fn stay(&self) {
        if self.is_completed() {
            self.clock.take();
        }
    }

    fn ring(self: &Rc<Self>, milliseconds: u64, act: fn(&Rc<Self>)) {
        let card = Rc::downgrade(self);
        let ring = move || {
            if let Some(card) = card.upgrade() {
                act(&card);
            }
        };
        self.clock.replace(Some(browser::after(milliseconds, Box::new(ring))));
    }
}

/// Once the visitor is inside, the focus goes on to what comes next, or it would fall back to the page.
/// By pointer only a text field takes it; the thank-you of a click must not hold the card.
pub(super) fn focus_next(form: Option<HtmlElement>, by_key: bool) {
    // The frame stays when the form goes.
    let Some(card) = form.and_then(|form| form.parent_element()?.parent_element()) else { return };
    browser::soon(Box::new(move || {
        let wanted = if by_key { "textarea,input,.close" } else { "textarea" };
        if let Ok(Some(next)) = card.query_selector(wanted) {
            let _ = next.unchecked_into::<HtmlElement>().focus();
        }
    }));
}
