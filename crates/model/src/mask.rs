//! What is blanked in free text before it leaves the page.

use crate::Mask;

/// What stands for what was blanked.
const BLANK: &str = "***";

/// `text` without what looks like an e-mail address, a telephone number or a card number, as far as `masks`
/// asks for it.
///
/// A card number is 13 to 19 digits that Luhn's formula accepts (ISO/IEC 7812-1, annex B), a telephone number 9
/// to 15 digits, or 7 after a `+`: both with spaces, dots or dashes of any kind between groups, brackets in a telephone
/// number. When in doubt, a telephone number is blanked and a card number is not.
#[must_use]
pub fn mask(text: &str, masks: &[Mask]) -> String {
    let has = |mask| masks.contains(&mask);
    let mut masked = text.to_owned();
    if has(Mask::Email) {
        masked = without_emails(&masked);
    }
    if has(Mask::Card) || has(Mask::Phone) {
        masked = without_numbers(&masked, has(Mask::Card), has(Mask::Phone));
    }
    masked
}

/// Bytes are enough: beyond ASCII, everything may be part of a name.
fn without_emails(text: &str) -> String {
    let is_word = |it: u8| it.is_ascii_alphanumeric() || it >= 0x80;
    let is_local = |it: &u8| is_word(*it) || b".!#$%&'*+/=?^_`{|}~-".contains(it);
    let is_host = |it: &u8| is_word(*it) || *it == b'.' || *it == b'-';
    let mut masked = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let local = before.bytes().rev().take_while(is_local).count();
        let host = after.bytes().take_while(is_host).count();
        let host = after[..host].trim_end_matches(['.', '-']);
        if local > 0 && host.find('.').is_some_and(|dot| dot > 0) {
            masked.push_str(&before[..at - local]);
            masked.push_str(BLANK);
            rest = &after[host.len()..];
        } else {
            masked.push_str(&rest[..=at]);
            rest = after;
        }
    }
    masked.push_str(rest);
    masked
}

fn without_numbers(text: &str, cards: bool, phones: bool) -> String {
    let mut masked = String::new();
    let mut rest = text;
    let begins = |it: u8| it.is_ascii_digit() || it == b'+' || it == b'(';
    while let Some(start) = rest.bytes().position(begins) {
        masked.push_str(&rest[..start]);
        rest = &rest[start..];
        // As far as digits go, with at most three signs between them: "+49 (30) 12", "4111 - 1111". What a page or a
        // telephone copies has spaces and dashes of its own.
        let (mut end, mut gap) = (0, 0);
        for (at, it) in rest.char_indices() {
            let is_sign = matches!(
                it,
                '\t' | '\n' | '\r' | ' ' | '-' | '.' | '/' | '(' | ')' | '+' | '\u{a0}' | '\u{2000}'
                    ..='\u{2015}' | '\u{202f}' | '\u{2212}'
            );
            match it {
                '0'..='9' => (end, gap) = (at + 1, 0),
                _ if is_sign && gap < 3 => gap += 1,
                _ => break,
            }
        }
        if end == 0 {
            masked.push_str(&rest[..1]);
            rest = &rest[1..];
            continue;
        }
        let run = &rest[..end];
        let is_card = cards && holds_card(run);
        let fewest = if run.contains('+') { 7 } else { 9 };
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        let is_phone = phones && (fewest..=15).contains(&digits);
        // An opening bracket belongs to what it was written for.
        let opening = if is_card && run.starts_with('(') { "(" } else { "" };
        masked.push_str(opening);
        masked.push_str(if is_card || is_phone { BLANK } else { &run[opening.len()..] });
        rest = &rest[end..];
    }
    masked.push_str(rest);
    masked
}

/// Whether some groups of digits in a row are a card number: its date may stand beside it.
fn holds_card(run: &str) -> bool {
    let run = run.as_bytes();
    let is_digit = |at: usize| run.get(at).is_some_and(u8::is_ascii_digit);
    (0..run.len()).any(|from| {
        let begins = is_digit(from) && (from == 0 || !is_digit(from - 1)) && run[from] != b'0';
        let mut digits = Vec::new();
        begins
            && (from..run.len()).any(|at| {
                if is_digit(at) {
                    digits.push(run[at] - b'0');
                }
                let ends = is_digit(at) && !is_digit(at + 1);
                ends && (13..=19).contains(&digits.len()) && luhn(&digits)
            })
    })
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match u32::from(*digit) {
            digit if at % 2 == 0 => digit,
            digit => digit * 2 - if digit > 4 { 9 } else { 0 },
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::mask;
    use crate::Mask::{self, Card, Email, Phone};
    use proptest::prelude::*;

    #[track_caller]
    fn check(masks: &[Mask], cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(mask(text, masks), *expected, "{text}");
        }
    }

    #[test]
    fn card_numbers() {
        check(
            &[Card],
            &[
                ("my card 4111 1111 1111 1111 failed", "my card *** failed"),
                ("4111-1111-1111-1111.", "***."),
                ("4111\u{a0}1111\u{a0}1111\u{a0}1111", "***"),
                ("4111–1111–1111–1111!", "***!"),
                ("4111 - 1111 - 1111 - 1111", "***"),
                ("4111 1111\n1111 1111", "***"),
                ("378282246310005", "***"),
                ("30569309025904", "***"),
                ("6304000000000000", "***"),
                ("(4111111111111111)", "(***)"),
                ("4111111111111111 12/29", "***"),
                ("order 4111 1111 1111 1112", "order 4111 1111 1111 1112"),
                ("+49 30 901820", "+49 30 901820"),
                ("name@example.com", "name@example.com"),
                ("0000000000000000", "0000000000000000"),
                ("", ""),
            ],
        );
    }

    #[test]
    fn telephone_numbers() {
        check(
            &[Phone],
            &[
                ("call +49 (30) 901-820 now", "call *** now"),
                ("(555) 010-4477", "***"),
                ("+1.555.010.4477", "***"),
                ("030/90182010", "***"),
                ("order 12345678", "order 12345678"),
                ("it cost 1000 + 20 (about)", "it cost 1000 + 20 (about)"),
                ("2026", "2026"),
                ("+", "+"),
            ],
        );
    }

    #[test]
    fn addresses() {
        check(
            &[Email],
            &[
                ("write to name.last+tag@mail.example.co.uk.", "write to ***."),
                ("<a@b.de>, c@d.es!", "<***>, ***!"),
                ("josé@correo.example", "***"),
                ("me @ home", "me @ home"),
                ("a@b", "a@b"),
                ("@handle.name", "@handle.name"),
                ("5 @ 3.50", "5 @ 3.50"),
            ],
        );
    }

    #[test]
    fn nothing_is_masked_unasked() {
        let text = "a@b.de +49 30 901820 4111111111111111";
        assert_eq!(mask(text, &[]), text);
        assert_eq!(mask(text, &[Email, Phone, Card]), "*** ***");
    }

    proptest! {
        #[test]
        fn any_text_goes_through(text: String) {
            let masked = mask(&text, &[Email, Phone, Card]);
            prop_assert_eq!(mask(&masked, &[Email, Phone, Card]), masked);
        }

        #[test]
        fn other_text_stays(text in "[a-zA-Z ¿?áéñ漢字🙂,;:!]*") {
            prop_assert_eq!(mask(&text, &[Email, Phone, Card]), text);
        }
    }
}
