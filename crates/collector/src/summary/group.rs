//! From a tally to what is said of it.

use super::calendar;
use super::defined_survey::{DefinedQuestion, DefinedSurvey};
use super::tally::{Answers, Tally};
use crate::store::{AskedScale, Wording};
use sondeo_api::summary::{Asked, Change, EndingSummary, Group, QuestionSummary, Score};
use sondeo_model::KindName;
use sondeo_model::metric;
use std::collections::{BTreeMap, BTreeSet};

/// The first and the last day of a period, since 1970-01-01 (UTC).
pub(super) type PeriodDays = (i64, i64);

/// The questions of a survey.
#[derive(Debug, Clone, Copy)]
pub(super) struct Questions<'a> {
    /// As they were asked, in their order.
    pub(super) scales: &'a [AskedScale],
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
    days: PeriodDays,
    earlier: Option<&Tally>,
    rest: Option<(&Tally, u32)>,
) -> Group {
    let questions = asked.scales.iter().filter(|scale| !scale.is_of_endings());
    let questions = questions.filter_map(|scale| {
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
        endings: endings(asked, tally, days),
    }
}

/// Where visitors came to an end: all endings of the definition, and whatever else was reached.
fn endings(
    Questions { scales, defined }: Questions<'_>,
    tally: &Tally,
    days: PeriodDays,
) -> Vec<EndingSummary> {
    let answers = scales.iter().find(|scale| scale.is_of_endings());
    let answers = answers.and_then(|scale| tally.answers.get(&scale.id));
    let mut reached = answers.map(|answers| answers.counts.clone()).unwrap_or_default();
    let languages: BTreeSet<&str> =
        scales.iter().flat_map(|scale| read(scale, days)).map(|it| &*it.language).collect();
    let mut endings: Vec<EndingSummary> = defined
        .endings()
        .map(|ending| EndingSummary {
            id: ending.id().to_owned(),
            text: ending.texts(&languages),
            responses: reached.remove(ending.id()).unwrap_or_default(),
        })
        .collect();
    let others = reached.into_iter().filter(|(_, responses)| *responses > 0);
    endings.extend(others.map(|(id, responses)| EndingSummary {
        id,
        text: BTreeMap::new(),
        responses,
    }));
    endings
}

fn question(
    Questions { scales, defined }: Questions<'_>,
    scale: &AskedScale,
    answers: &Answers,
    days: PeriodDays,
    others: [Option<(&Tally, u32)>; 2],
) -> QuestionSummary {
    let question = defined.question(&scale.question);
    let of_same = || scales.iter().filter(|other| other.question == scale.question);
    let answers_of = |of: &AskedScale| of.wordings.iter().map(|wording| wording.n).sum::<i64>();
    let total: i64 = of_same().map(answers_of).sum();
    let asked = asked(scale, days, question.as_ref(), total);
    let text = match &question {
        // Of a language, the last one stays.
        None => asked.iter().map(|it| (it.language.clone(), it.text.clone())).collect(),
        Some(question) => {
            let mut texts = texts_of(question, scale, days);
            // Where nobody has read the new words yet, answers stand under those that were read.
            for (language, text) in &mut texts {
                let mut own = asked.iter().filter(|it| it.language == *language);
                if !own.clone().any(|it| it.text == *text)
                    && let Some(last) = own.next_back()
                {
                    text.clone_from(&last.text);
                }
            }
            // What the definition does not say in a language any more, or never did, is no other wording of it.
            let others = asked.iter().filter(|it| !texts.contains_key(&it.language));
            let others: Vec<_> = others.map(|it| (it.language.clone(), it.text.clone())).collect();
            texts.extend(others);
            texts
        }
    };
    let is_told = |wording: &&&Wording| {
        let mut others = asked.iter().filter(|other| other.language == wording.language);
        others.nth(1).is_some() || text.get(&wording.language) != Some(&wording.text)
    };
    let wordings: Vec<Asked> = asked
        .iter()
        .filter(is_told)
        .map(|wording| Asked {
            language: wording.language.clone(),
            text: wording.text.clone(),
            first: calendar::date(wording.first_day),
            last: calendar::date(wording.last_day),
        })
        .collect();
    let mut changed = Vec::new();
    // Of a question that is known here, somebody's answers on a scale that nobody defined change nothing.
    let counts_as_change = |other: &AskedScale| {
        other.id != scale.id
            && (!question.as_ref().is_some_and(|it| it.is_asked_on(scale))
                || is_noticeable(answers_of(other), total))
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
        .map(|option| (option.clone(), defined.texts(scale, option, text.keys())))
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
        other: Vec::new(),
        metric: score(scale, defined, answers, others),
        drop_off: metric::drop_off(answers.dropped_off, answers.n),
        changed,
    }
}

/// The words of the definition, in each of its languages in which somebody answered; where nobody did in any of them, in
/// the one that stands for others. Nobody else's words stand in their place.
fn texts_of(
    question: &DefinedQuestion<'_>,
    scale: &AskedScale,
    days: PeriodDays,
) -> BTreeMap<String, String> {
    let languages = read(scale, days).map(|wording| wording.language.as_str());
    let languages = languages.filter(|language| question.language(language) == *language);
    let mut texts: BTreeMap<_, _> =
        languages.map(|language| (language.to_owned(), question.text(language))).collect();
    if texts.is_empty() {
        let language = question.language("en");
        texts.insert(language.to_owned(), question.text(language));
    }
    texts
}

/// What somebody answered on these days, the latest last. A later change of wording changes no old answer.
fn read(scale: &AskedScale, (first, last): PeriodDays) -> impl Iterator<Item = &Wording> {
    let is_of = move |wording: &&Wording| wording.first_day <= last && wording.last_day >= first;
    scale.wordings.iter().filter(is_of)
}

/// The wordings that visitors of these days have read, the latest last. Of a question that is known here, and was answered
/// so often in all, those that next to nobody answered are left out, and those of languages in which next to nobody
/// answered: anybody can send a response with words of their own.
fn asked<'a>(
    scale: &'a AskedScale,
    days: PeriodDays,
    question: Option<&DefinedQuestion<'_>>,
    total: i64,
) -> Vec<&'a Wording> {
    let in_language = |language: &str| {
        let same = scale.wordings.iter().filter(|other| other.language == language);
        same.map(|wording| wording.n).sum::<i64>()
    };
    let is_shown = |wording: &&Wording| {
        let Some(question) = question else { return true };
        let language = wording.language.as_str();
        let is_own =
            question.language(language) == language && question.text(language) == wording.text;
        let of_language = in_language(language);
        is_own || is_noticeable(wording.n, of_language) && is_noticeable(of_language, total)
    };
    read(scale, days).filter(is_shown).collect()
}

/// Whether this is a twentieth of all or more. Where all are fewer than a score needs, a single one would be that.
fn is_noticeable(n: i64, all: i64) -> bool {
    u64::try_from(all).is_ok_and(|all| all >= metric::ENOUGH) && n.saturating_mul(20) >= all
}

/// How often each value was given; of a scale, also those that nobody gave.
fn all(scale: &AskedScale, answers: &Answers) -> BTreeMap<String, u64> {
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
    scale: &AskedScale,
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
