use super::{Estimate, Z};

/// So many of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// How many of them are counted.
    pub part: u64,
    /// How many there are; at least `part`.
    pub whole: u64,
}

impl Share {
    /// So many of all; a part that is larger than the whole is the whole.
    #[must_use]
    pub fn new(part: u64, whole: u64) -> Self {
        Self { part: part.min(whole), whole }
    }

    /// The share itself, 0 to 1; none of nothing.
    #[must_use]
    pub fn proportion(self) -> Option<f64> {
        (self.whole > 0).then(|| self.part as f64 / self.whole as f64)
    }

    /// The Wilson score interval of the proportion, without continuity correction.
    ///
    /// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
    /// the American Statistical Association 22 (1927): the values of p that a score test with z = 1.96
    /// does not reject, (p̂ + z²/2n ± z·√(p̂(1 − p̂)/n + z²/4n²)) ÷ (1 + z²/n).
    #[must_use]
    pub fn interval(self) -> Option<[f64; 2]> {
        self.interval_at(Z)
    }

    /// The same, for another quantile of the normal distribution.
    pub(super) fn interval_at(self, z: f64) -> Option<[f64; 2]> {
        let p = self.proportion()?;
        let n = self.whole as f64;
        let centre = p + z * z / (2.0 * n);
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + z * z / n;
        // At the ends the two terms cancel but for a rounding error.
        let low = if self.part == 0 { 0.0 } else { (centre - half) / scale };
        let high = if self.part == self.whole { 1.0 } else { (centre + half) / scale };
        Some([low.clamp(0.0, p), high.clamp(p, 1.0)])
    }
}

/// A share in percent with its Wilson score interval ([`Share::interval`]); none of nothing.
#[must_use]
pub fn share(part: u64, whole: u64) -> Option<Estimate> {
    let share = Share::new(part, whole);
    let [low, high] = share.interval()?;
    let value = share.proportion()?;
    Some(Estimate::within(value, low, high, whole, [0.0, 1.0]).times(100.0))
}

#[cfg(test)]
mod tests {
    use super::share;
    use crate::metric::tests::check;
    use proptest::prelude::*;

    #[test]
    fn worked_values() {
        check(share(80, 100), 80.0, 71.1, 86.7, 100);
        check(share(8, 10), 80.0, 49.0, 94.3, 10);
        // Newcombe 1998, table I, method 3.
        check(share(81, 263), 30.8, 25.5, 36.6, 263);
        check(share(15, 148), 10.1, 6.2, 16.0, 148);
        check(share(0, 20), 0.0, 0.0, 16.1, 20);
        check(share(1, 29), 3.4, 0.6, 17.2, 29);
        assert_eq!(share(0, 0), None);
    }

    proptest! {
        #[test]
        fn stays_in_bounds_and_holds_its_value(whole in 1_u64..2_000_000, at in 0.0..=1.0_f64) {
            let part = (whole as f64 * at) as u64;
            let found = share(part, whole).expect("a share");
            let (low, high) = (found.low.expect("low"), found.high.expect("high"));
            prop_assert!(0.0 <= low && low <= found.value && found.value <= high && high <= 100.0);
            prop_assert!(low < high, "never sure");
        }

        #[test]
        fn the_rest_is_its_mirror(whole in 1_u64..100_000, at in 0.0..=1.0_f64) {
            let part = (whole as f64 * at) as u64;
            let one = share(part, whole).expect("a share");
            let other = share(whole - part, whole).expect("a share");
            prop_assert!((one.low.expect("low") - (100.0 - other.high.expect("high"))).abs() < 1e-9);
        }

        #[test]
        fn more_of_it_is_never_less(whole in 2_u64..100_000, at in 0.0..1.0_f64) {
            let part = ((whole - 1) as f64 * at) as u64;
            let [less, more] = [part, part + 1].map(|part| share(part, whole).expect("a share"));
            prop_assert!(less.low <= more.low && less.value < more.value && less.high <= more.high);
        }

        #[test]
        fn ten_times_the_answers_are_surer(whole in 1_u64..10_000, at in 0.0..=1.0_f64) {
            let part = (whole as f64 * at) as u64;
            let width = |times: u64| {
                let found = share(part * times, whole * times).expect("a share");
                found.high.expect("high") - found.low.expect("low")
            };
            prop_assert!(width(10) < width(1));
        }
    }
}
