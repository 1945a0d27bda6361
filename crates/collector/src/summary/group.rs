//! From a tally to what is said of it.

use super::calendar;
use super::defined_survey::DefinedSurvey;
use super::tally::{Answers, Tally};
use crate::store::{Scale, Wording};
use sondeo_model::KindName;
use sondeo_model::metric;
use sondeo_model::summary::{Asked, Change, Group, QuestionSummary, Score};
use std::collections::BTreeMap;

/// The first and the last day of a period, since 1970-01-01 (UTC).
pub(super) type Days = (i64, i64);

/// The questions of a survey.
#[derive(Debug, Clone, Copy)]
pub(super) struct Questions<'a> {
    /// As they were asked, in their order.
    pub(super) scales: &'a [Scale],
    /// What their options stand for.
    pub(super) defined: &'a DefinedSurvey,
}

/// What can be said of these responses of these days.
///
/// `earlier` is the period before, and `rest` all the other responses, that scores are compared with,
/// the latter as one of so many comparisons.
pub(super) fn group(
    asked: Questions<'_>,
    tally: &Tally,
    days: Days,
    earlier: Option<&Tally>,
    rest: Option<(&Tally, u32)>,
) -> Group {
    let questions = asked.scales.iter().filter_map(|scale| {
        let answers = tally.answers.get(&scale.id).filter(|answers| answers.n > 0)?;
        let others = [earlier.map(|earlier| (earlier, 1)), rest];
        Some(question(asked, scale, answers, days, others))
    });
    Group {
        shown: tally.shown,
        responses: tally.responses,
        completed: tally.completed,
        dismissed: tally.dismissed,
        // Where nothing but answers is reported, everybody seems to answer.
        response_rate: (tally.silent > 0)
            .then(|| metric::response_rate(tally.responses, tally.shown))
            .flatten(),
        completion: metric::completion(tally.completed, tally.responses),
        questions: questions.collect(),
    }
}

fn question(
    Questions { scales, defined }: Questions<'_>,
    scale: &Scale,
    answers: &Answers,
    days: Days,
    others: [Option<(&Tally, u32)>; 2],
) -> QuestionSummary {
    let asked = asked(scale, days);
    // Of a language, the last one stays.
    let texts = asked.iter().map(|wording| (wording.language.clone(), wording.text.clone()));
    let text: BTreeMap<_, _> = texts.collect();
    let several = |wording: &&&Wording| {
        asked.iter().filter(|other| other.language == wording.language).count() > 1
    };
    let wordings: Vec<Asked> = asked
        .iter()
        .filter(several)
        .map(|wording| Asked {
            language: wording.language.clone(),
            text: wording.text.clone(),
            first: calendar::date(wording.first_day),
            last: calendar::date(wording.last_day),
        })
        .collect();
    let mut changed = Vec::new();
    if scales.iter().any(|other| other.question == scale.question && other.id != scale.id) {
        changed.push(Change::Scale);
    }
    if !wordings.is_empty() {
        changed.push(Change::Wording);
    }
    // A text is what it is; how often is nobody's question.
    let counts = if scale.kind == KindName::Text { BTreeMap::new() } else { all(scale, answers) };
    let options = counts
        .keys()
        .map(|option| (option.clone(), defined.texts(&scale.question, option, text.keys())))
        .filter(|(_, texts)| !texts.is_empty())
        .collect();
    QuestionSummary {
        question: scale.question.clone(),
        text,
        wordings,
        kind: scale.kind,
        points: scale.points,
        n: answers.n,
        counts,
        options,
        metric: score(scale, defined, answers, others),
        drop_off: metric::drop_off(answers.dropped_off, answers.n),
        changed,
    }
}

/// The wordings that visitors of these days have read, the latest last. A later change of wording changes
/// no old answer.
fn asked(scale: &Scale, (first, last): Days) -> Vec<&Wording> {
    let read = |wording: &&Wording| wording.first_day <= last && wording.last_day >= first;
    scale.wordings.iter().filter(read).collect()
}

/// How often each value was given; of a scale, also those that nobody gave.
fn all(scale: &Scale, answers: &Answers) -> BTreeMap<String, u64> {
    let mut counts = answers.counts.clone();
    let mut there = |value: String| {
        counts.entry(value).or_default();
    };
    match (scale.kind, scale.points) {
        (KindName::Likert, Some(points)) => (1..=points).for_each(|point| there(point.to_string())),
        (KindName::Nps, _) => (0..=10).for_each(|point| there(point.to_string())),
        (KindName::YesNo, _) => ["true", "false"].into_iter().for_each(|word| there(word.into())),
        _ => {}
    }
    counts
}

fn score(
    scale: &Scale,
    defined: &DefinedSurvey,
    answers: &Answers,
    others: [Option<(&Tally, u32)>; 2],
) -> Option<Score> {
    let measure = answers.measure(scale, defined)?;
    let mut score = measure.score()?;
    [score.change, score.rest] = others.map(|other| {
        let (other, comparisons) = other?;
        measure.against(&other.answers.get(&scale.id)?.measure(scale, defined)?, comparisons)
    });
    Some(score)
}
