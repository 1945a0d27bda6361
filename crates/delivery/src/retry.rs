//! When to try again: exponential back-off with full jitter, as section 6 of the contract asks.

use sondeo_model::{Duration, parse_int};

/// The first wait is at most this long; each further one at most twice as long as the one before.
const SHORTEST_BACKOFF_MS: u64 = 1_000;
/// No wait chosen here is longer.
pub(crate) const LONGEST_BACKOFF_MS: u64 = 300_000;
/// No wait that an endpoint asks for is obeyed for longer.
pub(crate) const LONGEST_RETRY_AFTER_MS: u64 = 86_400_000;
/// Attempts at one response on one page view; the next page view has as many.
pub const ATTEMPTS_PER_PAGE: u32 = 6;

/// How many milliseconds to wait after attempt number `attempt` (from 1, over all page views) has failed. `random` is
/// uniform in 0…255.
#[must_use]
pub fn backoff_ms(attempt: u32, random: u8) -> u64 {
    let exponent = attempt.saturating_sub(1).min(20);
    let ceiling = (SHORTEST_BACKOFF_MS << exponent).min(LONGEST_BACKOFF_MS);
    ceiling * u64::from(random) / 255
}

/// The wait that a `Retry-After` asks for (RFC 9110, section 10.2.3): seconds, or a date that the caller's
/// calendar reads as `date` (milliseconds since 1970; not a number where it is none) and compares with `now`.
///
/// From none to a day, whatever stands there; `None` for what is neither.
#[must_use]
pub fn retry_after(text: &str, date: f64, now: f64) -> Option<Duration> {
    let text = text.trim();
    // Calendars take numbers for years: what looks like a number is one.
    if text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.')) {
        let whole = text.trim_start_matches('+').split('.').next().unwrap_or_default();
        let whole = whole.trim_start_matches('0');
        let seconds = match whole.bytes().next() {
            None if text.contains('0') => 0,
            None => return None,
            Some(b'-') => 0,
            Some(_) if whole.len() > 6 => LONGEST_RETRY_AFTER_MS,
            Some(_) => u64::try_from(parse_int(whole)?).unwrap_or(0) * 1_000,
        };
        return Some(Duration::from_millis(seconds.min(LONGEST_RETRY_AFTER_MS)));
    }
    let wait = (date - now).clamp(0.0, LONGEST_RETRY_AFTER_MS as f64);
    (!date.is_nan()).then(|| Duration::from_millis(wait as u64))
}

#[cfg(test)]
mod tests {
    use super::{backoff_ms, retry_after};
    use sondeo_model::Duration;

    #[test]
    fn waits_double_up_to_five_minutes() {
        assert_eq!(
            [1, 2, 3, 4, 5].map(|it| backoff_ms(it, 255)),
            [1_000, 2_000, 4_000, 8_000, 16_000]
        );
        assert_eq!(
            [9, 10, 100, u32::MAX].map(|it| backoff_ms(it, 255)),
            [256_000, 300_000, 300_000, 300_000]
        );
        assert_eq!((backoff_ms(1, 0), backoff_ms(50, 0), backoff_ms(2, 51)), (0, 0, 400));
    }

    #[test]
    fn retry_after_is_obeyed_as_far_as_it_makes_sense() {
        let now = 1_000_000_000_000.0;
        let read = |text, date| retry_after(text, date, now).map(Duration::as_millis);
        let day = Some(86_400_000);
        for (text, expected) in [
            ("0", Some(0)),
            ("120", Some(120_000)),
            (" 7 ", Some(7_000)),
            ("+7", Some(7_000)),
            ("1.5", Some(1_000)),
            ("007", Some(7_000)),
            ("-5", Some(0)),
            ("86400", day),
            ("86401", day),
            ("99999999999999999999999999", day),
            ("", None),
            ("1-2", None),
        ] {
            // Calendars would take some of these for years.
            assert_eq!(read(text, 0.0), expected, "{text}");
        }
        let date = "Fri, 31 Dec 1999 23:59:59 GMT";
        assert_eq!(read(date, now + 5_000.0), Some(5_000));
        assert_eq!(read(date, now - 5_000.0), Some(0));
        assert_eq!(read(date, f64::INFINITY), day);
        assert_eq!(read("soon", f64::NAN), None);
    }
}
