//! From how often each value was given to a score.

use sondeo_api::summary::{Compared, Score};
use sondeo_model::metric::{self, Difference, Nps, Share, Times};
use sondeo_model::{KindName, Metric};
use std::collections::BTreeMap;

/// The answers to one question on one scale, in the form that its metric is computed from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Measure {
    Share(Metric, Share),
    Nps([u64; 11]),
    Ces(Vec<u64>),
    Ttr(Times),
}

impl Measure {
    /// Of these answers; none where the question feeds no metric, or one that its kind cannot. `minutes` says
    /// what an option stands for.
    pub(super) fn of(
        metric: Option<Metric>,
        kind: KindName,
        points: Option<u8>,
        counts: &BTreeMap<String, u64>,
        minutes: impl Fn(&str) -> Option<u32>,
    ) -> Option<Self> {
        let count = |value: &str| counts.get(value).copied().unwrap_or(0);
        let scale = || {
            let points = 1..=points?;
            Some(points.map(|point| count(&point.to_string())).collect::<Vec<_>>())
        };
        match (metric?, kind) {
            (name @ (Metric::Csat | Metric::Helpful), KindName::YesNo) => {
                let yes = count("true");
                Some(Self::Share(name, Share::new(yes, yes + count("false"))))
            }
            (name @ (Metric::Csat | Metric::Helpful), KindName::Likert) => {
                let scale = scale()?;
                let top = metric::top_boxes(points?).into();
                let part = scale.iter().rev().take(top).sum();
                Some(Self::Share(name, Share::new(part, scale.iter().sum())))
            }
            (Metric::Ces, KindName::Likert) => Some(Self::Ces(scale()?)),
            (Metric::Nps, KindName::Nps) => {
                Some(Self::Nps(std::array::from_fn(|score| count(&score.to_string()))))
            }
            (Metric::Ttr, KindName::Choice) => {
                let times = counts.iter().filter_map(|(id, n)| Some((minutes(id)?, *n)));
                Some(Self::Ttr(Times::new(times)))
            }
            _ => None,
        }
    }

    /// The score; none where nothing was answered.
    pub(super) fn score(&self) -> Option<Score> {
        let (mut agreement, mut p90) = (None, None);
        let (name, estimate) = match self {
            Self::Share(name, share) => (*name, metric::share(share.part, share.whole)?),
            Self::Nps(counts) => (Metric::Nps, metric::nps(counts)?),
            Self::Ces(counts) => {
                let found = metric::ces(counts)?;
                agreement = found.agreement;
                (Metric::Ces, found.mean)
            }
            Self::Ttr(times) => {
                let found = metric::ttr(times)?;
                p90 = Some(found.p90);
                (Metric::Ttr, found.median)
            }
        };
        let enough = estimate.is_enough();
        Some(Score { name, estimate, enough, agreement, p90, change: None, rest: None })
    }

    /// How far this is from the other, as one of so many comparisons; none where that cannot be told.
    pub(super) fn against(&self, other: &Self, comparisons: u32) -> Option<Compared> {
        let found = match (self, other) {
            (Self::Share(_, a), Self::Share(_, b)) => {
                metric::difference_of_shares(*a, *b, comparisons)
            }
            (Self::Nps(a), Self::Nps(b)) => {
                metric::difference_of_nps(Nps::of(a), Nps::of(b), comparisons)
            }
            (Self::Ces(a), Self::Ces(b)) => {
                metric::difference_of_means(metric::Scale(a), metric::Scale(b), comparisons)
            }
            (Self::Ttr(a), Self::Ttr(b)) => metric::difference_of_medians(a, b, comparisons),
            _ => None,
        };
        found.map(compared)
    }
}

pub(super) fn compared(difference: Difference) -> Compared {
    Compared { certain: difference.is_certain(), difference }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
        pairs.iter().map(|(value, n)| ((*value).to_owned(), *n)).collect()
    }

    #[track_caller]
    fn check(
        metric: Metric,
        kind: KindName,
        points: Option<u8>,
        pairs: &[(&str, u64)],
        expected: Option<f64>,
    ) {
        let measure =
            Measure::of(Some(metric), kind, points, &counts(pairs), |option| match option {
                "hour" => Some(60),
                "minutes" => Some(5),
                _ => None,
            });
        let score = measure.and_then(|measure| measure.score());
        assert_eq!(score.map(|score| score.estimate.value), expected);
    }

    #[test]
    fn every_metric_on_its_kinds() {
        let five = [("1", 4), ("2", 6), ("3", 10), ("4", 50), ("5", 30)];
        check(Metric::Csat, KindName::Likert, Some(5), &five, Some(80.0));
        check(Metric::Helpful, KindName::YesNo, None, &[("true", 3), ("false", 1)], Some(75.0));
        check(Metric::Helpful, KindName::Likert, Some(2), &[("1", 1), ("2", 1)], Some(50.0));
        check(Metric::Ces, KindName::Likert, Some(7), &[("7", 1), ("4", 1)], Some(5.5));
        check(Metric::Nps, KindName::Nps, None, &[("10", 50), ("8", 30), ("0", 20)], Some(30.0));
        let times = [("hour", 3), ("minutes", 1), ("unsolved", 9)];
        check(Metric::Ttr, KindName::Choice, None, &times, Some(60.0));
    }

    #[test]
    fn what_makes_no_sense_has_no_score() {
        check(Metric::Nps, KindName::Likert, Some(11), &[("11", 3)], None);
        check(Metric::Csat, KindName::Likert, Some(5), &[], None);
        check(Metric::Ttr, KindName::Choice, None, &[("unsolved", 9)], None);
    }
}
