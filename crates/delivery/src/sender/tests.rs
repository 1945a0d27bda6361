//! One line for each rule, at both sides of its boundary.

use super::*;
use crate::{
    ATTEMPTS_PER_PAGE, CLAIM_MS, DeliveryStatus, FailureReason, HOLD_MS, HttpResult, LONGEST_AGE_MS,
};
use sondeo_model::Duration;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

const NOW_MS: i64 = 1_800_000_000_000;
const ELSEWHERE: &str = "https://api.example/responses";
const OWN: &str = "https://shop.example/responses";
const DAY_MS: i64 = 86_400_000;

fn id(number: u32) -> String {
    format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}")
}

fn queued(number: u32, revision: u32) -> QueuedResponse {
    let id = id(number);
    QueuedResponse {
        endpoint: ELSEWHERE.to_owned(),
        format: RequestFormat::Json,
        headers: Vec::new(),
        fields: Vec::new(),
        confirms_id: false,
        revision,
        is_answered: true,
        attempts: 0,
        born_ms: NOW_MS,
        not_before_ms: NOW_MS + CLAIM_MS,
        wait: WaitReason::Claimed,
        refused_by: String::new(),
        body: format!(r#"{{"sondeo":1,"id":"{id}","revision":{revision},"survey":"nps"}}"#),
        id,
    }
}

/// A page with its sender, whose effects are done and noted.
struct Page {
    sender: Sender,
    now_ms: Cell<i64>,
    random: Cell<u8>,
    is_online: Cell<bool>,
    is_visible: Cell<bool>,
    is_full: bool,
    lock: AdoptionLock,
    storage: RefCell<BTreeMap<(u8, String), String>>,
    posts: VecDeque<(AttemptId, HttpRequest, bool)>,
    told: Vec<DeliveryStatus>,
    lines: Vec<String>,
    other: Vec<Effect>,
}

impl Environment for Page {
    fn now_ms(&self) -> i64 {
        self.now_ms.get()
    }

    fn random(&self) -> u8 {
        self.random.get()
    }

    fn is_online(&self) -> bool {
        self.is_online.get()
    }

    fn is_visible(&self) -> bool {
        self.is_visible.get()
    }

    fn stored_ids(&self, storage: StorageKind) -> Vec<String> {
        let storage_number = storage as u8;
        let keys = self.storage.borrow();
        keys.keys().filter(|it| it.0 == storage_number).map(|it| it.1.clone()).collect()
    }

    fn stored(&self, storage: StorageKind, id: &str) -> Option<String> {
        self.storage.borrow().get(&(storage as u8, id.to_owned())).cloned()
    }

    fn parse_json(&self, text: &str) -> Option<Json> {
        serde_json::from_str(text).ok()
    }
}

use crate::HttpRequest;

impl Page {
    fn new() -> Self {
        Self {
            sender: Sender::new("2", "https://shop.example".to_owned()),
            now_ms: Cell::new(NOW_MS),
            random: Cell::new(255),
            is_online: Cell::new(true),
            is_visible: Cell::new(true),
            is_full: false,
            lock: AdoptionLock::Acquired,
            storage: RefCell::default(),
            posts: VecDeque::new(),
            told: Vec::new(),
            lines: Vec::new(),
            other: Vec::new(),
        }
    }

    /// A page that finds this left behind.
    fn finding(left: &QueuedResponse) -> Self {
        let page = Self::new();
        page.leave(left);
        page
    }

    fn leave(&self, left: &QueuedResponse) {
        self.storage.borrow_mut().insert((0, left.id.clone()), left.write());
    }

    fn tell(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let mut sender = std::mem::replace(&mut self.sender, Sender::new("", String::new()));
            let effects = sender.handle(input, self);
            self.sender = sender;
            for effect in effects {
                match effect {
                    Effect::Write { storage, queued } => {
                        let is_kept = !self.is_full && storage != StorageKind::None;
                        if is_kept {
                            let key = (storage as u8, queued.id.clone());
                            self.storage.borrow_mut().insert(key, queued.write());
                        }
                        inputs.push_back(Input::Written { id: queued.id, is_kept });
                    }
                    Effect::Remove { storage, id } => {
                        self.storage.borrow_mut().remove(&(storage as u8, id));
                    }
                    Effect::RemoveAll => self.storage.borrow_mut().clear(),
                    Effect::Defer => inputs.push_back(Input::Run),
                    Effect::RequestAdoption => inputs.push_back(Input::Adoption(self.lock)),
                    Effect::Post { attempt, request, is_keepalive } => {
                        self.posts.push_back((attempt, *request, is_keepalive));
                    }
                    Effect::Tell { status, survey, .. } => {
                        assert_eq!(survey, "nps");
                        self.told.push(status);
                    }
                    Effect::Warn { line } => self.lines.push(line),
                    other => self.other.push(other),
                }
            }
        }
    }

    fn permit(&mut self) {
        self.tell(Input::Permit { is_permitted: true });
    }

    fn deliver(&mut self, queued: QueuedResponse) {
        self.deliver_into(queued, StorageKind::Local);
    }

    fn deliver_into(&mut self, queued: QueuedResponse, storage: StorageKind) {
        let is_kept = !self.is_full && storage != StorageKind::None;
        if is_kept {
            let key = (storage as u8, queued.id.clone());
            self.storage.borrow_mut().insert(key, queued.write());
        }
        self.tell(Input::Deliver { queued: Box::new(queued), storage, is_kept });
    }

    /// The oldest request ends like this.
    fn answer(&mut self, result: HttpResult) {
        let (attempt, ..) = self.posts.pop_front().expect("a request");
        self.tell(Input::Answered { attempt, result });
    }

    fn later(&mut self, milliseconds: i64) {
        self.now_ms.set(self.now_ms.get() + milliseconds);
        self.tell(Input::TimerRang);
    }

    fn stored_one(&self) -> QueuedResponse {
        let storage = self.storage.borrow();
        let ((_, id), text) = storage.iter().next().expect("one is kept");
        match QueuedResponse::read(id, text) {
            crate::Stored::Response(queued) => *queued,
            other => panic!("{other:?}"),
        }
    }

    fn kept(&self) -> usize {
        self.storage.borrow().len()
    }
}

fn status(status: u16) -> HttpResult {
    HttpResult::Answered { status, retry_after: None, body: String::new(), is_foreign: false }
}

fn asked(status: u16, seconds: u64) -> HttpResult {
    let retry_after = Some(Duration::from_millis(seconds * 1_000));
    HttpResult::Answered { status, retry_after, body: String::new(), is_foreign: false }
}

const WAITING: DeliveryStatus = DeliveryStatus::Waiting { is_kept: true };

fn failed(reason: FailureReason, status: Option<u16>) -> DeliveryStatus {
    DeliveryStatus::Failed { reason, status, is_kept: true }
}

#[test]
fn a_response_is_claimed_in_storage_sent_and_removed_when_it_is_acknowledged() {
    let mut page = Page::new();
    page.deliver(queued(1, 1));
    assert_eq!(page.posts.len(), 1);
    let stored = page.stored_one();
    assert_eq!((stored.attempts, stored.wait), (1, WaitReason::Claimed));
    assert_eq!(stored.not_before_ms, NOW_MS + CLAIM_MS);
    page.answer(status(201));
    assert_eq!((page.kept(), page.told.as_slice()), (0, &[DeliveryStatus::Delivered][..]));
}

#[test]
fn what_no_storage_keeps_is_sent_all_the_same_and_said_to_be_unsaved() {
    for (storage, is_full) in [(StorageKind::None, false), (StorageKind::Local, true)] {
        let mut page = Page { is_full, ..Page::new() };
        page.deliver_into(queued(1, 1), storage);
        page.answer(status(500));
        assert_eq!(page.told, [DeliveryStatus::Waiting { is_kept: false }]);
        page.later(1_000);
        page.answer(status(200));
        assert_eq!(page.told[1], DeliveryStatus::Delivered);
    }
}

#[test]
fn only_the_pages_own_origin_is_sent_an_idempotency_key() {
    for (endpoint, expected) in
        [(OWN, true), (ELSEWHERE, false), ("https://shop.example.evil/", false)]
    {
        let mut page = Page::new();
        page.deliver(QueuedResponse { endpoint: endpoint.to_owned(), ..queued(1, 1) });
        let headers = &page.posts[0].1.headers;
        assert_eq!(
            headers.iter().any(|it| it.0 == "idempotency-key" && it.1 == id(1)),
            expected,
            "{endpoint}"
        );
    }
}

#[test]
fn every_second_attempt_goes_without_the_bytes_that_outlive_a_page() {
    let mut page = Page::new();
    page.deliver(queued(1, 1));
    for expected in [true, false, true] {
        assert_eq!(page.posts[0].2, expected);
        page.answer(HttpResult::NoAnswer);
        page.later(300_000);
    }
}

#[test]
fn back_off_lasts_to_the_millisecond() {
    let mut page = Page::new();
    page.deliver(queued(1, 1));
    page.answer(HttpResult::NoAnswer);
    assert_eq!(page.told, [WAITING]);
    page.later(999);
    assert_eq!(page.posts.len(), 0);
    page.later(1);
    assert_eq!(page.posts.len(), 1);
    page.answer(HttpResult::NoAnswer);
    page.later(1_999);
    assert_eq!(page.posts.len(), 0);
    page.later(1);
    assert_eq!(page.posts.len(), 1);
}

#[test]
fn jitter_may_take_all_of_the_wait() {
    let mut page = Page::new();
    page.random.set(0);
    page.deliver(queued(1, 1));
    page.answer(HttpResult::NoAnswer);
    assert_eq!((page.posts.len(), page.told.as_slice()), (1, &[WAITING][..]));
}

#[test]
fn the_network_ends_our_own_wait_and_not_the_endpoints() {
    for (result, expected) in [(status(500), 1), (asked(503, 60), 0)] {
        let mut page = Page::new();
        page.deliver(queued(1, 1));
        page.answer(result);
        page.tell(Input::Online);
        assert_eq!(page.posts.len(), expected);
    }
}

#[test]
fn a_timer_is_set_for_the_wait() {
    let mut page = Page::new();
    page.deliver(queued(1, 1));
    page.answer(asked(429, 7));
    assert_eq!(page.other, [Effect::SetTimer { after_ms: 7_000 }]);
    page.later(6_999);
    assert_eq!(page.posts.len(), 0);
    page.later(1);
    assert_eq!(page.posts.len(), 1);
}

#[test]
fn no_timer_is_longer_than_ten_minutes() {
    let mut page = Page::new();
    page.deliver(queued(1, 1));
    page.answer(asked(429, 7_000));
    assert_eq!(page.other, [Effect::SetTimer { after_ms: 600_000 }]);
}

#[test]
fn a_page_has_six_attempts_and_the_network_gives_it_six_more() {
    let mut page = Page::new();
    page.deliver(queued(1, 1));
    for _ in 0..ATTEMPTS_PER_PAGE {
        page.answer(status(500));
        page.later(300_000);
    }
    assert_eq!(page.posts.len(), 0);
    assert_eq!(page.told.last(), Some(&failed(FailureReason::Unavailable, Some(500))));
    page.tell(Input::Online);
    assert_eq!(page.posts.len(), 1);
}

#[test]
fn a_later_revision_has_one_more_attempt_however_often_the_earlier_was_tried() {
    let mut page = Page::new();
    page.deliver(queued(1, 1));
    for _ in 0..ATTEMPTS_PER_PAGE {
        page.answer(status(500));
        page.later(300_000);
    }
    page.deliver(queued(1, 2));
    assert_eq!(page.posts.len(), 1);
    page.answer(status(500));
    page.later(300_000);
    assert_eq!(page.posts.len(), 0);
}

#[test]
fn a_later_revision_is_not_ended_by_what_becomes_of_an_earlier() {
    for result in [status(201), status(404), HttpResult::NoAnswer] {
        let mut page = Page::new();
        page.deliver(queued(1, 1));
        page.deliver(queued(1, 2));
        assert_eq!(page.posts.len(), 2);
        page.answer(result);
        assert_eq!((page.kept(), page.told.len(), page.stored_one().revision), (1, 0, 2));
        page.answer(status(201));
        assert_eq!((page.kept(), page.told.as_slice()), (0, &[DeliveryStatus::Delivered][..]));
    }
}

#[test]
fn a_later_revision_obeys_what_the_endpoint_asked_the_earlier_for_and_keeps_its_age() {
    let mut page = Page::new();
    page.deliver(queued(1, 1));
    page.answer(asked(503, 60));
    page.now_ms.set(NOW_MS + 1_000);
    page.deliver(QueuedResponse { born_ms: NOW_MS + 1_000, ..queued(1, 2) });
    assert_eq!(page.posts.len(), 0);
    let stored = page.stored_one();
    assert_eq!((stored.wait, stored.not_before_ms), (WaitReason::RetryAfter, NOW_MS + 60_000));
    assert_eq!((stored.born_ms, stored.revision), (NOW_MS, 2));
    page.later(59_000);
    assert_eq!(page.posts.len(), 1);
}

#[test]
fn four_requests_are_under_way_at_one_time() {
    let mut page = Page::new();
    for number in 1..=5 {
        page.deliver(queued(number, 1));
    }
    assert_eq!(page.posts.len(), MOST_REQUESTS);
    page.answer(status(201));
    assert_eq!(page.posts.len(), MOST_REQUESTS);
    assert_eq!(page.posts[3].0.id, id(5));
}

#[test]
fn what_is_refused_is_kept_aside_and_told_once() {
    let mut page = Page::new();
    page.deliver(queued(1, 1));
    let body = "  no such survey ".to_owned();
    page.answer(HttpResult::Answered { status: 422, retry_after: None, body, is_foreign: false });
    assert_eq!(page.told, [failed(FailureReason::Refused, Some(422))]);
    assert_eq!(
        page.lines,
        [format!("the answer was not delivered to {ELSEWHERE}: it answers 422 no such survey")]
    );
    page.permit();
    page.tell(Input::Online);
    assert_eq!((page.posts.len(), page.kept()), (0, 1));
}

#[test]
fn what_one_version_was_refused_the_next_tries_once_more() {
    for (refused_by, expected) in [("1", 1), ("2", 0)] {
        let refused_by = refused_by.to_owned();
        let left = QueuedResponse { refused_by, wait: WaitReason::BackOff, ..queued(1, 1) };
        let mut page = Page::finding(&QueuedResponse { not_before_ms: 0, ..left });
        page.permit();
        assert_eq!(page.posts.len(), expected);
    }
}

#[test]
fn what_was_refused_is_lost_after_thirty_days_and_a_week() {
    let refused = |age_ms| {
        let (refused_by, born_ms) = ("2".to_owned(), NOW_MS - age_ms);
        QueuedResponse { refused_by, born_ms, ..queued(1, 1) }
    };
    let mut page = Page::finding(&refused(LONGEST_AGE_MS));
    page.permit();
    assert_eq!(page.stored_one().born_ms, NOW_MS - LONGEST_AGE_MS, "not yet older");
    let mut page = Page::finding(&refused(LONGEST_AGE_MS + 1));
    page.permit();
    page.later(7 * DAY_MS);
    assert_eq!((page.kept(), page.lines.len()), (1, 0), "the clock may have jumped");
    page.later(1);
    assert_eq!((page.kept(), page.lines.len()), (0, 1));
}

#[test]
fn what_was_tried_in_vain_for_thirty_days_has_a_week_more_and_is_lost_then() {
    let left = QueuedResponse { wait: WaitReason::BackOff, not_before_ms: 0, ..queued(1, 1) };
    let mut page = Page::finding(&QueuedResponse { born_ms: NOW_MS - LONGEST_AGE_MS - 1, ..left });
    page.permit();
    page.answer(HttpResult::NoAnswer);
    assert_eq!((page.told.as_slice(), page.stored_one().wait), (&[WAITING][..], WaitReason::Old));
    page.later(7 * DAY_MS);
    page.answer(HttpResult::NoAnswer);
    assert_eq!(page.kept(), 1);
    page.later(300_000);
    page.answer(HttpResult::NoAnswer);
    assert_eq!(page.kept(), 0);
    let expired =
        DeliveryStatus::Failed { reason: FailureReason::Expired, status: None, is_kept: false };
    assert_eq!(page.told.last(), Some(&expired));
}

#[test]
fn what_was_left_behind_is_looked_at_only_with_consent_and_in_sight() {
    let mut page = Page::finding(&QueuedResponse { not_before_ms: 0, ..queued(1, 1) });
    page.tell(Input::PageSeen);
    assert_eq!(page.posts.len(), 0, "no consent");
    page.is_visible.set(false);
    page.permit();
    assert_eq!(page.posts.len(), 0, "nobody sees it");
    page.is_visible.set(true);
    page.tell(Input::PageSeen);
    assert_eq!(page.posts.len(), 1);
}

#[test]
fn a_claim_of_another_tab_lasts_twenty_seconds() {
    let mut page = Page::finding(&queued(1, 1));
    page.permit();
    page.later(CLAIM_MS - 1);
    assert_eq!(page.posts.len(), 0);
    page.later(1);
    assert_eq!(page.posts.len(), 1);
}

#[test]
fn while_another_tab_adopts_nobody_else_does() {
    let left = QueuedResponse { not_before_ms: 0, ..queued(1, 1) };
    let mut page = Page { lock: AdoptionLock::Busy, ..Page::finding(&left) };
    page.permit();
    assert_eq!(
        (page.posts.len(), page.other.as_slice()),
        (0, &[Effect::SetTimer { after_ms: 2_000 }][..])
    );
    page.lock = AdoptionLock::Acquired;
    page.later(2_000);
    assert_eq!(page.posts.len(), 1);
}

#[test]
fn what_another_tab_has_taken_on_is_left_to_it() {
    let mut page = Page::new();
    page.deliver(queued(1, 1));
    page.answer(status(500));
    let mut theirs = page.stored_one();
    theirs.claim(NOW_MS + 1_000);
    page.leave(&theirs);
    page.later(1_000);
    assert_eq!((page.posts.len(), page.stored_one().attempts), (0, 2));
}

#[test]
fn what_was_adopted_and_is_gone_was_delivered_elsewhere_and_our_own_is_put_back() {
    let mut page = Page::finding(&QueuedResponse { not_before_ms: 0, ..queued(1, 1) });
    page.permit();
    page.deliver(queued(2, 1));
    page.storage.borrow_mut().clear();
    page.answer(status(500));
    assert_eq!((page.kept(), page.told.len()), (0, 0), "adopted");
    page.answer(status(500));
    assert_eq!((page.kept(), page.told.as_slice()), (1, &[WAITING][..]), "our own");
}

#[test]
fn more_than_can_be_sent_at_once_is_left_for_the_next_look() {
    let mut page = Page::new();
    for number in 1..=6 {
        page.leave(&QueuedResponse { not_before_ms: 0, ..queued(number, 1) });
    }
    page.permit();
    assert_eq!(page.posts.len(), MOST_REQUESTS);
    for _ in 0..6 {
        page.answer(status(201));
    }
    assert_eq!((page.posts.len(), page.kept()), (0, 0));
}

#[test]
fn what_is_damaged_is_removed_and_what_is_newer_is_left_alone() {
    let mut page = Page::new();
    let put = |id: &str, text: &str| {
        page.storage.borrow_mut().insert((0, id.to_owned()), text.to_owned());
    };
    put("a", "nonsense");
    put("b", &queued(1, 1).write().replacen('1', "2", 1));
    page.permit();
    assert_eq!((page.kept(), page.lines.len()), (1, 1));
    assert!(page.stored(StorageKind::Local, "b").is_some());
}

#[test]
fn what_is_held_goes_when_it_is_released_or_after_ten_minutes() {
    let held = || QueuedResponse {
        format: RequestFormat::N8n,
        wait: WaitReason::Held,
        not_before_ms: NOW_MS + HOLD_MS,
        ..queued(1, 1)
    };
    let format = RequestFormat::N8n;
    let mut page = Page::new();
    page.tell(Input::Format { format, document: Some(Json::Null) });
    page.deliver(held());
    page.later(HOLD_MS - 1);
    page.tell(Input::Release { id: Some(id(2)) });
    assert_eq!(page.posts.len(), 0);
    page.later(1);
    assert_eq!(page.posts.len(), 1, "ten minutes");
    for released in [None, Some(id(1))] {
        let mut page = Page::new();
        page.tell(Input::Format { format, document: Some(Json::Null) });
        page.deliver(held());
        page.tell(Input::Release { id: released });
        assert_eq!(page.posts.len(), 1);
    }
}

#[test]
fn an_attempt_waits_for_the_document_of_its_format() {
    let format = RequestFormat::N8n;
    let mut page = Page::new();
    page.tell(Input::Prepare { format });
    page.deliver(QueuedResponse { format, ..queued(1, 1) });
    assert_eq!(page.other, [Effect::FetchFormat { format }], "asked for once");
    assert_eq!((page.posts.len(), page.stored_one().attempts), (0, 1));
    page.tell(Input::Format { format, document: Some(Json::Null) });
    assert_eq!(page.posts.len(), 1);
}

#[test]
fn a_document_that_does_not_come_is_an_attempt_in_vain() {
    let format = RequestFormat::N8n;
    let mut page = Page::new();
    page.deliver(QueuedResponse { format, ..queued(1, 1) });
    page.tell(Input::Format { format, document: None });
    assert_eq!(page.told, [WAITING]);
    page.later(1_000);
    assert_eq!(page.other.iter().filter(|it| **it == Effect::FetchFormat { format }).count(), 2);
}

#[test]
fn whoever_stops_hears_of_nothing_more() {
    let mut page = Page::new();
    page.deliver(queued(1, 1));
    page.tell(Input::Stop);
    assert_eq!((page.other.as_slice(), page.kept()), (&[Effect::Abort][..], 1));
    page.answer(status(201));
    assert_eq!((page.told.len(), page.kept()), (0, 1));
    page.later(CLAIM_MS);
    assert_eq!(page.posts.len(), 0);
}

#[test]
fn whoever_forgets_keeps_nothing() {
    let mut page = Page::finding(&queued(1, 1));
    page.deliver(queued(2, 1));
    page.tell(Input::Forget);
    assert_eq!(page.kept(), 0);
    page.answer(status(500));
    assert_eq!((page.kept(), page.told.len()), (0, 0));
    page.deliver(queued(3, 1));
    assert_eq!(page.posts.len(), 1, "what is given after that goes");
}

/// The second failure in a row is explained, once, with what a probe finds where the request alone does not tell.
#[track_caller]
fn check_explained(
    change: impl Fn(&mut Page),
    left: QueuedResponse,
    result: &HttpResult,
    probe: Option<Probe>,
    expected: FailureReason,
) {
    let mut page = Page::new();
    change(&mut page);
    page.deliver(left);
    page.answer(result.clone());
    assert_eq!(page.told, [WAITING], "the first failure says nothing");
    page.later(1_000);
    page.answer(result.clone());
    if let Some(probe) = probe {
        assert!(page.other.iter().any(|it| matches!(it, Effect::Probe { .. })), "{:?}", page.other);
        page.tell(Input::Probed { id: id(1), probe });
    }
    assert_eq!(page.told.last(), Some(&failed(expected, None)));
    assert_eq!(page.lines.len(), 1);
    assert!(page.lines[0].ends_with(expected.advice()));
    page.later(300_000);
    page.answer(result.clone());
    assert_eq!((page.lines.len(), page.told.len()), (1, 4), "said once");
}

#[test]
fn why_an_endpoint_fails_is_found_out() {
    let silence = &HttpResult::NoAnswer;
    let own = || QueuedResponse { endpoint: OWN.to_owned(), ..queued(1, 1) };
    let plain = || QueuedResponse { endpoint: "http://api.example/".to_owned(), ..queued(1, 1) };
    let text = || QueuedResponse { format: RequestFormat::Text, ..queued(1, 1) };
    let as_is = |_: &mut Page| ();
    let probed =
        |left, probe, expected| check_explained(as_is, left, silence, Some(probe), expected);
    probed(queued(1, 1), Probe::Redirects, FailureReason::Redirect);
    probed(queued(1, 1), Probe::Readable, FailureReason::Preflight);
    probed(own(), Probe::Readable, FailureReason::Unreachable);
    probed(text(), Probe::Readable, FailureReason::Unreachable);
    probed(queued(1, 1), Probe::Closed, FailureReason::Cors);
    probed(queued(1, 1), Probe::Silent, FailureReason::Unreachable);
    check_explained(as_is, plain(), silence, None, FailureReason::MixedContent);
    let redirect = &HttpResult::Redirected;
    check_explained(as_is, queued(1, 1), redirect, None, FailureReason::Redirect);
    let strange = QueuedResponse { confirms_id: true, ..queued(1, 1) };
    check_explained(as_is, strange, &status(200), None, FailureReason::Unconfirmed);
    let blocked = |page: &mut Page| {
        page.tell(Input::UrlBlocked { url: "https://api.example".to_owned() });
    };
    check_explained(blocked, queued(1, 1), silence, None, FailureReason::Policy);
}

/// Firefox may tell of a violation after the request has failed.
#[test]
fn a_violation_that_is_told_late_is_still_the_reason() {
    let mut page = Page::new();
    page.random.set(0);
    page.deliver(queued(1, 1));
    page.answer(HttpResult::NoAnswer);
    page.answer(HttpResult::NoAnswer);
    page.tell(Input::UrlBlocked { url: ELSEWHERE.to_owned() });
    page.tell(Input::Probed { id: id(1), probe: Probe::Silent });
    assert_eq!(page.told.last(), Some(&failed(FailureReason::Policy, None)));
}

#[test]
fn what_an_endpoint_says_itself_is_no_puzzle_until_the_last_attempt() {
    let mut page = Page::new();
    page.deliver(queued(1, 1));
    for attempt in 1..=ATTEMPTS_PER_PAGE {
        page.answer(status(503));
        assert_eq!(page.lines.len(), usize::from(attempt == ATTEMPTS_PER_PAGE));
        page.later(300_000);
    }
    assert!(page.lines[0].ends_with("it answers 503"));
}

#[test]
fn a_browser_without_a_network_explains_nothing_until_the_last_attempt() {
    let mut page = Page::new();
    page.is_online.set(false);
    page.deliver(queued(1, 1));
    for _ in 0..ATTEMPTS_PER_PAGE {
        assert_eq!(page.lines.len(), 0);
        page.answer(HttpResult::NoAnswer);
        page.later(300_000);
    }
    assert_eq!(page.told.last(), Some(&failed(FailureReason::Offline, None)));
}

#[test]
fn a_clock_that_was_set_back_blocks_nothing() {
    let left = QueuedResponse { not_before_ms: NOW_MS + 400 * DAY_MS, ..queued(1, 1) };
    let mut page = Page::finding(&left);
    page.permit();
    assert_eq!(page.posts.len(), 1);
}

#[test]
fn a_timer_that_a_clock_has_left_behind_is_set_anew() {
    let mut page = Page::new();
    page.deliver(queued(1, 1));
    page.answer(asked(429, 60));
    page.now_ms.set(NOW_MS + DAY_MS);
    page.deliver(queued(2, 1));
    page.answer(asked(429, 60));
    let timers = page.other.iter().filter(|it| matches!(it, Effect::SetTimer { .. })).count();
    assert_eq!(timers, 2);
}
