//! Nobody is locked out by strangers, and guessing leads nowhere.

use crate::access::{cookie, log_in};
use crate::guessing::{device, log_in_with};
use crate::process::{Process, program};
use crate::support::{On, Server, check_error, client, header, on_both, send};
use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use sondeo_collector::hash_password;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

on_both!(
    a_login_is_a_small_body,
    pages_of_others_do_not_use_up_logins,
    an_account_has_a_budget_and_its_owner_another,
    who_guesses_beside_a_user_keeps_no_user_out,
    sessions_of_links_are_listed_and_ended,
);

const PASSWORD: &str = "correct horse";

async fn with_ana(on: On, arguments: &[&str]) -> Server {
    let server = Server::start_on(on, arguments).await;
    let hash = hash_password(PASSWORD).expect("a hash");
    server.store.set_password("ana", &hash).await.expect("it is set");
    server
}

async fn pages_of_others_do_not_use_up_logins(on: On) {
    let server = with_ana(on, &[]).await;
    for _ in 0..15 {
        let image = [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "no-cors"),
            ("sec-fetch-dest", "image"),
        ];
        assert_eq!(server.get("/v1/session/x", &image).await.status(), 403);
        assert_eq!(server.get("/v1/session/x", &[]).await.status(), 401);
        let form =
            server.request(Method::POST, "/v1/session").header("origin", "https://evil.example");
        assert_eq!(send(form.body("{}")).await.status(), 403);
    }
    assert_eq!(log_in(&server, "ana", PASSWORD).await.status(), 204);
}

/// A body of some megabytes is refused as soon as it is too long, whether its length is said or not.
async fn a_login_is_a_small_body(on: On) {
    let server = with_ana(on, &[]).await;
    let large = json!({"user": "ana", "password": "x".repeat(9_000)});
    let login = server.request(Method::POST, "/v1/session").json(&large);
    let message = "the body is larger than 8192 bytes";
    check_error(send(login).await, 413, "too_large", None, message).await;
    let address = server.address.trim_start_matches("http://");
    for framing in
        ["content-length: 1900000\r\n\r\n", "transfer-encoding: chunked\r\n\r\nffffff\r\n"]
    {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let head = "POST /v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
        let begin = format!("{head}{framing}{}", " ".repeat(20_000));
        stream.write_all(begin.as_bytes()).await.expect("it is sent");
        let mut status = [0; 12];
        let answer = stream.read_exact(&mut status);
        let answer = tokio::time::timeout(Duration::from_secs(5), answer).await;
        answer.expect("it waits for the end").expect("an answer");
        assert_eq!(&status, b"HTTP/1.1 413");
    }
    assert_eq!(log_in(&server, "ana", PASSWORD).await.status(), 204);
}

async fn log_in_from(server: &Server, address: &str, password: &str) -> Response {
    let login = server.request(Method::POST, "/v1/session").header("x-forwarded-for", address);
    send(login.json(&json!({"user": "ana", "password": password}))).await
}

async fn an_account_has_a_budget_and_its_owner_another(on: On) {
    let server = with_ana(on, &["--trusted-proxy", "127.0.0.1"]).await;
    let home = "203.0.113.200";
    assert_eq!(log_in_from(&server, home, PASSWORD).await.status(), 204);
    let mut looked_at = 0;
    for number in 1..=60 {
        let guess = log_in_from(&server, &format!("198.51.100.{number}"), "guess").await;
        match guess.status() {
            StatusCode::UNAUTHORIZED => looked_at += 1,
            status => {
                assert_eq!(status, 429);
                assert!(!header(&guess, "retry-after").is_empty());
            }
        }
    }
    assert!((5..15).contains(&looked_at), "{looked_at} of 60 guesses were looked at");
    assert_eq!(log_in_from(&server, home, PASSWORD).await.status(), 204, "she logged in before");
}

/// Behind one address there are many people.
async fn who_guesses_beside_a_user_keeps_no_user_out(on: On) {
    let server = with_ana(on, &[]).await;
    let login = log_in(&server, "ana", PASSWORD).await;
    assert_eq!(login.status(), 204);
    let mut last = StatusCode::OK;
    for _ in 0..12 {
        last = log_in(&server, "bob", "guess").await.status();
    }
    assert_eq!(last, 429);
    assert_eq!(log_in(&server, "ana", PASSWORD).await.status(), 204, "she logged in before");
    for _ in 0..12 {
        last = log_in(&server, "ana", "guess").await.status();
    }
    assert_eq!(last, 429, "guesses have their limit there, too");
    // Also of this very name: her browser has logins of its own.
    let device = device(&login);
    assert_eq!(log_in_with(&server, &device, "ana", PASSWORD).await.status(), 204);
}

async fn sessions_of_links_are_listed_and_ended(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = on.database(folder.path());
    let (server, link) = Server::start_at_with_link(&database).await;
    let session = cookie(&server.get(&link, &[]).await);
    let is_in = async || server.get("/v1/session", &[("cookie", &session)]).await.status();
    assert_eq!(is_in().await, 200);
    let user = async |arguments: &[&str]| {
        let mut command = program();
        command.args(["user", "--database", &database]).args(arguments);
        let output = command.output().await.expect("it runs");
        (output.status.success(), String::from_utf8(output.stdout).expect("UTF-8"))
    };
    assert_eq!(user(&[]).await, (true, "link\t1 session\n".to_owned()));
    assert!(user(&["link", "--remove"]).await.0, "its sessions are ended");
    assert_eq!(is_in().await, 401);
    assert_eq!(user(&[]).await, (true, String::new()));
    assert!(!user(&["link", "--remove"]).await.0, "there are none");
    assert!(!user(&["link"]).await.0, "no user has this name");
}

#[tokio::test]
async fn a_link_survives_those_who_look_ahead() {
    let (server, link) = Server::start_with_link().await;
    let head = send(server.request(Method::HEAD, &link)).await;
    assert_eq!((head.status().as_u16(), header(&head, "set-cookie")), (204, ""));
    for preview in [
        ("sec-purpose", "prefetch"),
        ("purpose", "prefetch"),
        ("user-agent", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"),
        ("user-agent", "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Microsoft Teams"),
        ("user-agent", "mattermost-9.5.0"),
        ("user-agent", "Viber/13.3.0"),
        ("user-agent", "Mozilla/4.0 (compatible; ms-office; MSOffice 16)"),
        ("user-agent", "Barracuda Sentinel (EE)"),
        ("user-agent", "Mozilla/5.0 (compatible; Proofpoint URL Defense)"),
    ] {
        let looked = server.get(&link, &[preview]).await;
        assert_eq!((looked.status().as_u16(), header(&looked, "set-cookie")), (204, ""));
    }
    let framed = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
    let message = "this can only be sent by the collector's own pages (a proxy in front must pass Host on, or use https: \
                   see docs/deploy.md)";
    check_error(server.get(&link, &framed).await, 403, "foreign_page", None, message).await;
    let followed = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    assert_eq!(server.get(&link, &followed).await.status(), 303);
    assert_eq!(server.get(&link, &[]).await.status(), 401);
}

/// Whoever reads the log learns from where somebody tried, and no password that was typed in the wrong place.
#[tokio::test]
async fn a_failed_login_is_one_short_line_without_what_was_typed() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    let mut command = program();
    command.args(["serve", "--listen", "127.0.0.1:0", "--database"]);
    command
        .arg(folder.path().join("sondeo.db"))
        .stderr(std::fs::File::create(&log).expect("a file"));
    let process = Process::spawn(command).await;
    let url = format!("{}/v1/session", process.address);
    for user in ["hunter2-is-my-password", &"long".repeat(1_500), "two\nlines", "nothing\0here"] {
        let login = json!({"user": user, "password": "x"});
        let answer = send(client().post(&url).json(&login)).await;
        assert_eq!(answer.status(), 401);
    }
    let deadline = Instant::now() + Duration::from_secs(20);
    let lines = loop {
        let text = std::fs::read_to_string(&log).expect("UTF-8");
        let failed = text.lines().filter(|it| it.contains("a login failed"));
        let lines: Vec<String> = failed.map(str::to_owned).collect();
        if lines.len() == 4 {
            break lines;
        }
        assert!(Instant::now() < deadline, "{text}");
        tokio::task::yield_now().await;
    };
    for line in lines {
        assert!(line.contains("127.0.0.1") && line.len() < 200, "{line}");
        assert!(!line.contains("hunter2") && !line.contains("longlong"), "{line}");
    }
}

/// U+0000 is no letter of a name in any database.
#[tokio::test]
async fn a_name_that_no_database_holds_is_nobodys() {
    let server = Server::on(On::Postgres).await;
    assert_eq!(log_in(&server, "ana\0", PASSWORD).await.status(), 401);
}
