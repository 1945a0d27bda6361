//! The outbox as it is kept: an entry under a key of its own, in the storage that its survey's author has chosen.

use crate::browser::{self, Storage};
use sondeo_model::StorageKind;
use sondeo_model::outbox::{PREFIX, QueuedResponse, Stored, surplus};

/// Where entries may be: also those of surveys that this page does not have.
pub(super) const PLACES: &[StorageKind] = StorageKind::ALL;

/// Which tab takes on what others have left behind, where browsers have no locks.
const LEASE: &str = "sondeo.lease";

/// Writes an entry; returns whether it outlives the page, and what had to make room for it.
pub(super) fn put(place: StorageKind, entry: &QueuedResponse) -> (bool, Vec<QueuedResponse>) {
    let storage = Storage::of(place);
    let text = entry.write();
    let mut is_kept = storage.set(&entry.key(), &text);
    let mut known = entries(place);
    let sizes: Vec<_> =
        known.iter().map(|it| (it.write().len(), it.is_answered, it.born)).collect();
    let gone = surplus(&sizes);
    let mut dropped = Vec::new();
    for at in (0..known.len()).rev().filter(|at| gone.contains(at)) {
        let other = known.swap_remove(at);
        storage.remove(&other.key());
        dropped.push(other);
    }
    // Full of other things than ours: what nobody has answered makes room for what somebody has.
    while !is_kept && place != StorageKind::None && entry.is_answered {
        let Some(at) = known.iter().position(|it| !it.is_answered) else { break };
        let other = known.swap_remove(at);
        storage.remove(&other.key());
        dropped.push(other);
        is_kept = storage.set(&entry.key(), &text);
    }
    (is_kept, dropped)
}

/// Removes an entry.
pub(super) fn remove(place: StorageKind, entry: &QueuedResponse) {
    Storage::of(place).remove(&entry.key());
}

#[allow(dead_code, reason = "reset and consent come to use it")]
/// Removes all.
pub(super) fn clear(place: StorageKind) {
    let storage = Storage::of(place);
    for key in storage.keys(PREFIX) {
        storage.remove(&key);
    }
}

/// What is stored of the response with this id.
pub(super) fn get(place: StorageKind, id: &str) -> Option<QueuedResponse> {
    let text = Storage::of(place).get(&[PREFIX, id].concat())?;
    match QueuedResponse::read(id, &text) {
        Stored::Entry(entry) => Some(*entry),
        _ => None,
    }
}

/// Whether nothing waits.
pub(super) fn is_empty() -> bool {
    PLACES.iter().all(|place| Storage::of(*place).keys(PREFIX).is_empty())
}

/// All that wait. What is damaged is removed: it would be in the way for ever.
pub(super) fn entries(place: StorageKind) -> Vec<QueuedResponse> {
    let storage = Storage::of(place);
    let mut entries = Vec::new();
    for key in storage.keys(PREFIX) {
        let id = &key[PREFIX.len()..];
        match storage.get(&key).map(|text| QueuedResponse::read(id, &text)) {
            Some(Stored::Entry(entry)) => entries.push(*entry),
            Some(Stored::Corrupt) => {
                storage.remove(&key);
                browser::console_warn(&["an answer was damaged where it was kept: ", id].concat());
            }
            _ => {}
        }
    }
    entries
}

/// Says that this tab wants to be the one.
pub(super) fn write_lease(mine: &str) {
    Storage::of(StorageKind::Local).set(LEASE, mine);
}

/// Whether no other tab has said so since. The lease is over then.
pub(super) fn holds_lease(mine: &str) -> bool {
    let storage = Storage::of(StorageKind::Local);
    let is_ours = storage.get(LEASE).as_deref() == Some(mine);
    if is_ours {
        storage.remove(LEASE);
    }
    is_ours
}
