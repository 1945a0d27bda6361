//! Who may do what.

use crate::support::{COMPLETED, On, PARTIAL, Server, check_error, header, on_both, send, with};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value as Json, json};
use sondeo_collector::store::{Scope, Scopes};
use sondeo_collector::{Token, WriteKey, hash_password};
use std::time::Duration;

on_both!(
    each_scope_allows_its_own,
    a_revoked_token_is_none,
    a_stream_ends_with_the_right_to_it,
    a_person_logs_in_and_out,
    a_login_that_is_wrong_says_nothing,
    a_survey_with_a_key_takes_nothing_without,
);

async fn token(server: &Server, scopes: &[Scope]) -> String {
    let label = format!("{scopes:?}");
    let token = Token::mint(&server.store, &label, &Scopes(scopes.to_vec())).await;
    token.expect("a token").to_string()
}

async fn call(server: &Server, method: Method, path: &str, token: &str) -> Response {
    send(server.request(method, path).bearer_auth(token)).await
}

async fn each_scope_allows_its_own(on: On) {
    let server = Server::on(on).await;
    server.post(COMPLETED).await;
    let doors = [
        (Method::GET, "/v1/responses", Scope::Read),
        (Method::GET, "/v1/surveys", Scope::Read),
        (Method::GET, "/v1/surveys/checkout/summary", Scope::Read),
        (Method::GET, "/v1/surveys/checkout/comments", Scope::Read),
        (Method::GET, "/metrics", Scope::Read),
        (Method::GET, "/v1/export.csv", Scope::Export),
        (Method::GET, "/v1/export.ndjson", Scope::Export),
        (Method::GET, "/v1/visitors/ana", Scope::Export),
        (Method::DELETE, "/v1/visitors/ana", Scope::Erase),
        (Method::DELETE, "/v1/responses/0199a3c2-5f1e-7a3b-8c4d-0123456789ab", Scope::Erase),
    ];
    for scope in [Scope::Read, Scope::Export, Scope::Erase] {
        let token = token(&server, &[scope]).await;
        for (method, path, needed) in doors.clone() {
            let response = call(&server, method.clone(), path, &token).await;
            if needed == scope {
                assert_eq!(response.status(), 200, "{method} {path}");
                continue;
            }
            let word = needed.as_str();
            let message = format!("this token may not {word}; make one with --scope {word}");
            check_error(response, 403, "forbidden_scope", None, &message).await;
        }
    }
    for (method, path, _) in doors {
        let response = send(server.request(method, path)).await;
        assert_eq!(response.status(), 401, "{path}");
    }
}

async fn a_revoked_token_is_none(on: On) {
    let server = Server::on(on).await;
    let token = token(&server, &[Scope::Read]).await;
    assert_eq!(call(&server, Method::GET, "/v1/surveys", &token).await.status(), 200);
    assert!(server.store.revoke_token("[Read]", "command").await.expect("it is revoked"));
    assert!(!server.store.revoke_token("[Read]", "command").await.expect("it was"));
    assert_eq!(call(&server, Method::GET, "/v1/surveys", &token).await.status(), 401);
}

/// It asks again at each keep-alive, every fifteen seconds.
async fn a_stream_ends_with_the_right_to_it(on: On) {
    let server = Server::on(on).await;
    let [token, other] =
        [token(&server, &[Scope::Read]).await, token(&server, &[Scope::Read, Scope::Export]).await];
    let revoked = call(&server, Method::GET, "/v1/events", &token).await;
    let mut kept = call(&server, Method::GET, "/v1/events", &other).await;
    assert_eq!((revoked.status(), kept.status()), (StatusCode::OK, StatusCode::OK));
    assert!(server.store.revoke_token("[Read]", "command").await.expect("it is revoked"));
    let end = tokio::time::timeout(Duration::from_secs(60), revoked.text());
    end.await.expect("it ends").expect("it ends well");
    server.post(COMPLETED).await;
    loop {
        let heard = kept.chunk().await.expect("it goes on").expect("something");
        if String::from_utf8_lossy(&heard).contains("event: response") {
            break;
        }
    }
}

pub(crate) async fn log_in(server: &Server, user: &str, password: &str) -> Response {
    let login = json!({"user": user, "password": password});
    send(server.request(Method::POST, "/v1/session").json(&login)).await
}

pub(crate) fn cookie(response: &Response) -> String {
    let cookie = header(response, "set-cookie");
    let attributes: Vec<_> = cookie.split("; ").collect();
    for attribute in ["Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=604800"] {
        assert!(attributes.contains(&attribute), "{cookie}");
    }
    cookie.split(';').next().unwrap_or_default().to_owned()
}

async fn a_person_logs_in_and_out(on: On) {
    let server = Server::on(on).await;
    let hash = hash_password("correct horse").expect("a hash");
    server.store.set_password("ana", &hash).await.expect("it is set");
    let login = log_in(&server, "ana", "correct horse").await;
    assert_eq!(login.status(), 204);
    let session = cookie(&login);
    let as_ana = async |method: Method, path: &str, headers: &[(&str, &str)]| {
        let mut request = server.request(method, path).header("cookie", &session);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        send(request).await
    };
    let who: Json = as_ana(Method::GET, "/v1/session", &[]).await.json().await.expect("JSON");
    let roles = json!([{"site": "*", "role": "owner"}]);
    assert_eq!(who, json!({"user": "ana", "roles": roles}));
    assert_eq!(as_ana(Method::GET, "/v1/surveys", &[]).await.status(), 200);
    // Another collector at the root of the host has set one of the same name: browsers send it behind ours.
    let both = format!("{session}; {}=stale", session.split('=').next().expect("a name"));
    let request = server.request(Method::GET, "/v1/surveys").header("cookie", both);
    assert_eq!(send(request).await.status(), 200);

    // Another page may make the browser send the cookie along, and is refused.
    for headers in [
        [("origin", "https://evil.example")],
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
        [("origin", "null")],
    ] {
        let response = as_ana(Method::DELETE, "/v1/visitors/ana", &headers).await;
        let message = "this can only be sent by the collector's own pages (a proxy in front must pass Host on, or \
                       use https: see docs/deploy.md)";
        check_error(response, 403, "foreign_page", None, message).await;
    }
    let own = [("origin", server.address.as_str()), ("sec-fetch-site", "same-origin")];
    assert_eq!(as_ana(Method::DELETE, "/v1/visitors/ana", &own).await.status(), 200);

    // Another login is another session; a new password ends them all.
    let again = cookie(&log_in(&server, "ana", "correct horse").await);
    assert_ne!(again, session);
    assert_eq!(as_ana(Method::DELETE, "/v1/session", &own).await.status(), 204);
    assert_eq!(as_ana(Method::GET, "/v1/session", &[]).await.status(), 401);
    let with_again = || server.request(Method::GET, "/v1/session").header("cookie", &again);
    assert_eq!(send(with_again()).await.status(), 200);
    server.store.set_password("ana", &hash).await.expect("it is set");
    assert_eq!(send(with_again()).await.status(), 401);
}

async fn a_login_that_is_wrong_says_nothing(on: On) {
    let server = Server::on(on).await;
    let hash = hash_password("correct horse").expect("a hash");
    server.store.set_password("ana", &hash).await.expect("it is set");
    let message = "there is nobody of this name and password";
    for (user, password) in
        [("ana", "correct  horse"), ("eva", "correct horse"), ("' OR 1=1 --", "x")]
    {
        let response = log_in(&server, user, password).await;
        assert_eq!(header(&response, "set-cookie"), "");
        check_error(response, 401, "wrong_password", None, message).await;
    }
    let foreign =
        server.request(Method::POST, "/v1/session").header("origin", "https://evil.example");
    let foreign = foreign.json(&json!({"user": "ana", "password": "correct horse"}));
    assert_eq!(send(foreign).await.status(), 403, "nobody is logged in by another's page");
    let nonsense = server.request(Method::POST, "/v1/session").body("user=ana");
    assert_eq!(send(nonsense).await.status(), 400);
    // Guessing takes longer than anybody has: of many at once, most are not even looked at.
    let guesses = (0..40).map(|_| log_in(&server, "ana", "guess"));
    let guesses = futures_util::future::join_all(guesses).await;
    let refused = guesses.iter().filter(|it| it.status() == StatusCode::TOO_MANY_REQUESTS);
    let seconds: Vec<u32> =
        refused.map(|it| header(it, "retry-after").parse().expect("seconds")).collect();
    assert!(seconds.len() >= 20, "{} of 40 were refused", seconds.len());
    assert!(seconds.iter().all(|&seconds| seconds >= 1));
}

async fn a_survey_with_a_key_takes_nothing_without(on: On) {
    let server = Server::on(on).await;
    let key = WriteKey::mint(&server.store, "checkout").await.expect("a key").to_string();
    let message =
        "the survey checkout takes responses with its key alone (data-header-x-sondeo-key)";
    for wrong in [None, Some("key_0000"), Some("")] {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(wrong.map(|key| ("x-sondeo-key", key)));
        let response = server.post_with(&headers, COMPLETED).await;
        check_error(response, 403, "wrong_key", None, message).await;
    }
    assert_eq!(server.post(PARTIAL).await.status(), 201, "another survey");
    let headers = [("content-type", "text/plain"), ("x-sondeo-key", key.as_str())];
    assert_eq!(server.post_with(&headers, COMPLETED).await.status(), 201);
    let in_query = server.request(Method::POST, &format!("/v1/responses?key={key}"));
    let in_query = in_query.header("content-type", "application/json").body(COMPLETED);
    assert_eq!(send(in_query).await.status(), 200);
}

#[tokio::test]
async fn behind_https_the_cookie_is_bound_to_it() {
    let server = Server::start_with(&["--https"]).await;
    let hash = hash_password("correct horse").expect("a hash");
    server.store.set_password("ana", &hash).await.expect("it is set");
    let login = log_in(&server, "ana", "correct horse").await;
    let cookie = header(&login, "set-cookie");
    assert!(cookie.starts_with("__Host-sondeo=") && cookie.split("; ").any(|it| it == "Secure"));
    assert_eq!(header(&login, "strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn a_link_opens_the_dashboard_once() {
    let (server, link) = Server::start_with_link().await;
    let opened = server.get(&link, &[]).await;
    assert_eq!(
        (opened.status(), header(&opened, "location")),
        (StatusCode::SEE_OTHER, "../../dashboard/")
    );
    let session = cookie(&opened);
    assert_eq!(server.get("/v1/surveys", &[("cookie", &session)]).await.status(), 200);
    let message =
        "this link opens the dashboard no longer; start the collector with --link for a new one";
    check_error(server.get(&link, &[]).await, 401, "wrong_link", None, message).await;
}

#[tokio::test]
async fn who_sends_too_much_is_told_to_wait() {
    let server = Server::start_with(&["--address-limit", "5"]).await;
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(server.post(COMPLETED).await.status().as_u16());
    }
    assert_eq!(statuses, [201, 200, 200, 200, 200, 429, 429, 429]);
    let refused = server.post(COMPLETED).await;
    let seconds = header(&refused, "retry-after").to_owned();
    let message = format!("too many requests; send it again in {seconds} s");
    assert_eq!(header(&refused, "access-control-allow-origin"), "*", "the page may read why");
    check_error(refused, 429, "too_many_requests", None, &message).await;
}

#[tokio::test]
async fn a_survey_has_its_share_and_others_theirs() {
    let server = Server::start_with(&["--survey-limit", "2"]).await;
    assert_eq!(server.post(COMPLETED).await.status(), 201);
    assert_eq!(server.post(COMPLETED).await.status(), 200);
    assert_eq!(server.post(COMPLETED).await.status(), 429);
    assert_eq!(server.post(PARTIAL).await.status(), 201);
}

#[tokio::test]
async fn forwarded_addresses_are_believed_of_trusted_proxies_alone() {
    for (trusted, last) in [(&["--trusted-proxy", "127.0.0.1"][..], 201), (&[], 429)] {
        let arguments = [&["--address-limit", "1"], trusted].concat();
        let server = Server::start_with(&arguments).await;
        for (number, sender, status) in
            [(1, "203.0.113.1", 201), (2, "203.0.113.1", 429), (3, "203.0.113.2", last)]
        {
            let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}");
            let headers = [("content-type", "application/json"), ("x-forwarded-for", sender)];
            let body = with(COMPLETED, json!({"id": id})).to_string();
            assert_eq!(server.post_with(&headers, body).await.status(), status, "{number}");
        }
    }
}
