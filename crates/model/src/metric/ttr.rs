use super::{Estimate, TAIL};
use statrs::distribution::{Binomial, DiscreteCDF};

/// Times in minutes, each with how often it was given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Times(Vec<(u32, u64)>);

/// The time to resolution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ttr {
    /// The median, in minutes.
    pub median: Estimate,
    /// What nine of ten stay below or at, in minutes.
    pub p90: Estimate,
}

impl Times {
    /// Of these minutes, in any order.
    #[must_use]
    pub fn new(counts: impl IntoIterator<Item = (u32, u64)>) -> Self {
        let mut counts: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
        counts.sort_unstable();
        Self(counts)
    }

    /// How many there are.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// The time at this place of all in order, counted from 1.
    fn at(&self, place: u64) -> Option<f64> {
        let mut passed = 0;
        let found = self.0.iter().find(|(_, count)| {
            passed += count;
            passed >= place
        });
        found.filter(|_| place > 0).map(|(minutes, _)| f64::from(*minutes))
    }

    /// What this share of the times stays below or at, with its interval.
    ///
    /// The interval is distribution-free: how many of n times lie below the true quantile is binomial,
    /// whatever their distribution; so the quantile lies between two of the times in order with at least
    /// 95 %, where `tail` is 0.025 (W. R. Thompson 1936; H. A. David and H. N. Nagaraja, "Order Statistics", section 7.1).
    /// Where too few times allow no such bound, that bound is none: below 6 for the median.
    pub(super) fn quantile(&self, share: f64, tail: f64) -> Option<Estimate> {
        let n = self.n();
        if n == 0 {
            return None;
        }
        // The middle of both where the quantile falls between two.
        let place = share * n as f64;
        let value = match place.fract() == 0.0 {
            true => f64::midpoint(self.at(place as u64)?, self.at(place as u64 + 1)?),
            false => self.at(place.ceil() as u64)?,
        };
        let below = Binomial::new(share, n).ok()?;
        // The largest place `low` with P(below < low) ≤ `tail`: so many of the places suffice.
        let low = first(n, |place| below.cdf(place) > tail);
        // The smallest place `high` with P(below ≥ high) ≤ `tail`.
        let high = first(n, |place| below.cdf(place) >= 1.0 - tail) + 1;
        Some(Estimate { value, low: self.at(low), high: self.at(high), n })
    }
}

/// The smallest of 0 to `most` for which it holds; it holds from there on.
fn first(most: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// Median and ninth decile of these times; none of nothing.
#[must_use]
pub fn ttr(times: &Times) -> Option<Ttr> {
    Some(Ttr { median: times.quantile(0.5, TAIL)?, p90: times.quantile(0.9, TAIL)? })
}

#[cfg(test)]
mod tests {
    use super::{Times, ttr};
    use proptest::prelude::*;

    fn every(n: u32) -> Times {
        Times::new((1..=n).map(|minutes| (minutes, 1)))
    }

    /// The places of the tables in David and Nagaraja, and of every text on the sign test.
    #[test]
    fn places_of_the_tables() {
        for (n, low, high) in [(6, 1.0, 6.0), (10, 2.0, 9.0), (20, 6.0, 15.0), (100, 40.0, 61.0)] {
            let median = ttr(&every(n)).expect("times").median;
            assert_eq!((median.low, median.high), (Some(low), Some(high)), "{n}");
            assert_eq!(median.value, f64::from(n + 1) / 2.0);
        }
    }

    #[test]
    fn few_times_have_no_bounds() {
        let few = ttr(&every(5)).expect("times");
        assert_eq!((few.median.value, few.median.low, few.median.high), (3.0, None, None));
        let p90 = ttr(&every(30)).expect("times").p90;
        assert!(p90.low.is_some() && p90.high.is_none(), "{p90:?}");
        assert!(ttr(&Times::default()).is_none());
    }

    #[test]
    fn counts_are_as_good_as_the_times() {
        let found = ttr(&Times::new([(1_440, 20), (10, 50), (60, 30)])).expect("times");
        assert_eq!(found.median.value, 35.0, "between the last of 10 and the first of 60");
        assert_eq!((found.median.low, found.median.high), (Some(10.0), Some(60.0)));
        assert_eq!((found.p90.value, found.p90.n), (1_440.0, 100));
    }

    proptest! {
        #[test]
        fn holds_its_value(counts in prop::collection::vec((0_u32..20_000, 0_u64..5_000), 1..40)) {
            let times = Times::new(counts);
            prop_assume!(times.n() > 0);
            let found = ttr(&times).expect("times");
            prop_assert!(found.median.value <= found.p90.value);
            for estimate in [found.median, found.p90] {
                prop_assert!(estimate.low.is_none_or(|low| low <= estimate.value));
                prop_assert!(estimate.high.is_none_or(|high| high >= estimate.value));
            }
        }
    }
}
