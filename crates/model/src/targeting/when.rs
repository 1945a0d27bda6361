//! Conditions of `data-when`: `plan=pro amount>=100 !trial query.utm_source=news`.

use crate::parse_int;
use std::cmp::Ordering;

/// One condition over what the page knows (contract, section 2, `data-when`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WhenClause<'a> {
    /// What it is about: `plan`, `event.value`, `query.utm_source`, `visit`.
    pub name: &'a str,
    operator: &'static str,
    value: &'a str,
}

/// Longer ones first, where one begins another.
const OPERATORS: &[&str] = &["!=", "<=", ">=", "*=", "=", "<", ">"];
/// A name alone: the value is there, and says something.
const IS_SET: &str = "";
/// A name behind an exclamation mark: the value is not there, or says nothing.
const IS_NOT_SET: &str = "!";

impl<'a> WhenClause<'a> {
    /// Reads one condition. `None` where the text is none: without a name or a value, with an unknown operator, or
    /// where an order is asked for of what is no number.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let is_negated = text.starts_with('!');
        let rest = &text[usize::from(is_negated)..];
        let name_end = rest.bytes().position(|byte| b"=!<>*".contains(&byte));
        let (name, rest) = rest.split_at(name_end.unwrap_or(rest.len()));
        let is_dotted = || name.split('.').all(|part| !part.is_empty());
        let operator = match (rest, is_negated) {
            ("", false) => IS_SET,
            ("", true) => IS_NOT_SET,
            (_, false) => *OPERATORS.iter().find(|operator| rest.starts_with(**operator))?,
            (_, true) => return None,
        };
        let value = rest.get(operator.len()..).unwrap_or_default();
        let is_usable = match operator {
            IS_SET | IS_NOT_SET => true,
            "<" | "<=" | ">" | ">=" => Decimal::parse(value).is_some(),
            // `==` and `=>` are slips of other languages.
            _ => !matches!(value.as_bytes().first(), None | Some(b'=' | b'<' | b'>')),
        };
        (is_usable && is_dotted()).then_some(Self { name, operator, value })
    }

    /// How it compares: `=`, `!=`, `<`, `<=`, `>`, `>=` or `*=`; nothing where the value has to be there, `!` where it
    /// must not.
    #[must_use]
    pub fn operator(&self) -> &'static str {
        self.operator
    }

    /// What it compares with, of which each is enough; none where it does not compare.
    pub fn values(&self) -> impl Iterator<Item = &'a str> {
        let is_list = matches!(self.operator, "=" | "!=");
        let values = Some(self.value).filter(|value| !value.is_empty());
        values
            .into_iter()
            .flat_map(move |value| value.split(move |character| is_list && character == '|'))
    }

    /// Whether the condition holds for this value of what it is about; `None` where there is none.
    ///
    /// Texts are compared by their characters, and numbers by their value: what is no number is neither below nor
    /// above one. Of what is not there, every `!=` holds, and no other comparison.
    #[must_use]
    pub fn holds(&self, found: Option<&str>) -> bool {
        let text = found.unwrap_or_default();
        let is_one_of = || found.is_some() && self.value.split('|').any(|value| value == text);
        match self.operator {
            IS_SET => is_set(text),
            IS_NOT_SET => !is_set(text),
            "=" => is_one_of(),
            "!=" => !is_one_of(),
            "*=" => crate::find_substring(text, self.value).is_some(),
            order => match Decimal::parse(text).zip(Decimal::parse(self.value)) {
                Some((found, wanted)) => match found.compare(&wanted) {
                    Ordering::Less => order.starts_with('<'),
                    Ordering::Greater => order.starts_with('>'),
                    Ordering::Equal => order.ends_with('='),
                },
                None => false,
            },
        }
    }
}

fn is_set(text: &str) -> bool {
    !matches!(text, "" | "false" | "0")
}

/// A decimal number of any length, compared without rounding. The reader of floating-point numbers would weigh more in
/// the widget than all of targeting.
#[derive(Debug, Default)]
struct Decimal {
    is_negative: bool,
    /// Its digits, without zeros at either end; none of them is zero itself.
    digits: String,
    /// The number of digits before the decimal point; negative where zeros follow the point.
    magnitude: i64,
}

impl Decimal {
    /// Reads a number as JSON and JavaScript write it: `-12.50`, `1e+21`, `.5`. Space around it does not count.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut number = Self { is_negative: text.starts_with('-'), ..Self::default() };
        let (mut has_digits, mut has_point) = (false, false);
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'-' | b'+' if at == 0 => {}
                b'.' if !has_point => has_point = true,
                b'0'..=b'9' => {
                    has_digits = true;
                    let is_leading_zero = byte == b'0' && number.digits.is_empty();
                    if !is_leading_zero {
                        number.digits.push(byte.into());
                    }
                    number.magnitude += i64::from(!is_leading_zero && !has_point);
                    number.magnitude -= i64::from(is_leading_zero && has_point);
                }
                b'e' | b'E' if has_digits => {
                    let exponent = &text[at + 1..];
                    let unsigned = exponent.strip_prefix('+').filter(|it| !it.starts_with('-'));
                    number.magnitude += parse_int(unsigned.unwrap_or(exponent))?;
                    break;
                }
                _ => return None,
            }
        }
        while number.digits.ends_with('0') {
            number.digits.pop();
        }
        if number.digits.is_empty() {
            number = Self::default();
        }
        has_digits.then_some(number)
    }

    fn compare(&self, other: &Self) -> Ordering {
        if self.is_negative != other.is_negative {
            return other.is_negative.cmp(&self.is_negative);
        }
        let size = |it: &Self| (!it.digits.is_empty(), it.magnitude);
        let absolute = size(self).cmp(&size(other)).then_with(|| self.digits.cmp(&other.digits));
        if self.is_negative { absolute.reverse() } else { absolute }
    }
}

#[cfg(test)]
mod tests;
