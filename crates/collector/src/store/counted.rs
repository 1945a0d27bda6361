//! What a count of answers is about.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// Whom a count of the answers to one question counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counted {
    /// Everybody who answered the question, whatever the answer was.
    Anyone,
    /// Those for whom it was the last answer, and who did not come to the end of the survey.
    DroppedOff,
    /// Those whose value is not counted by name: their own words, or one value too many.
    Others,
    /// Those who gave this value: the point of a scale, `true`, the id of an option.
    Value(String),
}

/// How the database and summaries write [`Counted::Others`], and the segment of all other values.
pub(super) const OTHERS: &str = "…";
/// What stands for the question of which ending was reached: endings are counted like the options of a choice. An id
/// holds no such character.
pub(super) const ENDINGS: &str = "|";
/// How the database writes [`Counted::Anyone`].
const ANYONE: &str = "";
/// How the database writes [`Counted::DroppedOff`]. An option's id holds no such character.
const DROPPED_OFF: &str = "|";

impl Counted {
    /// As the database writes it.
    pub(super) fn stored(&self) -> &str {
        match self {
            Self::Anyone => ANYONE,
            Self::DroppedOff => DROPPED_OFF,
            Self::Others => OTHERS,
            Self::Value(value) => value,
        }
    }

    /// From what the database holds.
    pub(super) fn of_stored(stored: String) -> Self {
        match stored.as_str() {
            ANYONE => Self::Anyone,
            DROPPED_OFF => Self::DroppedOff,
            OTHERS => Self::Others,
            _ => Self::Value(stored),
        }
    }
}

impl Serialize for Counted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.stored())
    }
}

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer).map(|stored| Self::of_stored(stored.into_owned()))
    }
}
