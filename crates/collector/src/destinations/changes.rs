//! That a score has changed for certain: the 95 % confidence interval of its difference from the period before excludes zero.
//! It is computed as the summary is.
//!
//! One change is told once, and not again while it lasts: a window that moves on by a day finds the same change for days. One
//! that turned round is another change.

use super::digest::estimate_words;
use super::message::{Message, Said};
use super::notice::surveys;
use crate::clock::DAY_MS;
use crate::store::{StoredDestination, site_and_survey};
use crate::{Collector, Error};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sondeo_api::summary::{QuestionSummary, Score, Summary};
use sondeo_model::Timestamp;
use sondeo_model::metric::Difference;
use std::collections::BTreeMap;

const WORDS: [&str; 3] = ["day", "week", "month"];

/// Over which time a score is compared with the same time before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    Day,
    Week,
    /// Four weeks, so that both have the same days of the week.
    Month,
}

impl Span {
    pub(super) fn of(word: &str) -> Option<Self> {
        let all = [Self::Day, Self::Week, Self::Month];
        WORDS.iter().position(|it| *it == word).map(|index| all[index])
    }

    fn days(self) -> i64 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 28,
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Day => "the last 24 hours against the 24 before",
            Self::Week => "the last 7 days against the 7 before",
            Self::Month => "the last 28 days against the 28 before",
        }
    }
}

pub(super) fn is_changes(value: &Value) -> Result<(), String> {
    match value.as_str().and_then(Span::of) {
        Some(_) => Ok(()),
        None => {
            Err("must be day, week or month: the time that is compared with the one before"
                .to_owned())
        }
    }
}

/// Which way a score went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Way {
    Higher,
    Lower,
}

/// The changes that were told, while they last.
pub(super) type ToldChanges = BTreeMap<String, Way>;

/// A certain change.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ScoreChange {
    survey: String,
    question: String,
    asked: String,
    now: Score,
    before: Option<Score>,
    difference: Difference,
}

impl ScoreChange {
    /// What is one change: a score of a question of a survey.
    fn key(&self) -> String {
        format!("{} {} {}", self.survey, self.question, self.now.name.as_str())
    }

    fn way(&self) -> Way {
        if self.difference.value < 0.0 { Way::Lower } else { Way::Higher }
    }

    fn name(&self) -> String {
        self.now.name.as_str().to_uppercase()
    }

    fn title(&self) -> String {
        let verb = match self.way() {
            Way::Higher => "risen",
            Way::Lower => "fallen",
        };
        format!("{}: {} has {verb} to {:.1}", self.survey, self.name(), self.now.estimate.value)
    }

    fn sentence(&self) -> String {
        let Difference { value, low, high } = self.difference;
        let by = match self.way() {
            Way::Higher => format!("higher by {value:.1} ({low:.1} to {high:.1})"),
            Way::Lower => format!("lower by {:.1} ({:.1} to {:.1})", -value, -high, -low),
        };
        let before = self.before.as_ref().map_or_else(String::new, |it| {
            format!(" than before: {}", estimate_words(&it.estimate))
        });
        format!("{} {}; {by}{before}", self.name(), estimate_words(&self.now.estimate))
    }
}

/// The certain changes of what a destination is about.
pub(super) async fn find(
    collector: &Collector,
    destination: &StoredDestination,
    span: Span,
    now: Timestamp,
) -> Result<Vec<ScoreChange>, Error> {
    let from = Timestamp::from_millis(now.as_millis() - span.days() * DAY_MS);
    let mut found = Vec::new();
    for key in surveys(collector, destination).await? {
        let summary = crate::summary::compared(collector, &key, from, now).await?;
        found.extend(of_summary(site_and_survey(&key).1, &summary));
    }
    Ok(found)
}

fn of_summary(survey: &str, summary: &Summary) -> Vec<ScoreChange> {
    let earlier = summary.previous.as_ref().map_or(&[][..], |it| &it.whole.questions);
    let change = |question: &QuestionSummary| {
        let score = question.metric.as_ref().filter(|score| score.enough)?;
        let change = score.change.filter(|change| change.certain)?;
        let is_same = |it: &&QuestionSummary| {
            it.question == question.question
                && it.points == question.points
                && it.metric.as_ref().is_some_and(|it| it.name == score.name)
        };
        let before = earlier.iter().find(is_same).and_then(|it| it.metric.clone());
        Some(ScoreChange {
            survey: survey.to_owned(),
            question: question.question.clone(),
            asked: question.text.values().next().unwrap_or(&question.question).clone(),
            now: score.clone(),
            before,
            difference: change.difference,
        })
    };
    summary.whole.questions.iter().filter_map(change).collect()
}

/// Those of them that were not told yet, and what was told with them.
pub(super) fn fresh(
    found: Vec<ScoreChange>,
    told: &ToldChanges,
) -> (Vec<ScoreChange>, ToldChanges) {
    let now: ToldChanges = found.iter().map(|it| (it.key(), it.way())).collect();
    let is_fresh = |it: &ScoreChange| told.get(&it.key()) != Some(&it.way());
    (found.into_iter().filter(is_fresh).collect(), now)
}

/// What is told of them; nothing of none.
pub(super) fn message(changes: &[ScoreChange], span: Span, site: &str) -> Option<Message> {
    let title = match changes {
        [] => return None,
        [one] => one.title(),
        several => format!("{site}: {} scores have changed for certain", several.len()),
    };
    let said = |it: &ScoreChange| Said {
        question: format!("{}: {}", it.survey, it.asked),
        answer: it.sentence(),
    };
    let said: Vec<Said> = changes.iter().map(said).collect();
    let context = format!("{site}: {}", span.in_words());
    let mut text = String::new();
    for Said { question, answer } in &said {
        text.push_str(&format!("{question}\n{answer}\n\n"));
    }
    text.push_str(&format!(
        "Compared: {}. In brackets: the 95 % confidence interval and the number of answers; the interval of the difference \
         excludes zero. The rest is in the dashboard.\n",
        span.in_words()
    ));
    Some(Message { title, said, context, text })
}

/// What it looks like.
pub(super) fn sample(span: Span) -> Message {
    let said = vec![Said {
        question: "sample: How satisfied are you with your purchase?".to_owned(),
        answer: "CSAT 50.0 (40.4 to 59.6, n = 100); lower by 25.0 (11.6 to 37.2) than before: 75.0 (65.7 to 82.5, n = 100)"
            .to_owned(),
    }];
    let text =
        format!("{}\n{}\n\nCompared: {}.\n", said[0].question, said[0].answer, span.in_words());
    let title = "sample: CSAT has fallen to 50.0".to_owned();
    Message { title, said, context: span.in_words().to_owned(), text }
}

#[cfg(test)]
mod tests {
    use super::{ScoreChange, Span, ToldChanges, Way, fresh, message};
    use sondeo_api::summary::Score;
    use sondeo_model::Metric;
    use sondeo_model::metric::{Difference, Estimate};

    fn change(question: &str, value: f64) -> ScoreChange {
        let score = |value| Score {
            name: Metric::Csat,
            estimate: Estimate { value, low: Some(value - 9.0), high: Some(value + 9.0), n: 100 },
            enough: true,
            agreement: None,
            p90: None,
            change: None,
            rest: None,
        };
        ScoreChange {
            survey: "checkout".to_owned(),
            question: question.to_owned(),
            asked: "How was it?".to_owned(),
            now: score(50.0),
            before: Some(score(50.0 - value)),
            difference: Difference { value, low: value - 10.0, high: value + 10.0 },
        }
    }

    #[test]
    fn a_change_is_told_once_while_it_lasts_and_when_it_turns_round() {
        let (told, now) = fresh(vec![change("a", -20.0)], &ToldChanges::new());
        assert_eq!(
            (told.len(), now.clone()),
            (1, [("checkout a csat".to_owned(), Way::Lower)].into())
        );
        let (told, now) = fresh(vec![change("a", -20.0), change("b", 20.0)], &now);
        assert_eq!(told, [change("b", 20.0)]);
        let (told, now) = fresh(vec![change("a", 20.0)], &now);
        assert_eq!(told, [change("a", 20.0)]);
        let (told, now) = fresh(Vec::new(), &now);
        assert!(told.is_empty() && now.is_empty());
    }

    #[test]
    fn a_notice_says_from_what_to_what() {
        let one = message(&[change("a", -20.0)], Span::Week, "shop").expect("a notice");
        assert_eq!(one.title, "checkout: CSAT has fallen to 50.0");
        assert_eq!(
            one.said[0].answer,
            "CSAT 50.0 (41.0 to 59.0, n = 100); lower by 20.0 (10.0 to 30.0) than before: 70.0 (61.0 to 79.0, n = 100)"
        );
        let two = message(&[change("a", -20.0), change("b", 20.0)], Span::Day, "shop");
        assert_eq!(two.expect("a notice").title, "shop: 2 scores have changed for certain");
        assert_eq!(message(&[], Span::Day, "shop"), None);
    }
}
