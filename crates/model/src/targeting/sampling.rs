//! The draw that decides whether a visitor is ever asked a survey.

/// Seeds are below this: fifteen decimal digits hold them.
pub const MOST_SEED: u64 = 1 << 48;

/// A number below a million that is the same whenever this visitor meets this survey; the visitor is in
/// where the share, in millionths, is greater. So raising the share keeps those who are in.
///
/// Uniform over visitors, and independent between surveys: a multiplicative hash of the survey's id,
/// begun with the visitor's seed, whose bits the finaliser of `SplitMix64` (Steele, Lea and Flood, 2014)
/// mixes.
#[must_use]
pub fn sample_bucket(seed: u64, survey: &str) -> u32 {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = seed.wrapping_mul(GOLDEN);
    for byte in survey.bytes() {
        hash = (hash.rotate_left(5) ^ u64::from(byte)).wrapping_mul(GOLDEN);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^= hash >> 31;
    (((hash >> 32) * 1_000_000) >> 32) as u32
}

#[cfg(test)]
#[allow(clippy::print_stdout, reason = "measurements, for who asks for them")]
mod tests {
    use super::{MOST_SEED, sample_bucket};

    const VISITORS: u64 = 100_000;

    /// Seeds as browsers draw them, the same at each run.
    fn seeds() -> impl Iterator<Item = u64> {
        let mut state = 0x5eed_u64;
        (0..VISITORS).map(move |_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 16) % MOST_SEED
        })
    }

    /// The statistic of Pearson's test against a uniform distribution over a hundred boxes.
    fn chi_squared(seeds: impl Iterator<Item = u64>, survey: &str) -> f64 {
        let mut boxes = [0_u32; 100];
        let mut count = 0_u32;
        for seed in seeds {
            boxes[sample_bucket(seed, survey) as usize / 10_000] += 1;
            count += 1;
        }
        let expected = f64::from(count) / 100.0;
        boxes.iter().map(|found| (f64::from(*found) - expected).powi(2) / expected).sum()
    }

    /// The 0.999 quantile of the χ² distribution with 99 degrees of freedom: below it, p > 0.001.
    const LIMIT: f64 = 148.23;

    #[test]
    fn the_draw_is_uniform_over_visitors() {
        for survey in ["nps", "post-purchase", "a", "b", "checkout-2026"] {
            let statistic = chi_squared(seeds(), survey);
            println!("χ² of {survey}: {statistic:.1} (limit {LIMIT})");
            assert!(statistic < LIMIT, "{survey}: {statistic}");
        }
        // Seeds that a poor source of randomness gives, one after the other.
        assert!(chi_squared(0..VISITORS, "nps") < LIMIT);
    }

    #[test]
    fn surveys_draw_independently() {
        for (one, other) in [("nps", "csat"), ("a", "b"), ("survey-1", "survey-2"), ("ab", "ba")] {
            let pairs: Vec<_> = seeds()
                .map(|seed| [one, other].map(|survey| f64::from(sample_bucket(seed, survey)) / 1e6))
                .collect();
            let mean =
                |of: &dyn Fn(&[f64; 2]) -> f64| pairs.iter().map(of).sum::<f64>() / VISITORS as f64;
            let [x, y] = [mean(&|it| it[0]), mean(&|it| it[1])];
            let covariance = mean(&|it| (it[0] - x) * (it[1] - y));
            let spread = |at: usize, middle: f64| mean(&|it| (it[at] - middle).powi(2)).sqrt();
            let correlation = covariance / (spread(0, x) * spread(1, y));
            println!("correlation of {one} and {other}: {correlation:.5}");
            assert!(correlation.abs() < 0.01, "{one} and {other}: {correlation}");
        }
    }

    #[test]
    fn the_draw_is_the_same_for_ever() {
        // A change here would draw every visitor of every running survey again.
        assert_eq!(sample_bucket(123_456_789, "nps"), sample_bucket(123_456_789, "nps"));
        let drawn = [
            sample_bucket(0, "nps"),
            sample_bucket(123_456_789, "nps"),
            sample_bucket(MOST_SEED - 1, "checkout"),
        ];
        assert_eq!(drawn, DRAWN);
        assert!(drawn.iter().all(|it| *it < 1_000_000));
    }

    const DRAWN: [u32; 3] = [355_031, 743_721, 266_019];
}
