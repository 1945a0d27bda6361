//! What one response counts for, kept beside it: what was added can be taken away again exactly, also
//! when the names that it was counted under have meanwhile become "others".

use super::catalog::{Catalog, ScaleKey};
use super::incoming::Sender;
use serde::{Deserialize, Serialize};
use sondeo_model::{KindName, Response, Status, Value, is_name};

/// The value under which everything is counted that is not counted by name.
pub(super) const OTHERS: &str = "…";
/// The value of an answer that counts those who answered at all.
pub(super) const ANYONE: &str = "";
/// The value of an answer that counts those who left with it: it is their last, and they did not come to
/// the end.
pub(crate) const DROPPED_OFF: &str = "|";

/// The dimension of crawlers, whose responses belong to nothing else.
pub(crate) const CRAWLERS: &str = "crawler";

/// What one response counts for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct CountedAs {
    /// The segments that it belongs to.
    #[serde(rename = "s")]
    pub(super) segments: Vec<i64>,
    /// For each scale that it answered, the values.
    #[serde(rename = "a")]
    pub(super) answers: Vec<(i64, Vec<String>)>,
}

/// Everything that a response counts under, by name. It knows no database, so that whoever brings the response
/// can do this work and the one who writes need not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SegmentNames {
    /// Dimension and value of each segment.
    pub(super) segments: Vec<(String, String)>,
    /// Each scale that was answered, its place among the answers, and the values that it counts under besides
    /// [`ANYONE`].
    pub(super) scales: Vec<(ScaleKey, usize, Vec<String>)>,
}

impl SegmentNames {
    pub(super) fn of(response: &Response, sender: Sender) -> Self {
        match sender {
            Sender::Visitor => Self { segments: segments(response), scales: scales(response) },
            Sender::Crawler => {
                Self { segments: vec![(CRAWLERS.to_owned(), String::new())], scales: Vec::new() }
            }
        }
    }
}

fn segments(response: &Response) -> Vec<(String, String)> {
    let mut segments = vec![
        (String::new(), String::new()),
        ("device".to_owned(), response.client.device.as_str().to_owned()),
        ("language".to_owned(), response.language.clone()),
        ("trigger".to_owned(), response.trigger.clone()),
        ("page".to_owned(), response.page.url.clone()),
    ];
    for (name, value) in &response.custom {
        segments.push((format!("custom.{name}"), value.clone()));
    }
    segments
}

/// Nothing for an answer that says nothing.
fn scales(response: &Response) -> Vec<(ScaleKey, usize, Vec<String>)> {
    let mut scales = Vec::new();
    for (place, answer) in response.answers.iter().enumerate() {
        let values = match &answer.value {
            Value::Boolean(value) => vec![value.to_string()],
            Value::Integer(value) => vec![value.to_string()],
            Value::Text(text) if answer.kind == KindName::Text => {
                if text.trim().is_empty() {
                    continue;
                }
                Vec::new()
            }
            Value::Text(option) => vec![named(option)],
            Value::Options(options) if options.is_empty() => continue,
            Value::Options(options) => {
                let mut values: Vec<_> = options.iter().map(|option| named(option)).collect();
                values.sort_unstable();
                values.dedup();
                values
            }
        };
        scales.push((ScaleKey::new(answer), place, values));
    }
    if response.status != Status::Completed
        && let Some((.., values)) = scales.last_mut()
    {
        values.push(DROPPED_OFF.to_owned());
    }
    scales
}

/// An option's id counts by name, a visitor's own words do not.
fn named(option: &str) -> String {
    if is_name(option) { option.to_owned() } else { OTHERS.to_owned() }
}

impl CountedAs {
    /// Reads from the catalog, which must have been prepared for these names; what it does not hold is
    /// not counted.
    pub(super) fn of(survey: &str, names: &SegmentNames, catalog: &Catalog) -> Self {
        let mut segments: Vec<i64> = names
            .segments
            .iter()
            .filter_map(|(dimension, value)| catalog.segment(survey, dimension, value))
            .collect();
        segments.sort_unstable();
        segments.dedup();
        let answers = names
            .scales
            .iter()
            .filter_map(|(key, _, values)| {
                let scale = catalog.scale(survey, key)?;
                let mut values: Vec<String> =
                    values.iter().map(|value| scale.counted_as(value).to_owned()).collect();
                values.sort_unstable();
                values.dedup();
                Some((scale.id, values))
            })
            .collect();
        Self { segments, answers }
    }
}
