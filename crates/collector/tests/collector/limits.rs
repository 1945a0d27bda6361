//! Nobody takes the share of others: responses are counted, not requests, for an address and its network.

use crate::support::{COMPLETED, On, Server, header, on_both, send, with};
use reqwest::{Method, Response};
use serde_json::{Value as Json, json};
use sondeo_collector::Token;
use sondeo_collector::store::{Scope, Scopes};

on_both!(
    each_response_of_an_array_counts,
    one_address_does_not_use_up_a_survey,
    a_foreign_page_takes_nothing_of_a_surveys_share,
    guessing_tokens_is_limited,
    guesses_keep_no_token_out,
);

fn response(number: u32) -> Json {
    with(COMPLETED, json!({"id": format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}")}))
}

fn array(numbers: std::ops::Range<u32>) -> String {
    Json::from(numbers.map(response).collect::<Vec<_>>()).to_string()
}

/// As a trusted proxy would send it.
async fn post_from(server: &Server, name: &str, value: &str, body: String) -> Response {
    server.post_with(&[("content-type", "application/json"), (name, value)], body).await
}

async fn each_response_of_an_array_counts(on: On) {
    let server = Server::start_on(on, &["--address-limit", "25"]).await;
    let answer = server.post(array(0..40)).await;
    assert_eq!(answer.status(), 207);
    let seconds: u64 = header(&answer, "retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    let answer: Json = answer.json().await.expect("JSON");
    let results = answer["results"].as_array().expect("one for each");
    let refused = results.iter().filter(|it| it["error"]["code"] == "too_many_requests").count();
    assert_eq!((results.len(), refused), (40, 15));
    assert_eq!(server.stored().await.len(), 25);
    let answer = server.post(response(99).to_string()).await;
    assert_eq!(answer.status(), 429);
    assert!(!header(&answer, "retry-after").is_empty());
    let answer = server.post(array(50..52)).await;
    assert_eq!(answer.status(), 429);
    assert!(!header(&answer, "retry-after").is_empty());
}

async fn one_address_does_not_use_up_a_survey(on: On) {
    let limits =
        ["--address-limit", "25", "--survey-limit", "1000", "--trusted-proxy", "127.0.0.1"];
    let server = Server::start_on(on, &limits).await;
    for request in 0..12 {
        let numbers = request * 100..(request + 1) * 100;
        post_from(&server, "x-forwarded-for", "203.0.113.1", array(numbers)).await;
    }
    let honest = response(9_999).to_string();
    let answer = post_from(&server, "x-forwarded-for", "203.0.113.2", honest).await;
    assert_eq!(answer.status(), 201);
    assert_eq!(server.stored().await.len(), 26);
}

/// A page of somebody else's makes its visitors send: what is refused takes no place of those who may.
async fn a_foreign_page_takes_nothing_of_a_surveys_share(on: On) {
    let limits = ["--survey-limit", "5", "--origin", "https://shop.example"];
    let server = Server::start_on(on, &limits).await;
    let post = async |number: u32, origin: &str| {
        let headers = [("content-type", "text/plain"), ("origin", origin)];
        server.post_with(&headers, response(number).to_string()).await.status().as_u16()
    };
    for number in 0..10 {
        assert_eq!(post(number, "https://evil.example").await, 403);
    }
    for number in 0..5 {
        assert_eq!(post(number, "https://shop.example").await, 201);
    }
    assert_eq!(post(9, "https://shop.example").await, 429);
}

async fn guessing_tokens_is_limited(on: On) {
    let server = Server::on(on).await;
    assert_eq!(server.read("").await.status(), 200);
    let mut statuses = Vec::new();
    for number in 0..80 {
        let guess = format!("sondeo_{number:048x}");
        let answer = send(server.request(Method::GET, "/v1/surveys").bearer_auth(guess)).await;
        statuses.push(answer.status().as_u16());
        if answer.status() == 429 {
            assert!(!header(&answer, "retry-after").is_empty());
        }
    }
    let looked_at = statuses.iter().filter(|&&status| status == 401).count();
    assert!((50..70).contains(&looked_at) && statuses.ends_with(&[429]), "{statuses:?}");
    assert_eq!(server.read("").await.status(), 200, "who has shown a good one goes on");
}

/// Somebody behind the same address guesses: a token that nobody has shown yet works all the same, a guess does not.
async fn guesses_keep_no_token_out(on: On) {
    let server = Server::on(on).await;
    let scopes = Scopes(vec![Scope::Read]);
    let made = Token::mint(&server.store, "new", &scopes).await.expect("a token").to_string();
    let ask = async |token: &str| {
        let answer = send(server.request(Method::GET, "/v1/surveys").bearer_auth(token)).await;
        answer.status().as_u16()
    };
    let guesses: Vec<_> = (0..150).map(|number| format!("sondeo_{number:048x}")).collect();
    // All at once, so that nothing of the limit has come back when the other one asks.
    let statuses = futures_util::future::join_all(guesses.iter().map(|guess| ask(guess))).await;
    assert_eq!(ask(&made).await, 200, "it is locked out");
    let refused = statuses.iter().filter(|&&status| status == 429).count();
    assert!(refused > 50 && statuses.iter().all(|&it| it == 429 || it == 401), "{statuses:?}");
    server.store.revoke_token("new", "command").await.expect("revoked");
    assert_ne!(ask(&made).await, 200);
}

#[tokio::test]
async fn forwarded_addresses_are_read_in_every_form() {
    let server =
        Server::start_with(&["--address-limit", "1", "--trusted-proxy", "127.0.0.1"]).await;
    for (number, (name, value, status)) in (0..).zip([
        ("x-forwarded-for", "203.0.113.1:80", 201),
        ("x-forwarded-for", "203.0.113.1:81", 429),
        ("x-forwarded-for", "203.0.113.2:80", 201),
        ("x-forwarded-for", "[2001:db8::1]:99", 201),
        ("x-forwarded-for", "2001:db8::2", 429),
        ("x-forwarded-for", "\"[2001:db8:0:1::1]:99\"", 201),
        ("forwarded", "for=203.0.113.3;proto=https", 201),
        ("forwarded", "proto=https;For=\"203.0.113.3:4711\"", 429),
        ("forwarded", "for=1.1.1.1, for=\"[2001:db8:9::1]:4711\"", 201),
        ("forwarded", "for=2.2.2.2, for=\"[2001:db8:9::2]\"", 429),
    ]) {
        let answer = post_from(&server, name, value, response(number).to_string()).await;
        assert_eq!(answer.status(), status, "{name}: {value}");
    }
    let named = ["--address-limit", "1", "--trusted-proxy", "127.0.0.1", "--forwarded-header"];
    let server = Server::start_with(&[&named[..], &["cf-connecting-ip"]].concat()).await;
    for (number, (name, value, status)) in (0..).zip([
        ("cf-connecting-ip", "203.0.113.1", 201),
        ("cf-connecting-ip", "203.0.113.1", 429),
        ("cf-connecting-ip", "203.0.113.2", 201),
        ("x-forwarded-for", "203.0.113.3", 201),
        ("x-forwarded-for", "203.0.113.4", 429),
    ]) {
        let answer = post_from(&server, name, value, response(number).to_string()).await;
        assert_eq!(answer.status(), status, "{name}: {value}");
    }
}

/// A site of IPv6 has 65 536 networks, and four times the share of one.
#[tokio::test]
async fn many_networks_of_one_site_are_one_sender() {
    let server =
        Server::start_with(&["--address-limit", "3", "--trusted-proxy", "127.0.0.1"]).await;
    let mut stored = 0;
    for number in 0..40 {
        let sender = format!("2001:db8:1:{number:x}::1");
        let body = response(number).to_string();
        let answer = post_from(&server, "x-forwarded-for", &sender, body).await;
        stored += u32::from(answer.status() == 201);
    }
    assert_eq!(stored, 12);
    let other = post_from(&server, "x-forwarded-for", "2001:db8:2::1", response(99).to_string());
    assert_eq!(other.await.status(), 201);
}
