use crate::keyword::keyword_enum;
use crate::{Condition, Image, KindName, LocalizedText, Metric, NextRule, Text, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// One thing asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Names the question within its survey; endpoints map fields by it.
    pub id: Text,
    /// What the visitor reads.
    pub text: LocalizedText,
    /// What the visitor reads below it, smaller. It may hold links.
    pub description: Option<LocalizedText>,
    /// What the visitor sees below that.
    pub image: Option<Arc<Image>>,
    /// What the visitor reads instead, after an answer that such a condition holds for.
    pub variants: Cow<'static, [(Condition, LocalizedText)]>,
    /// What may be answered, and how it looks.
    pub kind: Kind,
    /// The metric that the answers feed.
    pub metric: Option<Metric>,
    /// Whether the survey may go on without an answer.
    pub required: bool,
    /// Where to go after it. The first rule that holds wins; without one, the following question.
    pub next: Cow<'static, [NextRule]>,
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
        /// What each point means, for the look `labels`; else empty.
        labels: Cow<'static, [LocalizedText]>,
        /// What the lowest and the highest point mean; both or none.
        ends: Option<[LocalizedText; 2]>,
    },
    /// Yes or no.
    YesNo {
        /// How the two are drawn: labels or thumbs.
        look: Look,
        /// The words for yes and no.
        words: [LocalizedText; 2],
    },
    /// How likely a recommendation is, from 0 to 10.
    Nps {
        /// What 0 and 10 mean.
        ends: Option<[LocalizedText; 2]>,
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
        /// An example in the empty field.
        placeholder: Option<LocalizedText>,
        /// What the text must be.
        format: Format,
    },
}

/// What may be chosen from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// In the order of the author; ids are unique.
    pub list: Cow<'static, [Choice]>,
    /// Whether each visitor sees them in an order of their own. An option with the id `other` stays last.
    pub shuffle: bool,
    /// Whether the option with the id `other` has a field for what the visitor means.
    pub has_other_text: bool,
}

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The value sent.
    pub id: Text,
    /// What the visitor reads.
    pub text: LocalizedText,
    /// The minutes that it stands for, for the metric `ttr`.
    pub minutes: Option<u32>,
    /// What the visitor sees above the text.
    pub image: Option<Arc<Image>>,
}

keyword_enum! {
    /// How the points of a scale are drawn.
    Look {
        /// Numbers in boxes.
        Numbers = "numbers",
        /// Words in boxes.
        Labels = "labels",
        /// Faces from sad to happy.
        Faces = "faces",
        /// Stars, filled up to the one chosen.
        Stars = "stars",
        /// Thumbs from down to up.
        Thumbs = "thumbs",
    }
}

keyword_enum! {
    /// What a free text must be.
    Format {
        /// Anything.
        Plain = "plain",
        /// An e-mail address.
        Email = "email",
    }
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
            let value = crate::parse_int(first)?;
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
            Self::Text { format, .. } => {
                let text = first.trim();
                let is_text = match format {
                    Format::Plain => !text.is_empty(),
                    Format::Email => is_email(text),
                };
                is_text.then(|| Value::Text(text.to_owned()))
            }
        }
    }
}

/// The id of the option for what no other option says.
pub const OTHER: &str = "other";

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
            let key = |at: usize| {
                (self.list[at].id == OTHER, random.get(at).copied().unwrap_or_default())
            };
            // By insertion: the standard library's sorting is made for more than a hundred options.
            for end in 1..order.len() {
                let mut at = end;
                while at > 0 && key(order[at - 1]) > key(order[at]) {
                    order.swap(at - 1, at);
                    at -= 1;
                }
            }
        }
        order
    }
}

/// Whether a text can be an e-mail address: something, an @, and a name with a dot. Only a letter that
/// arrives proves more.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.rsplit_once('@') else { return false };
    let is_whole = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    is_whole(name) && domain.contains('.') && domain.split('.').all(is_whole)
}

#[cfg(test)]
mod tests {
    use super::{Choice, Format, Kind, Options};
    use crate::{LocalizedText, Value};

    fn options(ids: &[&'static str]) -> Options {
        let option = |id: &&'static str| Choice {
            id: (*id).into(),
            text: LocalizedText::always(*id),
            minutes: None,
            image: None,
        };
        Options { list: ids.iter().map(option).collect(), shuffle: true, has_other_text: false }
    }

    #[track_caller]
    fn check(kind: &Kind, controls: &[&str], expected: Option<Value>) {
        let controls: Vec<_> = controls.iter().map(|&control| control.to_owned()).collect();
        assert_eq!(kind.read(&controls), expected, "{controls:?}");
    }

    #[test]
    fn only_what_is_on_the_scale_is_an_answer() {
        let nps = Kind::Nps { ends: None };
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

    #[test]
    fn an_address_has_a_name_and_a_place() {
        let text = |format| Kind::Text { lines: 1, max_length: 100, placeholder: None, format };
        for good in ["a@b.example", " ana.luz+x@mail.example.org "] {
            check(&text(Format::Email), &[good], Some(Value::Text(good.trim().into())));
        }
        for bad in ["", "ana", "ana@", "@b.example", "a b@c.example", "a@b", "a@b..c", "a@.b"] {
            check(&text(Format::Email), &[bad], None);
        }
        check(&text(Format::Plain), &["ana"], Some(Value::Text("ana".into())));
    }
}
