use crate::support::{COMPLETED, Server, check_error, header};
use reqwest::{Method, Response};

const SHOP: &str = "https://shop.example";

async fn preflight(server: &Server, origin: &str) -> Response {
    let request = server
        .request(Method::OPTIONS, "/v1/responses")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,idempotency-key");
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), 204);
    assert_eq!(header(&response, "access-control-allow-credentials"), "");
    response
}

async fn post(server: &Server, origin: &str) -> Response {
    server.post_with(&[("content-type", "application/json"), ("origin", origin)], COMPLETED).await
}

#[tokio::test]
async fn every_origin_may_send_where_none_is_named() {
    let server = Server::start().await;
    for origin in [SHOP, "null"] {
        let response = preflight(&server, origin).await;
        assert_eq!(header(&response, "access-control-allow-origin"), "*");
        assert_eq!(header(&response, "access-control-allow-methods"), "POST");
        let allowed = header(&response, "access-control-allow-headers");
        assert_eq!(allowed, "content-type, idempotency-key, x-sondeo-key, *");
        assert_eq!(header(&response, "access-control-max-age"), "7200");
        assert_eq!(header(&response, "vary"), "");

        let response = post(&server, origin).await;
        assert!(response.status().is_success());
        assert_eq!(header(&response, "access-control-allow-origin"), "*");
    }
}

#[tokio::test]
async fn a_page_may_read_why_it_was_refused() {
    let server = Server::start().await;
    for body in ["", "{}", "[]", &"x".repeat(70_000)] {
        let response = server.post(body.to_owned()).await;
        assert!(response.status().is_client_error());
        assert_eq!(header(&response, "access-control-allow-origin"), "*");
    }
}

#[tokio::test]
async fn named_origins_may_send_and_no_others() {
    let server = Server::start_with(&["--origin", "https://blog.example", "--origin", SHOP]).await;
    for origin in
        ["https://evil.example", "http://shop.example", "https://shop.example:8443", "null"]
    {
        let response = preflight(&server, origin).await;
        assert_eq!(header(&response, "access-control-allow-origin"), "", "{origin}");
        assert_eq!(header(&response, "vary"), "Origin");

        let response = post(&server, origin).await;
        assert_eq!(header(&response, "access-control-allow-origin"), "", "{origin}");
        assert_eq!(header(&response, "vary"), "Origin");
        let message = format!(
            "the origin {origin} may not send responses here; its operator can allow it with --origin, and an owner of a site among the site's origins"
        );
        check_error(response, 403, "forbidden_origin", None, &message).await;
        assert!(server.stored().await.is_empty());
    }

    let response = preflight(&server, SHOP).await;
    assert_eq!(header(&response, "access-control-allow-origin"), SHOP);
    let response = post(&server, SHOP).await;
    assert_eq!(response.status(), 201);
    assert_eq!(header(&response, "access-control-allow-origin"), SHOP);
    assert_eq!(header(&response, "vary"), "Origin");
}

#[tokio::test]
async fn our_own_pages_and_other_servers_may_always_send() {
    let server = Server::start_with(&["--origin", SHOP]).await;
    let own = server.address.clone();
    assert_eq!(post(&server, &own).await.status(), 201);
    assert_eq!(server.post(COMPLETED).await.status(), 200, "without an origin");
    let other_scheme = own.replace("http://", "evil://");
    assert_eq!(post(&server, &other_scheme).await.status(), 403);
}

#[tokio::test]
async fn reading_is_not_for_pages_of_other_origins() {
    let server = Server::start().await;
    for path in ["/v1/responses", "/healthz"] {
        let response = server.get(path, &[("origin", SHOP)]).await;
        assert_eq!(header(&response, "access-control-allow-origin"), "", "{path}");
    }
}
