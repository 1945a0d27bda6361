//! The visitor, as this browser remembers them and as the page tells of them.

use crate::context::Context;
use crate::identity::Identity;
use crate::survey::PageSurvey;
use crate::{Effect, Environment, Properties, SurveySettings};
use sondeo_model::targeting::Record;
use sondeo_model::{ResponseId, StorageKind};

/// What the page said with an event.
pub(crate) struct PageEvent {
    /// The trigger that waits for such an event, as authors write it.
    word: String,
    properties: Properties,
}

/// Of how many events the properties are kept.
const MOST_EVENTS: usize = 16;

/// What is known of the visitor on this page view.
pub(crate) struct Visitor {
    /// What the page has said of consent, if anything.
    consent: Option<bool>,
    pub(crate) identity: Identity,
    /// When this page view began.
    began: i64,
    /// By the name that the record has for it, which survey this page has noted something of, and when.
    noted: Vec<(String, i64)>,
    /// The storages in which this page view is noted.
    counted: Vec<StorageKind>,
    /// What this page has last written to the storage that tabs share.
    written: Option<Record>,
}

impl Visitor {
    pub(crate) fn new(now: i64) -> Self {
        Self {
            consent: None,
            identity: Identity::default(),
            began: now,
            noted: Vec::new(),
            counted: Vec::new(),
            written: None,
        }
    }

    /// Whether this survey may store, show and send anything. A page that has been told `no` means all of its surveys.
    pub(crate) fn consents(&self, settings: &SurveySettings) -> bool {
        let definition = &settings.definition;
        definition.preview() || self.consent.unwrap_or(!definition.needs_consent())
    }

    /// Consent is given, or withdrawn.
    pub(crate) fn set_consent(&mut self, is_granted: bool) {
        self.consent = Some(is_granted);
    }

    /// Forgets everything, in storage and here.
    pub(crate) fn forget(&mut self, cx: &mut Context<'_>) {
        cx.clear_storage();
        self.counted.clear();
        self.written = None;
        self.identity = Identity::default();
    }

    /// A page view begins: the first one, or another view of a single-page application.
    pub(crate) fn begin_page_view(&mut self, now: i64) {
        self.began = now;
        self.counted.clear();
    }

    /// From when on only another tab can have shown the survey of this name in the record, in milliseconds since 1970: since this page view
    /// began, or noted something of it.
    pub(crate) fn alone_until(&self, name: &str) -> i64 {
        let noted = self.noted.iter().filter(|(known, _)| known == name);
        noted.map(|(_, moment)| *moment).max().unwrap_or(0).max(self.began)
    }

    /// The record as it is now, whoever wrote it last, with this page view noted. Without consent, that of somebody
    /// who was never here.
    pub(crate) fn record(&mut self, settings: &SurveySettings, cx: &mut Context<'_>) -> Record {
        if settings.definition.preview() || !self.consents(settings) {
            return Record::default();
        }
        let storage = settings.delivery.storage;
        let mut record = cx.record(storage);
        let is_counted = self.counted.contains(&storage);
        if !is_counted {
            self.counted.push(storage);
            record.view(cx.now);
        }
        let is_new = record.seed().is_none();
        if is_new {
            record.set_seed(number(cx.environment.random()));
        }
        if is_new || !is_counted {
            self.write(storage, &record, cx);
        }
        record
    }

    /// Changes what the record says of a survey: reads it, changes it and writes it without a pause.
    pub(crate) fn note(
        &mut self,
        settings: &SurveySettings,
        name: &str,
        what: fn(&mut Record, &str, i64),
        cx: &mut Context<'_>,
    ) {
        if settings.definition.preview() || !self.consents(settings) {
            return;
        }
        let mut record = self.record(settings, cx);
        what(&mut record, name, cx.now);
        self.noted.retain(|(known, _)| known != name);
        self.noted.push((name.to_owned(), cx.now));
        self.write(settings.delivery.storage, &record, cx);
    }

    fn write(&mut self, storage: StorageKind, record: &Record, cx: &mut Context<'_>) {
        cx.store_record(storage, record);
        if storage == StorageKind::Local {
            self.written = Some(record.clone());
        }
    }

    /// Another tab has written. Where it had not read what this one wrote, both of it counts.
    fn follow(&mut self, value: &str, cx: &mut Context<'_>) {
        let Some(ours) = self.written.take() else { return };
        let theirs = Record::read(value, cx.now);
        let mut merged = theirs.clone();
        merged.merge(&ours);
        if merged != theirs {
            self.write(StorageKind::Local, &merged, cx);
        } else {
            self.written = Some(merged);
        }
    }

    /// What this page has written is there no more.
    pub(crate) fn forget_written(&mut self) {
        self.written = None;
    }

    /// Whether another tab has taken an answer to this survey since this one last noted something of it.
    pub(crate) fn is_answered_elsewhere(
        &mut self,
        settings: &SurveySettings,
        name: &str,
        cx: &mut Context<'_>,
    ) -> bool {
        let answer = self.record(settings, cx).last_answer(name);
        settings.delivery.storage == StorageKind::Local && answer > Some(self.alone_until(name))
    }

    /// What the page knows under this name of a condition (contract, `data-when`).
    #[inline(never)]
    pub(crate) fn rest_fact(
        &self,
        name: &str,
        survey: &PageSurvey,
        events: &[PageEvent],
        environment: &dyn Environment,
    ) -> Option<String> {
        sondeo_model::rest::gate();
        let definition = &survey.settings.definition;
        let find = |pairs: &[(String, String)], name: &str| {
            pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        match name.split_once('.') {
            Some(("query", name)) => environment.query(name),
            Some(("event", name)) => {
                let fired = events.iter().find(|it| Some(&it.word) == survey.fired.as_ref())?;
                find(&fired.properties, name)
            }
            _ => match name {
                "user" => self.identity.user(definition.user()),
                "referrer" => Some(environment.page().referrer),
                "language" => Some(definition.tag(&survey.settings.wanted).to_owned()),
                _ => find(&self.identity.custom(definition.custom()), name),
            },
        }
    }

    /// The number of this visit, from 1.
    pub(crate) fn visit(&mut self, settings: &SurveySettings, cx: &mut Context<'_>) -> u32 {
        self.record(settings, cx).visits()
    }

    /// The random id, where the author wants one and the visitor's browser does not object.
    pub(crate) fn id(&mut self, settings: &SurveySettings, cx: &mut Context<'_>) -> Option<String> {
        let delivery = &settings.delivery;
        let is_wanted =
            delivery.visitor && !(delivery.respects_signals && cx.environment.has_privacy_signal());
        if settings.definition.preview() || !self.consents(settings) {
            return None;
        }
        let mut record = self.record(settings, cx);
        if record.id().is_some() != is_wanted {
            let environment = cx.environment;
            let id = is_wanted.then(|| {
                // No moment of the visitor's is in it.
                ResponseId::new(number(environment.random()), environment.random()).to_text()
            });
            record.set_id(id.as_deref());
            self.write(delivery.storage, &record, cx);
        }
        record.id().map(str::to_owned)
    }
}

fn number(random: [u8; 10]) -> u64 {
    random.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

impl crate::Session {
    /// Keeps what the page says with an event, for conditions over it.
    pub(crate) fn note_event(&mut self, word: &str, properties: Properties) {
        if !word.starts_with("event:") {
            return;
        }
        self.events.retain(|it| it.word != word);
        if self.events.len() >= MOST_EVENTS {
            self.events.remove(0);
        }
        self.events.push(PageEvent { word: word.to_owned(), properties });
    }

    /// Another tab has removed the record: the visitor's consent was withdrawn there, or all was to be forgotten.
    pub(crate) fn record_removed(&mut self, cx: &mut Context<'_>) {
        self.visitor.forget_written();
        // By whoever removed it: what is stored now is stored by somebody who may.
        self.withdraw(cx);
        cx.push(Effect::StopDeliveries);
    }

    /// Another tab has written the record.
    pub(crate) fn record_changed(&mut self, value: &str, cx: &mut Context<'_>) {
        self.visitor.follow(value, cx);
        // Tabs write often, and seldom an answer.
        let mut has_ended = false;
        for survey in self.surveys.iter_mut().filter(|survey| survey.is_shown()) {
            if self.visitor.is_answered_elsewhere(&survey.settings, &survey.record_name(), cx) {
                survey.end(cx);
                has_ended = true;
            }
        }
        if has_ended {
            cx.display_ready(0);
        }
    }
}
