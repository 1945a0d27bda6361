//! Days and weeks, in UTC.

use crate::clock::DAY_MS;
use sondeo_model::Timestamp;

/// The Monday of a day's week; days are counted from 1970-01-01, a Thursday.
pub(super) fn monday(day: i64) -> i64 {
    day - (day + 3).rem_euclid(7)
}

/// `2026-11-21`
pub(super) fn date(day: i64) -> String {
    let mut text = Timestamp::from_millis(day.saturating_mul(DAY_MS)).to_rfc3339();
    text.truncate(10);
    text
}

#[cfg(test)]
mod tests {
    use super::{date, monday};

    #[test]
    fn weeks_begin_on_monday() {
        // 2026-11-16 was a Monday.
        let day = 20_773;
        assert_eq!(date(day), "2026-11-16");
        for later in 0..7 {
            assert_eq!(monday(day + later), day);
        }
        assert_eq!(date(monday(day - 1)), "2026-11-09");
        assert_eq!(date(monday(0)), "1969-12-29");
    }
}
