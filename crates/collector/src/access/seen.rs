//! Guesses of secrets. A secret has 192 random bits and cannot be guessed; what is bounded here is what guesses cost, a
//! look at the database each, and that whoever guesses keeps nobody out who shares the address.

use super::tokens::hash;
use crate::{Error, store};
use std::collections::HashSet;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How old may be what is known of the secrets that there are.
const SNAPSHOT_AGE: Duration = Duration::from_secs(1);
/// Secrets that worked which are remembered, at most.
const MOST_WORKED: usize = 16_384;

/// What was seen of each kind of secret.
#[derive(Debug, Default)]
pub(crate) struct SecretsSeen {
    pub(super) tokens: Seen,
    pub(super) sessions: Seen,
    pub(super) invitations: Seen,
    pub(super) devices: Seen,
    pub(super) previews: Seen,
}

/// The hashes of secrets of one kind that worked before: whoever shows one of them does not guess.
#[derive(Debug, Default)]
pub(super) struct Seen {
    worked: RwLock<HashSet<[u8; 32]>>,
    /// The secrets that there are, and since when that is known.
    all: Mutex<Option<(Instant, HashSet<Vec<u8>>)>>,
}

impl Seen {
    /// Whether the database may be asked for this secret: it worked before, or its sender has not guessed too often
    /// (`limit`), or there was one of this hash a second ago. However many ask, `all` is called once in that time.
    ///
    /// # Errors
    /// That of `limit` for a guess, or that of `all`.
    pub(super) async fn admit(
        &self,
        secret: &str,
        limit: impl FnOnce() -> Result<(), Error>,
        all: impl AsyncFnOnce() -> Result<Vec<Vec<u8>>, store::StoreError>,
    ) -> Result<(), Error> {
        let hash = hash(secret);
        if self.worked.read().unwrap_or_else(PoisonError::into_inner).contains(&hash) {
            return Ok(());
        }
        let Err(refused) = limit() else { return Ok(()) };
        let mut known = self.all.lock().await;
        let fresh = match known.take() {
            Some((at, hashes)) if at.elapsed() < SNAPSHOT_AGE => (at, hashes),
            _ => (Instant::now(), all().await?.into_iter().collect()),
        };
        let (_, hashes) = known.insert(fresh);
        // The hash of a guess says nothing about how close it was.
        if hashes.contains(hash.as_slice()) { Ok(()) } else { Err(refused) }
    }

    /// It works.
    pub(super) fn add(&self, secret: &str) {
        let hash = hash(secret);
        if self.worked.read().unwrap_or_else(PoisonError::into_inner).contains(&hash) {
            return;
        }
        let mut worked = self.worked.write().unwrap_or_else(PoisonError::into_inner);
        // Sessions come and go; who is forgotten is one that was not seen yet.
        if worked.len() >= MOST_WORKED {
            worked.clear();
        }
        worked.insert(hash);
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;
    use crate::Error;
    use crate::access::tokens::hash;
    use std::cell::Cell;

    #[tokio::test]
    async fn guesses_cost_one_look_in_a_while() {
        let seen = Seen::default();
        let looks = Cell::new(0);
        let left = Cell::new(60);
        let ask = async |secret: &str| {
            let limit = || match left.get() {
                0 => Err(Error::TooMany(1)),
                n => {
                    left.set(n - 1);
                    Ok(())
                }
            };
            let all = async || {
                looks.set(looks.get() + 1);
                Ok(vec![hash("good").to_vec()])
            };
            seen.admit(secret, limit, all).await
        };
        seen.add("old");
        for number in 0..60 {
            ask(&number.to_string()).await.expect("it may be asked for");
        }
        assert_eq!(looks.get(), 0, "whoever calls asks for that one");
        for number in 0..1_000 {
            let refused = ask(&number.to_string()).await.expect_err("a guess");
            assert!(matches!(refused, Error::TooMany(1)));
            ask("good").await.expect("there is one");
            ask("old").await.expect("it worked before");
        }
        // Once a second, and a slow machine takes some.
        assert!((1..60).contains(&looks.get()), "{}", looks.get());
    }
}
