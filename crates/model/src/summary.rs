//! What the collector says about a survey: the answer of `GET /v1/surveys/{id}/summary`, as its dashboard
//! reads it.
//!
//! Shares are percentages 0 to 100, Net Promoter Scores −100 to 100, effort 1 to 7, times minutes;
//! moments are RFC 3339. What nobody answered is null. The numbers are rounded to what their readers use:
//! one decimal, of means two.

use crate::metric::{Difference, Estimate};
use crate::{KindName, Metric, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A survey's answers within a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The site of the survey, where that is not `default`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The id of the survey.
    pub survey: String,
    /// What people call it in the studio or in its file; nothing where nobody has named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// From when on responses count, by when they were shown.
    pub from: Option<Timestamp>,
    /// Until when, exclusive.
    pub to: Option<Timestamp>,
    /// Of all responses of the period.
    #[serde(flatten)]
    pub whole: Group,
    /// The properties that `by` may name.
    #[serde(default)]
    pub dimensions: Vec<String>,
    /// Those of them, and `custom` (fields), `question`, `option` and `wording`, of which there are too many: some are
    /// not counted by name, but together as `…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crowded: Vec<String>,
    /// The same, part by part, under each property that was asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by: BTreeMap<String, Vec<Part>>,
    /// How many responses of the period came from crawlers and monitors: they are in no other number here.
    #[serde(default)]
    pub crawlers: u64,
    /// The period before, of the same length, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
}

/// A set of responses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// How many there are, whatever became of them.
    pub shown: u64,
    /// How many have an answer.
    pub responses: u64,
    /// How many came to the end.
    pub completed: u64,
    /// How many were closed without an answer.
    pub dismissed: u64,
    /// `responses` of `shown`, in percent. None where pages report answers alone
    /// (`data-report="answers"`): who did not answer is unknown then.
    pub response_rate: Option<Estimate>,
    /// `completed` of `responses`, in percent.
    pub completion: Option<Estimate>,
    /// The questions in the order asked. One that was asked on another scale, too, has an entry for each:
    /// they are not mixed.
    pub questions: Vec<QuestionSummary>,
    /// Which endings the visitors have reached: those of the survey's definition in its order, and others that responses
    /// of earlier versions have reached. It is known of responses whose definition the collector had when they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endings: Vec<EndingSummary>,
}

/// The responses that came to one ending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndingSummary {
    /// The id of the ending; `…` for all that are not counted by name.
    pub id: String,
    /// What visitors read there, by language, without links; nothing where the definition has no such ending any more.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text: BTreeMap<String, String>,
    /// How many came there.
    pub responses: u64,
}

/// The answers to one question on one scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuestionSummary {
    /// The id of the question.
    pub question: String,
    /// What is asked, by language: the text of the survey's definition where the collector has one, else the latest
    /// wording of the period.
    pub text: BTreeMap<String, String>,
    /// All wordings of the period, in the order of their days, where a language had more than one. Their
    /// answers are together here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wordings: Vec<Asked>,
    /// The kind of question.
    pub kind: KindName,
    /// The number of points of a `likert` scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<u8>,
    /// How many answered it.
    pub n: u64,
    /// How often each value was given; of a text, nothing.
    pub counts: BTreeMap<String, u64>,
    /// What visitors read for an option that was chosen, or in the place of a point of a scale, by language; nothing
    /// where the collector does not know, because only the page has the survey.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, BTreeMap<String, String>>,
    /// What visitors wrote beside the option `other`, the latest first and 20 at most; nothing where this is a part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<String>,
    /// The score, where the question feeds a metric.
    pub metric: Option<Score>,
    /// Of those who answered it, who left with it, in percent; none where that is not known.
    pub drop_off: Option<Estimate>,
    /// What changed about the question, so that its answers should not be compared unseen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Change>,
}

/// A question in the words of some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The language.
    pub language: String,
    /// What visitors read.
    pub text: String,
    /// The first day (UTC) for which an answer to it counts: `2026-11-21`. It may lie before the period.
    pub first: String,
    /// The last one; it may lie after the period.
    pub last: String,
}

/// What changed about a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It was also asked with another kind, number of points or metric: that is another entry.
    Scale,
    /// One language had more than one wording in the period: see [`QuestionSummary::wordings`].
    Wording,
}

/// The score of a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Which metric.
    pub name: Metric,
    /// The score with its interval and its n.
    #[serde(flatten)]
    pub estimate: Estimate,
    /// Whether there are enough answers to speak of a score; else it is "too few to tell".
    pub enough: bool,
    /// Of `ces` on seven points: the share of 5 to 7, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Estimate>,
    /// Of `ttr`: what nine of ten stay below or at, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p90: Option<Estimate>,
    /// Against the period before, where it was asked for and can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Compared>,
    /// Of a part: against all other responses of the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<Compared>,
}

/// A score against another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The difference and its interval.
    #[serde(flatten)]
    pub difference: Difference,
    /// Whether the interval excludes 0: only then do they differ.
    pub certain: bool,
}

/// The responses that have one value of a property.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The value: `mobile`, a page's URL; a day (or the Monday of a week) as `2026-11-21`, in UTC.
    pub value: String,
    /// Of these responses.
    #[serde(flatten)]
    pub group: Group,
}

/// The period before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Previous {
    /// From when on.
    pub from: Timestamp,
    /// Until when, exclusive: where the period begins.
    pub to: Timestamp,
    /// Of its responses.
    #[serde(flatten)]
    pub whole: Group,
    /// The response rate against then.
    pub response_rate_change: Option<Compared>,
}
