//! Why an endpoint does not take a response: said once an attempt has failed twice, or for the last time on this page.

use super::{Effect, PendingDelivery, Probe, Sender, Turn};
use crate::{
    ATTEMPTS_PER_PAGE, AttemptOutcome, DeliveryStatus, EndpointAnswer, FailureReason,
    QueuedResponse, is_final_only,
};
use sondeo_model::limits::clip;
use sondeo_model::{RequestFormat, format_int};

/// Attempts after which somebody should look into what is puzzling.
const PUZZLING_ATTEMPTS: u32 = 2;
/// How much of an endpoint's own words the console shows, in characters.
const LONGEST_ANSWER: usize = 200;

impl EndpointAnswer {
    /// The endpoint's own words for not taking a response.
    pub(super) fn in_words(&self) -> String {
        let text = clip(self.body.trim(), LONGEST_ANSWER);
        let gap = if text.is_empty() { "" } else { " " };
        ["it answers ", &format_int(self.status.into()), gap, text].concat()
    }
}

impl Sender {
    /// Says why an attempt failed that will be repeated, where somebody has to see to it.
    pub(super) fn explain(
        &mut self,
        pending: &mut PendingDelivery,
        outcome: AttemptOutcome,
        turn: &mut Turn<'_>,
    ) {
        let AttemptOutcome::Retry { reason, answer, .. } = outcome else { return };
        let is_last = pending.attempts >= ATTEMPTS_PER_PAGE;
        let is_puzzling = pending.attempts >= PUZZLING_ATTEMPTS
            && reason != FailureReason::Unavailable
            && turn.world.is_online();
        if pending.is_failure_told || !(is_last || is_puzzling) {
            return;
        }
        pending.is_failure_told = true;
        let queued = &pending.queued;
        if let Some(answer) = answer {
            self.warn_of_failure(queued, &answer.in_words(), turn);
            let is_kept = pending.is_kept;
            let status = DeliveryStatus::Failed { reason, status: Some(answer.status), is_kept };
            return self.tell(queued, status, turn);
        }
        let endpoint = &queued.endpoint;
        let reason = match reason {
            FailureReason::Unreachable if self.is_blocked(endpoint) => FailureReason::Policy,
            FailureReason::Unreachable if self.is_mixed(endpoint) => FailureReason::MixedContent,
            FailureReason::Unreachable if !turn.world.is_online() => FailureReason::Offline,
            // Services are known to answer; and the document of their format may be what did not come.
            FailureReason::Unreachable if !is_final_only(queued.format) => {
                let (id, url) = (queued.id.clone(), endpoint.clone());
                return turn.push(Effect::Probe { id, url });
            }
            other => other,
        };
        self.fail(pending, reason, turn);
    }

    /// It is known what the endpoint does.
    pub(super) fn probed(&mut self, id: &str, probe: Probe, turn: &mut Turn<'_>) {
        // Delivered meanwhile, or taken on by another tab.
        let Some(pending) = self.take(id) else { return };
        let queued = &pending.queued;
        let needs_preflight =
            queued.format == RequestFormat::Json && !self.is_same_origin(&queued.endpoint);
        let reason = match probe {
            // Browsers tell of a violation in their own time.
            _ if self.is_blocked(&queued.endpoint) => FailureReason::Policy,
            Probe::Redirects => FailureReason::Redirect,
            Probe::Readable if needs_preflight => FailureReason::Preflight,
            Probe::Closed => FailureReason::Cors,
            Probe::Readable | Probe::Silent => FailureReason::Unreachable,
        };
        self.fail(&pending, reason, turn);
        self.pending.push(pending);
    }

    /// Tells what is wrong; the console hears of it once for each endpoint.
    fn fail(&mut self, pending: &PendingDelivery, reason: FailureReason, turn: &mut Turn<'_>) {
        let key = [reason.as_str(), &pending.queued.endpoint].concat();
        if !self.explained.contains(&key) {
            self.explained.push(key);
            self.warn_of_failure(&pending.queued, reason.advice(), turn);
        }
        let is_kept = pending.is_kept;
        let status = DeliveryStatus::Failed { reason, status: None, is_kept };
        self.tell(&pending.queued, status, turn);
    }

    pub(super) fn warn_of_failure(&self, queued: &QueuedResponse, why: &str, turn: &mut Turn<'_>) {
        turn.warn(&["the answer was not delivered to ", &queued.endpoint, ": ", why]);
    }

    pub(super) fn warn_of_loss(&self, queued: &QueuedResponse, what: &str, turn: &mut Turn<'_>) {
        turn.warn(&["an answer to ", queued.survey(), " for ", &queued.endpoint, " ", what]);
    }

    /// Whether the page's policy has kept a request from this address.
    fn is_blocked(&self, endpoint: &str) -> bool {
        self.blocked_urls.iter().any(|url| endpoint.starts_with(url.as_str()))
    }

    /// Whether an address is of the page's own origin.
    pub(super) fn is_same_origin(&self, url: &str) -> bool {
        url.strip_prefix(self.page_origin.as_str()).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Whether the page came encrypted and the address is not.
    fn is_mixed(&self, url: &str) -> bool {
        url.starts_with("http:") && self.page_origin.starts_with("https:")
    }
}
