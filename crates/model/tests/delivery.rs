//! No answer lost and none counted twice: outbox and schedule in a small world of tabs that crash, clocks that jump
//! and an endpoint that fails in every way, run ten thousand times. The same world without the outbox loses answers,
//! or it would prove nothing.

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use sondeo_model::outbox::{CLAIM, Fate, QueuedResponse, RetryAt, Stored};
use sondeo_model::{ATTEMPTS_PER_PAGE, DAY_MS, Duration, Outcome, RequestFormat};
use std::collections::BTreeMap;

const RUNS: u32 = 10_000;
const STEPS: u32 = 80;
/// The widget gives up waiting before another tab may think that it died.
const REQUEST_TIMEOUT_MS: i64 = 15_000;

/// What a tab knows, and loses when it goes.
#[derive(Default)]
struct Tab {
    parcels: Vec<(QueuedResponse, u32)>,
    /// What is under way: when it ends by true time, how, and whether the endpoint has received it.
    under_way: Vec<(QueuedResponse, i64, Outcome)>,
}

struct World {
    dice: TestRng,
    has_outbox: bool,
    time: i64,
    /// What clocks are wrong by.
    skew: i64,
    has_jumped: bool,
    version: &'static str,
    storage: BTreeMap<String, String>,
    tabs: Vec<Tab>,
    /// By id, the highest revision that visitors gave, and the endpoint has.
    given: BTreeMap<String, u32>,
    received: BTreeMap<String, u32>,
    posts: u32,
    /// The same revision under way in two tabs at once.
    doubles: u32,
    is_calm: bool,
}

impl World {
    fn new(seed: u32, has_outbox: bool) -> Self {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&seed.to_le_bytes());
        Self {
            dice: TestRng::from_seed(RngAlgorithm::ChaCha, &bytes),
            has_outbox,
            time: 1_800_000_000_000,
            skew: 0,
            has_jumped: false,
            version: "1",
            storage: BTreeMap::new(),
            tabs: vec![Tab::default()],
            given: BTreeMap::new(),
            received: BTreeMap::new(),
            posts: 0,
            doubles: 0,
            is_calm: false,
        }
    }

    fn roll(&mut self, sides: u32) -> u32 {
        self.dice.next_u32() % sides
    }

    fn clock(&self) -> i64 {
        self.time + self.skew
    }

    fn put(&mut self, entry: &QueuedResponse) {
        if self.has_outbox {
            self.storage.insert(entry.key(), entry.write());
        }
    }

    fn stored(&self, id: &str) -> Option<QueuedResponse> {
        let text = self.storage.get(&format!("sondeo.out.{id}"))?;
        match QueuedResponse::read(id, text) {
            Stored::Entry(entry) => Some(*entry),
            other => panic!("{other:?}"),
        }
    }

    /// A visitor gives a first answer, or one more to a survey that is still open.
    fn answer(&mut self, tab: usize) {
        let again = self.roll(2) == 0;
        let known = self.tabs[tab].parcels.first().map(|it| it.0.clone());
        let now = self.clock();
        let mut entry = match known.filter(|_| again) {
            Some(entry) => {
                QueuedResponse { revision: entry.revision + 1, refused_by: String::new(), ..entry }
            }
            None => {
                let id = format!("{:08x}", self.given.len());
                let (endpoint, body) = ("https://example.com/".to_owned(), String::new());
                QueuedResponse {
                    id,
                    endpoint,
                    body,
                    format: RequestFormat::Json,
                    headers: Vec::new(),
                    fields: Vec::new(),
                    confirms_id: false,
                    revision: 1,
                    is_answered: true,
                    attempts: 0,
                    born: now,
                    not_before: now,
                    wait: RetryAt::BackOff,
                    refused_by: String::new(),
                }
            }
        };
        entry.body = format!(r#"{{"sondeo":1,"id":"{}","revision":{}}}"#, entry.id, entry.revision);
        entry.wait = RetryAt::Claimed;
        entry.not_before = now + CLAIM;
        self.given.insert(entry.id.clone(), entry.revision);
        self.put(&entry);
        entry.not_before = now;
        self.tabs[tab].parcels.retain(|it| it.0.id != entry.id);
        self.tabs[tab].parcels.push((entry, 0));
        self.send(tab);
    }

    /// Sends what this tab has and may send now. What another tab has taken on meanwhile is its own.
    fn send(&mut self, tab: usize) {
        let parcels = std::mem::take(&mut self.tabs[tab].parcels);
        for (mut entry, mut attempts) in parcels {
            let now = self.clock();
            if self.stored(&entry.id).is_some_and(|it| entry.is_behind(&it)) {
                continue;
            }
            let same = |it: &(QueuedResponse, i64, Outcome)| {
                it.0.id == entry.id && it.0.revision == entry.revision
            };
            let is_under_way = self.tabs[tab].under_way.iter().any(same);
            let is_due =
                entry.not_before <= now || entry.waits(now, self.version, false) == Some(0);
            let is_wanted = attempts < ATTEMPTS_PER_PAGE && entry.refused_by != self.version;
            if is_due && is_wanted && !is_under_way {
                attempts += 1;
                entry.claim(now);
                self.put(&entry);
                self.post(tab, entry.clone());
            }
            self.tabs[tab].parcels.push((entry, attempts));
        }
    }

    /// What the network and the endpoint make of it.
    fn post(&mut self, tab: usize, entry: QueuedResponse) {
        self.posts += 1;
        let time = self.time;
        let same = |it: &(QueuedResponse, i64, Outcome)| {
            it.0.id == entry.id && it.0.revision == entry.revision && it.1 > time
        };
        let elsewhere = self.tabs.iter().any(|tab| tab.under_way.iter().any(same));
        self.doubles += u32::from(elsewhere);
        let outcome = match if self.is_calm { 0 } else { self.roll(12) } {
            0..=3 => Outcome::Answered { status: 201, retry_after: None },
            4 | 5 => Outcome::Unreachable,
            6 => Outcome::Answered { status: 500, retry_after: None },
            7 => {
                let seconds = u64::from(self.roll(200_000));
                let retry_after = Some(Duration::from_millis(seconds * 1_000));
                Outcome::Answered { status: 503, retry_after }
            }
            8 => Outcome::Answered {
                status: 429,
                retry_after: Some(Duration::from_millis(u64::MAX)),
            },
            9 => Outcome::Answered { status: 404, retry_after: None },
            // Received, and nobody hears of it: the connection broke, or the answer was late.
            _ => {
                self.receive(&entry);
                Outcome::Unreachable
            }
        };
        if matches!(outcome, Outcome::Answered { status: 201, .. }) {
            self.receive(&entry);
        }
        let ends = self.time + i64::from(self.roll(REQUEST_TIMEOUT_MS as u32));
        self.tabs[tab].under_way.push((entry, ends, outcome));
    }

    fn receive(&mut self, entry: &QueuedResponse) {
        let known = self.received.entry(entry.id.clone()).or_default();
        *known = entry.revision.max(*known);
    }

    /// Hears of what has ended.
    fn settle(&mut self, tab: usize) {
        let time = self.time;
        let ended: Vec<_> = {
            let under_way = std::mem::take(&mut self.tabs[tab].under_way);
            let (ended, rest) = under_way.into_iter().partition(|it| it.1 <= time);
            self.tabs[tab].under_way = rest;
            ended
        };
        for (sent, _, outcome) in ended {
            let Some(at) = self.tabs[tab].parcels.iter().position(|it| it.0.id == sent.id) else {
                continue;
            };
            if self.tabs[tab].parcels[at].0.revision > sent.revision {
                continue;
            }
            let (mut entry, attempts) = self.tabs[tab].parcels.swap_remove(at);
            let random = self.roll(256) as u8;
            let fate = entry.settle(outcome, self.clock(), random, self.version);
            let stored = self.stored(&entry.id).filter(|it| entry.is_behind(it));
            match (fate, stored) {
                (Fate::Delivered, None) => {
                    self.storage.remove(&entry.key());
                }
                (Fate::Delivered, Some(stored)) if stored.revision == sent.revision => {
                    self.storage.remove(&entry.key());
                }
                (Fate::Expired, _) => panic!("expired within a month: {entry:?}"),
                (_, Some(_)) => {}
                (Fate::Waits | Fate::Aside, None) => {
                    self.put(&entry);
                    self.tabs[tab].parcels.push((entry, attempts));
                }
            }
        }
        self.send(tab);
    }

    /// Takes on what others have left behind.
    fn adopt(&mut self, tab: usize) {
        let now = self.clock();
        let ids: Vec<String> = self
            .storage
            .keys()
            .map(|key| key.trim_start_matches("sondeo.out.").to_owned())
            .collect();
        for id in ids {
            let is_ours = self.tabs[tab].parcels.iter().any(|it| it.0.id == id);
            let Some(mut entry) = self.stored(&id).filter(|_| !is_ours) else { continue };
            if entry.waits(now, self.version, false) != Some(0)
                || self.tabs[tab].under_way.len() >= 4
            {
                continue;
            }
            if entry.wait != RetryAt::Old {
                entry.wait = RetryAt::Claimed;
            }
            entry.not_before = now + CLAIM;
            self.put(&entry);
            entry.not_before = now;
            self.tabs[tab].parcels.push((entry, 0));
        }
        self.send(tab);
    }

    fn step(&mut self) {
        let tab = self.roll(self.tabs.len() as u32) as usize;
        match self.roll(16) {
            0..=2 => self.answer(tab),
            3..=6 => self.settle(tab),
            7..=9 => self.adopt(tab),
            10 | 11 => self.time += i64::from(self.roll(120_000)),
            12 => self.time += i64::from(self.roll(2)) * DAY_MS / 4,
            13 if self.tabs.len() < 4 => self.tabs.push(Tab::default()),
            // It crashes, or is closed; what it has under way may or may not arrive.
            14 => {
                let gone = self.tabs.swap_remove(tab);
                for (entry, ..) in gone.under_way {
                    if self.roll(2) == 0 {
                        self.receive(&entry);
                    }
                }
                self.tabs.push(Tab::default());
            }
            15 if !self.has_jumped => {
                self.has_jumped = true;
                let days = i64::from(self.roll(800)) - 400;
                self.skew += days * DAY_MS;
            }
            _ => {}
        }
    }

    /// Everything works from now on, and a newer version of the widget comes; nobody closes the last tab.
    fn calm_down(&mut self) {
        self.is_calm = true;
        self.time += REQUEST_TIMEOUT_MS;
        for tab in 0..self.tabs.len() {
            self.settle(tab);
        }
        self.version = "2";
        for _ in 0..40 {
            for tab in 0..self.tabs.len() {
                self.settle(tab);
                // The next page view has attempts of its own.
                self.tabs[tab].parcels.retain(|_| !self.has_outbox);
                self.adopt(tab);
            }
            if self.storage.is_empty() && self.tabs.iter().all(|tab| tab.under_way.is_empty()) {
                break;
            }
            self.time += DAY_MS / 8;
        }
    }

    fn lost(&self) -> usize {
        self.given.iter().filter(|(id, revision)| self.received.get(*id) < Some(revision)).count()
    }
}

fn run(seed: u32, has_outbox: bool) -> World {
    let mut world = World::new(seed, has_outbox);
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
        let world = run(seed, true);
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
    let lost: usize = (0..RUNS / 10).map(|seed| run(seed, false).lost()).sum();
    eprintln!("without the outbox {lost} are lost");
    assert!(lost > 1_000, "only {lost}: the rig proves nothing");
}
