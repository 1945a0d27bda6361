//! From a trigger to the showing: the delay, the texts, and the turn of each survey.

use crate::context::Context;
use crate::survey::{AwaitingConsent, PageSurvey, Phase, find_mut};
use crate::{
    Chosen, Effect, Placement, Properties, SeenWhen, Session, ShowingKey, SurveyKey, Timer,
};
use sondeo_model::Messages;
use sondeo_model::targeting::Record;
use std::rc::Rc;

/// How often it is looked whether a modal dialog of the page has closed.
const MODAL_MS: u64 = 500;

impl Session {
    pub(crate) fn trigger_fired(
        &mut self,
        key: SurveyKey,
        position: usize,
        properties: Option<Properties>,
        cx: &mut Context<'_>,
    ) {
        let Some(survey) = self.find(key) else { return };
        let Some(trigger) = survey.settings.triggers.get(position) else { return };
        let word = trigger.to_text().into_owned();
        if let Some(properties) = properties {
            self.note_event(&word, properties);
        }
        self.fire(key, word, cx);
    }

    /// A trigger fired: the survey is due after its delay, if nothing is against it.
    pub(crate) fn fire(&mut self, key: SurveyKey, trigger: String, cx: &mut Context<'_>) {
        let Some(survey) = find_mut(&mut self.surveys, key) else { return };
        if !matches!(survey.phase, Phase::Waiting) {
            return;
        }
        let is_event = trigger.starts_with("event:");
        survey.fired = Some(trigger);
        if !self.visitor.consents(&survey.settings) {
            survey.awaiting_consent = Some(AwaitingConsent::Triggered);
        }
        let after_ms = survey.settings.definition.delay().as_millis();
        // The delay of an event goes on across page views, and the page is asked for once it is over (contract,
        // `data-delay`).
        let is_page_open = after_ms > 0 && is_event;
        if !self.is_due_on(key, is_page_open, cx) {
            return;
        }
        let Some(survey) = find_mut(&mut self.surveys, key) else { return };
        if after_ms == 0 {
            return self.load(key, None, cx);
        }
        survey.set_phase(Phase::Delayed, cx);
        cx.push(Effect::StartTimer { timer: Timer::Delay(key), after_ms });
        if survey.settings.ends_halfway() {
            cx.push(Effect::ListenHalfway(key));
        }
        // Its texts come during the delay, rather than after it.
        let language = survey.message_language();
        self.messages.get(language, cx);
    }

    /// What happened before a survey ran makes it due now.
    pub(crate) fn start_running(&mut self, key: SurveyKey, cx: &mut Context<'_>) {
        if let Some(fired) = self.find(key).and_then(|survey| survey.fired.clone()) {
            self.fire(key, fired, cx);
        }
    }

    /// The time between trigger and showing is over, or a modal dialog may have closed.
    pub(crate) fn end_delay(&mut self, key: SurveyKey, cx: &mut Context<'_>) {
        let Some(survey) = self.find_mut(key) else { return };
        match &mut survey.phase {
            Phase::Delayed => self.load(key, None, cx),
            Phase::Blocked(messages, chosen) => {
                let (messages, chosen) = (*messages, std::mem::take(chosen));
                self.close_blocking(key, cx);
                self.display(key, messages, chosen, cx);
            }
            _ => {}
        }
    }

    /// Goes on as soon as the texts are there.
    pub(crate) fn load(&mut self, key: SurveyKey, chosen: Option<Chosen>, cx: &mut Context<'_>) {
        let Some(survey) = self.find(key) else { return };
        match self.messages.get(survey.message_language(), cx) {
            Some(messages) => self.loaded(key, messages, chosen, cx),
            None => self.set_phase(key, Phase::Loading(chosen), cx),
        }
    }

    /// The texts are there: what was called for is shown, anything else waits for its turn.
    pub(crate) fn loaded(
        &mut self,
        key: SurveyKey,
        messages: Messages,
        chosen: Option<Chosen>,
        cx: &mut Context<'_>,
    ) {
        match chosen {
            Some(chosen) => {
                self.close_blocking(key, cx);
                self.display(key, messages, chosen, cx);
            }
            None => {
                self.set_phase(key, Phase::Ready(messages), cx);
                cx.display_ready(0);
            }
        }
    }

    fn set_phase(&mut self, key: SurveyKey, phase: Phase, cx: &mut Context<'_>) {
        if let Some(survey) = self.find_mut(key) {
            survey.set_phase(phase, cx);
        }
    }

    /// Gives each survey that is ready its turn: the highest priority first, among equals the first that the page asks
    /// for.
    pub(crate) fn display_next(&mut self, cx: &mut Context<'_>) {
        let is_ready = |survey: &&PageSurvey| matches!(survey.phase, Phase::Ready(_));
        let mut ready: Vec<(i32, SurveyKey)> =
            self.surveys.iter().filter(is_ready).map(|it| (it.priority(), it.key)).collect();
        let is_modal = is_blocked(cx);
        while let Some(highest) = ready.iter().map(|it| it.0).max() {
            let Some(at) = ready.iter().position(|it| it.0 == highest) else { break };
            let (_, key) = ready.remove(at);
            if is_modal && self.find(key).is_some_and(PageSurvey::floats) {
                cx.display_ready(MODAL_MS);
            } else if self.blocking(key).is_none() {
                self.try_display(key, cx);
            }
        }
    }

    /// Shows a survey that is ready, unless something is against it by now.
    fn try_display(&mut self, key: SurveyKey, cx: &mut Context<'_>) {
        let Some(survey) = self.find_mut(key) else { return };
        let Phase::Ready(messages) = survey.phase else { return };
        survey.phase = Phase::Waiting;
        if self.is_due(key, cx) {
            self.display(key, messages, Vec::new(), cx);
        }
    }

    /// The survey that covers a part of the page now, if it is another one and would be covered itself.
    pub(crate) fn blocking(&self, key: SurveyKey) -> Option<SurveyKey> {
        let is_blocking = |other: &&PageSurvey| other.covers() && other.key != key;
        self.find(key).filter(|survey| survey.opens())?;
        self.surveys.iter().find(is_blocking).map(|survey| survey.key)
    }

    pub(crate) fn close_blocking(&mut self, key: SurveyKey, cx: &mut Context<'_>) {
        let blocking = self.blocking(key).and_then(|blocking| self.find_mut(blocking));
        if let Some(blocking) = blocking {
            blocking.end(cx);
        }
    }

    fn display(
        &mut self,
        key: SurveyKey,
        messages: Messages,
        chosen: Chosen,
        cx: &mut Context<'_>,
    ) {
        let showing = ShowingKey(self.next_key());
        let Some(survey) = self.find_mut(key) else { return };
        if survey.is_shown() {
            return;
        }
        if survey.floats() && is_blocked(cx) {
            survey.set_phase(Phase::Blocked(messages, chosen), cx);
            return cx.push(Effect::StartTimer { timer: Timer::Delay(key), after_ms: MODAL_MS });
        }
        let settings = Rc::clone(&survey.settings);
        let mut asked = settings.definition.survey(&settings.wanted, messages);
        asked.appearance.clone_from(&settings.appearance);
        survey.language.clone_from(&asked.language);
        survey.is_seen = false;
        survey.is_touched = false;
        survey.address = cx.environment.address();
        survey.set_phase(Phase::Shown(showing), cx);
        let placement = survey.placement;
        cx.push(Effect::PrepareDelivery(settings));
        cx.push(Effect::Show { showing, survey: Rc::new(asked), placement, chosen });
    }

    /// A survey stands on the page: its response begins.
    pub(crate) fn mounted(&mut self, showing: ShowingKey, cx: &mut Context<'_>) {
        let Some(survey) = self.shown_as(showing) else { return };
        let seen_when = match survey.placement {
            Placement::Floating if survey.is_tab() => SeenWhen::Opened,
            _ => SeenWhen::InView,
        };
        let key = survey.key;
        self.begin_response(key, showing, cx);
        cx.push(Effect::WatchVisibility(showing, seen_when));
    }

    pub(crate) fn mount_refused(&mut self, showing: ShowingKey, cx: &mut Context<'_>) {
        let Some(survey) = self.shown_as(showing) else { return };
        cx.warn(&["the page lets no survey be shown: ", survey.id()]);
        survey.set_phase(Phase::Waiting, cx);
    }

    /// The visitor sees a showing, which counts from now on.
    pub(crate) fn seen(&mut self, showing: ShowingKey, cx: &mut Context<'_>) {
        let Self { surveys, vacated, .. } = self;
        let Some(survey) = surveys.iter_mut().find(|it| it.showing() == Some(showing)) else {
            return;
        };
        if !std::mem::replace(&mut survey.is_seen, true) {
            if let Some(at) = vacated.iter().position(|id| id == survey.id()) {
                // It was seen on this page view, before its element was mounted again.
                vacated.remove(at);
                return;
            }
            let note = if survey.floats() { Record::seen } else { Record::came_by };
            self.visitor.note(&survey.settings, &survey.record_name(), note, cx);
        }
    }
}

/// Whether nothing that floats could be used now: something of the page is in front of everything else, or the window
/// has no room, as in a frame of one pixel.
fn is_blocked(cx: &Context<'_>) -> bool {
    cx.environment.is_modal_open() || !cx.environment.has_room()
}
