//! The visitor, as this browser remembers them and as the page tells of them.

mod identity;
mod link;

pub(crate) use identity::Identity;
pub(crate) use link::preselect;

use crate::attributes::Settings;
use crate::browser::{self, Storage};
use sondeo_model::targeting::Record;
use sondeo_model::{ResponseId, StorageKind};
use std::cell::{Cell, RefCell};

/// Everything that is stored begins so.
const OURS: &str = "sondeo.";
/// Where the record is.
const KEY: &str = "sondeo.visitor";

/// What is known of the visitor on this page view.
#[derive(Default)]
pub(crate) struct Visitor {
    /// What the page has said of consent, if anything.
    consent: Cell<Option<bool>>,
    pub(crate) identity: RefCell<Identity>,
    /// When this page view began.
    began: Cell<i64>,
    /// What this page itself has noted of which survey, and when.
    own: RefCell<Vec<(String, i64)>>,
    /// The storages in which this page view is noted.
    noted: RefCell<Vec<StorageKind>>,
    /// What this page has last written to the storage that tabs share.
    written: RefCell<Option<Record>>,
}

impl Visitor {
    /// Whether this survey may store, show and send anything. A page that has been told `no` means all of
    /// its surveys.
    pub(crate) fn consents(&self, settings: &Settings) -> bool {
        let definition = &settings.definition;
        definition.preview() || self.consent.get().unwrap_or(!definition.needs_consent())
    }

    /// Consent is given, or withdrawn.
    pub(crate) fn consent(&self, granted: bool) {
        self.consent.set(Some(granted));
    }

    /// Removes everything that is stored.
    pub(crate) fn forget(&self) {
        for storage in
            [StorageKind::Local, StorageKind::Session, StorageKind::None].map(Storage::of)
        {
            for key in storage.keys(OURS) {
                storage.remove(&key);
            }
        }
        self.noted.take();
        self.written.take();
        self.identity.take();
    }

    /// A page view begins: the first one, or another view of a single-page application.
    pub(crate) fn begin_page_view(&self) {
        self.began.set(browser::now().as_millis());
        self.noted.take();
    }

    /// From when on only another tab can have shown this survey, in milliseconds since 1970: since this page
    /// view began, or noted something of it.
    pub(crate) fn alone_until(&self, survey: &str) -> i64 {
        let own = self.own.borrow();
        let own = own.iter().filter(|(known, _)| known == survey).map(|(_, moment)| *moment);
        own.max().unwrap_or(0).max(self.began.get())
    }

    /// The record as it is now, whoever wrote it last, with this page view noted. Without consent, that of
    /// somebody who was never here.
    pub(crate) fn record(&self, settings: &Settings) -> Record {
        if settings.definition.preview() || !self.consents(settings) {
            return Record::default();
        }
        let kind = settings.storage;
        let now = browser::now().as_millis();
        let text = Storage::of(kind).get(KEY).unwrap_or_default();
        let mut record = Record::read(&text, now);
        let is_noted = self.noted.borrow().contains(&kind);
        if !is_noted {
            self.noted.borrow_mut().push(kind);
            record.view(now);
        }
        let is_new = record.seed().is_none();
        if is_new {
            let random = browser::random();
            record.set_seed(random.iter().fold(0, |seed, byte| (seed << 8) | u64::from(*byte)));
        }
        if is_new || !is_noted {
            self.write(kind, &record);
        }
        record
    }

    /// Changes the record: reads it, changes it and writes it without a pause.
    pub(crate) fn note(&self, settings: &Settings, what: fn(&mut Record, &str, i64)) {
        if settings.definition.preview() || !self.consents(settings) {
            return;
        }
        let mut record = self.record(settings);
        let (id, now) = (&settings.definition.id, browser::now().as_millis());
        what(&mut record, id, now);
        self.own.borrow_mut().push((id.clone().into_owned(), now));
        self.write(settings.storage, &record);
    }

    fn write(&self, kind: StorageKind, record: &Record) {
        Storage::of(kind).set(KEY, &record.to_text());
        if kind == StorageKind::Local {
            self.written.replace(Some(record.clone()));
        }
    }

    /// Another tab has written. Where it had not read what this one wrote, both of it counts.
    ///
    /// Returns whether it has removed the record: the visitor's consent was withdrawn there, or all was to be
    /// forgotten. Where a page clears its whole storage, no key is named, and nobody has said so.
    pub(crate) fn follow(&self, key: Option<&str>, value: Option<String>) -> bool {
        if key.is_some_and(|key| key != KEY) {
            return false;
        }
        let ours = self.written.take();
        let Some(value) = value else {
            return key.is_some();
        };
        let Some(ours) = ours else { return false };
        let theirs = Record::read(&value, browser::now().as_millis());
        let mut merged = theirs.clone();
        merged.merge(&ours);
        if merged != theirs {
            self.write(StorageKind::Local, &merged);
        } else {
            self.written.replace(Some(merged));
        }
        false
    }

    /// Whether another tab has taken an answer to this survey since this one last noted something of it.
    pub(crate) fn is_answered_elsewhere(&self, settings: &Settings) -> bool {
        let id = &settings.definition.id;
        let answer = self.record(settings).last_answer(id);
        settings.storage == StorageKind::Local && answer > Some(self.alone_until(id))
    }

    /// The number of this visit, from 1.
    pub(crate) fn visit(&self, settings: &Settings) -> u32 {
        self.record(settings).visits()
    }

    /// The random id, where the author wants one and the visitor's browser does not object.
    pub(crate) fn id(&self, settings: &Settings) -> Option<String> {
        let delivery = settings.definition.delivery();
        let objects = delivery.respects_signals && browser::privacy_signal();
        let is_wanted = delivery.visitor && !objects;
        if settings.definition.preview() || !self.consents(settings) {
            return None;
        }
        let mut record = self.record(settings);
        if record.id().is_some() != is_wanted {
            let random = browser::random();
            let time = random.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
            let id = is_wanted.then(|| ResponseId::new(time, browser::random()).to_text());
            record.set_id(id.as_deref());
            self.write(settings.storage, &record);
        }
        record.id().map(str::to_owned)
    }
}
