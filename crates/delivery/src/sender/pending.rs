use super::Turn;
use crate::{ATTEMPTS_PER_PAGE, AttemptOutcome, Disposition, QueuedResponse, Stored};
use sondeo_model::StorageKind;

/// A response that this page view is about to deliver.
#[derive(Debug)]
pub(super) struct PendingDelivery {
    pub(super) queued: QueuedResponse,
    pub(super) storage: StorageKind,
    pub(super) origin: Origin,
    /// Whether it outlives the page.
    pub(super) is_kept: bool,
    pub(super) phase: Phase,
    /// Attempts on this page view.
    pub(super) attempts: u32,
    /// Whether it was said that something is wrong.
    pub(super) is_failure_told: bool,
}

/// Whose response it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A visitor has given it on this page.
    ThisPage,
    /// Another page has left it behind.
    LeftBehind,
}

/// How far its delivery is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It waits for its time, or for room.
    Waiting,
    /// Its attempt has begun, and the document of its format is on its way.
    AwaitingFormat,
    /// A request is under way, and these statuses acknowledge it.
    InFlight { accepts: Vec<u16> },
    /// The attempt is over, and how it ended is on its way into storage. What became of it is told after that.
    Concluded(AttemptOutcome, Disposition),
}

impl PendingDelivery {
    pub(super) fn is_due(&self, now_ms: i64, version: &str) -> bool {
        self.phase == Phase::Waiting
            && self.attempts < ATTEMPTS_PER_PAGE
            && self.queued.refused_by != version
            // What this page has claimed itself it need not wait for.
            && (self.queued.not_before_ms <= now_ms
                || self.queued.waits_ms(now_ms, version, false) == Some(0))
    }

    /// Whether another tab has taken it on meanwhile, or this page a later revision. What was adopted and is gone was
    /// delivered or forgotten elsewhere; this page's own was lost, and is put back.
    pub(super) fn is_elsewhere(&self, turn: &Turn<'_>) -> bool {
        match self.stored(turn) {
            Some(stored) => self.queued.is_behind(&stored),
            None => self.origin == Origin::LeftBehind && self.is_kept,
        }
    }

    /// Whether storage holds a later revision than this one.
    pub(super) fn is_superseded(&self, turn: &Turn<'_>) -> bool {
        self.stored(turn).is_some_and(|stored| stored.revision > self.queued.revision)
    }

    fn stored(&self, turn: &Turn<'_>) -> Option<Box<QueuedResponse>> {
        let text = turn.world.stored(self.storage, &self.queued.id)?;
        match QueuedResponse::read(&self.queued.id, &text) {
            Stored::Response(stored) => Some(stored),
            Stored::Foreign | Stored::Corrupt => None,
        }
    }
}
