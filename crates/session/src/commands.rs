//! The page's calls.

use crate::context::Context;
use crate::identity::Identity;
use crate::response::LINK;
use crate::survey::{AwaitingConsent, find_mut};
use crate::{Chosen, Command, Effect, Input, InvalidCall, Session, SurveyKey, link};
use sondeo_model::{Trigger, nearest};

impl Session {
    pub(crate) fn handle_command(&mut self, command: Command, cx: &mut Context<'_>) {
        match command {
            Command::Track(event, properties) => {
                self.page_trigger_fired(&Trigger::Event(event.into()), properties, cx);
            }
            Command::Happened(word, properties) => {
                if let Some(trigger) = Trigger::parse(&word) {
                    self.page_trigger_fired(&trigger, properties, cx);
                }
            }
            Command::Show(id) => self.show(&id, cx),
            Command::SetAssetBase(base) => self.messages.base = Some(base),
            Command::Hide(id) => self.hide(id.as_deref(), cx),
            Command::Identify { user, custom } => {
                self.visitor.identity = Identity::new(user, custom);
                for key in self.keys() {
                    self.decide_again(key, cx);
                }
            }
            Command::Consent(true) => self.grant_consent(cx),
            Command::Consent(false) => {
                self.withdraw(cx);
                self.forget(cx);
            }
            Command::Reset => self.forget(cx),
            command => self.rest_handle_command(command, cx),
        }
    }

    /// What pages seldom say before a survey stands there.
    #[inline(never)]
    fn rest_handle_command(&mut self, command: Command, cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        match command {
            Command::PageView { is_restored } => self.page_view(is_restored, cx),
            Command::Add(text) => self.add_called(&text, cx),
            Command::Site { url, plan } => self.add_site(&url, plan, cx),
            Command::Explain { id, reply } => self.explain(id, reply, cx),
            Command::Invalid { name, problem } => {
                let problem = match problem {
                    InvalidCall::NeedsBoolean => "() needs true or false",
                    InvalidCall::NeedsName => "() needs a name",
                    InvalidCall::NeedsSurvey => "() needs a survey or an array of them",
                    InvalidCall::Unknown => "() has no effect in this version",
                };
                self.warn_once([&name, problem].concat(), cx);
            }
            _ => {}
        }
    }

    /// The page knows more of the visitor than it did: what a condition held back may be due now.
    pub(crate) fn decide_again(&mut self, key: SurveyKey, cx: &mut Context<'_>) {
        let Some(survey) = self.find(key) else { return };
        let has_conditions = !survey.settings.targeting.when.is_empty();
        if let Some(fired) = survey.fired.clone().filter(|_| has_conditions) {
            self.fire(key, fired, cx);
        }
    }

    /// Shows a survey of the page, whatever its trigger.
    pub(crate) fn show(&mut self, id: &str, cx: &mut Context<'_>) {
        if let Some(key) = self.asked_as(id) {
            return self.request(key, "manual", Vec::new(), cx);
        }
        self.pending_shows.push(id.to_owned());
        // A site may hold it that would not be asked here; and what did not come may come now.
        self.fetch_planned(&[], cx);
        // One that did not come has been told by the engine's other half.
        if !self.lost_files.is_empty() {
            self.rest_fetch_lost(cx);
        }
        if !self.is_all_read() {
            return;
        }
        self.pending_shows.pop();
        if cx.environment.has_rest() {
            self.rest_refuse_show(id, cx);
        } else {
            cx.push(Effect::Post(Input::Command(Command::Show(id.to_owned()))));
        }
    }

    /// The survey that the page asks for by this id.
    pub(crate) fn asked_as(&self, id: &str) -> Option<SurveyKey> {
        self.surveys.iter().find(|it| !it.is_parked && it.id() == id).map(|it| it.key)
    }

    #[inline(never)]
    fn rest_refuse_show(&mut self, id: &str, cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        let ids: Vec<&str> = self.surveys.iter().map(|survey| survey.id()).collect();
        let meant = nearest(id, &ids).or(ids.first().copied()).unwrap_or("faq");
        let problem = ["show(\"", id, "\") is not a survey of this page (try \"", meant, "\")"];
        self.warn_once(problem.concat(), cx);
    }

    fn hide(&mut self, id: Option<&str>, cx: &mut Context<'_>) {
        for survey in &mut self.surveys {
            if id.is_none_or(|id| id == survey.id()) {
                survey.end(cx);
            }
        }
        cx.display_ready(0);
    }

    /// Shows what a link asks for, where the page holds it.
    pub(crate) fn follow_link(&mut self, cx: &mut Context<'_>) {
        if self.link.is_some() {
            self.rest_follow_link(cx);
        }
    }

    #[inline(never)]
    fn rest_follow_link(&mut self, cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        let Some(asked) = &self.link else { return };
        let Some(survey) = self.surveys.iter().find(|it| !it.is_parked && it.id() == asked.survey)
        else {
            return;
        };
        let (key, settings) = (survey.key, std::rc::Rc::clone(&survey.settings));
        let Some(asked) = self.link.take() else { return };
        let questions = &settings.definition.questions;
        let (chosen, problems) = link::preselect(questions, &asked.answers);
        for problem in problems {
            self.warn_once(problem, cx);
        }
        self.request(key, LINK, chosen, cx);
    }

    /// Shows a survey whatever its trigger. Who asks has decided; a survey that came by itself makes room.
    pub(crate) fn request(
        &mut self,
        key: SurveyKey,
        trigger: &str,
        chosen: Chosen,
        cx: &mut Context<'_>,
    ) {
        let Some(survey) = find_mut(&mut self.surveys, key) else { return };
        if survey.is_shown() {
            return;
        }
        survey.fired = Some(trigger.to_owned());
        if cx.environment.is_crawler() && !survey.settings.definition.preview() {
            self.is_due(key, cx);
            return;
        }
        if !self.visitor.consents(&survey.settings) {
            survey.awaiting_consent = Some(AwaitingConsent::Requested(chosen));
            self.is_due(key, cx);
            return;
        }
        self.load(key, Some(chosen), cx);
    }

    /// Consent is given, and what waited for it goes on.
    fn grant_consent(&mut self, cx: &mut Context<'_>) {
        let waiting: Vec<SurveyKey> = self
            .surveys
            .iter()
            .filter(|survey| !self.visitor.consents(&survey.settings))
            .map(|survey| survey.key)
            .collect();
        self.visitor.set_consent(true);
        for key in waiting {
            // Now it is known which visit this is.
            self.listen(key, true, cx);
            let Some(survey) = self.find_mut(key) else { continue };
            let fired = survey.fired.clone().unwrap_or_default();
            match survey.awaiting_consent.take() {
                Some(AwaitingConsent::Requested(chosen)) => self.request(key, &fired, chosen, cx),
                Some(AwaitingConsent::Triggered) => self.fire(key, fired, cx),
                None => {}
            }
        }
        self.permit_delivery(cx);
    }

    /// There is no consent any more, here or in another tab.
    pub(crate) fn withdraw(&mut self, cx: &mut Context<'_>) {
        for survey in self.surveys.iter_mut().filter(|it| !it.settings.definition.preview()) {
            survey.withdraw(cx);
        }
        self.visitor.set_consent(false);
        self.permit_delivery(cx);
    }

    /// Removes everything that is stored.
    fn forget(&mut self, cx: &mut Context<'_>) {
        cx.push(Effect::ForgetDeliveries);
        self.visitor.forget(cx);
    }

    /// What earlier pages have left behind goes from here, where all that is asked has the visitor's consent.
    pub(crate) fn permit_delivery(&mut self, cx: &mut Context<'_>) {
        let consents = |survey: &crate::survey::PageSurvey| self.visitor.consents(&survey.settings);
        let is_permitted = self.is_all_read() && self.surveys.iter().all(consents);
        if std::mem::replace(&mut self.is_delivery_permitted, is_permitted) != is_permitted {
            cx.push(Effect::PermitDelivery(is_permitted));
        }
    }
}
