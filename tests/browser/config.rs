//! Survey files: where they may stand, and what becomes of one that cannot be used.

use crate::support::{Browser, Collector, Host, Page};
use axum::Router;
use axum::http::header;
use axum::routing::get;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use tokio::sync::Semaphore;

crate::scenarios![
    in one engine:
    an_element_waits_for_the_file_that_knows_its_survey,
    an_element_whose_file_does_not_come_is_told;
    in Chromium:
    a_file_stands_anywhere,
    a_file_holds_one_survey_or_several,
    a_file_that_cannot_be_used_is_one_line,
    what_is_wrong_in_a_file_is_said_with_its_place,
];

fn survey(id: &str) -> Json {
    let question = json!({"id": "q", "kind": "yes-no", "text": format!("Is it {id}?")});
    json!({"id": id, "questions": [question]})
}

/// A file at `/surveys.json`, for pages of any origin.
fn file(content: impl Into<String>) -> Router {
    let content = content.into();
    let headers =
        [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::CONTENT_TYPE, "application/json")];
    Router::new().route("/surveys.json", get(async move || (headers, content)))
}

/// A page with this file, and with an element that needs none.
async fn open(browser: &Browser, config: &str, more: Router) -> (Collector, Host) {
    let collector = Collector::start().await;
    let tag = format!(r#"data-config="{config}" data-endpoint="/responses""#);
    let page = Page::new(collector.tag(&tag)).body(r#"<div data-sondeo="faq"></div>"#);
    let host = Host::serving([("/", page)], more).await;
    browser.open(&host.url("/")).await;
    (collector, host)
}

async fn a_file_stands_anywhere(browser: Browser) {
    let elsewhere = Host::serving([], file(survey("far").to_string())).await;
    for (config, id) in [
        ("/surveys.json", "near"),
        ("surveys.json", "near"),
        (elsewhere.url("/surveys.json").as_str(), "far"),
    ] {
        let (_collector, host) = open(&browser, config, file(survey("near").to_string())).await;
        let survey = browser.survey(id);
        survey.asks(&format!("Is it {id}?")).await;
        survey.choose("q", "yes").await;
        survey.thanks("Thank you!").await;
        let response = host.endpoint.until_posted(1).await[0].response();
        assert_eq!((response.survey.as_str(), response.template), (id, None));
        browser.page_log().await.is_undisturbed();
    }
}

async fn a_file_holds_one_survey_or_several(browser: Browser) {
    let collector = Collector::start().await;
    for surveys in
        [survey("one"), json!([survey("one"), {"template": "csat", "trigger": "manual"}])]
    {
        let host = Host::of(Page::with_file(&collector, &surveys, "")).await;
        browser.open(&host.url("/")).await;
        browser.survey("one").asks("Is it one?").await;
        if surveys.is_array() {
            browser.run("sondeo.show('csat')").await;
            browser.survey("csat").asks("How satisfied are you with your experience?").await;
        }
        browser.page_log().await.is_undisturbed();
    }
}

async fn a_file_that_cannot_be_used_is_one_line(browser: Browser) {
    for (config, content, line) in [
        ("/surveys.json", "<!doctype html>", r#"data-config="/surveys.json" is not JSON: "#),
        ("/surveys.json", r#"{"id": "a",}"#, r#"data-config="/surveys.json" is not JSON: "#),
        ("/surveys.json", "17", r#"data-config="/surveys.json" is no survey (try "#),
        ("/missing.json", "", r#"data-config="/missing.json" could not be read"#),
        ("#missing", "", r##"data-config="#missing" could not be read"##),
    ] {
        let _site = open(&browser, config, file(content)).await;
        let survey = browser.survey("faq");
        survey.asks("How useful did you find this page?").await;
        browser.until("pageLog.lines.length > 0").await;
        survey.choose("useful", "yes").await;
        survey.thanks("Thank you!").await;
        browser.until_idle().await;
        let page_log = browser.page_log().await;
        let [found] = page_log.lines.as_slice() else { panic!("{:?}", page_log.lines) };
        assert!(found.starts_with(&format!("sondeo: {line}")), "{found}");
        assert_eq!(page_log.errors, [""; 0]);
    }
}

async fn what_is_wrong_in_a_file_is_said_with_its_place(browser: Browser) {
    let mut slips = survey("slips");
    slips["colour"] = json!("red");
    slips["delay"] = json!("5 secs");
    slips["questions"][0]["lok"] = json!("thumbs");
    let circle = json!({"id": "circle", "questions": [
        {"id": "a", "kind": "yes-no", "text": "A?", "next": [{"go": "b"}]},
        {"id": "b", "kind": "yes-no", "text": "B?", "next": [{"go": "a"}]},
    ]});
    let surveys = json!([circle, slips]);
    let _site = open(&browser, "/surveys.json", file(surveys.to_string())).await;
    browser.survey("slips").asks("Is it slips?").await;
    browser.survey("faq").asks("How useful did you find this page?").await;
    browser.until_idle().await;
    let page_log = browser.page_log().await;
    for expected in [
        "/surveys.json[0].questions[1].next leads back to this question",
        "/surveys.json[1].colour is not a key that is known here",
        r#"/surveys.json[1].delay "5 secs" is not a time (try "5s")"#,
        r#"/surveys.json[1].questions[0].lok is not a key that is known here (try "look")"#,
    ] {
        let expected = format!("sondeo: {expected}");
        let count = page_log.lines.iter().filter(|line| line.starts_with(&expected)).count();
        assert_eq!(count, 1, "{expected}: {:#?}", page_log.lines);
    }
    assert_eq!(page_log.lines.len(), 4, "{:#?}", page_log.lines);
    assert_eq!(page_log.errors, [""; 0]);
}

/// A file that comes when it is let go.
fn held(content: String) -> (Router, Arc<Semaphore>) {
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let serve = async move || {
        let _turn = held.acquire().await;
        content
    };
    (Router::new().route("/surveys.json", get(serve)), gate)
}

/// A page with an element that names a survey of the file, which is still on its way.
async fn open_held(browser: &Browser, content: String) -> (Collector, Host, Arc<Semaphore>) {
    let collector = Collector::start().await;
    let (more, gate) = held(content);
    let tag = r#"data-config="/surveys.json" data-endpoint="/responses""#;
    let page = Page::new(collector.tag(tag)).body("<main data-sondeo='sidebar'></main>");
    let host = Host::serving([("/", page)], more).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.until_idle().await;
    assert_eq!(browser.page_log().await.lines, [""; 0]);
    assert!(browser.value::<bool>("!survey('sidebar')").await);
    (collector, host, gate)
}

async fn an_element_waits_for_the_file_that_knows_its_survey(browser: Browser) {
    let mut sidebar = survey("sidebar");
    sidebar["display"] = json!("inline");
    let (_collector, _host, gate) = open_held(&browser, sidebar.to_string()).await;
    gate.add_permits(1);
    browser.survey("sidebar").asks("Is it sidebar?").await;
    assert!(browser.value::<bool>("placeOf('sidebar') == $('main')").await);
    browser.page_log().await.is_undisturbed();
}

async fn an_element_whose_file_does_not_come_is_told(browser: Browser) {
    let (_collector, _host, gate) = open_held(&browser, "Not found".to_owned()).await;
    gate.add_permits(1);
    browser.until("pageLog.lines.length == 2").await;
    let lines = browser.page_log().await.lines;
    assert!(
        lines[0].starts_with(r#"sondeo: data-config="/surveys.json" is not JSON"#),
        "{lines:?}"
    );
    assert!(lines[1].starts_with(r#"sondeo: data-sondeo="sidebar" is not a survey"#), "{lines:?}");
}
