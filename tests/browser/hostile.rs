//! Pages that do not mean well: the survey looks and works there as anywhere.

use crate::support::{Browser, Collector, Host, Page};
use sondeo_model::{Status, Value};

crate::scenarios![
    a_page_that_distorts_everything;
    in one engine:
    a_page_that_reverts_and_paints_everything,
    a_page_whose_body_is_transformed,
    a_page_that_styles_our_element_by_name,
    a_page_that_sets_our_private_properties,
];

async fn a_page_that_reverts_and_paints_everything(browser: Browser) {
    check(&browser, "* { all: revert; color: red !important }").await;
}

async fn a_page_that_distorts_everything(browser: Browser) {
    let style = "* { display: block !important; font-size: 40px !important; \
                 transform: rotate(3deg) !important; opacity: 0.2 !important; \
                 position: static !important; width: 10px !important; margin: 50px !important }";
    check(&browser, style).await;
}

async fn a_page_whose_body_is_transformed(browser: Browser) {
    let style = "html { filter: blur(0); font-size: 62.5% } \
                 body { transform: translate(30px, 40px) scale(0.5); overflow: hidden; \
                 height: 100px; letter-spacing: 9px; line-height: 4; text-transform: uppercase }";
    check(&browser, style).await;
}

async fn a_page_that_styles_our_element_by_name(browser: Browser) {
    let style = "sondeo-widget { display: none !important; inset: 0 auto auto 0 !important; \
                 z-index: -1 !important } [popover] { visibility: hidden !important }";
    check(&browser, style).await;
}

async fn a_page_that_sets_our_private_properties(browser: Browser) {
    let style = "* { --surface: red; --ink: red; --accent: red; --on-accent: red; --soft: red; \
                 --line: red; --tint: red; --edge: red; --wrong: red; --radius: 99px }";
    check(&browser, style).await;
}

/// The tag alone, loaded from another origin: beside this style, the survey is what it is without.
async fn check(browser: &Browser, style: &str) {
    let collector = Collector::start().await;
    let text = "<h1>Somebody's page</h1><p>With some words.</p>";
    let attributes = r#"data-trigger="load""#;
    let plain = Page::with_survey(&collector, &collector.endpoint(), attributes).body(text);
    let hostile = plain.clone().body(format!("<style>{style}</style>{text}"));
    let host = Host::with([("/plain", plain), ("/hostile", hostile)]).await;

    let expected = portrait(browser, &host.url("/plain")).await;
    let found = portrait(browser, &host.url("/hostile")).await;
    assert_eq!(found, expected);
    let survey = browser.survey("post-purchase");
    survey.choose("satisfaction", "5").await;
    survey.thanks("Thank you!").await;
    let response = collector.only_response(Status::Completed).await;
    assert_eq!(response.answers[0].value, Value::Integer(5));
    browser.page_log().await.is_undisturbed();
}

async fn portrait(browser: &Browser, address: &str) -> Vec<String> {
    browser.open(address).await;
    let survey = browser.survey("post-purchase");
    survey.asks("How would you rate your shopping experience?").await;
    browser.promised::<[i32; 2]>(&format!("aim({})", survey.part("legend"))).await;
    let corner: [f64; 2] = browser.value("corner('post-purchase')").await;
    assert!(corner.iter().all(|gap| (0.0..=40.0).contains(gap)), "{corner:?} off the corner");
    browser.value("portrait('post-purchase')").await
}
