//! When a delivery is tried again, and when a destination is left alone. Pure: it knows no clock, no database and no
//! network.

use std::time::{Duration, UNIX_EPOCH};

/// The waits between tries, as Standard Webhooks has them: about 75 hours in all.
pub(crate) const WAITS_MS: [i64; 9] = [
    5_000,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
];
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Failures in a row after which a destination is only tried by one delivery at a time.
pub(crate) const FAILURES: i64 = 5;
/// How long it is left alone then: twice as long each time.
const FIRST_REST_MS: i64 = 5_000;
const LONGEST_REST_MS: i64 = 10 * MINUTE_MS;
/// A destination that takes nothing for so long is switched off; what waits for it goes on waiting.
pub(crate) const OFF_AFTER_MS: i64 = 5 * 24 * HOUR_MS;
/// What a service asks for is believed up to here: a date that is a slip must not be the end.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3_600);

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is there.
    Delivered,
    /// It may go another time; not before this, where the service says so.
    Again(Option<Duration>),
    /// This one never will: it is kept as failed.
    Refused,
    /// Nothing will go there any more.
    Gone,
}

/// What becomes of a delivery after a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Delivered,
    /// It waits until then, in milliseconds.
    Waits(i64),
    Failed,
}

/// After so many tries, this one among them. `draw` is random, of 0 to 1.
pub(crate) fn next(verdict: Verdict, tries: i64, now: i64, draw: f64) -> Next {
    match verdict {
        Verdict::Delivered => Next::Delivered,
        Verdict::Refused => Next::Failed,
        // It is not this one's fault: whoever switches the destination on again wants it to go.
        Verdict::Gone => Next::Waits(now),
        Verdict::Again(after) => {
            let wait = usize::try_from(tries - 1).ok().and_then(|index| WAITS_MS.get(index));
            let Some(&wait) = wait else { return Next::Failed };
            // Up to a tenth later, so that what failed together does not come back together.
            #[allow(clippy::cast_possible_truncation, reason = "days are far below 2^53 ms")]
            let wait = wait + (wait as f64 * draw / 10.0) as i64;
            Next::Waits(now + wait.max(after.map_or(0, in_ms)))
        }
    }
}

fn in_ms(wait: Duration) -> i64 {
    i64::try_from(wait.min(LONGEST_RETRY_AFTER).as_millis()).unwrap_or(i64::MAX)
}

/// How fast a service may be sent something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// Requests at the same time, of one collector.
    pub(crate) at_once: usize,
    /// Milliseconds between two of them, of all collectors; 0 for no bound.
    pub(crate) every_ms: i64,
}

/// How a destination fares. It belongs to all collectors that share the database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Circuit {
    /// Since the last success.
    pub(crate) failures: i64,
    pub(crate) failing_since: Option<i64>,
    /// Nothing is sent before.
    pub(crate) blocked_until: i64,
}

/// How many may be taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// None before this moment.
    Not(i64),
    /// So many; then none before this moment, where there is one.
    Some(usize, Option<i64>),
}

impl Circuit {
    /// How many of so many that could be sent may be.
    pub(crate) fn admit(&self, wanted: usize, pace: Pace, lease_ms: i64, now: i64) -> Admission {
        // A clock that was put back does not close a destination for ever.
        let blocked = self.blocked_until.min(now + in_ms(LONGEST_RETRY_AFTER));
        if now < blocked {
            return Admission::Not(blocked);
        }
        if self.is_failing() {
            // One goes ahead; the others wait for what becomes of it.
            return Admission::Some(1, Some(now + lease_ms));
        }
        if pace.every_ms > 0 {
            return Admission::Some(1, Some(now + pace.every_ms));
        }
        // After a success or two a service that comes back is not flooded at once; the caller's window does the rest.
        Admission::Some(wanted.max(1), None)
    }

    /// Whether it has failed so often that only one delivery goes ahead.
    pub(crate) fn is_failing(&self) -> bool {
        self.failures >= FAILURES
    }

    /// After a try. A probe is one that went ahead alone.
    pub(crate) fn after(self, verdict: Verdict, is_probe: bool, pace: Pace, now: i64) -> Self {
        match verdict {
            // Who refuses one delivery answers.
            Verdict::Delivered | Verdict::Refused => {
                let blocked_until = match (self.is_failing(), pace.every_ms) {
                    (true, every) => now + every,
                    (false, _) => self.blocked_until,
                };
                Self { failures: 0, failing_since: None, blocked_until }
            }
            Verdict::Gone => {
                Self { failing_since: Some(self.failing_since.unwrap_or(now)), ..self }
            }
            Verdict::Again(after) => {
                let was_failing = self.is_failing();
                // What was on its way together fails together, and says no more than one of them does.
                let failures = match was_failing {
                    true if !is_probe => self.failures,
                    _ => self.failures + 1,
                };
                let rests_already = was_failing && !is_probe && self.blocked_until > now;
                let rest = if failures >= FAILURES && !rests_already {
                    let doublings = u32::try_from(failures - FAILURES).unwrap_or(u32::MAX).min(20);
                    FIRST_REST_MS.saturating_mul(1 << doublings).min(LONGEST_REST_MS)
                } else {
                    0
                };
                let rest = rest.max(after.map_or(0, in_ms));
                let mut blocked_until = self.blocked_until;
                if was_failing && is_probe {
                    // The probe held it for as long as it might take.
                    blocked_until = now;
                }
                Self {
                    failures,
                    failing_since: Some(self.failing_since.unwrap_or(now)),
                    blocked_until: blocked_until.max(now + rest),
                }
            }
        }
    }

    /// Whether it has failed for so long that nobody can be listening there.
    pub(crate) fn is_hopeless(&self, now: i64) -> bool {
        self.is_failing() && self.failing_since.is_some_and(|at| now - at >= OFF_AFTER_MS)
    }
}

/// What `Retry-After` asks for: seconds, or a date.
pub(crate) fn retry_after(value: &str, now_ms: i64) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        // Fractions are not of the standard, and are sent all the same.
        return (seconds >= 0.0 && seconds.is_finite())
            .then(|| Duration::from_secs_f64(seconds.min(LONGEST_RETRY_AFTER.as_secs_f64())));
    }
    // All three forms of RFC 9110, section 5.6.7; and what people write in place of them.
    let date = match httpdate::parse_http_date(value) {
        Ok(date) => date.duration_since(UNIX_EPOCH).map_or(0, |it| it.as_millis()) as i64,
        Err(_) => jiff::fmt::rfc2822::parse(value).ok()?.timestamp().as_millisecond(),
    };
    Some(Duration::from_millis(u64::try_from(date - now_ms).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Pace = Pace { at_once: 64, every_ms: 0 };
    const AGAIN: Verdict = Verdict::Again(None);

    #[test]
    fn a_delivery_is_tried_for_75_hours() {
        let (mut now, mut tries) = (0, 0);
        loop {
            tries += 1;
            match next(AGAIN, tries, now, 0.0) {
                Next::Waits(until) => now = until,
                end => {
                    assert_eq!(end, Next::Failed);
                    break;
                }
            }
        }
        assert_eq!(tries, 10);
        assert_eq!(now, 5_000 + 35 * MINUTE_MS + 75 * HOUR_MS);
    }

    #[test]
    fn waits_differ_by_up_to_a_tenth() {
        assert_eq!(next(AGAIN, 2, 0, 0.0), Next::Waits(300_000));
        assert_eq!(next(AGAIN, 2, 0, 1.0), Next::Waits(330_000));
    }

    #[test]
    fn what_a_service_asks_for_is_kept() {
        let hour = Verdict::Again(Some(Duration::from_secs(3_600)));
        assert_eq!(next(hour, 1, 0, 0.0), Next::Waits(HOUR_MS));
        // It cannot shorten the schedule, and not end it.
        let second = Verdict::Again(Some(Duration::from_secs(1)));
        assert_eq!(next(second, 2, 0, 0.0), Next::Waits(300_000));
        let year = Verdict::Again(Some(Duration::from_secs(365 * 86_400)));
        assert_eq!(next(year, 1, 0, 0.0), Next::Waits(24 * HOUR_MS));
        // The destination rests as a whole.
        let rests = Circuit::default().after(hour, false, FREE, 7);
        assert_eq!(rests.admit(10, FREE, 30_000, 8), Admission::Not(7 + HOUR_MS));
    }

    #[test]
    fn seconds_and_dates_are_understood() {
        for (text, seconds) in [
            ("120", Some(120.0)),
            (" 0 ", Some(0.0)),
            ("1.5", Some(1.5)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(37.0)),
            ("Sun, 06 Nov 1994 08:48:00 GMT", Some(0.0)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(37.0)),
            ("Sun Nov  6 08:49:37 1994", Some(37.0)),
            ("soon", None),
            ("-1", None),
            ("NaN", None),
        ] {
            // 1994-11-06T08:49:00Z
            let found = retry_after(text, 784_111_740_000).map(|it| it.as_secs_f64());
            assert_eq!(found, seconds, "{text}");
        }
    }

    #[test]
    fn who_fails_is_asked_by_one_at_a_time() {
        let mut circuit = Circuit::default();
        for _ in 0..FAILURES {
            assert_eq!(circuit.admit(64, FREE, 30_000, 0), Admission::Some(64, None));
            circuit = circuit.after(AGAIN, false, FREE, 0);
        }
        // What was on its way with those is no reason for a longer rest.
        for _ in 0..123 {
            circuit = circuit.after(AGAIN, false, FREE, 1);
        }
        assert_eq!(circuit.admit(64, FREE, 30_000, 0), Admission::Not(5_000));
        assert_eq!(circuit.admit(64, FREE, 30_000, 5_000), Admission::Some(1, Some(35_000)));
        // The one that goes ahead holds it; its failure makes the rest longer, its success opens it.
        let held = Circuit { blocked_until: 35_000, ..circuit };
        assert_eq!(held.after(AGAIN, true, FREE, 6_000).blocked_until, 16_000);
        // One that was on its way before says nothing new, and does not let another one ahead.
        assert_eq!(held.after(AGAIN, false, FREE, 6_000), held);
        let open = held.after(Verdict::Delivered, true, FREE, 6_000);
        assert_eq!(open.admit(64, FREE, 30_000, 6_000), Admission::Some(64, None));
        for _ in 0..100 {
            circuit = circuit.after(AGAIN, true, FREE, 0);
        }
        assert_eq!(circuit.blocked_until, LONGEST_REST_MS);
    }

    #[test]
    fn a_pace_is_kept_by_all_together() {
        let pace = Pace { at_once: 1, every_ms: 1_100 };
        assert_eq!(Circuit::default().admit(64, pace, 30_000, 5), Admission::Some(1, Some(1_105)));
        let paced = Circuit { blocked_until: 1_105, ..Circuit::default() };
        assert_eq!(paced.after(Verdict::Delivered, false, pace, 50).blocked_until, 1_105);
    }

    #[test]
    fn who_fails_for_days_is_hopeless() {
        let mut circuit = Circuit::default().after(AGAIN, false, FREE, 0);
        assert!(!circuit.is_hopeless(OFF_AFTER_MS), "once is not for days");
        for _ in 1..FAILURES {
            circuit = circuit.after(AGAIN, false, FREE, 1);
        }
        assert!(!circuit.is_hopeless(OFF_AFTER_MS - 1) && circuit.is_hopeless(OFF_AFTER_MS));
        assert!(!circuit.after(Verdict::Delivered, false, FREE, 1).is_hopeless(2 * OFF_AFTER_MS));
    }

    #[test]
    fn one_that_is_refused_fails_at_once_and_none_fails_with_its_destination() {
        assert_eq!(next(Verdict::Refused, 1, 0, 0.0), Next::Failed);
        assert_eq!(next(Verdict::Gone, 10, 9, 0.0), Next::Waits(9));
    }

    #[test]
    fn a_clock_that_was_put_back_closes_nothing_for_ever() {
        let ahead = Circuit { blocked_until: i64::MAX, ..Circuit::default() };
        assert_eq!(ahead.admit(1, FREE, 1, 0), Admission::Not(24 * HOUR_MS));
    }
}
