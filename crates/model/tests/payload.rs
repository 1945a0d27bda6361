//! The payload is written by hand in the widget and by serde elsewhere. Both must mean the same.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::Value as Json;
use sondeo_model::{
    Answer, Client, Device, KindName, Metric, Page, Response, ResponseId, Status, Timestamp, Value,
};

/// Reads the file as a response, and writes it again in both ways.
#[track_caller]
fn check_golden(file: &str) {
    let expected: Json = serde_json::from_str(file).expect("the golden file is JSON");
    let response: Response = serde_json::from_str(file).expect("the golden file is a response");
    assert_eq!(response.validate(), Ok(()));
    let by_hand: Json = serde_json::from_str(&response.to_json()).expect("written by hand is JSON");
    assert_eq!(by_hand, expected);
    assert_eq!(serde_json::to_value(&response).expect("written by serde"), expected);
}

#[test]
fn golden_files_are_read_and_written_unchanged() {
    check_golden(include_str!("../golden/response-completed.json"));
    check_golden(include_str!("../golden/response-partial.json"));
    check_golden(include_str!("../golden/response-of-a-site.json"));
}

/// Sets one field of the completed golden file and expects this violation, or this message of serde.
#[track_caller]
fn check_refused(pointer: &str, value: Json, expected: &str) {
    let mut json: Json =
        serde_json::from_str(include_str!("../golden/response-completed.json")).expect("JSON");
    *json.pointer_mut(pointer).expect("the pointer leads to a field") = value;
    let refused = match serde_json::from_value::<Response>(json) {
        Ok(response) => response.validate().expect_err("must be refused").to_string(),
        Err(error) => error.to_string(),
    };
    assert!(refused.contains(expected), "{refused}");
}

#[test]
fn what_the_contract_does_not_allow_is_named() {
    check_refused("/sondeo", 2.into(), "2 is not a version");
    check_refused("/id", "1".into(), "is not a UUID of version 7");
    check_refused("/revision", 0.into(), "revision must be at least 1");
    check_refused("/revision", (-1).into(), "invalid value");
    check_refused("/status", "done".into(), "unknown variant `done`");
    check_refused("/status", "shown".into(), "answers must be empty");
    check_refused("/survey", "Check Out".into(), "survey must be lower case");
    check_refused("/answers/0/value", 6.into(), "answers[0].value must be 1 to 5");
    check_refused("/answers/0/value", "4".into(), "answers[0].value must be a whole number");
    check_refused("/answers/0/points", 12.into(), "answers[0].points must be 2 to 11");
    check_refused("/answers/0/points", Json::Null, "answers[0].points must be 2 to 11");
    let needs = "answers[0].metric needs a question of the kind \"likert\" with 7 points";
    check_refused("/answers/0/metric", "ces".into(), needs);
    let needs = "answers[0].metric needs a question of the kind \"nps\"";
    check_refused("/answers/0/metric", "nps".into(), needs);
    check_refused("/answers/0/value", 4.5.into(), "a whole number, true or false");
    check_refused(
        "/answers/1/question",
        "satisfaction".into(),
        "answers[1].question is answered twice",
    );
    let strange =
        r#"{"question": "why", "text": "", "kind": "text", "value": "other", "other": "a friend"}"#;
    let strange: Json = serde_json::from_str(strange).expect("JSON");
    check_refused("/answers/1", strange, "answers[1].other belongs to a choice of the option");
    check_refused("/answers/1/value", "a\0b".into(), "U+0000");
    check_refused("/shown_at", "yesterday".into(), "is not a date-time");
    check_refused("/page/url", "https://shop.example/?email=x".into(), "without query");
    check_refused("/page/url", "checkout".into(), "absolute");
    check_refused("/page", vec!["https://shop.example/", "", ""].into(), "expected an object");
    check_refused("/answers/0", vec!["satisfaction"].into(), "expected an object");
    check_refused("/client", Json::Null, "expected an object");
    check_refused("/visit", 0.into(), "visit must be at least 1");
}

prop_compose! {
    fn value()(pick in 0..4, truth: bool, number: i64, text: String, options in vec(any::<String>(), 0..3)) -> Value {
        match pick {
            0 => Value::Boolean(truth),
            1 => Value::Integer(number),
            2 => Value::Text(text),
            _ => Value::Options(options),
        }
    }
}

prop_compose! {
    fn answer()(
        question: String,
        text: String,
        kind in prop::sample::select(vec![
            KindName::Likert, KindName::YesNo, KindName::Nps, KindName::Choice, KindName::Choices, KindName::Text,
        ]),
        points: Option<u8>,
        metric in option::of(prop::sample::select(vec![
            Metric::Csat, Metric::Ces, Metric::Nps, Metric::Ttr, Metric::Helpful,
        ])),
        (value, other) in (value(), option::of(any::<String>())),
    ) -> Answer {
        Answer { question, text, kind, points, metric, value, other }
    }
}

prop_compose! {
    fn response()(
        (time, random, revision, visit) in any::<(u32, [u8; 10], u32, u32)>(),
        status in prop::sample::select(vec![Status::Shown, Status::Partial, Status::Completed, Status::Dismissed]),
        (survey, template, trigger, language) in any::<(String, Option<String>, String, String)>(),
        (site, survey_version) in any::<(Option<String>, Option<u32>)>(),
        answers in vec(answer(), 0..4),
        (shown, sent, elapsed) in (0..253_402_300_799_999_i64, 0..253_402_300_799_999_i64, 0..i64::MAX as u64),
        (url, title, referrer) in any::<(String, String, String)>(),
        (client_language, time_zone, viewport) in any::<(String, Option<String>, [u32; 2])>(),
        device in prop::sample::select(vec![Device::Mobile, Device::Tablet, Device::Desktop]),
        (visitor, user, widget) in any::<(Option<String>, Option<String>, String)>(),
        custom in prop::collection::btree_map(any::<String>(), any::<String>(), 0..3),
    ) -> Response {
        Response {
            version: Default::default(),
            id: ResponseId::new(time.into(), random),
            revision, status, site, survey, survey_version, template, trigger, language, answers,
            shown_at: Timestamp::from_millis(shown),
            sent_at: Timestamp::from_millis(sent),
            elapsed_ms: elapsed,
            page: Page { url, title, referrer },
            client: Client { language: client_language, time_zone, device, viewport },
            visit, visitor, user,
            custom: custom.into_iter().collect(),
            widget,
        }
    }
}

proptest! {
    #[test]
    fn by_hand_and_by_serde_are_the_same(response in response()) {
        let by_hand = response.to_json();
        prop_assert_eq!(
            serde_json::from_str::<Json>(&by_hand).expect("JSON"),
            serde_json::to_value(&response).expect("serde writes it")
        );
        prop_assert_eq!(serde_json::from_str::<Response>(&by_hand).expect("a response"), response);
    }
}
