//! What a destination is told of in place of responses: a digest (`digest.rs`), or that a score has changed for certain
//! (`changes.rs`).
//!
//! It is looked for at eight in the morning of the site's time zone. What is found is a delivery as a response is: it is tried
//! by the same schedule, kept where it fails, and sent once more.

use super::changes::{self, Span, ToldChanges};
use super::digest::{self, Every};
use super::kind::DestinationKind;
use super::message::Message;
use crate::clock::{self, DAY_MS};
use crate::store::{StoredDestination, StoredDestinationState, survey_key};
use crate::{Collector, Error};
use serde_json::{Map, Value};
use sondeo_model::{ResponseId, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// How often one looks whether something is due.
const LOOK: Duration = Duration::from_secs(60);
/// A day begins at eight in the site's time zone: what is read in the morning is of the day before.
const BEGINS: i8 = 8;
/// Surveys that are looked at for one destination, at most.
const MOST_SURVEYS: usize = 200;
const PAGE: u32 = 100;

/// What a destination is told of in place of responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tells {
    Digest(Every),
    Changes(Span),
}

impl Tells {
    pub(super) fn of(destination: &StoredDestination) -> Option<Self> {
        Self::read(&destination.kind, &destination.settings)
    }

    fn read(kind: &str, settings: &Map<String, Value>) -> Option<Self> {
        let word = |name: &str| settings.get(name).and_then(Value::as_str);
        if let Some(span) = word("changes").and_then(Span::of) {
            return Some(Self::Changes(span));
        }
        let is_mail = kind == DestinationKind::Email.as_str();
        word("digest").filter(|_| is_mail).and_then(Every::of).map(Self::Digest)
    }

    /// Says what is wrong where both are set; the message completes a sentence that begins with `changes`.
    pub(super) fn check(settings: &Map<String, Value>) -> Result<(), String> {
        match settings.contains_key("digest") && settings.contains_key("changes") {
            true => Err("cannot stand beside digest: make a destination for each".to_owned()),
            false => Ok(()),
        }
    }

    fn every(self) -> Every {
        match self {
            Self::Digest(every) => every,
            Self::Changes(_) => Every::Day,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Digest(_) => "digest",
            Self::Changes(_) => "changes",
        }
    }

    /// What nobody answered, in the form of what it is told of.
    pub(super) fn sample(self, destination: &StoredDestination) -> Message {
        let sample = "This is a sample: no score has changed, and nobody has answered.";
        let message = match self {
            Self::Digest(_) => Message { title: digest::title(destination), ..Message::default() },
            Self::Changes(span) => changes::sample(span),
        };
        Message { text: format!("{sample}\n\n{}", message.text), ..message }
    }

    /// What there is to tell now, whatever was told before.
    pub(super) async fn now(
        self,
        collector: &Collector,
        destination: &StoredDestination,
    ) -> Result<Option<Message>, Error> {
        let now = clock::now();
        match self {
            Self::Digest(every) => {
                let from = Timestamp::from_millis(now.as_millis() - every.days() * DAY_MS);
                digest::message(collector, destination, every, from..now).await
            }
            Self::Changes(span) => {
                let found = changes::find(collector, destination, span, now).await?;
                Ok(changes::message(&found, span, &destination.site))
            }
        }
    }
}

/// The day for which it was looked last, at the latest: for one of a week a Monday.
pub(super) fn latest(every: Every, zone: &str, now: Timestamp) -> i64 {
    let day = clock::day_in(zone, now);
    let today = if now < clock::moment_in(zone, day, BEGINS) { day - 1 } else { day };
    match every {
        Every::Day => today,
        // 1970-01-01 was a Thursday.
        Every::Week => today - (today + 3).rem_euclid(7),
    }
}

/// The surveys that a destination is about, by key.
pub(super) async fn surveys(
    collector: &Collector,
    destination: &StoredDestination,
) -> Result<Vec<String>, Error> {
    let key = |id: &String| survey_key(&destination.site, id).into_owned();
    if !destination.surveys.is_empty() {
        return Ok(destination.surveys.iter().map(key).collect());
    }
    let sites = [destination.site.clone()];
    let mut keys = Vec::new();
    let mut after = None;
    while keys.len() < MOST_SURVEYS {
        let page = collector.store.surveys(Some(&sites), after.as_deref(), PAGE).await?;
        keys.extend(page.rows.into_iter().map(|row| row.name));
        if page.next.is_none() {
            break;
        }
        after = page.next;
    }
    keys.truncate(MOST_SURVEYS);
    Ok(keys)
}

/// What a delivery is called after: a response, or the notice of a day (`digest-2026-11-30`).
pub(crate) fn subject_of(text: &str) -> Option<String> {
    match ResponseId::parse(text) {
        Ok(id) => Some(id.to_text()),
        Err(_) => is_notice(text).then(|| text.to_owned()),
    }
}

/// Whether it is called after the notice of a day.
pub(super) fn is_notice(id: &str) -> bool {
    let day = id.strip_prefix("digest-").or_else(|| id.strip_prefix("changes-"));
    day.is_some_and(|day| {
        day.len() == 10 && day.bytes().all(|it| it.is_ascii_digit() || it == b'-')
    })
}

fn id_of(tells: Tells, day: i64) -> String {
    let mut date = Timestamp::from_millis(day.saturating_mul(DAY_MS)).to_rfc3339();
    date.truncate(10);
    format!("{}-{date}", tells.word())
}

/// Looks for what is due, as long as there is a collector.
pub(crate) fn follow(collector: &Arc<Collector>) {
    let collector = Arc::downgrade(collector);
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(LOOK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let Some(collector) = collector.upgrade() else { break };
            if let Err(error) = queue_due(&collector).await {
                tracing::warn!(%error, "digests and changes are looked for again in a minute");
            }
        }
    });
}

async fn queue_due(collector: &Collector) -> Result<(), Error> {
    let published = collector.publications.now();
    for destination in collector.store.destinations(None).await? {
        let Some(tells) = Tells::of(&destination) else { continue };
        let Some(site) = published.site(&destination.site) else { continue };
        let now = clock::now();
        let day = latest(tells.every(), &site.site.time_zone, now);
        if destination.state != StoredDestinationState::Active || destination.digest_day >= day {
            continue;
        }
        let zone = &site.site.time_zone;
        if let Err(error) = queue(collector, &destination, (tells, day), (zone, now)).await {
            let name = &destination.name;
            tracing::warn!(destination = name, %error, "what it is told of is looked for again in a minute");
        }
    }
    Ok(())
}

async fn queue(
    collector: &Collector,
    destination: &StoredDestination,
    (tells, day): (Tells, i64),
    (zone, now): (&str, Timestamp),
) -> Result<(), Error> {
    let (message, told) = match tells {
        Tells::Digest(every) => {
            // However late it is: between two of them, nothing is in none or in both.
            let begins = |day| clock::moment_in(zone, day, BEGINS);
            let period = begins(day - every.days())..begins(day);
            let message = digest::message(collector, destination, every, period).await?;
            (message, destination.told.clone())
        }
        Tells::Changes(span) => {
            let found = changes::find(collector, destination, span, now).await?;
            let before: ToldChanges = serde_json::from_str(&destination.told).unwrap_or_default();
            let (fresh, told) = changes::fresh(found, &before);
            let told = serde_json::to_string(&told).map_err(|_| Error::Internal)?;
            (changes::message(&fresh, span, &destination.site), told)
        }
    };
    // Where there is nothing to say nobody needs to read that.
    let body = message.map(|message| serde_json::to_string(&message));
    let body = body.transpose().map_err(|_| Error::Internal)?;
    let id = id_of(tells, day);
    let notice = body.as_deref().map(|body| (&*id, body));
    // Of several collectors, one writes it down.
    collector.store.queue_notice(destination, (day, &told), notice).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Every, Span, Tells, id_of, is_notice, latest, subject_of};
    use serde_json::json;
    use sondeo_model::Timestamp;

    #[test]
    fn a_day_begins_at_eight_where_the_site_is() {
        // 2026-11-30T07:00:00Z, a Monday.
        let seven = Timestamp::from_millis(1_796_022_000_000);
        let monday = 1_796_022_000_000 / 86_400_000;
        assert_eq!(latest(Every::Day, "UTC", seven), monday - 1);
        assert_eq!(latest(Every::Day, "Europe/Madrid", seven), monday);
        assert_eq!(latest(Every::Week, "UTC", seven), monday - 7);
        assert_eq!(latest(Every::Week, "Europe/Madrid", seven), monday);
        assert_eq!(id_of(Tells::Digest(Every::Day), monday), "digest-2026-11-30");
    }

    #[test]
    fn notices_are_told_from_responses() {
        let response = "0199a3c2-5f1e-7a3b-8c4d-0123456789ab";
        assert_eq!(subject_of(response).as_deref(), Some(response));
        assert_eq!(subject_of("changes-2026-11-30").as_deref(), Some("changes-2026-11-30"));
        assert!(is_notice("digest-2026-11-30") && !is_notice(response));
        for text in ["digest-", "digest-2026-11-3x", "other-2026-11-30", "", "digest-2026-11-300"] {
            assert_eq!(subject_of(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_told_of_is_read_from_the_settings() {
        let read = |kind: &str, settings: serde_json::Value| {
            Tells::read(kind, settings.as_object().expect("an object"))
        };
        assert_eq!(read("slack", json!({})), None);
        let changes = Some(Tells::Changes(Span::Week));
        assert_eq!(read("slack", json!({"changes": "week"})), changes);
        assert_eq!(read("email", json!({"changes": "week"})), changes);
        let digest = Some(Tells::Digest(Every::Week));
        assert_eq!(read("email", json!({"digest": "weekly"})), digest);
        assert_eq!(read("slack", json!({"digest": "weekly"})), None, "mail alone has digests");
    }
}
