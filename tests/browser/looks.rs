//! Every kind of question in every look, from a survey file: answered by pointer and by keyboard.

use crate::support::{Browser, Collector, ENTER, Host, Page, RIGHT, Survey, TAB};
use serde_json::{Value as Json, json};
use sondeo_model::Value;

crate::scenarios![
    no_word_is_broken_in_a_narrow_column,
    a_text_tells_how_much_room_is_left;
    in one engine:
    a_scale_has_two_to_eleven_points,
    a_scale_is_drawn_as_faces_stars_or_thumbs,
    a_scale_may_say_its_points_in_words,
    yes_and_no_may_be_thumbs,
    other_has_a_field_for_what_is_meant,
    a_recommendation_is_nought_to_ten,
    a_choice_may_be_shuffled_and_has_another,
    several_options_have_a_least_and_a_most,
    an_address_must_look_like_one,
    what_is_required_is_asked_for_in_words,
];

const ID: &str = "survey";

/// A page with a file of one survey, which asks this one question at once.
async fn ask(browser: &Browser, question: Json) -> (Collector, Host) {
    let collector = Collector::start().await;
    let mut question = question;
    question["id"] = json!("q");
    question["text"] = json!("How is it?");
    let survey = json!({"id": ID, "questions": [question]});
    let host = Host::of(Page::with_file(&collector, &survey, "")).await;
    browser.open(&host.url("/")).await;
    browser.survey(ID).asks("How is it?").await;
    assert_eq!(browser.page_log().await.lines, [""; 0]);
    (collector, host)
}

/// Answers a question of radios twice: with a click on this value, and with the arrows to the second one.
async fn answers(browser: &Browser, question: Json, value: &str, expected: [Value; 2]) {
    let survey = browser.survey(ID);
    let [clicked, pressed] = expected;
    let (_collector, host) = ask(browser, question.clone()).await;
    survey.choose("q", value).await;
    survey.thanks("Thank you!").await;
    assert_eq!(only(&host).await, clicked, "{question}");

    let (_collector, host) = ask(browser, question.clone()).await;
    let radio = |at: &str| survey.part(&format!("label{at} input"));
    browser.tab_until(&format!("focused() == {}", radio(":first-child"))).await;
    browser.press(RIGHT.to_string()).await;
    browser.until(&format!("{}.checked", radio(":nth-child(2)"))).await;
    browser.press(ENTER.to_string()).await;
    survey.thanks("Thank you!").await;
    assert_eq!(only(&host).await, pressed, "{question}");
}

/// The one answer that the endpoint got.
async fn only(host: &Host) -> Value {
    let response = host.endpoint.until_posted(1).await[0].response();
    let [answer] = response.answers.as_slice() else { panic!("{:?}", response.answers) };
    answer.value.clone()
}

async fn a_scale_has_two_to_eleven_points(browser: Browser) {
    for points in [2, 7, 11] {
        let question = json!({"kind": "likert", "points": points, "low": "Bad", "high": "Good"});
        let last = points.to_string();
        let expected = [Value::Integer(points), Value::Integer(2)];
        answers(&browser, question, &last, expected).await;
    }
}

async fn a_scale_is_drawn_as_faces_stars_or_thumbs(browser: Browser) {
    for (look, points) in [("faces", 5), ("faces", 3), ("stars", 5), ("stars", 10), ("thumbs", 2)] {
        let question = json!({"kind": "likert", "look": look, "points": points});
        let (_collector, _host) = ask(&browser, question.clone()).await;
        let survey = browser.survey(ID);
        let drawings = format!(
            "[...{}.querySelectorAll('label')].map(it => box(it.querySelector('svg')))",
            survey.part(&format!(".options.drawn.{look}"))
        );
        let drawings: Vec<[f64; 4]> = browser.value(&drawings).await;
        assert_eq!(drawings.len(), points, "{look}");
        assert!(drawings.iter().all(|[.., width, height]| *width >= 20.0 && *height >= 20.0));
        let first = points.to_string();
        let expected = [Value::Integer(points as i64), Value::Integer(2)];
        answers(&browser, question, &first, expected).await;
    }
}

async fn a_scale_may_say_its_points_in_words(browser: Browser) {
    let question = json!({
        "kind": "likert", "look": "labels", "points": 3, "labels": ["Bad", "So-so", "Good"],
    });
    let (_collector, _host) = ask(&browser, question.clone()).await;
    let options = browser.survey(ID).part(".options.words");
    let words: Vec<String> =
        browser.value(&format!("[...{options}.children].map(it => it.textContent)")).await;
    assert_eq!(words, ["Bad", "So-so", "Good"]);
    answers(&browser, question, "3", [Value::Integer(3), Value::Integer(2)]).await;
}

async fn yes_and_no_may_be_thumbs(browser: Browser) {
    for (look, drawings) in [("labels", 0), ("thumbs", 2)] {
        let question = json!({"kind": "yes-no", "look": look});
        let (_collector, _host) = ask(&browser, question.clone()).await;
        let pair = browser.survey(ID).part(".options.pair");
        let found = format!("[{pair}.querySelectorAll('svg').length, {pair}.textContent]");
        assert_eq!(browser.value::<Json>(&found).await, json!([drawings, "YesNo"]));
        answers(&browser, question, "yes", [Value::Boolean(true), Value::Boolean(false)]).await;
    }
}

/// Words that are drawn in more than one piece.
const BROKEN: &str = "(root => {
    const broken = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), range = new Range();
    while (walker.nextNode()) {
      for (const word of walker.currentNode.data.matchAll(/\\S+/g)) {
        range.setStart(walker.currentNode, word.index);
        range.setEnd(walker.currentNode, word.index + word[0].length);
        if (range.getClientRects().length > 1) broken.push(word[0]);
      }
    }
    return broken;
  })(inside('faq', 'form'))";

async fn no_word_is_broken_in_a_narrow_column(browser: Browser) {
    for lang in ["en", "de", "es"] {
        let collector = Collector::start().await;
        let body = r#"<div style="width: 240px"><div data-sondeo="faq"></div></div>"#;
        let tag = collector.tag(&format!(r#"data-endpoint="/responses" data-lang="{lang}""#));
        let host = Host::of(Page::new(tag).body(body)).await;
        browser.open(&host.url("/")).await;
        browser.until("legend('faq')").await;
        browser.until(&format!("{BROKEN}.join() == ''")).await;
    }
}

async fn a_recommendation_is_nought_to_ten(browser: Browser) {
    let (_collector, _host) = ask(&browser, json!({"kind": "nps"})).await;
    let ends = browser.survey(ID).part(".ends");
    let ends: String = browser.value(&format!("{ends}.textContent")).await;
    assert_eq!(ends, "Not at all likely Extremely likely");
    let question = json!({"kind": "nps", "low": "No", "high": "Yes"});
    answers(&browser, question, "10", [Value::Integer(10), Value::Integer(1)]).await;
}

async fn a_choice_may_be_shuffled_and_has_another(browser: Browser) {
    let options: Vec<_> =
        (0..12).map(|at| json!({"id": format!("o{at}"), "text": format!("Option {at}")})).collect();
    let question =
        json!({"kind": "choice", "options": options, "shuffle": true, "other": "None of these"});
    let (_collector, host) = ask(&browser, question).await;
    let survey = browser.survey(ID);
    let values = format!(
        "[...{}.querySelectorAll('input')].map(it => it.value)",
        survey.part(".options.list")
    );
    let mut values: Vec<String> = browser.value(&values).await;
    assert_eq!(values.pop().as_deref(), Some("other"));
    let written: Vec<_> = (0..12).map(|at| format!("o{at}")).collect();
    assert_ne!(values, written, "one in 479 million");
    values.sort();
    let mut sorted = written;
    sorted.sort();
    assert_eq!(values, sorted);
    survey.choose("q", "other").await;
    survey.thanks("Thank you!").await;
    assert_eq!(only(&host).await, Value::Text("other".into()));
}

/// What is said about the answer.
async fn complains(browser: &Browser, survey: &Survey<'_>, words: &str) {
    let missing = survey.part("[role=alert]");
    browser.until(&format!("{missing}.textContent == '{words}'")).await;
}

async fn several_options_have_a_least_and_a_most(browser: Browser) {
    let option = |id| json!({"id": id, "text": id});
    let options: Vec<_> = ["a", "b", "c", "d"].map(option).to_vec();
    let question = json!({"kind": "choices", "options": options, "min": 2, "max": 3});
    let (_collector, host) = ask(&browser, question).await;
    let survey = browser.survey(ID);
    let submit = survey.part("button[type=submit]");
    survey.choose("q", "a").await;
    browser.click(&submit).await;
    complains(&browser, &survey, "Please choose at least 2 answers.").await;
    // Now by keyboard, back from the button: Space chooses, and chooses no more.
    for _ in 0..3 {
        browser.shift_tab().await;
    }
    browser.until(&format!("focused() == {}", survey.option("q", "b"))).await;
    browser.press(" ").await;
    complains(&browser, &survey, "").await;
    for value in ["c", "d"] {
        browser.tab_until(&format!("focused() == {}", survey.option("q", value))).await;
        browser.press(" ").await;
    }
    browser.press(ENTER.to_string()).await;
    complains(&browser, &survey, "Please choose at most 3 answers.").await;
    browser.press(" ").await;
    browser.press(ENTER.to_string()).await;
    survey.thanks("Thank you!").await;
    let expected = ["a", "b", "c"].map(str::to_owned).to_vec();
    assert_eq!(only(&host).await, Value::Options(expected));
}

async fn a_text_tells_how_much_room_is_left(browser: Browser) {
    let question = json!({
        "kind": "text", "lines": 5, "max_length": 60, "placeholder": "In your words",
    });
    let (_collector, host) = ask(&browser, question).await;
    let survey = browser.survey(ID);
    let field = survey.part("textarea");
    let is = format!("[{field}.rows, {field}.maxLength, {field}.placeholder]");
    assert_eq!(browser.value::<Json>(&is).await, json!([5, 60, "In your words"]));
    let left = survey.part(".left");
    browser.click(&field).await;
    browser.press("123456789").await;
    browser.until(&format!("{field}.value.length == 9 && {left}.textContent == ''")).await;
    browser.press("0").await;
    browser.until(&format!("{left}.textContent == '50 characters left'")).await;
    browser.press("x".repeat(49)).await;
    browser.until(&format!("{left}.textContent == '1 character left'")).await;
    browser.press("xyz").await;
    browser.until(&format!("{left}.textContent == '0 characters left'")).await;
    browser.click(&survey.part("button[type=submit]")).await;
    survey.thanks("Thank you!").await;
    assert_eq!(only(&host).await, Value::Text(format!("1234567890{}", "x".repeat(50))));
}

async fn an_address_must_look_like_one(browser: Browser) {
    let question = json!({"kind": "text", "format": "email", "required": true});
    let (_collector, host) = ask(&browser, question).await;
    let survey = browser.survey(ID);
    let field = survey.part("input[type=email]");
    assert_eq!(browser.value::<String>(&format!("{field}.autocomplete")).await, "email");
    browser.click(&field).await;
    browser.press(ENTER.to_string()).await;
    complains(&browser, &survey, "Please write an answer.").await;
    browser.press("ana@mail").await;
    browser.press(ENTER.to_string()).await;
    let words = "Please write an e-mail address such as name@example.com.";
    complains(&browser, &survey, words).await;
    // What was written is kept.
    browser.press(".example").await;
    complains(&browser, &survey, "").await;
    browser.press(ENTER.to_string()).await;
    survey.thanks("Thank you!").await;
    assert_eq!(only(&host).await, Value::Text("ana@mail.example".into()));
}

/// The option `other` of a choice, by pointer, finger and keyboard: the field comes with it, and takes the focus.
async fn other_has_a_field_for_what_is_meant(browser: Browser) {
    const OPTIONS: [&str; 2] = ["ad", "press"];
    let options: Vec<Json> = OPTIONS.iter().map(|id| json!({"id": id, "text": id})).collect();
    for (kind, pointer) in [
        ("choice", "mouse"),
        ("choice", "touch"),
        ("choice", ""),
        ("choices", "mouse"),
        ("choices", ""),
    ] {
        let question = json!({"kind": kind, "options": options, "other": "text"});
        let (_collector, host) = ask(&browser, question).await;
        let survey = browser.survey(ID);
        let (field, other) = (survey.part(".other"), survey.option("q", "other"));
        assert!(!browser.value::<bool>(&format!("{field}.checkVisibility()")).await, "{kind}");
        if pointer.is_empty() {
            browser
                .tab_until(&format!("survey('{ID}').shadowRoot.activeElement?.name == 'q'"))
                .await;
            // To the last option: arrows pass a radio group, Tab goes from box to box.
            if kind == "choice" {
                browser.run(&format!("{}.focus()", survey.option("q", "press"))).await;
                browser.press(RIGHT.to_string()).await;
                browser.until(&format!("{field}.checkVisibility()")).await;
                // Whoever goes on with the arrows is not held up.
                assert!(browser.value::<bool>(&format!("focused() == {other}")).await);
                browser.press(TAB.to_string()).await;
            } else {
                browser.tab_until(&format!("focused() == {other}")).await;
                browser.press(" ").await;
            }
        } else {
            browser.point(pointer, &other, std::panic::Location::caller()).await;
        }
        browser.until(&format!("focused() == {field}")).await;
        assert!(host.endpoint.requests().is_empty(), "{kind}: it is not yet answered");
        assert_eq!(browser.value::<String>(&format!("{field}.ariaLabel")).await, "Other");
        browser.press("a friend").await;
        // With a finger, there is no key to confirm with.
        let button = survey.part("button[type=submit]");
        assert!(
            browser.value::<bool>(&format!("box({button})[2] >= 44")).await,
            "{kind} {pointer}"
        );
        match pointer {
            "touch" => browser.tap(&button).await,
            _ => browser.press(ENTER.to_string()).await,
        }
        survey.thanks("Thank you!").await;
        let answer = host.endpoint.until_posted(1).await[0].response().answers[0].clone();
        let value = match kind {
            "choice" => Value::Text("other".into()),
            _ => Value::Options(vec!["other".into()]),
        };
        assert_eq!((answer.value, answer.other.as_deref()), (value, Some("a friend")), "{pointer}");
        browser.page_log().await.is_undisturbed();
    }
    // Another choice, and what was written means nothing.
    let question = json!({"kind": "choices", "options": options, "other": "text"});
    let (_collector, host) = ask(&browser, question).await;
    let survey = browser.survey(ID);
    survey.choose("q", "other").await;
    browser.press("a friend").await;
    survey.choose("q", "other").await;
    survey.choose("q", "ad").await;
    browser.click(&survey.part("button[type=submit]")).await;
    let answer = host.endpoint.until_posted(1).await[0].response().answers[0].clone();
    assert_eq!((answer.value, answer.other), (Value::Options(vec!["ad".into()]), None));
}

async fn what_is_required_is_asked_for_in_words(browser: Browser) {
    for (question, words) in [
        (json!({"kind": "yes-no"}), "Please choose an answer."),
        (json!({"kind": "text", "required": true}), "Please write an answer."),
    ] {
        let (_collector, host) = ask(&browser, question).await;
        let survey = browser.survey(ID);
        let button = survey.part("button[type=submit]");
        browser.tab_until(&format!("focused() == {button}")).await;
        browser.press(ENTER.to_string()).await;
        complains(&browser, &survey, words).await;
        assert!(host.endpoint.requests().is_empty());
    }
    // What is not required may be passed over.
    let (_collector, host) = ask(&browser, json!({"kind": "nps", "required": false})).await;
    let survey = browser.survey(ID);
    let button = survey.part("button[type=submit]");
    browser.tab_until(&format!("focused() == {button}")).await;
    assert_eq!(browser.value::<String>(&format!("{button}.textContent")).await, "Skip");
    browser.press(ENTER.to_string()).await;
    survey.thanks("Thank you!").await;
    assert!(host.endpoint.until_posted(1).await[0].response().answers.is_empty());
}
