//! Who may do what: a program by its token, a person by the session of the dashboard.

mod browser;
mod familiar;
mod link;
mod password;
mod session;
mod tokens;
mod write_keys;

pub(crate) use familiar::Familiar;
pub(crate) use link::Links;
pub(crate) use password::Passwords;
pub use password::hash_password;
pub(crate) use session::{LINK, LONGEST_NAME_BYTES, routes};
pub(crate) use tokens::Seen as TokensSeen;
pub use tokens::{DEFAULT_LABEL, Token, WriteKey};
pub(crate) use write_keys::{WriteKeys, given as given_key};

use crate::base_path::{self, BasePath};
use crate::limits::Peer;
use crate::store::{Scope, Scopes};
use crate::{Collector, Error};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use std::convert::Infallible;
use std::sync::Arc;

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Principal {
    /// For the audit: `token:LABEL` or `person:NAME`.
    pub(crate) actor: String,
    scopes: Scopes,
}

impl Principal {
    /// Who these headers belong to, as of now.
    async fn of(
        collector: &Collector,
        (headers, base): (&HeaderMap, &BasePath),
        peer: Peer,
    ) -> Result<Self, Error> {
        if let Some(token) = tokens::bearer(headers) {
            // Whoever guesses behind the same address, or makes visitors of a page do so, keeps nobody out whose
            // token works: the limit is for what guesses cost, which is a look at the database.
            if !collector.tokens_seen.has(token)
                && let Err(refused) = collector.limits.check_token(peer)
                && !collector.tokens_seen.may_work(&collector.store, token).await?
            {
                return Err(refused);
            }
            let known = tokens::find(&collector.store, token).await?.ok_or(Error::Unauthorized)?;
            collector.tokens_seen.add(token);
            return Ok(Self { actor: format!("token:{}", known.label), scopes: known.scopes });
        }
        let person = session::person(collector, base, headers).await?.ok_or(Error::Unauthorized)?;
        let scopes = Scopes(vec![Scope::Read, Scope::Export, Scope::Erase]);
        Ok(Self { actor: format!("person:{person}"), scopes })
    }
}

impl FromRequestParts<Arc<Collector>> for Principal {
    type Rejection = Error;

    async fn from_request_parts(
        parts: &mut Parts,
        collector: &Arc<Collector>,
    ) -> Result<Self, Error> {
        let Ok(peer) = Peer::from_request_parts(parts, collector).await;
        // PostgreSQL holds it in no text, SQLite does: neither is asked for one.
        if let Some(field) = holder_of_nul(&parts.uri) {
            let reason = "must not hold the character U+0000".to_owned();
            return Err(Error::InvalidQuery { field, reason });
        }
        let base = base_path::of(parts, collector);
        let principal = Self::of(collector, (&parts.headers, &base), peer).await?;
        // A cookie goes along with whatever any page sends here; what changes something must be ours.
        if tokens::bearer(&parts.headers).is_none() && !parts.method.is_safe() {
            browser::check_same_origin(&parts.headers)?;
        }
        Ok(principal)
    }
}

/// The parameter in whose name or value there is a U+0000; `address` for a path.
fn holder_of_nul(uri: &Uri) -> Option<String> {
    let address = || "address".to_owned();
    if uri.path().contains("%00") {
        return Some(address());
    }
    let mut pairs = form_urlencoded::parse(uri.query()?.as_bytes());
    let (name, _) = pairs.find(|(name, value)| name.contains('\0') || value.contains('\0'))?;
    Some(if name.contains('\0') { address() } else { name.into_owned() })
}

/// What came along with a request, so that its right can be asked for again later.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    headers: HeaderMap,
    base: BasePath,
    peer: Peer,
}

impl Credentials {
    /// Whether they still allow this.
    pub(crate) async fn allow(&self, collector: &Collector, scope: Scope) -> Result<(), Error> {
        let principal = Principal::of(collector, (&self.headers, &self.base), self.peer).await?;
        if principal.scopes.allow(scope) { Ok(()) } else { Err(Error::ForbiddenScope(scope)) }
    }
}

impl FromRequestParts<Arc<Collector>> for Credentials {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        collector: &Arc<Collector>,
    ) -> Result<Self, Infallible> {
        let peer = Peer::from_request_parts(parts, collector).await?;
        let mut headers = HeaderMap::new();
        for name in [header::AUTHORIZATION, header::COOKIE] {
            for value in parts.headers.get_all(&name) {
                headers.append(name.clone(), value.clone());
            }
        }
        Ok(Self { headers, base: base_path::of(parts, collector), peer })
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
