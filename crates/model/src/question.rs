use crate::{KindName, Metric, Text, Value};
use std::borrow::Cow;

/// One thing asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Names the question within its survey; endpoints map fields by it.
    pub id: Text,
    /// What the visitor reads.
    pub text: Text,
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
    /// Free text.
    Text {
        /// The height of the field in lines.
        lines: u8,
        /// The greatest length in UTF-16 units, as HTML's `maxlength` counts.
        max_length: u16,
    },
}

/// How the points of a scale are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Faces from sad to happy.
    Faces,
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

    /// The value that a control's text stands for (`4`, `yes`, free text); `None` where it is not one
    /// of this kind. Space around a free text does not count, and an empty one is no answer.
    #[must_use]
    pub fn read(&self, control: &str) -> Option<Value> {
        match self {
            Self::Likert { points, .. } => {
                let value = control.parse().ok()?;
                (1..=i64::from(*points)).contains(&value).then_some(Value::Integer(value))
            }
            Self::YesNo { .. } => match control {
                "yes" => Some(Value::Boolean(true)),
                "no" => Some(Value::Boolean(false)),
                _ => None,
            },
            Self::Text { .. } => {
                let text = control.trim();
                (!text.is_empty()).then(|| Value::Text(text.to_owned()))
            }
        }
    }
}

impl Condition {
    /// Whether it holds for an answer, or for none.
    #[must_use]
    pub fn holds(&self, answer: Option<&Value>) -> bool {
        match (self, answer) {
            (Self::Always, _) => true,
            (Self::AtMost(bound), Some(Value::Integer(value))) => value <= bound,
            (Self::Equals(wanted), Some(value)) => wanted == value,
            _ => false,
        }
    }
}
