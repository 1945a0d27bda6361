use super::reason::Reason;
use super::reason::What;
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
    /// What is wrong with it, and what would be right.
    pub reason: String,
    /// The same without words.
    #[cfg(feature = "reasons")]
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
        let word = value.scalar().unwrap_or_default();
        let example = nearest(&word, examples).or(examples.first().copied());
        let hint = match example {
            Some(example) => [" (try \"", example, "\")"].concat(),
            None => String::new(),
        };
        let found = [if is_attribute { "=" } else { " " }, &value.describe()].concat();
        let reason = ["is not ", what, &hint].concat();
        Self {
            path,
            found,
            reason,
            #[cfg(feature = "reasons")]
            kind: Reason::OfPage,
        }
    }

    /// There is nothing.
    #[must_use]
    pub fn missing(path: String, example: &str) -> Self {
        let reason = ["is missing (try \"", example, "\")"].concat();
        Self {
            path,
            found: String::new(),
            reason,
            #[cfg(feature = "reasons")]
            kind: Reason::Missing { example: example.to_owned() },
        }
    }

    /// Something about this, in a page's tags, that a pattern of words does not say.
    #[inline(always)]
    #[must_use]
    pub fn about(path: String, found: String, reason: String) -> Self {
        Self {
            path,
            found,
            reason,
            #[cfg(feature = "reasons")]
            kind: Reason::OfPage,
        }
    }

    /// Something about what stands there that a pattern of words does not say.
    #[must_use]
    pub fn of(path: String, reason: &str) -> Self {
        Self {
            path,
            found: String::new(),
            reason: reason.to_owned(),
            #[cfg(feature = "reasons")]
            kind: Reason::OfPage,
        }
    }

    /// With what is said without words, where somebody keeps it.
    #[inline(always)]
    pub(super) fn because(self, kind: impl FnOnce() -> Reason) -> Self {
        #[cfg(feature = "reasons")]
        return Self { kind: kind(), ..self };
        #[cfg(not(feature = "reasons"))]
        {
            let _ = kind;
            self
        }
    }
}

/// What was found wrong while something was read.
///
/// Without the feature `explain` it only knows *that* something was: the words for it are a fifth of what reads
/// surveys, and a page that is in order never needs them. The engine has words; they come later, and until then it
/// reads [silently](Self::silent).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    #[cfg(feature = "explain")]
    list: Vec<Problem>,
    /// Whether nobody has words.
    #[cfg(feature = "explain")]
    is_silent: bool,
    is_any: bool,
}

impl Problems {
    /// Keeps no problem, and knows only that there was one.
    #[must_use]
    pub fn silent() -> Self {
        Self {
            #[cfg(feature = "explain")]
            is_silent: true,
            ..Self::default()
        }
    }

    /// Notes a problem; its words are only made where somebody keeps them.
    #[inline(always)]
    pub fn note(&mut self, problem: impl FnOnce() -> Problem) {
        self.is_any = true;
        #[cfg(feature = "explain")]
        if !self.is_silent {
            rest_say(&mut self.list, problem);
        }
        #[cfg(not(feature = "explain"))]
        let _ = problem;
    }

    /// Whether nothing was wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.is_any
    }
}

/// Says what is wrong. A gate (ARCHITECTURE.md, "Two halves").
#[cfg(feature = "explain")]
#[inline(never)]
fn rest_say(list: &mut Vec<Problem>, problem: impl FnOnce() -> Problem) {
    crate::rest::gate();
    list.push(problem());
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

/// That there is something else than this: what [`Problem::unusable`] says.
#[inline(always)]
pub(super) fn not_a(what: &str, value: &Json, examples: &[&str]) -> Reason {
    let word = value.scalar().unwrap_or_default();
    let example = nearest(&word, examples).or(examples.first().copied());
    Reason::NotA { what: What::of(what), example: example.map(str::to_owned) }
}
