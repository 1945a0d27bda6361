//! From a response to its endpoint, on this page view or a later one.
//!
//! A response is in the outbox before it is sent, and leaves the outbox when the endpoint has acknowledged it. A page
//! sends its own responses at once; what other pages have left behind is sent by one tab that is in sight. Each
//! attempt begins by claiming the queued response for a while, in the storage that all tabs share: no tab that dies
//! takes an answer along, and no two tabs send the same one at the same time.
//!
//! Pure: no browser, no clock, no random source. [`Sender`] takes an [`Input`] and gives [`Effect`]s; what it reads,
//! it reads from an [`Environment`]. The simulation in `tests/simulation.rs` runs this very machine.

mod attempt;
mod failure;
mod outbox;
mod queued_response;
mod request;
mod retry;
mod sender;
mod status;

pub use attempt::{AttemptOutcome, Disposition, EndpointAnswer, HttpResult};
pub use failure::FailureReason;
pub use outbox::{MOST_BYTES, MOST_ENTRIES, OutboxItem, loss_line, surplus};
pub use queued_response::{
    CLAIM_MS, HOLD_MS, LONGEST_AGE_MS, PREFIX, QueuedResponse, Stored, WaitReason,
};
pub use request::{HttpRequest, built_in_document, is_final_only};
pub use retry::{ATTEMPTS_PER_PAGE, backoff_ms, retry_after};
pub use sender::{
    AdoptionLock, AttemptId, Effect, Environment, Input, MOST_REQUESTS, Probe, Sender,
};
pub use status::DeliveryStatus;
