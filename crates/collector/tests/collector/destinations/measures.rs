//! What passing on costs, in figures: `cargo test --release -p sondeo-collector --test collector -- --ignored --nocapture
//! destinations::measures`.

#![allow(clippy::print_stdout, reason = "figures are what they are for")]

use super::{ALL, HERE, KEYS, Site, id};
use crate::support::stand_in::StandIn;
use crate::support::{COMPLETED, On, Server, on_both, send, with};
use reqwest::Method;
use serde_json::{Value as Json, json};
use std::time::{Duration, Instant};

on_both!(
    #[ignore = "measures"]
    storing_beside_two_destinations,
    #[ignore = "measures"]
    deliveries_a_second,
    #[ignore = "measures"]
    a_million_waits,
);

/// `SONDEO_RESPONSES=2000` says how many.
fn responses() -> u32 {
    std::env::var("SONDEO_RESPONSES").ok().and_then(|it| it.parse().ok()).unwrap_or(10_000)
}

/// Stores so many, in arrays of a hundred from eight senders; how many a second.
async fn store(site: &Site, from: u32) -> f64 {
    let begun = Instant::now();
    let count = responses();
    let senders = (0..8).map(async |sender| {
        for array in (0..count / 100).filter(|array| array % 8 == sender) {
            let responses: Vec<Json> = (0..100)
                .map(|index| with(COMPLETED, json!({"id": id(from + array * 100 + index)})))
                .collect();
            let answer = site.server.post(json!(responses).to_string()).await;
            assert_eq!(answer.status(), 201);
        }
    });
    futures_util::future::join_all(senders).await;
    f64::from(count) / begun.elapsed().as_secs_f64()
}

async fn storing_beside_two_destinations(on: On) {
    let receiver = StandIn::willing().await;
    let (without, waiting, delivering) =
        (Site::on(on).await, Site::on(on).await, Site::on(on).await);
    for (site, state) in [(&waiting, "paused"), (&delivering, "active")] {
        for _ in 0..2 {
            site.webhook(&receiver, json!({"state": state})).await;
        }
    }
    // In turns, so that what else the machine does is the same to all of them.
    let mut best = [0.0_f64; 3];
    for round in 0..3 {
        for (best, site) in best.iter_mut().zip([&without, &waiting, &delivering]) {
            *best = best.max(store(site, round * responses()).await);
        }
    }
    let [none, waiting, delivering] = best;
    println!(
        "{on:?}: {none:.0} responses a second without destinations, {waiting:.0} ({:.0} %) with two that wait, \
         {delivering:.0} ({:.0} %) with two that are delivered meanwhile",
        waiting / none * 100.0,
        delivering / none * 100.0
    );
}

async fn deliveries_a_second(on: On) {
    let site = Site::on(on).await;
    let receiver = StandIn::willing().await;
    let hook = site.webhook(&receiver, json!({"state": "paused"})).await;
    store(&site, 0).await;
    let begun = Instant::now();
    site.call(Method::PATCH, &format!("{ALL}/{hook}"), Some(json!({"state": "active"}))).await;
    while site.destination(&hook).await["waiting"] != 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let rate = f64::from(responses()) / begun.elapsed().as_secs_f64();
    println!("{on:?}: {rate:.0} deliveries a second");
}

async fn a_million_waits(on: On) {
    let site = Site::on(on).await;
    let receiver = StandIn::willing().await;
    let hook = site.webhook(&receiver, json!({"state": "paused"})).await;
    site.post(1, json!({})).await;
    let number = i64::from_str_radix(&hook, 16).expect("an id");
    // All but one are of responses that nobody asks for here; the one that is due first is real.
    let numbers = match on {
        On::Sqlite => {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) \
             SELECT printf('0299a3c2-5f1e-7a3b-8c4d-%012x', i)"
        }
        On::Postgres => {
            "WITH n AS (SELECT generate_series(1, 1000000) AS i) \
             SELECT '0299a3c2-5f1e-7a3b-8c4d-' || lpad(to_hex(i), 12, '0')"
        }
    };
    site.sql(&format!(
        "INSERT INTO delivery (response, destination, revision, state, due, at) \
         {numbers}, {number}, 1, 'waiting', 9000 + i, 9000 + i FROM n"
    ))
    .await;
    site.sql("UPDATE delivery SET due = 1 WHERE response LIKE '0199%'").await;
    // As the server does by itself within a minute.
    site.sql("ANALYZE").await;
    let begun = Instant::now();
    let arguments = ["--destination-keys", KEYS, "--allow-destination", HERE];
    let again = Server::start_at_with(&site.server.database, &arguments).await;
    let start = begun.elapsed();
    let again = Site::of(again).await;
    let time = async |path: &str| {
        let begun = Instant::now();
        let request = again.server.request(Method::GET, path).bearer_auth(&again.token);
        assert_eq!(send(request).await.status(), 200);
        begun.elapsed()
    };
    let list = time(ALL).await;
    let waiting = time(&format!("{ALL}/{hook}/deliveries")).await;
    let dashboard = time("/v1/surveys/checkout/summary?from=2020-01-01&to=2030-01-01").await;
    let begun = Instant::now();
    again.call(Method::PATCH, &format!("{ALL}/{hook}"), Some(json!({"state": "active"}))).await;
    let changed = begun.elapsed();
    receiver.wait_for(1).await;
    let first = begun.elapsed();
    println!(
        "{on:?}, 1 000 000 waiting: start {start:?}, list of destinations {list:?}, of deliveries {waiting:?}, \
         summary {dashboard:?}, switched on {changed:?}, first delivery {first:?} after it"
    );
}
