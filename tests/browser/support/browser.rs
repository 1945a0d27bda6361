use super::{Engine, PageLog, Session, Survey, base64};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use std::future::Future;
use std::panic::Location;
use std::time::{Duration, Instant};

/// How long anything may take that is bound to happen.
pub(crate) const WAIT_TIMEOUT: Duration = Duration::from_secs(20);
/// Between two looks at something that is waited for.
pub(crate) const PAUSE: Duration = Duration::from_millis(25);
/// The screen of the narrowest phone.
pub(super) const PHONE: [u32; 2] = [320, 568];

/// Words that every script of the suite may use.
pub(crate) const PROBE: &str = include_str!("probe.js");

/// A browser with one page.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) engine: Engine,
    session: Session,
}

impl Browser {
    pub(crate) fn new(engine: Engine, session: Session) -> Self {
        Self { engine, session }
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Goes to an address, and waits until the page has loaded.
    pub(crate) async fn open(&self, address: &str) {
        self.session.post("/url", json!({"url": address})).await.expect("the page opens");
    }

    /// Opens the address in a frame as small as a phone, and steps into it.
    pub(crate) async fn open_on_a_phone(&self, address: &str) {
        self.open_in_frame(PHONE, address).await;
    }

    /// Opens the address in a frame of this width and height, and steps into it.
    pub(super) async fn open_in_frame(&self, [width, height]: [u32; 2], address: &str) {
        // A page of the same origin that holds no survey: one that was shown would come back when it is wiped away.
        self.open(address).await;
        self.run("location.href = '/none'").await;
        self.until("location.pathname == '/none' && document.readyState == 'complete'").await;
        self.run(&format!(
            "document.documentElement.innerHTML = '<body style=\"margin: 0\">';
             const it = document.createElement('iframe');
             Object.assign(it, {{ width: {width}, height: {height}, src: {} }});
             it.style.border = 0;
             document.body.append(it)",
            json!(address)
        ))
        .await;
        self.session.post("/frame", json!({"id": 0})).await.expect("the frame opens");
        self.until("location.protocol == 'http:' && document.readyState == 'complete'").await;
    }

    /// Steps out of the frame, or into the first one again.
    pub(crate) async fn step(&self, into_the_frame: bool) {
        let id = if into_the_frame { json!(0) } else { Json::Null };
        self.session.post("/frame", json!({"id": id})).await.expect("the frame");
    }

    /// Goes back to the page before.
    pub(crate) async fn back(&self) {
        self.session.post("/back", json!({})).await.expect("the way back");
    }

    /// Opens another tab in front of the page and looks at it for a while, as long as the page takes to tell
    /// that it is hidden; then closes it and comes back.
    pub(crate) async fn look_elsewhere(&self) {
        let failed = "another tab";
        let page = self.session.get("/window").await.expect(failed);
        self.run(
            "document.addEventListener('visibilitychange', () => {
                if (document.hidden) window.wasHidden = true;
            })",
        )
        .await;
        let other = self.session.post("/window/new", json!({"type": "tab"})).await.expect(failed);
        let go = async |handle: &Json| {
            self.session.post("/window", json!({"handle": handle})).await.expect(failed);
        };
        let deadline = Instant::now() + WAIT_TIMEOUT;
        let mut hidden = false;
        while !hidden && Instant::now() < deadline {
            go(&other["handle"]).await;
            self.open("about:blank").await;
            go(&page).await;
            hidden = self.value::<bool>("window.wasHidden ?? false").await;
        }
        go(&other["handle"]).await;
        self.session.delete("/window").await.expect(failed);
        go(&page).await;
        assert!(hidden, "the browser does not hide a page behind a tab");
    }

    /// The value of an expression.
    pub(crate) async fn evaluate(&self, expression: &str) -> Result<Json, String> {
        let script = format!("{PROBE}\nreturn ({expression});");
        self.session.post("/execute/sync", json!({"script": script, "args": []})).await
    }

    /// The value of an expression, in a Rust type.
    #[track_caller]
    pub(crate) fn value<T: DeserializeOwned>(&self, expression: &str) -> impl Future<Output = T> {
        let caller = Location::caller();
        async move {
            let value = self.evaluate(expression).await;
            value
                .and_then(|value| serde_json::from_value(value).map_err(|error| error.to_string()))
                .unwrap_or_else(|error| panic!("at {caller}: `{expression}`: {error}"))
        }
    }

    /// The value that a promise resolves to.
    #[track_caller]
    pub(crate) fn promised<T: DeserializeOwned>(
        &self,
        expression: &str,
    ) -> impl Future<Output = T> {
        self.promised_to("", expression, Location::caller())
    }

    /// The same, on behalf of somebody at `caller`, who has some more words for it.
    pub(super) async fn promised_to<T: DeserializeOwned>(
        &self,
        words: &str,
        expression: &str,
        caller: &Location<'_>,
    ) -> T {
        let script = format!(
            "const done = arguments[arguments.length - 1];\n{PROBE}\n{words}\n\
             ({expression}).then(it => done([it ?? null, null]), error => done([null, String(error)]));"
        );
        let script = json!({"script": script, "args": []});
        let mut outcome = self
            .session
            .post("/execute/async", script)
            .await
            .unwrap_or_else(|error| panic!("at {caller}: `{expression}`: {error}"));
        if let Some(error) = outcome[1].as_str() {
            panic!("at {caller}: `{expression}`: {error}");
        }
        serde_json::from_value(outcome[0].take())
            .unwrap_or_else(|error| panic!("at {caller}: `{expression}`: {error}"))
    }

    /// Runs statements.
    #[track_caller]
    pub(crate) fn run(&self, statements: &str) -> impl Future<Output = ()> {
        let caller = Location::caller();
        async move { self.run_as(statements, caller).await }
    }

    async fn run_as(&self, statements: &str, caller: &Location<'_>) {
        let script = json!({"script": format!("{PROBE}\n{statements}"), "args": []});
        if let Err(error) = self.session.post("/execute/sync", script).await {
            panic!("at {caller}: `{statements}`: {error}");
        }
    }

    /// Runs statements as a script of the page's own. The others run beside it, and in Firefox with a `Date` and
    /// prototypes of their own.
    #[track_caller]
    pub(crate) fn inject(&self, statements: &str) -> impl Future<Output = ()> {
        let text = json!(format!("{{ {statements} }}"));
        let script = format!(
            "const it = document.createElement('script'); it.textContent = {text}; \
             document.documentElement.append(it); it.remove()"
        );
        let caller = Location::caller();
        async move { self.run_as(&script, caller).await }
    }

    /// Waits until the expression holds.
    #[track_caller]
    pub(crate) fn until(&self, expression: &str) -> impl Future<Output = ()> {
        self.until_as(expression, Location::caller())
    }

    /// The same, on behalf of somebody who waits at `caller`.
    pub(crate) async fn until_as(&self, expression: &str, caller: &Location<'_>) {
        self.until_within(WAIT_TIMEOUT, expression, caller).await;
    }

    /// The same, for what may take that long by design.
    pub(crate) async fn until_within(
        &self,
        timeout: Duration,
        expression: &str,
        caller: &Location<'_>,
    ) {
        let deadline = Instant::now() + timeout;
        loop {
            // A page that is just being left may refuse to answer.
            let last = self.evaluate(&format!("!!({expression})")).await;
            if last == Ok(Json::Bool(true)) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "at {caller}: waited in vain until `{expression}`; the last look gave {last:?}"
            );
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until the page has nothing left to do, in so far as a page can know.
    pub(crate) async fn until_idle(&self) {
        self.until("document.readyState == 'complete'").await;
        self.promised::<()>("idle()").await;
    }

    /// The widget's survey of this name.
    pub(crate) fn survey<'a>(&'a self, id: &'a str) -> Survey<'a> {
        Survey::new(self, id)
    }

    /// What the page has gone through so far.
    pub(crate) async fn page_log(&self) -> PageLog {
        self.value("window.pageLog").await
    }

    /// The same, once the console has as many lines: faults may be told after the survey is there, by the
    /// engine's other half.
    #[track_caller]
    pub(crate) fn page_log_with(&self, lines: usize) -> impl Future<Output = PageLog> {
        let caller = Location::caller();
        async move {
            self.until_as(&format!("pageLog.lines.length >= {lines}"), caller).await;
            self.page_log().await
        }
    }

    /// Waits until the page has loaded, and our script. The engine may not be there: nothing may need it yet.
    #[track_caller]
    pub(crate) fn loaded(&self) -> impl Future<Output = ()> {
        let caller = Location::caller();
        let loaded = "window.sondeo?.version && document.readyState == 'complete'";
        async move { self.until_as(loaded, caller).await }
    }

    /// Waits until the page heard this event of the widget.
    #[track_caller]
    pub(crate) fn heard(&self, event: &str) -> impl Future<Output = ()> {
        let heard = format!("pageLog.events.some(it => it.name == {})", json!(event));
        let caller = Location::caller();
        async move { self.until_as(&heard, caller).await }
    }

    /// The picture of the page, as PNG.
    pub(crate) async fn screenshot(&self) -> Option<Vec<u8>> {
        let picture = self.session.get("/screenshot").await.ok()?;
        base64::decode(picture.as_str()?)
    }
}
