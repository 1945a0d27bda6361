//! No answer is lost on its way, and none arrives twice.

use crate::support::{Browser, Collector, Endpoint, Host, Page, Reply};
use serde_json::json;
use sondeo_model::{Status, Value};

crate::scenarios![
    an_endpoint_that_is_down_for_a_moment_gets_the_same_response_again,
    an_endpoint_that_refuses_is_reported_and_left_alone,
    an_endpoint_that_redirects_has_not_taken_the_response,
    an_endpoint_that_never_answers_holds_nothing_up,
    leaving_at_the_moment_of_the_answer_loses_nothing,
    an_answer_is_on_its_way_within_50_ms,
    what_is_blanked_never_leaves_the_page,
];

/// A page whose survey sends to this endpoint, and a click on the fourth face.
async fn answer(browser: &Browser, endpoint: &Endpoint) -> (Collector, Host) {
    let collector = Collector::start().await;
    let attributes = r#"data-trigger="load""#;
    let host = Host::of(Page::with_survey(&collector, &endpoint.url(), attributes)).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey("post-purchase");
    survey.choose("satisfaction", "4").await;
    survey.thanks("Thank you!").await;
    (collector, host)
}

async fn an_endpoint_that_is_down_for_a_moment_gets_the_same_response_again(browser: Browser) {
    let endpoint = Endpoint::start_answering([Reply::Status(503), Reply::Status(201)]).await;
    let _site = answer(&browser, &endpoint).await;
    browser.heard("delivered").await;
    browser.until_idle().await;

    let posts = endpoint.posts();
    assert_eq!(posts.len(), 2);
    let [first, second] = [&posts[0], &posts[1]].map(|post| post.response());
    assert_eq!((first.id, first.revision), (second.id, second.revision));
    assert_eq!(first.answers, second.answers);
    let page_log = browser.page_log().await;
    let delivered = page_log.event_names().iter().filter(|name| **name == "delivered").count();
    assert_eq!(delivered, 1);
    page_log.is_undisturbed();
}

async fn an_endpoint_that_refuses_is_reported_and_left_alone(browser: Browser) {
    let endpoint = Endpoint::start_answering([Reply::Status(400)]).await;
    let _site = answer(&browser, &endpoint).await;
    browser.heard("failed").await;
    browser.survey("post-purchase").is_gone().await;
    browser.until_idle().await;

    let posts = endpoint.posts();
    assert_eq!(posts.len(), 1);
    let page_log = browser.page_log().await;
    let mut failed = page_log.events.iter().filter(|event| event["name"] == "failed");
    let mut event = failed.next().cloned().unwrap_or_default();
    assert!(event["reason"].take().is_string(), "{event}");
    let id = posts[0].response().id.to_text();
    assert_eq!(
        event,
        json!({"name": "failed", "survey": "post-purchase", "id": id, "reason": null, "status": 400})
    );
    assert_eq!(failed.next(), None);
    assert_eq!(page_log.lines.len(), 1, "{:?}", page_log.lines);
    let line = &page_log.lines[0];
    assert!(line.starts_with("sondeo: ") && line.contains("400"), "{line}");
    assert!(line.contains(&endpoint.url()), "{line}");
    assert_eq!(page_log.errors, [""; 0]);
}

async fn an_endpoint_that_redirects_has_not_taken_the_response(browser: Browser) {
    let elsewhere = Endpoint::start().await;
    let redirect = Reply::Redirect(elsewhere.url());
    let replies = [redirect.clone(), redirect, Reply::Status(201)];
    let endpoint = Endpoint::start_answering(replies).await;
    let _site = answer(&browser, &endpoint).await;
    // Its preflights are in order, and nothing else was asked: the POST alone tells.
    browser.until("pageLog.events.some(it => it.reason == 'redirect')").await;
    browser.until("pageLog.lines.some(it => it.includes(': it redirects, and'))").await;
    assert!(endpoint.requests().iter().all(|it| it.method != "GET"));
    browser.heard("delivered").await;
    assert_eq!(endpoint.posts().len(), 3);
    assert!(elsewhere.requests().is_empty());
    assert_eq!(browser.page_log().await.errors, [""; 0]);
}

async fn an_endpoint_that_never_answers_holds_nothing_up(browser: Browser) {
    let endpoint = Endpoint::start_answering([Reply::Never]).await;
    let _site = answer(&browser, &endpoint).await;
    browser.survey("post-purchase").is_gone().await;
    assert_eq!(endpoint.until_posted(1).await.len(), 1);
    let page_log = browser.page_log().await;
    assert_eq!(page_log.event_names(), ["ready", "shown", "answered", "completed"]);
    page_log.is_undisturbed();
}

async fn leaving_at_the_moment_of_the_answer_loses_nothing(browser: Browser) {
    let collector = Collector::start().await;
    let leave = "<script>document.addEventListener('sondeo:answered', () => location.href = '/next')\
                 </script>";
    let attributes = r#"data-trigger="load""#;
    let page = Page::with_survey(&collector, &collector.endpoint(), attributes).body(leave);
    let host = Host::with([("/", page), ("/next", Page::default())]).await;
    browser.open(&host.url("/")).await;
    browser.survey("post-purchase").choose("satisfaction", "1").await;
    browser.until("location.pathname == '/next'").await;

    let response = collector.only_response(Status::Partial).await;
    assert_eq!(response.answers[0].value, Value::Integer(1));
}

/// Of some tries the fastest: the others say what else the machine had to do.
async fn an_answer_is_on_its_way_within_50_ms(browser: Browser) {
    let collector = Collector::start().await;
    let attributes = r#"data-trigger="load" data-recontact="always" data-quiet="0""#;
    let host = Host::of(Page::with_survey(&collector, &collector.endpoint(), attributes)).await;
    let mut fastest = f64::MAX;
    for attempt in 0..20 {
        if attempt >= 3 && fastest <= 50.0 {
            break;
        }
        browser.open(&host.url("/")).await;
        let survey = browser.survey("post-purchase");
        survey.asks("How would you rate your shopping experience?").await;
        browser.until_idle().await;
        browser
            .run(
                "document.addEventListener('click', () => window.clicked ??= performance.now(), true); \
                 const send = window.fetch; window.fetch = (...words) => { \
                 window.sent ??= performance.now(); return send(...words) }",
            )
            .await;
        survey.choose("satisfaction", "4").await;
        browser.heard("delivered").await;
        fastest = fastest.min(browser.value::<f64>("sent - clicked").await);
    }
    eprintln!("from the click to the request {fastest:.1} ms in {}", browser.engine);
    assert!(fastest <= 50.0, "{fastest} ms at best");
}

async fn what_is_blanked_never_leaves_the_page(browser: Browser) {
    let endpoint = Endpoint::start().await;
    let collector = Collector::start().await;
    let tools = "<script>window.told = []; window.gtag = (...words) => told.push(words); \
                 window.posthog = {capture() { throw new Error('not ready') }}; \
                 window.analytics = {track: (...words) => told.push(words)}</script>";
    let attributes = r#"data-trigger="load" data-mask="card email phone"
        data-push="datalayer gtag posthog segment adobe" data-report="all""#;
    let page = |preview: &str| {
        let attributes = format!("{attributes} {preview}");
        Page::with_survey(&collector, &endpoint.url(), &attributes).body(tools)
    };
    let host = Host::with([("/", page("")), ("/preview", page("data-preview"))]).await;
    browser.open(&host.url("/preview")).await;
    browser.survey("post-purchase").choose("satisfaction", "4").await;
    browser.heard("completed").await;
    browser.until_idle().await;
    let pushed = "told.length + dataLayer.length + (window.adobeDataLayer?.length || 0)";
    assert_eq!(browser.value::<u32>(pushed).await, 0);
    assert!(endpoint.requests().is_empty());

    browser.open(&host.url("/")).await;
    let survey = browser.survey("post-purchase");
    survey.choose("satisfaction", "1").await;
    survey.write("why", "4111 1111 1111 1111, a@b.de, +49 30 901820").await;
    browser.until("pageLog.events.filter(it => it.name == 'delivered').length > 1").await;

    let last = endpoint.posts().last().expect("a response").response();
    assert_eq!(last.answers[1].value, Value::Text("***, ***, ***".to_owned()));
    assert!(endpoint.posts().iter().any(|post| post.response().status == Status::Shown));
    assert!(endpoint.posts().iter().all(|post| !post.body.contains("4111")));
    browser.until("told.length >= 8").await;
    let told: String =
        browser.value("JSON.stringify([told, dataLayer, adobeDataLayer, pageLog.events])").await;
    assert!(told.contains("sondeo_completed") && !told.contains("4111"), "{told}");
    let named =
        "[...dataLayer, ...adobeDataLayer].filter(it => it.event == 'sondeo_answered').length";
    assert_eq!(browser.value::<u32>(named).await, 4);
    assert_eq!(browser.page_log().await.errors, [""; 0]);
}
