//! Every way in which an answer could be lost or counted twice, and what becomes of it: a table of faults, run in
//! real browsers and written to `docs/faults.md`.
//!
//! Each row is the same story: a visitor answers while something is wrong, leaves, and the site is visited again
//! when nothing is wrong any more, on a page where no survey is due.

mod answers;
mod files;
mod leaving;
mod network;
mod page;
mod storage;
mod table;

pub(crate) use table::is_true;

use crate::support::{
    Browser, Collector, Fault, Faulty, Host, PAUSE, Page, Scenario, WAIT_TIMEOUT,
};
use serde_json::{Value as Json, json};
use std::panic::Location;
use std::time::{Duration, Instant};

/// All of them.
pub(crate) fn scenarios() -> Vec<Scenario> {
    [
        answers::scenarios(),
        network::scenarios(),
        storage::scenarios(),
        leaving::scenarios(),
        page::scenarios(),
        files::scenarios(),
    ]
    .concat()
}

/// What the visitor reads.
const SENT: &str = "Sent";
const KEPT: &str = "Saved on this device. It will be sent later.";
const UNSAVED: &str = "Your answer could not be saved.";

/// How many entries the outbox holds.
const WAITING: &str = "Object.keys(localStorage).filter(it => it.startsWith('sondeo.out.')).length";
/// Whether one of them is being sent: its twelfth field says so, and the next is empty unless it was refused.
const CLAIMED: &str = "Object.entries(localStorage).some(([key, text]) => \
    key.startsWith('sondeo.out.') && text.includes('\x1fc\x1f\x1f'))";

/// The clock goes on by a minute, and the page is looked at again: whoever had begun to send is given up.
const LATER: &str = "const now = Date.now; Date.now = () => now() + 60000; \
                     dispatchEvent(new Event('pageshow'))";

/// Nobody waits as long as the widget does for an endpoint: in this page, its patience is short.
const HASTY: &str = "<script>const wait = setTimeout; \
    window.setTimeout = (act, time, ...rest) => wait(act, time == 15000 ? 300 : time, ...rest)</script>";

/// Storage as a browser's setting denies it.
const DENIED: &str = "<script>Object.defineProperty(window, 'localStorage', \
    {get() { throw new DOMException('denied', 'SecurityError') }})</script>";

/// Whether the sender has come: it follows the network. What WebKit has in memory may leave no entry among the
/// resources.
const FOLLOWED: &str = "<script>const listen = EventTarget.prototype.addEventListener; \
    EventTarget.prototype.addEventListener = function (name, ...rest) { \
    window.isFollowed ||= name == 'online'; return listen.call(this, name, ...rest) }</script>";

/// Another tab looks for what was left behind, until it lets go.
const BUSY: &str = "<script>const {request} = LockManager.prototype; window.asked = 0; \
    navigator.locks.request('sondeo.out', () => new Promise(done => window.letGo = done)); \
    LockManager.prototype.request = function (...all) { \
    window.asked += 1; return request.apply(this, all) }</script>";

/// One survey that is answered: its id, and the option.
type Asked = (&'static str, &'static str, &'static str);

const ONE: &[Asked] = &[("post-purchase", "satisfaction", "4")];
/// One for each format that any endpoint may ask for.
const THREE: &[Asked] =
    &[("csat", "satisfaction", "4"), ("ces", "ease", "6"), ("ttr", "time", "hour")];
const FORMATS: [&str; 3] = ["json", "text", "form"];

/// A site with an endpoint elsewhere. On `/next` nothing is due.
struct Site {
    section: &'static str,
    browser: Browser,
    endpoint: Faulty,
    host: Host,
    collector: Collector,
    asked: &'static [Asked],
}

/// How long a click may take to be an answer, on a busy machine.
const SOON: Duration = Duration::from_secs(2);

impl Site {
    /// With one survey, above the page.
    async fn new(section: &'static str, browser: Browser, attributes: &str) -> Self {
        Self::with(section, browser, attributes, |page, _, _| page).await
    }

    /// The same, whose first page is changed.
    async fn with(
        section: &'static str,
        browser: Browser,
        attributes: &str,
        change: fn(Page, &Collector, &Faulty) -> Page,
    ) -> Self {
        let (collector, endpoint) = (Collector::start().await, Faulty::start().await);
        let page = |trigger: &str| {
            let attributes = format!(
                r#"{attributes} data-recontact="always" data-quiet="0" data-max-shows="100" data-trigger="{trigger}""#
            );
            Page::with_survey(&collector, &endpoint.url(), &attributes)
        };
        let (first, next) = (change(page("load"), &collector, &endpoint), page("event:never"));
        let busy = next.clone().before(BUSY);
        let unlocked = next.clone().before("<script>delete Navigator.prototype.locks</script>");
        let pages = [
            ("/", first.clone()),
            ("/denied", first.clone().before(DENIED)),
            ("/hasty", first.clone().before(HASTY)),
            ("/next", next.before(FOLLOWED)),
            ("/unlocked", unlocked),
            ("/busy", busy),
            ("/blank", Page::default()),
            ("/ahead", first.body("<script>localStorage.ahead = document.prerendering</script>")),
        ];
        let host = Host::with(pages).await;
        Self { section, browser, endpoint, host, collector, asked: ONE }
    }

    /// With three surveys inside the page, one for each format.
    async fn of_formats(section: &'static str, browser: Browser, attributes: &str) -> Self {
        let (collector, endpoint) = (Collector::start().await, Faulty::start().await);
        let url = endpoint.url();
        let page = |trigger: &str, url: &str| {
            let elements = THREE.iter().zip(FORMATS).map(|((id, ..), format)| {
                format!(
                    r#"<div data-sondeo="{id}" data-endpoint="{url}" data-format="{format}"
                    data-recontact="always" data-max-shows="100" data-trigger="{trigger}" {attributes}></div>"#
                )
            });
            Page::new(collector.tag("")).body(elements.collect::<String>())
        };
        let nowhere = "http://sondeo.invalid/responses";
        let pages = [
            ("/", page("load", &url)),
            ("/hasty", page("load", &url).before(HASTY)),
            ("/nowhere", page("load", nowhere)),
            ("/next", page("event:never", &url)),
        ];
        let host = Host::with(pages).await;
        Self { section, browser, endpoint, host, collector, asked: THREE }
    }

    fn count(&self) -> usize {
        self.asked.len()
    }

    /// Opens the page and answers all that it asks.
    #[track_caller]
    fn answer_on(&self, path: &str) -> impl Future<Output = ()> {
        let (url, caller) = (self.host.url(path), Location::caller());
        async move {
            self.browser.open(&url).await;
            self.choose_as(caller).await;
        }
    }

    #[track_caller]
    fn choose(&self) -> impl Future<Output = ()> {
        self.choose_as(Location::caller())
    }

    async fn choose_as(&self, caller: &Location<'_>) {
        for (id, question, value) in self.asked {
            let option = format!("input({}, {}, {})", json!(id), json!(question), json!(value));
            // What is said of the answer before makes its survey taller, and may move this one away from under the
            // pointer: whoever misses points again.
            let is_taken =
                format!("(() => {{ try {{ return !{option} }} catch {{ return true }} }})()");
            for _ in 0..3 {
                self.browser.point("mouse", &option, caller).await;
                if self.comes_true(&is_taken).await {
                    break;
                }
            }
        }
    }

    /// Whether this becomes true soon.
    async fn comes_true(&self, expression: &str) -> bool {
        let deadline = Instant::now() + SOON;
        while Instant::now() < deadline {
            // While the visitor leaves for another page, browsers answer nothing or an error.
            if self.browser.evaluate(expression).await == Ok(Json::Bool(true)) {
                return true;
            }
            tokio::time::sleep(PAUSE).await;
        }
        false
    }

    /// Waits until this is what the visitor reads about each answer.
    #[track_caller]
    fn reads(&self, words: &str) -> impl Future<Output = ()> {
        self.read([words].repeat(self.count()))
    }

    /// The same, of each survey something else.
    #[track_caller]
    fn read(&self, words: Vec<&str>) -> impl Future<Output = ()> {
        let ids: Vec<_> = self.asked.iter().map(|it| it.0).collect();
        let read = "inside(id, '[part=note]')?.firstChild.textContent";
        let expression =
            format!("{}.map(id => {read}).join() == {}", json!(ids), json!(words.join(",")));
        let caller = Location::caller();
        async move { self.browser.until_as(&expression, caller).await }
    }

    /// What the page threw so far: nothing.
    async fn is_unharmed(&self) {
        assert_eq!(self.browser.page_log().await.errors, [""; 0], "thrown");
    }

    /// No attempt is under way.
    async fn is_not_sending(&self) {
        self.browser.until(&format!("!{CLAIMED}")).await;
    }

    /// The endpoint works again, and the visitor comes to another page of the site.
    async fn come_back(&self) {
        self.is_unharmed().await;
        self.endpoint.heal().await;
        self.browser.open(&self.host.url("/next")).await;
    }

    /// This many entries wait, on a page that has nothing left to do.
    #[track_caller]
    fn keeps(&self, count: usize) -> impl Future<Output = ()> {
        let caller = Location::caller();
        async move {
            self.browser.until_idle().await;
            self.browser.until_as(&format!("{WAITING} == {count}"), caller).await;
        }
    }

    /// Each response is at the endpoint once, and none waits.
    #[track_caller]
    fn is_delivered(&self) -> impl Future<Output = ()> {
        let caller = Location::caller();
        async move {
            self.endpoint.until_stored(self.count(), caller).await;
            // The next attempt may have begun just before the visitor left; its claim outlives the page.
            let none = format!("{WAITING} == 0");
            self.browser.until_within(WAIT_TIMEOUT * 2, &none, caller).await;
            let stored = self.endpoint.stored();
            assert_eq!(stored.len(), self.count(), "at {caller}: {stored:?}");
            self.is_unharmed().await;
        }
    }

    /// A row has held.
    fn note(&self, fault: &str, received: &str, seen: &str) {
        let formats = if self.count() == ONE.len() { "json" } else { "json, text, form" };
        table::note(self.section, fault, formats, received, seen, self.browser.engine, "held");
    }

    /// This browser cannot produce the fault.
    fn cannot(&self, fault: &str, why: &str) {
        table::note(self.section, fault, "json", "", "", self.browser.engine, why);
    }

    /// For the next row: as if nobody had been here.
    async fn clear(&self) {
        self.browser.run("localStorage.clear()").await;
        self.browser.open("about:blank").await;
    }

    /// All rows of this section have held.
    fn done(&self) {
        table::done(self.section, self.browser.engine);
    }

    /// A fault that lasts until the visitor has left: the answers are kept, and delivered from the next page. Where
    /// somebody has to see to it, each survey says why in a word, and the console in one line.
    #[track_caller]
    fn check(
        &self,
        name: &str,
        path: &str,
        fault: Fault,
        reason: &str,
    ) -> impl Future<Output = ()> {
        let caller = Location::caller();
        async move {
            self.endpoint.fail(fault).await;
            self.browser.open(&self.host.url(path)).await;
            self.choose_as(caller).await;
            self.reads(KEPT).await;
            self.browser.until_as(&format!("{WAITING} == {}", self.count()), caller).await;
            self.explains(reason, "was not delivered to").await;
            // The next page respects the claim of an attempt that was under way for 20 s.
            self.is_not_sending().await;
            self.come_back().await;
            self.is_delivered().await;
            self.note(name, "one response", "saved, will be sent");
            self.clear().await;
        }
    }

    /// The page hears this reason for each answer, and the console has one line with these words.
    #[track_caller]
    fn explains(&self, reason: &str, words: &str) -> impl Future<Output = ()> {
        let count = self.count();
        let failed = format!(
            "pageLog.events.filter(it => it.name == 'failed' && it.reason == {}).length == {count}",
            json!(reason)
        );
        let (caller, is_wanted) = (Location::caller(), !reason.is_empty());
        async move {
            if is_wanted {
                self.browser.until_as(&failed, caller).await;
                let lines = self.browser.page_log().await.lines;
                let found = lines.iter().filter(|line| line.contains(words)).count();
                assert_eq!(found, 1, "at {caller}: {lines:?}");
            }
        }
    }
}
