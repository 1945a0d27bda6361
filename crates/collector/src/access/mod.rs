//! Who may do what: a program by its token, a person by the session of the dashboard.

mod browser;
mod devices;
mod familiar;
mod link;
mod password;
mod people;
pub(crate) mod previews;
mod seen;
mod session;
mod tokens;
mod write_keys;

pub(crate) use familiar::Familiar;
pub(crate) use link::Links;
pub(crate) use password::Passwords;
pub use password::hash_password;
pub(crate) use people::routes as people_routes;
pub(crate) use seen::SecretsSeen;
pub(crate) use session::{LINK, LONGEST_NAME_BYTES, routes};
pub use tokens::{DEFAULT_LABEL, Token, WriteKey};
pub(crate) use write_keys::{WriteKeys, given as given_key};

use crate::base_path::{self, BasePath};
use crate::limits::Peer;
use crate::store::{EVERY_SITE, Membership, Role, Scope, Scopes};
use crate::{Collector, Error, openapi};
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
    /// What for, on one site each, or on all.
    grants: Vec<Grant>,
}

/// What somebody may do.
#[derive(Debug, Clone)]
struct Grant {
    /// Where; none stands for every site.
    site: Option<String>,
    scopes: Scopes,
}

/// Some sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SomeSites {
    /// All, also those that are added later.
    All,
    /// These, by id.
    Only(Vec<String>),
}

impl SomeSites {
    pub(crate) fn has(&self, site: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(sites) => sites.iter().any(|own| own == site),
        }
    }

    /// For a filter of the store, which takes none for all.
    pub(crate) fn into_filter(self) -> Option<Vec<String>> {
        match self {
            Self::All => None,
            Self::Only(sites) => Some(sites),
        }
    }
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
            let seen = &collector.secrets_seen.tokens;
            let limit = || collector.limits.check_guess(peer);
            seen.admit(token, limit, async || collector.store.token_hashes().await).await?;
            let known = tokens::find(&collector.store, token).await?.ok_or(Error::Unauthorized)?;
            seen.add(token);
            let grant = Grant { site: known.site, scopes: known.scopes };
            return Ok(Self { actor: format!("token:{}", known.label), grants: vec![grant] });
        }
        let person = session::person(collector, (base, headers), peer).await?;
        let person = person.ok_or(Error::Unauthorized)?;
        let grants = if person == LINK {
            vec![Grant { site: None, scopes: Role::Owner.scopes() }]
        } else {
            let roles = collector.store.roles_of(&person).await?.into_iter();
            let grant = |it: Membership| Grant {
                site: (it.site != EVERY_SITE).then_some(it.site),
                scopes: it.role.scopes(),
            };
            roles.map(grant).collect()
        };
        Ok(Self { actor: format!("person:{person}"), grants })
    }

    /// Where this is allowed.
    pub(crate) fn sites(&self, scope: Scope) -> SomeSites {
        let mut sites = Vec::new();
        for grant in self.grants.iter().filter(|grant| grant.scopes.allow(scope)) {
            match &grant.site {
                None => return SomeSites::All,
                Some(site) => sites.push(site.clone()),
            }
        }
        SomeSites::Only(sites)
    }

    /// What somebody is told who may not do this.
    fn refusal(&self, scope: Scope) -> Error {
        match self.actor.starts_with("token:") {
            true => Error::ForbiddenScope(scope),
            false => Error::ForbiddenRole(scope),
        }
    }

    /// Whether this is allowed anywhere.
    fn allows_somewhere(&self, scope: Scope) -> bool {
        self.grants.iter().any(|grant| grant.scopes.allow(scope))
    }

    /// Whether this is allowed on this site. A site that somebody may not even read is none to them.
    pub(crate) fn check(&self, scope: Scope, site: &str) -> Result<(), Error> {
        if self.sites(scope).has(site) {
            return Ok(());
        }
        let is_theirs = |grant: &Grant| grant.site.as_deref().is_none_or(|own| own == site);
        if self.grants.iter().any(is_theirs) {
            Err(self.refusal(scope))
        } else {
            Err(Error::NotFound)
        }
    }

    /// Whether this is allowed on every site.
    pub(crate) fn check_everywhere(&self, scope: Scope) -> Result<(), Error> {
        match self.sites(scope) {
            SomeSites::All => Ok(()),
            SomeSites::Only(sites) if sites.is_empty() => Err(self.refusal(scope)),
            SomeSites::Only(_) => Err(Error::ForbiddenEverywhere(scope)),
        }
    }

    /// Of the sites where this is allowed, the one that a request names, or all.
    pub(crate) fn chosen(&self, scope: Scope, site: Option<&str>) -> Result<SomeSites, Error> {
        let Some(site) = site else { return Ok(self.sites(scope)) };
        self.check(scope, site)?;
        Ok(SomeSites::Only(vec![site.to_owned()]))
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
        openapi::check_query(parts)?;
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
pub(crate) struct RequestCredentials {
    headers: HeaderMap,
    base: BasePath,
    peer: Peer,
}

impl RequestCredentials {
    /// Whose they are, if they still allow this.
    pub(crate) async fn allow(
        &self,
        collector: &Collector,
        scope: Scope,
    ) -> Result<Principal, Error> {
        let principal = Principal::of(collector, (&self.headers, &self.base), self.peer).await?;
        if principal.allows_somewhere(scope) {
            Ok(principal)
        } else {
            Err(principal.refusal(scope))
        }
    }
}

impl FromRequestParts<Arc<Collector>> for RequestCredentials {
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
                if principal.allows_somewhere(Scope::$scope) {
                    Ok(Self(principal))
                } else {
                    Err(principal.refusal(Scope::$scope))
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
