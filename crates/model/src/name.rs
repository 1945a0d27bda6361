/// Whether `name` may name a survey, a question or an option: `[a-z0-9-]+`, at most 64 bytes.
#[must_use]
pub fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn lower_case_digits_and_hyphens_only() {
        for good in ["faq", "post-purchase", "2026", "-"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "FAQ", "my survey", "a_b", "é", &"a".repeat(65)] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
