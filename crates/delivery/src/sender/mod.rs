//! The state machine that delivers: what has happened goes in, what is to be done comes out.
//!
//! ```text
//!             Deliver                     claimed, in storage         its result
//!  the page ───────────> Waiting ───────────────────────────> InFlight ─────────> Concluded ──> told, and removed,
//!                          ^  ^   AwaitingFormat (a document)                        │          kept or set aside
//!  the outbox ── adopt ────┘  └──────────────── back-off, Retry-After ───────────────┘
//! ```

mod adoption;
mod attempts;
mod diagnosis;
mod interface;
mod pending;

pub use interface::{AdoptionLock, AttemptId, Effect, Environment, Input, Probe};

use crate::{QueuedResponse, WaitReason};
use pending::{Origin, PendingDelivery, Phase};
use sondeo_model::json::Json;
use sondeo_model::{RequestFormat, StorageKind};

/// Requests under way at one time.
pub const MOST_REQUESTS: usize = 4;
/// When to look again where another tab adopts, in milliseconds: it may be a page that is just being left.
const BUSY_MS: i64 = 2_000;
/// No timer is longer, in milliseconds: a computer that sleeps stops it.
const LONGEST_TIMER_MS: i64 = 600_000;
/// Where queued responses may be, also those of surveys that this page does not have.
const OUTBOXES: [StorageKind; 2] = [StorageKind::Local, StorageKind::Session];

/// Who delivers on one page view.
#[derive(Debug)]
pub struct Sender {
    /// The widget's version: what one version was refused, the next one tries again.
    version: &'static str,
    /// The page's own origin.
    page_origin: String,
    /// Whether the visitor's storage may be looked into for what other pages have left behind.
    is_permitted: bool,
    pending: Vec<PendingDelivery>,
    /// Requests under way, also those whose response has been replaced since.
    requests: usize,
    timer_at_ms: Option<i64>,
    /// Changes when everything is stopped: the result of an earlier request means nothing any more.
    epoch: u32,
    formats: Vec<(RequestFormat, Json)>,
    /// Formats whose document is on its way.
    fetching: Vec<RequestFormat>,
    /// Whether the network has come back since the last adoption.
    is_network_back: bool,
    /// What the page's policy has refused.
    blocked_urls: Vec<String>,
    /// Reason and endpoint of what the console has said already.
    explained: Vec<String>,
}

/// One input being handled: what may be read, and what is to be done so far.
struct Turn<'a> {
    world: &'a dyn Environment,
    now_ms: i64,
    effects: Vec<Effect>,
}

impl Turn<'_> {
    fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn warn(&mut self, pieces: &[&str]) {
        self.push(Effect::Warn { line: pieces.concat() });
    }
}

impl Sender {
    /// A sender for a page of this origin (`https://shop.example`), in this version of the widget.
    #[must_use]
    pub fn new(version: &'static str, page_origin: String) -> Self {
        Self {
            version,
            page_origin,
            is_permitted: false,
            pending: Vec::new(),
            requests: 0,
            timer_at_ms: None,
            epoch: 0,
            formats: Vec::new(),
            fetching: Vec::new(),
            is_network_back: false,
            blocked_urls: Vec::new(),
            explained: Vec::new(),
        }
    }

    /// Takes in what has happened, and gives what is to be done, in this order.
    pub fn handle(&mut self, input: Input, world: &dyn Environment) -> Vec<Effect> {
        let mut turn = Turn { world, now_ms: world.now_ms(), effects: Vec::new() };
        let it = &mut turn;
        match input {
            Input::Deliver { queued, storage, is_kept } => {
                self.deliver(*queued, storage, is_kept, it);
            }
            Input::Run => self.run(it),
            Input::Release { id } => self.release(id.as_deref(), it),
            Input::Permit { is_permitted } => {
                let was = std::mem::replace(&mut self.is_permitted, is_permitted);
                if is_permitted && !was {
                    self.flush(it);
                }
            }
            Input::Stop => self.stop(it),
            Input::Forget => {
                self.stop(it);
                it.push(Effect::RemoveAll);
            }
            Input::Prepare { format } => {
                self.has_format(format, it);
            }
            Input::Format { format, document } => self.take_format(format, document, it),
            Input::PageSeen => self.flush(it),
            Input::Online => self.network_is_back(it),
            Input::TimerRang => {
                self.timer_at_ms = None;
                self.flush(it);
            }
            Input::Adoption(lock) => self.adopt(lock, it),
            Input::Written { id, is_kept } => self.written(&id, is_kept, it),
            Input::Answered { attempt, result } => self.answered(&attempt, result, it),
            Input::Probed { id, probe } => self.probed(&id, probe, it),
            Input::UrlBlocked { url } => self.blocked_urls.push(url),
        }
        turn.effects
    }

    /// Takes a response over from this page, in place of any earlier revision that is still here.
    fn deliver(
        &mut self,
        mut queued: QueuedResponse,
        storage: StorageKind,
        is_kept: bool,
        turn: &mut Turn<'_>,
    ) {
        let mut attempts = 0;
        if let Some(before) = self.take(&queued.id) {
            // One more attempt for this revision, however often the earlier one was tried.
            attempts = before.attempts.min(crate::ATTEMPTS_PER_PAGE - 1);
            queued.born_ms = before.queued.born_ms;
            if before.queued.wait == WaitReason::RetryAfter {
                queued.wait = WaitReason::RetryAfter;
                queued.not_before_ms = before.queued.not_before_ms;
                turn.push(Effect::Write { storage, queued: Box::new(queued.clone()) });
            }
        }
        // Claimed by writing it: nobody else sends it, and this page does at once.
        if queued.wait == WaitReason::Claimed {
            queued.not_before_ms = turn.now_ms;
        }
        self.pending.push(PendingDelivery {
            queued,
            storage,
            origin: Origin::ThisPage,
            is_kept,
            phase: Phase::Waiting,
            attempts,
            is_failure_told: false,
        });
        turn.push(Effect::Defer);
    }

    /// What waited for further answers waits no longer, of this response or of all.
    fn release(&mut self, id: Option<&str>, turn: &mut Turn<'_>) {
        for pending in &mut self.pending {
            let queued = &mut pending.queued;
            if queued.wait == WaitReason::Held && id.is_none_or(|id| id == queued.id) {
                queued.wait = WaitReason::BackOff;
                queued.not_before_ms = 0;
            }
        }
        self.run(turn);
    }

    fn stop(&mut self, turn: &mut Turn<'_>) {
        self.pending.clear();
        self.timer_at_ms = None;
        self.requests = 0;
        self.epoch = self.epoch.wrapping_add(1);
        turn.push(Effect::Abort);
    }

    /// The waits that were this widget's own end, and every response has its attempts again.
    fn network_is_back(&mut self, turn: &mut Turn<'_>) {
        for pending in &mut self.pending {
            pending.attempts = 0;
            if matches!(pending.queued.wait, WaitReason::BackOff | WaitReason::Old) {
                pending.queued.not_before_ms = 0;
            }
        }
        self.is_network_back = true;
        self.flush(turn);
    }

    /// Sends what may be sent now: first this page's own, then what was left behind.
    fn flush(&mut self, turn: &mut Turn<'_>) {
        self.run(turn);
        // What stands in a tab that nobody sees can wait for one that somebody does: twenty tabs that come back
        // together do not rush to the endpoint. A page that is only being prepared may never be seen.
        if self.is_permitted && turn.world.is_visible() && self.is_anything_left(None, turn) {
            turn.push(Effect::RequestAdoption);
        }
    }

    /// Whether the outbox holds a response that this page does not deliver. `removed` is on its way out.
    fn is_anything_left(&self, removed: Option<&str>, turn: &Turn<'_>) -> bool {
        let is_left = |id: &String| removed != Some(id) && self.find(id).is_none();
        OUTBOXES.iter().any(|outbox| turn.world.stored_ids(*outbox).iter().any(is_left))
    }

    fn find(&self, id: &str) -> Option<&PendingDelivery> {
        self.pending.iter().find(|it| it.queued.id == id)
    }

    fn take(&mut self, id: &str) -> Option<PendingDelivery> {
        let at = self.pending.iter().position(|it| it.queued.id == id)?;
        Some(self.pending.swap_remove(at))
    }

    /// Looks again at that time, or earlier.
    fn wake_at(&mut self, time_ms: i64, turn: &mut Turn<'_>) {
        let now_ms = turn.now_ms;
        let time_ms =
            time_ms.clamp(now_ms.saturating_add(1), now_ms.saturating_add(LONGEST_TIMER_MS));
        if self.timer_at_ms.is_some_and(|at_ms| (now_ms..=time_ms).contains(&at_ms)) {
            return;
        }
        self.timer_at_ms = Some(time_ms);
        turn.push(Effect::SetTimer { after_ms: time_ms.abs_diff(now_ms) });
    }
}

#[cfg(test)]
mod tests;
