//! Who may read: bearer tokens, of which only a hash is kept.

use crate::store::{self, Scope, Scopes, Store};
use crate::{Collector, Error};
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};
use std::sync::Arc;
use subtle::{Choice, ConstantTimeEq};

/// The label of the token that the first start makes, and of one that is made without a label.
pub const DEFAULT_LABEL: &str = "default";

/// A token in clear text: shown once, never stored.
pub struct Token(String);

impl Token {
    /// A new token of 192 random bits. They cannot be guessed, so that a plain hash keeps them safe.
    fn random() -> anyhow::Result<Self> {
        let mut bytes = [0; 24];
        getrandom::fill(&mut bytes)
            .map_err(|error| anyhow::anyhow!("no random bytes for a token: {error}"))?;
        let mut text = "sondeo_".to_owned();
        for byte in bytes {
            write!(text, "{byte:02x}")?;
        }
        Ok(Self(text))
    }

    /// Makes a token that may read, in place of an earlier one of this label.
    ///
    /// # Errors
    /// When there is no randomness, or the database cannot write.
    pub async fn mint(store: &Store, label: &str, scopes: &Scopes) -> anyhow::Result<Self> {
        let token = Self::random()?;
        store.replace_token(label, &hash(&token.0), scopes).await?;
        Ok(token)
    }

    /// Makes a token if there is none at all.
    ///
    /// # Errors
    /// When there is no randomness, or the database cannot write.
    pub async fn mint_first(store: &Store) -> anyhow::Result<Option<Self>> {
        let token = Self::random()?;
        let scopes = Scopes(vec![Scope::Read, Scope::Export]);
        let added = store.add_first_token(DEFAULT_LABEL, &hash(&token.0), &scopes).await?;
        Ok(added.then_some(token))
    }
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Proof, as an argument of a handler, that the request carries a token that may read.
pub(crate) struct Reader;

impl FromRequestParts<Arc<Collector>> for Reader {
    type Rejection = Error;

    async fn from_request_parts(
        parts: &mut Parts,
        collector: &Arc<Collector>,
    ) -> Result<Self, Error> {
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(Error::Unauthorized)?;
        if is_known(&collector.store, token).await? { Ok(Self) } else { Err(Error::Unauthorized) }
    }
}

/// Compares with every hash in constant time, so that the time tells nothing about any of them.
async fn is_known(store: &Store, token: &str) -> Result<bool, store::Error> {
    let given = hash(token);
    let known = store.tokens().await?;
    let any = known.iter().filter(|token| token.revoked_at.is_none());
    let any = any.fold(Choice::from(0), |found, token| found | token.sha256.ct_eq(&given));
    Ok(any.into())
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}
