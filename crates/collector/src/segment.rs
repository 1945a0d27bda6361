//! A part of a path that is a name: `ID` of `/v1/visitors/ID`.

use crate::Error;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

/// The one variable part of a path, decoded. What is not UTF-8, or holds a U+0000, which no database stores, is
/// refused as everything is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(text)) if !text.contains('\0') => Ok(Self(text)),
            _ => Err(Error::InvalidPath),
        }
    }
}
