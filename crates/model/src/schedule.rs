//! When to try again: exponential back-off with full jitter, as section 6 of the contract asks.

use crate::Duration;

/// What became of one attempt to deliver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// No answer: no network, no such host, a refused preflight, a redirect.
    Unreachable,
    /// An answer with this HTTP status, and the wait that its `Retry-After` asks for, if it names one.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The wait that the endpoint asks for.
        retry_after: Option<Duration>,
    },
}

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The endpoint has it.
    Acknowledged,
    /// Try again after this wait.
    Again(Duration),
    /// The endpoint will not take it, or was tried often enough on this page.
    GivenUp,
}

/// The first wait is at most this long; each further one at most twice as long as the one before.
const BASE: u64 = 1_000;
/// No wait chosen here is longer.
const CAP: u64 = 300_000;
/// No wait asked for by an endpoint is obeyed for longer.
const LONGEST_RETRY_AFTER: u64 = 86_400_000;
/// Attempts on one page view, the first included.
const ATTEMPTS: u32 = 6;

impl Outcome {
    /// What to do after attempt number `attempt` (from 1) ended like this. `random` is uniform in 0…255.
    #[must_use]
    pub fn verdict(self, attempt: u32, random: u8) -> Verdict {
        let asked = match self {
            Self::Answered { status: 200..=299, .. } => return Verdict::Acknowledged,
            Self::Answered { status: 408 | 425 | 429 | 500..=599, retry_after } => retry_after,
            Self::Answered { .. } => return Verdict::GivenUp,
            Self::Unreachable => None,
        };
        if attempt >= ATTEMPTS {
            return Verdict::GivenUp;
        }
        let wait = asked.map_or_else(
            || {
                let ceiling = (BASE << attempt.saturating_sub(1).min(20)).min(CAP);
                ceiling * u64::from(random) / 255
            },
            |asked| asked.as_millis().min(LONGEST_RETRY_AFTER),
        );
        Verdict::Again(Duration::from_millis(wait))
    }
}

#[cfg(test)]
mod tests {
    use super::{ATTEMPTS, Outcome, Verdict};
    use crate::Duration;

    fn status(status: u16) -> Outcome {
        Outcome::Answered { status, retry_after: None }
    }

    #[test]
    fn what_is_final_and_what_is_not() {
        for good in [200, 201, 204] {
            assert_eq!(status(good).verdict(1, 0), Verdict::Acknowledged, "{good}");
        }
        for refused in [301, 400, 401, 403, 404, 413, 422] {
            assert_eq!(status(refused).verdict(1, 0), Verdict::GivenUp, "{refused}");
        }
        for passing in [408, 425, 429, 500, 503, 599] {
            assert!(matches!(status(passing).verdict(1, 0), Verdict::Again(_)), "{passing}");
        }
        assert!(matches!(Outcome::Unreachable.verdict(1, 0), Verdict::Again(_)));
    }

    #[test]
    fn waits_double_up_to_the_last_attempt() {
        let waits: Vec<_> =
            (1..ATTEMPTS).map(|attempt| Outcome::Unreachable.verdict(attempt, 255)).collect();
        let expected = [1_000, 2_000, 4_000, 8_000, 16_000]
            .map(|ms| Verdict::Again(Duration::from_millis(ms)));
        assert_eq!(waits, expected);
        assert_eq!(Outcome::Unreachable.verdict(1, 0), Verdict::Again(Duration::from_millis(0)));
        assert_eq!(Outcome::Unreachable.verdict(ATTEMPTS, 255), Verdict::GivenUp);
    }

    #[test]
    fn the_endpoint_may_name_the_wait_up_to_a_day() {
        let asked =
            |ms| Outcome::Answered { status: 429, retry_after: Some(Duration::from_millis(ms)) };
        let again = |ms| Verdict::Again(Duration::from_millis(ms));
        assert_eq!(asked(7_000).verdict(1, 255), again(7_000));
        assert_eq!(asked(u64::MAX).verdict(1, 255), again(86_400_000));
    }
}
