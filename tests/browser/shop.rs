//! The demo shop: somebody buys, is asked, and answers.

use crate::support::{Browser, Collector, Survey};
use sondeo_model::{Device, KindName, Metric, Status, Value};

crate::scenarios![
    buying_opens_the_survey_and_one_click_answers_it,
    leaving_after_a_low_score_keeps_the_score;
    in one engine:
    a_low_score_asks_why_and_both_answers_are_one_response,
    with_all_its_surveys_at_once_nobody_is_asked_twice,
];

const QUESTION: &str = "How would you rate your shopping experience?";

/// From the product to the survey on the page that confirms the order.
async fn buy<'a>(browser: &'a Browser, collector: &Collector) -> Survey<'a> {
    browser.open(&collector.url("/shop/product.html")).await;
    browser.click("$('#add-to-cart')").await;
    browser.click("$('#place-order')").await;
    let survey = browser.survey("post-purchase");
    survey.asks(QUESTION).await;
    survey
}

async fn buying_opens_the_survey_and_one_click_answers_it(browser: Browser) {
    let collector = Collector::start_shop().await;
    let survey = buy(&browser, &collector).await;
    let viewport: [u32; 2] = browser.value("[innerWidth, innerHeight]").await;
    let language: String = browser.value("navigator.language").await;

    survey.choose("satisfaction", "5").await;
    survey.thanks("Thank you!").await;
    survey.is_gone().await;

    let response = collector.only_response(Status::Completed).await;
    assert_eq!(response.revision, 2);
    assert_eq!(response.survey, "post-purchase");
    assert_eq!(response.template.as_deref(), Some("post-purchase"));
    assert_eq!(response.trigger, "event:purchase");
    assert_eq!(response.language, "en");
    let [answer] = response.answers.as_slice() else { panic!("{:?}", response.answers) };
    assert_eq!(answer.question, "satisfaction");
    assert_eq!(answer.text, QUESTION);
    assert_eq!(answer.kind, KindName::Likert);
    assert_eq!(answer.points, Some(5));
    assert_eq!(answer.metric, Some(Metric::Csat));
    assert_eq!(answer.value, Value::Integer(5));
    // The order's number stands in the query, and is nobody's business.
    assert_eq!(response.page.url, collector.url("/shop/thank-you.html"));
    assert_eq!(response.page.title, "Thank you for your order · Marejada");
    assert_eq!(response.page.referrer, collector.url("/shop/checkout.html"));
    assert_eq!(response.client.viewport, viewport);
    assert_eq!(response.client.language, language);
    assert_eq!(response.client.device, Device::Desktop);
    let between = response.sent_at.as_millis() - response.shown_at.as_millis();
    assert!((1..60_000).contains(&response.elapsed_ms), "{} ms", response.elapsed_ms);
    assert!(between.abs_diff(response.elapsed_ms as i64) < 1_000, "{between} ms");
    assert_eq!((response.visit, response.visitor, response.user), (1, None, None));
    assert!(response.custom.is_empty());
    assert_eq!(response.widget, env!("CARGO_PKG_VERSION"));
}

async fn a_low_score_asks_why_and_both_answers_are_one_response(browser: Browser) {
    let collector = Collector::start_shop().await;
    let survey = buy(&browser, &collector).await;

    survey.choose("satisfaction", "1").await;
    survey.asks("What went wrong?").await;
    let score = collector.only_response(Status::Partial).await;
    survey.write("why", "The box was dented.").await;
    survey.thanks("Thank you!").await;

    let response = collector.only_response(Status::Completed).await;
    assert_eq!(response.id, score.id);
    assert!(response.revision > score.revision);
    let values: Vec<_> = response.answers.iter().map(|answer| &answer.value).collect();
    assert_eq!(values, [&Value::Integer(1), &Value::Text("The box was dented.".into())]);
    assert_eq!(response.answers[1].text, "What went wrong?");
}

async fn leaving_after_a_low_score_keeps_the_score(browser: Browser) {
    let collector = Collector::start_shop().await;
    let survey = buy(&browser, &collector).await;

    survey.choose("satisfaction", "2").await;
    survey.asks("What went wrong?").await;
    browser.open(&collector.url("/shop/index.html")).await;

    let response = collector.only_response(Status::Partial).await;
    assert_eq!(response.answers[0].value, Value::Integer(2));
    assert_eq!(response.answers.len(), 1);
}

async fn with_all_its_surveys_at_once_nobody_is_asked_twice(browser: Browser) {
    let collector = Collector::start_shop().await;
    // Somebody reads an article and says so, buys, and cancels a plan.
    browser.open(&collector.url("/shop/faq.html")).await;
    browser.survey("faq").choose("useful", "yes").await;
    browser.survey("faq").thanks("Thank you!").await;
    browser.open(&collector.url("/shop/product.html")).await;
    browser.click("$('#add-to-cart')").await;
    browser.click("$('#place-order')").await;
    browser.survey("post-purchase").choose("satisfaction", "5").await;
    browser.survey("post-purchase").thanks("Thank you!").await;
    is_left_alone(&browser, &collector, "cancelled.html", &["cancellation"]).await;
    // And does all of it again.
    is_left_alone(&browser, &collector, "faq.html", &["faq"]).await;
    is_left_alone(&browser, &collector, "thank-you.html", &["post-purchase"]).await;
    is_left_alone(&browser, &collector, "checkout.html", &[]).await;
    is_left_alone(&browser, &collector, "cancelled.html", &["cancellation"]).await;
    // Whether another article helps is another question.
    browser.open(&collector.url("/shop/ayuda.html")).await;
    browser.until("legend('faq')").await;
}

/// Every one of these surveys has had its occasion on the page, and none is asked.
async fn is_left_alone(browser: &Browser, collector: &Collector, page: &str, surveys: &[&str]) {
    browser.open(&collector.url(&format!("/shop/{page}"))).await;
    for survey in surveys {
        let explained = format!("sondeo.explain('{survey}')");
        browser.until("window.sondeo?.version").await;
        let explained: serde_json::Value = browser.promised(&explained).await;
        assert_eq!(explained["due"], false, "{survey} on {page}: {explained}");
        let reason = if *survey == "cancellation" { "quiet" } else { "recontact" };
        assert!(explained["reasons"].to_string().contains(reason), "{explained}");
    }
    browser.until_idle().await;
    let asked: Vec<String> = browser.value("widgets().map(it => it.dataset.survey)").await;
    // Whether a page helps is asked on each page.
    let is_article = page != "faq.html";
    assert!(asked.iter().all(|survey| is_article && survey == "faq"), "{asked:?} on {page}");
}
