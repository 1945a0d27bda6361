//! One attempt: from its claim to what became of the response.

use super::{AttemptId, Effect, MOST_REQUESTS, PendingDelivery, Phase, Sender, Turn};
use crate::{
    ATTEMPTS_PER_PAGE, AttemptOutcome, DeliveryStatus, Disposition, FailureReason, HttpRequest,
    HttpResult, QueuedResponse, built_in_document,
};
use sondeo_model::json::Json;
use sondeo_model::{Confirm, RequestFormat};

impl Sender {
    /// Sends what is this page's to send and due, as far as there is room, and sees to it that the rest is not
    /// forgotten.
    pub(super) fn run(&mut self, turn: &mut Turn<'_>) {
        while self.under_way() < MOST_REQUESTS {
            let is_due = |it: &PendingDelivery| it.is_due(turn.now_ms, self.version);
            let Some(at) = self.pending.iter().position(is_due) else { break };
            let mut pending = self.pending.swap_remove(at);
            if pending.is_elsewhere(turn) {
                continue;
            }
            pending.attempts += 1;
            pending.queued.claim(turn.now_ms);
            let queued = Box::new(pending.queued.clone());
            turn.push(Effect::Write { storage: pending.storage, queued });
            if self.has_format(pending.queued.format, turn) {
                self.post(&mut pending, turn);
            } else {
                pending.phase = Phase::AwaitingFormat;
            }
            self.pending.push(pending);
        }
        // What is due and has no room goes when there is some.
        let waiting = self.pending.iter().filter(|it| {
            it.phase == Phase::Waiting
                && it.attempts < ATTEMPTS_PER_PAGE
                && it.queued.not_before_ms > turn.now_ms
        });
        if let Some(next_ms) = waiting.map(|it| it.queued.not_before_ms).min() {
            self.wake_at(next_ms, turn);
        }
    }

    fn under_way(&self) -> usize {
        let awaits = |it: &&PendingDelivery| it.phase == Phase::AwaitingFormat;
        self.requests + self.pending.iter().filter(awaits).count()
    }

    /// Whether the document of this format is there; sees to it that it comes.
    pub(super) fn has_format(&mut self, format: RequestFormat, turn: &mut Turn<'_>) -> bool {
        if self.formats.iter().any(|(known, _)| *known == format) {
            return true;
        }
        let Some(text) = built_in_document(format) else {
            if !self.fetching.contains(&format) {
                self.fetching.push(format);
                turn.push(Effect::FetchFormat { format });
            }
            return false;
        };
        // Of the response as it is, nothing needs to be said.
        let document = if text.is_empty() { None } else { turn.world.parse_json(text) };
        self.formats.push((format, document.unwrap_or(Json::Null)));
        true
    }

    /// A document has come, or will not.
    pub(super) fn take_format(
        &mut self,
        format: RequestFormat,
        document: Option<Json>,
        turn: &mut Turn<'_>,
    ) {
        self.fetching.retain(|it| *it != format);
        let is_there = document.is_some();
        self.formats.extend(document.map(|document| (format, document)));
        let awaits =
            |it: &PendingDelivery| it.phase == Phase::AwaitingFormat && it.queued.format == format;
        while let Some(at) = self.pending.iter().position(awaits) {
            let mut pending = self.pending.swap_remove(at);
            if is_there {
                self.post(&mut pending, turn);
                self.pending.push(pending);
            } else {
                self.conclude(pending, HttpResult::NoAnswer, &[], turn);
            }
        }
    }

    fn post(&mut self, pending: &mut PendingDelivery, turn: &mut Turn<'_>) {
        let queued = &pending.queued;
        let known = self.formats.iter().find(|(format, _)| *format == queued.format);
        let document = known.map_or(&Json::Null, |(_, document)| document);
        // A response that is sent as it is need not be read.
        let body = document.get("body").and_then(|_| turn.world.parse_json(&queued.body));
        let mut request = HttpRequest::new(document, queued, &body.unwrap_or(Json::Null));
        // Another origin's preflight might refuse the header.
        if self.is_same_origin(&request.url) && !request.is_opaque {
            request.headers.push(("idempotency-key".to_owned(), queued.id.clone()));
        }
        let attempt =
            AttemptId { id: queued.id.clone(), revision: queued.revision, epoch: self.epoch };
        let is_keepalive = queued.attempts % 2 == 1;
        self.requests += 1;
        pending.phase = Phase::InFlight { accepts: request.accepts.clone() };
        turn.push(Effect::Post { attempt, request: Box::new(request), is_keepalive });
    }

    /// A request is over.
    pub(super) fn answered(
        &mut self,
        attempt: &AttemptId,
        result: HttpResult,
        turn: &mut Turn<'_>,
    ) {
        if attempt.epoch != self.epoch {
            return;
        }
        self.requests = self.requests.saturating_sub(1);
        let Some(mut pending) = self.take(&attempt.id) else { return self.run(turn) };
        let phase = std::mem::replace(&mut pending.phase, Phase::Waiting);
        match phase {
            Phase::InFlight { accepts } if pending.queued.revision == attempt.revision => {
                self.conclude(pending, result, &accepts, turn);
            }
            // A later revision is here, and has its own way.
            phase => {
                pending.phase = phase;
                self.pending.push(pending);
                self.run(turn);
            }
        }
    }

    /// Notes how an attempt ended, in storage; what is not over yet is told when storage has it.
    fn conclude(
        &mut self,
        mut pending: PendingDelivery,
        result: HttpResult,
        accepts: &[u16],
        turn: &mut Turn<'_>,
    ) {
        let queued = &mut pending.queued;
        let confirm = if queued.confirms_id { Confirm::Id } else { Confirm::Status };
        let outcome = AttemptOutcome::of(result, accepts, &queued.id, confirm);
        let disposition = queued.settle(&outcome, turn.now_ms, turn.world.random(), self.version);
        match disposition {
            Disposition::Delivered | Disposition::Expired => {
                self.finish(&pending, disposition, turn);
            }
            Disposition::Retry | Disposition::SetAside if pending.is_elsewhere(turn) => {
                self.run(turn);
            }
            Disposition::Retry | Disposition::SetAside => {
                let (storage, queued) = (pending.storage, Box::new(pending.queued.clone()));
                turn.push(Effect::Write { storage, queued });
                pending.phase = Phase::Concluded(outcome, disposition);
                self.pending.push(pending);
            }
        }
    }

    /// A response is over, well or badly.
    fn finish(&mut self, pending: &PendingDelivery, disposition: Disposition, turn: &mut Turn<'_>) {
        let (storage, id) = (pending.storage, pending.queued.id.clone());
        if !pending.is_superseded(turn) {
            turn.push(Effect::Remove { storage, id });
        }
        if disposition == Disposition::Expired {
            self.warn_of_loss(&pending.queued, "could not be delivered for thirty days", turn);
            let reason = FailureReason::Expired;
            let status = DeliveryStatus::Failed { reason, status: None, is_kept: false };
            self.tell(&pending.queued, status, turn);
            return self.run(turn);
        }
        self.tell(&pending.queued, DeliveryStatus::Delivered, turn);
        self.run(turn);
        // There is room for more of what was left behind.
        if self.is_anything_left(Some(&pending.queued.id), turn) {
            self.flush(turn);
        }
    }

    /// A response was written. If its attempt is over, that is told now: whether it outlives the page is known.
    pub(super) fn written(&mut self, id: &str, is_kept: bool, turn: &mut Turn<'_>) {
        let Some(mut pending) = self.take(id) else { return };
        pending.is_kept = is_kept;
        match std::mem::replace(&mut pending.phase, Phase::Waiting) {
            Phase::Concluded(AttemptOutcome::Refused(answer), _) => {
                self.warn_of_failure(&pending.queued, &answer.in_words(), turn);
                let (reason, status) = (FailureReason::Refused, Some(answer.status));
                let status = DeliveryStatus::Failed { reason, status, is_kept };
                self.tell(&pending.queued, status, turn);
            }
            Phase::Concluded(outcome, _) => {
                self.tell(&pending.queued, DeliveryStatus::Waiting { is_kept }, turn);
                self.explain(&mut pending, outcome, turn);
                self.pending.push(pending);
            }
            phase => {
                pending.phase = phase;
                return self.pending.push(pending);
            }
        }
        self.run(turn);
    }

    pub(super) fn tell(
        &self,
        queued: &QueuedResponse,
        status: DeliveryStatus,
        turn: &mut Turn<'_>,
    ) {
        let (survey, id) = (queued.survey().to_owned(), queued.id.clone());
        turn.push(Effect::Tell { survey, id, status });
    }
}
