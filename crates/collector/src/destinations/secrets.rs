//! Secrets of destinations, as they are stored: sealed with a key that is not in the database.
//!
//! A key is `ID:BASE64` of 32 bytes. The first one seals; those behind it still open what they have sealed, until it is
//! sealed anew, which happens at the start. So a key is rotated by putting another one before it.

use anyhow::{Context, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::collections::HashSet;
use std::fmt;

const KEY_BYTES: usize = 32;

/// The keys that there are. None of them is ever shown.
#[derive(Default)]
pub(crate) struct Keys(Vec<(String, LessSafeKey)>);

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.0.iter().map(|(id, _)| id)).finish()
    }
}

/// Why something cannot be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SecretError {
    #[error("there is no key to keep secrets with: start the collector with --destination-keys")]
    NoKey,
    #[error("its secrets are sealed with the key {0:?}, which --destination-keys does not have")]
    UnknownKey(String),
    #[error(
        "its secrets cannot be opened: the key {0:?} is another one than that they were sealed with"
    )]
    WrongKey(String),
    #[error("there is no randomness to seal secrets with")]
    NoRandomness,
}

impl Keys {
    /// Reads keys, separated by spaces or lines. No message repeats one.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let mut keys = Vec::new();
        let mut ids = HashSet::new();
        for (index, word) in text.split_whitespace().enumerate() {
            let number = index + 1;
            let wrong = || {
                format!(
                    "key {number} is not ID:BASE64 of {KEY_BYTES} bytes (see `sondeo-collector destination-key`)"
                )
            };
            let (id, key) = word.split_once(':').with_context(wrong)?;
            ensure!(sondeo_model::is_name(id), wrong());
            let key = STANDARD.decode(key).ok().filter(|key| key.len() == KEY_BYTES);
            let key = UnboundKey::new(&CHACHA20_POLY1305, &key.with_context(wrong)?);
            let Ok(key) = key else { bail!(wrong()) };
            ensure!(ids.insert(id), "there are two keys {id:?}");
            keys.push((id.to_owned(), LessSafeKey::new(key)));
        }
        Ok(Self(keys))
    }

    /// Which key seals.
    pub(crate) fn current(&self) -> Option<&str> {
        self.0.first().map(|(id, _)| id.as_str())
    }

    /// Seals a text for this destination alone. Says with which key.
    pub(crate) fn seal(&self, about: i64, text: &str) -> Result<(String, Vec<u8>), SecretError> {
        let (id, key) = self.0.first().ok_or(SecretError::NoKey)?;
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| SecretError::NoRandomness)?;
        let mut sealed = text.as_bytes().to_vec();
        let aad = Aad::from(about.to_be_bytes());
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .map_err(|_| SecretError::NoRandomness)?;
        Ok((id.clone(), [&nonce[..], &sealed].concat()))
    }

    /// Opens what was sealed for this destination.
    pub(crate) fn open(&self, about: i64, id: &str, sealed: &[u8]) -> Result<String, SecretError> {
        if sealed.is_empty() {
            return Ok("{}".to_owned());
        }
        let found = self.0.iter().find(|(known, _)| known == id);
        let (_, key) = found.ok_or_else(|| SecretError::UnknownKey(id.to_owned()))?;
        let wrong = || SecretError::WrongKey(id.to_owned());
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or_else(wrong)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong())?;
        let mut opened = sealed.to_vec();
        let aad = Aad::from(about.to_be_bytes());
        let text = key.open_in_place(nonce, aad, &mut opened).map_err(|_| wrong())?;
        String::from_utf8(text.to_vec()).map_err(|_| wrong())
    }
}

/// A new key, as `--destination-keys` takes it.
pub(crate) fn new_key(id: &str) -> anyhow::Result<String> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).ok().context("there is no randomness to make a key of")?;
    Ok(format!("{id}:{}", STANDARD.encode(key)))
}

#[cfg(test)]
mod tests {
    use super::{Keys, SecretError, new_key};

    #[test]
    fn a_key_is_rotated_by_its_id() {
        let (old, new) = (new_key("a").expect("a key"), new_key("b").expect("a key"));
        let before = Keys::parse(&old).expect("keys");
        let (id, sealed) = before.seal(7, "secret").expect("sealed");
        assert!(id == "a" && !sealed.windows(6).any(|it| it == b"secret"));
        let both = Keys::parse(&format!("{new}\n{old}\n")).expect("keys");
        assert_eq!(both.open(7, &id, &sealed).as_deref(), Ok("secret"));
        assert_eq!(both.seal(7, "secret").expect("sealed").0, "b");
        let after = Keys::parse(&new).expect("keys");
        assert_eq!(after.open(7, &id, &sealed), Err(SecretError::UnknownKey("a".to_owned())));
    }

    #[test]
    fn what_is_sealed_is_of_one_destination_and_one_key() {
        let keys = Keys::parse(&new_key("a").expect("a key")).expect("keys");
        let (id, mut sealed) = keys.seal(7, "secret").expect("sealed");
        let wrong = Err(SecretError::WrongKey("a".to_owned()));
        assert_eq!(keys.open(8, &id, &sealed), wrong);
        let other = Keys::parse(&new_key("a").expect("a key")).expect("keys");
        assert_eq!(other.open(7, &id, &sealed), wrong);
        sealed[20] ^= 1;
        assert_eq!(keys.open(7, &id, &sealed), wrong);
        assert_eq!(keys.open(7, &id, &[1]), wrong);
    }

    #[test]
    fn no_message_repeats_a_key() {
        for text in ["a:c2VjcmV0", "c2VjcmV0", "A b:c2VjcmV0c2VjcmV0"] {
            let message = format!("{:#}", Keys::parse(text).expect_err(text));
            assert!(!message.contains("c2Vj") && message.contains("key 1 is not"), "{message}");
        }
        let keys = Keys::parse(&new_key("a").expect("a key")).expect("keys");
        assert_eq!(format!("{keys:?}"), "[\"a\"]");
        assert_eq!(Keys::default().seal(1, "x"), Err(SecretError::NoKey));
    }
}
