//! Why a survey is shown or not: asks the model, and tells the page and its author.

use crate::context::Context;
use crate::storage_key::ASLEEP;
use crate::survey::{PageSurvey, Phase, find};
use crate::{Effect, ReplyKey, Session, SurveyKey};
use sondeo_model::json::Writer;
use sondeo_model::targeting::{
    EligibilityContext, Ineligibility, IneligibleReason, asleep_until, check_eligibility,
};
use sondeo_model::{Per, StorageKind, Timestamp, Trigger};

impl Session {
    /// Everything that is against showing this survey now.
    pub(crate) fn ineligibilities(
        &mut self,
        key: SurveyKey,
        cx: &mut Context<'_>,
    ) -> Vec<Ineligibility> {
        let is_blocked = self.blocking(key).is_some();
        let Some(survey) = find(&self.surveys, key) else {
            return Vec::new();
        };
        let settings = &survey.settings;
        let mut others = Vec::new();
        let mut object = |reason, holds: bool| {
            if holds {
                others.push(reason);
            }
        };
        object(IneligibleReason::Consent, !self.visitor.consents(settings));
        let is_crawler = cx.environment.is_crawler() && !settings.definition.preview();
        object(IneligibleReason::Crawler, is_crawler);
        object(IneligibleReason::Trigger, survey.fired.is_none());
        match survey.phase {
            Phase::Shown(_) => return Vec::new(),
            Phase::Over => object(IneligibleReason::Over, true),
            Phase::Delayed | Phase::Blocked(..) => object(IneligibleReason::Delay, true),
            _ => {}
        }
        object(IneligibleReason::Occupied, is_blocked);
        let is_ready = |it: &PageSurvey| matches!(it.phase, Phase::Ready(_));
        let is_above = |other: &PageSurvey| is_ready(other) && other.priority() > survey.priority();
        object(IneligibleReason::Priority, is_ready(survey) && self.surveys.iter().any(is_above));
        if settings.definition.preview() {
            return others.into_iter().map(Ineligibility::of).collect();
        }
        let address = cx.environment.address();
        let name = settings.targeting.record_name(survey.id(), &address);
        let record = self.visitor.record(settings, cx);
        let environment = cx.environment;
        let context = EligibilityContext {
            now: cx.now,
            began: self.visitor.alone_until(&name),
            url: &address,
            device: cx.environment.device(),
            runs: survey.runs,
            opens: survey.opens(),
            facts: &|name| self.visitor.rest_fact(name, survey, &self.events, environment),
            others: &others,
        };
        check_eligibility(survey.id(), &settings.targeting, &record, &context)
    }

    /// Whether a survey whose trigger has fired may be shown, or at least wait for its turn; tells the page why not.
    pub(crate) fn is_due(&mut self, key: SurveyKey, cx: &mut Context<'_>) -> bool {
        self.is_due_on(key, false, cx)
    }

    /// The same where it may still be open which page it will be shown on.
    pub(crate) fn is_due_on(
        &mut self,
        key: SurveyKey,
        is_page_open: bool,
        cx: &mut Context<'_>,
    ) -> bool {
        let mut found = self.ineligibilities(key, cx);
        found.retain(|it| !(is_page_open && it.reason == IneligibleReason::Url));
        let Some(survey) = self.find(key) else { return false };
        let waits = |it: &Ineligibility| {
            matches!(it.reason, IneligibleReason::Occupied | IneligibleReason::Priority)
        };
        let is_due = found.iter().all(waits);
        if survey.settings.definition.debug() {
            cx.push(Effect::Log(rest_line(survey, &found)));
        }
        if !is_due {
            found.retain(|it| !waits(it));
            let mut detail = Writer::default();
            detail.open('{');
            detail.member("survey", survey.id());
            write(&mut detail, &found);
            detail.close('}');
            let (name, detail) = ("sondeo:skipped", detail.finish());
            cx.push(Effect::Dispatch { showing: None, name, detail, push: Vec::new() });
        }
        is_due
    }

    /// Answers `sondeo.explain`, once every survey of the page is known.
    #[inline(never)]
    pub(crate) fn explain(&mut self, id: String, reply: ReplyKey, cx: &mut Context<'_>) {
        let found = self.surveys.iter().find(|it| !it.is_parked && it.id() == id).map(|it| it.key);
        if found.is_none() && !self.is_all_read() {
            return self.pending_explains.push((id, reply));
        }
        // Where nobody knows it, the first plan does not either.
        let mut told = self.sites.first().filter(|_| found.is_none()).map(|site| (site, None));
        for site in &self.sites {
            let planned = site.planned.iter().find(|it| it.id == id);
            told = planned.map(|it| (site, Some(it))).or(told);
        }
        let asked = found.and_then(|key| self.find(key)?.settings.definition.published.as_ref());
        let planned = told.and_then(|it| it.1);
        let version = asked.map(|it| it.version).or(planned.map(|it| it.version));
        let told = told.and_then(|(site, _)| Some((site.name.clone(), site.read?)));
        let against = planned.and_then(|it| it.against(cx));
        let found = match found {
            Some(key) => self.ineligibilities(key, cx),
            None => vec![Ineligibility::of(against.unwrap_or(IneligibleReason::Unknown))],
        };
        let mut answer = Writer::default();
        answer.open('{');
        answer.key("due");
        answer.boolean(found.is_empty());
        write(&mut answer, &found);
        if let Some((site, read)) = told {
            answer.member("site", &site);
            if let Some(version) = version {
                answer.number("version", version.into());
            }
            answer.member("read", &Timestamp::from_millis(read).to_rfc3339());
        }
        answer.close('}');
        cx.push(Effect::Reply(reply, answer.finish()));
    }

    #[inline(never)]
    pub(crate) fn rest_answer_explains(&mut self, cx: &mut Context<'_>) {
        sondeo_model::rest::gate();
        for (id, reply) in std::mem::take(&mut self.pending_explains) {
            self.explain(id, reply, cx);
        }
    }

    /// Notes how long nothing can be due, for the loader, when the page goes out of sight.
    pub(crate) fn note_sleep(&mut self, cx: &mut Context<'_>) {
        let Some(asked) = cx.environment.asked() else { return };
        let is_ours = |survey: &PageSurvey| {
            let settings = &survey.settings;
            settings.delivery.storage == StorageKind::Local
                && self.visitor.consents(settings)
                // Which visit it is, only we can count.
                && !settings.triggers.iter().any(|it| matches!(it, Trigger::Visit(number) if *number > 1))
        };
        let are_ours = self.surveys.iter().all(is_ours) && !self.asks_elsewhere();
        let mut decisions = Vec::new();
        for key in self.keys() {
            let mut found = self.ineligibilities(key, cx);
            if self.find(key).is_some_and(|it| it.settings.targeting.per == Per::Page) {
                // On another page, none of it holds.
                found.retain(|it| {
                    !matches!(
                        it.reason,
                        IneligibleReason::Recontact
                            | IneligibleReason::Snooze
                            | IneligibleReason::MaxShows
                    )
                });
            }
            decisions.push(found);
        }
        let until = asleep_until(decisions.iter().map(Vec::as_slice));
        let value = until.filter(|_| are_ours).map(|until| {
            let mut note = Writer::default();
            note.open('[');
            note.integer(cx.now);
            note.integer(until);
            note.string(&asked);
            note.close(']');
            note.finish()
        });
        cx.push(Effect::Store { storage: StorageKind::Local, key: ASLEEP, value });
    }
}

fn write(detail: &mut Writer, found: &[Ineligibility]) {
    detail.key("reasons");
    detail.open('[');
    for it in found {
        detail.string(&it.to_text());
    }
    detail.close(']');
    // The moment from which none of them holds any more, where time alone brings it.
    let until: Option<Vec<i64>> = found.iter().map(|it| it.until).collect();
    if let Some(until) = until.and_then(|all| all.into_iter().max()) {
        detail.member("until", &Timestamp::from_millis(until).to_rfc3339());
    }
}

/// The decision for an author: `nps (load) is not shown: recontact until 2027-02-22T15:00:00.000Z, quiet`.
#[inline(never)]
fn rest_line(survey: &PageSurvey, found: &[Ineligibility]) -> String {
    sondeo_model::rest::gate();
    let trigger = survey.fired.as_deref().unwrap_or_default();
    let mut line = [survey.id(), " (", trigger, ") is "].concat();
    line.push_str(if found.is_empty() { "due" } else { "not shown: " });
    for (at, it) in found.iter().enumerate() {
        if at > 0 {
            line.push_str(", ");
        }
        line.push_str(&it.to_text());
        if let Some(until) = it.until {
            line.push_str(" until ");
            line.push_str(&Timestamp::from_millis(until).to_rfc3339());
        }
    }
    line
}
