//! JSON whose members keep their order.
//!
//! serde_json can do that by a feature, which would be on for every crate of the workspace at once and change what
//! others write. Lists and objects are shared until they are changed, so that each step of undo costs little.

use crate::pointer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Number;
use sondeo_model::json::Json;
use std::fmt;
use std::sync::Arc;

/// A JSON value.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(Arc<str>),
    /// An array.
    List(Arc<Vec<Value>>),
    /// An object, in the order of its file.
    Object(Arc<Vec<(String, Value)>>),
}

impl Value {
    /// An object of these members.
    #[must_use]
    pub fn object<K: Into<String>, V: Into<Self>>(
        members: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let members = members.into_iter().map(|(key, value)| (key.into(), value.into()));
        Self::Object(Arc::new(members.collect()))
    }

    /// The text, of a text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a list; of everything else none.
    #[must_use]
    pub fn entries(&self) -> &[Self] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }

    /// The members of an object; of everything else none.
    #[must_use]
    pub fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// The member of this name, of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.members().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The text of the member of this name, of an object.
    #[must_use]
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// What a pointer names.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<&Self> {
        pointer::parts(pointer).iter().try_fold(self, |value, part| match value {
            Self::List(list) => list.get(part.parse::<usize>().ok()?),
            _ => value.get(part),
        })
    }

    /// What a pointer names, to be changed.
    pub fn at_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        pointer::parts(pointer).iter().try_fold(self, |value, part| match value {
            Self::List(list) => Arc::make_mut(list).get_mut(part.parse::<usize>().ok()?),
            _ => value.members_mut()?.iter_mut().find(|(name, _)| name == part).map(|it| &mut it.1),
        })
    }

    /// The entries of a list, to be changed.
    pub fn entries_mut(&mut self) -> Option<&mut Vec<Self>> {
        match self {
            Self::List(list) => Some(Arc::make_mut(list)),
            _ => None,
        }
    }

    /// The members of an object, to be changed.
    pub fn members_mut(&mut self) -> Option<&mut Vec<(String, Self)>> {
        match self {
            Self::Object(members) => Some(Arc::make_mut(members)),
            _ => None,
        }
    }

    /// As a person would write it: two spaces a level.
    #[must_use]
    pub fn pretty(&self) -> String {
        // Nothing in a value can fail to be written.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Whether it says nothing: no text but space, an empty list or object, `null`.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(list) => list.is_empty(),
            Self::Object(members) => members.is_empty(),
            Self::Boolean(_) | Self::Number(_) => false,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl<V: Into<Self>> From<Vec<V>> for Value {
    fn from(list: Vec<V>) -> Self {
        Self::List(Arc::new(list.into_iter().map(Into::into).collect()))
    }
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Boolean(value) => Self::Boolean(*value),
            Value::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Value::Text(text) => Self::Text(text.as_ref().to_owned()),
            Value::List(list) => Self::List(list.iter().map(Into::into).collect()),
            Value::Object(members) => {
                Self::Object(members.iter().map(|(key, it)| (key.clone(), it.into())).collect())
            }
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => serializer.collect_seq(list.iter()),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (key, value) in members.iter() {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = sequence.next_element::<Value>()? {
            list.push(entry);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        // As in JavaScript, the last of several members of one name counts.
        let mut members: Vec<(String, Value)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            match members.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = value,
                None => members.push((name, value)),
            }
        }
        Ok(Value::Object(Arc::new(members)))
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn what_is_read_is_written_in_its_order() {
        let text = "{\n  \"b\": [\n    1,\n    -2,\n    0.5,\n    null\n  ],\n  \"a\": {\n    \"z\": \"é\\n\",\n    \"y\": true\n  },\n  \"c\": []\n}";
        let value: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(value.pretty(), text);
        assert_eq!(value.at("/b/2").map(Value::pretty).as_deref(), Some("0.5"));
        assert_eq!(value.at("/a/z").and_then(Value::as_text), Some("é\n"));
        assert_eq!(value.at("/b/7"), None);
        assert_eq!(value.at(""), Some(&value));
    }

    #[test]
    fn a_copy_is_untouched_by_a_change() {
        let mut value: Value = serde_json::from_str(r#"{"a": [{"b": 1}]}"#).expect("JSON");
        let copy = value.clone();
        *value.at_mut("/a/0/b").expect("a place") = "x".into();
        assert_eq!(copy.at("/a/0/b"), Some(&1.into()));
        assert_eq!(value.at("/a/0/b"), Some(&"x".into()));
    }
}
