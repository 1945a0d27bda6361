use crate::json::Writer;
use crate::keyword::keyword_enum;

keyword_enum! {
    /// The kind of a question, as the payload names it.
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
    #[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
    KindName {
        /// One point of a labelled scale.
        Likert = "likert",
        /// Yes or no.
        YesNo = "yes-no",
        /// The Net Promoter question, 0 to 10.
        Nps = "nps",
        /// One of several options.
        Choice = "choice",
        /// Any number of several options.
        Choices = "choices",
        /// Free text.
        Text = "text",
    }
}

keyword_enum! {
    /// The metric that a question feeds.
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
    #[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
    Metric {
        /// Customer satisfaction: the share of the top two boxes.
        Csat = "csat",
        /// Customer effort score 2.0: the mean on 1 to 7.
        Ces = "ces",
        /// Net promoter score: promoters minus detractors.
        Nps = "nps",
        /// Time to resolution: the median in minutes.
        Ttr = "ttr",
        /// The share of yes.
        Helpful = "helpful",
    }
}

impl Metric {
    /// What kind of question it needs, where one of this kind and number of points does not feed it. Whoever asks and
    /// whoever stores keep to it alike.
    #[must_use]
    pub fn needs(self, kind: KindName, points: Option<u8>) -> Option<&'static str> {
        let needs = match (self, kind) {
            (Self::Csat, KindName::Likert) | (Self::Nps, KindName::Nps) => return None,
            (Self::Ces, KindName::Likert) if points == Some(7) => return None,
            (Self::Helpful, KindName::YesNo) | (Self::Ttr, KindName::Choice) => return None,
            (Self::Csat, _) => "needs a question of the kind \"likert\"",
            (Self::Ces, _) => "needs a question of the kind \"likert\" with 7 points",
            (Self::Nps, _) => "needs a question of the kind \"nps\"",
            (Self::Ttr, _) => TTR_NEEDS,
            (Self::Helpful, _) => "needs a question of the kind \"yes-no\"",
        };
        Some(needs)
    }
}

pub(crate) const TTR_NEEDS: &str =
    "needs a question of the kind \"choice\" whose options have minutes";

/// The value given to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum Value {
    /// Yes or no.
    Boolean(bool),
    /// A point of a scale.
    Integer(i64),
    /// A text, or the id of an option.
    Text(String),
    /// The ids of options.
    Options(Vec<String>),
}

impl Value {
    /// Whether the option with this id is chosen, or among those chosen.
    #[must_use]
    pub fn has_option(&self, id: &str) -> bool {
        match self {
            Self::Text(option) => option == id,
            Self::Options(options) => options.iter().any(|option| option == id),
            _ => false,
        }
    }

    /// Writes it as JSON.
    pub fn write(&self, json: &mut Writer) {
        match self {
            Self::Boolean(value) => json.boolean(*value),
            Self::Integer(value) => json.integer(*value),
            Self::Text(value) => json.string(value),
            Self::Options(values) => {
                json.open('[');
                for value in values {
                    json.string(value);
                }
                json.close(']');
            }
        }
    }
}

/// One question as the visitor saw it, with the value given.
///
/// It repeats wording and scale, so that a later change of the survey changes no old answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Answer {
    /// The id of the question.
    pub question: String,
    /// The wording that the visitor read.
    pub text: String,
    /// The kind of question.
    pub kind: KindName,
    /// The number of points of a `likert` scale, 2 to 11; absent on other kinds.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub points: Option<u8>,
    /// The metric that the question feeds, if any.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub metric: Option<Metric>,
    /// The value given.
    pub value: Value,
    /// What the visitor wrote beside the option `other`, of a choice that has a field for it.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub other: Option<String>,
}

impl Answer {
    pub(crate) fn write(&self, json: &mut Writer) {
        json.open('{');
        json.member("question", &self.question);
        json.member("text", &self.text);
        json.member("kind", self.kind.as_str());
        if let Some(points) = self.points {
            json.number("points", points.into());
        }
        if let Some(metric) = self.metric {
            json.member("metric", metric.as_str());
        }
        json.key("value");
        self.value.write(json);
        if let Some(other) = &self.other {
            json.member("other", other);
        }
        json.close('}');
    }
}

#[cfg(feature = "serde")]
mod with_serde {
    use super::Value;
    use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
    use std::fmt;

    impl<'de> Deserialize<'de> for Value {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(AnyValue)
        }
    }

    /// Written out, where a derive would do, for the message that the sender of a wrong value reads.
    struct AnyValue;

    impl<'de> Visitor<'de> for AnyValue {
        type Value = Value;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a whole number, true or false, a text or an array of option ids")
        }

        fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
            Ok(Value::Boolean(value))
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
            Ok(Value::Integer(value))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
            i64::try_from(value).map(Value::Integer).map_err(E::custom)
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
            Ok(Value::Text(value.to_owned()))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
            let mut options = Vec::new();
            while let Some(option) = sequence.next_element()? {
                options.push(option);
            }
            Ok(Value::Options(options))
        }
    }
}
