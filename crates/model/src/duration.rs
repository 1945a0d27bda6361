/// A length of time in milliseconds, as authors write it: `500ms`, `5s`, `10m`, `12h`, `90d`, or `0`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(u64);

const UNITS: &[(&str, u64)] =
    &[("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

impl Duration {
    /// Exactly `milliseconds`.
    #[must_use]
    pub const fn from_millis(milliseconds: u64) -> Self {
        Self(milliseconds)
    }

    /// The length in milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The shortest text that [`Self::parse`] reads as this length.
    #[must_use]
    pub fn to_text(self) -> String {
        let fitting = UNITS.iter().rev().find(|(_, unit)| self.0.is_multiple_of(*unit));
        match fitting {
            Some((name, unit)) if self.0 > 0 => {
                [&crate::format_int((self.0 / unit) as i64), *name].concat()
            }
            _ => "0".to_owned(),
        }
    }

    /// Reads a whole number with its unit. `None` for anything else, and for more than a hundred years.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        const LONGEST: u64 = 36_525 * 86_400_000;
        if text == "0" {
            return Some(Self(0));
        }
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == unit)?;
        let milliseconds = u64::try_from(crate::parse_int(number)?).ok()?.checked_mul(*unit)?;
        (milliseconds <= LONGEST).then_some(Self(milliseconds))
    }
}

#[cfg(test)]
mod tests {
    use super::Duration;

    #[track_caller]
    fn check(text: &str, expected: Option<u64>) {
        assert_eq!(Duration::parse(text).map(Duration::as_millis), expected);
    }

    #[test]
    fn every_unit_of_the_contract() {
        check("0", Some(0));
        check("500ms", Some(500));
        check("5s", Some(5_000));
        check("10m", Some(600_000));
        check("12h", Some(43_200_000));
        check("90d", Some(7_776_000_000));
    }

    #[test]
    fn a_length_is_written_as_it_is_read() {
        for text in ["0", "500ms", "5s", "10m", "12h", "90d", "90s", "1500ms"] {
            assert_eq!(Duration::parse(text).map(Duration::to_text).as_deref(), Some(text));
        }
        assert_eq!(Duration::parse("60s").map(Duration::to_text).as_deref(), Some("1m"));
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in
            ["", "5", "5 secs", "5 s", "s", "-5s", "1.5s", "5S", "99999999999999999999d", "36526d"]
        {
            check(bad, None);
        }
    }
}
