use crate::{Answer, Question, Survey, Value};
use std::rc::Rc;

/// One visitor's way through a survey: what is asked now, and what was answered so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interview {
    survey: Rc<Survey>,
    position: Option<usize>,
    answers: Vec<Answer>,
    /// What was answered to the question before the present one.
    last: Option<Value>,
}

impl Interview {
    /// Begins at the first question.
    #[must_use]
    pub fn new(survey: Rc<Survey>) -> Self {
        let position = (!survey.questions.is_empty()).then_some(0);
        Self { survey, position, answers: Vec::new(), last: None }
    }

    /// The survey that is asked.
    #[must_use]
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// The question asked now; `None` once the survey is completed.
    #[must_use]
    pub fn question(&self) -> Option<&Question> {
        self.survey.questions.get(self.position?)
    }

    /// What the visitor reads of the question asked now, which may depend on the answer before.
    #[must_use]
    pub fn text(&self) -> &str {
        let Some(question) = self.question() else { return "" };
        let variant =
            question.variants.iter().find(|(condition, _)| condition.holds(self.last.as_ref()));
        variant.map_or(&question.text, |(_, text)| text)
    }

    /// All answers so far, in the order given.
    #[must_use]
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Takes the answer to the present question (or `None`, where it may be passed over) and goes on.
    ///
    /// Returns whether it went on: a required question stays until it has an answer.
    pub fn answer(&mut self, value: Option<Value>) -> bool {
        let Some((position, question)) =
            self.position.and_then(|at| Some((at, self.survey.questions.get(at)?)))
        else {
            return false;
        };
        if value.is_none() && question.required {
            return false;
        }
        let next = self.survey.next(position, value.as_ref());
        let text = self.text().to_owned();
        self.last.clone_from(&value);
        if let Some(value) = value {
            self.answers.push(Answer {
                question: question.id.clone().into_owned(),
                text,
                kind: question.kind.name(),
                points: question.kind.points(),
                metric: question.metric,
                value,
            });
        }
        self.position = next;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Interview;
    use crate::{Language, Template, Value};

    /// Answers a template's questions in turn, as their controls would, and returns the ids asked.
    #[track_caller]
    fn check(template: Template, controls: &[&str], expected: &[&str]) {
        let mut interview = Interview::new(template.survey(Language::English).into());
        let mut asked = Vec::new();
        for control in controls {
            let question = interview.question().expect("another question");
            asked.push(question.id.clone());
            let value = question.kind.read(&[(*control).to_owned()]);
            assert!(interview.answer(value), "{control} was not taken");
        }
        assert_eq!(interview.question(), None, "completed");
        assert_eq!(asked, expected);
    }

    #[test]
    fn only_a_low_score_is_asked_why() {
        check(Template::PostPurchase, &["5"], &["satisfaction"]);
        check(Template::PostPurchase, &["3"], &["satisfaction"]);
        check(Template::PostPurchase, &["2", "Slow delivery"], &["satisfaction", "why"]);
        check(Template::PostPurchase, &["1", ""], &["satisfaction", "why"]);
    }

    #[test]
    fn only_a_no_is_asked_what_was_missing() {
        check(Template::Faq, &["yes"], &["useful"]);
        check(Template::Faq, &["no", " "], &["useful", "missing"]);
    }

    #[test]
    fn the_reason_is_asked_by_score() {
        let text = |score: i64| {
            let mut interview = Interview::new(Template::Nps.survey(Language::English).into());
            assert!(interview.answer(Some(Value::Integer(score))));
            let text = interview.text().to_owned();
            assert!(interview.answer(Some(Value::Text("because".into()))));
            assert_eq!(interview.answers()[1].text, text);
            text
        };
        assert_eq!(text(0), text(6));
        assert_eq!(text(7), text(8));
        assert_eq!(text(9), text(10));
        assert!(text(6) != text(7) && text(8) != text(9));
    }

    #[test]
    fn a_rating_waits_for_its_answer_and_a_text_does_not() {
        let mut interview = Interview::new(Template::PostPurchase.survey(Language::English).into());
        assert!(!interview.answer(None));
        assert!(interview.answer(Some(Value::Integer(1))));
        assert!(interview.answer(None));
        assert_eq!(interview.answers().len(), 1);
        assert!(!interview.answer(None), "nothing is asked after the end");
    }

    #[test]
    fn an_answer_keeps_what_the_visitor_read() {
        let mut interview = Interview::new(Template::PostPurchase.survey(Language::Spanish).into());
        interview.answer(Some(Value::Integer(4)));
        let answer = &interview.answers()[0];
        assert_eq!(answer.text, "¿Cómo calificarías tu experiencia de compra?");
        assert_eq!((answer.kind.word(), answer.points), ("likert", Some(5)));
    }
}
