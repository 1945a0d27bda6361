//! One showing of one survey: its element, its view, and the response that comes of it.

use crate::attributes::Settings;
use crate::browser::{self, Placement};
use crate::delivery;
use crate::events::{Event, of_status};
use crate::mount::Mounted;
use crate::view::{Happening, Tidings};
use crate::visitor::Visitor;
use sondeo_delivery::{DeliveryStatus, FailureReason};
use sondeo_model::targeting::Record;
use sondeo_model::{
    Delivery, MessageId, Report, Response, ResponseId, Status, Survey, Text, Value, mask,
};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{EventTarget, HtmlElement};

/// A survey on the screen. It leaves the page when dropped; what was answered is sent all the same.
pub(crate) struct Showing(Mounted);

/// What outlives the showing while an answer is still on its way.
struct State {
    element: HtmlElement,
    settings: Rc<Settings>,
    delivery: Delivery,
    tidings: Rc<Tidings>,
    visitor: Rc<Visitor>,
    response: RefCell<Response>,
    shown_at: f64,
}

impl Showing {
    /// Puts the survey on the page and tells the page so. `over` is called once it may be taken away.
    pub(crate) fn new(
        (settings, visitor): (Rc<Settings>, Rc<Visitor>),
        survey: Rc<Survey>,
        placement: &Placement,
        trigger: String,
        chosen: Vec<(Text, Vec<String>)>,
        over: Box<dyn Fn()>,
    ) -> Option<Self> {
        let response = RefCell::new(begin(&settings, &visitor, &survey, trigger));
        let shown_at = browser::monotonic();
        let delivery = settings.definition.delivery();
        delivery::prepare(delivery.format(&settings.endpoint));
        let tidings: Rc<Tidings> = Rc::default();
        let mut speaker = None;
        let told = Rc::clone(&tidings);
        let mounted = Mounted::new(&survey, placement, (told, chosen), |element| {
            let element = element.clone();
            let state = State { element, settings, delivery, tidings, visitor, response, shown_at };
            let state = Rc::new(state);
            speaker = Some(Rc::clone(&state));
            Box::new(move |happening| match happening {
                Happening::Revised { answers, completed } => state.revise(answers, completed),
                Happening::Closed => {
                    state.close();
                    over();
                }
            })
        })?;
        let state = speaker?;
        state.tell(&Event::Shown);
        // A link may be opened by a scanner of mails, which is no visitor.
        if state.delivery.report == Report::All && state.response.borrow().trigger != LINK {
            state.send();
        }
        Some(Self(mounted))
    }

    /// The element that it stands in.
    pub(crate) fn element(&self) -> &HtmlElement {
        self.0.element()
    }

    /// Puts it back where the page has swept it away.
    pub(crate) fn put_back(&self) -> bool {
        self.0.put_back()
    }

    /// Whether it still stands on the page.
    pub(crate) fn is_connected(&self) -> bool {
        self.0.is_connected()
    }
}

/// The trigger of a survey that a link asks for.
pub(crate) const LINK: &str = "link";

fn begin(settings: &Settings, visitor: &Visitor, survey: &Survey, trigger: String) -> Response {
    let now = browser::now();
    let (definition, identity) = (&settings.definition, visitor.identity.borrow());
    Response {
        version: Default::default(),
        id: ResponseId::new(now.as_millis().unsigned_abs(), browser::random()),
        revision: 1,
        status: Status::Shown,
        survey: survey.id.clone().into_owned(),
        template: survey.template.map(|template| template.as_str().to_owned()),
        trigger,
        language: survey.language.clone().into_owned(),
        answers: Vec::new(),
        shown_at: now,
        sent_at: now,
        elapsed_ms: 0,
        page: browser::page(),
        client: browser::client(),
        visit: visitor.visit(settings),
        visitor: visitor.id(settings),
        user: identity.user(definition.user()),
        custom: identity.custom(definition.custom()),
        widget: crate::VERSION.to_owned(),
    }
}

impl State {
    fn revise(self: &Rc<Self>, answers: Vec<sondeo_model::Answer>, completed: bool) {
        if completed || !answers.is_empty() {
            self.visitor.note(&self.settings, Record::answered);
        }
        let mut answers = answers;
        for answer in &mut answers {
            if let Value::Text(text) = &mut answer.value {
                *text = mask(text, &self.delivery.mask);
            }
        }
        let before = self.response.borrow().answers.clone();
        {
            let mut response = self.response.borrow_mut();
            response.status = match (completed, answers.is_empty()) {
                (true, _) => Status::Completed,
                (false, false) => Status::Partial,
                (false, true) => response.status,
            };
            response.answers = answers;
            self.turn(&mut response);
        }
        let response = self.response.borrow();
        // Further on, or another one after going back.
        if let Some(answer) = response.answers.iter().find(|answer| !before.contains(answer)) {
            self.tell(&Event::Answered(answer));
        }
        if completed {
            self.tell(&Event::Completed);
        }
        // Last: a page may go elsewhere when it hears of the answer, and Firefox then ends a request that
        // still waits for its preflight, but not one that is made on the way out.
        self.send();
    }

    /// The response is another one from now on.
    fn turn(&self, response: &mut Response) {
        response.revision += 1;
        response.sent_at = browser::now();
        response.elapsed_ms = browser::elapsed_since(self.shown_at);
    }

    fn send(self: &Rc<Self>) {
        if self.settings.definition.preview() {
            return;
        }
        let state = Rc::clone(self);
        let hear = move |status| state.hear(&status);
        let response = self.response.borrow();
        delivery::deliver(&self.settings.endpoint, &self.delivery, &response, Some(Rc::new(hear)));
    }

    fn hear(&self, status: &DeliveryStatus) {
        if let Some(event) = of_status(status) {
            self.tell(&event);
        }
        self.tidings.tell(match status {
            DeliveryStatus::Delivered => MessageId::SENT,
            // Kept for a newer version to try, which is not much to promise.
            DeliveryStatus::Failed { reason: FailureReason::Refused, .. } => MessageId::UNSAVED,
            DeliveryStatus::Waiting { is_kept: true }
            | DeliveryStatus::Failed { is_kept: true, .. } => MessageId::KEPT,
            DeliveryStatus::Waiting { .. } | DeliveryStatus::Failed { .. } => MessageId::UNSAVED,
        });
    }

    fn close(self: &Rc<Self>) {
        let status = self.response.borrow().status;
        if status == Status::Completed {
            return;
        }
        if status == Status::Shown {
            self.visitor.note(&self.settings, Record::dismissed);
        }
        self.tell(&Event::Dismissed);
        if status == Status::Partial {
            let id = self.response.borrow().id.to_text();
            delivery::release(Some(&id));
        } else if self.delivery.report == Report::All {
            {
                let mut response = self.response.borrow_mut();
                response.status = Status::Dismissed;
                self.turn(&mut response);
            }
            self.send();
        }
    }

    /// From the survey's element, or from `document` once that has left the page.
    fn tell(&self, event: &Event<'_>) {
        let document = browser::document();
        let target: &EventTarget =
            if self.element.is_connected() { &self.element } else { &document };
        let id = self.response.borrow().id.to_text();
        let definition = &self.settings.definition;
        // Nobody's figures are to hold what was only tried.
        let tools = if definition.preview() { &[] } else { self.delivery.push.as_slice() };
        event.dispatch(target, &definition.id, &id, tools);
    }
}
