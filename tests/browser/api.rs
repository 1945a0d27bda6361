//! `window.sondeo`: what a page may call, and what it may hear.

use crate::support::{Browser, Collector, Host, Page};
use serde_json::json;

crate::scenarios![
    in one engine:
    a_call_waits_for_the_survey_that_it_names,
    what_happened_before_the_loader_came_is_not_lost,
    what_happens_afterwards_opens_the_survey,
    a_page_shows_and_hides_a_survey,
    a_page_listens_until_it_unsubscribes,
    events_come_in_order_and_name_the_response,
];

const QUESTION: &str = "How would you rate your shopping experience?";

/// How a page may tell that somebody bought, and the trigger that the response then names.
const BEFORE: &[(&str, &str)] = &[
    ("window.dataLayer = [{event: 'start'}, {event: 'purchase', value: 1}]", "event:purchase"),
    (
        "window.dataLayer = []; function gtag() { dataLayer.push(arguments) } \
         gtag('js', new Date()); gtag('event', 'purchase', {value: 1})",
        "event:purchase",
    ),
    (
        "window.sondeo = window.sondeo || {q: []}; sondeo.q.push(['track', 'order-completed'])",
        "event:order-completed",
    ),
];
const AFTER: &[(&str, &str)] = &[
    ("sondeo.track('order-completed')", "event:order-completed"),
    ("sondeo.track('purchase', {value: 1})", "event:purchase"),
    ("$('p').dispatchEvent(new CustomEvent('purchase', {bubbles: true}))", "event:purchase"),
    ("dataLayer.push({event: 'purchase'})", "event:purchase"),
    ("dataLayer.push({event: 'other'}, {event: 'purchase'})", "event:purchase"),
    ("(function () { dataLayer.push(arguments) })('event', 'purchase')", "event:purchase"),
];

async fn what_happened_before_the_loader_came_is_not_lost(browser: Browser) {
    let collector = Collector::start().await;
    for (script, trigger) in BEFORE {
        let tag = collector
            .tag(r#"data-survey="post-purchase" data-endpoint="/responses" data-delay="1ms""#);
        let host = Host::of(Page::new(format!("<script>{script}</script>{tag}"))).await;
        browser.open(&host.url("/")).await;
        is_asked_because_of(&browser, &host, trigger).await;
    }
}

async fn what_happens_afterwards_opens_the_survey(browser: Browser) {
    let collector = Collector::start().await;
    for (script, trigger) in AFTER {
        let page = Page::with_survey(&collector, "/responses", "");
        let host = Host::of(page.body("<p>Words</p>")).await;
        browser.open(&host.url("/")).await;
        browser.loaded().await;
        assert!(browser.value::<bool>("!survey('post-purchase')").await, "too early: {script}");
        browser.run(script).await;
        is_asked_because_of(&browser, &host, trigger).await;
    }
}

async fn is_asked_because_of(browser: &Browser, host: &Host, trigger: &str) {
    browser.survey("post-purchase").choose("satisfaction", "3").await;
    let posts = host.endpoint.until_posted(1).await;
    assert_eq!(posts[0].response().trigger, trigger);
    browser.heard("delivered").await;
    browser.page_log().await.is_undisturbed();
}

/// A page whose survey opens only when it is told to.
async fn manual(browser: &Browser) -> (Collector, Host) {
    let collector = Collector::start().await;
    let page = Page::with_survey(&collector, "/responses", r#"data-trigger="manual""#);
    let host = Host::of(page).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    (collector, host)
}

async fn a_page_shows_and_hides_a_survey(browser: Browser) {
    let _site = manual(&browser).await;
    let survey = browser.survey("post-purchase");
    browser.run("sondeo.show('post-purchase')").await;
    survey.asks(QUESTION).await;
    browser.run("sondeo.hide('another')").await;
    browser.until_idle().await;
    survey.asks(QUESTION).await;
    for hide in ["sondeo.hide()", "sondeo.hide('post-purchase')"] {
        browser.run("sondeo.show('post-purchase')").await;
        survey.asks(QUESTION).await;
        browser.run(hide).await;
        survey.is_gone().await;
    }
    browser.page_log().await.is_undisturbed();
}

async fn a_page_listens_until_it_unsubscribes(browser: Browser) {
    let _site = manual(&browser).await;
    let survey = browser.survey("post-purchase");
    browser.run("window.heard = []; window.end = sondeo.on('shown', detail => window.heard.push(detail.survey))").await;
    let shows = async |times: usize| {
        browser.run("sondeo.show('post-purchase')").await;
        browser
            .until(&format!("pageLog.events.filter(it => it.name == 'shown').length == {times}"))
            .await;
        browser.run("sondeo.hide()").await;
        survey.is_gone().await;
    };
    shows(1).await;
    browser.run("window.end()").await;
    shows(2).await;
    assert_eq!(browser.value::<Vec<String>>("window.heard").await, ["post-purchase"]);
    assert_eq!(browser.value::<String>("sondeo.version").await, env!("CARGO_PKG_VERSION"));
}

async fn events_come_in_order_and_name_the_response(browser: Browser) {
    let (_collector, host) = manual(&browser).await;
    browser.run("sondeo.show('post-purchase')").await;
    let survey = browser.survey("post-purchase");
    survey.choose("satisfaction", "5").await;
    survey.is_gone().await;
    browser.heard("delivered").await;

    let id = host.endpoint.posts()[0].response().id.to_text();
    let event = |name: &str| json!({"name": name, "survey": "post-purchase", "id": id});
    let mut answered = event("answered");
    answered["question"] = "satisfaction".into();
    answered["value"] = 5.into();
    let expected = [
        json!({"name": "ready"}),
        event("shown"),
        answered,
        event("completed"),
        event("delivered"),
    ];
    assert_eq!(browser.page_log().await.events, expected);
}

async fn a_call_waits_for_the_survey_that_it_names(browser: Browser) {
    let collector = Collector::start().await;
    let tag = collector.tag(r#"data-endpoint="/responses""#);
    let early = r#"<script>sondeo = {q: [["show", "welcome"]]}</script>"#;
    let page = Page::new(format!("{early}{tag}")).body("<div data-sondeo=welcome></div>");
    let host = Host::of(page).await;
    browser.open(&host.url("/")).await;
    browser.survey("welcome").asks("What do you want to achieve first?").await;
    browser.page_log().await.is_undisturbed();
}
