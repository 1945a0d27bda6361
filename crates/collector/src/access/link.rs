//! Links that open the dashboard once: for the one who started the program and reads its output.

use super::tokens;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a link waits for being used.
const LIFETIME: Duration = Duration::from_secs(24 * 3_600);

/// The hashes of links that were not used yet.
#[derive(Debug, Default)]
pub(crate) struct Links(Mutex<Vec<([u8; 32], Instant)>>);

impl Links {
    /// The code of a new link.
    pub(crate) fn make(&self) -> anyhow::Result<String> {
        let code = tokens::random("")?;
        let mut links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links.push((tokens::hash(&code), Instant::now()));
        Ok(code)
    }

    /// Whether the code is one that nobody used before. It can still be used.
    pub(crate) fn knows(&self, code: &str) -> bool {
        let given = tokens::hash(code);
        let links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links.iter().any(|(known, made)| *known == given && made.elapsed() < LIFETIME)
    }

    /// Whether the code is one that nobody used before; nobody can again.
    pub(crate) fn take(&self, code: &str) -> bool {
        let given = tokens::hash(code);
        let mut links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links.retain(|(_, made)| made.elapsed() < LIFETIME);
        let before = links.len();
        // The hash of a guess says nothing about how close it was.
        links.retain(|(known, _)| *known != given);
        links.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::Links;

    #[test]
    fn a_link_opens_once() {
        let links = Links::default();
        let code = links.make().expect("a code");
        assert!(!links.take("other") && !links.knows("other"));
        assert!(links.knows(&code) && links.knows(&code));
        assert!(links.take(&code));
        assert!(!links.take(&code) && !links.knows(&code));
    }
}
