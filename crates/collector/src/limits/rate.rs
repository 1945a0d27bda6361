//! How often one address, and one survey, may send.

use crate::Error;
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

type Limiter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock>;

/// Logins and links that one address may try in a minute.
const LOGINS: NonZeroU32 = NonZeroU32::new(10).expect("not zero");

/// The limits, each by the generic cell rate algorithm: so many in a minute, as one burst or spread.
#[derive(Debug)]
pub(crate) struct Limits {
    addresses: Option<Limiter<IpAddr>>,
    surveys: Option<Limiter<String>>,
    logins: Limiter<IpAddr>,
}

impl Limits {
    /// So many responses a minute from one address and for one survey; 0 for any number.
    pub(crate) fn new(per_address: u32, per_survey: u32) -> Self {
        Self {
            addresses: NonZeroU32::new(per_address).map(limiter),
            surveys: NonZeroU32::new(per_survey).map(limiter),
            logins: limiter(LOGINS),
        }
    }

    /// Counts `n` responses from this address.
    pub(crate) fn check_address(&self, address: IpAddr) -> Result<(), Error> {
        self.addresses.as_ref().map_or(Ok(()), |limiter| check(limiter, &address))
    }

    pub(crate) fn check_survey(&self, survey: &str) -> Result<(), Error> {
        self.surveys.as_ref().map_or(Ok(()), |limiter| check(limiter, &survey.to_owned()))
    }

    pub(crate) fn check_login(&self, address: IpAddr) -> Result<(), Error> {
        check(&self.logins, &address)
    }

    /// Forgets whoever has been quiet, so that memory is bounded by those who are not.
    pub(crate) fn tidy(&self) {
        if let Some(addresses) = &self.addresses {
            addresses.retain_recent();
            addresses.shrink_to_fit();
        }
        if let Some(surveys) = &self.surveys {
            surveys.retain_recent();
            surveys.shrink_to_fit();
        }
        self.logins.retain_recent();
    }
}

fn limiter<K: Hash + Eq + Clone>(per_minute: NonZeroU32) -> Limiter<K> {
    RateLimiter::keyed(Quota::per_minute(per_minute))
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
    use super::Limits;
    use crate::Error;
    use std::net::IpAddr;

    #[test]
    fn each_address_and_survey_has_its_own_share() {
        let limits = Limits::new(3, 2);
        let [one, two] = ["203.0.113.1", "203.0.113.2"].map(|it| it.parse::<IpAddr>().expect("it"));
        for _ in 0..3 {
            limits.check_address(one).expect("its share");
        }
        let refused = limits.check_address(one).expect_err("too many");
        assert!(matches!(refused, Error::TooMany(1..=20)), "{refused:?}");
        limits.check_address(two).expect("another's share");
        limits.check_survey("faq").expect("its share");
        limits.check_survey("faq").expect("its share");
        limits.check_survey("faq").expect_err("too many");
        limits.check_survey("nps").expect("another's share");
        limits.tidy();
        limits.check_address(one).expect_err("that is not forgotten");
    }

    #[test]
    fn zero_is_no_limit() {
        let limits = Limits::new(0, 0);
        for _ in 0..10_000 {
            limits.check_address(IpAddr::from([127, 0, 0, 1])).expect("no limit");
            limits.check_survey("faq").expect("no limit");
        }
    }
}
