//! A host with a strict content security policy names two origins, and that is enough: with or without
//! WebAssembly, and where every sink of markup is guarded.

use crate::support::{Browser, Collector, Endpoint, Engine, Host, PAGE_LOG_NONCE, Page, Session};
use sondeo_model::Value;

crate::scenarios![
    a_strict_policy_needs_no_more_than_two_origins,
    a_policy_without_webassembly_gets_the_same_survey,
    a_page_without_webassembly_gets_the_same_survey,
    a_browser_without_a_compiler_gets_the_same_survey,
];

async fn a_strict_policy_needs_no_more_than_two_origins(browser: Browser) {
    // Where Trusted Types are known, no string becomes markup or script.
    let words = "'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types sondeo";
    asks_and_delivers(&browser, words, "").await;
    assert_eq!(files(&browser, ".translated.js").await, 0);
    browser.page_log().await.is_undisturbed();
}

async fn a_policy_without_webassembly_gets_the_same_survey(browser: Browser) {
    asks_and_delivers(&browser, "", "").await;
    assert_eq!(files(&browser, ".translated.js").await, 1);
    // The browser itself reports the refusal; nothing else is refused.
    let page_log = browser.page_log().await;
    assert!(page_log.violations.iter().all(|it| it.contains("wasm-eval")), "{page_log:?}");
    assert!(page_log.errors.is_empty(), "{page_log:?}");
}

async fn a_page_without_webassembly_gets_the_same_survey(browser: Browser) {
    asks_and_delivers(&browser, "'wasm-unsafe-eval'", "delete window.WebAssembly").await;
    assert_eq!(files(&browser, ".translated.js").await, 1);
    browser.page_log().await.is_undisturbed();
}

/// Only Chromium can be started so: what lockdown modes are elsewhere.
async fn a_browser_without_a_compiler_gets_the_same_survey(browser: Browser) {
    if browser.engine != Engine::Chromium {
        return;
    }
    let mut capabilities = browser.engine.capabilities().expect("capabilities");
    let arguments = capabilities["goog:chromeOptions"]["args"].as_array_mut();
    arguments.expect("a list").push("--js-flags=--jitless".into());
    let driver = browser.engine.driver().expect("a driver");
    let session = Session::start(&driver, capabilities).await.expect("a browser");
    let slow = Browser::new(browser.engine, session);
    asks_and_delivers(&slow, "'wasm-unsafe-eval'", "").await;
    assert_eq!(files(&slow, ".translated.js").await, 1);
    slow.page_log().await.is_undisturbed();
    slow.session().clone().close().await;
}

/// How many files were fetched whose names end so.
async fn files(browser: &Browser, end: &str) -> usize {
    let files = "performance.getEntriesByType('resource').map(it => it.name)";
    let files: Vec<String> = browser.value(files).await;
    files.iter().filter(|name| name.ends_with(end)).count()
}

/// On a page with a strict policy, to which these words are added after the scripts' origin, and this script.
async fn asks_and_delivers(browser: &Browser, words: &str, script: &str) {
    let collector = Collector::start().await;
    let stranger = Endpoint::start().await;
    let (loader, endpoint) = (collector.origin(), stranger.url());
    // The nonce lets in the page_log of this test, which is no part of us; the image is its icon.
    let policy = format!(
        "default-src 'none'; connect-src {loader} {endpoint}; img-src data:; \
         script-src {loader} 'nonce-{PAGE_LOG_NONCE}' {words}"
    );
    let page = Page::with_survey(&collector, &endpoint, r#"data-trigger="load""#);
    let plain = page.clone();
    let page = page.before(format!("<script nonce=\"{PAGE_LOG_NONCE}\">{script}</script>"));
    let host = Host::with([("/plain", plain), ("/strict", page.policy(policy))]).await;

    let survey = browser.survey("post-purchase");
    let mut portraits = Vec::new();
    for path in ["/plain", "/strict"] {
        browser.open(&host.url(path)).await;
        survey.asks("How would you rate your shopping experience?").await;
        browser.promised::<[i32; 2]>(&format!("aim({})", survey.part("legend"))).await;
        portraits.push(browser.value::<Vec<String>>("portrait('post-purchase')").await);
    }
    assert_eq!(portraits[0], portraits[1], "the policy took the style");

    survey.choose("satisfaction", "1").await;
    survey.asks("What went wrong?").await;
    survey.write("why", "Nothing.").await;
    survey.thanks("Thank you!").await;
    browser.until("pageLog.events.filter(it => it.name == 'delivered').length == 2").await;
    let posts = stranger.posts();
    assert_eq!(posts.len(), 2);
    assert_eq!(posts[1].response().answers[1].value, Value::Text("Nothing.".into()));
}
