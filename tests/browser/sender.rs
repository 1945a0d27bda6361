//! The second program: an answer never waits for it to be kept, and a page that only delivers fetches nothing else.

use crate::support::{
    Browser, Collector, Embed, Fault, Faulty, Host, Page, Words, widget_file, widget_files,
};
use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

crate::scenarios![
    a_page_that_only_delivers_fetches_no_engine;
    in one engine:
    an_answer_is_kept_where_the_sender_does_not_come,
    the_sender_comes_with_the_next_answer_where_it_did_not_before,
    the_sender_comes_from_an_address_with_js_in_it,
];

/// How many entries the outbox holds.
const WAITING: &str = "Object.keys(localStorage).filter(it => it.startsWith('sondeo.out.')).length";
/// What the visitor reads where an answer is kept.
const KEPT: &str = "Saved on this device. It will be sent later.";
/// The requests for the sender's files, and for the engine's.
const SENDER: &str = "engineRequests().filter(it => /-.{6}d\\./.test(it.name)).length";
const ENGINE: &str = "engineRequests().filter(it => /-.{6}\\./.test(it.name)).length";

/// A survey of this trigger whose answers go to an endpoint elsewhere; the loader is this address'.
fn page(loader: &str, endpoint: &Faulty, trigger: &str) -> Page {
    let url = endpoint.url();
    Page::new(format!(
        r#"<script async src="{loader}/sondeo.js" data-survey="post-purchase" data-endpoint="{url}"
        data-trigger="{trigger}" data-delay="0s" data-recontact="always" data-quiet="0" data-max-shows="100"></script>"#
    ))
}

async fn reads(browser: &Browser, words: &str) {
    let read = "inside('post-purchase', '[part=note]')?.firstChild.textContent";
    browser.until_as(&format!("{read} == '{words}'"), Location::caller()).await;
}

async fn a_page_that_only_delivers_fetches_no_engine(browser: Browser) {
    let (collector, endpoint) = (Collector::start().await, Faulty::start().await);
    let of = |trigger| page(collector.origin(), &endpoint, trigger);
    let host = Host::with([("/", of("load")), ("/next", of("event:bought"))]).await;
    endpoint.fail(Fault::Status(500, "")).await;
    browser.open(&host.url("/")).await;
    browser.survey("post-purchase").choose("satisfaction", "4").await;
    reads(&browser, KEPT).await;
    endpoint.heal().await;

    browser.open(&host.url("/next")).await;
    endpoint.until_stored(1, Location::caller()).await;
    browser.heard("delivered").await;
    browser.until(&format!("{WAITING} == 0")).await;
    browser.until_idle().await;
    assert_eq!(browser.value::<[usize; 2]>(&format!("[{SENDER}, {ENGINE}]")).await, [2, 0]);

    // An engine that comes later talks to the same sender.
    browser.run("sondeo.track('bought')").await;
    browser.survey("post-purchase").choose("satisfaction", "4").await;
    endpoint.until_stored(2, Location::caller()).await;
    browser.until("pageLog.events.filter(it => it.name == 'delivered').length == 2").await;
    browser.until(&format!("{WAITING} == 0")).await;
    let glues = "engineRequests().filter(it => /d\\.js$/.test(it.name)).length";
    assert_eq!(browser.value::<usize>(glues).await, 1);
    assert_eq!(endpoint.stored().len(), 2);
    browser.page_log().await.is_undisturbed();
}

/// A site that serves the widget, but its sender only after so many requests for it.
fn without_sender(missing: usize) -> Router {
    let asked = Arc::new(AtomicUsize::new(0));
    let serve = async move |Path(name): Path<String>| -> Response {
        let is_sender = name.len() == "sondeo-0a1b2cd.js".len() && name.ends_with("d.js");
        let is_missing = is_sender && asked.fetch_add(1, Ordering::Relaxed) < missing;
        if is_missing || !widget_files().contains(&name) {
            return StatusCode::NOT_FOUND.into_response();
        }
        let kind = if name.ends_with(".js") { "text/javascript" } else { "application/wasm" };
        ([(header::CONTENT_TYPE, kind)], widget_file(&name)).into_response()
    };
    Router::new().route("/embed/{name}", get(serve))
}

async fn an_answer_is_kept_where_the_sender_does_not_come(browser: Browser) {
    let (collector, endpoint) = (Collector::start().await, Faulty::start().await);
    let pages = [
        ("/", page("/embed", &endpoint, "load")),
        ("/next", page(collector.origin(), &endpoint, "event:bought")),
    ];
    let host = Host::serving(pages, without_sender(usize::MAX)).await;
    endpoint.fail(Fault::None).await;
    browser.open(&host.url("/")).await;
    browser.survey("post-purchase").choose("satisfaction", "4").await;
    reads(&browser, KEPT).await;
    browser.until_idle().await;
    assert_eq!((browser.value::<u32>(WAITING).await, endpoint.posts()), (1, 0));
    let page_log = browser.page_log().await;
    let lines = page_log.lines.iter().filter(|it| it.contains("answers are kept, and sent later"));
    assert_eq!((lines.count(), page_log.errors.len()), (1, 0), "{:?}", page_log.lines);

    browser.open(&host.url("/next")).await;
    browser
        .inject(
            "const now = Date.now; Date.now = () => now() + 60000; \
             dispatchEvent(new Event('pageshow'))",
        )
        .await;
    endpoint.until_stored(1, Location::caller()).await;
    browser.until(&format!("{WAITING} == 0")).await;
}

async fn the_sender_comes_with_the_next_answer_where_it_did_not_before(browser: Browser) {
    let endpoint = Faulty::start().await;
    let host = Host::serving([("/", page("/embed", &endpoint, "load"))], without_sender(1)).await;
    endpoint.fail(Fault::None).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey("post-purchase");
    survey.asks("How would you rate your shopping experience?").await;
    browser
        .until("pageLog.lines.some(it => it.includes('answers are kept, and sent later'))")
        .await;
    survey.choose("satisfaction", "4").await;
    endpoint.until_stored(1, Location::caller()).await;
    browser.heard("delivered").await;
    browser.until(&format!("{WAITING} == 0")).await;
    assert_eq!(browser.page_log().await.errors, [""; 0]);
}

/// The name of a public host begins like a script's ending.
async fn the_sender_comes_from_an_address_with_js_in_it(browser: Browser) {
    let page = Page::new(
        r#"<script async src="/cdn.jsdelivr/sondeo.js" data-survey="post-purchase" data-endpoint="/responses"
        data-trigger="load" data-delay="0s"></script>"#,
    );
    let host = Host::serving([("/", page)], Embed { words: Words::Missing }.routes()).await;
    browser.open(&host.url("/")).await;
    browser.survey("post-purchase").choose("satisfaction", "4").await;
    host.endpoint.until_posted(1).await;
    browser.heard("delivered").await;
    browser.page_log().await.is_undisturbed();
}
