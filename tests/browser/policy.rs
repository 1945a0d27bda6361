//! A host with a strict content security policy names two origins, and that is enough.

use crate::support::{Browser, Collector, Endpoint, Host, Page, WITNESS_NONCE};
use sondeo_model::Value;

crate::scenarios![a_strict_policy_needs_no_more_than_two_origins];

async fn a_strict_policy_needs_no_more_than_two_origins(browser: Browser) {
    let collector = Collector::start().await;
    let stranger = Endpoint::start().await;
    let (loader, endpoint) = (collector.origin(), stranger.url());
    // The nonce lets in the witness of this test, which is no part of us; the image is its icon.
    let policy = format!(
        "default-src 'none'; script-src {loader} 'wasm-unsafe-eval' 'nonce-{WITNESS_NONCE}'; \
         connect-src {loader} {endpoint}; img-src data:"
    );
    let page = Page::with_survey(&collector, &endpoint, r#"data-trigger="load""#);
    let plain = page.clone();
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
    browser.until("witness.events.filter(it => it.name == 'delivered').length == 2").await;
    let posts = stranger.posts();
    assert_eq!(posts.len(), 2);
    assert_eq!(posts[1].response().answers[1].value, Value::Text("Nothing.".into()));
    browser.witness().await.is_undisturbed();
}
