//! Sums of what the store counts.

use super::defined_survey::DefinedSurvey;
use super::measure::Measure;
use crate::store::{AnswerCount, AskedScale, Counted, Counts, StatusCount};
use std::collections::BTreeMap;

/// How a summary writes what is not counted by name.
pub(super) const OTHERS: &str = "…";

/// What a set of responses adds up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) shown: u64,
    pub(super) responses: u64,
    pub(super) completed: u64,
    pub(super) dismissed: u64,
    /// Shown or dismissed, without an answer.
    pub(super) silent: u64,
    /// By the id of the scale.
    pub(super) answers: BTreeMap<i64, Answers>,
}

/// The answers to one scale.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Answers {
    pub(super) n: u64,
    pub(super) dropped_off: u64,
    pub(super) counts: BTreeMap<String, u64>,
}

impl Answers {
    pub(super) fn measure(&self, scale: &AskedScale, defined: &DefinedSurvey) -> Option<Measure> {
        let minutes = |option: &str| defined.minutes(&scale.question, option);
        Measure::of(scale.metric, scale.kind, scale.points, &self.counts, minutes)
    }
}

impl Tally {
    fn add_statuses(&mut self, counted: &StatusCount) {
        let [shown, only_shown, completed, dismissed, responses] = [
            counted.shown(),
            counted.only_shown,
            counted.completed,
            counted.dismissed,
            counted.responses,
        ]
        .map(|count| u64::try_from(count).unwrap_or(0));
        self.shown += shown;
        self.responses += responses;
        self.completed += completed;
        self.dismissed += dismissed;
        self.silent += only_shown + dismissed;
    }

    fn add_answers(&mut self, counted: &AnswerCount) {
        let n = u64::try_from(counted.n).unwrap_or(0);
        let answers = self.answers.entry(counted.scale).or_default();
        let value = match &counted.value {
            Counted::Anyone => return answers.n += n,
            Counted::DroppedOff => return answers.dropped_off += n,
            Counted::Others => OTHERS,
            Counted::Value(value) => value,
        };
        *answers.counts.entry(value.to_owned()).or_default() += n;
    }

    /// This without that part of it.
    pub(super) fn without(&self, part: &Self) -> Self {
        let mut rest = Self {
            shown: self.shown.saturating_sub(part.shown),
            responses: self.responses.saturating_sub(part.responses),
            completed: self.completed.saturating_sub(part.completed),
            dismissed: self.dismissed.saturating_sub(part.dismissed),
            silent: self.silent.saturating_sub(part.silent),
            answers: self.answers.clone(),
        };
        for (scale, answers) in &mut rest.answers {
            let Some(part) = part.answers.get(scale) else { continue };
            answers.n = answers.n.saturating_sub(part.n);
            answers.dropped_off = answers.dropped_off.saturating_sub(part.dropped_off);
            for (value, n) in &mut answers.counts {
                *n = n.saturating_sub(part.counts.get(value).copied().unwrap_or(0));
            }
        }
        rest
    }
}

/// One tally for each key that responses are told apart by; those without a key are left out.
pub(super) fn tallies<K: Ord>(
    counts: &Counts,
    key: impl Fn(&str, &str, Option<i64>) -> Option<K>,
) -> BTreeMap<K, Tally> {
    let mut found: BTreeMap<K, Tally> = BTreeMap::new();
    for counted in &counts.statuses {
        let segment = &counted.segment;
        if let Some(key) = key(&segment.dimension, &segment.value, counted.day) {
            found.entry(key).or_default().add_statuses(counted);
        }
    }
    for counted in &counts.answers {
        let segment = &counted.segment;
        if let Some(key) = key(&segment.dimension, &segment.value, counted.day) {
            found.entry(key).or_default().add_answers(counted);
        }
    }
    found
}
