//! From a response to the outbox, at the moment it is given; from there, the sender delivers it.
//!
//! Nothing that may come later stands between an answer and its storage: what writes it is part of the engine. The
//! sender is a program of its own (`src/bin/sender.rs`), which comes after the survey; until then, the page's half
//! (`loader/link.js`) keeps what is said to it.

pub(crate) mod outbox;

use crate::browser::{self, Message, StatusListener};
use sondeo_delivery::{
    CLAIM_MS, DeliveryStatus, HOLD_MS, QueuedResponse, WaitReason, is_final_only,
};
use sondeo_model::{Confirm, Delivery, RequestFormat, Response, Status};
use std::rc::Rc;

/// Who wants to hear what became of a response.
pub(crate) type OnStatus = Rc<dyn Fn(DeliveryStatus)>;

/// Delivers this revision of a response, in place of any earlier one. `None` hears nothing.
pub(crate) fn deliver(
    endpoint: &str,
    delivery: &Delivery,
    response: &Response,
    on_status: Option<OnStatus>,
) {
    let format = delivery.format(endpoint);
    let now_ms = browser::now().as_millis();
    let is_held = is_final_only(format) && response.status != Status::Completed;
    let queued = QueuedResponse {
        id: response.id.to_text(),
        endpoint: endpoint.to_owned(),
        format,
        headers: delivery.headers.clone(),
        fields: delivery.fields.clone(),
        confirms_id: delivery.confirm == Confirm::Id,
        revision: response.revision,
        is_answered: !response.answers.is_empty(),
        attempts: 0,
        born_ms: now_ms,
        // Claimed by writing it: no other tab sends it meanwhile.
        not_before_ms: now_ms + if is_held { HOLD_MS } else { CLAIM_MS },
        wait: if is_held { WaitReason::Held } else { WaitReason::Claimed },
        refused_by: String::new(),
        body: response.to_json(),
    };
    let (storage, text) = (delivery.storage, queued.write());
    let is_kept = outbox::put(storage, &queued.id, &text);
    let listener = on_status.map(StatusListener::new);
    Message::Deliver { id: queued.id, text, storage, is_kept, listener }.send();
}

/// What waited for further answers waits no longer, of this response or of all.
pub(crate) fn release(id: Option<&str>) {
    Message::Release(id.map(str::to_owned)).send();
}

/// Whether all that the page asks for has the visitor's consent: without, what other pages have left is not looked at.
pub(crate) fn permit(is_permitted: bool) {
    let is_anything_left = is_permitted && !outbox::is_empty();
    Message::Permit { is_permitted, is_anything_left }.send();
}

/// Forgets everything that was to be delivered, and ends what is under way: the visitor wants it so.
pub(crate) fn forget() {
    outbox::clear();
    Message::Forget.send();
}

/// Ends what is under way, and delivers no more of what is known here.
pub(crate) fn stop() {
    Message::Stop.send();
}

/// Fetches what this format needs before it is needed.
pub(crate) fn prepare(format: RequestFormat) {
    Message::Prepare(format).send();
}
