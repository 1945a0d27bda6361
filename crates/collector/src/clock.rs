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

/// The day since 1970-01-01 that it is in the time zone of this IANA name; in UTC where there is none of this name.
pub(crate) fn day_in(zone: &str, now: Timestamp) -> i64 {
    let utc = now.as_millis().div_euclid(DAY_MS);
    let Ok(zone) = jiff::tz::TimeZone::get(zone) else { return utc };
    let Ok(now) = jiff::Timestamp::from_millisecond(now.as_millis()) else { return utc };
    let offset = i64::from(zone.to_offset(now).seconds());
    (now.as_millisecond() + offset * 1_000).div_euclid(DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::day_in;
    use sondeo_model::Timestamp;

    #[test]
    fn a_day_is_one_of_the_time_zone() {
        let late = Timestamp::from_millis(23 * 3_600_000);
        assert_eq!(day_in("UTC", late), 0);
        assert_eq!(day_in("Europe/Madrid", late), 1);
        assert_eq!(day_in("America/New_York", Timestamp::from_millis(0)), -1);
        assert_eq!(day_in("Middle-earth/Shire", late), 0);
    }
}
