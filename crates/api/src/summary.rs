//! What the collector says about a survey: the answers of `GET /v1/surveys/{id}/summary` and `GET /v1/summaries`.
//!
//! Shares are percentages 0 to 100, Net Promoter Scores −100 to 100, effort 1 to 7, times minutes;
//! moments are RFC 3339. What nobody answered is null. The numbers are rounded to what their readers use:
//! one decimal, of means two.

use serde::{Deserialize, Serialize};
use sondeo_model::metric::{Difference, Estimate};
use sondeo_model::{KindName, Metric, Timestamp};
use std::collections::BTreeMap;

/// The summaries of several surveys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summaries {
    pub summaries: Vec<Summary>,
}

/// A survey's answers within a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summary {
    /// The site of the survey, where that is not `default`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    pub survey: String,
    /// What people call it in the studio or in its file; not there, where nobody has named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// From when on responses count, by when they were shown.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub from: Option<Timestamp>,
    /// Until when, exclusive.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub to: Option<Timestamp>,
    // Of all responses of the period.
    #[serde(flatten)]
    pub whole: Group,
    /// What `by` may name.
    pub dimensions: Vec<String>,
    /// Those of them, and `custom` (fields), `question`, `option` and `wording`, of which there are too many: some count
    /// together as `…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crowded: Vec<String>,
    /// The same, part by part, under each property that was asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by: BTreeMap<String, Vec<Part>>,
    /// How many responses came from crawlers and monitors, which are in no other number here.
    pub crawlers: u64,
    /// With `compare=previous`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
}

/// A set of responses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Group {
    /// How many there are, whatever became of them.
    pub shown: u64,
    /// How many have an answer.
    pub responses: u64,
    // How many came to the end.
    pub completed: u64,
    // How many were closed without an answer.
    pub dismissed: u64,
    /// `responses` of `shown`, in percent; null where pages report answers alone.
    // There (`data-report="answers"`), who did not answer is unknown.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::schema::Estimate>))]
    pub response_rate: Option<Estimate>,
    /// `completed` of `responses`, in percent.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::schema::Estimate>))]
    pub completion: Option<Estimate>,
    /// In the order asked; one that was asked on several scales has an entry for each.
    // They are not mixed.
    pub questions: Vec<QuestionSummary>,
    /// Which endings were reached: those of the survey in their order, and others of earlier versions. It is known of
    /// completed responses whose version the collector knew when they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endings: Vec<EndingSummary>,
}

/// The responses that came to one ending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Ending))]
pub struct EndingSummary {
    /// `…` is everything that is not counted by name.
    pub id: String,
    /// What visitors read there, by language, without links; nothing where the survey has no such ending any more.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text: BTreeMap<String, String>,
    pub responses: u64,
}

/// The answers to one question on one scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Question))]
pub struct QuestionSummary {
    pub question: String,
    /// What is asked, by language: the text of the survey's definition where the collector has one in this language, else
    /// the latest wording of the period.
    pub text: BTreeMap<String, String>,
    /// Every wording of the period, where a language had more than one.
    // In the order of their days; their answers are together here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wordings: Vec<Asked>,
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Kind))]
    pub kind: KindName,
    /// On `likert` questions alone.
    #[cfg_attr(feature = "openapi", schema(minimum = 2, maximum = 11))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<u8>,
    /// How many answered.
    pub n: u64,
    /// How often each value was given; `…` is everything that is not counted by name.
    // Of a text, nothing.
    pub counts: BTreeMap<String, u64>,
    /// What visitors read for an option, or in the place of a point of a scale, by language, where the collector knows it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, BTreeMap<String, String>>,
    /// What visitors wrote beside the option `other`, the latest first and 20 at most, among all responses of the period.
    /// All of it is among the comments.
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<String>,
    /// Where the question feeds a metric.
    pub metric: Option<Score>,
    /// Of those who answered it, who left with it, in percent.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::schema::Estimate>))]
    pub drop_off: Option<Estimate>,
    /// What changed, so that answers should not be compared unseen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Change>,
}

/// A question in the words of some days (UTC).
// They are those for which an answer to it counts; they may lie before the period, and after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Asked {
    pub language: String,
    pub text: String,
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    pub first: String,
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    pub last: String,
}

// What changed about a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It was also asked with another kind, number of points or metric: that is another entry.
    Scale,
    /// One language had more than one wording in the period: see [`QuestionSummary::wordings`].
    Wording,
}

/// The score of a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Score {
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Metric))]
    pub name: Metric,
    #[cfg_attr(feature = "openapi", schema(value_type = crate::schema::Estimate))]
    #[serde(flatten)]
    pub estimate: Estimate,
    /// Below 30 answers it is too few to tell.
    pub enough: bool,
    /// Of `ces` on seven points: the share of 5 to 7, in percent.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::schema::Estimate>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Estimate>,
    /// Of `ttr`: what nine of ten stay below or at, in minutes.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::schema::Estimate>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p90: Option<Estimate>,
    /// Against the period before.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::schema::ScoreDifference>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Compared>,
    /// Of a part: against all other responses of the period.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::schema::ScoreDifference>))]
    #[serde(skip_serializing_if = "Option::is_none")]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Part {
    /// A day or the Monday of a week as `2026-11-21`, in UTC; `…` is everything that is not counted by name.
    // Of other properties the value itself: `mobile`, a page's URL.
    pub value: String,
    #[serde(flatten)]
    pub group: Group,
}

/// The period before, of the same length.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Previous {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub from: Timestamp,
    // Exclusive: where the period begins.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub to: Timestamp,
    #[serde(flatten)]
    pub whole: Group,
    // The response rate against then.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::schema::ScoreDifference>))]
    pub response_rate_change: Option<Compared>,
}
