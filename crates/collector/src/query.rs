//! The query of an address as a struct: each parameter has a type, and what is wrong is told by the parameter's name.

use crate::Error;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
use sondeo_model::{Status, Timestamp};
use std::borrow::Cow;
use std::fmt::{self, Display};
use std::str::FromStr;

/// The parameters of a request.
#[derive(Debug)]
pub(crate) struct Parameters<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Reads a query. `T` denies fields that it does not know.
pub(crate) fn read<T: DeserializeOwned>(query: &str) -> Result<T, Error> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs)).map_err(wrong)
}

fn wrong(error: serde_path_to_error::Error<serde_urlencoded::de::Error>) -> Error {
    let reason = error.inner().to_string();
    let unknown = reason.strip_prefix("unknown field `");
    if let Some((field, known)) = unknown.and_then(|it| it.rsplit_once("`, expected ")) {
        // Every second part stands between backticks.
        let known: Vec<_> = known.split('`').skip(1).step_by(2).collect();
        return unknown_parameter(field, &known);
    }
    let twice = reason.strip_prefix("duplicate field `").and_then(|it| it.strip_suffix('`'));
    match twice {
        Some(field) => given_twice(field),
        None => Error::InvalidQuery { field: error.path().to_string(), reason },
    }
}

/// Of a parameter that there is not; there are these.
pub(crate) fn unknown_parameter(field: &str, known: &[&str]) -> Error {
    let known = match known {
        [] => "there are none here".to_owned(),
        [only] => format!("there is {only}"),
        [first @ .., last] => format!("there are {} and {last}", first.join(", ")),
    };
    let reason = format!("is not a parameter ({known})");
    Error::InvalidQuery { field: field.to_owned(), reason }
}

/// Of a parameter that is there more than once.
pub(crate) fn given_twice(field: &str) -> Error {
    Error::InvalidQuery { field: field.to_owned(), reason: "is given twice".to_owned() }
}

/// For a field whose text a [`FromStr`] reads. Its error completes a sentence that begins with the field.
pub(crate) fn parsed<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let text = Cow::<str>::deserialize(deserializer)?;
    text.parse().map(Some).map_err(D::Error::custom)
}

/// A moment, or a date, which is the moment at which that day begins (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) Timestamp);

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A plus sign that was not escaped is a space by now.
        let text = text.replace(' ', "+");
        let moment = text.parse().or_else(|_| format!("{text}T00:00:00Z").parse());
        moment.map(Self).map_err(|_| {
            "must be an RFC 3339 date-time or a date (try \"2026-11-21T00:00:00Z\" or \"2026-11-21\")"
        })
    }
}

/// How far a visitor came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StatusParameter(pub(crate) Status);

impl FromStr for StatusParameter {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let status = Status::parse(word).map(Self);
        status.ok_or("must be shown, partial, completed or dismissed")
    }
}

/// How many rows a page has: one to so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowLimit<const MOST: u32>(u32);

impl<const MOST: u32> RowLimit<MOST> {
    pub(crate) fn rows(self) -> u32 {
        self.0
    }
}

/// The text is no number of rows that a page can have.
#[derive(Debug)]
pub(crate) struct InvalidLimit(u32);

impl Display for InvalidLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "must be 1 to {}", self.0)
    }
}

impl<const MOST: u32> FromStr for RowLimit<MOST> {
    type Err = InvalidLimit;

    fn from_str(text: &str) -> Result<Self, InvalidLimit> {
        let rows = text.parse().ok().filter(|rows| (1..=MOST).contains(rows));
        rows.map(Self).ok_or(InvalidLimit(MOST))
    }
}

/// Which page: what `next` of an earlier one says, as the store reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct After<C>(pub(crate) C);

impl<C: FromStr> FromStr for After<C> {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let cursor = text.parse().map(Self);
        cursor.map_err(|_| "must be what \"next\" of an earlier page says")
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, RowLimit, parsed, read};
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Query {
        word: Option<String>,
        #[serde(deserialize_with = "parsed")]
        from: Option<Moment>,
        #[serde(deserialize_with = "parsed")]
        limit: Option<RowLimit<500>>,
    }

    #[test]
    fn each_parameter_has_its_type() {
        let query = "word=a%20b%26c&limit=500&from=2026-12-01T00:00:00+01:00";
        let found: Query = read(query).expect("a query");
        assert_eq!(found.word.as_deref(), Some("a b&c"));
        assert_eq!(found.limit.map(RowLimit::rows), Some(500));
        let from = found.from.map(|Moment(at)| at.to_rfc3339());
        assert_eq!(from.as_deref(), Some("2026-11-30T23:00:00.000Z"));
        let empty: Query = read("").expect("a query");
        assert!(empty.word.is_none() && empty.from.is_none() && empty.limit.is_none());
    }

    #[test]
    fn what_is_wrong_is_told_by_its_name() {
        for (query, message) in [
            ("limit=0", "limit must be 1 to 500"),
            ("limit=-1", "limit must be 1 to 500"),
            ("limit=", "limit must be 1 to 500"),
            ("limit=4294967297", "limit must be 1 to 500"),
            ("limit=1&limit=1", "limit is given twice"),
            ("page=2", "page is not a parameter (there are word, from and limit)"),
            (
                "a`, expected `b=2",
                "a`, expected `b is not a parameter (there are word, from and limit)",
            ),
            ("=", " is not a parameter (there are word, from and limit)"),
            (
                "from=2026-13-01",
                "from must be an RFC 3339 date-time or a date (try \"2026-11-21T00:00:00Z\" or \"2026-11-21\")",
            ),
        ] {
            assert_eq!(read::<Query>(query).expect_err(query).to_string(), message);
        }
    }
}
