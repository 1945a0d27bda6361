use super::Browser;
use serde_json::json;
use std::future::Future;
use std::panic::Location;

/// The widget's survey on the page, as its visitor meets it.
pub(crate) struct Survey<'a> {
    pub(super) browser: &'a Browser,
    pub(super) id: &'a str,
}

impl<'a> Survey<'a> {
    pub(crate) fn new(browser: &'a Browser, id: &'a str) -> Self {
        Self { browser, id }
    }

    /// An expression for the first element inside that the selector means.
    pub(crate) fn part(&self, css: &str) -> String {
        format!("inside({}, {})", json!(self.id), json!(css))
    }

    /// An expression for the control of one option.
    pub(crate) fn option(&self, question: &str, value: &str) -> String {
        format!("input({}, {}, {})", json!(self.id), json!(question), json!(value))
    }

    /// Waits until it asks this question.
    #[track_caller]
    pub(crate) fn asks(&self, question: &str) -> impl Future<Output = ()> {
        let asked = format!("legend({}) == {}", json!(self.id), json!(question));
        self.until(asked, Location::caller())
    }

    /// Answers with a click on one option.
    #[track_caller]
    pub(crate) fn choose(&self, question: &str, value: &str) -> impl Future<Output = ()> {
        let caller = Location::caller();
        let option = self.option(question, value);
        async move { self.browser.point("mouse", &option, caller).await }
    }

    /// Answers in words: a click into the field, the keys, a click on the button.
    pub(crate) async fn write(&self, question: &str, words: &str) {
        self.browser.click(&self.part(&format!("textarea[name=\"{question}\"]"))).await;
        self.browser.press(words).await;
        self.browser.click(&self.part("button[type=submit]")).await;
    }

    /// Waits until it thanks in these words.
    #[track_caller]
    pub(crate) fn thanks(&self, words: &str) -> impl Future<Output = ()> {
        let thanks = format!("{}?.textContent == {}", self.part("[part=thanks]"), json!(words));
        self.until(thanks, Location::caller())
    }

    /// Waits until it has left the page.
    #[track_caller]
    pub(crate) fn is_gone(&self) -> impl Future<Output = ()> {
        self.until(format!("!survey({})", json!(self.id)), Location::caller())
    }

    /// Nothing to scroll sideways to, all of the card in the window where it floats, and every target large
    /// enough.
    pub(crate) async fn fits(&self) {
        let Self { browser, id } = self;
        browser.run(&format!("settle(survey('{id}').shadowRoot)")).await;
        let overflow: Vec<String> = browser
            .value(&format!(
                "[document.scrollingElement, ...survey('{id}').shadowRoot.querySelectorAll('*')]
                    .filter(runsOut).map(it => it.outerHTML.slice(0, 199))"
            ))
            .await;
        assert_eq!(overflow, [""; 0], "what runs out of its box");
        let [width, height]: [f64; 2] = browser.value("[innerWidth, innerHeight]").await;
        let [x, y, w, h]: [f64; 4] = browser.value(&format!("box({})", self.part(".card"))).await;
        let host = format!("getComputedStyle(survey('{id}')).position");
        let floats = browser.value::<String>(&host).await == "fixed";
        let is_inside =
            x >= 0.0 && x + w <= width + 0.1 && (!floats || y >= 0.0 && y + h <= height + 0.1);
        assert!(is_inside, "{id} of {w} by {h} at {x}, {y} in {width} by {height}");
        let targets: Vec<[f64; 4]> = browser
            .value(&format!(
                "[...survey('{id}').shadowRoot.querySelectorAll('label, textarea, button, [type=email]')]
                    .filter(it => getComputedStyle(it).clipPath == 'none').map(box)"
            ))
            .await;
        for [x, _, w, h] in targets {
            assert!(w >= 24.0 && h >= 24.0, "a target of {w} by {h}");
            assert!(x >= 0.0 && x + w <= width, "a target of {w} at {x}");
        }
    }

    async fn until(&self, expression: String, caller: &Location<'_>) {
        self.browser.until_as(&expression, caller).await;
    }
}
