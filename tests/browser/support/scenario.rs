//! A scenario is written once and run in every engine.

use super::{Browser, BrowserLease, Engine, evidence};
use libtest_mimic::{Failed, Trial};
use std::collections::HashMap;
use std::future::Future;
use std::panic;
use std::pin::Pin;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::task;

/// Longer than any wait inside; only a driver that hangs comes here.
const LIMIT: Duration = Duration::from_secs(180);

/// Sessions and servers outlive the scenario that started them, so all run in the same place.
pub(crate) static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Runtime::new().expect("threads for the tests"));

/// Where a scenario runs on each change. Before a release each runs in every engine (`SONDEO_EVERY_ENGINE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What engines do in different ways: events, focus, storage, layout, requests, pages that leave.
    EveryEngine,
    /// What the widget's own rules come to on a page: one of the three, which the name draws.
    OneEngine,
    /// Rules that are the same program everywhere, and walks over many surveys of which every engine walks some.
    Chromium,
    /// The same walk once more, in another display: before a release alone.
    Release,
}

impl Scope {
    /// Whether a scenario of this name runs in this engine on each change.
    fn has(self, engine: Engine, name: &str) -> bool {
        match self {
            Self::EveryEngine => true,
            Self::Release => false,
            Self::Chromium => engine == Engine::Chromium,
            Self::OneEngine => {
                let sum: usize = name.bytes().map(usize::from).sum();
                engine == Engine::ALL[sum % Engine::ALL.len()]
            }
        }
    }
}

/// One story about the widget.
#[derive(Clone, Copy)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) scope: Scope,
    pub(crate) run: fn(Browser) -> Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// Lists a module's scenarios, each an `async fn(Browser)`. On each change those after `in one engine:` run in one of the three,
/// those after `in Chromium:` in that engine alone, and those after `before a release:` nowhere; before a release, all run everywhere.
#[macro_export]
macro_rules! scenarios {
    (in $($rest:tt)+) => {
        $crate::scenarios![; in $($rest)+];
    };
    (
        $($name:ident),* $(,)?
        $(; in one engine: $($shared:ident),+ $(,)?)?
        $(; in Chromium: $($rule:ident),+ $(,)?)?
        $(; before a release: $($late:ident),+ $(,)?)?
    ) => {
        pub(crate) fn scenarios() -> Vec<$crate::support::Scenario> {
            vec![
                $($crate::scenario!($name, EveryEngine),)*
                $($($crate::scenario!($shared, OneEngine),)+)?
                $($($crate::scenario!($rule, Chromium),)+)?
                $($($crate::scenario!($late, Release),)+)?
            ]
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! scenario {
    ($name:ident, $scope:ident) => {
        $crate::support::Scenario {
            name: concat!(module_path!(), "::", stringify!($name)),
            scope: $crate::support::Scope::$scope,
            run: |browser| Box::pin($name(browser)),
        }
    };
}

impl Scenario {
    /// The test of this scenario in one engine.
    pub(crate) fn trial(self, engine: Engine) -> Trial {
        let name = self.name.split_once("::").map_or(self.name, |(_, name)| name);
        let name = format!("{engine}::{name}");
        let title = name.clone();
        let rests = !self.scope.has(engine, self.name) && !*EVERY_ENGINE;
        Trial::test(name, move || RUNTIME.block_on(self.perform(engine, &title)))
            .with_ignored_flag(rests)
    }

    /// A browser that starves beside another one on a busy machine is no fault of the widget. What fails gets a
    /// second try with the machine to itself; the end of the run tells of it, and few such scenarios are allowed.
    async fn perform(self, engine: Engine, title: &str) -> Result<(), Failed> {
        let Err(first) = self.attempt(BrowserLease::take(engine).await, title).await else {
            return Ok(());
        };
        match self.attempt(BrowserLease::take_alone(engine).await, title).await {
            Ok(()) => {
                UNSTEADY.lock().unwrap_or_else(PoisonError::into_inner).push(first);
                Ok(())
            }
            Err(second) => Err(format!("{second}\nbefore that, beside others: {first}").into()),
        }
    }

    async fn attempt(self, lease: Result<BrowserLease, String>, title: &str) -> Result<(), String> {
        let lease = lease?;
        let began = Instant::now();
        let story = (self.run)(lease.browser.clone());
        let failure = match task::spawn(tokio::time::timeout(LIMIT, story)).await {
            Ok(Ok(())) => {
                note_time(title, began.elapsed());
                lease.give_back();
                return Ok(());
            }
            Ok(Err(_)) => format!("took longer than {} s", LIMIT.as_secs()),
            Err(error) => said_by(error.id()).unwrap_or_else(|| error.to_string()),
        };
        let evidence = evidence::keep(&lease.browser, title).await;
        lease.discard().await;
        Err(format!("{title} {failure}\n{evidence}"))
    }
}

/// What was said by scenarios that failed beside others and passed alone.
static UNSTEADY: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// How many of them a run may have: more are a fault of the tests or of the widget.
const MOST_UNSTEADY: usize = 5;

/// Prints which scenarios needed a second try. Whether they are few enough.
pub(crate) fn are_steady() -> bool {
    let unsteady = UNSTEADY.lock().unwrap_or_else(PoisonError::into_inner);
    if !unsteady.is_empty() {
        eprintln!("unsteady: {} passed only alone, of {MOST_UNSTEADY} allowed", unsteady.len());
    }
    for words in unsteady.iter() {
        eprintln!("  {words}");
    }
    unsteady.len() <= MOST_UNSTEADY
}

/// How long each scenario had a browser for itself, as told at the end to whoever wants the suite to be quicker.
static TIMES: Mutex<Vec<(Duration, String)>> = Mutex::new(Vec::new());
/// How many of the slowest are told.
const SLOWEST: usize = 12;

fn note_time(title: &str, time: Duration) {
    TIMES.lock().unwrap_or_else(PoisonError::into_inner).push((time, title.to_owned()));
}

/// Prints which scenarios took longest, and how long all of them did.
pub(crate) fn tell_times() {
    let mut times = TIMES.lock().unwrap_or_else(PoisonError::into_inner);
    times.sort_by(|one, other| other.cmp(one));
    let all: Duration = times.iter().map(|(time, _)| *time).sum();
    eprintln!("browsers were busy for {} s", all.as_secs());
    for engine in Engine::ALL {
        let of_engine = format!("{engine}::");
        let own = times.iter().filter(|(_, title)| title.starts_with(&of_engine));
        let (count, busy) =
            own.fold((0, Duration::ZERO), |(count, sum), (it, _)| (count + 1, sum + *it));
        eprintln!("  {:5} s  {count} scenarios in {engine}", busy.as_secs());
    }
    eprintln!("the slowest:");
    for (time, title) in times.iter().take(SLOWEST) {
        eprintln!("  {:5.1} s  {title}", time.as_secs_f32());
    }
}

/// Whether every scenario runs in every engine.
static EVERY_ENGINE: LazyLock<bool> =
    LazyLock::new(|| std::env::var_os("SONDEO_EVERY_ENGINE").is_some());

static LAST_WORDS: Mutex<Option<HashMap<task::Id, String>>> = Mutex::new(None);

/// Keeps what a scenario says when it panics, with the place, for its report: several run at once.
pub(crate) fn keep_last_words() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| match task::try_id() {
        Some(id) => {
            let mut words = LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner);
            words.get_or_insert_default().insert(id, info.to_string());
        }
        None => usual(info),
    }));
}

fn said_by(id: task::Id) -> Option<String> {
    LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner).as_mut()?.remove(&id)
}
