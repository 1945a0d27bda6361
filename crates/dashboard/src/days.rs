//! Days in UTC, as the collector counts them: days since 1970-01-01.

use sondeo_model::Timestamp;

const DAY: i64 = 86_400_000;

/// Today.
pub(crate) fn today() -> i64 {
    (js_sys::Date::now() as i64).div_euclid(DAY)
}

/// The day of a moment.
pub(crate) fn of(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(DAY)
}

/// `2026-11-21`
pub(crate) fn date(day: i64) -> String {
    let mut text = Timestamp::from_millis(day * DAY).to_rfc3339();
    text.truncate(10);
    text
}

/// The day that `2026-11-21` means.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let moment: Timestamp = format!("{text}T00:00:00Z").parse().ok()?;
    Some(of(moment))
}

#[cfg(test)]
mod tests {
    use super::{date, parse};

    #[test]
    fn days_come_back_as_they_went() {
        assert_eq!(parse("1970-01-02"), Some(1));
        assert_eq!(parse("2026-11-21").map(date).as_deref(), Some("2026-11-21"));
        assert_eq!(parse("2026-02-30"), None);
        assert_eq!(parse("yesterday"), None);
    }
}
