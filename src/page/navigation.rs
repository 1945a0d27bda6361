//! Another page view of the same document: a single-page application goes on, or the visitor comes back to a page
//! that the browser has kept.

use super::{Page, Shared};
use crate::browser;
use crate::entry::Entry;
use sondeo_model::Trigger;
use sondeo_model::targeting::{Ineligibility, asleep_until};
use std::rc::Rc;

/// By this the loader knows, without us, that nothing can be due.
const ASLEEP: &str = "sondeo.asleep";

impl Page {
    /// Something happened that makes surveys due; one that is asked for later may have waited for it.
    pub(super) fn happen(shared: &Shared, trigger: Trigger) {
        if !shared.borrow().told.contains(&trigger) {
            shared.borrow_mut().told.push(trigger.clone());
        }
        let mut waiting: Vec<Rc<Entry>> = shared.borrow().entries.clone();
        waiting.retain(|entry| entry.settings.triggers.contains(&trigger));
        for entry in waiting {
            let word = trigger.to_text().into_owned();
            Entry::fire(&Rc::downgrade(shared), &Rc::downgrade(&entry), word);
        }
    }

    /// Another page view begins, if the address has changed or the page is `back` from where the browser kept it:
    /// what the old one waited for is over, what it shows stays with the visitor.
    pub(super) fn navigated(shared: &Shared, back: bool) {
        let entries = {
            let mut page = shared.borrow_mut();
            let address = browser::href();
            if !back && page.address == address {
                return;
            }
            page.address = address;
            page.told.clear();
            page.visitor.begin_page_view();
            page.entries.clone()
        };
        for entry in entries {
            entry.begin_anew();
            Self::listen(shared, &entry, |_| true);
        }
        Self::follow_elements(shared);
    }

    /// Notes how long nothing can be due, for the loader, when the page goes out of sight.
    pub(crate) fn fall_asleep(&self) {
        let Some(asked) = browser::asked() else { return };
        let is_ours = |entry: &Rc<Entry>| {
            let settings = &entry.settings;
            settings.storage == sondeo_model::StorageKind::Local
                && self.visitor.consents(settings)
                // Which visit it is, only we can count.
                && !settings.triggers.iter().any(|it| matches!(it, Trigger::Visit(number) if *number > 1))
        };
        let storage = browser::Storage::of(sondeo_model::StorageKind::Local);
        let decisions: Vec<Vec<Ineligibility>> =
            self.entries.iter().map(|entry| self.ineligibilities(entry)).collect();
        let until = asleep_until(decisions.iter().map(Vec::as_slice));
        match until.filter(|_| self.entries.iter().all(is_ours)) {
            Some(until) => {
                storage.set(ASLEEP, &browser::asleep(browser::now().as_millis(), until, &asked));
            }
            None => storage.remove(ASLEEP),
        }
    }
}
