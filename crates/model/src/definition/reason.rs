//! Why something cannot be used, apart from the words for it: who speaks another language says it in their own.
//!
//! Problems know it with the feature `reasons` alone: the widget has the English sentences and nothing beside them.

use crate::Metric;

macro_rules! whats {
    ($($name:ident = $text:literal)+) => {
        /// What a value should be. Its words are English.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct What(&'static str);

        impl What {
            /// Of keys that have a reader of their own: no message names it.
            pub(super) const NOTHING: Self = Self("");
            $(pub(super) const $name: Self = Self($text);)+

            /// All that there are, for those who translate.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The words of the message: `is not …`.
            #[must_use]
            pub fn english(self) -> &'static str {
                self.0
            }
        }
    };
}

whats! {
    TEMPLATE = "a template"
    ADDRESS = "an address"
    TRIGGER = "a trigger"
    TIME = "a time"
    COOLDOWN = "a time, \"always\" or \"never\""
    PATTERN = "a pattern of pages"
    DEVICE = "a device"
    SHARE = "a share"
    PER = "\"visitor\" or \"page\""
    CONDITION = "a condition"
    DATE = "a date or date-time"
    DISPLAY = "a display"
    POSITION = "a position"
    THEME = "a theme"
    COLOUR = "a CSS colour"
    LENGTH = "a CSS length"
    FONT = "a CSS font-family"
    TAG = "a language tag"
    REQUEST_FORMAT = "a format of requests"
    HEADER = "a header of HTTP"
    PAIR = "a text of at most 10000 characters under a name of at most 256"
    REPORT = "a report"
    PUSH = "a tool that events can be pushed to"
    ON_OFF = "\"on\" or \"off\""
    MASK = "something to mask"
    CONFIRM = "a way to confirm"
    STORAGE = "a storage"
    CONSENT = "a consent"
    SIGNAL = "\"respect\" or \"ignore\""
    SHORT_TEXT = "a text of at most 256 characters"
    FLAG = "true or false"
    KIND = "a kind of question"
    METRIC = "a metric"
    TEXT_FORMAT = "a format of text"
    GO = "the id of a question or an ending, or \"end\""
    COMPARISON = "a comparison"
    LOOK = "a look of this kind of question"
    NAME = "a name (lower case letters, digits and hyphens)"
    WEB_ADDRESS = "an address of the web"
    LINK_ADDRESS = "an address of the web or a mailto: link"
    PICTURE = "a relative address, or one that begins with https:"
    OBJECT = "an object"
    NAMES = "an object of names and texts"
    LIST = "a list"
    TEXT = "a text"
}

/// A thing that has an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A question.
    Question,
    /// An option.
    Option,
    /// An ending.
    Ending,
}

impl Thing {
    pub(super) fn english(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Option => "option",
            Self::Ending => "ending",
        }
    }
}

/// What is wrong with something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It is something else than this.
    NotA {
        /// What it should be.
        what: What,
        /// What to try.
        example: Option<String>,
    },
    /// It is no whole number within these bounds.
    NotWithin(i64, i64),
    /// It is not there.
    Missing {
        /// What to try.
        example: String,
    },
    /// Nothing of this name is known there.
    UnknownKey {
        /// The name that it was probably meant to be.
        meant: Option<String>,
    },
    /// There is nothing in it.
    Empty,
    /// The name of a text's language is none.
    NoTag,
    /// It holds a link that nobody may follow.
    Link(String),
    /// It holds too many names.
    TooManyNames,
    /// There are too few or too many questions.
    QuestionCount,
    /// There are too few or too many endings.
    EndingCount,
    /// There are too few or too many options.
    OptionCount,
    /// There must be so many labels.
    Labels(i64),
    /// The other end of the scale, of this key, has no words.
    OtherEnd(&'static str),
    /// The first question has no scale.
    NoScale,
    /// An earlier one has the same id.
    Repeated(Thing),
    /// A rule before it always holds.
    RuleAfterAlways,
    /// No rule leads to it.
    NeverAsked,
    /// A way leads back to it.
    Circle,
    /// No question has this id.
    NoQuestion {
        /// The id.
        id: String,
        /// The one that was probably meant.
        meant: String,
    },
    /// It waits for a required question to be skipped.
    NeverHolds,
    /// It compares with what is no answer.
    NeverAnswered,
    /// An ending has the id of a question.
    IsQuestion(String),
    /// No rule leads to the ending of this id.
    EndingNeverReached(String),
    /// A place of an address stands for nothing.
    NoPlace(String),
    /// The metric needs another question.
    MetricNeeds(Metric),
    /// Something about a page's tags, which no survey file has: its English sentence is all there is.
    OfPage,
}
