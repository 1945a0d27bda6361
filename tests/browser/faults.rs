//! Every way in which an answer could be lost or counted twice, and what becomes of it: a table of faults, run in
//! real browsers and written to `docs/faults.md`.
//!
//! Each row is the same story: a visitor answers while something is wrong, leaves, and the site is visited again
//! when nothing is wrong any more, on a page where no survey is due.

mod table;

use crate::support::{Browser, Collector, Fault, Faulty, Host, Page};
use serde_json::json;
use table::note;
pub(crate) use table::write;

crate::scenarios![
    endpoints_that_answer_wrongly,
    endpoints_that_do_not_answer,
    endpoints_that_refuse,
    storage_that_fails,
    pages_that_go_away,
    pages_that_do_harm,
];

/// What the visitor reads.
const SENT: &str = "Sent";
const KEPT: &str = "Saved on this device. It will be sent later.";
const UNSAVED: &str = "Your answer could not be saved.";

/// How many entries the outbox holds.
const WAITING: &str = "Object.keys(localStorage).filter(it => it.startsWith('sondeo.out.')).length";

/// A site with an endpoint elsewhere. On `/next` nothing is due.
struct Site {
    browser: Browser,
    endpoint: Faulty,
    host: Host,
    _collector: Collector,
}

impl Site {
    async fn new(browser: Browser, attributes: &str) -> Self {
        Self::with(browser, attributes, |page, _| page).await
    }

    /// The same, whose first page is changed.
    async fn with(
        browser: Browser,
        attributes: &str,
        change: fn(Page, &Collector) -> Page,
    ) -> Self {
        let collector = Collector::start().await;
        let endpoint = Faulty::start().await;
        let always = format!(r#"{attributes} data-recontact="always" data-quiet="0""#);
        let page = |trigger: &str| {
            let attributes = format!(r#"{always} data-trigger="{trigger}""#);
            Page::with_survey(&collector, &endpoint.url(), &attributes)
        };
        let pages = [
            ("/", change(page("load"), &collector)),
            ("/next", page("event:never")),
            ("/blank", Page::default()),
        ];
        let host = Host::with(pages).await;
        Self { browser, endpoint, host, _collector: collector }
    }

    async fn answer(&self) {
        self.browser.open(&self.host.url("/")).await;
        self.choose().await;
    }

    async fn choose(&self) {
        self.browser.survey("post-purchase").choose("satisfaction", "4").await;
    }

    /// Waits until this is what the visitor reads about the delivery.
    #[track_caller]
    fn reads(&self, words: &str) -> impl Future<Output = ()> {
        let note = self.browser.survey("post-purchase").part("[part=note]");
        let caller = std::panic::Location::caller();
        let expression = format!("{note}?.firstChild.textContent == {}", json!(words));
        async move { self.browser.until_as(&expression, caller).await }
    }

    /// What the page threw so far: nothing.
    async fn is_unharmed(&self) {
        assert_eq!(self.browser.witness().await.errors, [""; 0], "thrown");
    }

    /// The endpoint works again, and the visitor comes to another page of the site.
    async fn come_back(&self) {
        self.is_unharmed().await;
        self.endpoint.heal().await;
        self.browser.open(&self.host.url("/next")).await;
    }

    /// One response is at the endpoint, and none waits.
    async fn is_delivered(&self) {
        self.endpoint.until_stored(1).await;
        self.browser.until(&format!("{WAITING} == 0")).await;
        assert_eq!(self.endpoint.stored().len(), 1, "{:?}", self.endpoint.stored());
        self.is_unharmed().await;
    }

    /// For the next row: as if nobody had been here.
    async fn clear(&self) {
        self.browser.run("localStorage.clear()").await;
        self.browser.open("about:blank").await;
    }
}

/// Rows whose fault lasts until the visitor has left.
async fn check(site: &Site, rows: &[(&'static str, Fault)]) {
    check_explained(site, rows, "").await;
}

/// The same, where somebody has to see to it, and hears why in a word.
async fn check_explained(site: &Site, rows: &[(&'static str, Fault)], reason: &str) {
    for (name, fault) in rows {
        site.endpoint.fail(fault.clone()).await;
        site.answer().await;
        site.reads(KEPT).await;
        assert_eq!(site.browser.value::<u32>(WAITING).await, 1, "{name}");
        if !reason.is_empty() {
            site.browser.heard("failed").await;
            let witness = site.browser.witness().await;
            let failed = witness.events.iter().find(|event| event["name"] == "failed");
            assert_eq!(failed.map(|event| &event["reason"]), Some(&json!(reason)), "{name}");
            let lines = witness.lines.iter().filter(|line| line.contains("was not delivered to"));
            assert_eq!(lines.count(), 1, "{name}: {:?}", witness.lines);
        }
        site.come_back().await;
        site.is_delivered().await;
        note(name, &site.browser, "1 response", "saved, will be sent");
        site.clear().await;
    }
}

async fn endpoints_that_answer_wrongly(browser: Browser) {
    let site = Site::new(browser, "").await;
    let past = "retry-after: Wed, 21 Oct 2015 07:28:00 GMT\r\n";
    check(
        &site,
        &[
            ("500", Fault::Status(500, "")),
            ("503 with `Retry-After` in seconds", Fault::Status(503, "retry-after: 1\r\n")),
            ("429 with `Retry-After` in seconds", Fault::Status(429, "retry-after: 1\r\n")),
            ("429 with `Retry-After` as a date", Fault::Status(429, past)),
            ("429 with nonsense in `Retry-After`", Fault::Status(429, "retry-after: soon\r\n")),
            ("408", Fault::Status(408, "")),
        ],
    )
    .await;
    check_explained(
        &site,
        &[
            (
                "a redirect to another origin (307)",
                Fault::Status(307, "location: https://example.com/\r\n"),
            ),
            (
                "a redirect to another origin (301)",
                Fault::Status(301, "location: https://example.com/\r\n"),
            ),
        ],
        "redirect",
    )
    .await;
}

async fn endpoints_that_do_not_answer(browser: Browser) {
    let site = Site::new(browser, "").await;
    check(
        &site,
        &[
            ("connection closed without an answer", Fault::HangsUp),
            ("stored, but the answer breaks off in its body", Fault::CutMidBody),
        ],
    )
    .await;
    for (name, fault, reason) in [
        ("connection refused", Fault::Refused, "unreachable"),
        ("stored, but no CORS header in the answer", Fault::NoCors, "cors"),
        ("preflight refused", Fault::PreflightRefused, "preflight"),
    ] {
        check_explained(&site, &[(name, fault)], reason).await;
    }
    let site = Site::new(site.browser, r#"data-confirm="id""#).await;
    check_explained(
        &site,
        &[("a captive portal answers 200 with HTML (`data-confirm=\"id\"`)", Fault::Portal)],
        "unconfirmed",
    )
    .await;

    // Nobody waits for these to end: the visitor leaves while the request is under way, and the next page comes
    // when it is certain that no tab is sending it any more.
    for (name, fault) in [
        ("stored, but no answer ever", Fault::Never),
        ("stored, but the answer comes byte by byte, too slowly", Fault::SlowBody),
    ] {
        site.endpoint.fail(fault).await;
        site.answer().await;
        site.endpoint.until_posted().await;
        assert_eq!(site.browser.value::<u32>(WAITING).await, 1, "{name}");
        site.browser.open(&site.host.url("/next")).await;
        site.endpoint.heal().await;
        site.browser.run(LATER).await;
        site.is_delivered().await;
        note(name, &site.browser, "1 response", "thanks");
        site.clear().await;
    }
}

/// The clock goes on by a minute, and the page is looked at again.
const LATER: &str = "const now = Date.now; Date.now = () => now() + 60000; \
                     dispatchEvent(new Event('pageshow'))";

async fn endpoints_that_refuse(browser: Browser) {
    let site = Site::new(browser, "").await;
    for status in [400, 401, 403, 404, 413, 422] {
        site.endpoint.fail(Fault::Status(status, "")).await;
        site.answer().await;
        site.reads(UNSAVED).await;
        site.browser.heard("failed").await;
        site.is_unharmed().await;
        let lines = site.browser.witness().await.lines;
        assert!(
            lines.iter().any(|line| line.contains(&format!("it answers {status} no"))),
            "{lines:?}"
        );
        // Kept aside: the same version does not repeat it, a newer one does so once.
        site.come_back().await;
        site.browser.until_idle().await;
        site.browser.until(&format!("{WAITING} == 1")).await;
        assert_eq!(site.endpoint.posts(), 1);
        site.browser.run(OLDER).await;
        site.browser.open(&site.host.url("/next")).await;
        site.browser.run(LATER).await;
        site.is_delivered().await;
        note(
            &format!("{status}"),
            &site.browser,
            "1 response, after the widget's next version",
            "could not be saved",
        );
        site.clear().await;
    }
}

/// What is kept aside was refused from an older version.
const OLDER: &str = "for (const key of Object.keys(localStorage)) if (key.startsWith('sondeo.out.')) { \
     const fields = localStorage[key].split('\\x1f'); fields[12] = '0.0.1'; \
     localStorage[key] = fields.join('\\x1f') }";

async fn storage_that_fails(browser: Browser) {
    let site = Site::new(browser, "").await;
    for (name, harm) in [
        (
            "storage is full",
            "let text = 'x'.repeat(1 << 20); while (text) \
          try { localStorage['full' + localStorage.length + text.length] = text } catch { text = text.slice(0, text.length >> 1) }",
        ),
        (
            "storage is denied",
            "Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied') }})",
        ),
    ] {
        site.endpoint.fail(Fault::Refused).await;
        site.browser.open(&site.host.url("/")).await;
        let survey = site.browser.survey("post-purchase");
        survey.asks("How would you rate your shopping experience?").await;
        site.browser.run(harm).await;
        survey.choose("satisfaction", "1").await;
        survey.write("wrong", "Slow").await;
        site.reads(UNSAVED).await;
        // What was typed stands there, to be copied.
        let typed = survey.part(".typed");
        let typed = format!(
            "{typed}.textContent == 'Slow' && getComputedStyle({typed}).userSelect != 'none'"
        );
        site.browser
            .until(&typed.replace(
                "userSelect",
                if site.browser.is_webkit() { "webkitUserSelect" } else { "userSelect" },
            ))
            .await;
        site.is_unharmed().await;
        // The page itself remembers.
        site.endpoint.heal().await;
        site.browser.run("dispatchEvent(new Event('online'))").await;
        site.endpoint.until_stored(1).await;
        site.reads(SENT).await;
        assert_eq!(site.endpoint.stored().len(), 1);
        note(
            name,
            &site.browser,
            "1 response, while the page is open",
            "could not be saved, with the text; then: sent",
        );
        site.browser.open(&site.host.url("/next")).await;
        site.clear().await;
    }

    let name = "storage is cleared meanwhile";
    site.endpoint.fail(Fault::Status(500, "")).await;
    site.answer().await;
    site.reads(KEPT).await;
    site.browser.run("localStorage.clear()").await;
    site.endpoint.heal().await;
    site.browser.run("dispatchEvent(new Event('online'))").await;
    site.is_delivered().await;
    note(name, &site.browser, "1 response", "saved, will be sent; then: sent");
    site.clear().await;

    let name = "damaged entries beside a good one";
    site.endpoint.fail(Fault::Status(500, "")).await;
    site.answer().await;
    site.reads(KEPT).await;
    site.browser
        .run(
            "const key = Object.keys(localStorage).find(it => it.startsWith('sondeo.out.')); \
         localStorage['sondeo.out.a'] = ''; localStorage['sondeo.out.b'] = 'null'; \
         localStorage['sondeo.out.c'] = localStorage[key].slice(0, -9)",
        )
        .await;
    site.come_back().await;
    site.is_delivered().await;
    note(name, &site.browser, "1 response", "saved, will be sent");
    site.clear().await;

    for (name, days) in
        [("the clock jumps ahead by 400 days", 400), ("the clock is set back by 400 days", -400)]
    {
        site.endpoint.fail(Fault::Status(503, "retry-after: 3600\r\n")).await;
        site.answer().await;
        site.reads(KEPT).await;
        site.come_back().await;
        site.browser
            .run(&format!(
                "const now = Date.now; Date.now = () => now() + {days} * 864e5; \
             dispatchEvent(new Event('pageshow'))"
            ))
            .await;
        site.is_delivered().await;
        note(name, &site.browser, "1 response", "saved, will be sent");
        site.clear().await;
    }
}

async fn pages_that_go_away(browser: Browser) {
    let site = Site::new(browser, "").await;
    let name = "the page navigates at the moment of the answer";
    site.endpoint.fail(Fault::None).await;
    site.browser.open(&site.host.url("/")).await;
    site.browser
        .run("document.addEventListener('sondeo:completed', () => location.href = '/next')")
        .await;
    site.choose().await;
    site.browser.until("location.pathname == '/next' && document.readyState == 'complete'").await;
    site.browser.run(LATER).await;
    site.is_delivered().await;
    note(name, &site.browser, "1 response", "another page");
    site.clear().await;

    let name = "offline at the answer, then the page is loaded again";
    site.endpoint.fail(Fault::Refused).await;
    site.answer().await;
    site.reads(KEPT).await;
    site.is_unharmed().await;
    site.browser.run("location.reload()").await;
    site.browser.survey("post-purchase").asks("How would you rate your shopping experience?").await;
    site.endpoint.heal().await;
    site.browser.run("dispatchEvent(new Event('online'))").await;
    site.is_delivered().await;
    note(name, &site.browser, "1 response", "saved, will be sent");
    site.clear().await;

    let name = "the tab is closed at the moment of the answer";
    site.endpoint.fail(Fault::None).await;
    let first = site.browser.tab().await;
    site.browser.open_in_new_tab(&site.host.url("/")).await;
    site.choose().await;
    site.browser.close_tab_for(&first).await;
    site.browser.open(&site.host.url("/next")).await;
    site.browser.run(LATER).await;
    site.is_delivered().await;
    note(name, &site.browser, "1 response", "nothing");
    site.clear().await;

    let name = "five tabs find what another has left behind";
    site.endpoint.fail(Fault::Status(500, "")).await;
    site.answer().await;
    site.reads(KEPT).await;
    site.browser.open(&site.host.url("/blank")).await;
    site.endpoint.fail(Fault::None).await;
    let frames = "document.documentElement.innerHTML = '<body>' + '<iframe src=\"/next\"></iframe>'.repeat(5)";
    site.browser.run(frames).await;
    site.endpoint.until_stored(1).await;
    site.browser.until(&format!("{WAITING} == 0")).await;
    assert_eq!((site.endpoint.stored().len(), site.endpoint.posts()), (1, 1));
    note(name, &site.browser, "1 response in 1 request", "saved, will be sent");
    site.clear().await;

    let name = "back through the back-forward cache in the middle of sending";
    site.endpoint.fail(Fault::Never).await;
    site.answer().await;
    site.endpoint.until_posted().await;
    site.browser.open(&site.host.url("/blank")).await;
    site.endpoint.heal().await;
    site.browser.back().await;
    site.browser.until("document.readyState == 'complete' && window.sondeo?.version").await;
    site.browser.until("!!survey('post-purchase')").await;
    site.browser.run(LATER).await;
    site.is_delivered().await;
    note(name, &site.browser, "1 response", "thanks");
    site.clear().await;
}

async fn pages_that_do_harm(browser: Browser) {
    for (name, harm) in [
        ("the page's `fetch` throws", "window.fetch = () => { throw new Error('patched') }"),
        ("the page's `fetch` gives nothing", "window.fetch = () => undefined"),
        (
            "the page's `fetch` is a promise that fails",
            "window.fetch = () => Promise.reject(new Error('patched'))",
        ),
    ] {
        let site = Site::new(browser.clone(), "").await;
        site.endpoint.fail(Fault::None).await;
        site.browser.open(&site.host.url("/")).await;
        site.browser
            .survey("post-purchase")
            .asks("How would you rate your shopping experience?")
            .await;
        site.browser.run(harm).await;
        site.choose().await;
        site.reads(KEPT).await;
        site.come_back().await;
        site.is_delivered().await;
        note(name, &site.browser, "1 response", "saved, will be sent");
    }
    for (name, harm) in [
        (
            "polluted prototypes",
            "const pollute = it => { it.toJSON = () => 'x' }; \
             Object.prototype.polluted = 1; Array.prototype.extra = () => 1; \
             document.addEventListener('click', () => { pollute(Array.prototype); pollute(String.prototype) }, true); \
             document.addEventListener('sondeo:delivered', () => \
             { delete Array.prototype.toJSON; delete String.prototype.toJSON })",
        ),
        (
            "frozen prototypes",
            "for (const it of [Object, Array, Function, Promise, String, Element, Node, EventTarget]) \
           { Object.freeze(it); Object.freeze(it.prototype) }",
        ),
        (
            "the page removes the survey at the answer",
            "document.addEventListener('sondeo:answered', () => \
           document.querySelector('sondeo-widget')?.remove())",
        ),
        (
            "the page replaces its body at the answer",
            "document.addEventListener('sondeo:answered', () => \
           document.body = document.createElement('body'))",
        ),
    ] {
        let site = Site::new(browser.clone(), "").await;
        site.endpoint.fail(Fault::None).await;
        site.browser.open(&site.host.url("/")).await;
        site.browser
            .survey("post-purchase")
            .asks("How would you rate your shopping experience?")
            .await;
        site.browser.run(harm).await;
        site.choose().await;
        site.is_delivered().await;
        note(name, &site.browser, "1 response", "thanks");
    }

    let name = "the page sweeps away elements that it does not know";
    let site = Site::new(browser.clone(), "").await;
    site.endpoint.fail(Fault::None).await;
    site.browser.open(&site.host.url("/")).await;
    let survey = site.browser.survey("post-purchase");
    survey.choose("satisfaction", "1").await;
    site.browser.until(&survey.part("textarea")).await;
    site.browser
        .run(
            "window.swept = survey('post-purchase'); inside('post-purchase', 'textarea').value = 'Slow'; \
             document.documentElement.removeChild(swept)",
        )
        .await;
    site.browser.until("survey('post-purchase') === swept").await;
    site.browser
        .until("inside('post-purchase', 'textarea').value == 'Slow' && box(swept)[3] > 99")
        .await;
    site.browser.run("swept.remove()").await;
    site.browser.until_idle().await;
    site.is_delivered().await;
    site.browser.until("!survey('post-purchase')").await;
    note(name, &browser, "1 response", "the same survey, with what was typed");

    let name = "the engine traps while it sends";
    let site = Site::new(browser.clone(), "").await;
    site.endpoint.fail(Fault::Status(500, "")).await;
    site.answer().await;
    site.reads(KEPT).await;
    site.browser
        .run(
            "Date.now = () => { throw new WebAssembly.RuntimeError('unreachable') }; \
             dispatchEvent(new Event('online'))",
        )
        .await;
    site.browser.until("!survey('post-purchase')").await;
    let witness = site.browser.witness().await;
    assert!(witness.events.iter().any(|event| event["reason"] == "engine"), "{:?}", witness.events);
    site.come_back().await;
    site.is_delivered().await;
    note(name, &browser, "1 response", "saved, will be sent; then nothing");

    let name = "a strict policy that forbids the endpoint";
    let site = Site::with(browser.clone(), "", |page, collector| {
        let (nonce, origin) = (crate::support::WITNESS_NONCE, collector.origin());
        page.policy(format!(
            "default-src 'none'; connect-src {origin}; script-src {origin} 'wasm-unsafe-eval' 'nonce-{nonce}'"
        ))
    })
    .await;
    site.endpoint.fail(Fault::None).await;
    site.answer().await;
    site.reads(KEPT).await;
    site.browser.heard("failed").await;
    let witness = site.browser.witness().await;
    assert!(witness.lines.iter().any(|line| line.contains("connect-src")), "{:?}", witness.lines);
    assert!(witness.events.iter().any(|event| event["reason"] == "policy"), "{:?}", witness.events);
    site.come_back().await;
    site.is_delivered().await;
    note(name, &browser, "1 response", "saved, will be sent");

    let name = "the script stands twice on the page";
    let site = Site::with(browser.clone(), "", |page, collector| {
        let tag = collector.tag("data-survey=\"post-purchase\"");
        page.body(tag)
    })
    .await;
    site.endpoint.fail(Fault::None).await;
    site.answer().await;
    site.is_delivered().await;
    note(name, &browser, "1 response", "thanks");

    let name = "a sandboxed frame";
    site.endpoint.fail(Fault::None).await;
    site.browser.open(&site.host.url("/blank")).await;
    let frame = "document.body.innerHTML = '<iframe width=600 height=500 sandbox=\"allow-scripts\" src=\"/\">'";
    site.browser.run(frame).await;
    site.browser.step(true).await;
    site.choose().await;
    site.reads(SENT).await;
    assert_eq!(site.endpoint.stored().len(), 1);
    site.is_unharmed().await;
    site.browser.step(false).await;
    note(name, &browser, "1 response, while the page is open", "sent");
}
