//! Parts of a path that are names: `ID` of `/v1/visitors/ID`.

use crate::Error;
use axum::extract::{FromRequestParts, Path};
use axum::http::request;
use serde::de::DeserializeOwned;

/// The variable parts of a path, decoded: one, or a tuple. What is not UTF-8, or holds a U+0000, which no database stores,
/// is refused as everything is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathSegment<T = String>(pub(crate) T);

/// One part or several.
pub(crate) trait Parts: DeserializeOwned + Send {
    /// Whether this can be stored in every one of them.
    fn are_storable(&self) -> bool;
}

fn is_storable(text: &str) -> bool {
    !text.contains('\0')
}

impl Parts for String {
    fn are_storable(&self) -> bool {
        is_storable(self)
    }
}

impl Parts for (String, String) {
    fn are_storable(&self) -> bool {
        is_storable(&self.0) && is_storable(&self.1)
    }
}

impl Parts for (String, String, String) {
    fn are_storable(&self) -> bool {
        is_storable(&self.0) && is_storable(&self.1) && is_storable(&self.2)
    }
}

impl<S: Send + Sync, T: Parts> FromRequestParts<S> for PathSegment<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut request::Parts, state: &S) -> Result<Self, Error> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(found)) if found.are_storable() => Ok(Self(found)),
            _ => Err(Error::InvalidPath),
        }
    }
}
