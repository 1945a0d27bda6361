//! The payload of the contract for the document. What a response is, the model says: a test holds both
//! together.
#![allow(dead_code, reason = "only its shape is of interest")]

use serde::Serialize;
use sondeo_api::schema::{Kind, Metric};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// All that one visitor did with one showing of one survey.
#[derive(Serialize, ToSchema)]
pub(crate) struct Response {
    /// The version of the payload: 1.
    #[schema(minimum = 1, maximum = 1)]
    sondeo: u8,
    /// A UUID of version 7; stays the same through revisions and retries.
    #[schema(format = Uuid)]
    id: String,
    /// Counts the states from 1; the highest is kept.
    #[schema(minimum = 1)]
    revision: u32,
    status: Status,
    /// The site of a survey that this collector manages; without one, `default`.
    #[schema(pattern = "^[a-z0-9-]{1,64}$")]
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<String>,
    /// The id of the survey.
    #[schema(pattern = "^[a-z0-9-]{1,64}$")]
    survey: String,
    /// The published version of the survey, counted from 1.
    #[schema(minimum = 1)]
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[schema(pattern = "^[a-z0-9-]{1,64}$")]
    template: Option<String>,
    #[schema(min_length = 1, max_length = 256)]
    trigger: String,
    #[schema(min_length = 1, max_length = 256)]
    language: String,
    /// All answers so far.
    #[schema(max_items = 100)]
    answers: Vec<Answer>,
    #[schema(format = DateTime)]
    shown_at: String,
    #[schema(format = DateTime)]
    sent_at: String,
    elapsed_ms: u64,
    page: Page,
    client: Client,
    #[schema(minimum = 1)]
    visit: u32,
    visitor: Option<String>,
    user: Option<String>,
    custom: BTreeMap<String, String>,
    widget: String,
    /// Which ending of the survey was reached, as far as the collector knows. It finds that out by itself: no sender says it.
    #[schema(read_only, pattern = "^[a-z0-9-]{1,64}$")]
    #[serde(skip_serializing_if = "Option::is_none")]
    ending: Option<String>,
}

/// One that was given to try a draft, and counts for nothing.
#[derive(Serialize, ToSchema)]
pub(crate) struct TestResponse {
    #[serde(flatten)]
    response: Response,
    /// `true`.
    test: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Shown,
    Partial,
    Completed,
    Dismissed,
}

/// One question as the visitor saw it, with the value given.
#[derive(Serialize, ToSchema)]
struct Answer {
    #[schema(pattern = "^[a-z0-9-]{1,64}$")]
    question: String,
    #[schema(max_length = 10_000)]
    text: String,
    kind: Kind,
    /// On `likert` questions alone.
    #[schema(minimum = 2, maximum = 11)]
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: Option<Metric>,
    value: Value,
    /// What the visitor wrote beside the option `other`, where that is the value or one of its options.
    #[schema(max_length = 10_000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum Value {
    Point(i64),
    YesNo(bool),
    Text(String),
    Options(Vec<String>),
}

#[derive(Serialize, ToSchema)]
struct Page {
    /// Without query and fragment.
    #[schema(min_length = 1, max_length = 4096)]
    url: String,
    title: String,
    referrer: String,
}

#[derive(Serialize, ToSchema)]
struct Client {
    language: String,
    time_zone: Option<String>,
    device: Device,
    /// Width and height in CSS pixels.
    viewport: [u32; 2],
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Device {
    Mobile,
    Tablet,
    Desktop,
}
