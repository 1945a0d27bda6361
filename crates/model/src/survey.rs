use crate::{Display, Duration, Goto, Language, Question, Template, Text, Trigger, Value};
use std::borrow::Cow;

/// A survey in one language, ready to be asked: every text chosen, every default filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Names the survey on its page and at the endpoint.
    pub id: Text,
    /// The template that it was made from.
    pub template: Option<Template>,
    /// The language of its texts.
    pub language: Language,
    /// What is asked; never empty.
    pub questions: Vec<Question>,
    /// Any one of them makes it due.
    pub triggers: Cow<'static, [Trigger]>,
    /// The time between trigger and showing.
    pub delay: Duration,
    /// How it stands on the page.
    pub display: Display,
    /// What the visitor reads at the end.
    pub thanks: Text,
}

impl Survey {
    /// The question to ask after the one at `position` got this answer (or none); `None` is the end.
    ///
    /// A rule that names an unknown question ends the survey: what was answered is worth more than an
    /// exception.
    #[must_use]
    pub fn next(&self, position: usize, answer: Option<&Value>) -> Option<usize> {
        let question = self.questions.get(position)?;
        let Some(rule) = question.next.iter().find(|rule| rule.condition.holds(answer)) else {
            return (position + 1 < self.questions.len()).then_some(position + 1);
        };
        match &rule.goto {
            Goto::Question(id) => self.questions.iter().position(|question| question.id == *id),
            Goto::End => None,
        }
    }
}
