use crate::support::{COMPLETED, On, PARTIAL, Server, check_error, header, on_both, readers, with};
use serde_json::{Value as Json, json};
use sondeo_collector::{DEFAULT_LABEL, Token};

on_both!(
    reading_needs_a_token_that_is_known,
    a_token_of_the_same_label_takes_the_place_of_the_earlier,
    tokens_are_stored_as_hashes_alone,
    surveys_and_states_are_told_apart,
    pages_follow_each_other_from_the_newest_to_the_oldest,
    a_query_that_cannot_be_meant_is_refused_by_name,
    health_is_told_to_everyone_and_only_while_the_database_answers,
);

const UNAUTHORIZED: &str =
    "reading needs a token that this collector knows (try \"Authorization: Bearer sondeo_…\")";

async fn reading_needs_a_token_that_is_known(on: On) {
    let server = Server::on(on).await;
    server.post(COMPLETED).await;
    for authorization in [
        None,
        Some("Bearer"),
        Some("Bearer "),
        Some("Bearer sondeo_000000000000000000000000000000000000000000000000"),
        Some("Basic c29uZGVv"),
    ] {
        let headers: Vec<_> =
            authorization.map(|value| ("authorization", value)).into_iter().collect();
        let response = server.get("/v1/responses", &headers).await;
        assert_eq!(header(&response, "www-authenticate"), "Bearer");
        check_error(response, 401, "unauthorized", None, UNAUTHORIZED).await;
    }
}

async fn a_token_of_the_same_label_takes_the_place_of_the_earlier(on: On) {
    let server = Server::on(on).await;
    let other =
        Token::mint(&server.store, "reports", &readers()).await.expect("a token").to_string();
    Token::mint(&server.store, DEFAULT_LABEL, &readers()).await.expect("a token");
    assert_eq!(server.read("").await.status(), 401, "replaced");
    let authorization = format!("bearer {other}");
    let response = server.get("/v1/responses", &[("authorization", &authorization)]).await;
    assert_eq!(response.status(), 200, "of another label");
    assert_eq!(header(&response, "cache-control"), "no-store");
}

async fn tokens_are_stored_as_hashes_alone(on: On) {
    let server = Server::on(on).await;
    let token = Token::mint(&server.store, "x", &readers()).await.expect("a token").to_string();
    let tokens = server.store.tokens().await.expect("tokens");
    assert_eq!(tokens.len(), 2);
    let is_hash = |hash: &[u8]| hash.len() == 32 && !token.as_bytes().ends_with(hash);
    assert!(tokens.iter().all(|token| is_hash(&token.sha256)));
}

async fn surveys_and_states_are_told_apart(on: On) {
    let server = Server::on(on).await;
    server.post(COMPLETED).await;
    server.post(PARTIAL).await;
    for (query, surveys) in [
        ("?survey=checkout", &["checkout"][..]),
        ("?status=partial", &["everything"]),
        ("?survey=checkout&status=partial", &[]),
        ("?survey=%27%20OR%201=1", &[]),
    ] {
        let listing: Json = server.read(query).await.json().await.expect("a listing");
        let found: Vec<_> = listing["responses"].as_array().expect("an array").iter().collect();
        assert_eq!(found.iter().map(|r| &r["survey"]).collect::<Vec<_>>(), surveys, "{query}");
    }
}

async fn pages_follow_each_other_from_the_newest_to_the_oldest(on: On) {
    let server = Server::on(on).await;
    let id = |number: u32| format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}");
    for number in [3, 1, 5, 2, 4] {
        let body = with(COMPLETED, json!({"id": id(number)}));
        assert_eq!(server.post(body.to_string()).await.status(), 201);
    }
    let mut query = "?limit=2".to_owned();
    let mut pages = Vec::new();
    loop {
        let listing: Json = server.read(&query).await.json().await.expect("a listing");
        let ids = listing["responses"].as_array().expect("an array").iter();
        pages.push(ids.map(|response| response["id"].clone()).collect::<Vec<_>>());
        let Some(next) = listing["next"].as_str() else { break };
        query = format!("?limit=2&cursor={next}");
    }
    assert_eq!(pages, [vec![id(5), id(4)], vec![id(3), id(2)], vec![id(1)]]);
}

async fn a_query_that_cannot_be_meant_is_refused_by_name(on: On) {
    let server = Server::on(on).await;
    for (query, field, reason) in [
        (
            "?page=2",
            "page",
            "is not a parameter (there are site, survey, status, from, to, limit and cursor)",
        ),
        ("?status=done", "status", "must be shown, partial, completed or dismissed"),
        ("?limit=0", "limit", "must be 1 to 500"),
        ("?limit=501", "limit", "must be 1 to 500"),
        ("?cursor=2", "cursor", "must be what \"next\" of an earlier page says"),
        ("?limit=1&limit=2", "limit", "is given twice"),
    ] {
        let message = format!("{field} {reason}");
        let response = server.read(query).await;
        check_error(response, 400, "invalid_query", Some(field), &message).await;
    }
}

async fn health_is_told_to_everyone_and_only_while_the_database_answers(on: On) {
    let server = Server::on(on).await;
    let response = server.get("/healthz", &[]).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.json::<Json>().await.expect("JSON"), json!({"status": "ok"}));

    server.store.close().await;
    let message = "the database does not answer; send it again later";
    let response = server.get("/healthz", &[]).await;
    assert_eq!(header(&response, "retry-after"), "5");
    check_error(response, 503, "unavailable", None, message).await;
    check_error(server.post(COMPLETED).await, 503, "unavailable", None, message).await;
}
