//! A response on its way into the database.

use super::counted_as::SegmentNames;
use crate::clock;
use sondeo_model::{Response, Timestamp};

/// A response that claims to have been shown longer ago than widgets keep one (30 days, and a month to
/// spare) comes from a clock that is wrong.
const OLDEST: i64 = 60 * super::day_counts::DAY;

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

/// A response that is handed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// What the visitor did.
    pub response: Response,
    /// Who that was.
    pub sender: Sender,
}

impl From<Response> for Submission {
    fn from(response: Response) -> Self {
        Self { response, sender: Sender::Visitor }
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
    /// What it counts under.
    pub(super) names: SegmentNames,
    /// Who sent it.
    pub(super) sender: Sender,
    /// When this revision came.
    pub(super) received_at: Timestamp,
    /// Whether `shown_at` is believed however long ago it is.
    is_import: bool,
}

impl Incoming {
    /// One that comes now.
    pub(super) fn now(Submission { response, sender }: Submission) -> Self {
        let names = SegmentNames::of(&response, sender);
        let (id, body) = (response.id.to_text(), sender.mark(response.to_json()));
        Self { response, id, body, names, sender, received_at: clock::now(), is_import: false }
    }

    /// One that was exported: its times are believed.
    pub(super) fn imported(submission: Submission) -> Self {
        Self { is_import: true, ..Self::now(submission) }
    }

    /// The time that it counts for.
    pub(super) fn at(&self) -> i64 {
        let (shown, received) = (self.response.shown_at.as_millis(), self.received_at.as_millis());
        if shown < received - OLDEST && !self.is_import { received } else { shown.min(received) }
    }
}
