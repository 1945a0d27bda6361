//! The question at the end of an article, in the flow of the page and in its language.

use crate::support::{Browser, Collector, Engine};
use sondeo_model::{KindName, Metric, Status, Value};

crate::scenarios![
    a_useful_article_is_one_click,
    an_inline_survey_moves_nothing_on_the_page;
    in one engine:
    an_article_that_was_not_useful_asks_what_was_missing,
    the_article_in_spanish_asks_in_spanish,
    an_inline_survey_moves_nothing_on_a_phone,
    a_floating_survey_moves_nothing_on_the_page,
];

const ARTICLES: [&str; 3] = ["/shop/faq.html", "/shop/ayuda.html", "/shop/cancelled.html"];

async fn a_useful_article_is_one_click(browser: Browser) {
    let collector = Collector::start().await;
    browser.open(&collector.url("/shop/faq.html")).await;
    let survey = browser.survey("faq");
    survey.asks("How useful did you find this page?").await;
    assert!(browser.value::<bool>("placeOf('faq') == $('#feedback')").await);

    survey.choose("useful", "yes").await;
    survey.thanks("Thank you!").await;

    let response = collector.only_response(Status::Completed).await;
    assert_eq!((response.trigger.as_str(), response.language.as_str()), ("load", "en"));
    let [answer] = response.answers.as_slice() else { panic!("{:?}", response.answers) };
    assert_eq!(answer.kind, KindName::YesNo);
    assert_eq!(answer.metric, Some(Metric::Helpful));
    assert_eq!(answer.value, Value::Boolean(true));
}

async fn an_article_that_was_not_useful_asks_what_was_missing(browser: Browser) {
    let collector = Collector::start().await;
    browser.open(&collector.url("/shop/faq.html")).await;
    let survey = browser.survey("faq");

    survey.choose("useful", "no").await;
    survey.asks("What was missing?").await;
    survey.write("missing", "Prices for the islands").await;
    survey.thanks("Thank you!").await;

    let response = collector.only_response(Status::Completed).await;
    let values: Vec<_> = response.answers.iter().map(|answer| &answer.value).collect();
    assert_eq!(values, [&Value::Boolean(false), &Value::Text("Prices for the islands".into())]);
}

async fn the_article_in_spanish_asks_in_spanish(browser: Browser) {
    let collector = Collector::start().await;
    browser.open(&collector.url("/shop/ayuda.html")).await;
    let survey = browser.survey("faq");
    survey.asks("¿Qué tan útil te resultó esta página?").await;

    survey.choose("useful", "no").await;
    survey.asks("¿Qué faltó?").await;
    survey.write("missing", "Más fotos").await;
    survey.thanks("¡Gracias!").await;

    let response = collector.only_response(Status::Completed).await;
    assert_eq!(response.language, "es");
    assert_eq!(response.answers[0].text, "¿Qué tan útil te resultó esta página?");
    assert_eq!(response.answers[1].value, Value::Text("Más fotos".into()));
}

async fn an_inline_survey_moves_nothing_on_the_page(browser: Browser) {
    let collector = Collector::start().await;
    for article in ARTICLES {
        browser.open(&collector.url(article)).await;
        moves_nothing(&browser, "faq").await;
    }
}

async fn an_inline_survey_moves_nothing_on_a_phone(browser: Browser) {
    let collector = Collector::start().await;
    for article in ARTICLES {
        browser.open_on_a_phone(&collector.url(article)).await;
        moves_nothing(&browser, "faq").await;
    }
}

async fn a_floating_survey_moves_nothing_on_the_page(browser: Browser) {
    let collector = Collector::start_shop().await;
    browser.open(&collector.url("/shop/thank-you.html")).await;
    moves_nothing(&browser, "post-purchase").await;
}

/// The page is the same with the survey as without it, and no shift was counted on the way.
async fn moves_nothing(browser: &Browser, id: &str) {
    let survey = browser.survey(id);
    browser.until(&survey.part("legend")).await;
    browser.until_idle().await;
    let with: Vec<String> = browser.value("scene()").await;
    if browser.engine == Engine::Chromium {
        assert_eq!(browser.promised::<Vec<String>>("shifts()").await, [""; 0]);
    }
    browser.run("sondeo.hide()").await;
    survey.is_gone().await;
    let without: Vec<String> = browser.value("scene()").await;
    assert_eq!(with.len(), without.len());
    let moved: Vec<_> =
        with.iter().zip(&without).filter(|(with, without)| with != without).collect();
    assert!(moved.is_empty(), "with the survey and without it: {moved:#?}");
}
