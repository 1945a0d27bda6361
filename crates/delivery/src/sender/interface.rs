//! What goes into the machine, what comes out of it, and what it may read.

use crate::{DeliveryStatus, HttpRequest, HttpResult, QueuedResponse};
use sondeo_model::json::Json;
use sondeo_model::{RequestFormat, StorageKind};

/// What the machine reads while it handles an input. Nothing here changes anything.
pub trait Environment {
    /// The wall clock, in milliseconds since 1970.
    fn now_ms(&self) -> i64;
    /// A number from 0 to 255, uniform.
    fn random(&self) -> u8;
    /// Whether the browser believes that it has a network.
    fn is_online(&self) -> bool;
    /// Whether somebody sees the page.
    fn is_visible(&self) -> bool;
    /// The ids of all responses that this storage holds.
    fn stored_ids(&self, storage: StorageKind) -> Vec<String>;
    /// The text that this storage holds of the response with this id.
    fn stored(&self, storage: StorageKind, id: &str) -> Option<String>;
    /// Reads JSON; `None` where the text is none.
    fn parse_json(&self, text: &str) -> Option<Json>;
}

/// One request: whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptId {
    /// The response's id.
    pub id: String,
    /// The revision that was sent.
    pub revision: u32,
    /// The machine's epoch when it was sent.
    pub epoch: u32,
}

/// What the tab that wants to adopt was told about all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdoptionLock {
    /// No other tab adopts until the effects of this input are done.
    Acquired,
    /// Another tab is adopting.
    Busy,
}

/// What an address does with a request that anybody may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// It leads elsewhere.
    Redirects,
    /// It lets this page read its answer.
    Readable,
    /// It answers, but not for this page.
    Closed,
    /// There is no answer.
    Silent,
}

/// What has happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// This page has a response to deliver. It stands in `storage` already where `is_kept`.
    Deliver {
        /// The response.
        queued: Box<QueuedResponse>,
        /// Where it is, or is to be, kept.
        storage: StorageKind,
        /// Whether it outlives the page.
        is_kept: bool,
    },
    /// Whoever was on the stack is done: the answer to [`Effect::Defer`].
    Run,
    /// No further answers are expected, of one response or of all.
    Release {
        /// The response's id; `None` for all.
        id: Option<String>,
    },
    /// Whether all that the page asks for has the visitor's consent: without, what other pages have left is not even
    /// looked at.
    Permit {
        /// Whether it has.
        is_permitted: bool,
    },
    /// Deliver no more of what is known here.
    Stop,
    /// Forget all that was to be delivered, from every page: the visitor wants it so.
    Forget,
    /// A survey stands there whose endpoint wants this format.
    Prepare {
        /// The format.
        format: RequestFormat,
    },
    /// The document of a format; none where it cannot be had. The answer to [`Effect::FetchFormat`].
    Format {
        /// The format.
        format: RequestFormat,
        /// Its document.
        document: Option<Json>,
    },
    /// The page came into sight, or came back.
    PageSeen,
    /// The network came back.
    Online,
    /// The answer to [`Effect::SetTimer`].
    TimerRang,
    /// The answer to [`Effect::RequestAdoption`].
    Adoption(AdoptionLock),
    /// The answer to [`Effect::Write`].
    Written {
        /// The response's id.
        id: String,
        /// Whether it outlives the page.
        is_kept: bool,
    },
    /// The answer to [`Effect::Post`].
    Answered {
        /// Whose request it was.
        attempt: AttemptId,
        /// What came of it.
        result: HttpResult,
    },
    /// The answer to [`Effect::Probe`].
    Probed {
        /// The id of the response that could not be delivered.
        id: String,
        /// What its endpoint does.
        probe: Probe,
    },
    /// The page's policy has kept a script from reaching this address.
    UrlBlocked {
        /// The address, or its origin.
        url: String,
    },
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write a response into storage, where [`StorageKind::None`] keeps nothing; then [`Input::Written`].
    Write {
        /// Where.
        storage: StorageKind,
        /// What.
        queued: Box<QueuedResponse>,
    },
    /// Remove a response from storage.
    Remove {
        /// Where.
        storage: StorageKind,
        /// Its id.
        id: String,
    },
    /// Remove every response from every storage.
    RemoveAll,
    /// Give [`Input::Run`] once whoever is on the stack is done: where a page goes elsewhere in the same task, Firefox
    /// ends a request that still waits for its preflight (fault table, "the page navigates at the moment of the
    /// answer").
    Defer,
    /// Find out whether another tab adopts at this moment; then [`Input::Adoption`]. Nobody waits for the other tab.
    RequestAdoption,
    /// Give [`Input::TimerRang`] after so many milliseconds, in place of any timer that runs.
    SetTimer {
        /// The milliseconds.
        after_ms: u64,
    },
    /// Make a request; then [`Input::Answered`].
    Post {
        /// Whose it is.
        attempt: AttemptId,
        /// What to send.
        request: Box<HttpRequest>,
        /// Whether the request may outlive the page. Browsers keep few such bytes and refuse more, so that every
        /// second attempt goes without.
        is_keepalive: bool,
    },
    /// End every request and the timer.
    Abort,
    /// Fetch the document of a format; then [`Input::Format`].
    FetchFormat {
        /// The format.
        format: RequestFormat,
    },
    /// Ask an address, without anything that concerns a visitor, what it does with this page; then [`Input::Probed`].
    Probe {
        /// The id of the response that could not be delivered.
        id: String,
        /// The address.
        url: String,
    },
    /// Tell what became of a response: its survey, where that is still on the page, or else the page.
    Tell {
        /// The survey's id.
        survey: String,
        /// The response's id.
        id: String,
        /// What became of it.
        status: DeliveryStatus,
    },
    /// Write one line on the console.
    Warn {
        /// The line.
        line: String,
    },
}
