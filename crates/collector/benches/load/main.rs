//! What the collector carries: `cargo xtask bench collector`.
//!
//! Everything runs on this machine, the load beside the server, for some seconds each. The load is open:
//! requests are due at fixed times, and a latency counts from that time, so that a server that stalls
//! cannot hide it by being asked less (coordinated omission).
#![allow(clippy::print_stdout, reason = "it prints a report")]

mod browser;
mod client;
mod server;
mod strangers;

use browser::Browser;
use client::{Load, Outcome};
use server::Server;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// Seconds of each measurement.
const SECONDS: u64 = 8;
/// What a sync of a plain disk takes, in milliseconds.
const SLOW_SYNC: u32 = 4;
/// Responses of the summary that is timed; `SONDEO_BENCH_RESPONSES` says another number.
const RESPONSES: u64 = 1_000_000;

fn main() {
    // `cargo bench` and `cargo test` pass options of their own.
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|it| !it.starts_with("--")).collect();
    if arguments.first().is_some_and(|it| it == "discard") {
        return server::discard();
    }
    let wanted = |name: &str| arguments.is_empty() || arguments.iter().any(|it| it == name);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    if wanted("write") {
        runtime.block_on(write());
    }
    if wanted("sites") {
        runtime.block_on(sites());
    }
    if wanted("strangers") {
        runtime.block_on(strangers::latency());
        runtime.block_on(strangers::rows());
        runtime.block_on(strangers::memory());
    }
    if wanted("summary") || wanted("dashboard") {
        let folder = seeded();
        if wanted("summary") {
            runtime.block_on(summary(folder.path()));
        }
        if wanted("dashboard") {
            runtime.block_on(dashboard(folder.path()));
        }
    }
}

/// How fast responses are stored, and how long that takes.
async fn write() {
    let folder = tempfile::tempdir().expect("a folder");
    let sync = sync_latency(folder.path());
    println!("sync of the disk            {sync:>10.2} ms (median)");

    let discard = Server::discard();
    let bare = peak(&discard.address).await;
    println!(
        "answered without storing    {:>10.0} /s   p99 {:.0} ms",
        bare.good_rate(),
        bare.p99()
    );
    drop(discard);

    let server = Server::sqlite(folder.path());
    println!("start                       {:>10.0} ms", server.started_in.as_secs_f64() * 1_000.0);
    let full = peak(&server.address).await;
    let share = 100.0 * full.good_rate() / bare.good_rate();
    println!("stored and synced (SQLite)  {:>10.0} /s   {share:.0} % of that", full.good_rate());
    let half = Load { connections: 256, rate: full.good_rate() / 2.0, ..Load::default() };
    let half = half.run(&server.address).await;
    println!(
        "at half of that             {:>10.0} /s   p50 {:.1} ms   p99 {:.1} ms   {} refused",
        half.good_rate(),
        half.percentile(0.5),
        half.p99(),
        half.refused
    );
    let tenfold = Load { connections: 3_000, rate: full.good_rate() * 10.0, ..Load::default() };
    let tenfold = tenfold.run(&server.address).await;
    println!(
        "at ten times that           {:>10.0} /s   {:.0} % of the goodput, {} refused with 429 or 503, {} otherwise",
        tenfold.good_rate(),
        100.0 * tenfold.good_rate() / full.good_rate(),
        tenfold.refused,
        tenfold.broken
    );
    println!("most memory until then      {:>10.0} MB", server.peak_memory());
    drop(server);

    let folder = tempfile::tempdir().expect("a folder");
    let Some(server) = Server::on_slow_disk(folder.path(), SLOW_SYNC) else {
        println!("where a sync takes {SLOW_SYNC} ms      not measured: there is no strace");
        return;
    };
    let slow = peak(&server.address).await;
    println!("where a sync takes {SLOW_SYNC} ms     {:>10.0} /s", slow.good_rate());
    let half = Load { rate: slow.good_rate() / 2.0, ..Load::default() };
    let half = half.run(&server.address).await;
    println!(
        "at half of that             {:>10.0} /s   p99 {:.1} ms",
        half.good_rate(),
        half.p99()
    );
}

/// As much as the server takes: more is due than it can do, and the connections wait for each other.
async fn peak(address: &str) -> Outcome {
    peak_of(address, None).await
}

async fn peak_of(address: &str, path: Option<&'static str>) -> Outcome {
    let load = Load { path, connections: 256, rate: 1e6, ..Load::default() };
    Load { seconds: 2, ..load }.run(address).await;
    load.run(address).await
}

/// How often a site's script is asked for, which is every page view of every visitor (issue 15: 20 000 a second).
async fn sites() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::of_a_site(folder.path());
    let asked = peak_of(&server.address, Some("/sites/shop/sondeo.js")).await;
    println!(
        "a site's script             {:>10.0} /s   p99 {:.0} ms   {} answers otherwise",
        asked.good_rate(),
        asked.p99(),
        asked.refused + asked.broken
    );
    // Beside responses that are stored: half of what would be a full load.
    let stored = Load { connections: 64, rate: 5_000.0, ..Load::default() };
    let scripts = Load { path: Some("/sites/shop/sondeo.js"), rate: 1e6, ..Load::default() };
    let (stored, asked) = tokio::join!(stored.run(&server.address), scripts.run(&server.address));
    println!(
        "  beside stored responses   {:>10.0} /s   and {:.0} /s, 99 % within {:.0} ms",
        asked.good_rate(),
        stored.good_rate(),
        stored.p99()
    );
}

/// A folder with a file of many responses.
fn seeded() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let responses = std::env::var("SONDEO_BENCH_RESPONSES").ok().and_then(|text| text.parse().ok());
    let responses = responses.unwrap_or(RESPONSES);
    let begun = Instant::now();
    server::seed(folder.path(), responses);
    println!("{responses} responses seeded in {:.0} s", begun.elapsed().as_secs_f64());
    folder
}

/// How long a summary of many takes.
async fn summary(folder: &Path) {
    let server = Server::sqlite(folder);
    for path in [
        "/v1/surveys/post-purchase/summary",
        "/v1/surveys/post-purchase/summary?by=page,device,language&compare=previous",
        "/v1/surveys/post-purchase/summary?by=day",
        "/v1/surveys",
        "/v1/surveys/post-purchase/comments?q=delivery",
    ] {
        let mut times: Vec<f64> = Vec::new();
        for _ in 0..10 {
            let begun = Instant::now();
            server.read(path).await;
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        times.sort_by(f64::total_cmp);
        println!("{:>8.1} ms median, {:>8.1} ms most   {path}", times[5], times[9]);
    }
    println!("most memory                 {:>10.0} MB", server.peak_memory());
}

/// How long a reader waits for the dashboard over many.
async fn dashboard(folder: &Path) {
    let server = Server::sqlite(folder);
    let Some(browser) = Browser::start().await else {
        println!("the dashboard               not measured: there is no chromedriver");
        return;
    };
    let say = |name: &str, [paint, score]: [f64; 2]| {
        println!("{name:<28}first paint {paint:>6.0} ms   its scores stand at {score:>6.0} ms");
    };
    // By the link, and with nothing in the browser's cache, as at the very first time.
    say("dashboard, all surveys", browser.open(&server.link, ".survey .score").await);
    for path in ["post-purchase", "post-purchase?days=all"] {
        let url = format!("{}/dashboard/{path}", server.address);
        let mut moments = Vec::new();
        for _ in 0..5 {
            moments.push(browser.open(&url, "[data-score]").await);
        }
        moments.sort_by(|one, other| one[1].total_cmp(&other[1]));
        say(&format!("  {path}"), moments[2]);
    }
    browser.close().await;
}

/// The median time of a write and its sync, in milliseconds.
fn sync_latency(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("sync")).expect("a file");
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..200 {
        let begun = Instant::now();
        file.write_all(&[7; 4_096]).expect("a write");
        file.sync_data().expect("a sync");
        times.push(begun.elapsed());
    }
    times.sort();
    times[100].as_secs_f64() * 1_000.0
}
