//! How the value of a key is written, and what it comes to.
//!
//! A table rather than a function for each key: in the widget every function is a visitor's time.

use crate::json::Json;
use crate::keyword::position;
use crate::{Duration, format_int, parse_int};

/// The value of a key, as its form has read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FieldValue {
    /// Nowhere to be found, or nothing that could be used.
    Absent,
    /// The place of a word in its list, milliseconds, millionths, 0 or 1, or the number itself.
    Number(i64),
    /// A text.
    Text(String),
    /// Several texts.
    List(Vec<String>),
    /// Names and their texts.
    Pairs(Vec<(String, String)>),
}

impl FieldValue {
    /// The number, or this one where there is none.
    pub(super) fn or(&self, usual: i64) -> i64 {
        match self {
            Self::Number(number) => *number,
            _ => usual,
        }
    }

    /// The text, where there is one.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The text, where there is one.
    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The texts of a list.
    pub(super) fn list(&self) -> &[String] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }

    /// The names and texts of an object.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        match self {
            Self::Pairs(pairs) => pairs,
            _ => &[],
        }
    }
}

/// How a value is written.
#[derive(Clone, Copy)]
pub(super) struct FieldSpec {
    /// What it is, for the message about something else.
    pub(super) what: &'static str,
    /// Examples for that message; of a word, all that there are.
    pub(super) examples: &'static [&'static str],
    pub(super) shape: FieldType,
}

#[derive(Clone, Copy)]
pub(super) enum FieldType {
    /// One of the examples.
    Word,
    /// A length of time.
    Time,
    /// A length of time, `always` ([`ALWAYS`]) or `never` ([`NEVER`]).
    Cooldown,
    /// Per cent.
    Share,
    /// `true` or `false`; an attribute need only be there.
    Flag,
    /// A whole number within bounds.
    Integer(i32, i32),
    /// A text that passes.
    Text(fn(&str) -> bool),
    /// A text that passes, which JSON may write as a number.
    Free(fn(&str) -> bool),
    /// Words that pass.
    List(fn(&str) -> bool),
    /// Names and texts that pass.
    Pairs(fn(&str, &str) -> bool),
}

/// At every occasion.
pub(super) const ALWAYS: i64 = -1;
/// At no occasion.
pub(super) const NEVER: i64 = -2;

impl FieldSpec {
    pub(super) const fn word(what: &'static str, words: &'static [&'static str]) -> Self {
        Self { what, examples: words, shape: FieldType::Word }
    }

    pub(super) const fn integer(low: i32, high: i32) -> Self {
        Self { what: "", examples: &[], shape: FieldType::Integer(low, high) }
    }

    pub(super) const fn text(
        what: &'static str,
        examples: &'static [&'static str],
        is_good: fn(&str) -> bool,
    ) -> Self {
        Self { what, examples, shape: FieldType::Text(is_good) }
    }

    pub(super) const TIME: Self =
        Self { what: "a time", examples: &["5s"], shape: FieldType::Time };
    pub(super) const FLAG: Self =
        Self { what: "true or false", examples: &[], shape: FieldType::Flag };

    /// What it is, in words.
    pub(super) fn what(&self) -> String {
        match self.shape {
            FieldType::Integer(low, high) => {
                let [low, high] = [low, high].map(|bound| format_int(bound.into()));
                ["a whole number from ", &low, " to ", &high].concat()
            }
            _ => self.what.to_owned(),
        }
    }

    /// Whether JSON writes it so. In attributes everything is text.
    pub(super) fn fits(&self, value: &Json) -> bool {
        match (self.shape, value) {
            (
                FieldType::Integer(..) | FieldType::Time | FieldType::Cooldown | FieldType::Free(_),
                Json::Number(_),
            )
            | (FieldType::Flag, Json::Boolean(_)) => true,
            (FieldType::Integer(..) | FieldType::Flag, _) => false,
            _ => matches!(value, Json::Text(_)),
        }
    }

    /// Reads a text of this form.
    pub(super) fn read(&self, text: String) -> Option<FieldValue> {
        let time = || Some(Duration::parse(&text)?.as_millis() as i64);
        let number = match self.shape {
            FieldType::Word => position(&text, self.examples)? as i64,
            FieldType::Time => time()?,
            FieldType::Cooldown => match text.as_str() {
                "always" => ALWAYS,
                "never" => NEVER,
                _ => time()?,
            },
            FieldType::Share => share(&text)?,
            FieldType::Flag => match text.as_str() {
                "" | "true" => 1,
                "false" => 0,
                _ => return None,
            },
            FieldType::Integer(low, high) => {
                parse_int(&text).filter(|it| (low.into()..=high.into()).contains(it))?
            }
            FieldType::Text(is_good) | FieldType::Free(is_good) | FieldType::List(is_good) => {
                return is_good(&text).then_some(FieldValue::Text(text));
            }
            FieldType::Pairs(_) => return None,
        };
        Some(FieldValue::Number(number))
    }
}

/// `25%` in millionths; up to four decimals.
fn share(text: &str) -> Option<i64> {
    let share = text.strip_suffix('%')?;
    let (whole, decimals) = share.split_once('.').unwrap_or((share, "0"));
    let part = |digits: &str, most: usize| {
        parse_int(digits).filter(|it| *it >= 0 && digits.len() <= most && !digits.starts_with('-'))
    };
    let mut millionths = part(whole, 3)?;
    let decimal = part(decimals, 4)?;
    for _ in 0..4 {
        millionths *= 10;
    }
    let mut decimal = decimal;
    for _ in decimals.len()..4 {
        decimal *= 10;
    }
    Some(millionths + decimal).filter(|share| *share <= 1_000_000)
}

/// The form of `2026-12-01` or `2026-12-01T09:00`, with seconds and a zone where they are wanted, of a day that there
/// is: browsers would go on counting from the 30th of February.
pub(super) fn is_date(text: &str) -> bool {
    const PATTERNS: &[&str] = &["0000-00-00", "T00:00", ":00", ".000"];
    let mut rest = text;
    let mut parts = 0;
    for pattern in PATTERNS {
        let Some((part, after)) = rest.split_at_checked(pattern.len()) else { break };
        if !fits(part, pattern) {
            break;
        }
        (rest, parts) = (after, parts + 1);
    }
    let is_zone = rest == "Z" || fits(rest, "+00:00") || fits(rest, "-00:00");
    parts > 0 && (rest.is_empty() || (parts > 1 && is_zone)) && is_day(text)
}

/// Whether there is such a day; the text begins with one in its form.
fn is_day(text: &str) -> bool {
    let part = |from: usize, to: usize| text.get(from..to).and_then(parse_int).unwrap_or(0);
    let (year, month, day) = (part(0, 4), part(5, 7), part(8, 10));
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=days).contains(&day)
}

fn fits(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
            b'0' => byte.is_ascii_digit(),
            _ => byte == wanted,
        })
}

#[cfg(test)]
mod tests {
    use super::{is_date, share};

    #[test]
    fn shares_are_exact() {
        assert_eq!(share("25%"), Some(250_000));
        assert_eq!(share("100%"), Some(1_000_000));
        assert_eq!(share("0%"), Some(0));
        assert_eq!(share("0.05%"), Some(500));
        for bad in ["25", "%", "101%", "-1%", "1e2%", "0.00001%", "2 5%", ".5%", "+5%", "1.-5%"] {
            assert_eq!(share(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_form_of_a_date() {
        for good in [
            "2026-12-01",
            "2026-12-01T09:00",
            "2026-12-01T09:00Z",
            "2026-12-01T09:00:30Z",
            "2026-12-01T09:00:30.123+01:00",
            "2028-02-29",
            "2000-02-29",
        ] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "",
            "2026-12",
            "1.12.2026",
            "2026-12-01 09:00",
            "2026-12-01T",
            "2026-12-01T9",
            "2026-12-01Z",
            "2026-12-01T09:00.123",
            "2026-12-01T09:00:00.123+1",
            "2026-02-29",
            "2100-02-29",
            "2026-04-31",
            "2026-13-01",
            "2026-12-00",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
