use crate::storage_key::VISITOR;
use crate::{Effect, Environment, Timer};
use sondeo_model::StorageKind;
use sondeo_model::targeting::Record;

/// What goes along while one input is handled: the environment, and the effects so far.
pub(crate) struct Context<'a> {
    pub(crate) environment: &'a dyn Environment,
    /// Milliseconds since 1970; the same while one input is handled.
    pub(crate) now: i64,
    pub(crate) effects: Vec<Effect>,
    /// Whether everything that was stored before is removed.
    is_cleared: bool,
    /// In how many milliseconds the surveys that are ready get their turn.
    display_in_ms: Option<u64>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(environment: &'a dyn Environment) -> Self {
        Self {
            environment,
            now: environment.now().as_millis(),
            effects: Vec::new(),
            is_cleared: false,
            display_in_ms: None,
        }
    }

    #[inline(never)]
    pub(crate) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(crate) fn warn(&mut self, parts: &[&str]) {
        self.push(Effect::Warn(parts.concat()));
    }

    /// Gives the surveys that are ready their turn, once all that become so at this moment are.
    pub(crate) fn display_ready(&mut self, after_ms: u64) {
        self.display_in_ms = Some(self.display_in_ms.map_or(after_ms, |known| known.min(after_ms)));
    }

    /// The visitor's record, whoever wrote it last: also this very handling of an input.
    pub(crate) fn record(&mut self, kind: StorageKind) -> Record {
        let is_cleared = self.is_cleared;
        let text = match self.stored_record(kind) {
            Some(text) => text.clone(),
            None if is_cleared => None,
            None => self.environment.stored(kind, VISITOR),
        };
        Record::read(&text.unwrap_or_default(), self.now)
    }

    /// Stores the visitor's record. Of several changes by one input, the last is written, in the place of the first.
    pub(crate) fn store_record(&mut self, kind: StorageKind, record: &Record) {
        let value = Some(record.to_text());
        match self.stored_record(kind) {
            Some(stored) => *stored = value,
            None => self.push(Effect::Store { storage: kind, key: VISITOR, value }),
        }
    }

    /// The record as this handling has written it.
    fn stored_record(&mut self, kind: StorageKind) -> Option<&mut Option<String>> {
        self.effects.iter_mut().find_map(|effect| match effect {
            Effect::Store { storage, key: VISITOR, value } if *storage == kind => Some(value),
            _ => None,
        })
    }

    /// Removes everything that is stored.
    pub(crate) fn clear_storage(&mut self) {
        self.effects.retain(|effect| !matches!(effect, Effect::Store { .. }));
        self.is_cleared = true;
        self.push(Effect::ClearStorage);
    }

    pub(crate) fn finish(mut self) -> Vec<Effect> {
        if let Some(after_ms) = self.display_in_ms {
            self.push(Effect::StartTimer { timer: Timer::Display, after_ms });
        }
        self.effects
    }
}
