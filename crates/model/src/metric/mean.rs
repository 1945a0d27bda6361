use super::{Estimate, TAIL, Z};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// Answers on a scale of points 1, 2, 3 …, by how often each was chosen.
#[derive(Debug, Clone, Copy)]
pub struct Scale<'a>(
    /// `counts[i]` is how often point `i + 1` was chosen.
    pub &'a [u64],
);

impl Scale<'_> {
    /// How many answers there are.
    #[must_use]
    pub fn n(self) -> u64 {
        self.0.iter().sum()
    }

    /// The arithmetic mean.
    #[must_use]
    pub fn mean(self) -> Option<f64> {
        let n = self.n();
        let sum: f64 = self.points().map(|(point, count)| point * count).sum();
        (n > 0).then(|| sum / n as f64)
    }

    /// The square of the mean's standard error.
    ///
    /// Equal answers would make it 0, and claim that no further one will ever differ. The sample's
    /// variance therefore counts as at least 1/n: what it would be if one of n answers were one point off.
    pub(super) fn squared_error(self) -> Option<f64> {
        let n = self.n();
        let mean = self.mean()?;
        if n < 2 {
            return None;
        }
        let squares: f64 = self.points().map(|(p, count)| (p - mean).powi(2) * count).sum();
        let n = n as f64;
        Some((squares / (n - 1.0)).max(1.0 / n) / n)
    }

    /// The mean with Student's t interval (W. S. Gosset 1908), cut to the scale. One answer alone allows
    /// every mean of the scale.
    #[must_use]
    pub fn estimate(self) -> Option<Estimate> {
        let value = self.mean()?;
        let n = self.n();
        let range = [1.0, self.0.len() as f64];
        let half = match self.squared_error() {
            Some(squared) => t_quantile(n as f64 - 1.0, TAIL) * squared.sqrt(),
            None => range[1],
        };
        Some(Estimate::within(value, value - half, value + half, n, range))
    }

    fn points(self) -> impl Iterator<Item = (f64, f64)> {
        self.0.iter().enumerate().map(|(index, count)| (index as f64 + 1.0, *count as f64))
    }
}

/// What Student's t with so many degrees of freedom exceeds with this probability.
pub(super) fn t_quantile(freedom: f64, tail: f64) -> f64 {
    // Beyond, it is the normal distribution's to four digits, and the inversion costs time.
    if freedom > 10_000.0 {
        return normal_quantile(tail);
    }
    match StudentsT::new(0.0, 1.0, freedom) {
        Ok(distribution) => distribution.inverse_cdf(1.0 - tail),
        // Less than none: nothing is known.
        Err(_) => f64::INFINITY,
    }
}

/// What the standard normal distribution exceeds with this probability.
pub(super) fn normal_quantile(tail: f64) -> f64 {
    if tail == TAIL {
        return Z;
    }
    Normal::standard().inverse_cdf(1.0 - tail)
}

#[cfg(test)]
mod tests {
    use super::{Scale, TAIL, normal_quantile, t_quantile};
    use crate::metric::tests::check;
    use proptest::prelude::*;

    /// Any table of the distribution.
    #[test]
    fn quantiles_of_the_tables() {
        for (freedom, expected) in [
            (1.0, 12.706_2),
            (2.0, 4.302_7),
            (5.0, 2.570_6),
            (10.0, 2.228_1),
            (29.0, 2.045_2),
            (30.0, 2.042_3),
            (120.0, 1.979_9),
            (1_000.0, 1.962_3),
            (1e6, 1.960_0),
        ] {
            let found = t_quantile(freedom, TAIL);
            assert!((found - expected).abs() < 1e-4, "{freedom}: {found}");
        }
    }

    #[test]
    fn quantiles_of_the_normal_distribution() {
        for (tail, expected) in [(0.025, 1.96), (0.005, 2.575_8), (0.000_5, 3.290_5)] {
            assert!((normal_quantile(tail) - expected).abs() < 1e-4, "{tail}");
        }
    }

    #[test]
    fn worked_values() {
        // 5.5 ± 2.2622 · √(2.0556 ÷ 10), by hand.
        check(Scale(&[0, 0, 1, 2, 1, 3, 3]).estimate(), 5.5, 4.474, 6.526, 10);
        check(Scale(&[0, 0, 0, 1, 0, 0, 0]).estimate(), 4.0, 1.0, 7.0, 1);
        assert!(Scale(&[0, 0, 0, 0, 0, 0, 0]).estimate().is_none());
    }

    proptest! {
        #[test]
        fn stays_on_the_scale_and_mirrors(counts in prop::array::uniform7(0_u64..500)) {
            prop_assume!(counts.iter().any(|count| *count > 0));
            let found = Scale(&counts).estimate().expect("a mean");
            let (low, high) = (found.low.expect("low"), found.high.expect("high"));
            prop_assert!(1.0 <= low && low <= found.value && found.value <= high && high <= 7.0);
            prop_assert!(low < high);
            let mut mirrored = counts;
            mirrored.reverse();
            let mirrored = Scale(&mirrored).estimate().expect("a mean");
            prop_assert!((8.0 - mirrored.value - found.value).abs() < 1e-9);
        }
    }
}
