//! Schemas of types that are the model's: what the interface says of them.

use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Likert,
    YesNo,
    Nps,
    Choice,
    Choices,
    Text,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    Csat,
    Ces,
    Nps,
    Ttr,
    Helpful,
}

/// A value with its 95 % interval.
#[derive(Debug, ToSchema)]
pub struct Estimate {
    pub value: f64,
    /// Null where so few answers have no interval.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// How many answers it is made of.
    pub n: u64,
}

/// A difference with its 95 % interval.
#[derive(Debug, ToSchema)]
#[schema(as = Compared)]
pub struct ScoreDifference {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// Whether the interval excludes 0.
    pub certain: bool,
}
