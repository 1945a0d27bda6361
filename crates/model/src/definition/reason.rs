//! Why something cannot be used, apart from the words for it: who speaks another language says it in their own.

use crate::{Metric, format_int};

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
    fn english(self) -> &'static str {
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
    MetricNeeds {
        /// The metric.
        metric: Metric,
        /// What it needs.
        needs: &'static str,
    },
    /// Something about a page's tags, which no survey file has.
    OfPage(String),
}

impl Reason {
    /// The words of the message, behind what it is about.
    #[must_use]
    pub fn english(&self) -> String {
        let hint = |example: &Option<String>| match example {
            Some(example) => [" (try \"", example, "\")"].concat(),
            None => String::new(),
        };
        let own = match self {
            Self::NotA { what, example } => {
                return ["is not ", what.english(), &hint(example)].concat();
            }
            Self::NotWithin(low, high) => {
                let (low, high) = (format_int(*low), format_int(*high));
                return ["is not a whole number from ", &low, " to ", &high].concat();
            }
            Self::Missing { example } => return ["is missing (try \"", example, "\")"].concat(),
            Self::UnknownKey { meant } => {
                return ["is not a key that is known here", &hint(meant)].concat();
            }
            Self::Link(address) => {
                return ["has a link to \"", address, "\" (try \"https://example.com/\")"].concat();
            }
            Self::Labels(points) => {
                return ["must be ", &format_int(*points), " texts, one for each point"].concat();
            }
            Self::OtherEnd(missing) => {
                return ["needs \"", missing, "\" at the other end of the scale"].concat();
            }
            Self::Repeated(thing) => {
                return ["is the id of an earlier ", thing.english(), " (ids are unique)"].concat();
            }
            Self::NoQuestion { id, meant } => {
                return ["\"", id, "\" is not a question of this survey (try \"", meant, "\")"]
                    .concat();
            }
            Self::IsQuestion(id) => return ["\"", id, "\" is the id of a question"].concat(),
            Self::EndingNeverReached(id) => {
                return ["\"", id, "\" is never reached: no rule leads to it"].concat();
            }
            Self::NoPlace(place) => {
                let try_these =
                    "} stands for nothing (try {id}, {answer:QUESTION} or {custom:NAME})";
                return ["{", place, try_these].concat();
            }
            Self::OfPage(reason) => return reason.clone(),
            Self::Empty => "is empty",
            Self::NoTag => "is not a language tag (try \"en\")",
            Self::TooManyNames => "holds more than 100 names",
            Self::QuestionCount => "must be 1 to 100 questions",
            Self::EndingCount => "must be 1 to 100 endings",
            Self::OptionCount => "must be 2 to 100 options",
            Self::NoScale => "has no scale to stand at: the first question is of another kind",
            Self::RuleAfterAlways => "is never reached: a rule before it always holds",
            Self::NeverAsked => "is never asked: no rule leads to it",
            Self::Circle => "leads back to this question (no way may be a circle)",
            Self::NeverHolds => "never holds: the question is required",
            Self::NeverAnswered => {
                "compares with something that is never answered to this question"
            }
            Self::MetricNeeds { needs, .. } => needs,
        };
        own.to_owned()
    }
}
