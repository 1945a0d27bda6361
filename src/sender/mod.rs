//! The sender on a page: tells the machine of `sondeo-delivery` what happens, and does what the machine wants done.
//!
//! It is a program of its own, without Leptos, which comes after the survey, or alone where an answer is left over
//! from an earlier page.

mod adoption;
mod world;

use crate::browser::{self, End, Message, StatusListener, Timer};
use crate::delivery::outbox;
use sondeo_delivery::{DeliveryStatus, Effect, Input, PREFIX, QueuedResponse, Sender, Stored};
use sondeo_model::json::Writer;
use std::cell::RefCell;
use std::collections::VecDeque;
use world::World;

/// The machine, and what its effects hold of the browser.
struct State {
    machine: Sender,
    /// What happened while an effect was being done.
    inputs: VecDeque<Input>,
    is_busy: bool,
    /// What ends the requests of this page view; it does nothing to those that are over.
    ends: Vec<End>,
    timer: Option<Timer>,
    /// By response, who hears what became of it.
    listeners: Vec<(String, StatusListener)>,
    /// What the address of a format's document begins with.
    base_url: String,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::new(State {
        machine: Sender::new(crate::VERSION, browser::origin()),
        inputs: VecDeque::new(),
        is_busy: false,
        ends: Vec::new(),
        timer: None,
        listeners: Vec::new(),
        base_url: String::new(),
    });
}

/// Starts the sender on this page; it runs until the page goes. Whatever was left behind, by this page or another, goes
/// when there is hope for it, once that is permitted.
///
/// Expects the loader's `window.sondeo`, and does nothing without it.
pub fn start() {
    browser::take_messages(Box::new(take));
    browser::on_refusal(Box::new(|url| take_in(Input::UrlBlocked { url })));
    let window = browser::window();
    let document = browser::document();
    let follow = |target: &browser::Target, name: &'static str, input: Input| {
        let hear = move |_: &_| take_in(input.clone());
        browser::listen(target, name, Box::new(hear)).forget();
    };
    follow(&window, "online", Input::Online);
    follow(&window, "pageshow", Input::PageSeen);
    // What is held for further answers goes with the page that would have given them.
    follow(&window, "pagehide", Input::Release { id: None });
    follow(&document, "visibilitychange", Input::PageSeen);
    follow(&document, "prerenderingchange", Input::PageSeen);
}

/// Takes one message of the engine, or of the page's half.
fn take(message: Message) {
    take_in(match message {
        Message::BaseUrl(url) => return with(|state| state.base_url = url),
        Message::Deliver { id, text, storage, is_kept, listener } => {
            // As the engine of the same version has just written it.
            let Stored::Response(queued) = QueuedResponse::read(&id, &text) else { return };
            with(|state| {
                state.listeners.retain(|(known, _)| *known != id);
                state.listeners.extend(listener.map(|listener| (id, listener)));
            });
            Input::Deliver { queued, storage, is_kept }
        }
        Message::Release(id) => Input::Release { id },
        Message::Permit { is_permitted, .. } => Input::Permit { is_permitted },
        Message::Forget => Input::Forget,
        Message::Stop => Input::Stop,
        Message::Prepare(format) => Input::Prepare { format },
    });
}

/// Tells the machine, and does what it wants done.
fn take_in(input: Input) {
    let is_busy = with(|state| {
        state.inputs.push_back(input);
        std::mem::replace(&mut state.is_busy, true)
    });
    // Whoever is at it goes on with this.
    if is_busy {
        return;
    }
    while let Some(input) = with(|state| state.inputs.pop_front()) {
        for effect in with(|state| state.machine.handle(input, &World)) {
            perform(effect);
        }
    }
    with(|state| state.is_busy = false);
}

fn perform(effect: Effect) {
    match effect {
        Effect::Write { storage, queued } => {
            let is_kept = outbox::put(storage, &queued.id, &queued.write());
            let id = queued.id;
            with(|state| state.inputs.push_back(Input::Written { id, is_kept }));
        }
        Effect::Remove { storage, id } => {
            browser::Storage::of(storage).remove(&[PREFIX, &id].concat());
        }
        Effect::RemoveAll => outbox::clear(),
        Effect::Defer => browser::defer(Box::new(|| take_in(Input::Run))),
        Effect::RequestAdoption => adoption::request(),
        Effect::SetTimer { after_ms } => {
            let timer = browser::after(after_ms, Box::new(|| take_in(Input::TimerRang)));
            with(|state| state.timer = Some(timer));
        }
        Effect::Post { attempt, request, is_keepalive } => {
            let done = move |result| take_in(Input::Answered { attempt, result });
            let end = browser::post(&request, is_keepalive, Box::new(done));
            with(|state| state.ends.extend(end));
        }
        Effect::Abort => {
            let ends = with(|state| {
                state.timer = None;
                std::mem::take(&mut state.ends)
            });
            ends.iter().for_each(End::abort);
        }
        Effect::FetchFormat { format } => {
            let url = with(|state| [&state.base_url, format.as_str(), ".json"].concat());
            let done = move |text: Option<String>| {
                let document = text.and_then(|text| browser::parse(&text).ok());
                take_in(Input::Format { format, document });
            };
            browser::fetch(&url, Box::new(done));
        }
        Effect::Probe { id, url } => {
            let done = move |probe| take_in(Input::Probed { id, probe });
            browser::probe(&url, Box::new(done));
        }
        Effect::Tell { survey, id, status } => tell(&survey, &id, status),
        Effect::Warn { line } => browser::console_warn(&line),
    }
}

/// Tells the survey; where it has gone, with the page that it stood on, the page that has come.
fn tell(survey: &str, id: &str, status: DeliveryStatus) {
    let listener = with(|state| {
        let found = state.listeners.iter().find(|(known, _)| known == id);
        found.map(|(_, listener)| listener.clone())
    });
    if let Some(listener) = listener {
        return listener.tell(status);
    }
    let mut detail = Writer::default();
    detail.open('{');
    detail.member("survey", survey);
    detail.member("id", id);
    let name = match status {
        DeliveryStatus::Delivered => "sondeo:delivered",
        DeliveryStatus::Waiting { .. } => return,
        DeliveryStatus::Failed { reason, status, .. } => {
            detail.member("reason", reason.as_str());
            if let Some(status) = status {
                detail.number("status", status.into());
            }
            "sondeo:failed"
        }
    };
    detail.close('}');
    let detail = detail.finish();
    // The page may do anything when it hears it.
    browser::defer(Box::new(move || browser::dispatch(&browser::document(), name, &detail)));
}

fn with<T>(act: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(act)
}
