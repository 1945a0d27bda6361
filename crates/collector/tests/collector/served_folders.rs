use crate::support::{Server, check_error, header};
use reqwest::Method;
use std::fs;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn start() -> (Server, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in [
        ("studio/index.html", "the studio"),
        ("studio/healthz", "hides nothing"),
        ("studio/.env", "secret"),
        ("shop/index.html", "the shop"),
        ("shop/assets/.env", "secret"),
        ("shop/assets/.git/config", "secret"),
        ("shop/cart/index.html", "the cart"),
        ("shop/app.js", "plain"),
        ("shop/app.js.br", "compressed"),
        ("outside.txt", "outside"),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }
    let studio = folder.path().join("studio").display().to_string();
    let shop = format!("/shop={}", folder.path().join("shop").display());
    (Server::start_with(&["--site", &studio, "--site", &shop]).await, folder)
}

#[tokio::test]
async fn folders_are_served_at_the_root_and_below_a_path() {
    let (server, _folder) = start().await;
    for (path, body) in [
        ("/", "the studio"),
        ("/index.html", "the studio"),
        ("/shop/", "the shop"),
        ("/shop/?step=2", "the shop"),
        ("/shop/cart/", "the cart"),
        ("/shop/app.js", "plain"),
    ] {
        let response = server.get(path, &[]).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(header(&response, "cache-control"), "no-cache");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert_eq!(response.text().await.expect("a body"), body);
    }
    let response = server.get("/shop/app.js", &[("accept-encoding", "br")]).await;
    assert_eq!(header(&response, "content-encoding"), "br");
    assert_eq!(response.text().await.expect("a body"), "compressed");
}

#[tokio::test]
async fn a_folder_without_its_slash_is_redirected_to_it() {
    let (server, _folder) = start().await;
    for (path, location) in [
        ("/shop", "/shop/"),
        ("/shop?step=2", "/shop/?step=2"),
        ("/shop/cart", "/shop/cart/"),
        ("/shop//cart", "/shop/cart/"),
        ("/shop/%2f%2fcart", "/shop/cart/"),
    ] {
        let response = server.get(path, &[]).await;
        assert!(response.status().is_redirection(), "{path}");
        assert_eq!(header(&response, "location"), location);
    }
}

#[tokio::test]
async fn the_interface_comes_first_and_nothing_outside_is_served() {
    let (server, _folder) = start().await;
    let health = server.get("/healthz", &[]).await.text().await.expect("a body");
    assert_eq!(health, "{\"status\":\"ok\"}");
    let message = "there is nothing at this address; responses go to /v1/responses";
    for path in [
        "/shopping",
        "/missing",
        "/.env",
        "/%2eenv",
        "/%2e%2e/outside.txt",
        "/shop/..%2f..%2foutside.txt",
        "/shop/%2e%2e/%2e%2e/outside.txt",
        "/shop/assets/.env",
        "/shop/assets%2f.env",
        "/shop/assets%2F.git/config",
        "/shop/assets%2f%2eenv",
        "/shop//assets//.env",
        "/shop/assets/%2Egit%2fconfig",
        "/shop/assets%5c.env",
    ] {
        check_error(server.get(path, &[]).await, 404, "not_found", None, message).await;
    }
    let response = server.request(Method::POST, "/shop/").send().await.expect("an answer");
    assert_eq!(header(&response, "allow"), "GET,HEAD");
    let message = "this address does not take this method";
    check_error(response, 405, "method_not_allowed", None, message).await;
}

/// A browser takes `//cart/` for the host `cart`.
#[tokio::test]
async fn no_redirect_leads_to_another_host() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("evil.example")).expect("a folder");
    let server = Server::start_with(&["--site", folder.path().to_str().expect("UTF-8")]).await;
    for path in ["//evil.example", "/%2fevil.example", "///evil.example", "/evil.example"] {
        let response = server.get(path, &[]).await;
        assert_eq!(response.status(), 307, "{path}");
        assert_eq!(header(&response, "location"), "/evil.example/", "{path}");
    }
}

/// A client of HTTP would tidy these paths up before it sends them.
#[tokio::test]
async fn paths_that_climb_lead_nowhere() {
    let (server, _folder) = start().await;
    let address = server.address.trim_start_matches("http://");
    for path in ["/../outside.txt", "/shop/../../outside.txt", "/shop/%2E%2e/%2e./outside.txt"] {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{path}: {answer}");
    }
}
