use crate::{Answer, Ending, OTHER, Question, Survey, Value};
use std::rc::Rc;

/// One visitor's way through a survey: what is asked now, and what was answered so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interview {
    survey: Rc<Survey>,
    /// The questions on the way so far, and after going back those that were already answered.
    steps: Vec<Step>,
    /// Which of the steps is asked now; behind the last one, the survey is completed.
    at: usize,
    /// The position of the ending that the last answer led to.
    ending: Option<usize>,
}

/// One question on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    position: usize,
    /// `None` while it is asked for the first time; `Some(None)` where it was passed over.
    given: Option<Option<Value>>,
    /// What the visitor wrote beside the option `other`.
    other: String,
}

impl Step {
    fn new(position: usize) -> Self {
        Self { position, given: None, other: String::new() }
    }
}

impl Interview {
    /// Begins at the first question.
    #[must_use]
    pub fn new(survey: Rc<Survey>) -> Self {
        let steps = if survey.questions.is_empty() { Vec::new() } else { vec![Step::new(0)] };
        Self { survey, steps, at: 0, ending: None }
    }

    /// The survey that is asked.
    #[must_use]
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// The question asked now; `None` once the survey is completed.
    #[must_use]
    pub fn question(&self) -> Option<&Question> {
        self.survey.questions.get(self.steps.get(self.at)?.position)
    }

    /// What the visitor reads of the question asked now, which may depend on the answer before.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text_at(self.at)
    }

    fn text_at(&self, at: usize) -> &str {
        let Some(question) = self.steps.get(at).map(|it| &self.survey.questions[it.position])
        else {
            return "";
        };
        let before = at.checked_sub(1).and_then(|at| self.steps[at].given.as_ref()?.as_ref());
        let variant = question.variants.iter().find(|(condition, _)| condition.holds(before));
        self.survey.text(variant.map_or(&question.text, |(_, text)| text))
    }

    /// The end of the way, where the survey has endings and is completed.
    #[must_use]
    pub fn ending(&self) -> Option<&Ending> {
        if self.question().is_some() {
            return None;
        }
        self.survey.endings.get(self.ending?)
    }

    /// All answers so far, in the order of the questions.
    #[must_use]
    pub fn answers(&self) -> Vec<Answer> {
        let given = self.steps.iter().enumerate().filter_map(|(at, step)| {
            let question = &self.survey.questions[step.position];
            let value = step.given.clone()??;
            let is_meant = !step.other.is_empty() && value.has_option(OTHER);
            Some(Answer {
                question: question.id.clone().into_owned(),
                text: self.text_at(at).to_owned(),
                kind: question.kind.name(),
                points: question.kind.points(),
                metric: question.metric,
                other: is_meant.then(|| step.other.clone()),
                value,
            })
        });
        given.collect()
    }

    /// What was answered to the question asked now, where the visitor has come back to it.
    #[must_use]
    pub fn given(&self) -> Option<&Value> {
        self.steps.get(self.at)?.given.as_ref()?.as_ref()
    }

    /// The number of the question asked now, from 1, and how many there are on the longest way from here.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        let rest = self.steps.get(self.at).map_or(0, |it| self.survey.longest_way(it.position));
        (self.at + 1, self.at + rest)
    }

    /// Takes what the visitor wrote beside the option `other` of the question asked now. It counts where that option is
    /// the answer. Space around it does not count.
    pub fn write_other(&mut self, text: &str) {
        if let Some(step) = self.steps.get_mut(self.at) {
            step.other = text.trim().to_owned();
        }
    }

    /// Takes the answer to the present question (or `None`, where it may be passed over) and goes on.
    ///
    /// Returns whether it went on: a required question stays until it has an answer. Another answer than
    /// before forgets what was answered after it, where it leads another way.
    pub fn answer(&mut self, value: Option<Value>) -> bool {
        let Some(question) = self.question() else { return false };
        if value.is_none() && question.required {
            return false;
        }
        let position = self.steps[self.at].position;
        let next = self.survey.next(position, value.as_ref());
        self.ending = self.survey.ending(position, value.as_ref());
        let text = self.text_at(self.at + 1).to_owned();
        self.steps[self.at].given = Some(value);
        self.at += 1;
        // The same way as before, asked in the same words?
        let known = self.steps.get(self.at).map(|step| step.position);
        if known != next || text != self.text_at(self.at) {
            self.steps.truncate(self.at);
        }
        if let (Some(position), None) = (next, self.steps.get(self.at)) {
            self.steps.push(Step::new(position));
        }
        true
    }

    /// Goes back to the question before, whose answer stands until another one is given. Returns whether
    /// there was one.
    pub fn back(&mut self) -> bool {
        let can = self.question().is_some() && self.at > 0;
        self.at -= usize::from(can);
        can
    }
}

#[cfg(test)]
mod tests {
    use super::Interview;
    use crate::{Messages, Template, Value};

    /// Answers a template's questions in turn, as their controls would, and returns the ids asked.
    #[track_caller]
    fn check(template: Template, controls: &[&str], expected: &[&str]) {
        let mut interview = Interview::new(template.survey(Messages::ENGLISH).into());
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
            let mut interview = Interview::new(Template::Nps.survey(Messages::ENGLISH).into());
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
        let mut interview = Interview::new(Template::PostPurchase.survey(Messages::ENGLISH).into());
        assert!(!interview.answer(None));
        assert!(interview.answer(Some(Value::Integer(1))));
        assert!(interview.answer(None));
        assert_eq!(interview.answers().len(), 1);
        assert!(!interview.answer(None), "nothing is asked after the end");
    }

    #[test]
    fn what_other_means_counts_while_other_is_chosen() {
        let mut interview = Interview::new(Template::Cancellation.survey(Messages::ENGLISH).into());
        interview.write_other(" a friend ");
        assert!(interview.answer(Some(Value::Text("other".into()))));
        assert_eq!(interview.answers()[0].other.as_deref(), Some("a friend"));
        assert!(interview.back());
        assert!(interview.answer(Some(Value::Text("price".into()))));
        assert_eq!(interview.answers()[0].other, None);
        assert!(interview.back());
        interview.write_other("  ");
        assert!(interview.answer(Some(Value::Text("other".into()))));
        assert_eq!(interview.answers()[0].other, None);
    }

    #[test]
    fn an_answer_keeps_what_the_visitor_read() {
        let mut interview = Interview::new(Template::PostPurchase.survey(Messages::ENGLISH).into());
        interview.answer(Some(Value::Integer(4)));
        let answer = &interview.answers()[0];
        assert_eq!(answer.text, "How would you rate your shopping experience?");
        assert_eq!((answer.kind.as_str(), answer.points), ("likert", Some(5)));
    }

    #[test]
    fn going_back_keeps_what_was_answered_until_the_way_changes() {
        let mut interview = Interview::new(Template::PostPurchase.survey(Messages::ENGLISH).into());
        assert!(!interview.back(), "there is nothing before the first question");
        assert!(interview.answer(Some(Value::Integer(1))));
        assert_eq!(interview.progress(), (2, 2));
        assert!(interview.back());
        assert_eq!((interview.given(), interview.progress()), (Some(&Value::Integer(1)), (1, 2)));
        assert_eq!(interview.answers().len(), 1);

        // The same way again, then the other one.
        assert!(interview.answer(Some(Value::Integer(2))));
        assert!(interview.answer(Some(Value::Text("late".into()))));
        assert_eq!(interview.question(), None);
        assert!(!interview.back(), "the thank-you is the end");

        let mut interview = Interview::new(Template::PostPurchase.survey(Messages::ENGLISH).into());
        assert!(interview.answer(Some(Value::Integer(1))) && interview.back());
        assert!(interview.answer(Some(Value::Integer(5))));
        assert_eq!(interview.question(), None);
        assert_eq!(interview.answers().len(), 1);
    }

    #[test]
    fn an_answer_to_another_wording_is_not_kept() {
        let mut interview = Interview::new(Template::Nps.survey(Messages::ENGLISH).into());
        assert!(interview.answer(Some(Value::Integer(2))));
        assert!(interview.answer(Some(Value::Text("slow".into()))));
        assert_eq!(interview.answers().len(), 2);
        let mut again = Interview::new(Template::Nps.survey(Messages::ENGLISH).into());
        assert!(again.answer(Some(Value::Integer(2))) && again.back());
        assert!(again.answer(Some(Value::Integer(10))));
        assert_eq!(again.text(), "What do you like most about us?");
    }
}
