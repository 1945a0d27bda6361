//! From a response to its endpoint.

use crate::browser::{self, Request};
use sondeo_model::{Outcome, Response, Verdict};

/// How a delivery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The endpoint has it.
    Delivered,
    /// The endpoint will not take it, or could not be reached; the status, where there was an answer.
    Failed(Option<u16>),
}

/// Sends this revision of a response, again while the schedule says so, and reports how it ended.
pub(crate) fn deliver(endpoint: String, response: &Response, ended: impl FnOnce(Ending) + 'static) {
    let id = response.id.to_text();
    let body = response.to_json();
    browser::spawn(async move {
        let mut attempt = 1;
        loop {
            let outcome = browser::post(Request { url: &endpoint, id: &id, body: &body }).await;
            match outcome.verdict(attempt, browser::random()[0]) {
                Verdict::Acknowledged => return ended(Ending::Delivered),
                Verdict::GivenUp => {
                    return ended(Ending::Failed(match outcome {
                        Outcome::Answered { status, .. } => Some(status),
                        Outcome::Unreachable => None,
                    }));
                }
                Verdict::Again(wait) => browser::sleep(wait.as_millis()).await,
            }
            attempt += 1;
        }
    });
}
