//! Bearer tokens, of which only a hash is kept.

use crate::commands::ACTOR;
use crate::store::{self, Scope, Scopes, Store, TokenRow};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};
use subtle::ConstantTimeEq;

/// The label of the token that the first start makes, and of one that is made without a label.
pub const DEFAULT_LABEL: &str = "default";

/// A token in clear text: shown once, never stored.
pub struct Token(String);

/// The key without which a survey takes no responses, in clear text. It stands in the page's source, so
/// that it keeps strays out and not those who look.
pub struct WriteKey(String);

/// 192 random bits. They cannot be guessed, so that a plain hash keeps them safe.
pub(super) fn random(prefix: &str) -> anyhow::Result<String> {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow::anyhow!("no random bytes for a secret: {error}"))?;
    let mut text = prefix.to_owned();
    for byte in bytes {
        write!(text, "{byte:02x}")?;
    }
    Ok(text)
}

impl Token {
    /// Makes a token, in place of an earlier one of this label.
    ///
    /// # Errors
    /// When there is no randomness, or the database cannot write.
    pub async fn mint(store: &Store, label: &str, scopes: &Scopes) -> anyhow::Result<Self> {
        Self::mint_for(store, label, scopes, None).await
    }

    /// The same, for one site alone where one is given.
    ///
    /// # Errors
    /// When there is no randomness, or the database cannot write.
    pub async fn mint_for(
        store: &Store,
        label: &str,
        scopes: &Scopes,
        site: Option<&str>,
    ) -> anyhow::Result<Self> {
        let token = random("sondeo_")?;
        store.replace_token(label, &hash(&token), scopes, site, ACTOR).await?;
        Ok(Self(token))
    }

    /// Makes a token that may read and export, if there is none at all.
    ///
    /// # Errors
    /// When there is no randomness, or the database cannot write.
    pub async fn mint_first(store: &Store) -> anyhow::Result<Option<Self>> {
        let token = random("sondeo_")?;
        let scopes = Scopes(vec![Scope::Read, Scope::Export]);
        let added = store.add_first_token(DEFAULT_LABEL, &hash(&token), &scopes, ACTOR).await?;
        Ok(added.then_some(Self(token)))
    }
}

impl WriteKey {
    /// Makes the key of a survey, in place of an earlier one.
    ///
    /// # Errors
    /// When there is no randomness, or the database cannot write.
    pub async fn mint(store: &Store, survey: &str) -> anyhow::Result<Self> {
        let key = random("key_")?;
        store.set_write_key(survey, Some(&hash(&key)), ACTOR).await?;
        Ok(Self(key))
    }
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for WriteKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The token of the `Authorization` header; empty where it holds something else.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().unwrap_or_default();
    let (scheme, token) = value.split_once(' ').unwrap_or_default();
    Some(if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" })
}

/// Compares with every hash in constant time, so that the time tells nothing about any of them.
pub(super) async fn find(
    store: &Store,
    token: &str,
) -> Result<Option<TokenRow>, store::StoreError> {
    let given = hash(token);
    let mut found = None;
    for known in store.tokens().await? {
        let is_it: bool = known.sha256.ct_eq(&given).into();
        if is_it && known.revoked_at.is_none() {
            found = Some(known);
        }
    }
    Ok(found)
}

/// What is kept of a secret that cannot be guessed.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}
