use super::card::Card;
use super::element::{Element, element};
use super::picture::rest_picture;
use super::rich_text::rich_text;
use super::signal::Signal;
use super::{list, scale, text, yes_no};
use crate::browser;
use sondeo_model::{Interview, Kind, MessageId, Messages, OTHER, Question, Text, Value};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlElement, HtmlInputElement, KeyboardEvent, UiEvent};

/// One question while it is asked.
struct Form {
    card: Rc<Card>,
    question: Question,
    messages: Messages,
    /// The word that confirms an answer.
    confirm: MessageId,
    /// The values of the controls that are chosen, or the text of the field.
    chosen: RefCell<Vec<String>>,
    is_missing: Cell<bool>,
    /// Whether the visitor's last move was made by key, and by an arrow key.
    by_key: Cell<bool>,
    by_arrow: Cell<bool>,
    /// Whether it has its answer. It stands on the page a little longer, and must not answer the next.
    is_answered: Cell<bool>,
    changed: Signal,
}

/// The form of one question.
///
/// A choice made by pointer goes on by itself; one made by key waits for Enter or the button, since
/// arrow keys change the choice on their way (WCAG 3.2.2).
pub(super) fn form(card: &Rc<Card>, interview: &Interview, question: &Question) -> Element {
    let (at, total) = interview.progress();
    let draft = card.draft(&question.id);
    let written = card.draft(&other_draft(question)).unwrap_or_default();
    let form = Rc::new(Form {
        card: Rc::clone(card),
        question: question.clone(),
        messages: interview.survey().messages,
        confirm: if at < total { MessageId::NEXT } else { MessageId::SEND },
        chosen: RefCell::new(draft.unwrap_or_default()),
        is_missing: Cell::new(false),
        by_key: Cell::new(false),
        by_arrow: Cell::new(false),
        is_answered: Cell::new(false),
        changed: Signal::default(),
    });
    let hear = |act: fn(&Form, &Event)| {
        let form = Rc::clone(&form);
        Box::new(move |event: &Event| act(&form, event)) as Box<dyn Fn(&Event)>
    };
    let says = |write: fn(&Form) -> String| {
        let form = Rc::clone(&form);
        Box::new(move || {
            form.changed.track();
            let text = write(&form);
            (!text.is_empty()).then(|| element("span").text(&text))
        }) as Box<dyn Fn() -> Option<Element>>
    };
    let chosen = form.chosen.borrow().clone();
    let fieldset = fieldset(interview, question, [&chosen, &written]);
    let class = match chosen.is_empty() {
        true => question.kind.name().as_str().to_owned(),
        false => answered(question),
    };
    let mut whole = element("form novalidate")
        .with("class", &class)
        .on("submit", hear(Form::submit))
        .on("keydown", hear(Form::key))
        .on("pointerdown", hear(|form, _| form.by_key.set(false)))
        .on("input", hear(Form::choose))
        .on("click", hear(Form::click))
        .child(fieldset);
    if matches!(question.kind, Kind::Text { .. }) {
        let left = element("p class=left id=left");
        whole = whole.child(left.content(says(Form::left)));
    }
    let missing = element("p class=missing part=error id=error role=alert");
    let mut actions = element("div class=actions");
    if at > 1 {
        let back = element("button type=button class=back part=back")
            .on("click", hear(|form, _| form.card.back(form.by_key.get())))
            .text(form.messages.text(MessageId::BACK));
        actions = actions.child(back);
    }
    let submit = element("button type=submit class=submit part=submit");
    whole
        .child(missing.content(says(Form::missing)))
        .child(actions.child(submit.content(says(Form::button))))
}

/// The class of a form that needs its button, whichever way it is answered.
fn answered(question: &Question) -> String {
    [question.kind.name().as_str(), " answered"].concat()
}

/// Under which name a card keeps what was written beside the option `other`. No question has such an id.
fn other_draft(question: &Question) -> Text {
    [&question.id, "/", OTHER].concat().into()
}

fn fieldset(
    interview: &Interview,
    question: &Question,
    [chosen, written]: [&[String]; 2],
) -> Element {
    let survey = interview.survey();
    let mut legend = element("legend part=question").text(interview.text());
    if !question.required {
        // Drawn by the style sheet, so that the question's text is the question and nothing else.
        legend = legend.with("data-optional", survey.messages.text(MessageId::OPTIONAL));
    }
    let mut fieldset =
        element("fieldset").with("aria-describedby", "about picture ends error").child(legend);
    if let Some(description) = &question.description {
        let about = element("p class=description part=description id=about");
        fieldset = fieldset.child(rich_text(about, survey.text(description)));
    }
    if let Some(image) = &question.image {
        let shown = rest_picture("img class=image part=image id=picture", image, survey);
        fieldset = fieldset.child(shown);
    }
    match &question.kind {
        Kind::Likert { .. } | Kind::Nps { .. } => {
            scale::controls(fieldset, question, survey, chosen)
        }
        Kind::YesNo { look, words } => {
            let words = words.each_ref().map(|word| survey.text(word));
            yes_no::controls(fieldset, question, *look, words, chosen)
        }
        Kind::Choice(options) | Kind::Choices { options, .. } => {
            let is_one = matches!(question.kind, Kind::Choice(_));
            let control = if is_one { "radio" } else { "checkbox" };
            list::rest_controls(fieldset, question, control, options, survey, [chosen, written])
        }
        Kind::Text { .. } => text::controls(fieldset, question, interview.text(), survey, chosen),
    }
}

impl Form {
    /// Reads all controls, whichever of them changed.
    fn choose(&self, event: &Event) {
        let form = event.current_target().and_then(|at| at.dyn_into::<HtmlElement>().ok());
        let controls = ":checked,textarea,[type=email]";
        if let Some(Ok(found)) = form.map(|form| form.query_selector_all(controls)) {
            let values = (0..found.length()).filter_map(|at| found.get(at)).map(|it| value_of(&it));
            self.chosen.replace(values.collect());
        }
        self.card.keep_draft(self.question.id.clone(), self.chosen.borrow().clone());
        if let Some(other) = self.card.inside(OTHER_FIELD) {
            self.card.keep_draft(other_draft(&self.question), vec![value_of(&other)]);
            let is_chosen = self.chosen.borrow().iter().any(|value| value == OTHER);
            other.set_hidden(!is_chosen);
            // Not by the style sheet alone: WebKit keeps the style of what follows an option that a key has chosen.
            if let Some(form) = self.card.inside("form").filter(|_| is_chosen) {
                let _ = form.set_attribute("class", &answered(&self.question));
            }
        }
        self.is_missing.set(false);
        self.changed.notify();
    }

    fn key(&self, event: &Event) {
        self.by_key.set(true);
        self.by_arrow.set((37..=40).contains(&event.unchecked_ref::<KeyboardEvent>().key_code()));
    }

    fn click(&self, event: &Event) {
        let input = event.target().and_then(|at| at.dyn_into::<HtmlInputElement>().ok());
        // The second half of a double click falls on the question that has come meanwhile.
        let is_toggle = input.as_ref().is_some_and(|input| input.type_() == "checkbox");
        if event.unchecked_ref::<UiEvent>().detail() > 1 && !is_toggle {
            return event.prevent_default();
        }
        let Some(input) = input else { return };
        // Arrow keys click each radio on their way.
        let is_passed = self.by_key.get() && self.by_arrow.get();
        let field = self.card.inside(OTHER_FIELD).filter(|_| input.value() == OTHER);
        if let Some(field) = field.filter(|_| input.checked() && !is_passed) {
            self.choose(event);
            let _ = field.focus();
        } else if input.type_() == "radio" && !self.by_key.get() {
            self.choose(event);
            self.submit(event);
        }
    }

    /// Called by the form's own `submit`, and by a click that decides.
    fn submit(&self, event: &Event) {
        if event.type_() == "submit" {
            event.prevent_default();
        }
        if self.is_answered.replace(true) {
            return;
        }
        let value = self.value();
        if let Some(other) = self.card.inside(OTHER_FIELD) {
            self.card.interview.borrow_mut().write_other(&value_of(&other));
        }
        // What cannot be an answer is not passed over in silence.
        let is_lost = value.is_none() && !self.is_empty();
        if is_lost || !self.card.answer(value, self.by_key.get()) {
            self.is_answered.set(false);
            self.is_missing.set(true);
            self.changed.notify();
        }
    }

    /// The answer that the controls chosen stand for.
    fn value(&self) -> Option<Value> {
        self.question.kind.read(&self.chosen.borrow())
    }

    fn is_empty(&self) -> bool {
        self.chosen.borrow().iter().all(|control| control.trim().is_empty())
    }

    /// What is wrong with the answer, once it was to be sent.
    fn missing(&self) -> String {
        if !self.is_missing.get() {
            return String::new();
        }
        let (line, number) = match &self.question.kind {
            Kind::Text { .. } if self.is_empty() => (MessageId::REQUIRED_TEXT, None),
            Kind::Text { .. } => (MessageId::EMAIL, None),
            Kind::Choices { max, .. } if self.chosen.borrow().len() > usize::from(*max) => {
                (MessageId::AT_MOST, Some(*max))
            }
            Kind::Choices { min, .. } if *min > 1 => (MessageId::AT_LEAST, Some(*min)),
            _ => (MessageId::REQUIRED, None),
        };
        match number {
            Some(number) => self.counted(line, number.into()),
            None => self.messages.text(line).to_owned(),
        }
    }

    /// How much room is left, near the end of it.
    fn left(&self) -> String {
        let Kind::Text { max_length, .. } = &self.question.kind else { return String::new() };
        let used: usize = self.chosen.borrow().iter().flat_map(|text| text.encode_utf16()).count();
        let left = usize::from(*max_length).saturating_sub(used);
        if left > NEARLY_FULL || used == 0 {
            String::new()
        } else {
            self.counted(MessageId::LEFT, left)
        }
    }

    fn counted(&self, line: MessageId, number: usize) -> String {
        let language = self.messages.language().tag();
        let digits = browser::number(number, language);
        self.messages.counted(line, &browser::plural(number, language), &[("n", &digits)])
    }

    fn button(&self) -> String {
        let passes = !self.question.required && self.is_empty();
        self.messages.text(if passes { MessageId::SKIP } else { self.confirm }).to_owned()
    }
}

/// The field beside the option `other`.
const OTHER_FIELD: &str = "form .other";

/// From so many characters left on, a visitor is told.
const NEARLY_FULL: usize = 50;

/// What a control says; inputs and text fields have the property in common.
fn value_of(control: &JsValue) -> String {
    js_sys::Reflect::get(control, &"value".into())
        .ok()
        .and_then(|it| it.as_string())
        .unwrap_or_default()
}
