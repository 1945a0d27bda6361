use crate::support::{
    COMPLETED, On, PARTIAL, Server, check_error, check_receipt, header, on_both, with,
};
use futures_util::stream;
use reqwest::{Body, Method, StatusCode};
use serde_json::{Value as Json, json};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

on_both!(
    what_a_widget_sends_is_read_back_unchanged,
    the_highest_revision_wins_in_whatever_order_they_come,
    a_repeat_that_differs_changes_nothing,
    fifty_repeats_at_once_are_one_response_and_created_once,
    fifty_revisions_at_once_leave_the_highest,
    who_hangs_up_after_the_answer_is_heard,
    every_way_to_announce_json_is_taken,
    keys_of_a_newer_widget_are_passed_over,
    another_content_type_is_refused,
    the_limit_is_256_kib,
    three_long_texts_in_chinese_are_taken,
    a_byte_order_mark_is_passed_over,
    a_metric_keeps_to_its_question,
    what_is_not_json_is_refused,
    what_is_not_a_response_is_refused_with_the_field_and_a_reason,
    json_of_any_depth_leaves_the_collector_standing,
    other_methods_and_addresses_are_refused_in_the_same_form,
    a_commit_is_synced_before_it_is_acknowledged,
    a_path_that_is_no_text_is_refused_in_the_same_form,
);

async fn what_a_widget_sends_is_read_back_unchanged(on: On) {
    let server = Server::on(on).await;
    let completed = with(COMPLETED, json!({}));
    let partial = with(PARTIAL, json!({}));
    assert_eq!(server.post(COMPLETED).await.status(), StatusCode::CREATED);
    assert_eq!(server.post(PARTIAL).await.status(), StatusCode::CREATED);
    assert_eq!(server.stored().await, [partial, completed], "newest first");
}

async fn the_highest_revision_wins_in_whatever_order_they_come(on: On) {
    let server = Server::on(on).await;
    let revision = |number: u32| with(COMPLETED, json!({"revision": number, "visit": number}));
    for (number, status, kept) in [
        (2, StatusCode::CREATED, 2),
        (2, StatusCode::OK, 2),
        (1, StatusCode::OK, 2),
        (5, StatusCode::CREATED, 5),
        (4, StatusCode::OK, 5),
    ] {
        check_receipt(server.post(revision(number).to_string()).await, status).await;
        assert_eq!(server.stored().await, [revision(kept)], "after revision {number}");
    }
}

async fn a_repeat_that_differs_changes_nothing(on: On) {
    let server = Server::on(on).await;
    server.post(COMPLETED).await;
    let other = with(COMPLETED, json!({"language": "fr"}));
    check_receipt(server.post(other.to_string()).await, StatusCode::OK).await;
    assert_eq!(server.stored().await, [with(COMPLETED, json!({}))]);
}

async fn fifty_repeats_at_once_are_one_response_and_created_once(on: On) {
    let server = Server::on(on).await;
    let mut requests = JoinSet::new();
    for _ in 0..50 {
        let request = server.request(Method::POST, "/v1/responses");
        let request = request.header("content-type", "application/json").body(COMPLETED);
        requests.spawn(async { request.send().await.expect("an answer").status() });
    }
    let statuses = requests.join_all().await;
    let count = |status| statuses.iter().filter(|&&given| given == status).count();
    assert_eq!((count(StatusCode::CREATED), count(StatusCode::OK)), (1, 49));
    assert_eq!(server.stored().await.len(), 1);
}

async fn fifty_revisions_at_once_leave_the_highest(on: On) {
    let server = Server::on(on).await;
    let mut requests = JoinSet::new();
    for revision in 1..=50 {
        let body = with(COMPLETED, json!({"revision": revision})).to_string();
        let request = server.request(Method::POST, "/v1/responses");
        let request = request.header("content-type", "text/plain").body(body);
        requests.spawn(async { request.send().await.expect("an answer").status() });
    }
    assert!(requests.join_all().await.iter().all(StatusCode::is_success));
    assert_eq!(server.stored().await, [with(COMPLETED, json!({"revision": 50}))]);
}

/// A visitor who leaves right after answering: the request is whole, and nobody waits for its answer.
async fn who_hangs_up_after_the_answer_is_heard(on: On) {
    let server = Server::on(on).await;
    let address = server.address.trim_start_matches("http://").to_owned();
    for number in 0..50 {
        let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012x}");
        let body = with(COMPLETED, json!({ "id": id })).to_string();
        let request = format!(
            "POST /v1/responses HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut connection = TcpStream::connect(&address).await.expect("a connection");
        connection.write_all(request.as_bytes()).await.expect("the request is sent");
        drop(connection);
    }
    let all_are_stored = async {
        while server.stored().await.len() < 50 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all_are_stored).await.expect("fifty answers");
}

async fn every_way_to_announce_json_is_taken(on: On) {
    for content_type in [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON;charset=\"UTF-8\"",
        "text/plain",
        "text/plain;charset=UTF-8",
    ] {
        let server = Server::on(on).await;
        let headers = [("content-type", content_type), ("idempotency-key", "0199a3c2")];
        check_receipt(server.post_with(&headers, COMPLETED).await, StatusCode::CREATED).await;
    }
}

async fn keys_of_a_newer_widget_are_passed_over(on: On) {
    let server = Server::on(on).await;
    let mut newer = with(COMPLETED, json!({"mood": {"deep": [1]}}));
    newer["answers"][0]["seconds"] = 3.into();
    newer["page"]["depth"] = 0.5.into();
    assert_eq!(server.post(newer.to_string()).await.status(), StatusCode::CREATED);
    assert_eq!(server.stored().await, [with(COMPLETED, json!({}))]);
}

async fn another_content_type_is_refused(on: On) {
    let server = Server::on(on).await;
    let wanted = "the content type must be application/json or text/plain, holding JSON, or \
                  application/x-www-form-urlencoded";
    for (headers, message) in [
        (&[][..], wanted),
        (&[("content-type", "multipart/form-data; boundary=x")], wanted),
        (&[("content-type", "application/json+x")], wanted),
        (&[("content-type", "nonsense")], wanted),
        (&[("content-type", "application/json; charset=latin1")], "the charset must be utf-8"),
        (
            &[("content-type", "text/plain"), ("content-encoding", "gzip")],
            "the body must not be compressed",
        ),
        (
            &[
                ("content-type", "text/plain"),
                ("content-encoding", "identity"),
                ("content-encoding", "gzip"),
            ],
            "the body must not be compressed",
        ),
        (
            &[("content-type", "text/plain"), ("content-encoding", "identity, gzip")],
            "the body must not be compressed",
        ),
    ] {
        let response = server.post_with(headers, COMPLETED.as_bytes()).await;
        check_error(response, 415, "unsupported_media_type", None, message).await;
    }
    assert!(server.stored().await.is_empty());
}

/// A valid body of exactly this many bytes.
fn padded(length: usize) -> String {
    COMPLETED.to_owned() + &" ".repeat(length - COMPLETED.len())
}

async fn the_limit_is_256_kib(on: On) {
    let message = "the body is larger than 262144 bytes";
    let in_pieces = |body: String| {
        let bytes = body.into_bytes();
        let pieces: Vec<_> = bytes.chunks(1_000).map(|piece| Ok(piece.to_vec())).collect();
        Body::wrap_stream(stream::iter(pieces.into_iter().map(|p: Result<_, String>| p)))
    };
    let server = Server::on(on).await;
    for length in [262_145, 400_000] {
        assert_eq!(padded(length).len(), length);
        check_error(server.post(padded(length)).await, 413, "too_large", None, message).await;
        let response = server.post(in_pieces(padded(length))).await;
        check_error(response, 413, "too_large", None, message).await;
    }
    assert!(server.stored().await.is_empty());
    check_receipt(server.post(padded(262_144)).await, StatusCode::CREATED).await;
    check_receipt(server.post(in_pieces(padded(262_144))).await, StatusCode::OK).await;
}

/// As long as the contract allows: no answer is too long for the way to here.
async fn three_long_texts_in_chinese_are_taken(on: On) {
    let server = Server::on(on).await;
    let text = |question: &str| json!({"question": question, "text": "为什么？", "kind": "text", "value": "漢".repeat(10_000)});
    let answers = json!([text("one"), text("two"), text("three")]);
    let response = with(COMPLETED, json!({"answers": answers}));
    check_receipt(server.post(response.to_string()).await, StatusCode::CREATED).await;
    assert_eq!(server.stored().await, [response]);
}

async fn a_byte_order_mark_is_passed_over(on: On) {
    let server = Server::on(on).await;
    check_receipt(server.post(format!("\u{feff}{COMPLETED}")).await, StatusCode::CREATED).await;
    let many = format!("\u{feff}[{COMPLETED},{}{COMPLETED}]", " ".repeat(300_000));
    assert_eq!(server.post(many).await.status(), 200, "an array, which may be larger");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = "\u{feff}survey=nps&id=0199a3c2-5f1e-7a3b-8c4d-0123456789ac&status=completed&recommend=9&url=https%3A%2F%2Fshop.example%2F";
    assert_eq!(server.post_with(&form, body).await.status(), 201);
    assert_eq!(server.stored().await.len(), 2);
}

/// What the widget refuses to ask is not counted either.
async fn a_metric_keeps_to_its_question(on: On) {
    let server = Server::on(on).await;
    let effort = |points: u8| {
        json!([{"question": "easy", "text": "Easy?", "kind": "likert", "points": points,
                "metric": "ces", "value": 4}])
    };
    let response = with(COMPLETED, json!({"answers": effort(5)}));
    let message = "answers[0].metric needs a question of the kind \"likert\" with 7 points";
    let refused = server.post(response.to_string()).await;
    check_error(refused, 422, "invalid_response", Some("answers[0].metric"), message).await;
    let response = with(COMPLETED, json!({"answers": effort(7)}));
    check_receipt(server.post(response.to_string()).await, StatusCode::CREATED).await;
}

async fn what_is_not_json_is_refused(on: On) {
    let server = Server::on(on).await;
    let eof = "EOF while parsing a value at line 1 column 0";
    for (body, message) in [
        ("", eof),
        ("{\"sondeo\": 1,", "EOF while parsing an object at line 1 column 13"),
        ("{\"sondeo\": 2, \"id\": nope}", "expected ident at line 1 column 22"),
        ("{} {}", "trailing characters at line 1 column 4"),
    ] {
        let message = format!("the body is not JSON: {message}");
        check_error(server.post(body).await, 400, "invalid_json", None, &message).await;
    }
    let message = "the body is not UTF-8: the first wrong byte is at 2";
    let response = server.post(&b"{\"\xff\":1}"[..]).await;
    check_error(response, 400, "invalid_encoding", None, message).await;
    assert!(server.stored().await.is_empty());
}

async fn what_is_not_a_response_is_refused_with_the_field_and_a_reason(on: On) {
    let server = Server::on(on).await;
    let mut answer = with(COMPLETED, json!({}))["answers"].take();
    let mut change = |pointer: &str, value: Json| {
        let before = answer.clone();
        *answer.pointer_mut(pointer).expect("a field") = value;
        json!({"answers": std::mem::replace(&mut answer, before)})
    };
    for (fields, field, message) in [
        (
            json!({"sondeo": 2}),
            "sondeo",
            "sondeo is wrong: 2 is not a version that is known here (try 1)",
        ),
        (json!({"revision": 0}), "revision", "revision must be at least 1"),
        (
            json!({"revision": -1}),
            "revision",
            "revision is wrong: invalid value: integer `-1`, expected u32",
        ),
        (
            json!({"id": "7"}),
            "id",
            "id is not a UUID of version 7 (try \"0199a3c2-5f1e-7a3b-8c4d-0123456789ab\")",
        ),
        (
            json!({"shown_at": "yesterday"}),
            "shown_at",
            "shown_at is not a date-time (try \"2026-11-21T18:40:13.123Z\")",
        ),
        (
            json!({"survey": "'; DROP TABLE response; --"}),
            "survey",
            "survey must be lower case letters, digits and hyphens, at most 64 (try \"post-purchase\")",
        ),
        (change("/0/value", 6.into()), "answers[0].value", "answers[0].value must be 1 to 5"),
        (
            change("/0/value", 4.5.into()),
            "answers[0].value",
            "answers[0].value is wrong: invalid type: floating point `4.5`, expected a whole \
             number, true or false, a text or an array of option ids",
        ),
        (
            change("/1/kind", "essay".into()),
            "answers[1].kind",
            "answers[1].kind is wrong: unknown variant `essay`, expected one of `likert`, \
             `yes-no`, `nps`, `choice`, `choices`, `text`",
        ),
        (change("/1", json!({})), "answers[1].question", "answers[1].question is missing"),
        (json!({"page": {"url": "https://shop.example"}}), "page.title", "page.title is missing"),
    ] {
        let response = server.post(with(COMPLETED, fields).to_string()).await;
        check_error(response, 422, "invalid_response", Some(field), message).await;
    }
    for (body, field, message) in [
        ("{}", Some("sondeo"), "sondeo is missing"),
        ("{\"sondeo\": 1, \"sondeo\": 1}", Some("sondeo"), "sondeo is given twice"),
        ("[]", None, "an array must hold 1 to 100 responses, not 0"),
        (" null", None, "a response must be a JSON object; something else was sent"),
    ] {
        check_error(server.post(body).await, 422, "invalid_response", field, message).await;
    }
    assert!(server.stored().await.is_empty());
}

async fn json_of_any_depth_leaves_the_collector_standing(on: On) {
    let server = Server::on(on).await;
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let response = server.post(deep.clone()).await;
    assert_eq!(response.status(), StatusCode::MULTI_STATUS, "an array of one that is no response");
    let response = server.post(format!("{{\"answers\":{deep}}}")).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(server.get("/healthz", &[]).await.status(), StatusCode::OK);
}

async fn other_methods_and_addresses_are_refused_in_the_same_form(on: On) {
    let server = Server::on(on).await;
    let message = "this address does not take this method";
    for (method, path, allow) in [
        (Method::PUT, "/v1/responses", "GET,HEAD,POST,OPTIONS"),
        (Method::DELETE, "/healthz", "GET,HEAD"),
    ] {
        let response = server.request(method, path).send().await.expect("an answer");
        assert_eq!(header(&response, "allow"), allow);
        check_error(response, 405, "method_not_allowed", None, message).await;
    }
    let message = "there is nothing at this address; responses go to /v1/responses";
    for path in ["/", "/v1", "/v1/responses/", "/sondeo-missing.js", "/../Cargo.toml"] {
        check_error(server.get(path, &[]).await, 404, "not_found", None, message).await;
    }
}

async fn a_commit_is_synced_before_it_is_acknowledged(on: On) {
    let durability = Server::on(on).await.store.durability().await.expect("an answer");
    let expected = if on == On::Sqlite { "wal" } else { "on" };
    assert_eq!(durability.journal_mode, expected);
    assert!(durability.synced);
}

async fn a_path_that_is_no_text_is_refused_in_the_same_form(on: On) {
    let server = Server::on(on).await;
    let message = "the address holds something that is not UTF-8 or cannot be a name";
    for path in [
        "/v1/visitors/%FF",
        "/v1/surveys/%FF/summary",
        "/v1/surveys/%E0%A4%A/comments",
        "/v1/session/%FF",
    ] {
        check_error(server.read_path(path).await, 400, "invalid_path", None, message).await;
    }
    let message = "address must not hold the character U+0000";
    let response = server.read_path("/v1/visitors/%00").await;
    check_error(response, 400, "invalid_query", Some("address"), message).await;
}
