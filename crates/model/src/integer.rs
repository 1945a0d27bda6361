//! Whole numbers in decimal digits. The standard library's way through `fmt` has a body for each type of
//! number, which a page's visitors would all pay for.

/// The digits of a number.
#[must_use]
pub fn format_int(number: i64) -> String {
    let mut text = String::new();
    let mut rest = number.unsigned_abs();
    loop {
        text.insert(0, char::from(b'0' + (rest % 10) as u8));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        text.insert(0, '-');
    }
    text
}

/// The number that these digits are, with a minus sign before them where it is negative. `None` for
/// anything else, and for more than fifteen digits.
#[must_use]
pub fn parse_int(text: &str) -> Option<i64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text).as_bytes();
    if !(1..=15).contains(&unsigned.len()) || !unsigned.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = unsigned.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    Some(if unsigned.len() < text.len() { -value } else { value })
}

/// Where `needle` stands in `text`. The standard library's search is made for long ones, and weighs as much.
#[must_use]
pub fn find_substring(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len().max(1)).position(|it| it == needle.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{format_int, parse_int};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_the_standard_library_writes_them(value: i64) {
            prop_assert_eq!(format_int(value), value.to_string());
        }

        #[test]
        fn numbers_are_read_as_they_are_written(value in -999_999_999_999_999_i64..=999_999_999_999_999) {
            prop_assert_eq!(parse_int(&format_int(value)), Some(value));
        }
    }

    #[test]
    fn anything_else_is_no_number() {
        for bad in ["", "-", "+1", " 1", "1.5", "1e3", "--1", "1234567890123456", "٣"] {
            assert_eq!(parse_int(bad), None, "{bad}");
        }
        assert_eq!(parse_int("-0"), Some(0));
    }
}
