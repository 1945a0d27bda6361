//! From a response to its endpoint.

use crate::browser::{self, Request};
use sondeo_model::{Outcome, Response, Verdict};
use std::rc::Rc;

/// How a delivery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The endpoint has it.
    Delivered,
    /// The endpoint will not take it, or could not be reached; the status, where there was an answer.
    Failed(Option<u16>),
}

/// Sends this revision of a response, again while the schedule says so, and reports how it ended.
pub(crate) fn deliver(endpoint: String, response: &Response, ended: Box<dyn FnOnce(Ending)>) {
    let request = Request { url: endpoint, id: response.id.to_text(), body: response.to_json() };
    // Not while the page is on the stack: where it goes elsewhere now, Firefox would end the request.
    browser::soon(Box::new(move || attempt(1, Rc::new(request), ended)));
}

fn attempt(number: u32, request: Rc<Request>, ended: Box<dyn FnOnce(Ending)>) {
    let sent = Rc::clone(&request);
    let decide = move |outcome: Outcome| match outcome.verdict(number, browser::random()[0]) {
        Verdict::Acknowledged => ended(Ending::Delivered),
        Verdict::Again(wait) => {
            let again = move || attempt(number + 1, request, ended);
            // Goes on after its survey has left the page.
            browser::after(wait.as_millis(), Box::new(again)).forget();
        }
        Verdict::GivenUp => ended(Ending::Failed(match outcome {
            Outcome::Answered { status, .. } => Some(status),
            Outcome::Unreachable => None,
        })),
    };
    browser::post(&sent, Box::new(decide));
}
