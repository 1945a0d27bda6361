use crate::{KindName, Metric, Text, Value};
use std::borrow::Cow;

/// One thing asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Names the question within its survey; endpoints map fields by it.
    pub id: Text,
    /// What the visitor reads.
    pub text: Text,
    /// What the visitor reads instead, after an answer that such a condition holds for.
    pub variants: Vec<(Condition, Text)>,
    /// What may be answered, and how it looks.
    pub kind: Kind,
    /// The metric that the answers feed.
    pub metric: Option<Metric>,
    /// Whether the survey may go on without an answer.
    pub required: bool,
    /// Where to go after it. The first rule that holds wins; without one, the following question.
    pub next: Cow<'static, [Rule]>,
}

/// What may be answered to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// One point of a scale from 1 to `points`.
    Likert {
        /// 2 to 11.
        points: u8,
        /// How the points are drawn.
        look: Look,
        /// What the lowest point means.
        low: Text,
        /// What the highest point means.
        high: Text,
    },
    /// Yes or no, in the words given.
    YesNo {
        /// How the two are drawn.
        look: Look,
        /// The word for yes.
        yes: Text,
        /// The word for no.
        no: Text,
    },
    /// How likely a recommendation is, from 0 to 10.
    Nps {
        /// What 0 means.
        low: Text,
        /// What 10 means.
        high: Text,
    },
    /// One of several options.
    Choice(Options),
    /// Any number of several options.
    Choices {
        /// What may be chosen.
        options: Options,
        /// The least number that counts as an answer.
        min: u8,
        /// The greatest number that may be chosen.
        max: u8,
    },
    /// Free text.
    Text {
        /// The height of the field in lines.
        lines: u8,
        /// The greatest length in UTF-16 units, as HTML's `maxlength` counts.
        max_length: u16,
    },
}

/// What may be chosen from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// In the order of the author; ids are unique.
    pub list: Vec<Choice>,
    /// Whether each visitor sees them in an order of their own. An option with the id `other` stays last.
    pub shuffle: bool,
}

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The value sent.
    pub id: Text,
    /// What the visitor reads.
    pub text: Text,
    /// The minutes that it stands for, for the metric `ttr`.
    pub minutes: Option<u32>,
}

/// How the points of a scale are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Numbers in boxes.
    Numbers,
    /// Words in boxes.
    Labels,
    /// Faces from sad to happy.
    Faces,
    /// Stars, filled up to the one chosen.
    Stars,
    /// Thumbs up and down.
    Thumbs,
}

/// Where to go after a question, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// When the rule holds.
    pub condition: Condition,
    /// Where it leads.
    pub goto: Goto,
}

/// A comparison with the answer just given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Whatever was answered, or nothing.
    Always,
    /// A number not above this one.
    AtMost(i64),
    /// A number not below this one.
    AtLeast(i64),
    /// Exactly this value.
    Equals(Value),
}

/// Where a rule leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goto {
    /// The question with this id.
    Question(Text),
    /// The thank-you.
    End,
}

impl Kind {
    /// The word for it in the payload.
    #[must_use]
    pub fn name(&self) -> KindName {
        match self {
            Self::Likert { .. } => KindName::Likert,
            Self::YesNo { .. } => KindName::YesNo,
            Self::Nps { .. } => KindName::Nps,
            Self::Choice(_) => KindName::Choice,
            Self::Choices { .. } => KindName::Choices,
            Self::Text { .. } => KindName::Text,
        }
    }

    /// The number of points, of a scale that has points.
    #[must_use]
    pub fn points(&self) -> Option<u8> {
        match self {
            Self::Likert { points, .. } => Some(*points),
            _ => None,
        }
    }

    /// The value that the controls chosen stand for (`4`, `yes`, an option's id, free text); `None` where
    /// they are not an answer of this kind. Space around a free text does not count.
    #[must_use]
    pub fn read(&self, controls: &[String]) -> Option<Value> {
        let first = controls.first().map(String::as_str).unwrap_or_default();
        let within = |low, high| {
            let value = first.parse().ok()?;
            (low..=high).contains(&value).then_some(Value::Integer(value))
        };
        match self {
            Self::Likert { points, .. } => within(1, i64::from(*points)),
            Self::Nps { .. } => within(0, 10),
            Self::YesNo { .. } => match first {
                "yes" => Some(Value::Boolean(true)),
                "no" => Some(Value::Boolean(false)),
                _ => None,
            },
            Self::Choice(options) => options.has(first).then(|| Value::Text(first.to_owned())),
            Self::Choices { options, min, max } => {
                let counted = (usize::from(*min)..=usize::from(*max)).contains(&controls.len());
                let known = controls.iter().all(|id| options.has(id));
                (counted && known).then(|| Value::Options(controls.to_vec()))
            }
            Self::Text { .. } => {
                let text = first.trim();
                (!text.is_empty()).then(|| Value::Text(text.to_owned()))
            }
        }
    }
}

impl Options {
    fn has(&self, id: &str) -> bool {
        self.list.iter().any(|option| option.id == id)
    }

    /// The places of the options in the order to show them, drawn with random bytes, one for each.
    ///
    /// Sorted by the bytes, which is a fair shuffle up to ties.
    #[must_use]
    pub fn order(&self, random: &[u8]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        if self.shuffle {
            order.sort_by_key(|&at| {
                (self.list[at].id == "other", random.get(at).copied().unwrap_or_default())
            });
        }
        order
    }
}

impl Condition {
    /// Whether it holds for an answer, or for none.
    #[must_use]
    pub fn holds(&self, answer: Option<&Value>) -> bool {
        match (self, answer) {
            (Self::Always, _) => true,
            (Self::AtMost(bound), Some(Value::Integer(value))) => value <= bound,
            (Self::AtLeast(bound), Some(Value::Integer(value))) => value >= bound,
            (Self::Equals(wanted), Some(value)) => wanted == value,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Choice, Kind, Options};
    use crate::Value;

    fn options(ids: &[&'static str]) -> Options {
        let option =
            |id: &&'static str| Choice { id: (*id).into(), text: (*id).into(), minutes: None };
        Options { list: ids.iter().map(option).collect(), shuffle: true }
    }

    #[track_caller]
    fn check(kind: &Kind, controls: &[&str], expected: Option<Value>) {
        let controls: Vec<_> = controls.iter().map(|&control| control.to_owned()).collect();
        assert_eq!(kind.read(&controls), expected, "{controls:?}");
    }

    #[test]
    fn only_what_is_on_the_scale_is_an_answer() {
        let nps = Kind::Nps { low: "".into(), high: "".into() };
        check(&nps, &["0"], Some(Value::Integer(0)));
        check(&nps, &["10"], Some(Value::Integer(10)));
        for bad in ["11", "-1", "", "ten", "1.5"] {
            check(&nps, &[bad], None);
        }
        check(&nps, &[], None);
    }

    #[test]
    fn only_options_that_are_offered_are_an_answer() {
        let choice = Kind::Choice(options(&["a", "b"]));
        check(&choice, &["b"], Some(Value::Text("b".into())));
        check(&choice, &["c"], None);
        let choices = Kind::Choices { options: options(&["a", "b", "c"]), min: 1, max: 2 };
        check(&choices, &["a", "c"], Some(Value::Options(vec!["a".into(), "c".into()])));
        check(&choices, &["a", "b", "c"], None);
        check(&choices, &["a", "d"], None);
        check(&choices, &[], None);
    }

    #[test]
    fn a_shuffle_keeps_other_last_and_loses_nothing() {
        let options = options(&["a", "other", "b", "c"]);
        assert_eq!(options.order(&[200, 0, 100, 150]), [2, 3, 0, 1]);
        assert_eq!(options.order(&[]), [0, 2, 3, 1]);
        let in_order = Options { shuffle: false, ..options };
        assert_eq!(in_order.order(&[200, 0, 100, 150]), [0, 1, 2, 3]);
    }
}
