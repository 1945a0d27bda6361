//! What an author may change, and surveys that come and go with the page.

use crate::support::{Browser, Collector, Host, Page};
use sondeo_model::Value;

crate::scenarios![
    in one engine:
    a_survey_leaves_with_its_element_and_comes_with_a_new_one,
    an_element_hears_what_happened_before_the_engine_came,
    the_close_button_takes_the_survey_away;
    in Chromium:
    an_author_chooses_the_language,
    an_author_writes_the_texts,
    an_element_may_ask_for_a_floating_survey,
    of_several_surveys_one_floats_at_a_time,
];

const QUESTION: &str = "How would you rate your shopping experience?";

async fn an_author_chooses_the_language(browser: Browser) {
    let collector = Collector::start().await;
    let attributes = r#"data-trigger="load" data-lang="es-MX""#;
    let host = Host::of(Page::with_survey(&collector, "/responses", attributes)).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey("post-purchase");
    survey.asks("¿Cómo calificarías tu experiencia de compra?").await;
    survey.choose("satisfaction", "5").await;
    survey.thanks("¡Gracias!").await;
    assert_eq!(host.endpoint.until_posted(1).await[0].response().language, "es");
}

async fn an_author_writes_the_texts(browser: Browser) {
    let collector = Collector::start().await;
    let attributes = r#"data-trigger="load" data-question="Was it &lt;b&gt;good&lt;/b&gt;?"
                        data-low="Awful" data-high="Lovely" data-thanks="Cheers &amp; bye""#;
    let host = Host::of(Page::with_survey(&collector, "/responses", attributes)).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey("post-purchase");
    survey.asks("Was it <b>good</b>?").await;
    let text: String = browser.value("survey('post-purchase').shadowRoot.textContent").await;
    assert!(text.contains("Awful") && text.contains("Lovely"), "{text}");
    survey.choose("satisfaction", "4").await;
    survey.thanks("Cheers & bye").await;
    let answer = host.endpoint.until_posted(1).await[0].response().answers[0].clone();
    assert_eq!(answer.text, "Was it <b>good</b>?");
}

async fn an_element_may_ask_for_a_floating_survey(browser: Browser) {
    let collector = Collector::start().await;
    let page = Page::new(collector.tag(r#"data-endpoint="/responses""#)).body(
        r#"<main><div data-sondeo="faq" data-display="popover" data-trigger="load"></div></main>"#,
    );
    let host = Host::of(page).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey("faq");
    survey.asks("How useful did you find this page?").await;
    let position: String = browser.value("getComputedStyle(survey('faq')).position").await;
    assert_eq!(position, "fixed");
    assert!(browser.value::<bool>("!$('main').contains(survey('faq'))").await);
}

async fn a_survey_leaves_with_its_element_and_comes_with_a_new_one(browser: Browser) {
    let collector = Collector::start().await;
    let view = r#"<article><div data-sondeo="faq"></div></article>"#;
    let page = Page::new(collector.tag(r#"data-endpoint="/responses""#)).body(view);
    let host = Host::of(page).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey("faq");
    survey.asks("How useful did you find this page?").await;

    browser.run("document.body.innerHTML = '<p>Another view</p>'").await;
    survey.is_gone().await;
    browser.until_idle().await;
    browser.run(&format!("document.body.innerHTML = '{view}'")).await;
    survey.asks("How useful did you find this page?").await;
    survey.choose("useful", "yes").await;
    let posts = host.endpoint.until_posted(1).await;
    assert_eq!(posts[0].response().answers[0].value, Value::Boolean(true));
    browser.page_log().await.is_undisturbed();
}

async fn an_element_hears_what_happened_before_the_engine_came(browser: Browser) {
    let collector = Collector::start().await;
    let tag = collector.tag(r#"data-endpoint="/responses""#);
    let page = Page::new(format!("<script>dataLayer = [{{event: 'purchase'}}]</script>{tag}"))
        .body(r#"<div data-sondeo="post-purchase" data-delay="1ms"></div>"#);
    let host = Host::of(page).await;
    browser.open(&host.url("/")).await;
    browser.survey("post-purchase").asks(QUESTION).await;
}

async fn of_several_surveys_one_floats_at_a_time(browser: Browser) {
    let collector = Collector::start().await;
    let tag = collector.tag(
        r#"data-survey="faq post-purchase" data-endpoint="/responses" data-trigger="load"
           data-delay="0s""#,
    );
    let host = Host::of(Page::new(tag)).await;
    browser.open(&host.url("/")).await;
    browser.heard("shown").await;
    browser.until_idle().await;
    let shown = "widgets().length";
    assert_eq!(browser.value::<usize>(shown).await, 1);
    browser.page_log().await.is_undisturbed();
}

async fn the_close_button_takes_the_survey_away(browser: Browser) {
    let collector = Collector::start().await;
    let page = Page::with_survey(&collector, "/responses", r#"data-trigger="load""#);
    let host = Host::of(page).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey("post-purchase");
    survey.asks(QUESTION).await;
    browser.click(&survey.part("[part=close]")).await;
    survey.is_gone().await;
    browser.until_idle().await;
    let page_log = browser.page_log().await;
    assert_eq!(page_log.event_names(), ["ready", "shown", "dismissed"]);
    page_log.is_undisturbed();
    assert!(host.endpoint.requests().is_empty());
}
