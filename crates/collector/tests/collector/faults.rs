//! What can go wrong around the collector: it says so, loses nothing, and goes on.

use crate::process::Process;
use crate::support::postgres::Cluster;
use crate::support::{COMPLETED, On, PARTIAL, Server, check_error, header, on_both, with};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

on_both!(
    broken_requests_leave_it_standing,
    numbers_out_of_range_and_other_types_are_refused,
    slow_clients_keep_nobody_waiting,
    guessed_tokens_and_forged_origins_get_nothing,
    more_connections_than_are_held_wait_and_are_served,
    many_connections_at_once,
);

const GONE: &str = "the database does not answer; send it again later";

#[tokio::test]
async fn a_database_that_goes_and_comes_back() {
    let mut cluster = Cluster::start();
    let server = Server::start_at(&cluster.database()).await;
    assert_eq!(server.post(COMPLETED).await.status(), 201);
    cluster.stop();
    let response = server.post(PARTIAL).await;
    assert_eq!(header(&response, "retry-after"), "5");
    check_error(response, 503, "unavailable", None, GONE).await;
    check_error(server.get("/healthz", &[]).await, 503, "unavailable", None, GONE).await;
    cluster.restart();
    let deadline = Instant::now() + Duration::from_secs(30);
    while server.post(PARTIAL).await.status() != 201 {
        assert!(Instant::now() < deadline, "it does not find its database again");
    }
    assert_eq!(server.post(COMPLETED).await.status(), 200, "it is still there");
    assert_eq!(server.get("/healthz", &[]).await.status(), 200);
    assert_eq!(server.stored().await.len(), 2);
}

/// The disk of the database's server is full: what is stored is acknowledged, nothing else is.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_server_without_room_is_no_success() {
    let id = |number: u32| json!({"id": format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}")});
    let mut cluster = Cluster::start();
    let server = Server::start_at(&cluster.database()).await;
    assert_eq!(server.post(with(COMPLETED, id(0)).to_string()).await.status(), 201);
    let is_back = async || {
        let deadline = Instant::now() + Duration::from_secs(60);
        while server.post(with(COMPLETED, id(0)).to_string()).await.status() != 200 {
            assert!(Instant::now() < deadline, "it does not find its database again");
        }
    };
    cluster.restart_without_room();
    is_back().await;
    let mut acknowledged = 1;
    let refused = loop {
        let answer = server.post(with(COMPLETED, id(acknowledged)).to_string()).await;
        if answer.status() != 201 {
            break answer;
        }
        acknowledged += 1;
        assert!(acknowledged < 2_000, "there is room");
    };
    assert_eq!(header(&refused, "retry-after"), "5");
    check_error(refused, 503, "unavailable", None, GONE).await;
    // What is stored already is acknowledged, and is no sign of room.
    for _ in 0..2 {
        assert_eq!(server.post(with(COMPLETED, id(0)).to_string()).await.status(), 200);
        assert_eq!(server.get("/healthz", &[]).await.status(), 503);
    }
    cluster.stop();
    cluster.restart();
    is_back().await;
    for number in 0..=acknowledged {
        let expected = if number < acknowledged { 200 } else { 201 };
        let again = server.post(with(COMPLETED, id(number)).to_string()).await;
        assert_eq!(again.status(), expected, "{number} of {acknowledged}");
    }
}

/// Whoever else holds the file for a while, a backup for instance, is waited out or reported.
#[tokio::test]
async fn a_file_that_somebody_else_holds_and_lets_go() {
    use sqlx::{ConnectOptions, Connection, Executor};
    let folder = tempfile::tempdir().expect("a folder");
    let database = On::Sqlite.database(folder.path());
    let server = Server::start_at(&database).await;
    assert_eq!(server.post(COMPLETED).await.status(), 201);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&database);
    let mut other = options.connect().await.expect("a connection");
    other.execute("BEGIN IMMEDIATE").await.expect("it is held");
    let response = server.post(PARTIAL).await;
    assert_eq!(header(&response, "retry-after"), "5");
    check_error(response, 503, "unavailable", None, GONE).await;
    assert_eq!(server.stored().await.len(), 1, "it can be read meanwhile");
    other.execute("ROLLBACK").await.expect("it is let go");
    other.close().await.expect("it closes");
    assert_eq!(server.post(PARTIAL).await.status(), 201);
    assert_eq!(server.stored().await.len(), 2);
}

/// A SQLite file that may not grow stands for a disk that is full: the same error of SQLite's.
#[tokio::test]
async fn a_full_disk_refuses_and_keeps() {
    let server = Server::start_on(On::Sqlite, &["--max-pages", "120"]).await;
    let mut kept = 0;
    let refused = loop {
        let id = format!("0199a3c2-5f1e-7a3b-8c4d-{kept:012}");
        let filler = "x".repeat(9_000);
        let body = with(COMPLETED, json!({"id": id, "custom": {"filler": filler}}));
        let response = server.post(body.to_string()).await;
        if response.status() != 201 {
            break response;
        }
        kept += 1;
        assert!(kept < 500, "the limit is none");
    };
    assert_eq!(header(&refused, "retry-after"), "5");
    check_error(refused, 503, "unavailable", None, GONE).await;
    assert!(kept > 1, "there was room for some");
    // What is there can be read, and what is stored already is still acknowledged.
    assert_eq!(server.stored().await.len(), kept);
    let first = with(COMPLETED, json!({"id": "0199a3c2-5f1e-7a3b-8c4d-000000000000"}));
    assert_eq!(server.post(first.to_string()).await.status(), 200);
}

/// Sends these bytes, and gives all that is answered until the server closes.
async fn raw(server: &Server, bytes: &[u8]) -> String {
    let mut stream = connect(server).await;
    stream.write_all(bytes).await.expect("it is sent");
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(60), reading).await.expect("it is closed");
    String::from_utf8_lossy(&answer).into_owned()
}

async fn connect(server: &Server) -> TcpStream {
    let address = server.address.trim_start_matches("http://");
    TcpStream::connect(address).await.expect("a connection")
}

/// What no browser sends: each is answered with an error, or the connection is closed; nothing is stored.
async fn broken_requests_leave_it_standing(on: On) {
    let server = Server::on(on).await;
    let post = "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    for (name, bytes, expected) in [
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00".to_vec(), "HTTP/1.1 400"),
        (
            "a header without an end",
            [b"GET / HTTP/1.1\r\nx: ".as_slice(), &[b'y'; 600_000]].concat(),
            "HTTP/1.1 431",
        ),
        (
            "no length that is one",
            format!("{post}content-length: -1\r\n\r\n").into_bytes(),
            "HTTP/1.1 400",
        ),
        (
            "two lengths",
            format!("{post}content-length: 1\r\ncontent-length: 2\r\n\r\n").into_bytes(),
            "HTTP/1.1 400",
        ),
        (
            "wrong UTF-8",
            [
                format!("{post}content-length: 4\r\nconnection: close\r\n\r\n").as_bytes(),
                b"\"\xff\xfe\"",
            ]
            .concat(),
            "HTTP/1.1 400",
        ),
        (
            "wrong chunks",
            format!("{post}transfer-encoding: chunked\r\nconnection: close\r\n\r\nzz\r\n")
                .into_bytes(),
            "HTTP/1.1 400",
        ),
    ] {
        let answer = raw(&server, &bytes).await;
        assert!(answer.starts_with(expected), "{name}: {answer:?}");
    }
    // Half a body, and then nobody.
    let mut stream = connect(&server).await;
    let half = format!("{post}content-length: {}\r\n\r\n{}", COMPLETED.len(), &COMPLETED[..200]);
    stream.write_all(half.as_bytes()).await.expect("it is sent");
    drop(stream);
    assert!(server.stored().await.is_empty());
    assert_eq!(server.post(COMPLETED).await.status(), 201);
}

/// A hundred who send half of what they have to say and then nothing, and who say the rest in the end.
async fn slow_clients_keep_nobody_waiting(on: On) {
    let server = Server::on(on).await;
    let mut slow = Vec::new();
    for number in 0..100 {
        let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012x}");
        let body = with(COMPLETED, json!({ "id": id })).to_string();
        let head = format!(
            "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        let mut stream = connect(&server).await;
        let (now, later) = body.split_at(body.len() / 2);
        stream.write_all(format!("{head}{now}").as_bytes()).await.expect("it is sent");
        slow.push((stream, later.to_owned()));
    }
    let others = server.post(PARTIAL);
    let others = tokio::time::timeout(Duration::from_secs(10), others).await;
    assert_eq!(others.expect("nobody is waited for").status(), 201);
    assert_eq!(server.stored().await.len(), 1, "half a body is none");
    for (stream, later) in &mut slow {
        stream.write_all(later.as_bytes()).await.expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }
    assert_eq!(server.store.waiting(), 0);
}

async fn guessed_tokens_and_forged_origins_get_nothing(on: On) {
    let origins = ["--origin", "https://shop.example"];
    let server = Server::start_on(on, &origins).await;
    for origin in [
        "https://shop.example.evil.example",
        "https://shop.example:444",
        "http://shop.example",
        "https://evil.example/https://shop.example",
        "null",
        "",
    ] {
        let headers = [("content-type", "application/json"), ("origin", origin)];
        let response = server.post_with(&headers, COMPLETED).await;
        assert_eq!(response.status(), 403, "{origin}");
        assert_eq!(header(&response, "access-control-allow-origin"), "", "{origin}");
    }
    assert!(server.stored().await.is_empty());
    assert_eq!(server.post(COMPLETED).await.status(), 201);
    let long = "x".repeat(8_000);
    for guess in ["", "sondeo_", "sondeo_x", "' OR ''='", "sondeo_%", &long] {
        for path in ["/v1/responses", "/v1/export.csv", "/metrics", "/v1/visitors/ana"] {
            let bearer = format!("Bearer {guess}");
            let response = server.get(path, &[("authorization", &bearer)]).await;
            assert_eq!(response.status(), 401, "{path} with {guess:?}");
            let body = response.text().await.expect("a body");
            assert!(!body.contains("checkout"), "{body}");
        }
    }
}

async fn numbers_out_of_range_and_other_types_are_refused(on: On) {
    let server = Server::on(on).await;
    for (pointer, value) in [
        ("/revision", "4294967296"),
        ("/revision", "-1"),
        ("/revision", "1e400"),
        ("/revision", "1.5"),
        ("/elapsed_ms", "18446744073709551616"),
        ("/elapsed_ms", "-1"),
        ("/visit", "99999999999999999999999"),
        ("/answers/0/value", "9223372036854775808"),
        ("/answers/0/value", "1e2"),
        ("/answers/0/value", "null"),
        ("/answers/0/value", "{\"a\":1}"),
        ("/answers/0/points", "256"),
        ("/client/viewport", "[1,2,3]"),
        ("/client/viewport", "[-1,2]"),
        ("/answers", "{}"),
        ("/custom", "{\"a\":1}"),
        ("/page", "null"),
        ("/shown_at", "1763750413123"),
        ("/id", "{}"),
    ] {
        let mut response = with(COMPLETED, json!({}));
        *response.pointer_mut(pointer).expect("a field") = "PLACE".into();
        let body = response.to_string().replace("\"PLACE\"", value);
        let answer = server.post(body).await;
        let status = answer.status().as_u16();
        assert!(matches!(status, 400 | 422), "{pointer} {value}: {status}");
        let error: serde_json::Value = answer.json().await.expect("JSON");
        assert!(error["error"]["message"].is_string());
    }
    // The largest that can be read is not taken for another one.
    let mut longest = with(COMPLETED, json!({}));
    longest["elapsed_ms"] = json!(u64::MAX);
    let message = "elapsed_ms must be at most 3155760000000 (a hundred years)";
    let answer = server.post(longest.to_string()).await;
    check_error(answer, 422, "invalid_response", Some("elapsed_ms"), message).await;
    assert!(server.stored().await.is_empty());
}

/// Clients that connect and say nothing hold a place each for some seconds, and nobody is turned away for
/// them: who comes meanwhile waits.
async fn more_connections_than_are_held_wait_and_are_served(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = on.database(folder.path());
    let process = Process::start_with(&database, &["--connections", "50"]).await;
    let address = process.address.trim_start_matches("http://").to_owned();
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(TcpStream::connect(&address).await.expect("a connection"));
    }
    let answer =
        tokio::time::timeout(Duration::from_secs(90), process.post(with(COMPLETED, json!({}))));
    assert_eq!(answer.await.expect("an answer in time").status(), 201);
}

/// Ten thousand at once, most of them silent. `SONDEO_CONNECTIONS_TEST=10000` says how many.
async fn many_connections_at_once(on: On) {
    let count = std::env::var("SONDEO_CONNECTIONS_TEST").ok().and_then(|text| text.parse().ok());
    let count: u64 = count.unwrap_or(2_000);
    let granted = rlimit::increase_nofile_limit(count + 200).expect("a limit");
    let count = count.min(granted.saturating_sub(200));
    let folder = tempfile::tempdir().expect("a folder");
    let database = on.database(folder.path());
    let limits =
        ["--connections", "20000", "--connections-per-address", "0", "--address-limit", "0"];
    let process = Process::start_with(&database, &limits).await;
    let address = process.address.trim_start_matches("http://").to_owned();
    let mut open = Vec::new();
    for _ in 0..count {
        open.push(TcpStream::connect(&address).await.expect("a connection"));
    }
    assert_eq!(process.post(with(COMPLETED, json!({}))).await.status(), 201);
    // Each of them still works.
    let request = b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let mut served = 0;
    for stream in open.iter_mut().step_by(97) {
        if stream.write_all(request).await.is_ok() {
            let mut answer = String::new();
            let read = stream.read_to_string(&mut answer).await;
            served += u32::from(read.is_ok() && answer.starts_with("HTTP/1.1 200"));
        }
    }
    assert!(served > 0, "none of {count} was served");
    assert_eq!(process.post(with(COMPLETED, json!({}))).await.status(), 200);
}

/// A disk whose syncs fail must not be taken for one that keeps what it is given.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_sync_that_fails_is_no_success() {
    // The first syncs are those of making the tables.
    refuses_and_keeps("fdatasync,fsync", "EIO", 200).await;
}

/// The disk itself says that it is full, in the middle of whatever is written then.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_write_without_room_is_no_success() {
    refuses_and_keeps("pwrite64", "ENOSPC", 3_000).await;
}

/// From a certain call on, the system refuses: so does the collector, and what it acknowledged before is there.
#[cfg(target_os = "linux")]
async fn refuses_and_keeps(calls: &str, error: &str, from: u32) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = On::Sqlite.database(folder.path());
    let mut command = tokio::process::Command::new("strace");
    command.args(["-f", "-o", "/dev/null", "-e", &format!("trace={calls}")]);
    command.args(["-e", &format!("inject={calls}:error={error}:when={from}+")]);
    command.arg(env!("CARGO_BIN_EXE_sondeo-collector"));
    command.args(["serve", "--accept", "any", "--listen", "127.0.0.1:0"]);
    command.args(["--database", &database]);
    command.kill_on_drop(true).stderr(std::process::Stdio::null());
    let mut process = Process::spawn(command).await;
    let id = |number: u32| json!({"id": format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}")});
    let mut acknowledged = 0;
    let refused = loop {
        let answer = process.post(with(COMPLETED, id(acknowledged))).await;
        if answer.status() != 201 {
            break answer;
        }
        acknowledged += 1;
        assert!(acknowledged < 2_000, "no call fails");
    };
    assert!(acknowledged > 0, "some were stored before");
    assert_eq!(header(&refused, "retry-after"), "5");
    check_error(refused, 503, "unavailable", None, GONE).await;
    crate::syncing::end(&mut process).await;
    let process = Process::start_with(&database, &[]).await;
    for number in 0..acknowledged {
        let again = process.post(with(COMPLETED, id(number))).await;
        assert_eq!(again.status(), 200, "what was acknowledged before is there");
    }
}
