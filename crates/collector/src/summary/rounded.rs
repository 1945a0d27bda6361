//! Numbers with the digits that their readers use.

use sondeo_api::summary::{Compared, Group, Score, Summary};
use sondeo_model::Metric;
use sondeo_model::metric::{Difference, Estimate};

/// Rounds every number of a summary: one decimal, of means two. What was decided on the exact numbers
/// stays decided.
pub(super) fn summary(summary: &mut Summary) {
    group(&mut summary.whole);
    for part in summary.by.values_mut().flatten() {
        group(&mut part.group);
    }
    if let Some(previous) = &mut summary.previous {
        group(&mut previous.whole);
        if let Some(change) = &mut previous.response_rate_change {
            compared(change, 1);
        }
    }
}

fn group(group: &mut Group) {
    let rates = group.response_rate.iter_mut().chain(&mut group.completion);
    rates.for_each(|rate| estimate(rate, 1));
    for question in &mut group.questions {
        if let Some(rate) = &mut question.drop_off {
            estimate(rate, 1);
        }
        if let Some(found) = &mut question.metric {
            score(found);
        }
    }
}

fn score(score: &mut Score) {
    let digits = if score.name == Metric::Ces { 2 } else { 1 };
    estimate(&mut score.estimate, digits);
    score.agreement.iter_mut().chain(&mut score.p90).for_each(|other| estimate(other, 1));
    score.change.iter_mut().chain(&mut score.rest).for_each(|other| compared(other, digits));
}

fn estimate(estimate: &mut Estimate, digits: i32) {
    estimate.value = number(estimate.value, digits);
    for end in estimate.low.iter_mut().chain(&mut estimate.high) {
        *end = number(*end, digits);
    }
}

fn compared(compared: &mut Compared, digits: i32) {
    let Difference { value, low, high } = &mut compared.difference;
    for value in [value, low, high] {
        *value = number(*value, digits);
    }
}

fn number(value: f64, digits: i32) -> f64 {
    let factor = 10_f64.powi(digits);
    // Adding 0 makes -0 0.
    (value * factor).round() / factor + 0.0
}
