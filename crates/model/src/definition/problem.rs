use super::reason::{Reason, What};
use crate::json::Json;
use crate::nearest;
use std::fmt;
use std::ops::Deref;

/// Something in a definition, or in the attributes of a page, that cannot be used as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: an attribute (`data-delay`), or a path into the JSON (`surveys.json[0].questions[1].kind`).
    pub path: String,
    /// What stands there; empty where nothing does.
    pub found: String,
    /// What is wrong with it, and what would be right, in English.
    pub reason: String,
    /// The same without words.
    pub kind: Reason,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.line())
    }
}

impl Problem {
    /// The problem as one line: `data-delay="5 secs" is not a time (try "5s")`.
    #[must_use]
    pub fn line(&self) -> String {
        [self.path.as_str(), &self.found, " ", &self.reason].concat()
    }

    /// There is something else than this.
    #[must_use]
    pub fn unusable(
        path: String,
        value: &Json,
        is_attribute: bool,
        what: &str,
        examples: &[&str],
    ) -> Self {
        let hint = match example(value, examples) {
            Some(example) => [" (try \"", &example, "\")"].concat(),
            None => String::new(),
        };
        let reason = ["is not ", what, &hint].concat();
        Self::found(path, value, is_attribute, Reason::OfPage(reason))
    }

    /// There is something else than this, in a survey's own words.
    pub(super) fn not_a(
        path: String,
        value: &Json,
        is_attribute: bool,
        what: What,
        examples: &[&str],
    ) -> Self {
        let reason = Reason::NotA { what, example: example(value, examples) };
        Self::found(path, value, is_attribute, reason)
    }

    /// There is this, and it cannot be used.
    pub(super) fn found(path: String, value: &Json, is_attribute: bool, kind: Reason) -> Self {
        let found = [if is_attribute { "=" } else { " " }, &value.describe()].concat();
        Self { path, found, reason: kind.english(), kind }
    }

    /// Something about what stands there, or about what does not.
    #[must_use]
    pub fn because(path: String, kind: Reason) -> Self {
        Self { path, found: String::new(), reason: kind.english(), kind }
    }

    /// There is nothing.
    #[must_use]
    pub fn missing(path: String, example: &str) -> Self {
        Self::because(path, Reason::Missing { example: example.to_owned() })
    }

    /// Something about a page's tags that a pattern of words does not say.
    #[must_use]
    pub fn of(path: String, reason: &str) -> Self {
        Self::because(path, Reason::OfPage(reason.to_owned()))
    }
}

/// What to try: the nearest of the examples, or the first.
fn example(value: &Json, examples: &[&str]) -> Option<String> {
    let word = value.scalar().unwrap_or_default();
    nearest(&word, examples).or(examples.first().copied()).map(str::to_owned)
}

/// What was found wrong while something was read.
///
/// Without the feature `explain` it only knows *that* something was: the words for it are a fifth of what reads
/// surveys, and a page that is in order never needs them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    #[cfg(feature = "explain")]
    list: Vec<Problem>,
    #[cfg(not(feature = "explain"))]
    is_any: bool,
}

impl Problems {
    /// Notes a problem; its words are only made where somebody keeps them.
    #[inline(always)]
    pub fn note(&mut self, problem: impl FnOnce() -> Problem) {
        #[cfg(feature = "explain")]
        self.list.push(problem());
        #[cfg(not(feature = "explain"))]
        {
            let _ = problem;
            self.is_any = true;
        }
    }

    /// Whether nothing was wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        #[cfg(feature = "explain")]
        return self.list.is_empty();
        #[cfg(not(feature = "explain"))]
        return !self.is_any;
    }
}

/// Each problem, in the order in which they were found; none without the feature `explain`.
impl Deref for Problems {
    type Target = [Problem];

    fn deref(&self) -> &[Problem] {
        #[cfg(feature = "explain")]
        return &self.list;
        #[cfg(not(feature = "explain"))]
        return &[];
    }
}
