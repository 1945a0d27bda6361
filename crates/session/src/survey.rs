use crate::context::Context;
use crate::{
    Chosen, Effect, ElementKey, Placement, ScriptKey, ShowingKey, SurveyKey, SurveySettings, Timer,
};
use sondeo_model::{Display, Language, Messages, Text};
use std::rc::Rc;

/// One survey of the page, from waiting for its trigger until it is over.
pub(crate) struct PageSurvey {
    pub(crate) key: SurveyKey,
    pub(crate) settings: Rc<SurveySettings>,
    pub(crate) origin: Origin,
    /// From when on it runs, and until when, in milliseconds since 1970.
    pub(crate) runs: [Option<i64>; 2],
    pub(crate) placement: Placement,
    pub(crate) phase: Phase,
    /// The trigger that has fired on this page view, as authors write it, whether the survey is shown or not.
    pub(crate) fired: Option<String>,
    pub(crate) awaiting_consent: Option<AwaitingConsent>,
    /// Whether the visitor has seen what is shown: of a tab, what is behind it.
    pub(crate) is_seen: bool,
    /// Whether the visitor has begun to answer what is shown.
    pub(crate) is_touched: bool,
    /// The language of the showing's texts.
    pub(crate) language: Text,
    /// The page that it was last shown on, as [`Environment::address`](crate::Environment::address) has it.
    pub(crate) address: String,
    /// Whether its element has left the document, and may come back with the survey that stands in it.
    pub(crate) is_parked: bool,
}

/// What asks for a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A script tag of the loader.
    Script(ScriptKey),
    /// An element with `data-sondeo`.
    Element(ElementKey),
    /// `sondeo.add`.
    Call,
    /// The plan of a site, by the site's position.
    Site(usize),
}

/// Where a survey is on its way to the visitor.
pub(crate) enum Phase {
    /// Waits for a trigger.
    Waiting,
    /// The time between trigger and showing runs.
    Delayed,
    /// Its texts are on their way. A call of `show` or a link has chosen controls.
    Loading(Option<Chosen>),
    /// Waits for its turn.
    Ready(Messages),
    /// Asked for by a call or a link, and waits until a modal dialog of the page is closed.
    Blocked(Messages, Chosen),
    /// On the page.
    Shown(ShowingKey),
    /// Answered, dismissed or hidden on this page view.
    Over,
}

/// What happens as soon as the visitor consents.
pub(crate) enum AwaitingConsent {
    /// A trigger fired.
    Triggered,
    /// A call or a link asks, and has chosen controls.
    Requested(Chosen),
}

// One body for all callers: inlined, each loop would be there twenty times.
#[inline(never)]
pub(crate) fn find(surveys: &[PageSurvey], key: SurveyKey) -> Option<&PageSurvey> {
    surveys.iter().find(|survey| survey.key == key)
}

#[inline(never)]
pub(crate) fn find_mut(surveys: &mut [PageSurvey], key: SurveyKey) -> Option<&mut PageSurvey> {
    surveys.iter_mut().find(|survey| survey.key == key)
}

impl PageSurvey {
    pub(crate) fn id(&self) -> &str {
        &self.settings.definition.id
    }

    /// What the visitor's record calls it, on the page that it was shown on.
    pub(crate) fn record_name(&self) -> String {
        self.settings.targeting.record_name(self.id(), &self.address)
    }

    pub(crate) fn showing(&self) -> Option<ShowingKey> {
        match self.phase {
            Phase::Shown(showing) => Some(showing),
            _ => None,
        }
    }

    pub(crate) fn is_shown(&self) -> bool {
        self.showing().is_some()
    }

    pub(crate) fn priority(&self) -> i32 {
        self.settings.targeting.priority
    }

    /// Whether it is or would be shown above the page, where there is room for one.
    pub(crate) fn floats(&self) -> bool {
        self.placement == Placement::Floating
    }

    pub(crate) fn is_tab(&self) -> bool {
        self.floats() && self.settings.appearance.display == Display::Tab
    }

    /// Whether it opens by itself above the page. A tab waits for the visitor to open it, and what stands inside the
    /// page is a part of the page.
    pub(crate) fn opens(&self) -> bool {
        self.floats() && !self.is_tab()
    }

    /// Whether it covers a part of the page now.
    pub(crate) fn covers(&self) -> bool {
        self.is_shown() && (self.opens() || self.is_tab() && self.is_seen)
    }

    /// The language of the texts around the questions.
    pub(crate) fn message_language(&self) -> Language {
        self.settings.definition.language(&self.settings.wanted)
    }

    /// Goes on to a phase. What the old one has started ends: its timer, or the showing.
    #[inline(never)]
    pub(crate) fn set_phase(&mut self, phase: Phase, cx: &mut Context<'_>) {
        match self.phase {
            Phase::Delayed | Phase::Blocked(..) => {
                cx.push(Effect::StopTimer(Timer::Delay(self.key)))
            }
            Phase::Shown(showing) => cx.push(Effect::Remove(showing)),
            _ => {}
        }
        self.phase = phase;
    }

    /// Ends it on this page view, if it is shown or about to be.
    #[inline(never)]
    pub(crate) fn end(&mut self, cx: &mut Context<'_>) {
        self.awaiting_consent = None;
        if !matches!(self.phase, Phase::Waiting) {
            self.set_phase(Phase::Over, cx);
        }
    }

    /// A page view begins. What is about to be shown is forgotten with its trigger, but for an event, whose delay goes
    /// on (contract, `data-delay`); what is shown stays.
    pub(crate) fn begin_page_view(&mut self, cx: &mut Context<'_>) {
        self.stop_listening(cx);
        self.awaiting_consent = None;
        let is_on_its_way =
            matches!(self.phase, Phase::Delayed | Phase::Loading(_) | Phase::Ready(_));
        let is_event = self.fired.as_deref().is_some_and(|it| it.starts_with("event:"));
        if !(self.is_shown() || is_on_its_way && is_event) {
            self.restart(cx);
        }
    }

    /// Waits for its triggers as if it had just come.
    pub(crate) fn restart(&mut self, cx: &mut Context<'_>) {
        self.fired = None;
        self.awaiting_consent = None;
        self.set_phase(Phase::Waiting, cx);
    }

    /// Consent is withdrawn: what is shown goes at once, what is about to come waits for consent.
    pub(crate) fn withdraw(&mut self, cx: &mut Context<'_>) {
        let awaiting = match &mut self.phase {
            Phase::Waiting | Phase::Over => return,
            Phase::Shown(_) => return self.set_phase(Phase::Over, cx),
            Phase::Delayed | Phase::Ready(_) | Phase::Loading(None) => AwaitingConsent::Triggered,
            Phase::Loading(Some(chosen)) | Phase::Blocked(_, chosen) => {
                AwaitingConsent::Requested(std::mem::take(chosen))
            }
        };
        self.awaiting_consent = Some(awaiting);
        self.set_phase(Phase::Waiting, cx);
    }

    /// The page does not ask for it any more.
    pub(crate) fn leave(&mut self, cx: &mut Context<'_>) {
        self.stop_listening(cx);
        if self.is_shown() {
            // What it stood before may come now.
            cx.display_ready(0);
        }
        self.set_phase(Phase::Over, cx);
    }

    pub(crate) fn stop_listening(&self, cx: &mut Context<'_>) {
        cx.push(Effect::StopListening(self.key));
        cx.push(Effect::StopTimer(Timer::Start(self.key)));
        cx.push(Effect::StopTimer(Timer::PageView(self.key)));
    }
}
