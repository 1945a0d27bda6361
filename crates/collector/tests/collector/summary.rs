//! The worked values of the metrics, through the real interface and store.

use crate::support::{COMPLETED, Server, check_error, with};
use serde_json::{Value as Json, json};

fn id(number: u32) -> String {
    format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}")
}

fn answered(number: u32, answer: Json) -> Json {
    with(COMPLETED, json!({"id": id(number), "survey": "worked", "answers": [answer]}))
}

fn csat(value: u32) -> Json {
    json!({"question": "satisfaction", "text": "How satisfied are you?", "kind": "likert",
           "points": 5, "metric": "csat", "value": value})
}

fn nps(value: u32) -> Json {
    json!({"question": "recommend", "text": "How likely?", "kind": "nps", "metric": "nps",
           "value": value})
}

async fn summary(server: &Server, query: &str) -> Json {
    let response = server.read_path(&format!("/v1/surveys/worked/summary{query}")).await;
    assert_eq!(response.status(), 200);
    response.json().await.expect("a summary")
}

#[tokio::test]
async fn worked_values_come_out() {
    let server = Server::start().await;
    let points = [(1, 4), (2, 6), (3, 10), (4, 50), (5, 30)];
    let points = points.iter().flat_map(|&(point, n)| std::iter::repeat_n(csat(point), n));
    let scores = [(10, 50), (8, 30), (3, 20)];
    let scores = scores.iter().flat_map(|&(score, n)| std::iter::repeat_n(nps(score), n));
    for (answer, number) in points.chain(scores).zip(0..) {
        let body = answered(number, answer).to_string();
        assert_eq!(server.post(body).await.status(), 201);
    }
    let found = summary(&server, "?by=device,day,week&compare=previous").await;
    let of = |question: &str, pointer: &str| {
        let all = found["questions"].as_array().expect("questions");
        let one = all.iter().find(|one| one["question"] == question).expect("the question");
        one.pointer(pointer).cloned().unwrap_or(Json::Null)
    };
    assert_eq!(of("satisfaction", "/counts"), json!({"1": 4, "2": 6, "3": 10, "4": 50, "5": 30}));
    for (name, value) in [("value", 80.0), ("low", 71.1), ("high", 86.7)] {
        assert_eq!(of("satisfaction", &format!("/metric/{name}")), json!(value), "{name}");
    }
    // 30 ± 15.3
    for (name, value) in [("value", 30.0), ("low", 14.7), ("high", 45.3)] {
        assert_eq!(of("recommend", &format!("/metric/{name}")), json!(value), "{name}");
    }
    assert_eq!(of("recommend", "/metric/enough"), json!(true));
    assert_eq!(of("recommend", "/drop_off/value"), json!(0.0));
    assert_eq!((&found["responses"], &found["response_rate"]), (&json!(200), &Json::Null));
    assert_eq!(found["by"]["device"][0]["responses"], json!(200));
    assert_eq!(found["by"]["day"].as_array().expect("days").len(), 1);
    assert_eq!(found["previous"]["responses"], json!(0));
    let dimensions = found["dimensions"].as_array().expect("dimensions");
    assert!(dimensions.contains(&json!("custom.order-id")), "{dimensions:?}");
}

#[tokio::test]
async fn who_leaves_is_counted_where_they_left() {
    let server = Server::start().await;
    for (number, status) in
        (0..10).zip(["partial", "completed", "completed", "completed"].iter().cycle())
    {
        let mut body = answered(number, csat(4));
        body["status"] = json!(status);
        assert_eq!(server.post(body.to_string()).await.status(), 201);
    }
    let found = summary(&server, "").await;
    assert_eq!(found["questions"][0]["drop_off"]["value"], json!(30.0));
    assert_eq!(found["questions"][0]["n"], json!(10));
    assert_eq!(found["questions"][0]["counts"]["|"], Json::Null, "no answer of anybody");
}

#[tokio::test]
async fn comments_come_with_what_they_are_about() {
    let server = Server::start().await;
    for (number, text) in (0..3).zip(["Slow delivery", "¡Todo bien!", "slow again"]) {
        let mut body = answered(number, csat(2));
        let answers = body["answers"].as_array_mut().expect("answers");
        answers.push(json!({"question": "why", "text": "Why?", "kind": "text", "value": text}));
        assert_eq!(server.post(body.to_string()).await.status(), 201);
    }
    let read = async |query: &str| -> Json {
        let path = format!("/v1/surveys/worked/comments{query}");
        server.read_path(&path).await.json().await.expect("comments")
    };
    let found = read("?q=SLOW&limit=1").await;
    assert_eq!(found["comments"].as_array().expect("comments").len(), 1);
    let first = &found["comments"][0];
    assert_eq!(first["score"], json!({"question": "satisfaction", "value": "2"}));
    assert_eq!(first["page"], json!("https://shop.example/checkout/done"));
    let next = found["next"].as_str().expect("a cursor");
    let rest = read(&format!("?q=slow&limit=1&cursor={next}")).await;
    assert_eq!((rest["comments"].as_array().map(Vec::len), &rest["next"]), (Some(1), &Json::Null));
    assert_ne!(rest["comments"][0]["text"], first["text"]);
}

#[tokio::test]
async fn a_survey_that_nobody_knows_is_empty_and_a_wrong_query_refused() {
    let server = Server::start().await;
    let found = summary(&server, "?by=day").await;
    assert_eq!((&found["shown"], &found["questions"]), (&json!(0), &json!([])));
    let response = server.read_path("/v1/surveys/worked/summary?from=yesterday").await;
    let message = "from must be an RFC 3339 date-time or a date (try \"2026-11-21T00:00:00Z\" or \"2026-11-21\")";
    check_error(response, 400, "invalid_query", Some("from"), message).await;
    assert_eq!(server.get("/v1/surveys/worked/summary", &[]).await.status(), 401);
    assert_eq!(server.get("/v1/surveys/worked/comments", &[]).await.status(), 401);
}
