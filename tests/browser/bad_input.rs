//! What cannot be used is said once, and the page goes on.

use crate::support::{Browser, Collector, Host, Page, widget_file};
use axum::Router;
use axum::routing::get;
use serde_json::Value as Json;

crate::scenarios![
    an_engine_that_is_missing_is_one_line_and_leaves_the_page_alone;
    in Chromium:
    a_wrong_attribute_is_one_line_and_the_other_survey_is_asked,
    calls_that_make_no_sense_are_one_line_each,
];

/// What stands on the tag, and the line that says what to do about it.
const WRONG: &[(&str, &str)] = &[
    (r#"data-delay="5 secs""#, r#"data-delay="5 secs" is not a time (try "5s")"#),
    (r#"data-trigger="lod""#, r#"data-trigger="lod" is not a trigger (try "load")"#),
    (r#"data-lang="español""#, r#"data-lang="español" is not a language tag (try "es-MX")"#),
    (r#"data-display="popup""#, r#"data-display="popup" is not a display (try "popover")"#),
    (
        r#"data-tigger="load""#,
        r#"data-tigger is not an attribute of this tag (try "data-trigger")"#,
    ),
    (
        r#"data-survey="post-purchse""#,
        r#"data-survey="post-purchse" is not a survey (try "post-purchase")"#,
    ),
    (
        r#"data-endpoint="ftp://example.com""#,
        r#"data-endpoint="ftp://example.com" is not an http(s) address (try "https://example.com/responses")"#,
    ),
    (r#"data-endpoint="""#, r#"data-endpoint is missing (try "https://example.com/responses")"#),
];

async fn a_wrong_attribute_is_one_line_and_the_other_survey_is_asked(browser: Browser) {
    let collector = Collector::start().await;
    let paths: Vec<_> = (0..WRONG.len()).map(|number| format!("/{number}")).collect();
    let page = |attribute: &str| {
        // Of two attributes of the same name, HTML takes the first.
        let attributes = format!(
            r#"{attribute} data-survey="post-purchase" data-endpoint="/responses" data-trigger="manual""#
        );
        Page::new(collector.tag(&attributes))
            // One visitor sees it on every page.
            .body(
                r#"<div data-sondeo="faq" data-endpoint="/responses" data-trigger="load"
                        data-max-shows="100"></div>"#,
            )
    };
    let pages = WRONG.iter().map(|(attribute, _)| page(attribute));
    let host = Host::with(paths.iter().map(String::as_str).zip(pages)).await;

    for (path, (attribute, line)) in paths.iter().zip(WRONG) {
        browser.open(&host.url(path)).await;
        browser.until("legend('faq')").await;
        browser.until_idle().await;
        let page_log = browser.page_log().await;
        assert_eq!(page_log.lines, [format!("sondeo: {line}")], "{attribute}");
        assert_eq!(page_log.errors, [""; 0], "{attribute}");
    }
    let survey = browser.survey("faq");
    survey.choose("useful", "yes").await;
    survey.thanks("Thank you!").await;
    host.endpoint.until_posted(1).await;
}

async fn an_engine_that_is_missing_is_one_line_and_leaves_the_page_alone(browser: Browser) {
    // A site that copied the loader, and forgot the files beside it.
    let loader = get(async || ([("content-type", "text/javascript")], widget_file("sondeo.js")));
    let tag = r#"<script async src="/sondeo.js" data-survey="post-purchase" data-endpoint="/responses"
                 data-trigger="load"></script>"#;
    let more = Router::new().route("/sondeo.js", loader);
    let host = Host::serving([("/", Page::new(tag).body("<p>Words</p>"))], more).await;
    browser.open(&host.url("/")).await;
    browser.heard("failed").await;
    browser.until_idle().await;

    let page_log = browser.page_log().await;
    assert_eq!(page_log.event_names(), ["failed"]);
    assert_ne!(page_log.events[0]["reason"], Json::Null);
    assert_eq!(page_log.lines.len(), 1, "{:?}", page_log.lines);
    assert!(page_log.lines[0].starts_with("sondeo: "), "{:?}", page_log.lines);
    assert_eq!(page_log.errors, [""; 0]);
    // Calls of the page still do no harm.
    browser.run("sondeo.track('purchase'); sondeo.show('post-purchase')").await;
    assert_eq!(browser.value::<String>("$('p').textContent").await, "Words");
}

async fn calls_that_make_no_sense_are_one_line_each(browser: Browser) {
    let collector = Collector::start().await;
    let page = Page::with_survey(&collector, "/responses", r#"data-trigger="manual""#);
    let host = Host::of(page).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser
        .run(
            "sondeo.show('post-purchse'); sondeo.show('post-purchse'); \
             sondeo.hide('nothing'); sondeo.track('nothing'); sondeo.track(); sondeo.show(); \
             sondeo.q.push(17); sondeo.q.push(['on']); sondeo.q.push(null); \
             dataLayer.push(null); dataLayer.push(); dataLayer.push({event: {}}); dataLayer.push('event')",
        )
        .await;
    browser.until_idle().await;
    let page_log = browser.page_log().await;
    assert_eq!(page_log.errors, [""; 0]);
    let expected =
        r#"sondeo: show("post-purchse") is not a survey of this page (try "post-purchase")"#;
    assert_eq!(page_log.lines.iter().filter(|line| *line == expected).count(), 1, "{page_log:?}");
    assert!(page_log.lines.iter().all(|line| line.starts_with("sondeo: ")), "{page_log:?}");

    browser
        .run(
            "sondeo.identify({id: 1}, {plan: ['team'], seats: 5, none: null}); \
             sondeo.show('post-purchase')",
        )
        .await;
    browser.until("legend('post-purchase')").await;
    let lines = browser.page_log().await.lines;
    for name in ["user", "plan"] {
        let line = format!("sondeo: identify() {name} is not a text, a number or a boolean");
        assert!(lines.contains(&line), "{lines:?}");
    }
    assert!(!lines.iter().any(|it| it.contains("seats") || it.contains("none")), "{lines:?}");
}
