use crate::{
    Answer, Appearance, Destination, Direction, Ending, Image, LocalizedText, Messages, Question,
    Template, Text, Value,
};
use std::borrow::Cow;
use std::sync::Arc;

/// A survey with its language chosen and every default filled in, ready to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Names the survey on its page and at the endpoint.
    pub id: Text,
    /// The template that it was made from.
    pub template: Option<Template>,
    /// The tag of the language of its texts.
    pub language: Text,
    /// The words around them.
    pub messages: Messages,
    /// What is asked; never empty.
    pub questions: Cow<'static, [Question]>,
    /// How it looks, and where it stands.
    pub appearance: Appearance,
    /// What the visitor reads at the end, where there is no ending.
    pub thanks: LocalizedText,
    /// Whose survey it is, above each question.
    pub logo: Option<Arc<Image>>,
    /// Where its file is, which relative addresses are meant by; empty where it has none.
    pub base: String,
    /// The ends of its ways; the first is that of a way which names none.
    pub endings: Vec<Ending>,
}

impl Survey {
    /// What the visitor reads of a text.
    #[must_use]
    pub fn text<'a>(&self, say: &'a LocalizedText) -> &'a str {
        say.text(&self.language, self.messages)
    }

    /// Which way its texts are written.
    #[must_use]
    pub fn direction(&self) -> Direction {
        Direction::of(&self.language)
    }

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
            Destination::Named(id) => self.questions.iter().position(|question| question.id == *id),
            Destination::End => None,
        }
    }

    /// The position of the ending after the question at `position` got this answer (or none), if the survey ends there.
    #[must_use]
    pub fn ending(&self, position: usize, answer: Option<&Value>) -> Option<usize> {
        let question = self.questions.get(position)?;
        let rule = question.next.iter().find(|rule| rule.condition.holds(answer));
        let named = rule.and_then(|rule| match &rule.goto {
            Destination::Named(id) => self.endings.iter().position(|ending| ending.id == *id),
            Destination::End => None,
        });
        named.or((!self.endings.is_empty()).then_some(0))
    }

    /// The ending of a way that was completed with these answers. `None` where they are not those of one way through this
    /// survey, from its first question to its end: another version of it may have been asked.
    #[must_use]
    pub fn ending_of(&self, answers: &[Answer]) -> Option<&Ending> {
        let mut position = 0;
        let mut met = 0;
        // A way meets no question twice.
        for _ in 0..self.questions.len() {
            let question = self.questions.get(position)?;
            let answer = answers.iter().find(|answer| answer.question == question.id);
            match answer {
                Some(answer) if answer.kind == question.kind.name() => met += 1,
                None if !question.required => {}
                _ => return None,
            }
            let value = answer.map(|answer| &answer.value);
            match self.next(position, value) {
                Some(next) => position = next,
                None if met == answers.len() => {
                    return self.endings.get(self.ending(position, value)?);
                }
                None => return None,
            }
        }
        None
    }

    /// The greatest number of questions that may be asked from the one at `position` on, that one
    /// included.
    ///
    /// Counts no further than there are questions, so that it ends even where rules lead in circles.
    #[must_use]
    pub fn longest_way(&self, position: usize) -> usize {
        // Rules may lead anywhere that is no circle. From the back, one round does for those that lead forward.
        let count = self.questions.len();
        let mut ways = vec![1; count];
        for _ in 0..count {
            let before = ways.clone();
            for at in (0..count).rev() {
                let further = crate::definition::successors(&self.questions, at)
                    .filter_map(|next| ways.get(next?).copied())
                    .max()
                    .unwrap_or(0);
                ways[at] = (further + 1).min(count);
            }
            if ways == before {
                break;
            }
        }
        ways.get(position).copied().unwrap_or(0)
    }
}
