//! `kill -9` under load, again and again: what was acknowledged is there, once, and nothing else is.
//!
//! `SONDEO_KILLS=50` says how often; without it, often enough to see a store that does not keep its word.

use crate::process::Process;
use crate::support::{COMPLETED, On, client, on_both, with};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinSet;

on_both!(nothing_that_was_acknowledged_is_lost);

/// Clients that send at the same time.
const CLIENTS: u32 = 16;

fn rounds() -> u32 {
    std::env::var("SONDEO_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(4)
}

fn id(number: u32) -> String {
    format!("0199a3c2-5f1e-7a3b-8c4d-{number:012x}")
}

async fn nothing_that_was_acknowledged_is_lost(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = on.database(folder.path());
    let limits = ["--address-limit", "0", "--survey-limit", "0"];
    let mut process = Process::start_with(&database, &limits).await;
    let token = process.token.clone().expect("a token at first start");
    let next = Arc::new(AtomicU32::new(0));
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    for round in 1..=rounds() {
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let (next, acknowledged) = (Arc::clone(&next), Arc::clone(&acknowledged));
            let url = format!("{}/v1/responses", process.address);
            clients.spawn(async move {
                let client = client();
                loop {
                    let id = id(next.fetch_add(1, Ordering::Relaxed));
                    let request = client.post(&url).json(&with(COMPLETED, json!({"id": id})));
                    let Ok(answer) = request.send().await else { break };
                    if answer.status() == 201 {
                        acknowledged.lock().expect("no panic").insert(id);
                    }
                }
            });
        }
        // It dies in the middle of the work: at another moment each time, and not before any was done.
        let enough = acknowledged.lock().expect("no panic").len() + 100 + round as usize * 7 % 50;
        while acknowledged.lock().expect("no panic").len() < enough {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        process.child.kill().await.expect("SIGKILL");
        clients.join_all().await;
        process = Process::start_with(&database, &limits).await;

        let request = client().get(format!("{}/v1/export.ndjson", process.address));
        let export = request.bearer_auth(&token).send().await.expect("an answer");
        let export = export.text().await.expect("a file");
        let lines: Vec<&str> = export.lines().collect();
        let stored: BTreeSet<String> = lines
            .iter()
            .map(|line| {
                let response: serde_json::Value = serde_json::from_str(line).expect("JSON");
                response["id"].as_str().expect("an id").to_owned()
            })
            .collect();
        assert_eq!(stored.len(), lines.len(), "none is there twice");
        let acknowledged = acknowledged.lock().expect("no panic").clone();
        let lost: Vec<_> = acknowledged.difference(&stored).collect();
        assert!(lost.is_empty(), "round {round}: acknowledged and lost: {lost:?}");
        // What was not acknowledged may be there: the answer was on its way. What was never sent may not.
        let sent: BTreeSet<String> = (0..next.load(Ordering::Relaxed)).map(id).collect();
        assert!(stored.is_subset(&sent));
    }
    drop(process);
    let store = sondeo_collector::store::Store::open(&database.parse().expect("a database")).await;
    let report = store.expect("it opens").verify().await.expect("it answers");
    assert_eq!(report.faults, Vec::<String>::new(), "every count is that of the responses");
}
