//! Something scarce (connections, bytes of bodies), of which one address can only take its share, and one site of IPv6
//! two of them.

use crate::limits::site;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A number of units for everybody, and for each address a number of them that it may hold.
#[derive(Debug)]
pub(crate) struct Shares {
    all: Arc<Semaphore>,
    /// Units that one address may hold, and members that it may have, who hold some or wait for some.
    each: Option<AddressShare>,
    members: Mutex<HashMap<Sharer, Members>>,
}

/// How many shares of a network (/64) its whole site (/48) has.
const SHARES_OF_SITE: usize = 2;

/// Who has a share. The first network of a site has its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Sharer {
    Network(IpAddr),
    Site(IpAddr),
}

/// The share of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AddressShare {
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
    of: Vec<(Sharer, Arc<Semaphore>)>,
}

/// Units that are held, of the address, its site and everybody; they are given back when this is dropped.
#[derive(Debug, Default)]
#[must_use = "the units are given back when this is dropped"]
pub(crate) struct HeldUnits(Vec<OwnedSemaphorePermit>);

impl Shares {
    /// So many units in all, and for each address so many of them.
    pub(crate) fn new(all: usize, each: Option<AddressShare>) -> Arc<Self> {
        let all = Arc::new(Semaphore::new(all.min(Semaphore::MAX_PERMITS)));
        Arc::new(Self { all, each, members: Mutex::default() })
    }

    /// A new member of this address; `None` where it has as many as it may. Without an address, the member
    /// is only bound by what there is for everybody.
    pub(crate) fn join(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Member> {
        let (Some(address), Some(each)) = (address, self.each) else {
            return Some(Member { shares: Arc::clone(self), of: Vec::new() });
        };
        let of_site = AddressShare {
            units: each.units.saturating_mul(SHARES_OF_SITE),
            members: each.members.saturating_mul(SHARES_OF_SITE),
        };
        let site = site(address).map(|site| (Sharer::Site(site), of_site));
        let sharers = || std::iter::once((Sharer::Network(address), each)).chain(site);
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |(sharer, share): (Sharer, AddressShare)| {
            members.get(&sharer).is_some_and(|it| it.count >= share.members)
        };
        if sharers().any(is_full) {
            return None;
        }
        let join = |(sharer, share): (Sharer, AddressShare)| {
            let joined = members.entry(sharer).or_insert_with(|| Members {
                units: Arc::new(Semaphore::new(share.units.min(Semaphore::MAX_PERMITS))),
                count: 0,
            });
            joined.count += 1;
            (sharer, Arc::clone(&joined.units))
        };
        let of = sharers().map(join).collect();
        Some(Member { shares: Arc::clone(self), of })
    }
}

impl Member {
    /// Waits for so many units, first of the address and then of everybody.
    pub(crate) async fn take(&self, units: u32) -> HeldUnits {
        let mut held = self.take_own(units).await;
        self.take_common(&mut held, units).await;
        held
    }

    /// Waits for the units of the address and its site, which are worth nothing alone.
    pub(crate) async fn take_own(&self, units: u32) -> HeldUnits {
        let mut held = Vec::with_capacity(self.of.len() + 1);
        // The semaphores are never closed.
        for (_, semaphore) in &self.of {
            held.extend(Arc::clone(semaphore).acquire_many_owned(units).await.ok());
        }
        HeldUnits(held)
    }

    /// Waits for those of everybody, beside what is held of the address.
    pub(crate) async fn take_common(&self, held: &mut HeldUnits, units: u32) {
        held.0.extend(Arc::clone(&self.shares.all).acquire_many_owned(units).await.ok());
    }
}

impl HeldUnits {
    /// Holds these of the same member, too.
    pub(crate) fn add(&mut self, more: Self) {
        if self.0.is_empty() {
            *self = more;
            return;
        }
        for (held, more) in self.0.iter_mut().zip(more.0) {
            held.merge(more);
        }
    }

    /// Whether nothing is held.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let mut members = self.shares.members.lock().unwrap_or_else(PoisonError::into_inner);
        for (sharer, _) in &self.of {
            let Some(joined) = members.get_mut(sharer) else { continue };
            joined.count -= 1;
            if joined.count == 0 {
                members.remove(sharer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressShare, HeldUnits, Shares};
    use futures_util::FutureExt;
    use std::net::IpAddr;

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([203, 0, 113, last]))
    }

    #[test]
    fn one_address_gets_its_share_and_another_its_own() {
        let shares = Shares::new(5, Some(AddressShare { units: 2, members: 3 }));
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
    fn a_site_of_ipv6_has_two_shares() {
        let shares = Shares::new(9, Some(AddressShare { units: 2, members: 2 }));
        let join =
            |network: u16| shares.join(Some(IpAddr::from([0x2001, 0xdb8, 1, network, 0, 0, 0, 0])));
        let members: Vec<_> = (0..4).map(|network| join(network).expect("a member")).collect();
        assert!(join(4).is_none(), "its site has as many as it may");
        let take = |index: usize| members[index].take(2).now_or_never();
        let _held = [take(0).expect("free"), take(1).expect("free")];
        assert!(take(2).is_none(), "the share of the site is held");
        drop(members);
        assert!(shares.members.lock().expect("no panic").is_empty());
    }

    #[test]
    fn who_has_left_is_forgotten() {
        let shares = Shares::new(5, Some(AddressShare { units: 1, members: 1 }));
        drop(shares.join(address(1)).expect("a member"));
        assert!(shares.members.lock().expect("no panic").is_empty());
        let _member = shares.join(address(1)).expect("a member");
    }

    #[test]
    fn units_of_the_same_member_are_added_up() {
        let shares = Shares::new(5, Some(AddressShare { units: 3, members: 1 }));
        let member = shares.join(address(1)).expect("a member");
        let mut held = HeldUnits::default();
        assert!(held.is_empty());
        held.add(member.take(1).now_or_never().expect("free"));
        held.add(member.take(2).now_or_never().expect("free"));
        assert!(!held.is_empty() && member.take(1).now_or_never().is_none());
        drop(held);
        assert!(member.take(3).now_or_never().is_some());
    }
}
