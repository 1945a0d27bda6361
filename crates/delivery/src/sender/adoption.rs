//! Taking on what other pages have left behind.

use super::{AdoptionLock, BUSY_MS, Effect, MOST_REQUESTS, OUTBOXES, Sender, Turn};
use super::{Origin, PendingDelivery, Phase};
use crate::{CLAIM_MS, QueuedResponse, Stored, WaitReason};
use sondeo_model::StorageKind;

/// Never look again sooner, in milliseconds.
const SHORTEST_WAIT_MS: i64 = 1_000;

impl Sender {
    /// Takes on what nobody is sending, as much as can be sent at once.
    pub(super) fn adopt(&mut self, lock: AdoptionLock, turn: &mut Turn<'_>) {
        if !self.is_permitted {
            return;
        }
        if lock == AdoptionLock::Busy {
            return self.wake_at(turn.now_ms.saturating_add(BUSY_MS), turn);
        }
        let mut next_ms: Option<i64> = None;
        for storage in OUTBOXES {
            for id in turn.world.stored_ids(storage) {
                let Some(text) = turn.world.stored(storage, &id) else { continue };
                let wait_ms = match QueuedResponse::read(&id, &text) {
                    Stored::Response(queued) => self.consider(storage, *queued, turn),
                    // It would be in the way for ever.
                    Stored::Corrupt => {
                        turn.push(Effect::Remove { storage, id: id.clone() });
                        turn.warn(&["an answer was damaged where it was kept: ", &id]);
                        None
                    }
                    Stored::Foreign => None,
                };
                if let Some(wait_ms) = wait_ms {
                    let wait_ms = wait_ms.max(SHORTEST_WAIT_MS);
                    next_ms = Some(next_ms.map_or(wait_ms, |known| known.min(wait_ms)));
                }
            }
        }
        self.is_network_back = false;
        self.run(turn);
        if let Some(wait_ms) = next_ms {
            self.wake_at(turn.now_ms.saturating_add(wait_ms), turn);
        }
    }

    /// Takes one response on, or says in how many milliseconds to look at it again.
    fn consider(
        &mut self,
        storage: StorageKind,
        mut queued: QueuedResponse,
        turn: &mut Turn<'_>,
    ) -> Option<i64> {
        let Some(wait_ms) = queued.waits_ms(turn.now_ms, self.version, self.is_network_back) else {
            if !queued.is_stale(turn.now_ms) {
                return None;
            }
            if queued.has_had_another_week(turn.now_ms) {
                self.warn_of_loss(&queued, "was refused for thirty days", turn);
                turn.push(Effect::Remove { storage, id: queued.id });
            } else {
                // Perhaps it was the clock that has jumped.
                turn.push(Effect::Write { storage, queued: Box::new(queued) });
            }
            return None;
        };
        if self.find(&queued.id).is_some() {
            return None;
        }
        let due = self.pending.iter().filter(|it| it.is_due(turn.now_ms, self.version)).count();
        if wait_ms > 0 || due >= MOST_REQUESTS {
            return Some(wait_ms);
        }
        if queued.wait != WaitReason::Old {
            queued.wait = WaitReason::Claimed;
        }
        queued.not_before_ms = turn.now_ms.saturating_add(CLAIM_MS);
        turn.push(Effect::Write { storage, queued: Box::new(queued.clone()) });
        queued.not_before_ms = turn.now_ms;
        self.pending.push(PendingDelivery {
            queued,
            storage,
            origin: Origin::LeftBehind,
            is_kept: true,
            phase: Phase::Waiting,
            attempts: 0,
            is_failure_told: false,
        });
        None
    }
}
