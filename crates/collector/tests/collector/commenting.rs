//! Comments are worked off: tags, what is done, filters, and the table of what is chosen (issue 16).

use crate::support::{COMPLETED, On, Server, check_error, header, on_both, send, with};
use reqwest::{Method, StatusCode};
use serde_json::{Value as Json, json};
use sondeo_collector::Token;
use sondeo_collector::store::{Scope, Scopes};
use sondeo_model::Timestamp;

on_both!(
    what_is_done_and_tagged_stays_with_the_comment,
    comments_are_chosen_by_score_page_and_version,
    a_page_goes_on_where_little_matches,
    a_table_has_what_is_chosen,
    tags_that_cannot_be_kept_are_refused,
    who_may_only_read_changes_nothing,
    what_is_erased_takes_its_tags_along,
);

const COMMENTS: &str = "/v1/surveys/checkout/comments";

/// Stores a response of a minute ago with a score and a comment.
async fn store(server: &Server, number: u32, score: Json, text: &str, fields: Json) -> String {
    let now = std::time::UNIX_EPOCH.elapsed().expect("a clock").as_millis();
    let shown_at = i64::try_from(now).expect("a moment") - 60_000 + i64::from(number);
    let why = json!({"question": "why", "text": "Why?", "kind": "text", "value": text});
    let mut response = with(COMPLETED, json!({"answers": [score, why]}));
    let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}");
    response["id"] = json!(id);
    response["shown_at"] = Timestamp::from_millis(shown_at).to_rfc3339().into();
    for (name, value) in fields.as_object().expect("an object") {
        response[name] = value.clone();
    }
    let answer = server.post(response.to_string()).await;
    let status = answer.status();
    assert_eq!(status, 201, "{}", answer.text().await.expect("why"));
    id
}

fn stars(value: u32) -> Json {
    json!({"question": "satisfaction", "text": "How was it?", "kind": "likert", "points": 5, "value": value})
}

async fn token(server: &Server, scopes: &[Scope]) -> String {
    let label = format!("{scopes:?}");
    let token = Token::mint(&server.store, &label, &Scopes(scopes.to_vec())).await;
    token.expect("a token").to_string()
}

async fn change(server: &Server, id: &str, body: Json) -> reqwest::Response {
    let token = token(server, &[Scope::Read, Scope::Edit]).await;
    let path = format!("{COMMENTS}/{id}/why");
    send(server.request(Method::PATCH, &path).bearer_auth(token).body(body.to_string())).await
}

async fn read(server: &Server, query: &str) -> Json {
    let response = server.read_path(&format!("{COMMENTS}?{query}")).await;
    assert_eq!(response.status(), 200, "{query}");
    response.json().await.expect("JSON")
}

async fn texts(server: &Server, query: &str) -> Vec<String> {
    let page = read(server, query).await;
    let comments = page["comments"].as_array().expect("comments");
    comments.iter().map(|it| it["text"].as_str().expect("a text").to_owned()).collect()
}

async fn what_is_done_and_tagged_stays_with_the_comment(on: On) {
    let server = Server::on(on).await;
    let first = store(&server, 1, stars(1), "Too dear", json!({})).await;
    store(&server, 2, stars(5), "Fine", json!({})).await;
    let answer = change(&server, &first, json!({"tags": [" Price ", "price", "50% off_"]})).await;
    assert_eq!(answer.status(), 200);
    let state: Json = answer.json().await.expect("JSON");
    assert_eq!(state, json!({"done": false, "tags": ["price", "50% off_"]}));
    // What is left out stays.
    let state: Json =
        change(&server, &first, json!({"done": true})).await.json().await.expect("it");
    assert_eq!(state, json!({"done": true, "tags": ["price", "50% off_"]}));
    assert_eq!(texts(&server, "done=true").await, ["Too dear"]);
    assert_eq!(texts(&server, "done=false").await, ["Fine"]);
    assert_eq!(texts(&server, "tag=PRICE").await, ["Too dear"]);
    assert_eq!(texts(&server, "tag=50%25+off_").await, ["Too dear"]);
    assert_eq!(texts(&server, "tag=pri").await, [""; 0], "a tag is whole");
    assert_eq!(read(&server, "").await["tags"], json!(["50% off_", "price"]));
    // A later revision writes its comments anew.
    let fields = json!({"revision": 9});
    store_again(&server, 1, stars(2), "Still too dear", fields).await;
    let page = read(&server, "done=true").await;
    assert_eq!(page["comments"][0]["text"], "Still too dear");
    assert_eq!(page["comments"][0]["tags"], json!(["price", "50% off_"]));
    // And it can be taken back.
    change(&server, &first, json!({"done": false, "tags": []})).await;
    assert_eq!(texts(&server, "done=true").await, [""; 0]);
    assert_eq!(read(&server, "").await["tags"], json!([]));
}

async fn store_again(server: &Server, number: u32, score: Json, text: &str, fields: Json) {
    let why = json!({"question": "why", "text": "Why?", "kind": "text", "value": text});
    let mut response = with(COMPLETED, json!({"answers": [score, why]}));
    response["id"] = json!(format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}"));
    for (name, value) in fields.as_object().expect("an object") {
        response[name] = value.clone();
    }
    assert!(server.post(response.to_string()).await.status().is_success());
}

async fn comments_are_chosen_by_score_page_and_version(on: On) {
    let server = Server::on(on).await;
    let nps = |value: u32| json!({"question": "recommend", "text": "?", "kind": "nps", "metric": "nps", "value": value});
    let thumb =
        |value: bool| json!({"question": "ok", "text": "?", "kind": "yes-no", "value": value});
    let page = |url: &str| json!({"url": url, "title": "", "referrer": ""});
    for (number, score, text) in [
        (1, stars(2), "two stars"),
        (2, stars(3), "three stars"),
        (3, stars(4), "four stars"),
        (4, nps(6), "six"),
        (5, nps(8), "eight"),
        (6, nps(9), "nine"),
        (7, thumb(false), "no"),
        (8, thumb(true), "yes"),
    ] {
        let url =
            if number < 4 { "https://shop.example/checkout" } else { "https://shop.example/" };
        store(&server, number, score, text, json!({"page": page(url)})).await;
    }
    assert_eq!(texts(&server, "score=low").await, ["no", "six", "two stars"]);
    assert_eq!(texts(&server, "score=middle").await, ["eight", "three stars"]);
    assert_eq!(texts(&server, "score=high").await, ["yes", "nine", "four stars"]);
    assert_eq!(texts(&server, "page=/checkout").await, ["four stars", "three stars", "two stars"]);
    assert_eq!(texts(&server, "page=/checkout&score=low&q=STARS").await, ["two stars"]);
    assert_eq!(texts(&server, "version=3").await, [""; 0]);
    let message = "score must be low, middle or high";
    let refused = server.read_path(&format!("{COMMENTS}?score=9")).await;
    check_error(refused, 400, "invalid_query", Some("score"), message).await;
}

/// The database cannot tell which match, so they are looked for: a page has all that it should, and none twice.
async fn a_page_goes_on_where_little_matches(on: On) {
    let server = Server::on(on).await;
    let all: Vec<Json> = (0..450)
        .map(|number: u32| {
            let score = stars(if number.is_multiple_of(90) { 1 } else { 5 });
            let why = json!({"question": "why", "text": "Why?", "kind": "text", "value": format!("no {number}")});
            let mut response = with(COMPLETED, json!({"answers": [score, why]}));
            response["id"] = json!(format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}"));
            response
        })
        .collect();
    for some in all.chunks(100) {
        assert_eq!(server.post(json!(some).to_string()).await.status(), 201);
    }
    let mut found = Vec::new();
    let mut cursor = String::new();
    for _ in 0..4 {
        let page = read(&server, &format!("score=low&limit=2&from=2000-01-01&{cursor}")).await;
        let texts = page["comments"].as_array().expect("comments").iter();
        found.extend(texts.map(|it| it["text"].as_str().expect("a text").to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("cursor={next}");
    }
    found.sort();
    assert_eq!(found, ["no 0", "no 180", "no 270", "no 360", "no 90"]);
}

async fn a_table_has_what_is_chosen(on: On) {
    let server = Server::on(on).await;
    let first = store(&server, 1, stars(1), "=1+1, \"dear\"\nvery", json!({})).await;
    store(&server, 2, stars(5), "Fine", json!({})).await;
    change(&server, &first, json!({"done": true, "tags": ["price", "=cmd"]})).await;
    let path = format!("{COMMENTS}.csv?score=low&bom=0&separator=semicolon");
    let response = server.read_path(&path).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "text/csv; charset=utf-8; header=present");
    assert!(header(&response, "content-disposition").contains("comments.csv"));
    let text = response.text().await.expect("a text");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let head = reader.headers().expect("a head").clone();
    let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 1);
    let cell = |name: &str| {
        let place = head.iter().position(|own| own == name).expect("a column");
        rows[0][place].to_owned()
    };
    assert_eq!(cell("text"), "'=1+1, \"dear\"\nvery", "nobody's formula");
    assert_eq!((cell("score"), cell("rated")), ("1".to_owned(), "How was it?".to_owned()));
    assert_eq!((cell("done"), cell("tags")), ("true".to_owned(), "price, =cmd".to_owned()));
    assert_eq!((cell("survey"), cell("response")), ("checkout".to_owned(), first));
}

async fn tags_that_cannot_be_kept_are_refused(on: On) {
    let server = Server::on(on).await;
    let id = store(&server, 1, stars(1), "Too dear", json!({})).await;
    let long = "x".repeat(41);
    let many: Vec<String> = (0..21).map(|number| number.to_string()).collect();
    for (tags, reason) in [
        (json!([""]), "must hold 1 to 40 characters each, not \"\"".to_owned()),
        (json!([long]), format!("must hold 1 to 40 characters each, not \"{long}\"")),
        (json!(["a\nb"]), "must be of one line each, not \"a\\nb\"".to_owned()),
        (json!(many), "must be at most 20".to_owned()),
    ] {
        let answer = change(&server, &id, json!({ "tags": tags })).await;
        check_error(answer, 422, "invalid", Some("tags"), &format!("tags {reason}")).await;
    }
    for body in [json!({"tag": []}), json!({"done": "yes"})] {
        assert_eq!(change(&server, &id, body).await.status(), 422);
    }
    // Nobody's comment.
    for path in [
        format!("{COMMENTS}/{id}/who"),
        format!("{COMMENTS}/0199a3c2-5f1e-7a3b-8c4d-000000000009/why"),
        format!("{COMMENTS}/7/why"),
        format!("/v1/surveys/other/comments/{id}/why"),
    ] {
        let token = token(&server, &[Scope::Read, Scope::Edit]).await;
        let request =
            server.request(Method::PATCH, &path).bearer_auth(token).body("{\"done\":true}");
        assert_eq!(send(request).await.status(), 404, "{path}");
    }
}

async fn who_may_only_read_changes_nothing(on: On) {
    let server = Server::on(on).await;
    let id = store(&server, 1, stars(1), "Too dear", json!({})).await;
    let path = format!("{COMMENTS}/{id}/why");
    let body = json!({"done": true}).to_string();
    let nobody = send(server.request(Method::PATCH, &path).body(body.clone())).await;
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    let token = token(&server, &[Scope::Read]).await;
    let reader = send(server.request(Method::PATCH, &path).bearer_auth(token).body(body)).await;
    let message = "this token may not edit; make one with --scope edit";
    check_error(reader, 403, "forbidden_scope", None, message).await;
    assert_eq!(texts(&server, "done=true").await, [""; 0]);
}

async fn what_is_erased_takes_its_tags_along(on: On) {
    let server = Server::on(on).await;
    let id = store(&server, 1, stars(1), "Too dear", json!({})).await;
    change(&server, &id, json!({"tags": ["ana's order"]})).await;
    assert_eq!(read(&server, "").await["tags"], json!(["ana's order"]));
    let token = token(&server, &[Scope::Erase]).await;
    let path = format!("/v1/responses/{id}");
    let erased = send(server.request(Method::DELETE, &path).bearer_auth(token)).await;
    assert_eq!(erased.status(), 200);
    assert_eq!(server.store.comment_tags("checkout").await.expect("tags"), [""; 0]);
}
