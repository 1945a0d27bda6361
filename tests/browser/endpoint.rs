//! Any address can take the response: what leaves the page, and what does not.

use crate::support::{Browser, Collector, Endpoint, Host, Page, Request};
use axum::http::Method;
use serde_json::{Value as Json, json};
use sondeo_model::Status;

crate::scenarios![
    an_endpoint_of_a_stranger_gets_the_response_after_a_preflight,
    an_endpoint_of_the_same_origin_can_recognise_a_repeat,
];

/// Answers on a page of this host, which sends to `endpoint`.
async fn answer(browser: &Browser, host: &Host) {
    browser.open(&host.url("/?order=17#top")).await;
    // The endpoint is on the same host, and a cookie knows no ports.
    browser.run("document.cookie = 'session=secret; path=/; max-age=60'").await;
    let survey = browser.survey("post-purchase");
    survey.choose("satisfaction", "4").await;
    survey.thanks("Thank you!").await;
    browser.heard("delivered").await;
    browser.page_log().await.is_undisturbed();
}

async fn an_endpoint_of_a_stranger_gets_the_response_after_a_preflight(browser: Browser) {
    let collector = Collector::start().await;
    let stranger = Endpoint::start().await;
    let attributes = r#"data-trigger="load" data-user="u-1" data-custom-order-id="17""#;
    let host = Host::of(Page::with_survey(&collector, &stranger.url(), attributes)).await;
    answer(&browser, &host).await;

    let requests = stranger.requests();
    let methods: Vec<_> = requests.iter().map(|request| &request.method).collect();
    assert_eq!(methods, [&Method::OPTIONS, &Method::POST]);
    let post = &requests[1];
    check_headers(post, &host);
    assert_eq!(post.header("idempotency-key"), None);
    check_body(post, &host);
    assert!(host.endpoint.requests().is_empty());
}

async fn an_endpoint_of_the_same_origin_can_recognise_a_repeat(browser: Browser) {
    let collector = Collector::start().await;
    let page = Page::with_survey(&collector, "/responses", r#"data-trigger="load""#);
    let host = Host::of(page).await;
    answer(&browser, &host).await;

    let posts = host.endpoint.posts();
    assert_eq!(posts.len(), 1);
    check_headers(&posts[0], &host);
    let id = posts[0].response().id.to_text();
    assert_eq!(posts[0].header("idempotency-key"), Some(id.as_str()));
}

fn check_headers(post: &Request, host: &Host) {
    assert_eq!(post.header("content-type"), Some("application/json"));
    assert_eq!(post.header("origin"), Some(host.url("").as_str()));
    assert_eq!(post.header("cookie"), None);
    assert_eq!(post.header("authorization"), None);
}

/// Every member of the contract's section 6, and no other.
fn check_body(post: &Request, host: &Host) {
    let response = post.response();
    assert_eq!(response.status, Status::Completed);
    let mut body: Json = serde_json::from_str(&post.body).expect("JSON");
    // These differ from run to run; the model has checked their form.
    for name in ["id", "shown_at", "sent_at", "elapsed_ms", "client"] {
        assert_ne!(body[name].take(), Json::Null, "{name}");
    }
    assert_eq!(
        body,
        json!({
            "sondeo": 1, "id": null, "revision": 2, "status": "completed",
            "survey": "post-purchase", "template": "post-purchase",
            "trigger": "load", "language": "en",
            "answers": [{
                "question": "satisfaction",
                "text": "How would you rate your shopping experience?",
                "kind": "likert", "points": 5, "metric": "csat", "value": 4,
            }],
            "shown_at": null, "sent_at": null, "elapsed_ms": null,
            "page": {"url": host.url("/"), "title": "A page", "referrer": ""},
            "client": null, "visit": 1, "visitor": null, "user": "u-1",
            "custom": {"order-id": "17"}, "widget": env!("CARGO_PKG_VERSION"),
        })
    );
}
