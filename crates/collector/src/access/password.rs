//! Passwords: Argon2id, slow on purpose, a few at a time.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Characters, at least, of a password (NIST SP 800-63B asks for 8 at least, and nothing else).
const SHORTEST: usize = 8;

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
        password.chars().count() >= SHORTEST,
        "a password must have at least {SHORTEST} characters"
    );
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| anyhow::anyhow!("no random bytes: {error}"))?;
    let salt = SaltString::encode_b64(&salt)
        .map_err(|error| anyhow::anyhow!("the password cannot be hashed: {error}"))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    Ok(hash.map_err(|error| anyhow::anyhow!("the password cannot be hashed: {error}"))?.to_string())
}

/// Compares passwords, two at a time: each takes 19 MiB.
#[derive(Debug)]
pub(crate) struct Passwords(Semaphore);

impl Passwords {
    pub(crate) fn new() -> Self {
        LazyLock::force(&NOBODY);
        Self(Semaphore::new(2))
    }

    /// Whether this is the password of which `known` is the hash. Takes as long where there is none.
    pub(crate) async fn check(&self, password: String, known: Option<String>) -> bool {
        let Ok(_slot) = self.0.acquire().await else { return false };
        let comparing = tokio::task::spawn_blocking(move || {
            let exists = known.is_some();
            let known = known.unwrap_or_else(|| NOBODY.clone());
            let Ok(hash) = PasswordHash::new(&known) else { return false };
            Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && exists
        });
        comparing.await.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::{Passwords, hash_password};

    #[tokio::test]
    async fn the_right_password_and_no_other() {
        let known = hash_password("correct horse").expect("a hash");
        assert!(known.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{known}");
        let passwords = Passwords::new();
        assert!(passwords.check("correct horse".to_owned(), Some(known.clone())).await);
        assert!(!passwords.check("correct horse ".to_owned(), Some(known)).await);
        assert!(!passwords.check("nobody's password".to_owned(), None).await);
        assert!(!passwords.check("x".to_owned(), Some("damaged".to_owned())).await);
        assert!(hash_password("1234567").is_err());
    }
}
