//! How many new names one address may bring.

use crate::Error;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);

/// Names (pages, questions, options, wordings …) that the store did not know before, by who brought them. What a response
/// brings is known only when it is stored, so that the one that goes beyond is the last.
#[derive(Debug)]
pub(super) struct NewNames {
    most: u32,
    /// Since when, and how many.
    brought: Mutex<HashMap<IpAddr, (Instant, u32)>>,
}

impl NewNames {
    /// So many a minute.
    pub(super) fn per_minute(most: u32) -> Self {
        Self { most, brought: Mutex::default() }
    }

    /// Refuses whoever has brought too many.
    pub(super) fn check(&self, address: IpAddr) -> Result<(), Error> {
        let brought = self.brought.lock().unwrap_or_else(PoisonError::into_inner);
        match brought.get(&address) {
            Some((since, n)) if *n >= self.most && since.elapsed() < MINUTE => {
                Err(Error::TooMany((MINUTE - since.elapsed()).as_secs() + 1))
            }
            _ => Ok(()),
        }
    }

    /// Counts what this address has brought.
    pub(super) fn note(&self, address: IpAddr, n: u32) {
        if n == 0 {
            return;
        }
        let mut brought = self.brought.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, sum) = brought.entry(address).or_insert((Instant::now(), 0));
        if since.elapsed() >= MINUTE {
            (*since, *sum) = (Instant::now(), 0);
        }
        *sum = sum.saturating_add(n);
    }

    pub(super) fn tidy(&self) {
        let mut brought = self.brought.lock().unwrap_or_else(PoisonError::into_inner);
        brought.retain(|_, (since, _)| since.elapsed() < MINUTE);
        brought.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::NewNames;
    use std::net::IpAddr;

    #[test]
    fn an_address_brings_so_many() {
        let names = NewNames::per_minute(10);
        let [one, two] = [[127, 0, 0, 1], [127, 0, 0, 2]].map(IpAddr::from);
        names.note(one, 9);
        names.check(one).expect("there is room for one");
        names.note(one, 30);
        names.check(one).expect_err("too many");
        names.check(two).expect("another's share");
        names.tidy();
        names.check(one).expect_err("that is not forgotten");
    }
}
