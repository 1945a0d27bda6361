//! Mail that says once a day, or once a week, what the answers of a site said: each score with its interval, and whether
//! a change of it is certain.

use super::message::Message;
use super::notice::surveys;
use crate::store::{StoredDestination, site_and_survey};
use crate::{Collector, Error};
use serde_json::Value;
use sondeo_api::summary::{Score, Summary};
use sondeo_model::Timestamp;
use sondeo_model::metric::Estimate;
use std::fmt::Write as _;
use std::ops::Range;

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Every {
    Day,
    Week,
}

impl Every {
    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "daily" => Some(Self::Day),
            "weekly" => Some(Self::Week),
            _ => None,
        }
    }

    pub(super) fn days(self) -> i64 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
        }
    }
}

pub(super) fn is_digest(value: &Value) -> Result<(), String> {
    match value.as_str().and_then(Every::of) {
        Some(_) => Ok(()),
        None => Err("must be daily or weekly".to_owned()),
    }
}

pub(super) fn title(destination: &StoredDestination) -> String {
    format!("{}: what visitors said", destination.name)
}

/// What the answers said; none where there are none.
pub(super) async fn message(
    collector: &Collector,
    destination: &StoredDestination,
    every: Every,
    period: Range<Timestamp>,
) -> Result<Option<Message>, Error> {
    let mut text = String::new();
    for key in surveys(collector, destination).await? {
        let summary = crate::summary::compared(collector, &key, period.start, period.end).await?;
        if summary.whole.responses > 0 {
            text.push_str(&words(site_and_survey(&key).1, &summary));
        }
    }
    if text.is_empty() {
        return Ok(None);
    }
    let period = match every {
        Every::Day => "In the last 24 hours",
        Every::Week => "In the last 7 days",
    };
    text.push_str(
        "In brackets: the 95 % confidence interval and the number of answers. The rest is in the dashboard.\n",
    );
    let text = format!("{period}, on {}:\n\n{text}", destination.site);
    Ok(Some(Message { title: title(destination), text, ..Message::default() }))
}

fn words(survey: &str, summary: &Summary) -> String {
    let whole = &summary.whole;
    let mut text = format!("{survey}: {} answered, {} completed", whole.responses, whole.completed);
    if whole.shown > 0 {
        let _ = write!(text, " (shown {} times)", whole.shown);
    }
    text.push('\n');
    for question in &whole.questions {
        let Some(score) = &question.metric else { continue };
        let asked =
            question.text.values().next().map_or(question.question.as_str(), String::as_str);
        let _ = writeln!(text, "  {asked}\n  {}", score_words(score));
    }
    text.push('\n');
    text
}

fn score_words(score: &Score) -> String {
    let name = score.name.as_str().to_uppercase();
    let mut text = format!("{name} {}", estimate_words(&score.estimate));
    if !score.enough {
        text.push_str(": too few to tell");
    } else if let Some(change) = &score.change {
        let by = change.difference.value;
        let _ = match (change.certain, by < 0.0) {
            (true, true) => write!(text, ": certainly lower than before, by {:.1}", -by),
            (true, false) => write!(text, ": certainly higher than before, by {by:.1}"),
            (false, _) => write!(text, ": no certain change"),
        };
    }
    text
}

/// A score with its interval and its n.
pub(super) fn estimate_words(estimate: &Estimate) -> String {
    let Estimate { value, low, high, n } = estimate;
    match (low, high) {
        (Some(low), Some(high)) => format!("{value:.1} ({low:.1} to {high:.1}, n = {n})"),
        _ => format!("{value:.1} (n = {n})"),
    }
}
