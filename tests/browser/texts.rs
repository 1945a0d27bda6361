//! Whatever an author writes, on the narrowest phone: it is shown, as text, and stays in its place.

use crate::support::{Browser, Collector, Host, Look, Page};
use serde_json::{Value as Json, json};
use sondeo_model::Value;

crate::scenarios![
    long_texts_stay_in_a_bar;
    in one engine:
    long_texts_stay_in_a_popover,
    long_texts_stay_in_a_dialog,
    long_texts_stay_on_a_page,
    long_texts_stay_in_the_flow,
    markup_is_text_wherever_it_stands,
];

fn long() -> [String; 3] {
    let sentence = "Long questions are asked by careful authors. ";
    [
        sentence.repeat(9)[..400].to_owned(),
        "An option of words ".repeat(7)[..120].to_owned(),
        "w".repeat(80),
    ]
}

const EMOJI: &str = "👩‍👩‍👧‍👦 🏳️‍🌈 Wie geht’s? 🇲🇽";

/// One question of each kind, all texts as long as they come.
pub(crate) fn survey(display: &str) -> Json {
    let [question, option, word] = long();
    let both = format!("{word} {EMOJI}");
    json!({"id": "long", "display": display, "thanks": both, "questions": [
        {"id": "scale", "kind": "likert", "points": 11, "text": question, "low": option, "high": word},
        {"id": "words", "kind": "likert", "text": word, "labels": [option, word, "So-so", "Good", EMOJI]},
        {"id": "one", "kind": "choice", "text": EMOJI, "options": [
            {"id": "a", "text": option}, {"id": "b", "text": word}, {"id": "c", "text": EMOJI}]},
        {"id": "several", "kind": "choices", "text": both, "other": option, "options": [
            {"id": "a", "text": option}, {"id": "b", "text": word}]},
        {"id": "free", "kind": "text", "text": question, "placeholder": option, "required": true},
    ]})
}

/// Somebody taps through all of it.
async fn stays(browser: &Browser, display: &str) {
    let collector = Collector::start().await;
    let survey = survey(display);
    let element = if display == "inline" { r#"<main data-sondeo="long"></main>"# } else { "" };
    let page = Page::with_file(&collector, &survey, "data-preview")
        .body(format!("<p>Words of the page</p>{element}"));
    let host = Host::of(page).await;
    browser.open_as(Look::PHONE, &host.url("/")).await;
    let texts = survey["questions"].as_array().expect("questions").iter();
    let texts: Vec<&str> = texts.filter_map(|it| it["text"].as_str()).collect();
    let survey = browser.survey("long");
    for (at, text) in texts.into_iter().enumerate() {
        survey.asks(text).await;
        survey.fits().await;
        match at {
            0 => browser.tap(&survey.option("scale", "11")).await,
            1 => browser.tap(&survey.option("words", "2")).await,
            2 => browser.tap(&survey.option("one", "b")).await,
            3 => {
                browser.tap(&survey.option("several", "other")).await;
                browser.tap(&survey.part("button[type=submit]")).await;
            }
            _ => {
                browser.tap(&survey.part("textarea")).await;
                browser.press("Short").await;
                browser.tap(&survey.part("button[type=submit]")).await;
            }
        }
    }
    let [_, _, word] = long();
    survey.thanks(&format!("{word} {EMOJI}")).await;
    survey.fits().await;
    browser.page_log().await.is_undisturbed();
}

async fn long_texts_stay_in_a_popover(browser: Browser) {
    stays(&browser, "popover").await;
}

async fn long_texts_stay_in_a_dialog(browser: Browser) {
    stays(&browser, "dialog").await;
}

async fn long_texts_stay_in_a_bar(browser: Browser) {
    stays(&browser, "bar").await;
}

async fn long_texts_stay_on_a_page(browser: Browser) {
    stays(&browser, "page").await;
}

async fn long_texts_stay_in_the_flow(browser: Browser) {
    stays(&browser, "inline").await;
}

async fn markup_is_text_wherever_it_stands(browser: Browser) {
    let collector = Collector::start().await;
    let evil =
        r#"</script><script>window.executed = true</script><img src=x onerror="executed = true">"#;
    let survey = json!({"id": "evil", "thanks": evil, "questions": [
        {"id": "scale", "kind": "likert", "text": evil, "low": evil, "high": evil},
        {"id": "words", "kind": "likert", "text": evil, "points": 2, "labels": [evil, evil]},
        {"id": "one", "kind": "choice", "text": evil, "options": [
            {"id": "a", "text": evil}, {"id": "b", "text": evil}]},
        {"id": "free", "kind": "text", "text": evil, "placeholder": evil},
    ]});
    let host = Host::of(Page::with_file(&collector, &survey, "")).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey("evil");
    let found = |css: &str| format!("{}.textContent", survey.part(css));
    let is = |css: &str| format!("{} == {}", found(css), json!(evil));
    survey.asks(evil).await;
    browser.until(&is(".ends span")).await;
    survey.choose("scale", "3").await;
    browser.until(&is(".words label")).await;
    survey.choose("words", "1").await;
    browser.until(&is(".list label")).await;
    survey.choose("one", "b").await;
    browser.until(&format!("{}?.placeholder == {}", survey.part("textarea"), json!(evil))).await;
    survey.write("free", evil).await;
    survey.thanks(evil).await;
    let inside = "survey('evil').shadowRoot.querySelectorAll('script, img').length";
    assert_eq!(browser.value::<usize>(inside).await, 0);
    assert!(browser.value::<bool>("window.executed === undefined").await);
    let response = host.endpoint.until_posted(4).await[3].response();
    assert_eq!(response.answers[3].value, Value::Text(evil.to_owned()));
    browser.page_log().await.is_undisturbed();
}
