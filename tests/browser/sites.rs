//! Sites of a collector: the page holds one tag and never changes.
//!
//! Mostly the collector is [`Site`], which stands in for it, so that every page view sees a change at once, and files can be
//! lost; what it serves is the contract's section 8. The last scenario is played with the real one.

use crate::support::{Browser, Collector, Engine, Host, PAUSE, Page, Site, WAIT_TIMEOUT};
use serde_json::{Value as Json, json};
use sondeo_model::{Response, Status};
use std::time::Instant;

crate::scenarios![
    a_change_is_seen_without_the_page,
    a_page_on_which_nothing_is_due_pays_for_the_script_alone,
    a_collector_that_is_down_takes_no_survey_off_a_page,
    a_script_of_elsewhere_is_told_of_the_site,
    an_element_names_a_survey_of_the_site,
    what_is_wrong_is_one_line_and_others_go_on,
    the_collector_publishes_pauses_and_rolls_back,
];

/// A survey of one question, which is asked on every page view.
fn survey(id: &str, text: &str) -> Json {
    json!({
        "id": id, "trigger": "load", "quiet": "0", "max_shows": 100, "recontact": "always",
        "questions": [{"id": "q", "kind": "yes-no", "text": text}],
    })
}

/// Somebody's pages, which are never changed.
async fn pages(tag: &str) -> Host {
    let page = |path| (path, Page::new(tag));
    Host::with(["/", "/a", "/b", "/c", "/d"].map(page)).await
}

/// Waits until an answer has come, and gives it.
async fn completed(browser: &Browser, site: &Site) -> Response {
    let deadline = Instant::now() + WAIT_TIMEOUT;
    loop {
        let posts = site.endpoint.posts();
        let mut responses = posts.iter().map(|post| post.response());
        if let Some(found) = responses.find(|it| it.status == Status::Completed) {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for an answer: {posts:?}");
        // What was tried in vain is tried again when the network is there again.
        browser.run("dispatchEvent(new Event('online'))").await;
        tokio::time::sleep(PAUSE).await;
    }
}

async fn a_change_is_seen_without_the_page(browser: Browser) {
    let site = Site::start().await;
    let host = pages(&site.tag("")).await;
    let old = survey("checkout", "How was it?");
    assert_eq!(site.publish(&old), 1);
    browser.open(&host.url("/")).await;
    browser.survey("checkout").asks("How was it?").await;
    // What is left over would be delivered by the next page.
    browser.heard("delivered").await;

    assert_eq!(site.publish(&survey("checkout", "How was the checkout?")), 2);
    browser.open(&host.url("/a")).await;
    browser.survey("checkout").asks("How was the checkout?").await;
    browser.heard("delivered").await;

    site.pause("checkout");
    browser.open(&host.url("/b")).await;
    browser.until("window.sondeo?.version").await;
    browser.until_idle().await;
    assert_eq!(
        browser.value::<Json>("[survey('checkout'), engineRequests().length]").await,
        json!([null, 0])
    );

    assert_eq!(site.publish(&old), 3);
    browser.open(&host.url("/c")).await;
    let survey = browser.survey("checkout");
    survey.asks("How was it?").await;
    survey.choose("q", "yes").await;
    survey.thanks("Thank you!").await;
    let response = completed(&browser, &site).await;
    assert_eq!((response.site.as_deref(), response.survey_version), (Some("shop"), Some(3)));
    let explained: Json = browser.promised("sondeo.explain('checkout')").await;
    assert_eq!((&explained["site"], &explained["version"]), (&json!("shop"), &json!(3)));
    assert!(explained["read"].as_str().is_some_and(|it| it.ends_with('Z')), "{explained}");
    browser.page_log().await.is_undisturbed();
}

async fn a_page_on_which_nothing_is_due_pays_for_the_script_alone(browser: Browser) {
    let site = Site::start().await;
    for (id, key, value) in [
        ("support", "url", "/elsewhere/**"),
        ("pre-sale", "consent", "required"),
        ("bought", "trigger", "event:purchase submit:#order"),
    ] {
        let mut survey = survey(id, "How was it?");
        survey[key] = json!(value);
        site.publish(&survey);
    }
    let host = pages(&site.tag("")).await;
    browser.open(&host.url("/")).await;
    browser.until("window.sondeo?.version").await;
    browser.until_idle().await;
    assert_eq!(site.asked(), ["sondeo.js"]);
    assert_eq!(browser.value::<usize>("engineRequests().length").await, 0);

    browser.run("dataLayer.push({event: 'purchase'})").await;
    browser.survey("bought").asks("How was it?").await;
    // What cannot be due here was not asked for.
    let asked = site.asked();
    assert!(!asked.iter().any(|it| it.starts_with("support") || it == "plan.json"), "{asked:?}");
    let explained: Json = browser.promised("sondeo.explain('support')").await;
    assert_eq!((&explained["reasons"], &explained["version"]), (&json!(["url"]), &json!(1)));
    let explained: Json = browser.promised("sondeo.explain('other')").await;
    assert_eq!((&explained["reasons"], &explained["site"]), (&json!(["unknown"]), &json!("shop")));
    browser.page_log().await.is_undisturbed();
}

async fn a_collector_that_is_down_takes_no_survey_off_a_page(browser: Browser) {
    let site = Site::start_cached().await;
    site.publish(&survey("checkout", "How was it?"));
    let host = pages(&site.tag("")).await;
    browser.open(&host.url("/")).await;
    browser.survey("checkout").asks("How was it?").await;
    // The sender is a file, too, which comes after the survey.
    browser.heard("shown").await;
    site.endpoint.until_posted(1).await;

    if browser.engine == Engine::WebKit {
        // Its sessions for tests keep no file from one page to the next.
        return;
    }
    site.stop();
    browser.open(&host.url("/a")).await;
    let survey = browser.survey("checkout");
    survey.asks("How was it?").await;
    survey.choose("q", "yes").await;
    survey.thanks("Thank you!").await;

    site.go_on().await;
    browser.open(&host.url("/b")).await;
    let response = completed(&browser, &site).await;
    assert_eq!((response.site.as_deref(), response.survey_version), (Some("shop"), Some(1)));
}

async fn a_script_of_elsewhere_is_told_of_the_site(browser: Browser) {
    let (collector, site) = (Collector::start().await, Site::start().await);
    site.publish(&survey("checkout", "How was it?"));
    let by_attribute = site.tag_of(&collector.url("/sondeo.js"));
    let call = format!(
        "<script>window.sondeo = window.sondeo || {{q: []}}; sondeo.q.push(['site', '{}/'])</script>",
        site.url()
    );
    for tag in [by_attribute, call + &collector.tag("")] {
        let host = pages(&tag).await;
        browser.open(&host.url("/")).await;
        browser.survey("checkout").asks("How was it?").await;
        browser.page_log().await.is_undisturbed();
    }
    // After it has come, too.
    let host = pages(&collector.tag(r#"data-endpoint="/responses""#)).await;
    browser.open(&host.url("/")).await;
    browser.until("window.sondeo?.version").await;
    browser.run(&format!("sondeo.q.push(['site', '{}'])", site.url())).await;
    browser.survey("checkout").asks("How was it?").await;
    browser.page_log().await.is_undisturbed();
}

async fn an_element_names_a_survey_of_the_site(browser: Browser) {
    let site = Site::start().await;
    let mut inline = survey("faq", "Was that clear?");
    inline["display"] = json!("inline");
    inline["trigger"] = json!("manual");
    site.publish(&inline);
    inline["trigger"] = json!("load");
    site.publish(&inline);
    let page = Page::new(site.tag("")).body(r#"<div data-sondeo="faq"></div>"#);
    let host = Host::of(page).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey("faq");
    survey.asks("Was that clear?").await;
    survey.choose("q", "yes").await;
    survey.thanks("Thank you!").await;
    browser.heard("delivered").await;
    browser.page_log().await.is_undisturbed();
}

async fn what_is_wrong_is_one_line_and_others_go_on(browser: Browser) {
    let (collector, site) = (Collector::start().await, Site::start().await);
    site.publish(&survey("lost", "Where am I?"));
    site.publish(&survey("checkout", "How was it?"));
    site.lose("lost");
    let host = pages(&site.tag("")).await;
    browser.open(&host.url("/")).await;
    browser.survey("checkout").asks("How was it?").await;
    let log = browser.page_log().await;
    assert_eq!((log.errors.len(), log.lines.len()), (0, 1), "{log:?}");
    assert!(log.lines[0].contains("/surveys/lost.json?v=1 could not be read"), "{log:?}");

    site.break_plan(r#"{"site": "shop", "surveys": [{"id": "che"#);
    let element = r#"<div data-sondeo="faq" data-endpoint="/responses"></div>"#;
    let tag = site.tag_of(&collector.url("/sondeo.js"));
    let host = Host::of(Page::new(tag).body(element)).await;
    browser.open(&host.url("/")).await;
    browser.survey("faq").asks("How useful did you find this page?").await;
    let log = browser.page_log().await;
    assert_eq!((log.errors.len(), log.lines.len()), (0, 1), "{log:?}");
    assert!(log.lines[0].contains("/sites/shop/plan.json is not JSON: "), "{log:?}");
}

/// With the real collector. A browser keeps the script for a minute, so each page asks for it under another address.
async fn the_collector_publishes_pauses_and_rolls_back(browser: Browser) {
    let collector = Collector::start_with(&["--accept", "known"]).await;
    collector.command(&["site", "shop"]).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("checkout.json");
    let publish = async |text: &str| {
        let mut survey = survey("checkout", text);
        survey["name"] = json!("Working name");
        std::fs::write(&file, survey.to_string()).expect("a file");
        let file = file.to_str().expect("UTF-8");
        collector.command(&["publish", file, "--site", "shop"]).await;
    };
    let tag = |view: usize| {
        let script = collector.url(&format!("/sites/shop/sondeo.js?view={view}"));
        Page::new(format!(r#"<script async src="{script}"></script>"#))
    };
    let paths = ["/", "/a", "/b", "/c"];
    let pages = paths.into_iter().enumerate().map(|(view, path)| (path, tag(view)));
    let host = Host::with(pages).await;
    publish("How was it?").await;
    collector.until_planned("shop", json!([1])).await;
    browser.open(&host.url("/")).await;
    browser.survey("checkout").asks("How was it?").await;
    browser.heard("delivered").await;

    publish("How was the checkout?").await;
    collector.until_planned("shop", json!([2])).await;
    browser.open(&host.url("/a")).await;
    browser.survey("checkout").asks("How was the checkout?").await;
    browser.heard("delivered").await;

    collector.command(&["pause", "checkout", "--site", "shop"]).await;
    collector.until_planned("shop", json!([])).await;
    browser.open(&host.url("/b")).await;
    browser.until("window.sondeo?.version").await;
    browser.until_idle().await;
    assert_eq!(browser.value::<usize>("engineRequests().length").await, 0);

    collector.command(&["publish", "checkout", "--site", "shop", "--version", "1"]).await;
    collector.until_planned("shop", json!([3])).await;
    browser.open(&host.url("/c")).await;
    let survey = browser.survey("checkout");
    survey.asks("How was it?").await;
    survey.choose("q", "yes").await;
    survey.thanks("Thank you!").await;
    browser.heard("delivered").await;
    let completed = async || {
        let stored = collector.responses().await;
        stored.into_iter().find(|it| it.status == Status::Completed)
    };
    let deadline = Instant::now() + WAIT_TIMEOUT;
    let response = loop {
        if let Some(found) = completed().await {
            break found;
        }
        assert!(Instant::now() < deadline, "waited in vain for an answer");
        tokio::time::sleep(PAUSE).await;
    };
    assert_eq!((response.site.as_deref(), response.survey_version), (Some("shop"), Some(3)));
    let summary = collector.read("/v1/surveys/checkout/summary?by=version").await;
    assert_eq!(summary["site"], "shop");
    browser.page_log().await.is_undisturbed();
}
