/// A JSON document that was read: by the browser's `JSON.parse`, or by serde where it can be afforded.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number, as JavaScript holds it.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, in the order in which it was written.
    Object(Vec<(String, Json)>),
}

/// JavaScript's `Number.MAX_SAFE_INTEGER`.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_991.0;

impl Json {
    /// The member of this name, of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// A single value as an attribute would write it: text as it is, whole numbers in digits, `true` and
    /// `false`. `None` for everything else.
    #[must_use]
    pub fn scalar(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Boolean(value) => Some(if *value { "true" } else { "false" }.to_owned()),
            // Digits are cheap for whole numbers only, and above these no longer those of the author.
            Self::Number(number)
                if (*number as i64) as f64 == *number && number.abs() <= LARGEST_WHOLE =>
            {
                Some(crate::format_int(*number as i64))
            }
            _ => None,
        }
    }

    /// What it is, for a message.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Text(text) => ["\"", crate::limits::clip(text, 80), "\""].concat(),
            Self::Null => "null".to_owned(),
            Self::List(_) => "(a list)".to_owned(),
            Self::Object(_) => "(an object)".to_owned(),
            Self::Number(_) | Self::Boolean(_) => {
                self.scalar().unwrap_or_else(|| "(a number)".to_owned())
            }
        }
    }
}

#[cfg(feature = "serde")]
mod with_serde {
    use super::Json;
    use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
    use std::fmt;

    impl<'de> Deserialize<'de> for Json {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(Any)
        }
    }

    struct Any;

    impl<'de> Visitor<'de> for Any {
        type Value = Json;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("JSON")
        }

        fn visit_unit<E: Error>(self) -> Result<Json, E> {
            Ok(Json::Null)
        }

        fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
            Ok(Json::Boolean(value))
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
            Ok(Json::Number(value as f64))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
            Ok(Json::Number(value as f64))
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
            Ok(Json::Number(value))
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
            Ok(Json::Text(value.to_owned()))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Json, A::Error> {
            let mut list = Vec::new();
            while let Some(entry) = sequence.next_element()? {
                list.push(entry);
            }
            Ok(Json::List(list))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
            // As in JavaScript, the last of several members of one name counts.
            let mut members: Vec<(String, Json)> = Vec::new();
            while let Some((name, value)) = map.next_entry::<String, Json>()? {
                match members.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, known)) => *known = value,
                    None => members.push((name, value)),
                }
            }
            Ok(Json::Object(members))
        }
    }
}
