//! From a response to its endpoint, on this page view or a later one.
//!
//! A response is in the outbox before it is sent, and leaves it when the endpoint has acknowledged it. Whoever has
//! written an entry sends it at once; what others have left behind is sent by one tab that is in sight. Each attempt
//! begins by claiming the entry for a while, in the storage that all tabs share: no tab that dies takes an answer
//! along, and no two send the same one at the same time.

mod documents;
mod explain;
mod store;

use crate::browser::{self, End, Reply, Timer};
use explain::Cause;
use sondeo_model::outbox::{CLAIM, Fate, HOLD, QueuedResponse, RetryAt};
use sondeo_model::preset::HttpRequest;
use sondeo_model::{
    ATTEMPTS_PER_PAGE, Confirm, Delivery, Outcome, Response, ResponseId, Status, StorageKind,
    Timestamp, find_substring,
};
use std::cell::RefCell;
use std::rc::Rc;

pub(crate) use documents::{prepare, set_base_url};

/// Requests under way at one time.
const AT_ONCE: usize = 4;
/// What a tab may wait for others to finish, where browsers have no locks.
const SETTLING_MS: u64 = 100;
/// When to look again where another tab is at it: it may be a page that is just being left.
const BUSY: i64 = 2_000;
/// No timer of ours is longer: a computer that sleeps stops it.
const LONGEST_TIMER: i64 = 600_000;

/// What became of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum News {
    /// The endpoint has it, as far as it says so.
    Delivered,
    /// Not yet; whether it outlives the page until it is.
    Waits(bool),
    /// Something is wrong that somebody has to see to: a word for it, the status where there was an answer, and
    /// whether it is kept until then.
    Failed(&'static str, Option<u16>, bool),
}

/// Who wants to hear what became of a response.
pub(crate) type Hear = Rc<dyn Fn(News)>;

/// A response that this page view is about to deliver.
struct Parcel {
    entry: QueuedResponse,
    place: StorageKind,
    /// Whether it outlives the page.
    is_kept: bool,
    /// Whether a request is under way.
    is_sent: bool,
    /// Attempts on this page view.
    attempts: u32,
    /// Whether it was said that something is wrong.
    is_told: bool,
    hear: Option<Hear>,
}

struct State {
    /// Whether the visitor's storage may be looked into for what others have left behind.
    is_permitted: bool,
    parcels: Vec<Parcel>,
    /// What ends the requests of this page view; it does nothing to those that are over.
    ends: Vec<End>,
    under_way: usize,
    /// When it rings, and what rings.
    timer: Option<(i64, Timer)>,
    /// Changes when everything is forgotten: what is under way then means nothing any more.
    epoch: u32,
}

thread_local! {
    static STATE: RefCell<State> = const {
        RefCell::new(State {
            is_permitted: false,
            parcels: Vec::new(),
            ends: Vec::new(),
            under_way: 0,
            timer: None,
            epoch: 0,
        })
    };
}

/// Follows the browser: whatever was left behind, by this page or another, goes when there is hope for it, once it
/// is permitted.
///
/// To be called once.
pub(crate) fn start() {
    explain::start();
    let window = browser::window();
    for (name, is_back) in [("online", true), ("pageshow", false)] {
        browser::listen(&window, name, Box::new(move |_| flush(is_back))).forget();
    }
    let hold_no_longer = |_: &_| release(None);
    browser::listen(&window, "pagehide", Box::new(hold_no_longer)).forget();
    let document = browser::document();
    for name in ["visibilitychange", "prerenderingchange"] {
        browser::listen(&document, name, Box::new(|_| flush(false))).forget();
    }
}

/// Whether all that the page asks for has the visitor's consent: without, what is stored is not even looked at.
pub(crate) fn permit(is_permitted: bool) {
    let was = with(|state| std::mem::replace(&mut state.is_permitted, is_permitted));
    if is_permitted && !was {
        flush(false);
    }
}

/// Delivers this revision of a response, in place of any earlier one that is still here. `None` hears nothing.
pub(crate) fn deliver(
    endpoint: &str,
    delivery: &Delivery,
    response: &Response,
    hear: Option<Hear>,
) {
    let format = delivery.format(endpoint);
    let now = now();
    let id = response.id.to_text();
    let place = delivery.storage;
    let is_held = format.is_final_only() && response.status != Status::Completed;
    let mut entry = QueuedResponse {
        endpoint: endpoint.to_owned(),
        format,
        headers: delivery.headers.clone(),
        fields: delivery.fields.clone(),
        confirms_id: delivery.confirm == Confirm::Id,
        revision: response.revision,
        is_answered: !response.answers.is_empty(),
        attempts: 0,
        born: now,
        not_before: now + if is_held { HOLD } else { CLAIM },
        wait: if is_held { RetryAt::Held } else { RetryAt::Claimed },
        refused_by: String::new(),
        body: response.to_json(),
        id,
    };
    let before = with(|state| {
        let at = state.parcels.iter().position(|it| it.entry.id == entry.id);
        at.map(|at| state.parcels.swap_remove(at))
    });
    // One more for this one, however often the earlier was tried.
    let attempts = before.as_ref().map_or(0, |it| it.attempts.min(ATTEMPTS_PER_PAGE - 1));
    if let Some(before) = before {
        entry.born = before.entry.born;
        if before.entry.wait == RetryAt::RetryAfter {
            entry.wait = RetryAt::RetryAfter;
            entry.not_before = before.entry.not_before;
        }
    }
    let (is_kept, dropped) = store::put(place, &entry);
    for entry in &dropped {
        report_lost(entry, "is dropped: too many wait to be delivered");
    }
    // Claimed by writing it: nobody else sends it, and we do at once.
    if entry.wait == RetryAt::Claimed {
        entry.not_before = now;
    }
    let parcel = Parcel { entry, place, is_kept, is_sent: false, attempts, is_told: false, hear };
    with(|state| state.parcels.push(parcel));
    // Not while the page is on the stack: where it goes elsewhere now, Firefox would end the request.
    browser::defer(Box::new(run));
}

/// What waited for further answers waits no longer, of this response or of all.
pub(crate) fn release(id: Option<&str>) {
    with(|state| {
        for parcel in &mut state.parcels {
            if parcel.entry.wait == RetryAt::Held && id.is_none_or(|id| id == parcel.entry.id) {
                parcel.entry.wait = RetryAt::BackOff;
                parcel.entry.not_before = 0;
            }
        }
    });
    run();
}

/// Forgets everything that was to be delivered, and ends what is under way: the visitor wants it so.
pub(crate) fn forget() {
    stop();
    for place in store::PLACES {
        store::clear(*place);
    }
}

/// Ends what is under way, and delivers no more of what is known here.
pub(crate) fn stop() {
    let ends = with(|state| {
        state.parcels.clear();
        state.timer = None;
        state.epoch += 1;
        state.under_way = 0;
        std::mem::take(&mut state.ends)
    });
    ends.iter().for_each(End::abort);
}

/// Sends what may be sent now: first what is ours, then what was left behind. `is_back` says that the network is.
fn flush(is_back: bool) {
    if is_back {
        with(|state| {
            for parcel in &mut state.parcels {
                parcel.attempts = 0;
                if matches!(parcel.entry.wait, RetryAt::BackOff | RetryAt::Old) {
                    parcel.entry.not_before = 0;
                }
            }
        });
    }
    run();
    // What stands in a tab that nobody sees can wait for one that somebody does: twenty tabs that come back
    // together do not rush to the endpoint. A page that is only being prepared may never be seen.
    if !with(|state| state.is_permitted) || !browser::is_visible() || store::is_empty() {
        return;
    }
    let adopt = move |is_free: bool| {
        if is_free {
            adopt(is_back);
        } else {
            wake_at(now() + BUSY, now());
        }
    };
    if !browser::exclusively("sondeo.out", Box::new(adopt)) {
        // Whoever writes last has it; the others see so when everybody has written.
        let id = ResponseId::new(browser::now().as_millis().unsigned_abs(), browser::random());
        let mine = id.to_text();
        store::write_lease(&mine);
        let check = move || adopt(store::holds_lease(&mine));
        browser::after(SETTLING_MS, Box::new(check)).forget();
    }
}

/// Takes on what others have left behind and nobody is sending, as much as can be sent at once.
fn adopt(is_back: bool) {
    let now = now();
    let mut next: Option<i64> = None;
    for place in store::PLACES {
        for mut entry in store::entries(*place) {
            let is_ours = with(|state| state.parcels.iter().any(|it| it.entry.id == entry.id));
            let Some(wait) = entry.waits(now, crate::VERSION, is_back) else {
                if entry.is_stale(now) {
                    report_lost(&entry, "was refused for thirty days");
                    store::remove(*place, &entry);
                }
                continue;
            };
            if is_ours {
                continue;
            }
            let is_full =
                with(|state| state.parcels.iter().filter(|it| it.is_due(now)).count() >= AT_ONCE);
            if wait > 0 || is_full {
                next = Some(next.map_or(wait.max(1_000), |it| it.min(wait.max(1_000))));
                continue;
            }
            let was = (entry.wait, entry.not_before);
            entry.wait = if was.0 == RetryAt::Old { RetryAt::Old } else { RetryAt::Claimed };
            entry.not_before = now + CLAIM;
            store::put(*place, &entry);
            entry.not_before = now;
            let parcel = Parcel {
                entry,
                place: *place,
                is_kept: true,
                is_sent: false,
                attempts: 0,
                is_told: false,
                hear: None,
            };
            with(|state| state.parcels.push(parcel));
        }
    }
    run();
    if let Some(wait) = next {
        wake_at(now + wait, now);
    }
}

impl Parcel {
    fn is_due(&self, now: i64) -> bool {
        !self.is_sent
            && self.attempts < ATTEMPTS_PER_PAGE
            && self.entry.refused_by != crate::VERSION
            // What we have claimed ourselves we need not wait for.
            && (self.entry.not_before <= now || self.entry.waits(now, crate::VERSION, false) == Some(0))
    }
}

impl Parcel {
    /// Whether another tab has taken it on meanwhile, or this page a later revision. What was adopted and is gone
    /// was delivered or forgotten elsewhere; our own was lost, and is put back.
    fn is_elsewhere(&self) -> bool {
        match store::get(self.place, &self.entry.id) {
            Some(stored) => self.entry.is_behind(&stored),
            None => self.hear.is_none() && self.is_kept,
        }
    }
}

/// Sends what is ours and due, as far as there is room, and sees to it that the rest is not forgotten.
fn run() {
    loop {
        let now = now();
        let next = with(|state| {
            let has_room = state.under_way < AT_ONCE;
            let at = state.parcels.iter().position(|it| has_room && it.is_due(now))?;
            Some(state.parcels.swap_remove(at))
        });
        let Some(mut parcel) = next else { break };
        if parcel.is_elsewhere() {
            continue;
        }
        parcel.is_sent = true;
        parcel.attempts += 1;
        parcel.entry.claim(now);
        (parcel.is_kept, _) = store::put(parcel.place, &parcel.entry);
        let entry = parcel.entry.clone();
        let epoch = with(|state| {
            state.under_way += 1;
            state.parcels.push(parcel);
            state.epoch
        });
        attempt(entry, epoch);
    }
    let now = now();
    let next = with(|state| {
        // What is due and has no room goes when there is some.
        let waiting = state.parcels.iter().filter(|it| {
            !it.is_sent && it.attempts < ATTEMPTS_PER_PAGE && it.entry.not_before > now
        });
        waiting.map(|it| it.entry.not_before).min()
    });
    if let Some(next) = next {
        wake_at(next, now);
    }
}

/// Looks again at that time, or earlier.
fn wake_at(time: i64, now: i64) {
    let time = time.clamp(now + 1, now + LONGEST_TIMER);
    let is_early =
        with(|state| state.timer.as_ref().is_some_and(|it| (now..=time).contains(&it.0)));
    if is_early {
        return;
    }
    let ring = || {
        with(|state| state.timer = None);
        flush(false);
    };
    let timer = browser::after((time - now) as u64, Box::new(ring));
    with(|state| state.timer = Some((time, timer)));
}

fn attempt(entry: QueuedResponse, epoch: u32) {
    documents::call(
        entry,
        Box::new(move |entry, call| {
            let Some(mut call) = call else {
                return settle(entry, epoch, Outcome::Unreachable, Cause::Nothing);
            };
            if browser::is_same_origin(&call.url) && !call.is_opaque {
                call.headers.push(("idempotency-key".to_owned(), entry.id.clone()));
            }
            // Browsers keep alive no more than a page's share, and refuse what is above: the next time without.
            let survives = entry.attempts % 2 == 1;
            let judged = call.clone();
            let done = move |reply| {
                let (outcome, cause) = judge(&judged, &entry, reply);
                settle(entry, epoch, outcome, cause);
            };
            let end = browser::post(&call, survives, Box::new(done));
            with(|state| state.ends.extend(end));
        }),
    );
}

fn judge(call: &HttpRequest, entry: &QueuedResponse, reply: Reply) -> (Outcome, Cause) {
    match reply {
        Reply::Nothing => (Outcome::Unreachable, Cause::Nothing),
        Reply::Redirect => (Outcome::Unreachable, Cause::Redirect),
        Reply::Opaque => (Outcome::Unconfirmed, Cause::Nothing),
        Reply::Answer { status, retry_after, text } => {
            let is_taken = (200..300).contains(&status) || call.accepts.contains(&status);
            if is_taken && entry.confirms_id && find_substring(&text, &entry.id).is_none() {
                return (Outcome::Unreachable, Cause::NotOurs);
            }
            let status = if is_taken { 200 } else { status };
            (Outcome::Answered { status, retry_after }, Cause::Answer(status, text))
        }
    }
}

/// Notes how an attempt ended, in the outbox and for those who want to hear of it.
fn settle(sent: QueuedResponse, epoch: u32, outcome: Outcome, cause: Cause) {
    let is_stale = with(|state| {
        let is_stale = state.epoch != epoch;
        if !is_stale {
            state.under_way -= 1;
        }
        is_stale
    });
    if is_stale {
        return;
    }
    let now = now();
    let found = with(|state| {
        let at = state.parcels.iter().position(|it| it.entry.id == sent.id)?;
        Some(state.parcels.swap_remove(at))
    });
    let Some(mut parcel) = found else { return run() };
    if parcel.entry.revision > sent.revision {
        // A later revision is here, and has its own way.
        with(|state| state.parcels.push(parcel));
        return run();
    }
    parcel.is_sent = false;
    let random = browser::random()[0];
    let fate = parcel.entry.settle(outcome, now, random, crate::VERSION);
    let is_elsewhere = parcel.is_elsewhere();
    match fate {
        Fate::Delivered | Fate::Expired => store::remove(parcel.place, &parcel.entry),
        Fate::Waits | Fate::Aside if is_elsewhere => return run(),
        Fate::Waits | Fate::Aside => (parcel.is_kept, _) = store::put(parcel.place, &parcel.entry),
    }
    let is_kept = parcel.is_kept;
    let is_last = parcel.attempts >= ATTEMPTS_PER_PAGE;
    let news = match fate {
        Fate::Delivered => News::Delivered,
        Fate::Waits => News::Waits(is_kept),
        Fate::Aside => {
            let (status, line) = explain::refusal(&cause);
            report_failed(&parcel.entry.endpoint, &line);
            News::Failed("refused", status, is_kept)
        }
        Fate::Expired => {
            report_lost(&parcel.entry, "could not be delivered for thirty days");
            News::Failed("expired", None, false)
        }
    };
    let (told, hear) = (parcel.is_told, parcel.hear.clone());
    tell(&parcel.entry, hear.as_ref(), news);
    if fate == Fate::Waits {
        let is_telling =
            !told && (is_last || (parcel.attempts >= 2 && explain::is_puzzling(&cause)));
        parcel.is_told |= is_telling;
        let entry = parcel.entry.clone();
        with(|state| state.parcels.push(parcel));
        if is_telling {
            let found = move |reason, status, line: String| {
                if !line.is_empty() {
                    report_failed(&entry.endpoint, &line);
                }
                tell(&entry, hear.as_ref(), News::Failed(reason, status, is_kept));
            };
            explain::find(&sent, cause, Box::new(found));
        }
    }
    run();
    // There is room for more of what was left behind.
    if fate == Fate::Delivered && !store::is_empty() {
        flush(false);
    }
}

fn tell(entry: &QueuedResponse, hear: Option<&Hear>, news: News) {
    match hear {
        Some(hear) => hear(news),
        None => crate::events::tell_of(entry.survey(), &entry.id, &news),
    }
}

fn report_failed(endpoint: &str, line: &str) {
    browser::console_warn(&["the answer was not delivered to ", endpoint, ": ", line].concat());
}

fn report_lost(entry: &QueuedResponse, what: &str) {
    browser::console_warn(
        &["an answer to ", entry.survey(), " for ", &entry.endpoint, " ", what].concat(),
    );
}

fn now() -> i64 {
    Timestamp::as_millis(browser::now())
}

fn with<T>(act: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(act)
}
