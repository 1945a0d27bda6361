//! The list of features that a module says its compiler used: what wasm-bindgen goes by.

use crate::shell::Result;

const SECTION: &[u8] = b"target_features";

/// The same module, whose list lacks these.
pub(super) fn without(module: &[u8], dropped: &[&str]) -> Result<Vec<u8>> {
    rewritten(module, dropped)
        .ok_or_else(|| "the compiled engine is no module with a list of features".to_owned())
}

fn rewritten(module: &[u8], dropped: &[&str]) -> Option<Vec<u8>> {
    let (header, mut rest) = module.split_at_checked(8)?;
    let mut whole = header.to_vec();
    let mut is_found = false;
    while let Some((&kind, after)) = rest.split_first() {
        let (content, next) = bytes(after)?;
        match custom(kind, content) {
            Some(list) => {
                is_found = true;
                let mut section = sized(SECTION);
                section.extend(shortened(list, dropped)?);
                whole.push(0);
                whole.extend(sized(&section));
            }
            None => whole.extend_from_slice(rest.get(..rest.len() - next.len())?),
        }
        rest = next;
    }
    is_found.then_some(whole)
}

/// What follows the name, if this section is the one.
fn custom(kind: u8, content: &[u8]) -> Option<&[u8]> {
    let (name, list) = bytes(content)?;
    (kind == 0 && name == SECTION).then_some(list)
}

/// A list of names, each behind a sign.
fn shortened(list: &[u8], dropped: &[&str]) -> Option<Vec<u8>> {
    let (count, mut rest) = number(list)?;
    let mut kept = Vec::new();
    let mut kept_count = 0;
    for _ in 0..count {
        let (sign, after) = rest.split_first()?;
        let (name, next) = bytes(after)?;
        if !dropped.iter().any(|other| other.as_bytes() == name) {
            kept.push(*sign);
            kept.extend(sized(name));
            kept_count += 1;
        }
        rest = next;
    }
    Some([leb128(kept_count), kept].concat())
}

/// Bytes behind their count, and what follows them.
fn bytes(from: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = number(from)?;
    rest.split_at_checked(length)
}

fn sized(content: &[u8]) -> Vec<u8> {
    [leb128(content.len()), content.to_vec()].concat()
}

fn number(from: &[u8]) -> Option<(usize, &[u8])> {
    let length = from.iter().position(|byte| byte & 0x80 == 0)? + 1;
    let (digits, rest) = from.split_at(length);
    let value = digits.iter().rev().fold(0, |value, digit| value << 7 | usize::from(digit & 0x7f));
    Some((value, rest))
}

fn leb128(mut value: usize) -> Vec<u8> {
    let mut digits = Vec::new();
    loop {
        let digit = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            digits.push(digit);
            return digits;
        }
        digits.push(digit | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(features: &[&str]) -> Vec<u8> {
        let list: Vec<u8> = features
            .iter()
            .flat_map(|name| [b"+".to_vec(), sized(name.as_bytes())].concat())
            .collect();
        let section = [sized(SECTION), leb128(features.len()), list].concat();
        let code = [&[10][..], &sized(&[7; 300])].concat();
        [&b"\0asm\x01\0\0\0"[..], &code, &[0], &sized(&section), &code].concat()
    }

    #[test]
    fn one_feature_goes_and_all_else_stays() {
        let all = module(&["bulk-memory", "reference-types", "sign-ext"]);
        let expected = module(&["bulk-memory", "sign-ext"]);
        assert_eq!(without(&all, &["reference-types"]), Ok(expected.clone()));
        assert_eq!(without(&expected, &["reference-types"]), Ok(expected));
    }

    #[test]
    fn what_has_no_list_is_refused() {
        assert!(without(b"\0asm\x01\0\0\0", &[]).is_err());
        assert!(without(b"\0a", &[]).is_err());
    }
}
