//! Addresses from which somebody has logged in before. Strangers can use up the logins of an account, but not those
//! of such an address (what OWASP calls a device cookie, without the cookie).

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// How many are remembered, the latest.
const MOST_LOGINS: usize = 1_024;

/// The accounts and addresses of the latest logins since the start.
#[derive(Debug, Default)]
pub(crate) struct Familiar(Mutex<VecDeque<(String, IpAddr)>>);

impl Familiar {
    /// Whether this account was logged into from there.
    pub(crate) fn knows(&self, name: &str, address: IpAddr) -> bool {
        let logins = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        logins.iter().any(|(known, from)| known == name && *from == address)
    }

    /// Remembers a login.
    pub(crate) fn remember(&self, name: &str, address: IpAddr) {
        let mut logins = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        logins.retain(|(known, from)| known != name || *from != address);
        if logins.len() == MOST_LOGINS {
            logins.pop_front();
        }
        logins.push_back((name.to_owned(), address));
    }
}

#[cfg(test)]
mod tests {
    use super::{Familiar, MOST_LOGINS};
    use std::net::IpAddr;

    #[test]
    fn the_latest_are_remembered() {
        let familiar = Familiar::default();
        let home = IpAddr::from([203, 0, 113, 1]);
        familiar.remember("ana", home);
        familiar.remember("ana", home);
        assert!(familiar.knows("ana", home) && !familiar.knows("eva", home));
        for number in 1..MOST_LOGINS {
            familiar.remember(&number.to_string(), home);
        }
        assert!(familiar.knows("ana", home));
        familiar.remember("eva", home);
        assert!(!familiar.knows("ana", home) && familiar.knows("eva", home));
    }
}
