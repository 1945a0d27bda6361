//! A survey with rules, walked through there and back.

use crate::support::{Browser, Collector, ENTER, Host, LEFT, Page, RIGHT};
use serde_json::{Value as Json, json};
use sondeo_model::{Status, Value};

crate::scenarios![
    another_answer_changes_the_way_by_keyboard;
    in one engine:
    what_was_answered_is_there_again_on_the_way_back,
    a_double_click_answers_one_question;
    in Chromium:
    each_answer_leads_its_own_way,
    the_progress_counts_what_may_still_come,
];

const ID: &str = "shop";

fn survey() -> Json {
    let option = |id: &str, text: &str| json!({"id": id, "text": text});
    json!({"id": ID, "thanks": "Bye", "questions": [
        {"id": "score", "kind": "likert", "text": "How was it?",
         "next": [{"if": "<=2", "go": "wrong"}, {"if": ">=4", "go": "liked"}, {"go": "end"}]},
        {"id": "wrong", "kind": "choice", "text": "What was wrong?",
         "options": [option("delivery", "The delivery"), option("price", "The price")],
         "next": [{"if": "=price", "go": "more"}]},
        {"id": "late", "kind": "yes-no", "text": "Was it late?", "next": [{"go": "more"}]},
        {"id": "liked", "kind": "text", "text": "What did you like?",
         "next": [{"if": "skipped", "go": "end"}, {"go": "more"}]},
        {"id": "more", "kind": "text", "text": "Anything else?"},
    ]})
}

async fn open(browser: &Browser, attributes: &str) -> (Collector, Host) {
    let collector = Collector::start().await;
    let host = Host::of(Page::with_file(&collector, &survey(), attributes)).await;
    browser.open(&host.url("/")).await;
    browser.survey(ID).asks("How was it?").await;
    (collector, host)
}

/// The last of so many states of the one response, whose revisions only ever rise.
async fn finally(host: &Host, states: usize) -> Vec<(String, Value)> {
    let posts = host.endpoint.until_posted(states).await;
    let responses: Vec<_> = posts.iter().map(|post| post.response()).collect();
    assert_eq!(responses.len(), states, "{responses:#?}");
    assert!(responses.is_sorted_by_key(|response| response.revision));
    assert!(responses.iter().all(|response| response.id == responses[0].id));
    let statuses: Vec<_> = responses.iter().map(|response| response.status).collect();
    let mut expected = vec![Status::Partial; states];
    expected[states - 1] = Status::Completed;
    assert_eq!(statuses, expected);
    let answers = responses[states - 1].answers.clone();
    answers.into_iter().map(|it| (it.question, it.value)).collect()
}

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

async fn each_answer_leads_its_own_way(browser: Browser) {
    let survey = browser.survey(ID);
    let (_collector, host) = open(&browser, "").await;
    survey.choose("score", "3").await;
    survey.thanks("Bye").await;
    assert_eq!(finally(&host, 1).await, [("score".to_owned(), Value::Integer(3))]);

    let (_collector, host) = open(&browser, "").await;
    survey.choose("score", "5").await;
    survey.asks("What did you like?").await;
    browser.click(&survey.part("button[type=submit]")).await;
    survey.thanks("Bye").await;
    assert_eq!(finally(&host, 2).await, [("score".to_owned(), Value::Integer(5))]);

    let (_collector, host) = open(&browser, "").await;
    survey.choose("score", "1").await;
    survey.choose("wrong", "delivery").await;
    survey.choose("late", "no").await;
    survey.asks("Anything else?").await;
    survey.write("more", "No").await;
    survey.thanks("Bye").await;
    let expected = [
        ("score", Value::Integer(1)),
        ("wrong", text("delivery")),
        ("late", Value::Boolean(false)),
        ("more", text("No")),
    ];
    assert_eq!(finally(&host, 4).await, expected.map(|(id, value)| (id.to_owned(), value)));
    browser.page_log().await.is_undisturbed();
}

async fn what_was_answered_is_there_again_on_the_way_back(browser: Browser) {
    let (_collector, host) = open(&browser, "").await;
    let survey = browser.survey(ID);
    let back = survey.part("[part=back]");
    assert!(
        browser.value::<bool>(&format!("!{back}")).await,
        "nothing is before the first question"
    );
    survey.choose("score", "1").await;
    survey.choose("wrong", "delivery").await;
    survey.choose("late", "yes").await;
    survey.asks("Anything else?").await;
    browser.click(&survey.part("textarea")).await;
    browser.press("Half").await;
    browser.click(&back).await;
    survey.asks("Was it late?").await;
    assert!(browser.value::<bool>(&format!("{}.checked", survey.option("late", "yes"))).await);
    browser.click(&back).await;
    survey.asks("What was wrong?").await;
    let delivery = survey.option("wrong", "delivery");
    assert!(browser.value::<bool>(&format!("{delivery}.checked")).await);
    browser.until(&format!("focused() == {delivery}")).await;

    // Another way, on which what was written is still there.
    survey.choose("wrong", "price").await;
    survey.asks("Anything else?").await;
    let field = format!("{}.value", survey.part("textarea"));
    assert_eq!(browser.value::<String>(&field).await, "Half");
    browser.click(&survey.part("button[type=submit]")).await;
    survey.thanks("Bye").await;
    let expected = [("score", Value::Integer(1)), ("wrong", text("price")), ("more", text("Half"))];
    assert_eq!(finally(&host, 5).await, expected.map(|(id, value)| (id.to_owned(), value)));
    // An answer that has become another one is told as well.
    let answered = "pageLog.events.filter(it => it.name == 'answered').map(it => it.question)";
    let answered: Vec<String> = browser.value(answered).await;
    assert_eq!(answered, ["score", "wrong", "late", "wrong", "more"]);
    browser.page_log().await.is_undisturbed();
}

async fn another_answer_changes_the_way_by_keyboard(browser: Browser) {
    let (_collector, host) = open(&browser, "").await;
    let survey = browser.survey(ID);
    let score = |value: &str| survey.option("score", value);
    browser.tab_until(&format!("focused() == {}", score("1"))).await;
    browser.press(RIGHT.to_string()).await;
    browser.press(ENTER.to_string()).await;
    survey.asks("What was wrong?").await;
    // The focus goes along, and back.
    browser.until(&format!("focused() == {}", survey.option("wrong", "delivery"))).await;
    browser.tab_until(&format!("focused() == {}", survey.part("[part=back]"))).await;
    browser.press(ENTER.to_string()).await;
    survey.asks("How was it?").await;
    browser.until(&format!("focused() == {} && focused().checked", score("2"))).await;
    for value in ["1", "2", "3", "4"] {
        let key = if value == "1" { LEFT } else { RIGHT };
        browser.press(key.to_string()).await;
        browser.until(&format!("{}.checked", score(value))).await;
    }
    browser.press(ENTER.to_string()).await;
    survey.asks("What did you like?").await;
    browser.until("focused()?.localName == 'textarea'").await;
    browser.press("Tins").await;
    browser.tab_until(&format!("focused() == {}", survey.part("button[type=submit]"))).await;
    browser.press(ENTER.to_string()).await;
    survey.asks("Anything else?").await;
    browser.tab_until(&format!("focused() == {}", survey.part("button[type=submit]"))).await;
    browser.press(ENTER.to_string()).await;
    survey.thanks("Bye").await;
    let expected = [("score", Value::Integer(4)), ("liked", text("Tins"))];
    assert_eq!(finally(&host, 4).await, expected.map(|(id, value)| (id.to_owned(), value)));
}

async fn the_progress_counts_what_may_still_come(browser: Browser) {
    for (attributes, label, lang) in [
        ("", "Question {n} of {total}", "en"),
        (r#"data-lang="ar""#, "السؤال {n} من {total}", "ar"),
    ] {
        let _site = open(&browser, attributes).await;
        let survey = browser.survey(ID);
        let bar = survey.part("[role=progressbar]");
        let stands = |at: usize, total: usize| {
            let number = |it: usize| format!("({it}).toLocaleString('{lang}')");
            let label = format!(
                "'{label}'.replace('{{n}}', {}).replace('{{total}}', {})",
                number(at),
                number(total)
            );
            format!(
                "{bar}.ariaValueNow == '{at}' && {bar}.ariaValueMax == '{total}'
                    && {bar}.ariaLabel == {label}"
            )
        };
        browser.until(&stands(1, 4)).await;
        survey.choose("score", "2").await;
        survey.asks("What was wrong?").await;
        browser.until(&stands(2, 4)).await;
        survey.choose("wrong", "price").await;
        survey.asks("Anything else?").await;
        browser.until(&stands(3, 3)).await;
        browser.click(&survey.part("[part=back]")).await;
        survey.asks("What was wrong?").await;
        browser.until(&stands(2, 4)).await;
        let done: Vec<f64> = browser
            .promised(&format!(
                "(async () => {{
                await idle();
                return [{bar}, {bar}.firstChild].map(it => box(it)[2]);
            }})()"
            ))
            .await;
        assert!((done[1] / done[0] - 0.5).abs() < 0.02, "{done:?}");
    }
}

async fn a_double_click_answers_one_question(browser: Browser) {
    let question = |id: &str| json!({"id": id, "kind": "yes-no", "text": id});
    let survey = json!({"id": ID, "questions": [question("a"), question("b"), question("c")]});
    let collector = Collector::start().await;
    let host = Host::of(Page::with_file(&collector, &survey, "")).await;
    browser.open(&host.url("/")).await;
    let survey = browser.survey(ID);
    survey.choose("a", "yes").await;
    survey.asks("b").await;
    browser.double_click(&survey.option("b", "yes")).await;
    survey.asks("c").await;
    browser.until_idle().await;
    survey.asks("c").await;
    assert_eq!(host.endpoint.until_posted(2).await.len(), 2);
}
