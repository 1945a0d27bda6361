//! The only place that asks what time it is, and that knows how long a day is.

use sondeo_model::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds of a day. All days are UTC, and none of them is longer or shorter.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// The present moment. A clock set before 1970 counts as 1970.
pub(crate) fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
