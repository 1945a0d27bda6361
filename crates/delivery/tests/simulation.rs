//! No answer lost and none counted twice: the machine that ships, in a small world of tabs that crash, clocks that jump
//! and an endpoint that fails in every way, run ten thousand times. With one rule taken out, the same world loses
//! answers, or sends twice: or it would prove nothing.

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use sondeo_delivery::{
    AdoptionLock, AttemptId, CLAIM_MS, Effect, Environment, HttpResult, Input, PREFIX,
    QueuedResponse, Sender, Stored, WaitReason,
};
use sondeo_model::json::Json;
use sondeo_model::{Duration, RequestFormat, StorageKind};
use std::collections::{BTreeMap, VecDeque};

const RUNS: u32 = 10_000;
const STEPS: u32 = 80;
/// The widget gives up waiting before another tab may think that it died.
const LONGEST_REQUEST_MS: u32 = 15_000;
const DAY_MS: i64 = 86_400_000;

/// The rule that a run does without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Without {
    Nothing,
    /// Nothing is written before it is sent.
    Outbox,
    /// Nobody sees what others have claimed.
    Claims,
}

/// A request on its way: when it ends by true time, and how.
struct Request {
    attempt: AttemptId,
    ends_ms: i64,
    result: HttpResult,
}

/// What a tab knows, and loses when it goes.
struct Tab {
    sender: Sender,
    requests: Vec<Request>,
    /// The last response that a visitor gave here: a survey that is still open revises it.
    open: Option<(String, u32)>,
    rings_ms: Option<i64>,
}

impl Tab {
    fn new(version: &'static str) -> Self {
        let mut sender = Sender::new(version, "https://shop.example".to_owned());
        let nothing = Seen { now_ms: 0, random: 0, storage: &BTreeMap::new(), hides_claims: false };
        assert_eq!(sender.handle(Input::Permit { is_permitted: true }, &nothing), []);
        Self { sender, requests: Vec::new(), open: None, rings_ms: None }
    }
}

/// The world as a tab sees it at one moment.
struct Seen<'a> {
    now_ms: i64,
    random: u8,
    storage: &'a BTreeMap<String, String>,
    hides_claims: bool,
}

impl Environment for Seen<'_> {
    fn now_ms(&self) -> i64 {
        self.now_ms
    }

    fn random(&self) -> u8 {
        self.random
    }

    fn is_online(&self) -> bool {
        true
    }

    fn is_visible(&self) -> bool {
        true
    }

    fn stored_ids(&self, storage: StorageKind) -> Vec<String> {
        let is_local = storage == StorageKind::Local;
        let keys = self.storage.keys().filter(|_| is_local);
        keys.map(|key| key.trim_start_matches(PREFIX).to_owned()).collect()
    }

    fn stored(&self, storage: StorageKind, id: &str) -> Option<String> {
        let text =
            self.storage.get(&[PREFIX, id].concat()).filter(|_| storage == StorageKind::Local)?;
        if !self.hides_claims {
            return Some(text.clone());
        }
        let Stored::Response(mut queued) = QueuedResponse::read(id, text) else { panic!("{text}") };
        if queued.wait == WaitReason::Claimed {
            (queued.wait, queued.not_before_ms) = (WaitReason::BackOff, 0);
            queued.attempts = 0;
        }
        Some(queued.write())
    }

    fn parse_json(&self, text: &str) -> Option<Json> {
        serde_json::from_str(text).ok()
    }
}

struct World {
    dice: TestRng,
    without: Without,
    time_ms: i64,
    /// What clocks are wrong by.
    skew_ms: i64,
    has_jumped: bool,
    version: &'static str,
    storage: BTreeMap<String, String>,
    tabs: Vec<Tab>,
    /// By id, the highest revision that visitors gave, and the endpoint has.
    given: BTreeMap<String, u32>,
    received: BTreeMap<String, u32>,
    /// By id, the highest revision of which a tab knows that the endpoint has it. A tab that was frozen for hours, and
    /// finds its own response gone from storage, cannot tell this from a page that has cleared its storage: it sends
    /// once more, and the endpoint knows the id.
    acknowledged: BTreeMap<String, u32>,
    posts: u32,
    /// The same revision under way twice at once, before anybody knows that the endpoint has it.
    doubles: u32,
    is_calm: bool,
}

impl World {
    fn new(seed: u32, without: Without) -> Self {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&seed.to_le_bytes());
        Self {
            dice: TestRng::from_seed(RngAlgorithm::ChaCha, &bytes),
            without,
            time_ms: 1_800_000_000_000,
            skew_ms: 0,
            has_jumped: false,
            version: "1",
            storage: BTreeMap::new(),
            tabs: vec![Tab::new("1")],
            given: BTreeMap::new(),
            received: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            posts: 0,
            doubles: 0,
            is_calm: false,
        }
    }

    fn roll(&mut self, sides: u32) -> u32 {
        self.dice.next_u32() % sides
    }

    fn clock_ms(&self) -> i64 {
        self.time_ms + self.skew_ms
    }

    /// Tells a tab's sender, and does what it wants done.
    fn tell(&mut self, tab: usize, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let random = self.roll(256) as u8;
            let seen = Seen {
                now_ms: self.time_ms + self.skew_ms,
                random,
                storage: &self.storage,
                hides_claims: self.without == Without::Claims,
            };
            for effect in self.tabs[tab].sender.handle(input, &seen) {
                match effect {
                    Effect::Write { queued, .. } => {
                        let is_kept = self.write(&queued);
                        inputs.push_back(Input::Written { id: queued.id, is_kept });
                    }
                    Effect::Remove { id, .. } => {
                        self.storage.remove(&[PREFIX, &id].concat());
                    }
                    Effect::Defer => inputs.push_back(Input::Run),
                    Effect::RequestAdoption => {
                        inputs.push_back(Input::Adoption(AdoptionLock::Acquired));
                    }
                    Effect::SetTimer { after_ms } => {
                        self.tabs[tab].rings_ms = Some(self.time_ms + after_ms as i64);
                    }
                    Effect::Post { attempt, .. } => self.post(tab, attempt),
                    Effect::Tell { .. } | Effect::Warn { .. } | Effect::Probe { .. } => {}
                    Effect::RemoveAll | Effect::Abort | Effect::FetchFormat { .. } => {
                        panic!("nobody asks for this here: {effect:?}")
                    }
                }
            }
        }
    }

    fn write(&mut self, queued: &QueuedResponse) -> bool {
        let is_kept = self.without != Without::Outbox;
        if is_kept {
            self.storage.insert(queued.key(), queued.write());
        }
        is_kept
    }

    /// A visitor gives a first answer, or one more to a survey that is still open: the page writes it, and hands it on.
    fn answer(&mut self, tab: usize) {
        let again = self.roll(2) == 0;
        let known = self.tabs[tab].open.clone().filter(|_| again);
        let (id, revision) = match known {
            Some((id, revision)) => (id, revision + 1),
            None => (format!("{:08x}", self.given.len()), 1),
        };
        let now_ms = self.clock_ms();
        let queued = QueuedResponse {
            body: format!(r#"{{"sondeo":1,"id":"{id}","revision":{revision}}}"#),
            id: id.clone(),
            endpoint: "https://example.com/".to_owned(),
            format: RequestFormat::Json,
            headers: Vec::new(),
            fields: Vec::new(),
            confirms_id: false,
            revision,
            is_answered: true,
            attempts: 0,
            born_ms: now_ms,
            not_before_ms: now_ms + CLAIM_MS,
            wait: WaitReason::Claimed,
            refused_by: String::new(),
        };
        self.given.insert(id.clone(), revision);
        self.tabs[tab].open = Some((id, revision));
        let is_kept = self.write(&queued);
        // It crashes before the sender hears of it.
        if self.roll(20) == 0 {
            return self.crash(tab);
        }
        let (queued, storage) = (Box::new(queued), StorageKind::Local);
        self.tell(tab, Input::Deliver { queued, storage, is_kept });
    }

    /// What the network and the endpoint make of it.
    fn post(&mut self, tab: usize, attempt: AttemptId) {
        self.posts += 1;
        let time_ms = self.time_ms;
        let is_same = |it: &Request| {
            it.attempt.id == attempt.id
                && it.attempt.revision == attempt.revision
                && it.ends_ms > time_ms
        };
        let is_double = self.tabs.iter().any(|tab| tab.requests.iter().any(is_same));
        let is_known = self.acknowledged.get(&attempt.id) >= Some(&attempt.revision);
        self.doubles += u32::from(is_double && !is_known);
        let answered = |status, seconds: Option<u64>| HttpResult::Answered {
            status,
            retry_after: seconds.map(|it| Duration::from_millis(it.saturating_mul(1_000))),
            body: String::new(),
            is_foreign: false,
        };
        let result = match if self.is_calm { 0 } else { self.roll(12) } {
            0..=3 => answered(201, None),
            4 | 5 => HttpResult::NoAnswer,
            6 => answered(500, None),
            7 => answered(503, Some(u64::from(self.roll(200_000)))),
            8 => answered(429, Some(u64::MAX)),
            9 => answered(404, None),
            // Received, and nobody hears of it: the connection broke, or the answer was late.
            _ => {
                self.receive(&attempt);
                HttpResult::NoAnswer
            }
        };
        if matches!(result, HttpResult::Answered { status: 201, .. }) {
            self.receive(&attempt);
        }
        let ends_ms = self.time_ms + i64::from(self.roll(LONGEST_REQUEST_MS));
        self.tabs[tab].requests.push(Request { attempt, ends_ms, result });
    }

    fn receive(&mut self, attempt: &AttemptId) {
        let known = self.received.entry(attempt.id.clone()).or_default();
        *known = attempt.revision.max(*known);
    }

    /// A tab hears of what has ended, and its timer rings if it is time.
    fn settle(&mut self, tab: usize) {
        let time_ms = self.time_ms;
        let requests = std::mem::take(&mut self.tabs[tab].requests);
        let (ended, rest): (Vec<_>, Vec<_>) =
            requests.into_iter().partition(|it| it.ends_ms <= time_ms);
        self.tabs[tab].requests = rest;
        for Request { attempt, result, .. } in ended {
            if matches!(result, HttpResult::Answered { status: 201, .. }) {
                let known = self.acknowledged.entry(attempt.id.clone()).or_default();
                *known = attempt.revision.max(*known);
            }
            self.tell(tab, Input::Answered { attempt, result });
        }
        if self.tabs[tab].rings_ms.is_some_and(|it| it <= time_ms) {
            self.tabs[tab].rings_ms = None;
            self.tell(tab, Input::TimerRang);
        }
    }

    /// A tab is gone; what it has under way may or may not arrive.
    fn crash(&mut self, tab: usize) {
        let gone = std::mem::replace(&mut self.tabs[tab], Tab::new(self.version));
        for request in gone.requests {
            if self.roll(2) == 0 {
                self.receive(&request.attempt);
            }
        }
    }

    fn step(&mut self) {
        let tab = self.roll(self.tabs.len() as u32) as usize;
        match self.roll(16) {
            0..=2 => self.answer(tab),
            3..=6 => self.settle(tab),
            7 | 8 => self.tell(tab, Input::PageSeen),
            9 => self.tell(tab, Input::Online),
            10 | 11 => self.time_ms += i64::from(self.roll(120_000)),
            12 => self.time_ms += i64::from(self.roll(2)) * DAY_MS / 4,
            13 if self.tabs.len() < 4 => self.tabs.push(Tab::new(self.version)),
            14 => self.crash(tab),
            15 if !self.has_jumped => {
                self.has_jumped = true;
                let days = i64::from(self.roll(800)) - 400;
                self.skew_ms += days * DAY_MS;
            }
            _ => {}
        }
    }

    /// Everything works from now on, and a newer version of the widget comes, with the next page view of every tab.
    fn calm_down(&mut self) {
        self.is_calm = true;
        self.time_ms += i64::from(LONGEST_REQUEST_MS);
        for tab in 0..self.tabs.len() {
            self.settle(tab);
        }
        self.version = "2";
        for _ in 0..40 {
            for tab in 0..self.tabs.len() {
                self.settle(tab);
                // The next page view has attempts of its own.
                if self.tabs[tab].requests.is_empty() && self.without != Without::Outbox {
                    self.tabs[tab] = Tab::new(self.version);
                }
                self.tell(tab, Input::PageSeen);
            }
            if self.storage.is_empty() && self.tabs.iter().all(|tab| tab.requests.is_empty()) {
                break;
            }
            self.time_ms += DAY_MS / 8;
        }
    }

    fn lost(&self) -> usize {
        self.given.iter().filter(|(id, revision)| self.received.get(*id) < Some(revision)).count()
    }
}

fn run(seed: u32, without: Without) -> World {
    let mut world = World::new(seed, without);
    for _ in 0..STEPS {
        world.step();
    }
    world.calm_down();
    world
}

#[test]
fn ten_thousand_runs_lose_nothing_and_count_nothing_twice() {
    let (mut answers, mut posts) = (0, 0);
    for seed in 0..RUNS {
        let world = run(seed, Without::Nothing);
        assert_eq!(world.lost(), 0, "run {seed}");
        assert!(world.storage.is_empty(), "run {seed}: {:?}", world.storage);
        assert!(world.received.keys().all(|id| world.given.contains_key(id)), "run {seed}");
        if !world.has_jumped {
            assert_eq!(world.doubles, 0, "run {seed}: two tabs send the same at once");
        }
        answers += world.given.len();
        posts += world.posts;
    }
    eprintln!("{answers} responses in {posts} posts: 0 lost, 0 double");
}

#[test]
fn without_the_outbox_the_same_runs_lose_answers() {
    let lost: usize = (0..RUNS / 10).map(|seed| run(seed, Without::Outbox).lost()).sum();
    eprintln!("without the outbox {lost} are lost");
    assert!(lost > 1_000, "only {lost}: the rig proves nothing");
}

#[test]
fn without_claims_the_same_runs_send_twice_at_once() {
    let worlds = (0..RUNS / 10).map(|seed| run(seed, Without::Claims));
    let doubles: u32 = worlds.filter(|it| !it.has_jumped).map(|it| it.doubles).sum();
    eprintln!("without claims {doubles} are under way twice");
    assert!(doubles > 10, "only {doubles}: the rig proves nothing");
}
