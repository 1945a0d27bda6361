//! Which question is meant, and on which scale its score lies.

use super::in_language;
use crate::words::Language;
use sondeo_api::summary::QuestionSummary;
use sondeo_model::Metric;

/// Tells a question on its scale from all others, in an address.
pub(crate) fn key(question: &QuestionSummary) -> String {
    match question.points {
        Some(points) => format!("{}.{points}", question.question),
        None => question.question.clone(),
    }
}

/// Whether both are the same question on the same scale.
pub(crate) fn same(one: &QuestionSummary, other: &QuestionSummary) -> bool {
    one.question == other.question
        && one.kind == other.kind
        && one.points == other.points
        && one.metric.as_ref().map(|score| score.name)
            == other.metric.as_ref().map(|score| score.name)
}

/// The question whose score stands for the survey: the chosen one, else the first that is scored; of
/// one that was asked on several scales, the scale with the most answers.
pub(crate) fn main_question<'a>(
    questions: &'a [QuestionSummary],
    chosen: Option<&str>,
) -> Option<&'a QuestionSummary> {
    let scored = || questions.iter().filter(|question| question.metric.is_some());
    if let Some(found) = chosen.and_then(|chosen| scored().find(|found| key(found) == chosen)) {
        return Some(found);
    }
    let first = scored().next()?;
    scored()
        .filter(|question| question.question == first.question)
        .max_by_key(|question| question.n)
}

/// What visitors read, in this language or any other.
pub(crate) fn asked(question: &QuestionSummary, language: Language) -> String {
    in_language(&question.text, language).unwrap_or(&question.question).to_owned()
}

/// The lowest and the highest value that a score can have.
pub(crate) fn limits(metric: Metric, points: Option<u8>) -> [f64; 2] {
    match metric {
        Metric::Csat | Metric::Helpful => [0.0, 100.0],
        Metric::Nps => [-100.0, 100.0],
        Metric::Ces => [1.0, f64::from(points.unwrap_or(7))],
        Metric::Ttr => [0.0, f64::INFINITY],
    }
}

/// Whether less of it is better.
pub(crate) fn lower_is_better(metric: Metric) -> bool {
    metric == Metric::Ttr
}
