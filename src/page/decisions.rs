//! Who is shown, and why not: asks the model, tells the page, and gives each survey its turn.

use super::{Page, Shared};
use crate::browser;
use crate::delivery;
use crate::entry::{Chosen, Entry, MODAL_MS, Stage};
use crate::events;
use crate::showing::LINK;
use js_sys::Function;
use sondeo_model::json::Writer;
use sondeo_model::targeting::{
    EligibilityContext, Ineligibility, IneligibleReason, check_eligibility,
};
use sondeo_model::{Timestamp, Trigger};
use std::cell::RefCell;
use std::rc::{Rc, Weak};

impl Page {
    /// Everything that is against showing this survey now.
    pub(crate) fn ineligibilities(&self, entry: &Entry) -> Vec<Ineligibility> {
        let settings = &entry.settings;
        let stage = entry.stage();
        if stage == Stage::Shown {
            return Vec::new();
        }
        let is_ready = stage == Stage::Ready;
        let rival = self.rival(entry);
        let priority = settings.targeting.priority;
        let is_outranked = |other: &Rc<Entry>| {
            other.stage() == Stage::Ready && other.settings.targeting.priority > priority
        };
        let others: Vec<IneligibleReason> = [
            (IneligibleReason::Consent, !self.visitor.consents(settings)),
            (IneligibleReason::Trigger, !entry.has_fired()),
            (IneligibleReason::Over, stage == Stage::Over),
            (IneligibleReason::Delay, stage == Stage::Due),
            (IneligibleReason::Occupied, rival.is_some()),
            (IneligibleReason::Priority, is_ready && self.entries.iter().any(is_outranked)),
        ]
        .into_iter()
        .filter_map(|(reason, holds)| holds.then_some(reason))
        .collect();
        if settings.definition.preview() {
            return others
                .into_iter()
                .map(|reason| Ineligibility { reason, until: None })
                .collect();
        }
        let moment = EligibilityContext {
            now: browser::now().as_millis(),
            began: self.visitor.alone_until(entry.id()),
            url: &browser::address(),
            device: browser::device(),
            runs: entry.runs,
            opens: entry.opens(),
            others: &others,
        };
        check_eligibility(entry.id(), &settings.targeting, &self.visitor.record(settings), &moment)
    }

    /// Whether a survey whose trigger has happened may be shown, or at least wait for its turn; tells the page
    /// why not.
    pub(crate) fn is_due(&self, entry: &Entry) -> bool {
        let mut ineligibilities = self.ineligibilities(entry);
        let waits = |it: &Ineligibility| {
            matches!(it.reason, IneligibleReason::Occupied | IneligibleReason::Priority)
        };
        let is_due = ineligibilities.iter().all(waits);
        if entry.settings.definition.debug() {
            browser::console_log(&line(entry, &ineligibilities));
        }
        if !is_due {
            ineligibilities.retain(|it| !waits(it));
            let mut detail = Writer::default();
            detail.open('{');
            detail.member("survey", entry.id());
            write(&mut detail, &ineligibilities);
            detail.close('}');
            events::tell("sondeo:skipped", detail.finish());
        }
        is_due
    }

    /// The survey that covers a part of the page now, if it is another one and would be covered itself.
    pub(crate) fn rival(&self, entry: &Entry) -> Option<&Rc<Entry>> {
        let is_rival = |other: &&Rc<Entry>| other.covers() && !std::ptr::eq(&***other, entry);
        self.entries.iter().filter(|_| entry.opens()).find(is_rival)
    }

    /// Gives the surveys that are ready their turn, once all that became so at this moment are there.
    pub(crate) fn turn(page: &Weak<RefCell<Self>>) {
        Self::turn_after(page, 0);
    }

    fn turn_after(page: &Weak<RefCell<Self>>, milliseconds: u64) {
        let page = page.clone();
        let turn = move || {
            if let Some(page) = page.upgrade() {
                Self::take_turns(&page);
            }
        };
        browser::after(milliseconds, Box::new(turn)).forget();
    }

    fn take_turns(shared: &Shared) {
        let page = Rc::downgrade(shared);
        let mut ready: Vec<Rc<Entry>> = shared.borrow().entries.clone();
        ready.retain(|entry| entry.stage() == Stage::Ready);
        let is_modal = browser::is_modal_open();
        let mut must_wait = false;
        // Among equals the first that the page asks for.
        let priority = |entry: &Rc<Entry>| entry.settings.targeting.priority;
        while let Some(highest) = ready.iter().map(priority).max() {
            let Some(at) = ready.iter().position(|entry| priority(entry) == highest) else { break };
            let entry = ready.remove(at);
            if entry.floats() && is_modal {
                must_wait = true;
            } else if shared.borrow().rival(&entry).is_none() {
                Entry::take_turn(&page, &entry);
            }
        }
        if must_wait {
            Self::turn_after(&page, MODAL_MS);
        }
    }

    /// Answers `sondeo.explain`, once every survey of the page is known.
    pub(super) fn explain(&mut self, id: String, done: Function) {
        let found = self.entries.iter().find(|entry| entry.id() == id);
        if found.is_none() && !self.is_all_read() {
            return self.asked.push((id, done));
        }
        let mut answer = Writer::default();
        answer.open('{');
        match found {
            Some(entry) => {
                let ineligibilities = self.ineligibilities(entry);
                answer.key("due");
                answer.boolean(ineligibilities.is_empty());
                write(&mut answer, &ineligibilities);
            }
            None => {
                answer.key("due");
                answer.boolean(false);
                answer.key("reasons");
                answer.open('[');
                answer.string("unknown");
                answer.close(']');
            }
        }
        answer.close('}');
        browser::call(&done, &answer.finish());
    }

    /// Shows what a link asks for, where the page holds it.
    pub(super) fn follow_link(shared: &Shared) {
        let found = {
            let page = shared.borrow();
            let Some((id, _)) = &page.link else { return };
            page.entries.iter().find(|entry| entry.id() == id).cloned()
        };
        let Some(entry) = found else { return };
        let Some((_, answers)) = shared.borrow_mut().link.take() else { return };
        let questions = &entry.settings.definition.questions;
        let (chosen, problems) = crate::visitor::preselect(questions, &answers);
        for problem in problems {
            shared.borrow_mut().report(problem);
        }
        Self::put(shared, &entry, LINK, chosen);
    }

    /// Shows a survey whatever its trigger. Whoever asks has decided; a survey that came by itself makes room.
    pub(super) fn put(shared: &Shared, entry: &Rc<Entry>, trigger: &str, chosen: Chosen) {
        if !entry.is_shown() && shared.borrow().visitor.consents(&entry.settings) {
            shared.borrow().make_room(entry);
        }
        Entry::show(&Rc::downgrade(shared), entry, trigger.to_owned(), chosen);
    }

    /// Removes everything that is stored.
    pub(super) fn forget(&self) {
        delivery::forget();
        self.visitor.forget();
    }

    /// Consent is given, and what waited for it goes on; or withdrawn, and everything is forgotten and goes.
    pub(super) fn consent(shared: &Shared, granted: bool) {
        let (visitor, entries) = {
            let page = shared.borrow();
            (Rc::clone(&page.visitor), page.entries.clone())
        };
        let page = Rc::downgrade(shared);
        if !granted {
            shared.borrow().withdraw();
            return shared.borrow().forget();
        }
        let had = |entry: &&Rc<Entry>| visitor.consents(&entry.settings);
        let had: Vec<bool> = entries.iter().map(|entry| had(&entry)).collect();
        visitor.consent(true);
        for (entry, had) in entries.iter().zip(had) {
            if !had {
                // Now it is known which visit this is.
                Self::listen(shared, entry, |trigger| matches!(trigger, Trigger::Visit(_)));
                Entry::go_on(&page, entry);
            }
        }
        shared.borrow().permit();
    }

    /// There is no consent any more, here or in another tab.
    pub(super) fn withdraw(&self) {
        for entry in self.entries.iter().filter(|entry| !entry.settings.definition.preview()) {
            entry.withdraw();
        }
        self.visitor.consent(false);
        self.permit();
    }

    /// What earlier pages have left behind goes from here, where all that is asked has the visitor's consent.
    pub(super) fn permit(&self) {
        let consents = |entry: &Rc<Entry>| self.visitor.consents(&entry.settings);
        delivery::permit(self.is_all_read() && self.entries.iter().all(consents));
    }
}

fn write(detail: &mut Writer, ineligibilities: &[Ineligibility]) {
    detail.key("reasons");
    detail.open('[');
    for objection in ineligibilities {
        detail.string(objection.reason.as_str());
    }
    detail.close(']');
    // The moment from which none of them holds any more, where time alone brings it.
    let until: Option<Vec<i64>> = ineligibilities.iter().map(|it| it.until).collect();
    if let Some(until) = until.and_then(|all| all.into_iter().max()) {
        detail.member("until", &Timestamp::from_millis(until).to_rfc3339());
    }
}

/// The decision in words: `nps (load) is not shown: recontact until 2027-02-22T15:00:00.000Z, quiet`.
fn line(entry: &Entry, ineligibilities: &[Ineligibility]) -> String {
    let mut line = [entry.id(), " (", &entry.trigger(), ") is "].concat();
    line.push_str(if ineligibilities.is_empty() { "due" } else { "not shown: " });
    for (at, objection) in ineligibilities.iter().enumerate() {
        if at > 0 {
            line.push_str(", ");
        }
        line.push_str(objection.reason.as_str());
        if let Some(until) = objection.until {
            line.push_str(" until ");
            line.push_str(&Timestamp::from_millis(until).to_rfc3339());
        }
    }
    line
}
