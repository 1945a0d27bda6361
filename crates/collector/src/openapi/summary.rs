//! What `/v1/surveys/{id}/summary` answers, for the document. The model has the types; a test holds real answers
//! against these.
#![allow(dead_code, reason = "only its shape is of interest")]

use super::payload::{Kind, Metric};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A survey's answers within a period.
#[derive(Serialize, ToSchema)]
pub(crate) struct Summary {
    survey: String,
    /// What people call it in the studio or in its file; not there, where nobody has named it.
    name: Option<String>,
    /// From when on responses count, by when they were shown.
    #[schema(format = DateTime)]
    from: Option<String>,
    /// Until when, exclusive.
    #[schema(format = DateTime)]
    to: Option<String>,
    #[serde(flatten)]
    whole: Group,
    /// What `by` may name.
    dimensions: Vec<String>,
    /// Those of them, and `custom` (fields), `question`, `option` and `wording`, of which there are too many: some count
    /// together as `…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    crowded: Vec<String>,
    /// The same, part by part, under each property that was asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    by: BTreeMap<String, Vec<Part>>,
    /// How many responses came from crawlers and monitors, which are in no other number here.
    crawlers: u64,
    /// With `compare=previous`.
    previous: Option<Previous>,
}

/// A set of responses.
#[derive(Serialize, ToSchema)]
struct Group {
    /// How many there are, whatever became of them.
    shown: u64,
    /// How many have an answer.
    responses: u64,
    completed: u64,
    dismissed: u64,
    /// `responses` of `shown`, in percent; null where pages report answers alone.
    response_rate: Option<Estimate>,
    /// `completed` of `responses`, in percent.
    completion: Option<Estimate>,
    /// In the order asked; one that was asked on several scales has an entry for each.
    questions: Vec<Question>,
    /// Which endings were reached: those of the survey in their order, and others of earlier versions. It is known of
    /// completed responses whose version the collector knew when they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    endings: Vec<Ending>,
}

/// The responses that came to one ending.
#[derive(Serialize, ToSchema)]
struct Ending {
    /// `…` is everything that is not counted by name.
    id: String,
    /// What visitors read there, by language, without links; nothing where the survey has no such ending any more.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    text: BTreeMap<String, String>,
    responses: u64,
}

/// The answers to one question on one scale.
#[derive(Serialize, ToSchema)]
struct Question {
    question: String,
    /// What visitors read, by language: the latest wording of the period.
    text: BTreeMap<String, String>,
    /// Every wording of the period, where a language had more than one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    wordings: Vec<Asked>,
    kind: Kind,
    /// On `likert` questions alone.
    #[schema(minimum = 2, maximum = 11)]
    points: Option<u8>,
    /// How many answered.
    n: u64,
    /// How often each value was given; `…` is everything that is not counted by name.
    counts: BTreeMap<String, u64>,
    /// What visitors read for an option, or in the place of a point of a scale, by language, where the collector knows it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    options: BTreeMap<String, BTreeMap<String, String>>,
    /// What visitors wrote beside the option `other`, the latest first and 20 at most, among all responses of the period.
    /// All of it is among the comments.
    #[schema(max_items = 20)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    other: Vec<String>,
    /// Where the question feeds a metric.
    metric: Option<Score>,
    /// Of those who answered it, who left with it, in percent.
    drop_off: Option<Estimate>,
    /// What changed, so that answers should not be compared unseen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    changed: Vec<Change>,
}

/// A question in the words of some days (UTC).
#[derive(Serialize, ToSchema)]
struct Asked {
    language: String,
    text: String,
    #[schema(format = Date)]
    first: String,
    #[schema(format = Date)]
    last: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Change {
    Scale,
    Wording,
}

/// A value with its 95 % interval.
#[derive(Serialize, ToSchema)]
struct Estimate {
    value: f64,
    /// Null where so few answers have no interval.
    low: Option<f64>,
    high: Option<f64>,
    /// How many answers it is made of.
    n: u64,
}

/// The score of a question.
#[derive(Serialize, ToSchema)]
struct Score {
    name: Metric,
    #[serde(flatten)]
    estimate: Estimate,
    /// Below 30 answers it is too few to tell.
    enough: bool,
    /// Of `ces` on seven points: the share of 5 to 7, in percent.
    agreement: Option<Estimate>,
    /// Of `ttr`: what nine of ten stay below or at, in minutes.
    p90: Option<Estimate>,
    /// Against the period before.
    change: Option<Compared>,
    /// Of a part: against all other responses of the period.
    rest: Option<Compared>,
}

/// A difference with its 95 % interval.
#[derive(Serialize, ToSchema)]
struct Compared {
    value: f64,
    low: f64,
    high: f64,
    /// Whether the interval excludes 0.
    certain: bool,
}

/// The responses that have one value of a property.
#[derive(Serialize, ToSchema)]
struct Part {
    /// A day or the Monday of a week as `2026-11-21`, in UTC; `…` is everything that is not counted by name.
    value: String,
    #[serde(flatten)]
    group: Group,
}

/// The period before, of the same length.
#[derive(Serialize, ToSchema)]
struct Previous {
    #[schema(format = DateTime)]
    from: String,
    #[schema(format = DateTime)]
    to: String,
    #[serde(flatten)]
    whole: Group,
    response_rate_change: Option<Compared>,
}
