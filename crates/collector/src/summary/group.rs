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
    let asked = asked(scale, days, defined);
    // Of a language, the last one stays.
    let texts = asked.iter().map(|wording| (wording.language.clone(), wording.text.clone()));
    let mut text: BTreeMap<_, _> = texts.collect();
    if let Some(question) = defined.question(scale) {
        // Where visitors were asked in the words of the definition, nobody else's words stand in their place.
        for (language, text) in &mut text {
            let own = question.text(language);
            if scale.wordings.iter().any(|it| it.language == *language && it.text == own) {
                *text = own;
            }
        }
    }
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
    let of_same = || scales.iter().filter(|other| other.question == scale.question);
    let answers_of = |of: &Scale| of.wordings.iter().map(|wording| wording.n).sum::<i64>();
    let total: i64 = of_same().map(answers_of).sum();
    // Of a question that is known here, somebody's answers on a scale that nobody defined change nothing.
    let counts_as_change = |other: &Scale| {
        other.id != scale.id
            && (defined.question(scale).is_none() || is_noticeable(answers_of(other), total))
    };
    if of_same().any(counts_as_change) {
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
/// no old answer. Of a question that is known here, those that next to nobody answered are left out: anybody can send a
/// response with words of their own.
fn asked<'a>(scale: &'a Scale, (first, last): Days, defined: &DefinedSurvey) -> Vec<&'a Wording> {
    let question = defined.question(scale);
    let read = |wording: &&Wording| wording.first_day <= last && wording.last_day >= first;
    let in_language = |language: &str| {
        let same = scale.wordings.iter().filter(|other| other.language == language);
        same.map(|wording| wording.n).sum::<i64>()
    };
    let is_shown = |wording: &&Wording| match &question {
        None => true,
        Some(question) => {
            wording.text == question.text(&wording.language)
                || is_noticeable(wording.n, in_language(&wording.language))
        }
    };
    scale.wordings.iter().filter(read).filter(is_shown).collect()
}

/// Whether this is a twentieth of all or more.
fn is_noticeable(n: i64, all: i64) -> bool {
    n.saturating_mul(20) >= all
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
