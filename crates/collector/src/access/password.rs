//! Passwords: Argon2id, slow on purpose, a few at a time.

use crate::Error;
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Characters, at least, of a password (NIST SP 800-63B asks for 8 at least, and nothing else).
const SHORTEST_CHARS: usize = 8;

/// Strangers, at most, whose passwords are compared or wait: about a second's work.
const MOST_STRANGERS: usize = 64;

/// What a password is compared with when there is no such person: it takes as long.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash_password("nobody's password").unwrap_or_default());

/// The hash of a password, with the parameters that OWASP recommends (19 MiB, two passes), in the PHC
/// string format.
///
/// # Errors
/// When the password is too short, or there is no randomness.
pub fn hash_password(password: &str) -> anyhow::Result<String> {
    anyhow::ensure!(
        password.chars().count() >= SHORTEST_CHARS,
        "a password must have at least {SHORTEST_CHARS} characters"
    );
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| anyhow::anyhow!("no random bytes: {error}"))?;
    let salt = SaltString::encode_b64(&salt)
        .map_err(|error| anyhow::anyhow!("the password cannot be hashed: {error}"))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    Ok(hash.map_err(|error| anyhow::anyhow!("the password cannot be hashed: {error}"))?.to_string())
}

/// Whose password is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Somebody who has logged in from there before, and does not wait for strangers.
    Familiar,
    /// Anybody else.
    Stranger,
}

/// Compares passwords, a few at a time: each takes 19 MiB and some hundredths of a second.
#[derive(Debug)]
pub(crate) struct Passwords {
    familiar: Semaphore,
    strangers: Semaphore,
    /// Strangers who are compared or wait for it.
    room: Semaphore,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        LazyLock::force(&NOBODY);
        Self {
            familiar: Semaphore::new(1),
            strangers: Semaphore::new(2),
            room: Semaphore::new(MOST_STRANGERS),
        }
    }

    /// Whether this is the password of which `known` is the hash. Takes as long where there is none.
    ///
    /// # Errors
    /// [`Error::Busy`] when more strangers wait than can be served in a second or so.
    pub(crate) async fn check(
        &self,
        caller: Caller,
        password: String,
        known: Option<String>,
    ) -> Result<bool, Error> {
        // The semaphores are never closed.
        let (_room, _slot) = match caller {
            Caller::Familiar => (None, self.familiar.acquire().await.ok()),
            Caller::Stranger => {
                let room = self.room.try_acquire().map_err(|_| Error::Busy)?;
                (Some(room), self.strangers.acquire().await.ok())
            }
        };
        let comparing = tokio::task::spawn_blocking(move || {
            let exists = known.is_some();
            let known = known.unwrap_or_else(|| NOBODY.clone());
            let Ok(hash) = PasswordHash::new(&known) else { return false };
            Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && exists
        });
        Ok(comparing.await.unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::{Caller, MOST_STRANGERS, Passwords, hash_password};
    use crate::Error;
    use futures_util::future::join_all;

    #[tokio::test]
    async fn the_right_password_and_no_other() {
        let known = hash_password("correct horse").expect("a hash");
        assert!(known.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{known}");
        let passwords = Passwords::new();
        let check = async |password: &str, known: Option<&str>| {
            let known = known.map(str::to_owned);
            let checked = passwords.check(Caller::Stranger, password.to_owned(), known).await;
            checked.expect("nobody else is there")
        };
        assert!(check("correct horse", Some(&known)).await);
        assert!(!check("correct horse ", Some(&known)).await);
        assert!(!check("nobody's password", None).await);
        assert!(!check("x", Some("damaged")).await);
        assert!(hash_password("1234567").is_err());
    }

    #[tokio::test]
    async fn a_crowd_of_strangers_is_sent_away_and_keeps_nobody_waiting() {
        let passwords = Passwords::new();
        let known = hash_password("correct horse").expect("a hash");
        let guess = |_| passwords.check(Caller::Stranger, "guess".to_owned(), None);
        let crowd = join_all((0..300).map(guess));
        let owner = passwords.check(Caller::Familiar, "correct horse".to_owned(), Some(known));
        let (crowd, owner) = tokio::join!(crowd, owner);
        assert!(owner.expect("no crowd counts"));
        let busy = crowd.iter().filter(|it| matches!(it, Err(Error::Busy))).count();
        assert_eq!(busy, 300 - MOST_STRANGERS);
    }
}
