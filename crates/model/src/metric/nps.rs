use super::{ENOUGH, Estimate, Z};

/// Answers to the Net Promoter question, in its three groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nps {
    /// 9 and 10.
    pub promoters: u64,
    /// 7 and 8.
    pub passives: u64,
    /// 0 to 6.
    pub detractors: u64,
}

/// Fewer answers than this outside of the largest group, and the plain variance would claim too much.
const OUTSIDE: u64 = 5;

impl Nps {
    /// The groups of answers from 0 to 10: `counts[i]` is how often `i` was chosen.
    #[must_use]
    pub fn of(counts: &[u64; 11]) -> Self {
        Self {
            promoters: counts[9..].iter().sum(),
            passives: counts[7..9].iter().sum(),
            detractors: counts[..7].iter().sum(),
        }
    }

    /// How many answers there are.
    #[must_use]
    pub fn n(self) -> u64 {
        self.promoters + self.passives + self.detractors
    }

    /// The score −1 to 1.
    pub(super) fn proportion(self) -> Option<f64> {
        let difference = self.promoters as f64 - self.detractors as f64;
        (self.n() > 0).then(|| difference / self.n() as f64)
    }

    /// The centre of the interval and its standard error, −1 to 1.
    ///
    /// The variance of a difference of two shares of one multinomial is p + d − (p − d)². Where there
    /// are few answers, or nearly all in one group, the adjusted Wald interval: ¾ of an answer more to
    /// promoters and detractors each, and 3 more to all (J. Sauro and J. Lewis, "Quantifying the User
    /// Experience", after A. Agresti and Y. Min 2005 and D. Bonett and R. Price 2012).
    pub(super) fn normal(self) -> Option<[f64; 2]> {
        let n = self.n();
        if n == 0 {
            return None;
        }
        let largest = self.promoters.max(self.passives).max(self.detractors);
        let plain = n >= ENOUGH && n - largest >= OUTSIDE;
        let [more, all] = if plain { [0.0, 0.0] } else { [0.75, 3.0] };
        let all = n as f64 + all;
        let p = (self.promoters as f64 + more) / all;
        let d = (self.detractors as f64 + more) / all;
        let variance = (p + d - (p - d).powi(2)).max(0.0);
        Some([p - d, (variance / all).sqrt()])
    }
}

/// The Net Promoter Score, −100 to 100, of answers from 0 to 10 (F. Reichheld 2003): promoters (9, 10)
/// minus detractors (0 to 6) in percent. `counts[i]` is how often `i` was chosen.
///
/// The interval is 100 · (centre ± 1.96 · standard error), clamped to ±100; where the adjusted interval
/// of few answers does not reach the score itself, it is stretched to it.
#[must_use]
pub fn nps(counts: &[u64; 11]) -> Option<Estimate> {
    let groups = Nps::of(counts);
    let value = groups.proportion()?;
    let [centre, error] = groups.normal()?;
    let half = Z * error;
    Some(
        Estimate::within(value, centre - half, centre + half, groups.n(), [-1.0, 1.0]).times(100.0),
    )
}

#[cfg(test)]
mod tests {
    use super::nps;
    use crate::metric::tests::check;
    use proptest::prelude::*;

    fn of(promoters: u64, passives: u64, detractors: u64) -> [u64; 11] {
        [0, 0, detractors, 0, 0, 0, 0, passives, 0, 0, promoters]
    }

    #[test]
    fn worked_values() {
        check(nps(&of(50, 30, 20)), 30.0, 14.7, 45.3, 100);
        // By hand: 196 · √((28/36 − (10/36)²) ÷ 36) = 27.34.
        check(nps(&of(19, 8, 9)), 27.78, 0.44, 55.12, 36);
        assert_eq!(nps(&[0; 11]), None);
    }

    #[test]
    fn groups_are_cut_where_they_should() {
        assert_eq!(nps(&[1; 11]).expect("a score").value, 100.0 * (2.0 - 7.0) / 11.0);
    }

    #[test]
    fn few_answers_or_equal_ones_are_never_sure() {
        for groups in [of(1, 0, 0), of(0, 0, 1), of(20, 0, 0), of(500, 0, 0), of(0, 40, 0)] {
            let score = nps(&groups).expect("a score");
            assert!(score.low < score.high, "{score:?}");
            assert!(score.low <= Some(score.value) && Some(score.value) <= score.high, "{score:?}");
        }
    }

    proptest! {
        #[test]
        fn stays_in_bounds_and_mirrors(p in 0_u64..2_000, m in 0_u64..2_000, d in 0_u64..2_000) {
            prop_assume!(p + m + d > 0);
            let score = nps(&of(p, m, d)).expect("a score");
            let mirror = nps(&of(d, m, p)).expect("a score");
            let (low, high) = (score.low.expect("low"), score.high.expect("high"));
            prop_assert!(-100.0 <= low && low <= score.value && score.value <= high && high <= 100.0);
            prop_assert!((score.value + mirror.value).abs() < 1e-9);
            prop_assert!((low + mirror.high.expect("high")).abs() < 1e-9);
        }
    }
}
