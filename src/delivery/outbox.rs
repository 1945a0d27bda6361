//! The outbox in the visitor's browser: a queued response under a key of its own, in the storage that its survey's
//! author has chosen. Both programs write to it.

use crate::browser::{self, Storage};
use sondeo_delivery::{OutboxItem, PREFIX, loss_line, surplus};
use sondeo_model::StorageKind;

/// Writes the text of a response and makes room for it; returns whether it outlives the page.
pub(crate) fn put(kind: StorageKind, id: &str, text: &str) -> bool {
    let storage = Storage::of(kind);
    let own_key = [PREFIX, id].concat();
    let mut is_kept = storage.set_for_good(&own_key, text);
    let mut others: Vec<(String, OutboxItem)> = Vec::new();
    for key in storage.keys(PREFIX) {
        let item = storage.get(&key).and_then(|text| OutboxItem::read(&text));
        others.extend(item.map(|item| (key, item)));
    }
    let drop_one = |key: &str| {
        if let Some(text) = storage.get(key) {
            browser::console_warn(&loss_line(&text));
        }
        storage.remove(key);
    };
    let items: Vec<OutboxItem> = others.iter().map(|it| it.1).collect();
    for at in surplus(&items) {
        if let Some((key, _)) = others.get(at) {
            drop_one(key);
        }
    }
    // Full of other things than ours: what nobody has answered makes room for what somebody has.
    let is_answered = OutboxItem::read(text).is_some_and(|it| it.is_answered);
    let mut unanswered = others.iter().filter(|it| !it.1.is_answered);
    while !is_kept && kind != StorageKind::None && is_answered {
        let Some((key, _)) = unanswered.next() else { break };
        drop_one(key);
        is_kept = storage.set_for_good(&own_key, text);
    }
    is_kept
}

/// Whether nothing waits.
pub(crate) fn is_empty() -> bool {
    StorageKind::ALL.iter().all(|kind| Storage::of(*kind).keys(PREFIX).is_empty())
}

/// Removes all, from every storage.
pub(crate) fn clear() {
    for kind in StorageKind::ALL {
        let storage = Storage::of(*kind);
        for key in storage.keys(PREFIX) {
            storage.remove(&key);
        }
    }
}
