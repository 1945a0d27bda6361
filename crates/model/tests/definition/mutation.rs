//! One slip of an author's.

use super::dice::Dice;
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slip {
    UnknownKey,
    WrongWord,
    WrongType,
    OutOfRange,
    Missing,
}

impl Slip {
    /// Whether it is one that a schema can see.
    pub(crate) fn is_of_form(self) -> bool {
        matches!(self, Self::UnknownKey | Self::WrongWord | Self::WrongType)
    }
}

/// Keys whose values are objects of the author's own names.
const OPEN: &[&str] = &["custom", "fields", "headers"];
const WORDS: &[&str] = &[
    "template",
    "display",
    "position",
    "theme",
    "format",
    "report",
    "visitor",
    "confirm",
    "storage",
    "consent",
    "privacy_signal",
    "device",
    "push",
    "mask",
    "kind",
    "metric",
    "look",
];

/// Makes one slip, where there is a place for it.
pub(crate) fn make(dice: &mut Dice, survey: &mut Value) -> Option<Slip> {
    let slip =
        [Slip::UnknownKey, Slip::WrongWord, Slip::WrongType, Slip::OutOfRange, Slip::Missing]
            [dice.roll(5)];
    let mut places = Vec::new();
    collect(survey, "", "", &mut places);
    places.retain(|(pointer, key)| {
        let value = survey.pointer(pointer);
        match slip {
            Slip::UnknownKey => is_table(value, key),
            Slip::WrongWord => WORDS.contains(&key.as_str()),
            Slip::WrongType => !pointer.is_empty(),
            Slip::OutOfRange => value.is_some_and(Value::is_number),
            Slip::Missing => is_table(value, key),
        }
    });
    if places.is_empty() {
        return None;
    }
    let (pointer, _) = dice.take(&mut places);
    let value = survey.pointer_mut(&pointer)?;
    match slip {
        Slip::UnknownKey => {
            value[dice.pick(&["colour", "Points", "max-length", "", "kinds"])] = json!("x");
        }
        Slip::WrongWord => {
            *value = dice.pick(&["likret", "FACES", "nothing such", "tablets"]).into()
        }
        Slip::WrongType => *value = other_type(dice, value),
        Slip::OutOfRange => {
            let wild = [json!(-1), json!(12), json!(1e9), json!(1.5), json!(1e300)];
            *value = wild[dice.roll(wild.len())].clone();
        }
        Slip::Missing => {
            let members = value.as_object_mut()?;
            let mut keys: Vec<String> = members.keys().cloned().collect();
            if !keys.is_empty() {
                members.remove(&dice.take(&mut keys));
            }
        }
    }
    Some(slip)
}

/// Every value below, with its pointer and the key that it stands under; that of a list for its entries.
fn collect(value: &Value, pointer: &str, key: &str, places: &mut Vec<(String, String)>) {
    places.push((pointer.to_owned(), key.to_owned()));
    match value {
        Value::Array(list) => {
            for (at, entry) in list.iter().enumerate() {
                collect(entry, &format!("{pointer}/{at}"), key, places);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let key = if OPEN.contains(&key) { "own" } else { name };
                collect(member, &format!("{pointer}/{name}"), key, places);
            }
        }
        _ => {}
    }
}

/// Whether it is an object whose keys are ours: a survey, a question, an option, a rule or an image.
fn is_table(value: Option<&Value>, key: &str) -> bool {
    value.is_some_and(Value::is_object)
        && ["", "questions", "options", "next", "image", "logo", "endings", "button"].contains(&key)
}

fn other_type(dice: &mut Dice, value: &Value) -> Value {
    let mut others =
        vec![Value::Null, json!(true), json!(7), json!(7.5), json!("x y"), json!([]), json!({})];
    others.retain(|other| std::mem::discriminant(other) != std::mem::discriminant(value));
    dice.take(&mut others)
}
