//! When to try again: exponential back-off with full jitter, as section 6 of the contract asks.

use crate::Duration;

/// What became of one attempt to deliver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// No answer that could be read to its end, or not our receipt: no network, no such host, a refused
    /// preflight, a redirect, a portal that answers in the endpoint's place.
    Unreachable,
    /// An answer with this HTTP status, and the wait that its `Retry-After` asks for, if it names one.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The wait that the endpoint asks for.
        retry_after: Option<Duration>,
    },
    /// Sent to an endpoint that lets nobody read its answer.
    Unconfirmed,
}

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// The endpoint has it, as far as can be known.
    Acknowledged,
    /// Not before this wait is over.
    Again(Duration, RetrySource),
    /// The endpoint will not take it: to be kept aside, and tried once more by a newer version.
    Refused,
}

/// Whose wait it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetrySource {
    /// Ours: it ends when the network comes back.
    BackOff,
    /// The endpoint's.
    RetryAfter,
}

/// The first wait is at most this long; each further one at most twice as long as the one before.
const BASE: u64 = 1_000;
/// No wait chosen here is longer.
const CAP: u64 = 300_000;
/// No wait asked for by an endpoint is obeyed for longer.
const LONGEST_RETRY_AFTER: u64 = 86_400_000;
/// Attempts at one response on one page view; the next page view has as many.
pub const ATTEMPTS_PER_PAGE: u32 = 6;

impl Outcome {
    /// What to do after attempt number `attempt` (from 1, over all page views) ended like this. `random` is
    /// uniform in 0…255.
    #[must_use]
    pub fn disposition(self, attempt: u32, random: u8) -> Disposition {
        let asked = match self {
            Self::Unconfirmed | Self::Answered { status: 200..=299, .. } => {
                return Disposition::Acknowledged;
            }
            Self::Answered { status: 408 | 425 | 429 | 500..=599, retry_after } => retry_after,
            Self::Answered { .. } => return Disposition::Refused,
            Self::Unreachable => None,
        };
        let (wait, reason) = match asked {
            Some(asked) => (asked.as_millis().min(LONGEST_RETRY_AFTER), RetrySource::RetryAfter),
            None => {
                let ceiling = (BASE << attempt.saturating_sub(1).min(20)).min(CAP);
                (ceiling * u64::from(random) / 255, RetrySource::BackOff)
            }
        };
        Disposition::Again(Duration::from_millis(wait), reason)
    }
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
            Some(_) if whole.len() > 6 => LONGEST_RETRY_AFTER,
            Some(_) => u64::try_from(crate::parse_int(whole)?).unwrap_or(0) * 1_000,
        };
        return Some(Duration::from_millis(seconds.min(LONGEST_RETRY_AFTER)));
    }
    let wait = (date - now).clamp(0.0, LONGEST_RETRY_AFTER as f64);
    (!date.is_nan()).then(|| Duration::from_millis(wait as u64))
}

#[cfg(test)]
mod tests {
    use super::{Disposition, Outcome, RetrySource, retry_after};
    use crate::Duration;

    fn status(status: u16) -> Outcome {
        Outcome::Answered { status, retry_after: None }
    }

    #[test]
    fn what_is_final_and_what_is_not() {
        for good in [200, 201, 204] {
            assert_eq!(status(good).disposition(1, 0), Disposition::Acknowledged, "{good}");
        }
        assert_eq!(Outcome::Unconfirmed.disposition(1, 0), Disposition::Acknowledged);
        for refused in [301, 400, 401, 403, 404, 413, 422] {
            assert_eq!(status(refused).disposition(1, 0), Disposition::Refused, "{refused}");
        }
        for passing in [408, 425, 429, 500, 503, 599] {
            assert!(
                matches!(status(passing).disposition(1, 0), Disposition::Again(..)),
                "{passing}"
            );
        }
        assert!(matches!(Outcome::Unreachable.disposition(1, 0), Disposition::Again(..)));
    }

    #[test]
    fn waits_double_up_to_five_minutes() {
        let wait = |attempt, random| match Outcome::Unreachable.disposition(attempt, random) {
            Disposition::Again(wait, RetrySource::BackOff) => wait.as_millis(),
            other => panic!("{other:?}"),
        };
        assert_eq!([1, 2, 3, 4, 5].map(|it| wait(it, 255)), [1_000, 2_000, 4_000, 8_000, 16_000]);
        assert_eq!(
            [9, 10, 100, u32::MAX].map(|it| wait(it, 255)),
            [256_000, 300_000, 300_000, 300_000]
        );
        assert_eq!((wait(1, 0), wait(50, 0), wait(2, 51)), (0, 0, 400));
    }

    #[test]
    fn the_endpoint_may_name_the_wait_up_to_a_day() {
        let asked = |ms| {
            let retry_after = Some(Duration::from_millis(ms));
            Outcome::Answered { status: 429, retry_after }.disposition(1, 255)
        };
        let again = |ms| Disposition::Again(Duration::from_millis(ms), RetrySource::RetryAfter);
        assert_eq!(asked(7_000), again(7_000));
        assert_eq!(asked(u64::MAX), again(86_400_000));
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
