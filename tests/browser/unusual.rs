//! Pages that mean no harm and are not what anybody expects.

use crate::support::{Browser, Collector, Host, Page};
use sondeo_model::Value;

crate::scenarios![
    a_dialog_of_the_page_comes_first;
    in one engine:
    a_data_layer_that_is_none_stops_nothing,
    an_element_called_sondeo_stops_nothing,
    a_bare_tag_before_the_full_one_serves_it,
    a_page_may_act_on_the_survey_when_it_hears_of_it,
    on_a_page_from_right_to_left_the_card_stands_at_its_end,
];

const QUESTION: &str = "How would you rate your shopping experience?";

/// A page with a survey that comes when the page has loaded, after these words in the head.
fn page(collector: &Collector, head: &str) -> Page {
    let attributes = r#"data-survey="post-purchase" data-trigger="load" data-delay="0s" data-endpoint="/responses""#;
    Page::new(format!("{head}{}", collector.tag(attributes)))
}

/// The survey is shown, answered and sent, and the page heard no word of trouble.
async fn works(browser: &Browser, host: &Host) {
    browser.open(&host.url("/")).await;
    let survey = browser.survey("post-purchase");
    survey.choose("satisfaction", "4").await;
    survey.thanks("Thank you!").await;
    let posts = host.endpoint.until_posted(1).await;
    assert_eq!(posts[0].response().answers[0].value, Value::Integer(4));
    browser.page_log().await.is_undisturbed();
}

async fn a_data_layer_that_is_none_stops_nothing(browser: Browser) {
    let collector = Collector::start().await;
    for layer in [
        "dataLayer = {}",
        "dataLayer = 'text'",
        "dataLayer = { push() {}, length: 0 }",
        "dataLayer = Object.freeze([{ event: 'x' }, null])",
        "dataLayer = [{ event: {} }, null, 5]",
        "Object.freeze(Array.prototype)",
    ] {
        let host = Host::of(page(&collector, &format!("<script>{layer}</script>"))).await;
        works(&browser, &host).await;
    }
}

async fn an_element_called_sondeo_stops_nothing(browser: Browser) {
    let collector = Collector::start().await;
    let body = r#"<div id="sondeo"></div><form id="sondeo"><input name="q"></form>"#;
    let host = Host::of(page(&collector, "").body(body)).await;
    works(&browser, &host).await;
}

async fn a_bare_tag_before_the_full_one_serves_it(browser: Browser) {
    let collector = Collector::start().await;
    let host = Host::of(page(&collector, &collector.tag(""))).await;
    works(&browser, &host).await;
}

async fn a_dialog_of_the_page_comes_first(browser: Browser) {
    let collector = Collector::start().await;
    let body = "<dialog>Cookies? <button>Yes</button></dialog>\
                <script>document.querySelector('dialog').showModal()</script>";
    let host = Host::of(page(&collector, "").body(body)).await;
    browser.open(&host.url("/")).await;
    browser.loaded().await;
    browser.until_idle().await;
    assert!(!browser.value::<bool>("!!survey('post-purchase')").await);

    browser.run("document.querySelector('dialog').close()").await;
    let survey = browser.survey("post-purchase");
    survey.choose("satisfaction", "4").await;
    survey.thanks("Thank you!").await;
}

async fn a_page_may_act_on_the_survey_when_it_hears_of_it(browser: Browser) {
    let collector = Collector::start().await;
    let listener = "<script>addEventListener('sondeo:answered', event => {\
                    const form = event.target.shadowRoot.querySelector('form');\
                    if (form) form.requestSubmit() })</script>";
    let host = Host::of(page(&collector, listener)).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey("post-purchase");
    survey.choose("satisfaction", "1").await;
    browser.until("pageLog.events.some(it => it.name == 'answered')").await;
    browser.until_idle().await;
    // Still the page that it was, and no answer that nobody gave.
    assert_eq!(browser.value::<String>("location.search").await, "");
    for post in host.endpoint.requests() {
        assert_eq!(post.response().answers.len(), 1);
    }
    browser.page_log().await.is_undisturbed();
}

async fn on_a_page_from_right_to_left_the_card_stands_at_its_end(browser: Browser) {
    let collector = Collector::start().await;
    let turn = "<script>document.documentElement.dir = 'rtl'</script>";
    let host = Host::of(page(&collector, turn)).await;
    browser.open(&host.url("/")).await;
    browser.survey("post-purchase").asks(QUESTION).await;
    let [x, _, width, _]: [f64; 4] = browser.value("box(survey('post-purchase'))").await;
    let window: f64 = browser.value("innerWidth").await;
    assert!(x < window - x - width, "{x} of {window}");
}
