//! Mail that says once a day, or once a week, what the answers of a site said: each score with its interval, and whether
//! a change of it is certain.

use super::email::Mailer;
use super::kind::Kind;
use super::schedule::Verdict;
use crate::clock::{self, DAY_MS};
use crate::store::{Destination, DestinationState, site_and_survey};
use crate::{Collector, Error};
use serde_json::Value;
use sondeo_model::Timestamp;
use sondeo_model::summary::{Score, Summary};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

/// How often one looks whether a digest is due.
const LOOK: Duration = Duration::from_secs(60);
/// A day begins at eight in the site's time zone: what is read in the morning is of the day before.
const BEGINS_MS: i64 = 8 * 3_600_000;
/// Surveys of a digest, at most.
const MOST_SURVEYS: u32 = 50;

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Every {
    Day,
    Week,
}

impl Every {
    /// Of an e-mail destination: how often it wants a digest, in place of each response.
    pub(super) fn of(destination: &Destination) -> Option<Self> {
        if destination.kind != Kind::Email.as_str() {
            return None;
        }
        match destination.settings.get("digest").and_then(Value::as_str)? {
            "daily" => Some(Self::Day),
            "weekly" => Some(Self::Week),
            _ => None,
        }
    }

    fn days(self) -> i64 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
        }
    }
}

pub(super) fn is_digest(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some("daily" | "weekly") => Ok(()),
        _ => Err("must be daily or weekly".to_owned()),
    }
}

/// The day of a digest that is due now, at the latest: for one of a week a Monday.
pub(super) fn latest(every: Every, zone: &str, now: Timestamp) -> i64 {
    let today = clock::day_in(zone, Timestamp::from_millis(now.as_millis() - BEGINS_MS));
    match every {
        Every::Day => today,
        // 1970-01-01 was a Thursday.
        Every::Week => today - (today + 3).rem_euclid(7),
    }
}

/// Sends what is due, as long as there is a collector that can send mail.
pub(crate) fn follow(collector: &Arc<Collector>) {
    if collector.forwarder.shared.mailer.is_none() {
        return;
    }
    let collector = Arc::downgrade(collector);
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(LOOK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let Some(collector) = collector.upgrade() else { break };
            if let Err(error) = send_due(&collector).await {
                tracing::warn!(%error, "digests are looked at again in a minute");
            }
        }
    });
}

async fn send_due(collector: &Collector) -> Result<(), Error> {
    let Some(mailer) = &collector.forwarder.shared.mailer else { return Ok(()) };
    let published = collector.publications.now();
    for destination in collector.store.destinations(None).await? {
        let Some(every) = Every::of(&destination) else { continue };
        let Some(site) = published.site(&destination.site) else { continue };
        let now = clock::now();
        let day = latest(every, &site.site.time_zone, now);
        if destination.state != DestinationState::Active || destination.digest_day >= day {
            continue;
        }
        // One of the collectors sends it.
        if !collector.store.take_digest(destination.id, destination.digest_day, day).await? {
            continue;
        }
        let sent = match text(collector, &destination, every, now).await {
            // Nothing was answered: nobody needs to read that.
            Ok(None) => Ok(()),
            Ok(Some(text)) => send(mailer, &destination, day, text).await,
            Err(error) => Err(error.to_string()),
        };
        if let Err(reason) = sent {
            tracing::warn!(
                destination = destination.name,
                reason,
                "a digest was not sent; it is tried again"
            );
            collector.store.take_digest(destination.id, day, destination.digest_day).await?;
        }
    }
    Ok(())
}

async fn send(
    mailer: &Mailer,
    destination: &Destination,
    day: i64,
    text: String,
) -> Result<(), String> {
    let id = format!("digest-{day}-{}", super::id_text(destination.id));
    let subject = format!("{}: what visitors said", destination.name);
    let message = mailer.message(&id, &subject, text, &destination.settings)?;
    let outcome = mailer.send(&id, &message).await;
    match outcome.verdict {
        Verdict::Delivered => Ok(()),
        _ => Err(outcome.answer),
    }
}

/// What the answers said; none where there are none.
async fn text(
    collector: &Collector,
    destination: &Destination,
    every: Every,
    now: Timestamp,
) -> Result<Option<String>, Error> {
    let from = Timestamp::from_millis(now.as_millis() - every.days() * DAY_MS);
    let sites = [destination.site.clone()];
    let page = collector.store.surveys(Some(&sites), None, MOST_SURVEYS).await?;
    let mut text = String::new();
    for row in page.rows {
        let (_, id) = site_and_survey(&row.name);
        if !destination.surveys.is_empty() && !destination.surveys.iter().any(|it| it == id) {
            continue;
        }
        let summary = crate::summary::compared(collector, &row.name, from, now).await?;
        if summary.whole.responses > 0 {
            text.push_str(&words(id, &summary));
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
        "In brackets: the 95 % confidence interval and the number of answers. The rest is in the dashboard.
",
    );
    Ok(Some(format!("{period}, on {}:\n\n{text}", destination.site)))
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
    let estimate = &score.estimate;
    let name = score.name.as_str().to_uppercase();
    let mut text = format!("{name} {:.1}", estimate.value);
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => {
            let _ = write!(text, " ({low:.1} to {high:.1}, n = {})", estimate.n);
        }
        _ => {
            let _ = write!(text, " (n = {})", estimate.n);
        }
    }
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

#[cfg(test)]
mod tests {
    use super::{Every, latest};
    use sondeo_model::Timestamp;

    #[test]
    fn a_digest_is_due_at_eight_where_the_site_is() {
        // 2026-11-30T07:00:00Z, a Monday.
        let seven = Timestamp::from_millis(1_796_022_000_000);
        let monday = 1_796_022_000_000 / 86_400_000;
        assert_eq!(latest(Every::Day, "UTC", seven), monday - 1);
        assert_eq!(latest(Every::Day, "Europe/Madrid", seven), monday);
        assert_eq!(latest(Every::Week, "UTC", seven), monday - 7);
        assert_eq!(latest(Every::Week, "Europe/Madrid", seven), monday);
    }
}
