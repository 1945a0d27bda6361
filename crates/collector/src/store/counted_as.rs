//! What one response counts for, kept beside it: what was added can be taken away again exactly, also
//! when the names that it was counted under have meanwhile become "others".
//!
//! How many rows of counts one response makes is bounded here, whatever it holds.

use super::catalog::{Catalog, ScaleKey};
use super::counted::{Counted, OTHERS};
use super::incoming::Sender;
use super::survey_key::key_of;
use serde::{Deserialize, Serialize};
use sondeo_model::{KindName, Response, Status, Value, is_name};

/// Counts of answers, at most, that one response makes among all responses of its survey. Each answer makes one,
/// and one for each value; where they are more, the last values count together.
pub(super) const MOST_PAIRS: usize = 250;
/// Counts of answers, at most, that one response makes in all: among all responses, and among those of its page,
/// its device and so on. Where they are more, the latter count the first questions alone.
pub(super) const MOST_ROWS: usize = 600;

/// The dimension of crawlers, whose responses belong to nothing else.
pub(crate) const CRAWLERS: &str = "crawler";

/// What one response counts for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct CountedAs {
    /// The segments that it belongs to; the first one is everybody.
    #[serde(rename = "s")]
    pub(super) segments: Vec<i64>,
    /// For each scale that it answered, the values.
    #[serde(rename = "a")]
    pub(super) answers: Vec<(i64, Vec<Counted>)>,
    /// Whether it has an answer.
    #[serde(rename = "r", default)]
    pub(super) answered: bool,
    /// How many counts of answers every segment but the first takes; none for all.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub(super) most_in_part: Option<usize>,
    /// The wordings that its visitor read.
    #[serde(rename = "w", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) wordings: Vec<i64>,
}

/// Everything that a response counts under, by name. It knows no database, so that whoever brings the response
/// can do this work and the one who writes need not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SegmentNames {
    /// Dimension and value of each segment; the first one is everybody.
    pub(super) segments: Vec<(String, String)>,
    /// Each scale that was answered.
    pub(super) scales: Vec<AnsweredScale>,
}

/// An answer that counts, or the ending that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AnsweredScale {
    pub(super) key: ScaleKey,
    /// Its place among the answers of the response; of an ending, that behind them.
    pub(super) index: usize,
    /// What it counts under besides [`Counted::Anyone`].
    pub(super) values: Vec<Counted>,
}

impl SegmentNames {
    pub(super) fn of(response: &Response, sender: Sender, ending: Option<&str>) -> Self {
        match sender {
            Sender::Visitor => {
                let mut scales = scales(response, ending);
                cut(&mut scales);
                Self { segments: segments(response), scales }
            }
            Sender::Crawler => {
                Self { segments: vec![(CRAWLERS.to_owned(), String::new())], scales: Vec::new() }
            }
        }
    }

    /// The same, with all values, whatever the bound was when the response was counted.
    pub(super) fn uncut(response: &Response, sender: Sender, ending: Option<&str>) -> Self {
        let scales = match sender {
            Sender::Visitor => scales(response, ending),
            Sender::Crawler => Vec::new(),
        };
        Self { scales, ..Self::of(response, sender, ending) }
    }

    /// Whether there is an answer among what counts.
    pub(super) fn is_answered(&self) -> bool {
        self.scales.iter().any(|scale| !scale.key.is_of_endings())
    }

    /// Whether it belongs to somebody, as far as one can tell.
    pub(super) fn are_of_a_visitor(&self) -> bool {
        self.segments.iter().all(|(dimension, _)| dimension != CRAWLERS)
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
    if let Some(version) = response.survey_version {
        segments.push(("version".to_owned(), version.to_string()));
    }
    for (name, value) in &response.custom {
        segments.push((format!("custom.{name}"), value.clone()));
    }
    segments
}

/// Nothing for an answer that says nothing. The ending comes first: parts of the responses count the first ones, where
/// there are many.
fn scales(response: &Response, ending: Option<&str>) -> Vec<AnsweredScale> {
    let mut scales = Vec::new();
    scales.extend(ending.map(|ending| AnsweredScale {
        key: ScaleKey::endings(),
        index: response.answers.len(),
        values: vec![named(ending)],
    }));
    for (index, answer) in response.answers.iter().enumerate() {
        let values = match &answer.value {
            Value::Boolean(value) => vec![Counted::Value(value.to_string())],
            Value::Integer(value) => vec![Counted::Value(value.to_string())],
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
        scales.push(AnsweredScale { key: ScaleKey::new(answer), index, values });
    }
    if response.status != Status::Completed
        && let Some(last) = scales.last_mut()
    {
        last.values.push(Counted::DroppedOff);
    }
    scales
}

/// Keeps to [`MOST_PAIRS`]: each answer takes its place, and a value; what is left is for those who chose many. It is
/// done before names are given, so that what is not counted by name takes no place of a name.
fn cut(scales: &mut [AnsweredScale]) {
    let is_left = |it: &AnsweredScale| it.values.contains(&Counted::DroppedOff);
    let dropped_off = usize::from(scales.iter().any(is_left));
    let mut spare = MOST_PAIRS.saturating_sub(2 * scales.len() + dropped_off);
    for AnsweredScale { values, .. } in scales {
        let more = values.len().saturating_sub(1);
        if more > spare {
            let dropped_off = values.contains(&Counted::DroppedOff);
            values.retain(|value| matches!(value, Counted::Value(_)));
            values.truncate(spare);
            values.push(Counted::Others);
            values.extend(dropped_off.then_some(Counted::DroppedOff));
        }
        spare = spare.saturating_sub(more);
    }
}

/// An option's id counts by name, a visitor's own words do not.
fn named(option: &str) -> Counted {
    if is_name(option) { Counted::Value(option.to_owned()) } else { Counted::Others }
}

impl CountedAs {
    /// Reads from the catalog, which must have been prepared for this response.
    pub(super) fn of(response: &Response, names: &SegmentNames, catalog: &Catalog) -> Self {
        let survey = &*key_of(response);
        let mut ids = names
            .segments
            .iter()
            .filter_map(|(dimension, value)| catalog.segment(survey, dimension, value));
        let everybody = ids.next();
        let mut segments: Vec<i64> = ids.collect();
        segments.sort_unstable();
        segments.dedup();
        segments.splice(..0, everybody);
        let mut answers = Vec::with_capacity(names.scales.len());
        let mut wordings = Vec::new();
        for AnsweredScale { key, index, values } in &names.scales {
            let Some(scale) = catalog.scale(survey, key) else {
                answers.extend(catalog.other_scales(survey).map(|id| (id, Vec::new())));
                continue;
            };
            let mut values: Vec<_> = values.iter().map(|value| scale.counted_as(value)).collect();
            values.sort_unstable();
            values.dedup();
            if let Some(answer) = response.answers.get(*index) {
                wordings.extend(scale.wording(&response.language, &answer.text));
            }
            answers.push((scale.id, values));
        }
        let pairs: usize = answers.iter().map(|(_, values)| 1 + values.len()).sum();
        let parts = segments.len().saturating_sub(1);
        let most_in_part =
            MOST_ROWS.saturating_sub(pairs).checked_div(parts).filter(|most| *most < pairs);
        let answered = names.is_answered();
        Self { segments, answers, answered, most_in_part, wordings }
    }

    /// For each segment, the answers that it counts.
    pub(super) fn parts(&self) -> impl Iterator<Item = (i64, &[(i64, Vec<Counted>)])> {
        let all = &self.answers[..];
        let first = match self.most_in_part {
            None => all,
            Some(most) => {
                let mut pairs = 0;
                let fits = |(_, values): &&(i64, Vec<Counted>)| {
                    pairs += 1 + values.len();
                    pairs <= most
                };
                &all[..all.iter().take_while(fits).count()]
            }
        };
        let counted = std::iter::once(all).chain(std::iter::repeat(first));
        self.segments.iter().copied().zip(counted)
    }
}

/// Whether this is the value of those who are not counted by name.
pub(super) fn is_others(value: &str) -> bool {
    value == OTHERS
}
