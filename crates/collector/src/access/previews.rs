//! Keys of previews: whoever has one reads a draft for an hour.

use super::tokens::{hash, random};
use crate::limits::Peer;
use crate::store::StoreError;
use crate::{Collector, Error};

/// A new key, and what is kept of it.
pub(crate) fn make() -> Result<(String, [u8; 32]), Error> {
    let key = random("").map_err(|error| {
        tracing::error!(%error, "no preview");
        Error::Internal
    })?;
    let sha256 = hash(&key);
    Ok((key, sha256))
}

/// What `find` finds by the hash of a key that somebody shows. A key that is over is told as one that never was.
pub(crate) async fn open<T>(
    collector: &Collector,
    peer: Peer,
    key: &str,
    find: impl AsyncFnOnce([u8; 32]) -> Result<Option<T>, StoreError>,
) -> Result<T, Error> {
    let seen = &collector.secrets_seen.previews;
    let limit = || collector.limits.check_guess(peer);
    seen.admit(key, limit, async || collector.store.preview_key_hashes().await).await?;
    let found = find(hash(key)).await?.ok_or(Error::PreviewOver)?;
    seen.add(key);
    Ok(found)
}
