//! How often the intervals hold what they estimate: about 95 of 100 times, by simulation.

use super::*;
use dice::Dice;
use proptest::test_runner::{RngAlgorithm, TestRng};

const RUNS: u32 = 2_000;

/// How often the interval holds the truth, in percent.
fn coverage(mut interval: impl FnMut(&mut Dice) -> Option<[f64; 2]>, truth: f64) -> f64 {
    let mut dice = Dice::new();
    let mut held = 0;
    for _ in 0..RUNS {
        let [low, high] = interval(&mut dice).unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        held += u32::from(low - 1e-9 <= truth && truth <= high + 1e-9);
    }
    f64::from(held) * 100.0 / f64::from(RUNS)
}

#[track_caller]
fn check(name: &str, found: f64, least: f64, most: f64) {
    assert!((least..=most).contains(&found), "{name}: {found} %");
}

fn ends(estimate: Option<Estimate>) -> Option<[f64; 2]> {
    let estimate = estimate?;
    Some([estimate.low?, estimate.high?])
}

fn both(difference: Option<Difference>) -> Option<[f64; 2]> {
    difference.map(|difference| [difference.low, difference.high])
}

#[test]
fn shares() {
    for (p, n) in [(0.8, 10), (0.5, 20), (0.8, 100), (0.95, 100), (0.3, 1_000)] {
        let found = coverage(|dice| ends(share(dice.of(&[1.0 - p, p], n)[1], n)), 100.0 * p);
        // Wilson's wavers with n·p, about 95 in the mean (Newcombe 1998, table II).
        check(&format!("share {p} of {n}"), found, 92.5, 98.0);
    }
}

#[test]
fn promoter_scores() {
    for ([d, m, p], n) in [
        ([0.2, 0.3, 0.5], 10),
        ([0.2, 0.3, 0.5], 100),
        ([0.1, 0.1, 0.8], 40),
        ([0.02, 0.03, 0.95], 60),
        ([0.4, 0.2, 0.4], 500),
    ] {
        let score = |dice: &mut Dice| {
            let [d, m, p] = dice.of(&[d, m, p], n)[..] else { return None };
            ends(nps(&[d, 0, 0, 0, 0, 0, 0, m, 0, 0, p]))
        };
        let found = coverage(score, 100.0 * (p - d));
        // Where next to all are in one group, the adjusted interval is wider than it has to be.
        check(&format!("NPS of {n}"), found, 92.5, 99.99);
    }
}

const EFFORT: [f64; 7] = [0.05, 0.05, 0.1, 0.1, 0.2, 0.25, 0.25];

#[test]
fn means() {
    let truth: f64 = EFFORT.iter().zip(1..).map(|(p, point)| p * f64::from(point)).sum();
    // Five answers of a skewed scale are too few for Student's t: that is one reason for `ENOUGH`.
    for (n, least) in [(5, 88.0), (10, 91.0), (30, 93.5), (300, 94.0)] {
        let found = coverage(|dice| ends(Scale(&dice.of(&EFFORT, n)).estimate()), truth);
        check(&format!("mean of {n}"), found, least, 97.5);
    }
}

/// Times that a survey could give, nearly continuous and skewed.
fn times(dice: &mut Dice, n: u64) -> Times {
    Times::new((0..n).map(|_| ((-(1.0 - dice.share()).ln() * 1_000.0) as u32, 1)))
}

#[test]
fn medians() {
    for n in [8, 30, 200] {
        let median = |dice: &mut Dice| ends(Some(ttr(&times(dice, n))?.median));
        let found = coverage(median, 1_000.0 * 2_f64.ln());
        // At least 95, and as much more as places are coarse.
        check(&format!("median of {n}"), found, 94.3, 99.5);
    }
    let p90 = |dice: &mut Dice| ends(Some(ttr(&times(dice, 200))?.p90));
    check("p90 of 200", coverage(p90, 1_000.0 * 10_f64.ln()), 94.3, 99.0);
}

#[test]
fn differences() {
    let (a, b) = ([0.2, 0.8], [0.35, 0.65]);
    let shares = |dice: &mut Dice| {
        let [later, earlier] = [dice.of(&a, 60)[1], dice.of(&b, 40)[1]];
        both(difference_of_shares(Share::new(later, 60), Share::new(earlier, 40), 1))
    };
    check("shares", coverage(shares, 15.0), 93.5, 97.5);

    let scores = |dice: &mut Dice| {
        let mut groups = |shares: &[f64; 3], n| {
            let counts = dice.of(shares, n);
            Nps { detractors: counts[0], passives: counts[1], promoters: counts[2] }
        };
        both(difference_of_nps(groups(&[0.2, 0.3, 0.5], 80), groups(&[0.3, 0.3, 0.4], 25), 1))
    };
    check("scores", coverage(scores, 20.0), 93.5, 97.5);

    let means = |dice: &mut Dice| {
        let (later, earlier) = (dice.of(&EFFORT, 25), dice.of(&EFFORT, 60));
        both(difference_of_means(Scale(&later), Scale(&earlier), 1))
    };
    check("means", coverage(means, 0.0), 93.0, 97.0);

    let medians = |dice: &mut Dice| {
        let (later, earlier) = (times(dice, 60), times(dice, 90));
        both(difference_of_medians(&later, &earlier, 1))
    };
    check("medians", coverage(medians, 0.0), 94.0, 99.0);
}

/// Ten parts that do not differ: in 95 of 100 periods none of them seems to.
#[test]
fn parts_together() {
    let mut dice = Dice::new();
    let runs = 1_000;
    let mut clean = 0;
    for _ in 0..runs {
        let parts: Vec<_> = (0..10).map(|_| dice.of(&[0.25, 0.75], 80)[1]).collect();
        let all: u64 = parts.iter().sum();
        let certain = parts.iter().any(|part| {
            let (part, rest) = (Share::new(*part, 80), Share::new(all - part, 720));
            difference_of_shares(part, rest, 10).is_some_and(|found| found.is_certain())
        });
        clean += u32::from(!certain);
    }
    let found = f64::from(clean) * 100.0 / f64::from(runs);
    check("ten parts", found, 93.0, 98.5);
}

/// The same throws each time.
mod dice {
    use super::{RngAlgorithm, TestRng};
    use proptest::prelude::Rng as _;

    pub(super) struct Dice(TestRng);

    impl Dice {
        pub(super) fn new() -> Self {
            Self(TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        }

        /// 0 up to 1.
        pub(super) fn share(&mut self) -> f64 {
            (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
        }

        /// How often each of these came in so many throws.
        pub(super) fn of(&mut self, shares: &[f64], throws: u64) -> Vec<u64> {
            let mut counts = vec![0; shares.len()];
            for _ in 0..throws {
                let mut at = self.share();
                let found = shares.iter().position(|share| {
                    at -= share;
                    at < 0.0
                });
                counts[found.unwrap_or(shares.len() - 1)] += 1;
            }
            counts
        }
    }
}
