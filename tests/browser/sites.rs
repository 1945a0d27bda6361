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
    a_collector_that_is_down_takes_no_survey_off_a_page,
    the_collector_publishes_pauses_and_rolls_back;
    in one engine:
    a_page_on_which_nothing_is_due_pays_for_the_script_alone,
    a_script_of_elsewhere_is_told_of_the_site,
    an_element_names_a_survey_of_the_site,
    what_is_wrong_is_one_line_and_others_go_on,
    where_the_script_runs_is_told_once_a_day,
    what_is_wrong_on_a_page_is_told,
    nothing_is_told_before_consent_or_where_it_is_not_wanted,
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
    let log = browser.page_log_with(1).await;
    assert_eq!((log.errors.len(), log.lines.len()), (0, 1), "{log:?}");
    assert!(log.lines[0].contains("/surveys/lost.json?v=1 could not be read"), "{log:?}");

    site.break_plan(r#"{"site": "shop", "surveys": [{"id": "che"#);
    let element = r#"<div data-sondeo="faq" data-endpoint="/responses"></div>"#;
    let tag = site.tag_of(&collector.url("/sondeo.js"));
    let host = Host::of(Page::new(tag).body(element)).await;
    browser.open(&host.url("/")).await;
    browser.survey("faq").asks("How useful did you find this page?").await;
    let log = browser.page_log_with(1).await;
    assert_eq!((log.errors.len(), log.lines.len()), (0, 1), "{log:?}");
    assert!(log.lines[0].contains("/sites/shop/plan.json is not JSON: "), "{log:?}");
}

/// The page is hidden, as soon as it has loaded and was idle: who has told by then has told all.
async fn hide(browser: &Browser) {
    browser.until("window.sondeo?.version && document.readyState == 'complete'").await;
    // Callbacks come in the order in which they were asked for.
    let idle =
        "new Promise(done => (window.requestIdleCallback || setTimeout)(done, {timeout: 2000}, 2))";
    browser.promised::<Json>(&format!("{idle}.then(() => 1)")).await;
    browser.run("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))").await;
}

/// Waits until so much was told.
async fn until_told(site: &Site, count: usize) -> Vec<(String, Json)> {
    let deadline = Instant::now() + WAIT_TIMEOUT;
    while site.told().len() < count {
        assert!(Instant::now() < deadline, "waited in vain: {:?}", site.told());
        tokio::time::sleep(PAUSE).await;
    }
    site.told()
}

async fn where_the_script_runs_is_told_once_a_day(browser: Browser) {
    let site = Site::start().await;
    let mut elsewhere = survey("support", "How was it?");
    elsewhere["url"] = json!("/elsewhere/**");
    site.publish(&elsewhere);
    let page = |path| (path, Page::new(site.tag("")));
    let paths = ["/orders/ann@example.com", "/orders/Bob", "/b"];
    let host = Host::with(paths.map(page)).await;
    let origin = host.url("/");
    let origin = origin.trim_end_matches('/');
    for path in ["/orders/ann@example.com?token=secret", "/orders/Bob", "/b", "/b"] {
        browser.open(&host.url(path)).await;
        hide(&browser).await;
        hide(&browser).await;
    }
    // What has no word of its own is the same page.
    let told = until_told(&site, 2).await;
    let page = |path: &str| (origin.to_owned(), json!({"path": path, "problems": []}));
    assert_eq!(told, [page("/orders/*"), page("/b")]);
    // Another view in the same document, and the day after.
    browser.run("history.pushState(null, '', '/c'); document.body.click()").await;
    hide(&browser).await;
    browser.run("localStorage['sondeo.seen'] = localStorage['sondeo.seen'].replace(/^\\d+/, day => day - 1)").await;
    hide(&browser).await;
    let told = until_told(&site, 4).await;
    assert_eq!(told[2..], [page("/c"), page("/c")]);
    assert!(site.asked().iter().all(|it| it == "sondeo.js"), "{:?}", site.asked());
    assert_eq!(browser.value::<usize>("engineRequests().length").await, 0);
    browser.page_log().await.is_undisturbed();
}

async fn what_is_wrong_on_a_page_is_told(browser: Browser) {
    let site = Site::start().await;
    site.publish(&survey("lost", "Where am I?"));
    site.publish(&survey("checkout", "How was it?"));
    site.lose("lost");
    let user = "ann".repeat(100);
    let tag = site.tag(&format!(r#"data-delay="5 secs" data-user="{user}""#));
    let host = pages(&tag).await;
    browser.open(&host.url("/")).await;
    browser.survey("checkout").asks("How was it?").await;
    hide(&browser).await;
    let told = until_told(&site, 1).await;
    let problems = told[0].1["problems"].to_string();
    assert!(problems.contains(r#""data-delay is not a time (try \"5s\")""#), "{problems}");
    assert!(problems.contains("/surveys/lost.json could not be read"), "{problems}");
    assert!(problems.contains("data-user is"), "{problems}");
    for secret in ["ann", "5 secs", "?"] {
        assert!(!problems.contains(secret), "{problems}");
    }
    // A policy that lets the script in and not what it needs.
    let policy = format!("script-src {}/sondeo.js", site.url());
    let tag = format!(
        r#"<meta http-equiv="content-security-policy" content="{policy}">{}"#,
        site.tag("")
    );
    let host = pages(&tag).await;
    browser.open(&host.url("/")).await;
    browser.until("window.sondeo?.wrong?.length > 1").await;
    hide(&browser).await;
    let told = until_told(&site, 2).await;
    let problems = told[1].1["problems"].to_string();
    assert!(problems.contains("script-src"), "{problems}");
    assert!(problems.contains("needs http"), "{problems}");
}

async fn nothing_is_told_before_consent_or_where_it_is_not_wanted(browser: Browser) {
    let site = Site::start().await;
    let mut waits = survey("checkout", "How was it?");
    waits["consent"] = json!("required");
    let tags = [
        ("/a", site.tag(r#"data-seen="off""#)),
        ("/b", site.tag(r#"data-consent="required""#)),
        ("/c", site.tag(r#"data-storage="none""#)),
        ("/d", site.tag("data-preview")),
        ("/e", site.tag("")),
    ];
    let host = Host::with(tags.map(|(path, tag)| (path, Page::new(tag)))).await;
    for path in ["/a", "/b", "/c", "/d"] {
        browser.open(&host.url(path)).await;
        hide(&browser).await;
    }
    assert_eq!(browser.value::<Json>("localStorage['sondeo.seen']").await, Json::Null);
    // A survey that needs consent is reason enough.
    site.publish(&waits);
    browser.open(&host.url("/e")).await;
    hide(&browser).await;
    browser.run("sondeo.consent(false)").await;
    hide(&browser).await;
    browser.open(&host.url("/e")).await;
    browser.until("window.sondeo?.version").await;
    browser.run("sondeo.consent(true)").await;
    hide(&browser).await;
    let told = until_told(&site, 1).await;
    let paths: Vec<_> = told.iter().map(|(_, told)| told["path"].clone()).collect();
    assert_eq!(paths, ["/e"]);
    // Who has everything forgotten has this forgotten, too.
    browser.run("sondeo.reset()").await;
    browser.until("localStorage['sondeo.seen'] === undefined").await;
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
