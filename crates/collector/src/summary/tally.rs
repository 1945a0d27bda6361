//! Sums of what the store counts.

use super::defined_survey::DefinedSurvey;
use super::measure::Measure;
use crate::store::{AnswerCount, Counts, Scale, StatusCount};
use std::collections::BTreeMap;

/// The value under which the store counts everybody who answered a scale.
const ANYONE: &str = "";
/// The value under which it counts those who left with this answer.
const DROPPED_OFF: &str = "|";

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
    pub(super) fn measure(&self, scale: &Scale, defined: &DefinedSurvey) -> Option<Measure> {
        let minutes = |option: &str| defined.minutes(&scale.question, option);
        Measure::of(scale.metric, scale.kind, scale.points, &self.counts, minutes)
    }
}

impl Tally {
    fn add_statuses(&mut self, counted: &StatusCount) {
        let [shown, partial, completed, dismissed, answered] = [
            counted.shown,
            counted.partial,
            counted.completed,
            counted.dismissed,
            counted.answered,
        ]
        .map(|count| u64::try_from(count).unwrap_or(0));
        self.shown += shown + partial + completed + dismissed;
        self.responses += answered;
        self.completed += completed;
        self.dismissed += dismissed;
        self.silent += shown + dismissed;
    }

    fn add_answers(&mut self, counted: &AnswerCount) {
        let n = u64::try_from(counted.n).unwrap_or(0);
        let answers = self.answers.entry(counted.scale).or_default();
        match counted.value.as_str() {
            ANYONE => answers.n += n,
            DROPPED_OFF => answers.dropped_off += n,
            value => *answers.counts.entry(value.to_owned()).or_default() += n,
        }
    }

    /// This without that part of it.
    pub(super) fn without(&self, part: &Self) -> Self {
        let mut rest = self.clone();
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
