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

/// The moment at which it is this hour of a day since 1970-01-01 there; in UTC where there is no zone of this name.
pub(crate) fn moment_in(zone: &str, day: i64, hour: i8) -> Timestamp {
    let utc = Timestamp::from_millis(day * DAY_MS + i64::from(hour) * 3_600_000);
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let date = jiff::Span::new().try_days(day).and_then(|days| {
        jiff::civil::date(1970, 1, 1).at(hour, 0, 0, 0).checked_add(days)?.to_zoned(zone)
    });
    date.map_or(utc, |it| Timestamp::from_millis(it.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::{day_in, moment_in};
    use sondeo_model::Timestamp;

    #[test]
    fn a_day_is_one_of_the_time_zone() {
        let late = Timestamp::from_millis(23 * 3_600_000);
        assert_eq!(day_in("UTC", late), 0);
        assert_eq!(day_in("Europe/Madrid", late), 1);
        assert_eq!(day_in("America/New_York", Timestamp::from_millis(0)), -1);
        assert_eq!(day_in("Middle-earth/Shire", late), 0);
    }

    #[test]
    fn eight_is_eight_when_the_clock_has_changed() {
        let at = |zone, day| moment_in(zone, day, 8).to_rfc3339();
        // 2026-03-29 and 2026-10-25.
        assert_eq!(at("Europe/Madrid", 20_540), "2026-03-28T07:00:00.000Z");
        assert_eq!(at("Europe/Madrid", 20_541), "2026-03-29T06:00:00.000Z");
        assert_eq!(at("Europe/Madrid", 20_751), "2026-10-25T07:00:00.000Z");
        assert_eq!(at("Middle-earth/Shire", 0), "1970-01-01T08:00:00.000Z");
    }
}
