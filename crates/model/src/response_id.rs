use std::fmt;

/// The identity of a response: a UUID of version 7 (RFC 9562), so that ids sort by the time of showing.
///
/// One response keeps its id through every revision and retry; it is what makes a repeat recognisable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResponseId([u8; 16]);

/// The text is not a UUID of version 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidId;

impl ResponseId {
    /// A new id from the time (milliseconds since 1970, 48 bits) and ten random bytes.
    #[must_use]
    pub fn new(unix_millis: u64, random: [u8; 10]) -> Self {
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&unix_millis.to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(&random);
        bytes[6] = 0x70 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        Self(bytes)
    }

    /// Reads the hyphenated form, in either case.
    ///
    /// # Errors
    /// When the text has another form, another version or another variant.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let text = text.as_bytes();
        let mut bytes = [0; 16];
        let mut nibbles = 0;
        if text.len() != 36 {
            return Err(InvalidId);
        }
        for (index, &character) in text.iter().enumerate() {
            if matches!(index, 8 | 13 | 18 | 23) {
                if character != b'-' {
                    return Err(InvalidId);
                }
                continue;
            }
            let nibble = (character as char).to_digit(16).ok_or(InvalidId)?;
            bytes[nibbles / 2] = (bytes[nibbles / 2] << 4) | nibble as u8;
            nibbles += 1;
        }
        if bytes[6] >> 4 == 7 && bytes[8] >> 6 == 0b10 { Ok(Self(bytes)) } else { Err(InvalidId) }
    }

    /// The hyphenated form in lower case.
    #[must_use]
    pub fn to_text(self) -> String {
        let mut text = String::with_capacity(36);
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            for nibble in [byte >> 4, byte & 0x0f] {
                text.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
            }
        }
        text
    }
}

impl fmt::Display for InvalidId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .write_str("is not a UUID of version 7 (try \"0199a3c2-5f1e-7a3b-8c4d-0123456789ab\")")
    }
}

#[cfg(feature = "serde")]
mod with_serde {
    use super::ResponseId;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    impl Serialize for ResponseId {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(&self.to_text())
        }
    }

    impl<'de> Deserialize<'de> for ResponseId {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidId, ResponseId};
    use proptest::prelude::*;

    #[test]
    fn other_versions_and_forms_are_refused() {
        for bad in [
            "",
            "0199a3c2-5f1e-4a3b-8c4d-0123456789ab",
            "0199a3c2-5f1e-7a3b-0c4d-0123456789ab",
            "0199a3c25f1e7a3b8c4d0123456789ab",
            "0199a3c2-5f1e-7a3b-8c4d-0123456789ag",
            "0199a3c2-5f1e-7a3b-8c4d_0123456789ab",
        ] {
            assert_eq!(ResponseId::parse(bad), Err(InvalidId), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn is_a_uuid_of_version_7_that_carries_its_time(time in 0_u64..1 << 48, random: [u8; 10]) {
            let id = ResponseId::new(time, random);
            let uuid: uuid::Uuid = id.to_text().parse().expect("a UUID");
            prop_assert_eq!(uuid.get_version_num(), 7);
            prop_assert_eq!(uuid.get_variant(), uuid::Variant::RFC4122);
            let (seconds, nanoseconds) = uuid.get_timestamp().expect("a time").to_unix();
            prop_assert_eq!(seconds * 1_000 + u64::from(nanoseconds) / 1_000_000, time);
            prop_assert_eq!(ResponseId::parse(&id.to_text()), Ok(id));
            prop_assert_eq!(ResponseId::parse(&id.to_text().to_uppercase()), Ok(id));
        }
    }
}
