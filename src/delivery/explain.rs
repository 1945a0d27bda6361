//! Why an endpoint does not take responses, in words that somebody can act on.

use crate::browser::{self, Probe};
use sondeo_model::limits::clip;
use sondeo_model::outbox::QueuedResponse;
use sondeo_model::{RequestFormat, format_int};
use std::cell::RefCell;

/// What is known of an attempt that failed.
pub(super) enum Cause {
    /// There was no answer.
    Nothing,
    /// It leads elsewhere.
    Redirect,
    /// Something answered that does not know the response.
    NotOurs,
    /// The endpoint's answer.
    Answer(u16, String),
}

/// A reason in a word, the status where there was an answer, and a line for the console; an empty line was said
/// before.
pub(super) type Found = Box<dyn FnOnce(&'static str, Option<u16>, String)>;

struct State {
    /// What the page's policy has refused.
    refused: Vec<String>,
    /// What was said already.
    said: Vec<String>,
}

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State { refused: Vec::new(), said: Vec::new() }) };
}

const REASONS: &[(&str, &str)] = &[
    (
        "policy",
        "the page's content security policy forbids it (add the endpoint's origin to connect-src)",
    ),
    ("mixed-content", "a page on https may not post to http (give the endpoint an https address)"),
    (
        "redirect",
        "it redirects, and a browser would lose the answer on the way (name the address that it leads to)",
    ),
    (
        "preflight",
        "it answers, but refuses the browser's preflight, or breaks off (answer OPTIONS with access-control-allow-origin and access-control-allow-headers, or try data-format=\"text\")",
    ),
    (
        "cors",
        "it answers without access-control-allow-origin for this page (let it name the page's origin, to OPTIONS as well, or try data-format=\"text\")",
    ),
    (
        "unconfirmed",
        "something answers there that does not repeat the response's id, as data-confirm=\"id\" asks for",
    ),
    (
        "unreachable",
        "nothing answers there (is the address right, and the server up? A blocker in the visitor's browser looks the same)",
    ),
    ("offline", "this browser is offline"),
];

/// Listens to what the page's policy refuses.
pub(super) fn start() {
    let note = |refused: String| STATE.with_borrow_mut(|state| state.refused.push(refused));
    browser::on_refusal(Box::new(note));
}

/// Whether somebody should look into it, before all attempts are over.
pub(super) fn is_puzzling(cause: &Cause) -> bool {
    !matches!(cause, Cause::Answer(..)) && browser::is_online()
}

/// The endpoint's own words for not taking a response.
pub(super) fn refusal(cause: &Cause) -> (Option<u16>, String) {
    let Cause::Answer(status, text) = cause else { return (None, String::new()) };
    let status_text = format_int((*status).into());
    let text = clip(text.trim(), 200);
    let gap = if text.is_empty() { "" } else { " " };
    (Some(*status), ["it answers ", &status_text, gap, text].concat())
}

/// Finds out why an attempt failed that will be repeated.
pub(super) fn find(entry: &QueuedResponse, cause: Cause, found: Found) {
    if let Cause::Answer(..) = &cause {
        let (status, line) = refusal(&cause);
        return found("unavailable", status, line);
    }
    let endpoint = entry.endpoint.clone();
    let is_refused = STATE.with_borrow(|state| {
        state.refused.iter().any(|refused| endpoint.starts_with(refused.as_str()))
    });
    let reason = match cause {
        Cause::Redirect => "redirect",
        Cause::NotOurs => "unconfirmed",
        _ if is_refused => "policy",
        _ if browser::is_mixed(&endpoint) => "mixed-content",
        _ if !browser::is_online() => "offline",
        // Services are known to answer; and what is fetched for them may be what did not come.
        _ if entry.format.is_final_only() => "unreachable",
        _ => {
            let is_ours = browser::is_same_origin(&endpoint);
            let needs_preflight = entry.format == RequestFormat::Json && !is_ours;
            let decide = move |probe| {
                let reason = match probe {
                    Probe::Redirects => "redirect",
                    Probe::Readable if needs_preflight => "preflight",
                    Probe::Closed => "cors",
                    Probe::Readable | Probe::Silent => "unreachable",
                };
                say(reason, &endpoint, found);
            };
            return browser::probe(&entry.endpoint, Box::new(decide));
        }
    };
    say(reason, &endpoint, found);
}

/// Once for each endpoint.
fn say(reason: &'static str, endpoint: &str, found: Found) {
    let (reason, line) = REASONS.iter().find(|it| it.0 == reason).unwrap_or(&REASONS[6]);
    let key = [*reason, endpoint].concat();
    let is_new = STATE.with_borrow_mut(|state| {
        let is_new = !state.said.contains(&key);
        if is_new {
            state.said.push(key);
        }
        is_new
    });
    found(reason, None, if is_new { (*line).to_owned() } else { String::new() });
}
