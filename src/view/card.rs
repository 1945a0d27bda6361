use super::element::{Element, element};
use super::form::form;
use super::frame::Frame;
use super::icon::icon;
use super::picture::rest_picture;
use super::rich_text::{link, rich_text};
use super::signal::Signal;
use crate::browser::{self, Timer};
use sondeo_model::{
    Answer, Display, Interview, KindName, MessageId, Redirect, Survey, Text, Value, format_int,
};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent};

/// What a visitor did with a survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SurveyEvent {
    /// The response changed: an answer was given, or the end was reached.
    Revised {
        /// All answers so far.
        answers: Vec<Answer>,
        /// Whether the survey is at its end.
        is_completed: bool,
        /// Where this end leads the visitor.
        redirect: Option<Redirect>,
    },
    /// It may be taken away: closed by the visitor, or done with thanking.
    Closed,
}

/// What the visitor is told of the delivery.
#[derive(Default)]
pub(crate) struct DeliveryNotice {
    line: Cell<Option<MessageId>>,
    changed: Signal,
}

impl DeliveryNotice {
    /// Says this from now on, once there is nothing left to ask.
    pub(crate) fn tell(&self, line: MessageId) {
        self.line.set(Some(line));
        self.changed.notify();
    }
}

/// How long the thank-you stays, unless the visitor comes near it.
const THANKS_MS: u64 = 4_000;
/// How long a region must have stood, empty, for screen readers to notice what it says next.
const BEFORE_SPEAKING_MS: u64 = 300;

/// What the parts of a card share.
pub(super) struct Card {
    pub(super) interview: RefCell<Interview>,
    /// By question, the controls that were last chosen: what a visitor who goes back finds again.
    drafts: RefCell<Vec<(Text, Vec<String>)>>,
    frame: Frame,
    element: RefCell<Option<HtmlElement>>,
    /// Notified when the question, or the end, is another one.
    step: Signal,
    /// Notified when the status line has something else to say.
    speech: Signal,
    speaks: Cell<bool>,
    clock: RefCell<Option<Timer>>,
    notice: Rc<DeliveryNotice>,
    on_event: Box<dyn Fn(SurveyEvent)>,
}

/// The frame of one survey: its questions one after the other, then the thank-you, which goes by itself
/// unless the survey is a part of the page.
///
/// It never takes the focus from the page, unless it is in front of it; once the visitor is inside, Escape
/// closes it.
pub(crate) fn card(
    survey: Rc<Survey>,
    frame: Frame,
    (notice, chosen): (Rc<DeliveryNotice>, Vec<(Text, Vec<String>)>),
    on_event: Box<dyn Fn(SurveyEvent)>,
) -> Element {
    let card = Rc::new(Card {
        interview: RefCell::new(Interview::new(Rc::clone(&survey))),
        drafts: RefCell::new(chosen),
        frame,
        element: RefCell::default(),
        step: Signal::default(),
        speech: Signal::default(),
        speaks: Cell::new(false),
        clock: RefCell::default(),
        notice,
        on_event,
    });
    // Where the visitor asks for it, or it takes the focus, the question is read with the first control.
    if matches!(frame, Frame::Region | Frame::Part) {
        card.ring(BEFORE_SPEAKING_MS, Card::speak);
    }

    let hear = |act: fn(&Rc<Card>, &Event)| {
        let card = Rc::clone(&card);
        Box::new(move |event: &Event| act(&card, event)) as Box<dyn Fn(&Event)>
    };
    let shows = |make: fn(&Rc<Card>) -> Option<Element>| {
        let card = Rc::clone(&card);
        Box::new(move || make(&card)) as Box<dyn Fn() -> Option<Element>>
    };
    let close = element("button type=button class=close part=close")
        .with("aria-label", survey.messages.text(MessageId::CLOSE))
        .on("click", hear(|card, _| card.close()))
        .child(icon("M6 6l12 12M18 6L6 18"));
    let mut root = frame
        .root(&survey)
        .on("keydown", hear(Card::key))
        .on("pointermove", hear(|card, _| card.stay()))
        .on("focusin", hear(|card, _| card.stay()))
        .on("pointerleave", hear(|card, _| card.leave_later()))
        .on("focusout", hear(|card, _| card.leave_later()))
        // A dialog that the system closes: by the back gesture of a phone.
        .on(
            "cancel",
            hear(|card, event| {
                event.prevent_default();
                card.close();
            }),
        )
        .child(element("div").content(shows(Card::progress)));
    // One for the whole way: it stays where it is while questions go.
    if let Some(logo) = &survey.logo {
        root = root.child(rest_picture("img class=logo part=logo", logo, &survey));
    }
    let root = root
        .child(element("div class=step").content(shows(Card::question)))
        .child(close)
        .child(element("div role=status").content(shows(Card::said)))
        .child(element("div aria-live=polite").content(shows(Card::told)));
    card.element.replace(Some(root.node()));
    // A page of its own is the survey's: what a link chose there is one Enter away.
    if survey.appearance.display == Display::Page && !card.drafts.borrow().is_empty() {
        let card = Rc::clone(&card);
        browser::defer(Box::new(move || card.focus()));
    }
    let open = move || card.open();
    frame.around(root, &survey, Rc::new(open))
}

impl Card {
    /// Takes an answer to the present question, or none, and goes on. Returns whether it went on.
    pub(super) fn answer(self: &Rc<Self>, value: Option<Value>, by_key: bool) -> bool {
        if !self.interview.borrow_mut().answer(value) {
            return false;
        }
        let is_completed = self.is_completed();
        let interview = self.interview.borrow();
        let answers = interview.answers();
        let redirect = interview.ending().and_then(|ending| ending.redirect.clone());
        drop(interview);
        (self.on_event)(SurveyEvent::Revised { answers, is_completed, redirect });
        self.advance(by_key);
        if is_completed {
            self.leave_later();
        }
        true
    }

    /// Goes back to the question before.
    pub(super) fn back(self: &Rc<Self>, by_key: bool) {
        if self.interview.borrow_mut().back() {
            self.advance(by_key);
        }
    }

    /// Shows what comes next. The visitor is inside, and the focus goes along, or it would fall back to the
    /// page; but the thank-you of a click must not hold the card.
    fn advance(self: &Rc<Self>, by_key: bool) {
        let takes_focus = by_key || !self.is_completed();
        if let Some(element) = self.element.borrow().as_ref() {
            element.set_scroll_top(0);
        }
        // A question is read with its first control.
        self.speaks.set(false);
        self.step.notify();
        self.speech.notify();
        if takes_focus {
            let card = Rc::clone(self);
            browser::defer(Box::new(move || card.focus()));
        }
    }

    /// Gives the focus to the first control, or to the close button where nothing is left to answer.
    fn focus(&self) {
        let controls = ["form :checked", "form input,form textarea", ".close"];
        if let Some(control) = controls.iter().find_map(|controls| self.inside(controls)) {
            let _ = control.focus();
        }
    }

    /// What was last chosen or written under this name.
    pub(super) fn draft(&self, id: &str) -> Option<Vec<String>> {
        self.drafts.borrow().iter().find(|(known, _)| known == id).map(|(_, it)| it.clone())
    }

    pub(super) fn keep_draft(&self, id: Text, controls: Vec<String>) {
        let mut drafts = self.drafts.borrow_mut();
        drafts.retain(|(known, _)| *known != id);
        drafts.push((id, controls));
    }

    pub(super) fn inside(&self, selector: &str) -> Option<HtmlElement> {
        let element = self.element.borrow();
        let found = element.as_ref()?.query_selector(selector).ok()?;
        found.map(JsCast::unchecked_into)
    }

    /// How far the visitor is, where there is more than one question.
    fn progress(self: &Rc<Self>) -> Option<Element> {
        self.step.track();
        let interview = self.interview.borrow();
        let survey = interview.survey();
        let ((at, total), longest) = (interview.progress(), survey.longest_way(0));
        if longest < 2 || interview.question().is_none() {
            return None;
        }
        let [number, of] = [at, total].map(|it| browser::number(it, &survey.language));
        let numbers = [("n", number.as_str()), ("total", of.as_str())];
        let label = survey.messages.counted(MessageId::PROGRESS, "other", &numbers);
        let [at, total] = [at, total].map(|it| format_int(it as i64));
        let done = ["calc(", &at, "/", &total, ")"].concat();
        let bar = element("div class=progress part=progress role=progressbar aria-valuemin=1")
            .with("aria-label", &label)
            .with("aria-valuemax", &total)
            .with("aria-valuenow", &at)
            .styled("--done", &done);
        Some(bar.child(element("span")))
    }

    fn question(self: &Rc<Self>) -> Option<Element> {
        self.step.track();
        let interview = self.interview.borrow();
        interview.question().map(|question| form(self, &interview, question))
    }

    /// What the status line says: the question when the survey has come by itself, then the thank-you.
    fn said(self: &Rc<Self>) -> Option<Element> {
        self.speech.track();
        let interview = self.interview.borrow();
        if interview.question().is_none() {
            return Some(end(&interview));
        }
        let aside = element("p class=aside");
        self.speaks.get().then(|| aside.text(interview.text()))
    }

    /// What became of the answers, at the end. What was typed and could not be kept stands there to be copied.
    fn told(self: &Rc<Self>) -> Option<Element> {
        self.step.track();
        self.notice.changed.track();
        let interview = self.interview.borrow();
        let line = self.notice.line.get().filter(|_| interview.question().is_none())?;
        let note = element("div class=note part=note").text(interview.survey().messages.text(line));
        let typed = self.lost();
        if typed.is_empty() {
            return Some(note);
        }
        self.clock.take();
        Some(note.child(element("p class=typed").text(&typed)))
    }

    /// What was typed, where it could not be kept.
    fn lost(&self) -> String {
        let mut typed = String::new();
        if self.notice.line.get() == Some(MessageId::UNSAVED) {
            for answer in self.interview.borrow().answers() {
                let text = match (answer.kind, answer.value) {
                    (KindName::Text, Value::Text(text)) => text,
                    _ => answer.other.unwrap_or_default(),
                };
                typed = [&typed, "\n", &text].concat();
            }
        }
        typed.trim().to_owned()
    }

    fn speak(self: &Rc<Self>) {
        self.speaks.set(true);
        self.speech.notify();
    }

    fn is_completed(&self) -> bool {
        self.interview.borrow().question().is_none()
    }

    /// The visitor has pressed the tab: what it opens, it closes again.
    fn open(self: &Rc<Self>) {
        let is_closed = self.element.borrow().as_ref().is_some_and(HtmlElement::hidden);
        self.unfold(is_closed);
        if is_closed {
            self.focus();
        }
    }

    /// Opens or closes what is behind the tab.
    fn unfold(&self, is_open: bool) {
        let element = self.element.borrow();
        let Some(element) = element.as_ref() else { return };
        element.set_hidden(!is_open);
        if let Some(tab) = element.previous_element_sibling() {
            let _ = tab.set_attribute("aria-expanded", if is_open { "true" } else { "false" });
            if !is_open {
                let _ = tab.unchecked_into::<HtmlElement>().focus();
            }
        }
    }

    /// An open tab goes back behind its button, as long as there is something to answer.
    fn close(&self) {
        if self.frame == Frame::Tab && !self.is_completed() {
            return self.unfold(false);
        }
        (self.on_event)(SurveyEvent::Closed);
    }

    fn key(self: &Rc<Self>, event: &Event) {
        let event: &KeyboardEvent = event.unchecked_ref();
        // By number: WebKitGTK has no name for Tab with Shift. While composing, every key is 229.
        match event.key_code() {
            27 => {
                event.prevent_default();
                self.close();
            }
            9 if self.frame == Frame::Modal => self.wrap(event),
            _ => {}
        }
    }

    /// In front of the page, the last control is followed by the first.
    fn wrap(&self, event: &KeyboardEvent) {
        let close = self.inside(".close");
        let radio = self.inside("form input:checked").or_else(|| self.inside("form input"));
        let first = radio.or_else(|| self.inside("form textarea,form button")).or(close.clone());
        let target: Option<HtmlElement> = event.target().and_then(|it| it.dyn_into().ok());
        // One group of radios is one stop, which some browsers enter at its end.
        let is_radio = |it: &HtmlElement| it.matches("[type=radio]").unwrap_or(false);
        let is_first = first == target || target.as_ref().is_some_and(is_radio);
        let (is_last, to) =
            if event.shift_key() { (is_first, close) } else { (close == target, first) };
        if is_last && target.is_some() {
            event.prevent_default();
            if let Some(to) = to {
                let _ = to.focus();
            }
        }
    }

    /// A thank-you goes by itself, after a while in which nobody came near it.
    fn leave_later(self: &Rc<Self>) {
        let is_to_stay = self
            .interview
            .borrow()
            .ending()
            .is_some_and(|ending| ending.button.is_some() || ending.redirect.is_some());
        if self.is_completed() && self.frame != Frame::Part && self.lost().is_empty() && !is_to_stay
        {
            self.ring(THANKS_MS, |card| (card.on_event)(SurveyEvent::Closed));
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

/// What the visitor reads at the end.
fn end(interview: &Interview) -> Element {
    let survey = interview.survey();
    let ending = interview.ending();
    let text = survey.text(ending.map_or(&survey.thanks, |ending| &ending.text));
    let thanks = element("p class=thanks part=thanks");
    let thanks =
        thanks.child(icon("M5 12.5l4.5 4.5L19 7.5")).child(rich_text(element("span"), text));
    let mut end = element("div").child(thanks);
    if let Some(button) = ending.and_then(|ending| ending.button.as_ref()) {
        let label = survey.text(&button.text);
        end = end.child(link("submit", &button.url, label).with("part", "button"));
    }
    if ending.is_some_and(|ending| ending.redirect.is_some()) {
        let words = survey.messages.text(MessageId::REDIRECT);
        end = end.child(element("p class=note").text(words));
    }
    end
}
