//! What can go wrong on the way, beside what services say: nobody there, an answer that is cut off or comes too late, and days
//! of silence.

use super::{ALL, SECRET, Site, checked, connect, id, rated};
use crate::support::On;
use crate::support::on_both;
use crate::support::programs::free_port;
use crate::support::stand_in::{Reply, StandIn};
use reqwest::Method;
use serde_json::{Value as Json, json};
use sqlx::{Connection, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

on_both!(
    one_that_refuses_connections_has_it_when_it_is_there,
    an_answer_that_is_cut_off_is_none_before_its_status,
    an_answer_that_comes_too_late_costs_one_repeat,
    one_that_is_down_for_three_days_has_everything_once,
);

async fn hook_at(site: &Site, address: &str) -> String {
    let settings = json!({"url": format!("{address}/hook"), "secret": SECRET});
    site.add(json!({"kind": "webhook", "name": "Hook", "settings": settings})).await
}

async fn one_that_refuses_connections_has_it_when_it_is_there(on: On) {
    let site = Site::on(on).await;
    let port = free_port();
    let hook = hook_at(&site, &format!("http://127.0.0.1:{port}")).await;
    site.post(1, json!({})).await;
    let failing = site.until(&hook, "it fails", |it| it["failing_since"] != Json::Null).await;
    let reason = failing["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("it cannot be connected to"), "{reason}");
    let waiting = site.deliveries(&hook, "waiting").await;
    assert_eq!((waiting.len(), &waiting[0]["status"]), (1, &Json::Null));
    let receiver = StandIn::start_at(port, |_| Reply::new(204, "")).await;
    site.move_the_clock(&hook).await;
    let seen = receiver.wait_for(1).await;
    assert_eq!(checked(&seen[0])["id"], id(1));
    let delivered = site.until_delivered(&hook, 1).await;
    assert!(delivered[0]["tries"].as_i64().expect("a number") >= 2, "{delivered:?}");
    let well = site.destination(&hook).await;
    assert_eq!((&well["reason"], &well["failing_since"]), (&Json::Null, &Json::Null));
    assert_eq!(receiver.seen().len(), 1);
}

/// A server that reads requests to their end, says this to each in its turn, and hangs up.
async fn cutting(answers: &'static [&'static str]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let ids: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&ids);
    tokio::spawn(async move {
        for answer in answers {
            let (stream, _) = listener.accept().await.expect("a connection");
            let mut stream = BufReader::new(stream);
            let (mut length, mut id) = (0, String::new());
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).await.expect("a line");
                let line = line.trim_end();
                if line.is_empty() {
                    break;
                }
                match line.split_once(": ") {
                    Some(("content-length", value)) => length = value.parse().expect("a number"),
                    Some(("webhook-id", value)) => id = value.to_owned(),
                    _ => {}
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).await.expect("a body");
            stream.write_all(answer.as_bytes()).await.expect("it writes");
            seen.lock().expect("no panic").push(id);
        }
    });
    (address, ids)
}

async fn an_answer_that_is_cut_off_is_none_before_its_status(on: On) {
    let site = Site::on(on).await;
    let (address, ids) = cutting(&[
        "",
        "HTTP/1.1 200 O",
        "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 100\r\n\r\nhalf",
        // Its status says that it was taken; what would come behind it says nothing more.
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf",
    ])
    .await;
    let hook = hook_at(&site, &address).await;
    site.post(1, json!({})).await;
    for (tries, status) in [(1, Json::Null), (2, Json::Null), (3, json!(500))] {
        let begun = Instant::now();
        let waiting = loop {
            let waiting = site.deliveries(&hook, "waiting").await;
            if waiting[0]["tries"] == tries {
                break waiting;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{waiting:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        assert_eq!(waiting[0]["status"], status, "{waiting:?}");
        site.move_the_clock(&hook).await;
    }
    let delivered = site.until_delivered(&hook, 1).await;
    assert_eq!((&delivered[0]["tries"], &delivered[0]["status"]), (&json!(4), &json!(200)));
    let ids = ids.lock().expect("no panic").clone();
    assert_eq!((ids.len(), ids.iter().collect::<BTreeSet<_>>().len()), (4, 1), "{ids:?}");

    // Whose receipt is a word has not given it before the word is whole.
    let (address, ids) = cutting(&[
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
    ])
    .await;
    let settings = json!({"url": address});
    let slack = site.add(json!({"kind": "slack", "name": "Hook", "settings": settings})).await;
    site.post(2, json!({})).await;
    site.until(&slack, "half a word is none", |it| it["failing_since"] != Json::Null).await;
    site.move_the_clock(&slack).await;
    site.until_delivered(&slack, 1).await;
    assert_eq!(ids.lock().expect("no panic").len(), 2);
}

async fn an_answer_that_comes_too_late_costs_one_repeat(on: On) {
    let site = Site::on(on).await;
    let count = AtomicUsize::new(0);
    let receiver = StandIn::start(move |_| match count.fetch_add(1, Ordering::Relaxed) {
        // Longer than anybody is waited for (15 s). It has taken it all the same.
        0 => Reply::new(200, "").after(Duration::from_secs(17)),
        _ => Reply::new(200, ""),
    })
    .await;
    let hook = hook_at(&site, &receiver.address).await;
    site.post(1, json!({})).await;
    let failing = site.until(&hook, "it is late", |it| it["failing_since"] != Json::Null).await;
    assert_eq!(failing["reason"], "it did not answer in time");
    assert_eq!(site.deliveries(&hook, "waiting").await.len(), 1, "it is not lost");
    site.move_the_clock(&hook).await;
    assert_eq!(site.until_delivered(&hook, 1).await[0]["tries"], 2);
    let seen = receiver.seen();
    let ids: BTreeSet<&str> = seen.iter().map(|it| it.header("webhook-id")).collect();
    assert_eq!((seen.len(), ids.len()), (2, 1), "a repeat has the same id");
}

/// The clock has moved on by so many hours: everything that was is as much longer ago. Not while something is in hand, of
/// which the time that it may take would be over.
async fn pass(site: &Site, hook: &str, hours: i64) {
    let ms = hours * 3_600_000;
    site.sql(&format!(
        "UPDATE delivery SET due = due - {ms}, at = at - {ms}, done_at = done_at - {ms}"
    ))
    .await;
    site.sql(&format!(
        "UPDATE destination SET blocked_until = blocked_until - {ms}, failing_since = failing_since - {ms}"
    ))
    .await;
    // The collector would look within seconds; a change makes it look at once.
    let change = Some(json!({"name": "Hook"}));
    assert_eq!(site.call(Method::PATCH, &format!("{ALL}/{hook}"), change).await.0, 200);
}

/// Waits until everything is done that can be done now.
async fn until_it_rests(site: &Site) {
    let mut db = connect(&site.server.database).await;
    let begun = Instant::now();
    loop {
        let now = jiff::Timestamp::now().as_millisecond();
        let text = format!(
            "SELECT (SELECT COUNT(*) FROM delivery WHERE state = 'waiting' AND holder <> 0),
                    (SELECT COUNT(*) FROM delivery WHERE state = 'waiting' AND due <= {now}),
                    (SELECT MAX(blocked_until) FROM destination)"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(text)).fetch_one(&mut db).await.expect("a row");
        let (in_hand, due, blocked_until): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
        if in_hand == 0 && (due == 0 || blocked_until > now) {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{in_hand} in hand, {due} due");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    db.close().await.expect("it closes");
}

async fn one_that_is_down_for_three_days_has_everything_once(on: On) {
    const HOURS: i64 = 72;
    let site = Site::on(on).await;
    let is_down = Arc::new(AtomicBool::new(true));
    let taken: Arc<Mutex<BTreeMap<String, u32>>> = Arc::default();
    let (down, takes) = (Arc::clone(&is_down), Arc::clone(&taken));
    let receiver = StandIn::start(move |seen| {
        if down.load(Ordering::Relaxed) {
            return Reply::new(503, "");
        }
        let id = seen.header("webhook-id").to_owned();
        *takes.lock().expect("no panic").entry(id).or_default() += 1;
        Reply::new(200, "")
    })
    .await;
    let hook = hook_at(&site, &receiver.address).await;
    let mut number = 0;
    for hour in 0..HOURS {
        if [0, 1, 10, 30, 50, HOURS - 1].contains(&hour) {
            number += 1;
            site.post(number, rated(1)).await;
        }
        until_it_rests(&site).await;
        pass(&site, &hook, 1).await;
    }
    until_it_rests(&site).await;
    let it = site.destination(&hook).await;
    // Nothing was given up, and nobody has to do anything.
    assert_eq!(
        (&it["state"], &it["waiting"], &it["failed"]),
        (&json!("active"), &json!(number), &json!(0))
    );
    // A service that is down for days is not asked all the time.
    let tries = receiver.seen().len();
    assert!((10..=9 * number as usize).contains(&tries), "{tries}");
    is_down.store(false, Ordering::Relaxed);
    let mut hours = 0;
    while site.destination(&hook).await["waiting"] != 0 {
        assert!(hours < 27, "the longest wait is a day and a tenth");
        hours += 1;
        pass(&site, &hook, 1).await;
        until_it_rests(&site).await;
    }
    let it = site.destination(&hook).await;
    assert_eq!((&it["failed"], &it["failing_since"]), (&json!(0), &Json::Null));
    let taken = taken.lock().expect("no panic");
    let responses: BTreeSet<String> =
        taken.keys().map(|it| it.rsplitn(3, '-').last().expect("an id").to_owned()).collect();
    assert_eq!(responses, (1..=number).map(id).collect(), "everything");
    assert!(taken.values().all(|count| *count == 1), "once by its id: {taken:?}");
}
