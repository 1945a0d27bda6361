//! Keys without which a survey takes no responses.

use super::tokens::hash;
use crate::Error;
use crate::store::{self, Store};
use axum::http::request::Parts;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq;

/// How long a change by another process may stay unseen.
const FRESH: Duration = Duration::from_secs(5);

/// The hash of each survey's key, as it was a moment ago.
#[derive(Debug, Default)]
pub(crate) struct WriteKeys(RwLock<Option<CachedKeys>>);

#[derive(Debug)]
struct CachedKeys {
    read_at: Instant,
    keys: HashMap<String, Vec<u8>>,
}

impl WriteKeys {
    /// Reads the keys, if that was not done just now.
    pub(crate) async fn refresh(&self, store: &Store) -> Result<(), store::StoreError> {
        let is_fresh = |known: &Option<CachedKeys>| {
            known.as_ref().is_some_and(|known| known.read_at.elapsed() < FRESH)
        };
        if is_fresh(&self.0.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(());
        }
        let keys = store.write_keys().await?.into_iter().collect();
        let known = CachedKeys { read_at: Instant::now(), keys };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
        Ok(())
    }

    /// Whether this survey has a key.
    pub(crate) fn has(&self, survey: &str) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().is_some_and(|known| known.keys.contains_key(survey))
    }

    /// Checks the key that came along with a response to this survey.
    pub(crate) fn check(&self, survey: &str, given: Option<&str>) -> Result<(), Error> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let wanted = known.as_ref().and_then(|known| known.keys.get(survey));
        let fits = |wanted: &Vec<u8>| given.is_some_and(|key| wanted.ct_eq(&hash(key)).into());
        match wanted {
            Some(wanted) if !fits(wanted) => Err(Error::WrongKey(survey.to_owned())),
            _ => Ok(()),
        }
    }
}

/// The key of a request: the header `x-sondeo-key`, or `key` in the query, which needs no preflight.
pub(crate) fn given(parts: &Parts) -> Option<String> {
    if let Some(key) = parts.headers.get("x-sondeo-key") {
        return key.to_str().ok().map(str::to_owned);
    }
    let query = parts.uri.query()?;
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "key")
        .map(|(_, value)| value.into_owned())
}
