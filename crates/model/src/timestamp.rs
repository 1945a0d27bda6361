use std::fmt;

/// The milliseconds of a day of 24 hours.
pub const DAY_MS: i64 = 86_400_000;

/// A moment, to the millisecond, in UTC. Written as RFC 3339: `2026-11-21T18:40:13.123Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

/// The text is not an RFC 3339 date-time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTimestamp;

impl Timestamp {
    /// The first moment that can be written, the start of year 0.
    const FIRST: i64 = -62_167_219_200_000;
    /// The last moment that can be written, the end of year 9999.
    const LAST: i64 = 253_402_300_799_999;

    /// The moment `milliseconds` after 1970-01-01T00:00:00Z, clamped to the years 0 to 9999.
    #[must_use]
    pub fn from_millis(milliseconds: i64) -> Self {
        Self(milliseconds.clamp(Self::FIRST, Self::LAST))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// The moment as RFC 3339 with milliseconds, in UTC.
    ///
    /// The calendar is Howard Hinnant's `civil_from_days`; a date library would cost the widget more
    /// bytes than all of its questions.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        let days = self.0.div_euclid(86_400_000);
        let milliseconds = self.0.rem_euclid(86_400_000);
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = (month_from_march + 2) % 12 + 1;
        let year = year_of_era + era * 400 + i64::from(month <= 2);

        let mut text = String::with_capacity(24);
        for (number, width, after) in [
            (year, 4, '-'),
            (month, 2, '-'),
            (day, 2, 'T'),
            (milliseconds / 3_600_000, 2, ':'),
            (milliseconds / 60_000 % 60, 2, ':'),
            (milliseconds / 1_000 % 60, 2, '.'),
            (milliseconds % 1_000, 3, 'Z'),
        ] {
            push_padded(&mut text, number, width);
            text.push(after);
        }
        text
    }
}

fn push_padded(text: &mut String, number: i64, width: u32) {
    for place in (0..width).rev() {
        let digit = number / 10_i64.pow(place) % 10;
        text.push(char::from(b'0' + digit as u8));
    }
}

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("is not a date-time (try \"2026-11-21T18:40:13.123Z\")")
    }
}

#[cfg(feature = "serde")]
mod with_serde {
    use super::{InvalidTimestamp, Timestamp};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    impl std::str::FromStr for Timestamp {
        type Err = InvalidTimestamp;

        fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
            // jiff also takes a time zone in brackets, which RFC 3339 does not know.
            if text.contains('[') {
                return Err(InvalidTimestamp);
            }
            let moment: jiff::Timestamp = text.parse().map_err(|_| InvalidTimestamp)?;
            Ok(Self::from_millis(moment.as_millisecond()))
        }
    }

    impl Serialize for Timestamp {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(&self.to_rfc3339())
        }
    }

    impl<'de> Deserialize<'de> for Timestamp {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
        }
    }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::{InvalidTimestamp, Timestamp};
    use proptest::prelude::*;

    #[test]
    fn the_contracts_example() {
        let text = "2026-11-21T18:40:13.123Z";
        let moment: Timestamp = text.parse().expect("a date-time");
        assert_eq!(moment.to_rfc3339(), text);
    }

    #[test]
    fn offsets_are_read_and_anything_else_is_refused() {
        let moment: Timestamp = "2026-11-21T12:40:13-06:00".parse().expect("a date-time");
        assert_eq!(moment.to_rfc3339(), "2026-11-21T18:40:13.000Z");
        for bad in
            ["", "yesterday", "2026-11-21", "2026-13-01T00:00:00Z", "2026-11-21T18:40:13Z[UTC]"]
        {
            assert_eq!(bad.parse::<Timestamp>(), Err(InvalidTimestamp), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_jiff(milliseconds in -62_135_596_800_000_i64..253_402_207_200_000) {
            let expected = jiff::Timestamp::from_millisecond(milliseconds).expect("in range");
            let written = Timestamp::from_millis(milliseconds).to_rfc3339();
            prop_assert_eq!(&written, &format!("{expected:.3}"));
            prop_assert_eq!(written.parse(), Ok(Timestamp::from_millis(milliseconds)));
        }
    }
}
