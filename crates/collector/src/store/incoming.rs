//! A response on its way into the database.

use super::counted_as::SegmentNames;
use crate::clock;
use sondeo_model::{Response, Timestamp};

/// A response that claims to have been shown longer ago than widgets keep one (30 days, and a month to
/// spare) comes from a clock that is wrong.
const OLDEST: i64 = 60 * super::day_counts::DAY;

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
    /// When this revision came.
    pub(super) received_at: Timestamp,
    /// Whether `shown_at` is believed however long ago it is.
    is_import: bool,
}

impl Incoming {
    /// One that comes now.
    pub(super) fn now(response: Response) -> Self {
        let names = SegmentNames::of(&response);
        let (id, body) = (response.id.to_text(), response.to_json());
        Self { response, id, body, names, received_at: clock::now(), is_import: false }
    }

    /// One that was exported: its times are believed.
    pub(super) fn imported(response: Response) -> Self {
        Self { is_import: true, ..Self::now(response) }
    }

    /// The time that it counts for.
    pub(super) fn at(&self) -> i64 {
        let (shown, received) = (self.response.shown_at.as_millis(), self.received_at.as_millis());
        if shown < received - OLDEST && !self.is_import { received } else { shown.min(received) }
    }
}
