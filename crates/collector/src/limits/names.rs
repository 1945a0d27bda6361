//! How many new names one address may bring.

use super::Peer;
use crate::Error;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);

/// Names (pages, questions, options, wordings …) that the store did not know before, by who brought them. What a response
/// brings is known only when it is stored, so that the one that goes beyond is the last.
#[derive(Debug)]
pub(super) struct NewNameLimits {
    networks: Brought,
    /// The /48 of IPv6.
    sites: Brought,
}

#[derive(Debug)]
struct Brought {
    most: u32,
    /// Since when, and how many.
    by_address: Mutex<HashMap<IpAddr, (Instant, u32)>>,
}

impl NewNameLimits {
    /// So many a minute of a network, and so many of a site.
    pub(super) fn per_minute(of_network: u32, of_site: u32) -> Self {
        let brought = |most| Brought { most, by_address: Mutex::default() };
        Self { networks: brought(of_network), sites: brought(of_site) }
    }

    /// Refuses whoever has brought too many.
    pub(super) fn check(&self, peer: Peer) -> Result<(), Error> {
        self.networks.check(peer.network())?;
        peer.site().map_or(Ok(()), |site| self.sites.check(site))
    }

    /// Counts what this address has brought.
    pub(super) fn note(&self, peer: Peer, n: u32) {
        if n == 0 {
            return;
        }
        self.networks.note(peer.network(), n);
        if let Some(site) = peer.site() {
            self.sites.note(site, n);
        }
    }

    pub(super) fn tidy(&self) {
        self.networks.tidy();
        self.sites.tidy();
    }
}

impl Brought {
    fn check(&self, address: IpAddr) -> Result<(), Error> {
        let brought = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        match brought.get(&address) {
            Some((since, n)) if *n >= self.most && since.elapsed() < MINUTE => {
                Err(Error::TooMany((MINUTE - since.elapsed()).as_secs() + 1))
            }
            _ => Ok(()),
        }
    }

    fn note(&self, address: IpAddr, n: u32) {
        let mut brought = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, sum) = brought.entry(address).or_insert((Instant::now(), 0));
        if since.elapsed() >= MINUTE {
            (*since, *sum) = (Instant::now(), 0);
        }
        *sum = sum.saturating_add(n);
    }

    fn tidy(&self) {
        let mut brought = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        brought.retain(|_, (since, _)| since.elapsed() < MINUTE);
        brought.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::{NewNameLimits, Peer};

    fn peer(address: &str) -> Peer {
        Peer::of(address.parse().expect("an address"))
    }

    #[test]
    fn an_address_brings_so_many() {
        let names = NewNameLimits::per_minute(10, 40);
        let [one, two] = ["127.0.0.1", "127.0.0.2"].map(peer);
        names.note(one, 9);
        names.check(one).expect("there is room for one");
        names.note(one, 30);
        names.check(one).expect_err("too many");
        names.check(two).expect("another's share");
        names.tidy();
        names.check(one).expect_err("that is not forgotten");
    }

    #[test]
    fn a_site_of_ipv6_brings_four_times_as_many() {
        let names = NewNameLimits::per_minute(10, 40);
        let network = |number: u32| peer(&format!("2001:db8:1:{number:x}::1"));
        let brings = |number: &u32| {
            let is_free = names.check(network(*number)).is_ok();
            names.note(network(*number), 8);
            is_free
        };
        assert_eq!((0..1_000).filter(brings).count(), 5);
        names.check(peer("2001:db8:2::1")).expect("another's site");
    }
}
