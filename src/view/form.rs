use super::card::{Card, focus_next};
use super::element::{Element, element};
use super::{options, text};
use leptos::prelude::*;
use sondeo_model::{Kind, Look, Question, Value, Wording};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlElement, HtmlInputElement};

/// One question while it is asked.
struct Form {
    card: Rc<Card>,
    required: bool,
    words: &'static Wording,
    /// The word that confirms an answer.
    confirm: &'static str,
    /// The values of the controls that are chosen, or the text of the field.
    chosen: RefCell<Vec<String>>,
    is_missing: Cell<bool>,
    /// Whether the visitor's last move was made by key.
    by_key: Cell<bool>,
    /// Whether it has its answer. It stands on the page a little longer, and must not answer the next.
    is_answered: Cell<bool>,
    changed: ArcTrigger,
}

/// The form of one question.
///
/// A choice made by pointer goes on by itself; one made by key waits for Enter or the button, since
/// arrow keys change the choice on their way (WCAG 3.2.2).
pub(super) fn form(
    card: &Rc<Card>,
    question: &Question,
    text: &str,
    words: &'static Wording,
) -> Element {
    let form = Rc::new(Form {
        card: Rc::clone(card),
        required: question.required,
        words,
        confirm: if question.next.is_empty() { words.send } else { words.next },
        chosen: RefCell::default(),
        is_missing: Cell::new(false),
        by_key: Cell::new(false),
        is_answered: Cell::new(false),
        changed: ArcTrigger::new(),
    });
    let hear = |act: fn(&Form, &Event)| {
        let form = Rc::clone(&form);
        Box::new(move |event: &Event| act(&form, event)) as Box<dyn Fn(&Event)>
    };
    let says = |write: fn(&Form) -> &'static str| {
        let form = Rc::clone(&form);
        Box::new(move || {
            form.changed.track();
            let text = write(&form);
            (!text.is_empty()).then(|| element("span").text(text))
        }) as Box<dyn Fn() -> Option<Element>>
    };
    let missing = element("p").with("class", "missing").with("role", "alert");
    let button =
        element("button").with("type", "submit").with("class", "submit").with("part", "submit");
    element("form")
        .with("class", question.kind.name().word())
        .with("novalidate", "")
        .on("submit", hear(Form::submit))
        .on("keydown", hear(|form, _| form.by_key.set(true)))
        .on("pointerdown", hear(|form, _| form.by_key.set(false)))
        .on("input", hear(Form::choose))
        .on("click", hear(Form::click))
        .child(fieldset(question, text, words))
        .child(missing.content(says(Form::missing)))
        .child(button.content(says(Form::button)))
}

fn fieldset(question: &Question, text: &str, words: &Wording) -> Element {
    let Question { id, kind, required, .. } = question;
    let mut legend = element("legend").with("part", "question").text(text);
    if !required {
        legend = legend.child(element("span").with("class", "optional").text(words.optional));
    }
    let fieldset = element("fieldset").child(legend);
    match kind {
        Kind::Likert { points, look, low, high } => {
            options::scale(fieldset, id, [1, *points], *look, [low, high])
        }
        Kind::Nps { low, high } => {
            options::scale(fieldset, id, [0, 10], Look::Numbers, [low, high])
        }
        Kind::YesNo { look, yes, no } => options::yes_no(fieldset, id, *look, yes, no),
        Kind::Choice(list) => options::choice(fieldset, id, "radio", list),
        Kind::Choices { options: list, .. } => options::choice(fieldset, id, "checkbox", list),
        Kind::Text { lines, max_length } => text::controls(fieldset, id, text, *lines, *max_length),
    }
}

impl Form {
    /// Reads all controls, whichever of them changed.
    fn choose(&self, event: &Event) {
        let form = event.current_target().and_then(|at| at.dyn_into::<HtmlElement>().ok());
        if let Some(Ok(found)) = form.map(|form| form.query_selector_all(":checked,textarea")) {
            let values = (0..found.length()).filter_map(|at| found.get(at)).map(|it| value_of(&it));
            self.chosen.replace(values.collect());
        }
        self.is_missing.set(false);
        self.changed.notify();
    }

    fn click(&self, event: &Event) {
        let input = event.target().and_then(|at| at.dyn_into::<HtmlInputElement>().ok());
        let decides = input.is_some_and(|input| input.type_() == "radio");
        if decides && !self.by_key.get() {
            self.choose(event);
            self.submit(event);
        }
    }

    /// Called by the form's own `submit`, and by a click that decides.
    fn submit(&self, event: &Event) {
        if event.type_() == "submit" {
            event.prevent_default();
        }
        if self.is_answered.get() {
            return;
        }
        if self.card.answer(self.value()) {
            self.is_answered.set(true);
            let form = event.current_target().and_then(|at| at.dyn_into::<HtmlElement>().ok());
            focus_next(form, self.by_key.get());
        } else {
            self.is_missing.set(true);
            self.changed.notify();
        }
    }

    /// The answer that the control chosen stands for.
    fn value(&self) -> Option<Value> {
        if self.is_answered.get() {
            return None;
        }
        self.card.interview.borrow().question()?.kind.read(&self.chosen.borrow())
    }

    fn missing(&self) -> &'static str {
        if self.is_missing.get() { self.words.required } else { "" }
    }

    fn button(&self) -> &'static str {
        if !self.required && self.value().is_none() { self.words.skip } else { self.confirm }
    }
}

/// What a control says; inputs and text fields have the property in common.
fn value_of(control: &JsValue) -> String {
    js_sys::Reflect::get(control, &"value".into())
        .ok()
        .and_then(|it| it.as_string())
        .unwrap_or_default()
}
