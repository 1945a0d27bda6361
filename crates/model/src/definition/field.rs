//! How the value of a key is written, and what it comes to.
//!
//! A table rather than a function for each key: in the widget every function is a visitor's time.

use super::reason::{Reason, What};
use crate::json::Json;
use crate::keyword::position;
use crate::{Cooldown, Duration, format_int, parse_int};

/// The value of a key, as its specification has read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum FieldValue {
    /// Nowhere to be found, or nothing that could be used.
    #[default]
    Absent,
    /// The place of a word in its list, millionths, 0 or 1, or the number itself.
    Number(i64),
    /// A length of time.
    Time(Duration),
    /// When a visitor is asked again.
    Cooldown(Cooldown),
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

    /// The length of time; none where there is none.
    pub(super) fn time(&self) -> Duration {
        match self {
            Self::Time(time) => *time,
            _ => Duration::default(),
        }
    }

    /// When a visitor is asked again.
    pub(super) fn cooldown(&self) -> Cooldown {
        match self {
            Self::Cooldown(cooldown) => *cooldown,
            _ => Cooldown::Always,
        }
    }

    /// The text, where there is one that says something.
    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The texts of a list.
    pub(super) fn into_list(self) -> Vec<String> {
        match self {
            Self::List(list) => list,
            _ => Vec::new(),
        }
    }

    /// The names and texts of an object.
    pub(super) fn into_pairs(self) -> Vec<(String, String)> {
        match self {
            Self::Pairs(pairs) => pairs,
            _ => Vec::new(),
        }
    }
}

/// How a value is written.
#[derive(Clone, Copy)]
pub(super) struct FieldSpec {
    /// What it is, for the message about something else.
    pub(super) what: What,
    /// Examples for that message; of a word, all that there are.
    pub(super) examples: &'static [&'static str],
    /// What it is read as.
    pub(super) shape: FieldType,
    /// What stands where the author says nothing, as an author would write it; empty where nothing does.
    pub(super) default: &'static str,
    /// Whether JSON alone has the key: an element's `data-id` is its page's own affair.
    pub(super) is_only_in_json: bool,
}

#[derive(Clone, Copy)]
pub(super) enum FieldType {
    /// Objects and names, which have readers of their own.
    Structure,
    /// A text in one language or in several.
    Localized,
    /// One of the examples.
    Word,
    /// A length of time.
    Time,
    /// A length of time, `always` or `never`.
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
    /// Some of the examples.
    Words,
    /// Names and texts that pass. An attribute holds one of them, and its name begins so.
    Pairs(&'static str, fn(&str, &str) -> bool),
}

impl FieldSpec {
    const fn new(what: What, examples: &'static [&'static str], shape: FieldType) -> Self {
        Self { what, examples, shape, default: "", is_only_in_json: false }
    }

    pub(super) const fn word(what: What, words: &'static [&'static str]) -> Self {
        Self::new(what, words, FieldType::Word)
    }

    pub(super) const fn words(what: What, words: &'static [&'static str]) -> Self {
        Self::new(what, words, FieldType::Words)
    }

    pub(super) const fn list(
        what: What,
        examples: &'static [&'static str],
        is_usable: fn(&str) -> bool,
    ) -> Self {
        Self::new(what, examples, FieldType::List(is_usable))
    }

    pub(super) const fn pairs(
        prefix: &'static str,
        what: What,
        is_usable: fn(&str, &str) -> bool,
    ) -> Self {
        Self::new(what, &[], FieldType::Pairs(prefix, is_usable))
    }

    pub(super) const fn integer(low: i32, high: i32) -> Self {
        Self::new(What::NOTHING, &[], FieldType::Integer(low, high))
    }

    pub(super) const fn text(
        what: What,
        examples: &'static [&'static str],
        is_good: fn(&str) -> bool,
    ) -> Self {
        Self::new(what, examples, FieldType::Text(is_good))
    }

    pub(super) const fn free(what: What, is_good: fn(&str) -> bool) -> Self {
        Self::new(what, &[], FieldType::Free(is_good))
    }

    /// The default is the example of the message, too.
    pub(super) const fn cooldown(default: &'static [&'static str; 1]) -> Self {
        Self::new(What::COOLDOWN, default, FieldType::Cooldown).or(default[0])
    }

    /// With what stands where the author says nothing.
    pub(super) const fn or(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    /// Without an attribute that stands for it.
    pub(super) const fn only_in_json(self) -> Self {
        Self { is_only_in_json: true, ..self }
    }

    pub(super) const STRUCTURE: Self =
        Self::new(What::NOTHING, &[], FieldType::Structure).only_in_json();
    pub(super) const LOCALIZED: Self = Self::new(What::NOTHING, &[], FieldType::Localized);
    pub(super) const TIME: Self = Self::new(What::TIME, &["5s"], FieldType::Time);
    pub(super) const SHARE: Self = Self::new(What::SHARE, &["25%"], FieldType::Share);
    pub(super) const FLAG: Self = Self::new(What::FLAG, &[], FieldType::Flag);

    /// The beginning of the names of the attributes that hold one member of the object each.
    pub(super) fn prefix(&self) -> Option<&'static str> {
        match self.shape {
            FieldType::Pairs(prefix, _) => Some(prefix),
            _ => None,
        }
    }

    /// Whether an attribute of the key's own name stands for it.
    pub(super) fn is_attribute(&self) -> bool {
        !self.is_only_in_json && self.prefix().is_none()
    }

    /// Whether this word may be one of the list.
    pub(super) fn takes(&self, word: &str) -> bool {
        match self.shape {
            FieldType::List(is_usable) => is_usable(word),
            _ => self.examples.contains(&word),
        }
    }

    /// What a text of the program means, which is usable.
    pub(super) fn usual(&self, text: &str) -> FieldValue {
        match self.shape {
            _ if text.is_empty() => FieldValue::Absent,
            FieldType::List(_) | FieldType::Words => {
                FieldValue::List(crate::trigger::split(text, &[':']))
            }
            _ => self.read(text.to_owned()).unwrap_or_default(),
        }
    }

    /// What it is, in words.
    pub(super) fn what(&self) -> String {
        match self.shape {
            FieldType::Integer(low, high) => {
                let [low, high] = [low, high].map(|bound| format_int(bound.into()));
                ["a whole number from ", &low, " to ", &high].concat()
            }
            _ => self.what.english().to_owned(),
        }
    }

    /// What is wrong with a value that is not of this form.
    #[inline(always)]
    pub(super) fn reason(&self, value: &Json) -> Reason {
        match self.shape {
            FieldType::Integer(low, high) => Reason::NotWithin(low.into(), high.into()),
            _ => super::problem::not_a(self.what.english(), value, self.examples),
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
        Some(match self.shape {
            FieldType::Word => FieldValue::Number(position(&text, self.examples)? as i64),
            FieldType::Time => FieldValue::Time(Duration::parse(&text)?),
            FieldType::Cooldown => FieldValue::Cooldown(Cooldown::parse(&text)?),
            FieldType::Share => FieldValue::Number(share(&text)?),
            FieldType::Flag => FieldValue::Number(match text.as_str() {
                "" | "true" => 1,
                "false" => 0,
                _ => return None,
            }),
            FieldType::Integer(low, high) => {
                let number = parse_int(&text);
                FieldValue::Number(number.filter(|it| (low.into()..=high.into()).contains(it))?)
            }
            FieldType::Text(is_good) | FieldType::Free(is_good) if is_good(&text) => {
                FieldValue::Text(text)
            }
            _ => return None,
        })
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
#[inline(never)]
pub(super) fn rest_is_date(text: &str) -> bool {
    crate::rest::gate();
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
    use super::{rest_is_date, share};

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
            assert!(rest_is_date(good), "{good}");
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
            assert!(!rest_is_date(bad), "{bad}");
        }
    }
}
