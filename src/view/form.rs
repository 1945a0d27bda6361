use super::card::{Card, focus_next};
use super::element::{dynamic, element};
use super::{rating, text, yes_no};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use sondeo_model::{Kind, Question, Value, Wording};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement};

/// One question while it is asked.
struct Form {
    card: Rc<Card>,
    required: bool,
    words: &'static Wording,
    /// The text of the control that is chosen, or of the field.
    chosen: RefCell<String>,
    is_missing: Cell<bool>,
    /// Whether the visitor's last move was made by key.
    by_key: Cell<bool>,
    changed: ArcTrigger,
}

/// The form of one question.
///
/// A choice made by pointer goes on by itself; one made by key waits for Enter or the button, since
/// arrow keys change the choice on their way (WCAG 3.2.2).
pub(super) fn form(card: &Rc<Card>, question: &Question, words: &'static Wording) -> AnyView {
    let Question { id, text, kind, required, next, .. } = question;
    let controls = match kind {
        Kind::Likert { points, low, high, .. } => rating::controls(id, *points, low, high),
        Kind::YesNo { yes, no, .. } => yes_no::controls(id, yes, no),
        Kind::Text { lines, max_length } => text::controls(id, text, *lines, *max_length),
    };
    let form = Rc::new(Form {
        card: Rc::clone(card),
        required: *required,
        words,
        chosen: RefCell::default(),
        is_missing: Cell::new(false),
        by_key: Cell::new(false),
        changed: ArcTrigger::new(),
    });
    let hear = |act: fn(&Form, Event)| {
        let form = Rc::clone(&form);
        Box::new(move |event| act(&form, event)) as Box<dyn Fn(Event)>
    };

    let mut legend = element("legend").with("part", "question").text(text);
    if !required {
        legend = legend
            .child(element("span").with("class", "optional").text(&words.optional.into()).view());
    }
    let shared = SendWrapper::new(Rc::clone(&form));
    let missing = dynamic(Box::new(move || shared.missing()));
    let shared = SendWrapper::new(Rc::clone(&form));
    let confirm = if next.is_empty() { words.send } else { words.next };
    let button = dynamic(Box::new(move || shared.button(confirm)));

    element("form")
        .with("class", kind.name().word())
        .with("novalidate", "")
        .on(
            "submit",
            hear(|form, event| {
                event.prevent_default();
                form.submit(&event);
            }),
        )
        .on("keydown", hear(|form, _| form.by_key.set(true)))
        .on("pointerdown", hear(|form, _| form.by_key.set(false)))
        .on("input", hear(|form, event| form.choose(event_target_value(&event))))
        .on("click", hear(Form::click))
        .child(element("fieldset").child(legend.view()).child(controls).view())
        .child(element("p").with("class", "missing").with("role", "alert").child(missing).view())
        .child(
            element("button")
                .with("type", "submit")
                .with("class", "submit")
                .with("part", "submit")
                .child(button)
                .view(),
        )
        .view()
}

impl Form {
    fn choose(&self, control: String) {
        self.chosen.replace(control);
        self.is_missing.set(false);
        self.changed.notify();
    }

    /// The answer that the control chosen stands for.
    fn value(&self) -> Option<Value> {
        self.card.interview.borrow().question()?.kind.read(&self.chosen.borrow())
    }

    fn click(&self, event: Event) {
        let input = event.target().and_then(|at| at.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input
            && !self.by_key.get()
        {
            self.choose(input.value());
            self.submit(&event);
        }
    }

    fn submit(&self, event: &Event) {
        let value = self.value();
        let form = event.current_target().and_then(|at| at.dyn_into::<HtmlElement>().ok());
        // Before the answer: it takes the form out of the card.
        if let Some(form) = form
            && (value.is_some() || !self.required)
        {
            focus_next(&form, self.by_key.get());
        }
        if !self.card.answer(value) {
            self.is_missing.set(true);
            self.changed.notify();
        }
    }

    fn missing(&self) -> AnyView {
        self.changed.track();
        let text = if self.is_missing.get() { self.words.required } else { "" };
        text.to_owned().into_any()
    }

    fn button(&self, confirm: &'static str) -> AnyView {
        self.changed.track();
        let is_empty = !self.required && self.value().is_none();
        let text = if is_empty { self.words.skip } else { confirm };
        text.to_owned().into_any()
    }
}
