//! The engine's other half: who needs it gets it, nobody else fetches it, and no answer waits for it.

use crate::support::{Browser, Collector, Faulty, Host, Page, widget_file, widget_files};
use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::panic::Location;
use std::sync::Arc;
use tokio::sync::Semaphore;

crate::scenarios![
    what_a_visitor_does_never_waits_for_the_other_half;
    in one engine:
    a_templates_survey_does_without_the_other_half,
    what_an_author_writes_brings_the_other_half_along,
    an_element_that_is_back_before_the_other_half_keeps_its_survey,
];

/// The requests for the other half.
const REST: &str = "engineRequests().filter(it => /-.{6}e\\.wasm/.test(it.name)).length";
/// How many entries the outbox holds.
const WAITING: &str = "Object.keys(localStorage).filter(it => it.startsWith('sondeo.out.')).length";

fn tag(loader: &str, endpoint: &str, rest: &str) -> String {
    format!(
        r#"<script async src="{loader}/sondeo.js" data-endpoint="{endpoint}" data-recontact="always"
        data-quiet="0" data-max-shows="100" {rest}></script>"#
    )
}

async fn a_templates_survey_does_without_the_other_half(browser: Browser) {
    let (collector, endpoint) = (Collector::start().await, Faulty::start().await);
    let rest = r#"data-survey="csat" data-trigger="load" data-delay="0s" data-accent="teal""#;
    let page = Page::new(tag(collector.origin(), &endpoint.url(), rest));
    let host = Host::with([("/", page)]).await;
    browser.open(&host.url("/")).await;
    browser.survey("csat").choose("satisfaction", "4").await;
    endpoint.until_stored(1, Location::caller()).await;
    browser.until(&format!("{WAITING} == 0")).await;
    browser.until_idle().await;
    assert_eq!(browser.value::<usize>(REST).await, 0);
    // An author who asks why hears it all the same, and it comes once.
    browser.run("sondeo.explain('csat').then(it => { window.why = it })").await;
    browser.until("window.why").await;
    browser.run("sondeo.explain('none').then(it => { window.none = it })").await;
    browser.until("window.none?.reasons[0] == 'unknown'").await;
    assert_eq!(browser.value::<usize>(REST).await, 1);
    browser.page_log().await.is_undisturbed();
}

async fn what_an_author_writes_brings_the_other_half_along(browser: Browser) {
    let (collector, endpoint) = (Collector::start().await, Faulty::start().await);
    let survey = r##"<script type="application/json" id="own">{"id": "own", "questions": [{"id": "why",
        "kind": "choice", "text": "Why?", "options": [{"id": "price", "text": "The price"},
        {"id": "time", "text": "The time"}]}]}</script>"##;
    let file = r##"data-config="#own" data-survey="own" data-trigger="load" data-delay="0s""##;
    let wrong = r#"data-survey="csat" data-trigger="load" data-delay="5 secs""#;
    let page = |rest| tag(collector.origin(), &endpoint.url(), rest);
    let host = Host::with([
        ("/file", Page::new([survey, &page(file)].concat())),
        ("/wrong", Page::new(page(wrong))),
    ])
    .await;
    browser.open(&host.url("/file")).await;
    browser.survey("own").choose("why", "price").await;
    endpoint.until_stored(1, Location::caller()).await;
    assert_eq!(browser.value::<usize>(REST).await, 1);
    // The words for a mistake come later than the survey.
    browser.open(&host.url("/wrong")).await;
    browser
        .until("pageLog.lines.some(it => it.includes('data-delay=\"5 secs\" is not a time'))")
        .await;
    assert_eq!(browser.value::<usize>(REST).await, 1);
}

fn is_rest(name: &str) -> bool {
    name.len() == "sondeo-0a1b2ce.wasm".len() && name.ends_with("e.wasm")
}

fn serve(name: &str) -> Response {
    if !widget_files().contains(&name.to_owned()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let kind = if name.ends_with(".js") { "text/javascript" } else { "application/wasm" };
    ([(header::CONTENT_TYPE, kind)], widget_file(name)).into_response()
}

/// A site that serves the widget without the engine's other half.
fn half() -> Router {
    let serve = async |Path(name): Path<String>| {
        if is_rest(&name) { StatusCode::NOT_FOUND.into_response() } else { serve(&name) }
    };
    Router::new().route("/embed/{name}", get(serve))
}

/// The other half, which is asked for and does not come yet.
struct Held {
    asked: Semaphore,
    gate: Semaphore,
}

impl Held {
    fn site(self: &Arc<Self>) -> Router {
        let held = Arc::clone(self);
        let serve = async move |Path(name): Path<String>| {
            if is_rest(&name) {
                held.asked.add_permits(1);
                let _turn = held.gate.acquire().await;
            }
            serve(&name)
        };
        Router::new().route("/embed/{name}", get(serve))
    }
}

async fn what_a_visitor_does_never_waits_for_the_other_half(browser: Browser) {
    let endpoint = Faulty::start().await;
    let rest = r#"data-survey="csat" data-trigger="load" data-delay="0s""#;
    let page = Page::new(tag("/embed", &endpoint.url(), rest));
    let host = Host::serving([("/", page)], half()).await;
    browser.open(&host.url("/")).await;
    browser.until("survey('csat')").await;
    browser.run("sondeo.explain('csat')").await;
    browser.until("pageLog.lines.some(it => it.includes('needs all files of its folder'))").await;
    browser.survey("csat").choose("satisfaction", "4").await;
    endpoint.until_stored(1, Location::caller()).await;
    browser.run("history.pushState(null, '', '/other'); sondeo.consent(false)").await;
    browser.until("Object.keys(localStorage).every(it => !it.startsWith('sondeo.'))").await;
    browser.until("!survey('csat')").await;
    assert_eq!(browser.page_log().await.errors.len(), 0);
}

/// Turbo takes a permanent element off the page while it changes the body, and puts it back.
async fn an_element_that_is_back_before_the_other_half_keeps_its_survey(browser: Browser) {
    let endpoint = Faulty::start().await;
    let held = Arc::new(Held { asked: Semaphore::new(0), gate: Semaphore::new(0) });
    let element = r#"<div id="ask" data-sondeo="csat" data-display="popover" data-trigger="load"
        data-delay="0s"></div>"#;
    let page = Page::new([element, &tag("/embed", &endpoint.url(), "")].concat());
    let host = Host::serving([("/", page)], held.site()).await;
    browser.open(&host.url("/")).await;
    browser.until("survey('csat')").await;
    browser.run("window.ask = $('#ask'); ask.replaceWith(document.createElement('hr'))").await;
    held.asked.acquire().await.expect("open").forget();
    browser.run("$('hr').replaceWith(ask)").await;
    held.gate.add_permits(1);
    browser.until(&format!("{REST} == 1")).await;
    browser.until_idle().await;
    browser.survey("csat").choose("satisfaction", "4").await;
    endpoint.until_stored(1, Location::caller()).await;
    let shown = "pageLog.events.filter(it => it.name == 'shown').length";
    assert_eq!(browser.value::<usize>(shown).await, 1);
    browser.page_log().await.is_undisturbed();
}
