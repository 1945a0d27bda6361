use super::mean::{normal_quantile, t_quantile};
use super::{Nps, Scale, Share, TAIL, Times};
use serde::{Deserialize, Serialize};

/// How far a score is from an earlier one: later minus earlier.
///
/// Two scores may differ although their intervals overlap; what tells is the interval of the difference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Later minus earlier, in the unit of the score.
    pub value: f64,
    /// The lower end of the 95 % confidence interval of the difference.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Difference {
    /// Whether the interval excludes 0: only then do the two differ.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    fn around(value: f64, low: f64, high: f64, factor: f64) -> Self {
        let (low, high) = (low.min(value), high.max(value));
        Self { value: value * factor, low: low * factor, high: high * factor }
    }

    /// From the intervals of both: the difference minus (plus) the root of the squared distances to the
    /// ends that matter. Exact for normal estimates, and right for skewed ones.
    fn square_and_add(later: [f64; 3], earlier: [f64; 3], factor: f64) -> Self {
        let ([a, a_low, a_high], [b, b_low, b_high]) = (later, earlier);
        let low = a - b - (a - a_low).hypot(b_high - b);
        let high = a - b + (a_high - a).hypot(b - b_low);
        Self::around(a - b, low, high, factor)
    }
}

/// What is left above and below where so many comparisons are made at once.
///
/// Of twenty things that do not differ, one seems to by chance; and whoever picks the worst of them picks
/// that one. C. E. Bonferroni's correction (O. J. Dunn, "Multiple comparisons among means", Journal of
/// the American Statistical Association 56, 1961) widens each interval so that all of them together are
/// right with 95 %.
fn tail(comparisons: u32) -> f64 {
    TAIL / f64::from(comparisons.max(1))
}

/// The difference of two shares in percentage points; one of so many comparisons.
///
/// R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics
/// in Medicine 17 (1998), method 10: Wilson intervals, squared and added.
#[must_use]
pub fn difference_of_shares(later: Share, earlier: Share, comparisons: u32) -> Option<Difference> {
    let z = normal_quantile(tail(comparisons));
    let ends = |share: Share| {
        let [low, high] = share.interval_at(z)?;
        Some([share.proportion()?, low, high])
    };
    Some(Difference::square_and_add(ends(later)?, ends(earlier)?, 100.0))
}

/// The difference of two Net Promoter Scores: normal, from the standard errors of both.
///
/// Where one of them is of few answers, its adjusted centre and error enter (see [`super::nps`]).
#[must_use]
pub fn difference_of_nps(later: Nps, earlier: Nps, comparisons: u32) -> Option<Difference> {
    let ([a, a_error], [b, b_error]) = (later.normal()?, earlier.normal()?);
    let half = normal_quantile(tail(comparisons)) * a_error.hypot(b_error);
    let value = later.proportion()? - earlier.proportion()?;
    Some(Difference::around(value, a - b - half, a - b + half, 100.0))
}

/// The difference of two means, by B. L. Welch's t test for unequal variances (1947); none where one
/// side has fewer than two answers.
#[must_use]
pub fn difference_of_means(
    later: Scale<'_>,
    earlier: Scale<'_>,
    comparisons: u32,
) -> Option<Difference> {
    let value = later.mean()? - earlier.mean()?;
    let (a, b) = (later.squared_error()?, earlier.squared_error()?);
    let parts = a * a / (later.n() as f64 - 1.0) + b * b / (earlier.n() as f64 - 1.0);
    let half = t_quantile((a + b).powi(2) / parts, tail(comparisons)) * (a + b).sqrt();
    Some(Difference::around(value, value - half, value + half, 1.0))
}

/// The difference of two medians: their distribution-free intervals, squared and added; none where one
/// of them has no interval.
///
/// The method of variance estimates recovery (G. Y. Zou and A. Donner 2008), of which Newcombe's is the
/// case for shares: it asks nothing but an interval of each that may be lopsided, as those of times are.
#[must_use]
pub fn difference_of_medians(
    later: &Times,
    earlier: &Times,
    comparisons: u32,
) -> Option<Difference> {
    let ends = |times: &Times| {
        let median = times.quantile(0.5, tail(comparisons))?;
        Some([median.value, median.low?, median.high?])
    };
    Some(Difference::square_and_add(ends(later)?, ends(earlier)?, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(found: Option<Difference>, value: f64, low: f64, high: f64) {
        let found = found.expect("a difference");
        for (found, expected) in [(found.value, value), (found.low, low), (found.high, high)] {
            assert!((found - expected).abs() < 0.006, "{found} is not {expected}");
        }
    }

    /// Newcombe's table II, method 10.
    #[test]
    fn shares_of_the_source() {
        let share = Share::new;
        check(difference_of_shares(share(56, 70), share(48, 80), 1), 20.0, 5.24, 33.39);
        check(difference_of_shares(share(9, 10), share(3, 10), 1), 60.0, 17.05, 80.90);
        check(difference_of_shares(share(10, 10), share(0, 20), 1), 100.0, 67.91, 100.0);
        check(difference_of_shares(share(0, 10), share(0, 20), 1), 0.0, -16.11, 27.75);
        assert_eq!(difference_of_shares(share(0, 0), share(1, 2), 1), None);
    }

    #[test]
    fn scores_by_hand() {
        let nps = |promoters, passives, detractors| Nps { promoters, passives, detractors };
        // √(0.61/100 + 0.61/100) · 196
        check(difference_of_nps(nps(50, 30, 20), nps(20, 30, 50), 1), 60.0, 38.35, 81.65);
        let found = difference_of_means(Scale(&[10, 10]), Scale(&[10, 10]), 1).expect("means");
        assert_eq!(found.value, 0.0);
        // Freedom 38, s² = 5/19: 2.0244 · √(2 · 5/19/20)
        assert!((found.high - 0.3284).abs() < 1e-3 && !found.is_certain(), "{found:?}");
    }

    #[test]
    fn medians_by_hand() {
        let (day, hour) = (Times::new([(1_440, 40)]), Times::new([(60, 40)]));
        let found = difference_of_medians(&day, &hour, 1).expect("a difference");
        assert!(found.is_certain() && found.value == 1_380.0, "{found:?}");
        assert_eq!(difference_of_medians(&day, &Times::new([(60, 5)]), 1), None);
    }

    #[test]
    fn many_comparisons_are_less_certain_each() {
        let found = |comparisons| {
            difference_of_shares(Share::new(56, 70), Share::new(48, 80), comparisons)
                .expect("a difference")
        };
        assert!(found(1).is_certain() && !found(20).is_certain());
        assert_eq!(found(1).value, found(20).value);
    }

    proptest! {
        #[test]
        fn the_other_way_round_is_its_mirror(
            a in prop::array::uniform4(0_u64..300), b in prop::array::uniform4(1_u64..300),
        ) {
            let mirrored = |one: Option<Difference>, other: Option<Difference>| match (one, other) {
                (Some(one), Some(other)) => {
                    (one.value + other.value).abs() < 1e-9 && (one.low + other.high).abs() < 1e-9
                }
                (None, None) => true,
                _ => false,
            };
            let share = |counts: [u64; 4]| Share::new(counts[0], counts.iter().sum());
            prop_assert!(mirrored(
                difference_of_shares(share(a), share(b), 3),
                difference_of_shares(share(b), share(a), 3),
            ));
            let nps = |c: [u64; 4]| Nps { promoters: c[0], passives: c[1], detractors: c[2] + c[3] };
            prop_assert!(mirrored(
                difference_of_nps(nps(a), nps(b), 3),
                difference_of_nps(nps(b), nps(a), 3),
            ));
            prop_assert!(mirrored(
                difference_of_means(Scale(&a), Scale(&b), 3),
                difference_of_means(Scale(&b), Scale(&a), 3),
            ));
        }
    }
}
