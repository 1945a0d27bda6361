//! Who may do what: a program by its token, a person by the session of the dashboard.

mod link;
mod password;
mod session;
mod tokens;
mod write_keys;

pub(crate) use link::Links;
pub(crate) use password::Passwords;
pub use password::hash_password;
pub(crate) use session::routes;
pub use tokens::{DEFAULT_LABEL, Token, WriteKey};
pub(crate) use write_keys::{WriteKeys, given as given_key};

use crate::store::{Scope, Scopes};
use crate::{Collector, Error};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::sync::Arc;

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Principal {
    /// For the audit: `token:LABEL` or `person:NAME`.
    pub(crate) actor: String,
    scopes: Scopes,
}

impl FromRequestParts<Arc<Collector>> for Principal {
    type Rejection = Error;

    async fn from_request_parts(
        parts: &mut Parts,
        collector: &Arc<Collector>,
    ) -> Result<Self, Error> {
        if let Some(token) = tokens::bearer(&parts.headers) {
            let known = tokens::find(&collector.store, token).await?.ok_or(Error::Unauthorized)?;
            return Ok(Self { actor: format!("token:{}", known.label), scopes: known.scopes });
        }
        let person = session::person(collector, parts).await?.ok_or(Error::Unauthorized)?;
        // A cookie goes along with whatever any page sends here; what changes something must be ours.
        if !parts.method.is_safe() {
            session::check_same_origin(&parts.headers)?;
        }
        let scopes = Scopes(vec![Scope::Read, Scope::Export, Scope::Erase]);
        Ok(Self { actor: format!("person:{person}"), scopes })
    }
}

/// Proofs, as arguments of a handler, that whoever asks may do this.
macro_rules! proofs {
    ($($(#[$about:meta])* $name:ident needs $scope:ident;)+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone)]
        pub(crate) struct $name(#[allow(dead_code, reason = "not all are written down")] pub(crate) Principal);

        impl FromRequestParts<Arc<Collector>> for $name {
            type Rejection = Error;

            async fn from_request_parts(
                parts: &mut Parts,
                collector: &Arc<Collector>,
            ) -> Result<Self, Error> {
                let principal = Principal::from_request_parts(parts, collector).await?;
                if principal.scopes.allow(Scope::$scope) {
                    Ok(Self(principal))
                } else {
                    Err(Error::ForbiddenScope(Scope::$scope))
                }
            }
        }
    )+};
}

proofs! {
    /// Surveys, summaries and responses may be read.
    Reader needs Read;
    /// All responses may be taken out.
    Exporter needs Export;
    /// Responses may be erased.
    Eraser needs Erase;
}
