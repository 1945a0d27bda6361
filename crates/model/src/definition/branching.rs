//! Whether a visitor gets through: decided when a survey is read, so that nothing is left to go wrong later.

use super::problem::{Problem, Problems};
use super::reader::path as written;
use super::reason::Reason;
use crate::branch::contains;
use crate::{Condition, Destination, Kind, Question, Text, nearest};

/// Where the question at `at` may lead: positions, and `None` for the end.
pub(crate) fn successors(questions: &[Question], at: usize) -> impl Iterator<Item = Option<usize>> {
    let rules = questions.get(at).map_or(&[][..], |question| &question.next);
    let last = rules.iter().position(|rule| rule.condition == Condition::Always);
    let following = (at + 1 < questions.len()).then_some(at + 1);
    let rules = &rules[..last.map_or(rules.len(), |last| last + 1)];
    let goes = rules.iter().map(|rule| match &rule.goto {
        Destination::End => None,
        Destination::Named(id) => questions.iter().position(|question| question.id == *id),
    });
    goes.chain(last.is_none().then_some(following))
}

/// Notes what is wrong with the ways through these questions. Returns whether they can be asked.
pub(super) fn check(
    questions: &[Question],
    paths: &[String],
    endings: &[&str],
    problems: &mut Problems,
) -> bool {
    let mut is_sound = true;
    for (question, path) in questions.iter().zip(paths) {
        is_sound &= check_rules(question, questions, endings, path, problems);
    }
    if let Some(at) = circle(questions) {
        is_sound = false;
        problems.note(|| {
            let path = [&paths[at], ".next"].concat();
            Problem::of(path, "leads back to this question (no way may be a circle)")
                .because(|| Reason::Circle)
        });
    }
    if is_sound {
        let mut reached = vec![false; questions.len()];
        reach(questions, 0, &mut reached);
        for (path, _) in paths.iter().zip(&reached).filter(|(_, reached)| !**reached) {
            // It does no harm, so the survey is asked all the same.
            problems.note(|| {
                Problem::of(path.clone(), "is never asked: no rule leads to it")
                    .because(|| Reason::NeverAsked)
            });
        }
    }
    is_sound
}

/// Returns whether every rule leads somewhere.
fn check_rules(
    question: &Question,
    questions: &[Question],
    endings: &[&str],
    path: &str,
    problems: &mut Problems,
) -> bool {
    let mut leads = true;
    for (at, rule) in question.next.iter().enumerate() {
        let path = written(|| [path, ".next[", &crate::format_int(at as i64), "]"].concat());
        if let Destination::Named(id) = &rule.goto
            && !questions.iter().any(|question| question.id == *id)
            && !endings.contains(&&**id)
        {
            leads = false;
            problems.note(|| {
                let ids = questions.iter().map(|question| &*question.id);
                let ids: Vec<&str> = ids.chain(endings.iter().copied()).collect();
                let meant = nearest(id, &ids).unwrap_or("end");
                let reason =
                    ["\"", id, "\" is not a question of this survey (try \"", meant, "\")"];
                Problem::of([&path, ".go"].concat(), &reason.concat()).because(|| {
                    let (id, meant) = (id.clone().into_owned(), meant.to_owned());
                    Reason::NoQuestion { id, meant }
                })
            });
        }
        let is_possible = match (&rule.condition, &question.kind) {
            (Condition::Between(low, high), Kind::Likert { points, .. }) => {
                *low <= i64::from(*points) && *high >= 1
            }
            (Condition::Between(low, high), Kind::Nps { .. }) => *low <= 10 && *high >= 0,
            (Condition::Between(..), _) => false,
            (Condition::In(values) | Condition::NotIn(values), kind) => {
                values.iter().all(|value| can_be(kind, value))
            }
            (Condition::Skipped, _) => !question.required,
            (Condition::Always, _) => true,
        };
        if !is_possible {
            // It holds never, always, or for less than it says: no reason not to ask.
            let reason = match rule.condition {
                Condition::Skipped => "never holds: the question is required",
                _ => "compares with something that is never answered to this question",
            };
            problems.note(|| {
                Problem::of([&path, ".if"].concat(), reason).because(|| match rule.condition {
                    Condition::Skipped => Reason::NeverHolds,
                    _ => Reason::NeverAnswered,
                })
            });
        }
    }
    leads
}

/// Whether an answer to a question of this kind can be this value, as authors write it.
fn can_be(kind: &Kind, value: &Text) -> bool {
    match kind {
        Kind::Choices { options, .. } => options.list.iter().any(|option| option.id == *value),
        // `03` is read as the answer 3, but is not how that is compared.
        _ => kind
            .read(&[value.clone().into_owned()])
            .is_some_and(|it| contains(std::slice::from_ref(value), &it)),
    }
}

/// A question from which some way leads back to it.
fn circle(questions: &[Question]) -> Option<usize> {
    // The last one of a circle has the rule that leads back, not only a question that follows.
    (0..questions.len()).rev().find(|&at| {
        let mut reached = vec![false; questions.len()];
        for next in successors(questions, at).flatten() {
            reach(questions, next, &mut reached);
        }
        reached[at]
    })
}

fn reach(questions: &[Question], at: usize, reached: &mut [bool]) {
    if std::mem::replace(&mut reached[at], true) {
        return;
    }
    for next in successors(questions, at).flatten() {
        reach(questions, next, reached);
    }
}
