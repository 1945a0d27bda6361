//! Keys that stand twice in one object of a draft. JSON lets readers take either (RFC 8259, section 4): an author who adds
//! a second `trigger` below the first would not know which one counts.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

/// The path of the first key that stands twice in its object; none where each stands once, or where this is not JSON.
pub(super) fn find(text: &str) -> Option<String> {
    let found = RefCell::new(None);
    let walk = Walk { path: String::new(), found: &found };
    walk.deserialize(&mut serde_json::Deserializer::from_str(text)).ok();
    found.into_inner()
}

/// A value, and where it stands.
struct Walk<'a> {
    path: String,
    found: &'a RefCell<Option<String>>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            let path = match self.path.as_str() {
                "" => key.clone(),
                path => format!("{path}.{key}"),
            };
            if !keys.insert(key) {
                self.found.borrow_mut().get_or_insert_with(|| path.clone());
            }
            map.next_value_seed(Walk { path, found: self.found })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0;
        let path = |index| format!("{}[{index}]", self.path);
        while items.next_element_seed(Walk { path: path(index), found: self.found })?.is_some() {
            index += 1;
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn the_place_of_a_second_key_is_told() {
        assert_eq!(find(r#"{"a": 1, "b": {"a": [1.5, -2, "x", null, true]}}"#), None);
        assert_eq!(find(r#"{"a": 1, "b": 2, "a": 3}"#).as_deref(), Some("a"));
        let nested = r#"{"questions": [{"id": "q"}, {"id": "r", "text": "?", "id": "s"}]}"#;
        assert_eq!(find(nested).as_deref(), Some("questions[1].id"));
        assert_eq!(find("{"), None);
    }
}
