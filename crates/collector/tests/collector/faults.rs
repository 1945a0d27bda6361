//! What can go wrong around the collector: it says so, loses nothing, and goes on.

use crate::support::postgres::Cluster;
use crate::support::{COMPLETED, On, PARTIAL, Server, check_error, header, with};
use serde_json::json;
use std::time::{Duration, Instant};

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
