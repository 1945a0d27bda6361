//! A response on its way into the database.

use super::counted_as::SegmentNames;
use super::survey_key::key_of;
use crate::clock::{self, DAY_MS};
use sondeo_model::{Response, Status, Timestamp, is_name};

/// A response that claims to have been shown longer ago than widgets keep one (30 days, and a month to
/// spare) comes from a clock that is wrong.
const OLDEST_MS: i64 = 60 * DAY_MS;

/// Who sent a response.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sender {
    /// Somebody, as far as one can tell.
    #[default]
    Visitor,
    /// Something that calls itself a crawler or a monitor: it is stored, and counts for nothing.
    Crawler,
}

/// What a stored response of a crawler ends with. The contract has no such key, and a receiver passes it over.
const MARK: &str = ",\"crawler\":true}";

impl Sender {
    /// Who sent a response, as it is stored.
    pub(crate) fn of_stored(body: &str) -> Self {
        if body.ends_with(MARK) { Self::Crawler } else { Self::Visitor }
    }

    fn mark(self, mut body: String) -> String {
        if self == Self::Crawler && body.pop().is_some() {
            body.push_str(MARK);
        }
        body
    }
}

/// How a stored response ends whose visitor has reached an ending that the collector knows; its id stands between both. The
/// contract has no such key, either. Quotes within a text are written with a backslash, so that no sender can write this.
const ENDING: (&str, &str) = (",\"ending\":\"", "\"}");

/// The id of the ending that the visitor of a stored response has reached, where the collector knew it.
pub(crate) fn stored_ending(body: &str) -> Option<&str> {
    let (before, after) = ENDING;
    let (_, ending) = body.strip_suffix(after)?.rsplit_once(before)?;
    is_name(ending).then_some(ending)
}

fn with_ending(mut body: String, ending: Option<&str>) -> String {
    if let Some(ending) = ending
        && body.pop().is_some()
    {
        let (before, after) = ENDING;
        body.extend([before, ending, after]);
    }
    body
}

/// A response that is handed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// What the visitor did.
    pub response: Response,
    /// Who that was.
    pub sender: Sender,
    /// Of one that was exported: the moment that it counted for there, if the file says so.
    pub counts_for: Option<Timestamp>,
    /// The id of the ending that the visitor has reached, where that is known. It counts for a response that is completed.
    pub ending: Option<String>,
}

impl From<Response> for Submission {
    fn from(response: Response) -> Self {
        Self { response, sender: Sender::Visitor, counts_for: None, ending: None }
    }
}

/// A response, and what can be known of it without the database: all this is made by whoever brings it, many
/// at a time, since there is but one who writes.
#[derive(Debug, Clone)]
pub(super) struct Incoming {
    pub(super) response: Response,
    /// As it is stored.
    pub(super) id: String,
    /// As it is stored.
    pub(super) body: String,
    /// The key of its survey.
    pub(super) survey: String,
    /// What it counts under.
    pub(super) names: SegmentNames,
    /// Who sent it.
    pub(super) sender: Sender,
    /// When this revision came; of one that was imported, when it can have come at the earliest where it was collected.
    pub(super) received_at: Timestamp,
    /// The time that it counts for, in milliseconds.
    pub(super) at: i64,
    /// Whether it comes from an export: no visitor answers now, so that no limit of its survey is nearer.
    pub(super) is_imported: bool,
}

impl Incoming {
    /// One that comes now.
    pub(super) fn now(Submission { response, sender, ending, .. }: Submission) -> Self {
        let received_at = clock::now();
        let (shown, received) = (response.shown_at.as_millis(), received_at.as_millis());
        let at = if shown < received - OLDEST_MS { received } else { shown.min(received) };
        Self::new(response, (sender, ending), received_at, at)
    }

    /// One that was exported. It counts for what it counted for there; where the file does not say, for when it was
    /// shown.
    pub(super) fn imported(submission: Submission) -> Self {
        let Submission { response, sender, counts_for, ending } = submission;
        let now = clock::now();
        let at = counts_for.unwrap_or(response.shown_at).min(now);
        let received_at = at.max(response.sent_at).min(now);
        let own = Self::new(response, (sender, ending), received_at, at.as_millis());
        Self { is_imported: true, ..own }
    }

    fn new(
        response: Response,
        (sender, ending): (Sender, Option<String>),
        received_at: Timestamp,
        at: i64,
    ) -> Self {
        // What a crawler does counts for nothing, and who has not come to the end is at none.
        let is_at_end = sender == Sender::Visitor && response.status == Status::Completed;
        let ending = ending.as_deref().filter(|ending| is_at_end && is_name(ending));
        let names = SegmentNames::of(&response, sender, ending);
        let id = response.id.to_text();
        let body = sender.mark(with_ending(response.to_json(), ending));
        let survey = key_of(&response).into_owned();
        Self { response, id, body, survey, names, sender, received_at, at, is_imported: false }
    }

    /// By how much the visitor's clock is ahead of ours at least, in milliseconds. What is sent late looks as if the
    /// clock were behind, so that this is all that can be known.
    pub(super) fn clock_ahead_ms(&self) -> i64 {
        (self.response.sent_at.as_millis() - self.received_at.as_millis()).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Incoming, Sender, Submission, stored_ending};
    use sondeo_model::{Response, Status};

    fn stored(change: impl FnOnce(&mut Response), sender: Sender, ending: &str) -> String {
        let golden = include_str!("../../../model/golden/response-completed.json");
        let mut response: Response = serde_json::from_str(golden).expect("a response");
        change(&mut response);
        let ending = Some(ending.to_owned());
        Incoming::now(Submission { sender, ending, ..response.into() }).body
    }

    #[test]
    fn the_ending_stands_in_what_is_stored() {
        let body = stored(|_| {}, Sender::Visitor, "review");
        assert_eq!(stored_ending(&body), Some("review"));
        let value: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(value["ending"], "review");
        for (body, why) in [
            (stored(|it| it.status = Status::Partial, Sender::Visitor, "review"), "not the end"),
            (stored(|_| {}, Sender::Crawler, "review"), "nobody"),
            (stored(|_| {}, Sender::Visitor, "a \" b"), "no id"),
        ] {
            assert_eq!(stored_ending(&body), None, "{why}");
            serde_json::from_str::<Response>(&body).expect("it is whole");
        }
    }

    #[test]
    fn no_text_of_a_sender_is_an_ending() {
        let forge = |it: &mut Response| it.widget = "0\",\"ending\":\"review".to_owned();
        let body = stored(forge, Sender::Visitor, "not an id");
        assert_eq!(stored_ending(&body), None, "{body}");
    }
}
