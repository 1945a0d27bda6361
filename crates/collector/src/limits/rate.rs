//! How often one address, one survey and one account may do something.

use super::Peer;
use super::names::NewNameLimits;
use crate::Error;
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

type Limiter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock>;

/// New names, at least, that an address may bring in a minute; else as many as responses.
const LEAST_NAMES: u32 = 300;
/// Logins that one address may try in a minute.
const LOGINS: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
/// Logins that all addresses may try for one account: so many at once, and then one in each [`LOGIN_OF_ACCOUNT`].
const LOGINS_OF_ACCOUNT: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
const LOGIN_OF_ACCOUNT: Duration = Duration::from_secs(60);
/// Secrets (tokens, sessions, invitations) that did not work before which one address may show in a minute, and files that
/// it may ask for which nobody has asked for lately: each is a look at the database.
const GUESSES: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
/// Pages that browsers behind one address may tell of in a minute: each tells of a page once a day.
const SEEN: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
/// How many times the share of one network (/64) its whole site (/48) has.
const NETWORKS_OF_SITE: u32 = 4;

/// The limits, each by the generic cell rate algorithm: so many in a minute, as one burst or spread.
#[derive(Debug)]
pub(crate) struct Limits {
    responses: Option<ByAddress>,
    names: Option<NewNameLimits>,
    surveys: Option<Limiter<String>>,
    logins: ByAddress,
    accounts: Limiter<String>,
    familiar: Limiter<(String, IpAddr)>,
    devices: Limiter<[u8; 32]>,
    guesses: ByAddress,
    seen: ByAddress,
}

impl Limits {
    /// So many responses a minute from one address and for one survey; 0 for any number.
    pub(crate) fn new(per_address: u32, per_survey: u32) -> Self {
        let of_account = Quota::with_period(LOGIN_OF_ACCOUNT).unwrap_or(Quota::per_minute(LOGINS));
        Self {
            responses: NonZeroU32::new(per_address).map(ByAddress::per_minute),
            names: NonZeroU32::new(per_address)
                .map(|it| it.get().max(LEAST_NAMES))
                .map(|most| NewNameLimits::per_minute(most, most.saturating_mul(NETWORKS_OF_SITE))),
            surveys: NonZeroU32::new(per_survey)
                .map(|it| RateLimiter::keyed(Quota::per_minute(it))),
            logins: ByAddress::per_minute(LOGINS),
            accounts: RateLimiter::keyed(of_account.allow_burst(LOGINS_OF_ACCOUNT)),
            familiar: RateLimiter::keyed(Quota::per_minute(LOGINS)),
            devices: RateLimiter::keyed(Quota::per_minute(LOGINS)),
            guesses: ByAddress::per_minute(GUESSES),
            seen: ByAddress::per_minute(SEEN),
        }
    }

    /// Counts a response from this address; each of an array is one.
    pub(crate) fn check_response(&self, peer: Peer) -> Result<(), Error> {
        self.names.as_ref().map_or(Ok(()), |names| names.check(peer))?;
        self.responses.as_ref().map_or(Ok(()), |limiter| limiter.check(peer))
    }

    /// Counts so many names that responses of this address brought, and that were not known before.
    pub(crate) fn note_names(&self, peer: Peer, n: u32) {
        if let Some(names) = &self.names {
            names.note(peer, n);
        }
    }

    pub(crate) fn check_survey(&self, survey: &str) -> Result<(), Error> {
        self.surveys.as_ref().map_or(Ok(()), |limiter| check(limiter, &survey.to_owned()))
    }

    /// Counts a login that this address tries.
    pub(crate) fn check_login(&self, peer: Peer) -> Result<(), Error> {
        self.logins.check(peer)
    }

    /// Counts a login that somebody tries for this account, from wherever.
    pub(crate) fn check_account(&self, name: &str) -> Result<(), Error> {
        check(&self.accounts, &name.to_owned())
    }

    /// Counts a login that this address tries for an account that was logged in to from there before.
    pub(crate) fn check_familiar(&self, name: &str, peer: Peer) -> Result<(), Error> {
        check(&self.familiar, &(name.to_owned(), peer.network()))
    }

    /// Counts a login that is tried from a browser, known by the hash of its cookie, that the same person has used before.
    pub(crate) fn check_device(&self, sha256: &[u8; 32]) -> Result<(), Error> {
        check(&self.devices, sha256)
    }

    /// Counts a secret that is not known to work, or whatever else would be a look at the database for everybody who asks.
    pub(crate) fn check_guess(&self, peer: Peer) -> Result<(), Error> {
        self.guesses.check(peer)
    }

    /// Counts a page that somebody at this address tells of.
    pub(crate) fn check_seen(&self, peer: Peer) -> Result<(), Error> {
        self.seen.check(peer)
    }

    /// Forgets whoever has been quiet, so that memory is bounded by those who are not.
    pub(crate) fn tidy(&self) {
        if let Some(responses) = &self.responses {
            responses.tidy();
        }
        if let Some(surveys) = &self.surveys {
            surveys.retain_recent();
            surveys.shrink_to_fit();
        }
        if let Some(names) = &self.names {
            names.tidy();
        }
        self.logins.tidy();
        self.accounts.retain_recent();
        self.familiar.retain_recent();
        self.devices.retain_recent();
        self.guesses.tidy();
        self.seen.tidy();
    }
}

/// A limit for each network, and a wider one for the site that it is part of.
#[derive(Debug)]
struct ByAddress {
    networks: Limiter<IpAddr>,
    sites: Limiter<IpAddr>,
}

impl ByAddress {
    fn per_minute(share: NonZeroU32) -> Self {
        let of_site = share.saturating_mul(NonZeroU32::MIN.saturating_add(NETWORKS_OF_SITE - 1));
        Self {
            networks: RateLimiter::keyed(Quota::per_minute(share)),
            sites: RateLimiter::keyed(Quota::per_minute(of_site)),
        }
    }

    fn check(&self, peer: Peer) -> Result<(), Error> {
        // The network first: who is over its share takes nothing from its neighbours.
        check(&self.networks, &peer.network())?;
        peer.site().map_or(Ok(()), |site| check(&self.sites, &site))
    }

    fn tidy(&self) {
        for limiter in [&self.networks, &self.sites] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

fn check<K: Hash + Eq + Clone>(limiter: &Limiter<K>, key: &K) -> Result<(), Error> {
    limiter.check_key(key).map_err(|not_until| {
        let wait = not_until.wait_time_from(DefaultClock::default().now());
        let seconds = (wait + Duration::from_millis(999)).as_secs().max(1);
        Error::TooMany(seconds)
    })
}

#[cfg(test)]
mod tests {
    use super::{Limits, Peer};
    use crate::Error;

    fn peer(address: &str) -> Peer {
        Peer::of(address.parse().expect("an address"))
    }

    #[test]
    fn each_address_and_survey_has_its_own_share() {
        let limits = Limits::new(3, 2);
        let [one, two] = ["203.0.113.1", "203.0.113.2"].map(peer);
        for _ in 0..3 {
            limits.check_response(one).expect("its share");
        }
        let refused = limits.check_response(one).expect_err("too many");
        assert!(matches!(refused, Error::TooMany(1..=20)), "{refused:?}");
        limits.check_response(two).expect("another's share");
        limits.check_survey("faq").expect("its share");
        limits.check_survey("faq").expect("its share");
        limits.check_survey("faq").expect_err("too many");
        limits.check_survey("nps").expect("another's share");
        limits.tidy();
        limits.check_response(one).expect_err("that is not forgotten");
    }

    #[test]
    fn a_network_of_ipv6_is_one_sender_and_a_site_is_four() {
        let limits = Limits::new(3, 0);
        let send = |network: u32, host: u32| {
            let peer = peer(&format!("2001:db8:1:{network:x}::{host:x}"));
            limits.check_response(peer).is_ok()
        };
        let sent = (0..10).filter(|&host| send(0, host)).count();
        assert_eq!(sent, 3, "one network");
        let sent = (1..1_000).filter(|&network| send(network, 1)).count();
        assert_eq!(sent, 9, "what is left of its site");
        limits.check_response(peer("2001:db8:2::1")).expect("another's site");
    }

    #[test]
    fn zero_is_no_limit() {
        let limits = Limits::new(0, 0);
        for _ in 0..10_000 {
            limits.check_response(peer("127.0.0.1")).expect("no limit");
            limits.check_survey("faq").expect("no limit");
        }
    }
}
