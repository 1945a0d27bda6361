//! The response of one showing, from `shown` to what became of its last revision.

use crate::context::Context;
use crate::survey::{Phase, find};
use crate::{DeliveryStatus, Effect, Event, Session, ShowingKey, SurveyKey, SurveySettings, Timer};
use sondeo_model::targeting::Record;
use sondeo_model::{
    Answer, MessageId, Redirect, Report, Response, ResponseId, Status, Timestamp, Value, mask,
};
use std::rc::Rc;

/// The trigger of a survey that a link asks for.
pub(crate) const LINK: &str = "link";

/// A response that is given, or on its way. It outlives its showing.
pub(crate) struct ActiveResponse {
    showing: ShowingKey,
    settings: Rc<SurveySettings>,
    /// What the visitor's record calls the survey.
    record_name: String,
    response: Response,
    /// Where the end of the survey leads, and whether the visitor is on the way there.
    redirect: Option<Redirect>,
    is_led: bool,
    /// When the showing began, by the clock that nobody sets.
    shown_at_ms: f64,
}

impl Session {
    pub(crate) fn begin_response(
        &mut self,
        key: SurveyKey,
        showing: ShowingKey,
        cx: &mut Context<'_>,
    ) {
        let Some(survey) = find(&self.surveys, key) else { return };
        let settings = Rc::clone(&survey.settings);
        let (definition, environment) = (&settings.definition, cx.environment);
        let now = Timestamp::from_millis(cx.now);
        let published = definition.published.clone();
        let response = Response {
            version: Default::default(),
            id: ResponseId::new(cx.now.unsigned_abs(), environment.random()),
            revision: 1,
            status: Status::Shown,
            survey_version: published.as_ref().map(|it| it.version),
            site: published.map(|it| it.site),
            survey: definition.id.clone().into_owned(),
            template: definition.template.map(|template| template.as_str().to_owned()),
            trigger: survey.fired.clone().unwrap_or_default(),
            language: survey.language.clone().into_owned(),
            answers: Vec::new(),
            shown_at: now,
            sent_at: now,
            elapsed_ms: 0,
            page: environment.page(),
            client: environment.client(),
            visit: self.visitor.visit(&settings, cx),
            visitor: self.visitor.id(&settings, cx),
            user: self.identity().user(definition.user()),
            custom: self.identity().custom(definition.custom()),
            widget: self.widget.to_owned(),
        };
        let shown_at_ms = environment.monotonic_ms();
        let record_name = survey.record_name();
        let mut active = ActiveResponse {
            showing,
            settings,
            record_name,
            response,
            redirect: None,
            is_led: false,
            shown_at_ms,
        };
        // A link may be opened by a scanner of mails, which is no visitor.
        if active.settings.delivery.report == Report::All && active.response.trigger != LINK {
            active.deliver(cx);
        }
        active.dispatch(Event::Shown, cx);
        self.responses.push(active);
    }

    pub(crate) fn release(&self, showing: ShowingKey, cx: &mut Context<'_>) {
        if let Some(active) = self.responses.iter().find(|it| it.showing == showing) {
            active.release(cx);
        }
    }

    /// The page says something else of an order, an article or a user while the question stands there: what is answered
    /// from now on is about that. What is answered already stays where it is filed.
    pub(crate) fn refile(&mut self, key: SurveyKey, showing: ShowingKey, cx: &mut Context<'_>) {
        let Some(survey) = find(&self.surveys, key) else { return };
        let settings = Rc::clone(&survey.settings);
        let identity = &self.visitor.identity;
        let Some(active) = self.responses.iter_mut().find(|it| it.showing == showing) else {
            return;
        };
        if active.response.status == Status::Shown {
            active.response.user = identity.user(settings.definition.user());
            active.response.custom = identity.custom(settings.definition.custom());
            active.response.page = cx.environment.page();
            active.settings = settings;
        }
    }

    /// The visitor gave an answer, or reached the end.
    pub(crate) fn revise(
        &mut self,
        showing: ShowingKey,
        mut answers: Vec<Answer>,
        is_completed: bool,
        cx: &mut Context<'_>,
    ) {
        let Some(active) = self.responses.iter_mut().find(|it| it.showing == showing) else {
            return;
        };
        if is_completed || !answers.is_empty() {
            self.visitor.note(&active.settings, &active.record_name, Record::answered, cx);
        }
        for answer in &mut answers {
            let masks = &active.settings.delivery.mask;
            if let Value::Text(text) = &mut answer.value {
                *text = mask(text, masks);
            }
            if let Some(other) = &mut answer.other {
                *other = mask(other, masks);
            }
        }
        let before = std::mem::replace(&mut active.response.answers, answers);
        if is_completed {
            active.response.status = Status::Completed;
        } else if !active.response.answers.is_empty() {
            active.response.status = Status::Partial;
        }
        active.bump_revision(cx);
        // Stored before the page hears of the answer; sent afterwards, since a page may go elsewhere when it hears,
        // and Firefox then ends a request that still waits for its preflight.
        active.deliver(cx);
        // Further on, or another one after going back.
        let answers = &active.response.answers;
        if let Some(answer) = answers.iter().find(|answer| !before.contains(answer)) {
            active.dispatch(Event::Answered(answer), cx);
        }
        if is_completed {
            active.dispatch(Event::Completed, cx);
        }
    }

    /// The showing may be taken away.
    pub(crate) fn close(&mut self, showing: ShowingKey, cx: &mut Context<'_>) {
        let Some(survey) = self.surveys.iter_mut().find(|it| it.showing() == Some(showing)) else {
            return;
        };
        if let Some(active) = self.responses.iter_mut().find(|it| it.showing == showing) {
            let status = active.response.status;
            if status == Status::Shown {
                self.visitor.note(&active.settings, &active.record_name, Record::dismissed, cx);
            }
            active.release(cx);
            if status == Status::Shown && active.settings.delivery.report == Report::All {
                active.response.status = Status::Dismissed;
                active.bump_revision(cx);
                active.deliver(cx);
            }
            if status != Status::Completed {
                active.dispatch(Event::Dismissed, cx);
            }
        }
        survey.set_phase(Phase::Over, cx);
        cx.display_ready(0);
    }

    /// The delivery tells what became of a response.
    pub(crate) fn delivery_status(
        &mut self,
        showing: ShowingKey,
        status: DeliveryStatus,
        cx: &mut Context<'_>,
    ) {
        let Some(active) = self.responses.iter().find(|it| it.showing == showing) else { return };
        if let Some(event) = Event::of_delivery(status) {
            active.dispatch(event, cx);
        }
        let line = match status {
            DeliveryStatus::Delivered => MessageId::SENT,
            DeliveryStatus::Waiting { is_kept: true }
            | DeliveryStatus::Failed { is_retried: true, .. } => MessageId::KEPT,
            DeliveryStatus::Waiting { .. } | DeliveryStatus::Failed { .. } => MessageId::UNSAVED,
        };
        cx.push(Effect::ShowDeliveryNotice(showing, line));
        if line != MessageId::UNSAVED {
            self.lead(showing, cx);
        }
    }

    /// Notes where the end of the survey leads. The visitor goes there once the response is safe (contract, section 3).
    pub(crate) fn plan_redirect(
        &mut self,
        showing: ShowingKey,
        redirect: Option<Redirect>,
        cx: &mut Context<'_>,
    ) {
        let active = self.responses.iter_mut().find(|it| it.showing == showing);
        let Some(active) = active else { return };
        active.redirect = redirect;
        // Nothing is sent that could be waited for.
        if active.settings.definition.preview() {
            self.lead(showing, cx);
        }
    }

    fn lead(&mut self, showing: ShowingKey, cx: &mut Context<'_>) {
        let active = self.responses.iter_mut().find(|it| it.showing == showing);
        let Some(active) = active.filter(|it| !it.is_led) else { return };
        if let Some(redirect) = &active.redirect {
            active.is_led = true;
            let after_ms = redirect.after.as_millis();
            cx.push(Effect::StartTimer { timer: Timer::Redirect(showing), after_ms });
        }
    }

    /// The visitor has read the end. Who has closed the survey stays.
    #[inline(never)]
    pub(crate) fn rest_redirect(&mut self, showing: ShowingKey, cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        if self.shown_as(showing).is_none() {
            return;
        }
        let environment = cx.environment;
        let active = self.responses.iter().find(|it| it.showing == showing);
        let redirect = active.and_then(|it| Some((it, it.redirect.as_ref()?)));
        let url = redirect.map(|(active, redirect)| {
            redirect.fill(&active.response, &|text| environment.encode(text))
        });
        if let Some(url) = url.and_then(|url| environment.resolve(&url)) {
            cx.push(Effect::Navigate(url));
        }
    }
}

impl ActiveResponse {
    pub(crate) fn showing(&self) -> ShowingKey {
        self.showing
    }

    pub(crate) fn status(&self) -> Status {
        self.response.status
    }

    /// Nothing more is to come: what waited for further answers is delivered.
    pub(crate) fn release(&self, cx: &mut Context<'_>) {
        if self.response.status == Status::Partial {
            cx.push(Effect::ReleaseDelivery(self.response.id));
        }
    }

    fn bump_revision(&mut self, cx: &Context<'_>) {
        self.response.revision += 1;
        self.response.sent_at = Timestamp::from_millis(cx.now);
        let elapsed_ms = cx.environment.monotonic_ms() - self.shown_at_ms;
        self.response.elapsed_ms = elapsed_ms.max(0.0) as u64;
    }

    fn deliver(&mut self, cx: &mut Context<'_>) {
        if self.settings.definition.preview() {
            return;
        }
        let client = &mut self.response.client;
        if client.time_zone.is_none() {
            client.time_zone = cx.environment.time_zone();
        }
        cx.push(Effect::Deliver {
            showing: self.showing,
            settings: Rc::clone(&self.settings),
            response: Box::new(self.response.clone()),
        });
    }

    fn dispatch(&self, event: Event<'_>, cx: &mut Context<'_>) {
        let definition = &self.settings.definition;
        // Nobody's figures are to hold what was only tried.
        let push = if definition.preview() { &[] } else { self.settings.delivery.push.as_slice() };
        let (name, detail) = event.write(&definition.id, &self.response.id.to_text());
        let push = push.to_vec();
        cx.push(Effect::Dispatch { showing: Some(self.showing), name, detail, push });
    }
}
