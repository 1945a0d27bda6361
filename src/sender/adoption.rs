//! Which tab takes on what others have left behind.

use super::take_in;
use crate::browser::{self, Storage};
use sondeo_delivery::{AdoptionLock, Input};
use sondeo_model::{ResponseId, StorageKind};

/// The name of the lock that keeps two tabs from adopting at the same moment.
const LOCK: &str = "sondeo.out";
/// Where the tab that wants to adopt leaves its mark, where browsers have no locks.
const LEASE: &str = "sondeo.lease";
/// What a tab then waits for others to leave theirs, in milliseconds.
const SETTLING_MS: u64 = 100;

/// Finds out whether another tab adopts at this moment, and tells the machine while none can.
pub(super) fn request() {
    if browser::exclusively(LOCK, Box::new(granted)) {
        return;
    }
    // The last to leave its mark has the lease; the others see so when everybody has.
    let mine = ResponseId::new(browser::now().as_millis().unsigned_abs(), browser::random());
    let mine = mine.to_text();
    Storage::of(StorageKind::Local).set(LEASE, &mine);
    let check = move || {
        let storage = Storage::of(StorageKind::Local);
        let is_ours = storage.get(LEASE).as_deref() == Some(&mine);
        if is_ours {
            storage.remove(LEASE);
        }
        granted(is_ours);
    };
    browser::after(SETTLING_MS, Box::new(check)).forget();
}

fn granted(is_free: bool) {
    let lock = if is_free { AdoptionLock::Acquired } else { AdoptionLock::Busy };
    take_in(Input::Adoption(lock));
}
