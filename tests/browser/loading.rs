//! When the engine comes, and when it does not.

use crate::support::{Browser, Collector, Host, PROBE, Page};
use serde_json::{Value as Json, json};

crate::scenarios![
    in one engine:
    the_engine_is_not_asked_for_before_the_page_has_loaded,
    a_page_that_asks_nothing_downloads_no_engine,
    a_loader_that_stands_twice_counts_once,
];

async fn the_engine_is_not_asked_for_before_the_page_has_loaded(browser: Browser) {
    let collector = Collector::start().await;
    // The page looks for itself: not every driver answers while an image is missing.
    let look = "(async () => {
        while (!window.sondeo?.version) await frame();
        await idle();
        window.early = [document.readyState, engineRequests().length];
        fetch('/let-the-image-arrive');
    })()";
    let body = format!(r#"<img src="/slow.svg" alt=""><script>{PROBE}{look}</script>"#);
    let page = Page::with_survey(&collector, "/responses", r#"data-trigger="load""#);
    let host = Host::of(page.body(body)).await;
    browser.open(&host.url("/")).await;
    assert_eq!(browser.value::<Json>("early").await, json!(["interactive", 0]));

    browser.until("legend('post-purchase')").await;
    let times = "[performance.getEntriesByType('navigation')[0].loadEventStart, \
                 ...engineRequests().map(it => it.startTime)]";
    let times: Vec<f64> = browser.value(times).await;
    let [load, requests @ ..] = times.as_slice() else { panic!("no times") };
    assert!(*load > 0.0 && requests.len() >= 2, "{times:?}");
    assert!(requests.iter().all(|request| request >= load), "{times:?}");
}

async fn a_page_that_asks_nothing_downloads_no_engine(browser: Browser) {
    let collector = Collector::start().await;
    let host = Host::of(Page::new(collector.tag(r#"data-endpoint="/responses""#))).await;
    browser.open(&host.url("/")).await;
    browser.until("window.sondeo?.version").await;
    browser.until_idle().await;
    assert_eq!(browser.value::<usize>("engineRequests().length").await, 0);

    // A single-page application shows an article.
    browser.run("document.body.innerHTML = '<article><div data-sondeo=faq></div></article>'").await;
    browser.survey("faq").asks("How useful did you find this page?").await;
    assert!(browser.value::<usize>("engineRequests().length").await >= 2);
    browser.page_log().await.is_undisturbed();
}

async fn a_loader_that_stands_twice_counts_once(browser: Browser) {
    let collector = Collector::start().await;
    let page = Page::with_survey(&collector, "/responses", r#"data-trigger="load""#);
    let again = collector.tag(
        r#"data-survey="post-purchase" data-endpoint="/responses" data-trigger="load" data-delay="0s""#,
    );
    let host = Host::of(page.body(again)).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey("post-purchase");
    survey.choose("satisfaction", "3").await;
    survey.thanks("Thank you!").await;
    survey.is_gone().await;
    browser.until_idle().await;

    let page_log = browser.page_log().await;
    assert_eq!(page_log.event_names(), ["ready", "shown", "answered", "completed", "delivered"]);
    page_log.is_undisturbed();
    assert_eq!(host.endpoint.posts().len(), 1);
    assert_eq!(browser.value::<usize>("widgets().length").await, 0);
}
