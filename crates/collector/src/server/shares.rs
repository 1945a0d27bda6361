//! Something scarce (connections, bytes of bodies), of which one address can only take its share.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A number of units for everybody, and for each address a number of them that it may hold.
#[derive(Debug)]
pub(crate) struct Shares {
    all: Arc<Semaphore>,
    /// Units that one address may hold, and members that it may have, who hold some or wait for some.
    each: Option<Share>,
    members: Mutex<HashMap<IpAddr, Members>>,
}

/// The share of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    /// Units that its members may hold together.
    pub(crate) units: usize,
    /// Members that it may have at once.
    pub(crate) members: usize,
}

#[derive(Debug)]
struct Members {
    units: Arc<Semaphore>,
    count: usize,
}

/// A member of an address. It ends its membership when it is dropped.
#[derive(Debug)]
pub(crate) struct Member {
    shares: Arc<Shares>,
    /// None where the address has no share of its own: it is a trusted proxy, or there are no shares.
    of: Option<(IpAddr, Arc<Semaphore>)>,
}

/// Units that are held; they are given back when this is dropped.
#[derive(Debug, Default)]
#[must_use = "the units are given back when this is dropped"]
pub(crate) struct Held(Option<OwnedSemaphorePermit>, Option<OwnedSemaphorePermit>);

impl Shares {
    /// So many units in all, and for each address so many of them.
    pub(crate) fn new(all: usize, each: Option<Share>) -> Arc<Self> {
        let all = Arc::new(Semaphore::new(all.min(Semaphore::MAX_PERMITS)));
        Arc::new(Self { all, each, members: Mutex::default() })
    }

    /// A new member of this address; `None` where it has as many as it may. Without an address, the member
    /// is only bound by what there is for everybody.
    pub(crate) fn join(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Member> {
        let (Some(address), Some(each)) = (address, self.each) else {
            return Some(Member { shares: Arc::clone(self), of: None });
        };
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = members.entry(address).or_insert_with(|| Members {
            units: Arc::new(Semaphore::new(each.units.min(Semaphore::MAX_PERMITS))),
            count: 0,
        });
        if of_address.count >= each.members {
            return None;
        }
        of_address.count += 1;
        let of = Some((address, Arc::clone(&of_address.units)));
        Some(Member { shares: Arc::clone(self), of })
    }
}

impl Member {
    /// Waits for so many units, first of the address and then of everybody.
    pub(crate) async fn take(&self, units: u32) -> Held {
        // The semaphores are never closed.
        let own = match &self.of {
            Some((_, semaphore)) => Arc::clone(semaphore).acquire_many_owned(units).await.ok(),
            None => None,
        };
        Held(own, Arc::clone(&self.shares.all).acquire_many_owned(units).await.ok())
    }
}

impl Held {
    /// Holds these, too.
    pub(crate) fn add(&mut self, more: Self) {
        for (held, more) in [(&mut self.0, more.0), (&mut self.1, more.1)] {
            match (held.as_mut(), more) {
                (Some(held), Some(more)) => held.merge(more),
                (None, more) => *held = more,
                (Some(_), None) => {}
            }
        }
    }

    /// Whether nothing is held.
    pub(crate) fn is_empty(&self) -> bool {
        self.1.is_none()
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let Some((address, _)) = &self.of else { return };
        let mut members = self.shares.members.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_address) = members.get_mut(address) {
            of_address.count -= 1;
            if of_address.count == 0 {
                members.remove(address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Held, Share, Shares};
    use futures_util::FutureExt;
    use std::net::IpAddr;

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([203, 0, 113, last]))
    }

    #[test]
    fn one_address_gets_its_share_and_another_its_own() {
        let shares = Shares::new(5, Some(Share { units: 2, members: 3 }));
        let members: Vec<_> = (0..3).map(|_| shares.join(address(1)).expect("a member")).collect();
        assert!(shares.join(address(1)).is_none(), "it has as many as it may");
        let take = |index: usize| members[index].take(1).now_or_never();
        let (first, _second) = (take(0).expect("free"), take(1).expect("free"));
        assert!(take(2).is_none(), "its share is held");
        let another = shares.join(address(2)).expect("another's");
        let _held = another.take(2).now_or_never().expect("free");
        drop(first);
        let _third = take(2).expect("free again");
        let proxy = shares.join(None).expect("it has no share");
        let _last = proxy.take(1).now_or_never().expect("one is left");
        assert!(proxy.take(1).now_or_never().is_none(), "all are held");
    }

    #[test]
    fn who_has_left_is_forgotten() {
        let shares = Shares::new(5, Some(Share { units: 1, members: 1 }));
        drop(shares.join(address(1)).expect("a member"));
        assert!(shares.members.lock().expect("no panic").is_empty());
        let _member = shares.join(address(1)).expect("a member");
    }

    #[test]
    fn units_of_the_same_member_are_added_up() {
        let shares = Shares::new(5, Some(Share { units: 3, members: 1 }));
        let member = shares.join(address(1)).expect("a member");
        let mut held = Held::default();
        assert!(held.is_empty());
        held.add(member.take(1).now_or_never().expect("free"));
        held.add(member.take(2).now_or_never().expect("free"));
        assert!(!held.is_empty() && member.take(1).now_or_never().is_none());
        drop(held);
        assert!(member.take(3).now_or_never().is_some());
    }
}
