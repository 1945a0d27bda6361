//! Digests and notices of certain changes; and that what a visitor says is read at once where people are.

use super::services::{Postbox, to, with_early};
use super::{ALL, HERE, KEYS, Site, id, rated};
use crate::support::programs::{self, Running, free_port};
use crate::support::stand_in::{Reply, StandIn};
use crate::support::{COMPLETED, On, Server, on_both, with};
use reqwest::Method;
use serde_json::{Value as Json, json};
use sondeo_model::Timestamp;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

on_both!(
    a_certain_change_is_told_once,
    a_digest_that_no_mailbox_takes_has_the_schedule_of_the_others,
    what_it_is_told_of_is_tried_and_begins_tomorrow,
    a_change_is_bound_to_what_was_read,
    a_low_rating_is_read_within_two_seconds,
);

const DAY_MS: i64 = 86_400_000;

/// Stores answers of so many days ago: of each value, so many.
async fn answers(site: &Site, from: u32, days_ago: i64, values: &[(u8, u32)]) {
    let at = jiff::Timestamp::now().as_millisecond() - days_ago * DAY_MS - 60_000;
    let at = Timestamp::from_millis(at).to_rfc3339();
    let mut number = from;
    let mut responses = Vec::new();
    for (value, count) in values {
        for _ in 0..*count {
            let mut response = with(COMPLETED, json!({"id": id(number)}));
            response["answers"] = rated(*value)["answers"].clone();
            response["shown_at"] = at.as_str().into();
            response["sent_at"] = at.as_str().into();
            responses.push(response);
            number += 1;
        }
    }
    for array in responses.chunks(100) {
        assert_eq!(site.server.post(json!(array).to_string()).await.status(), 201);
    }
}

/// The next morning has come: somebody looks what there is to tell, and this waits until they have.
async fn next_morning(site: &Site, destination: &str, arguments: &[&str]) -> Server {
    site.sql("UPDATE destination SET digest_day = 0").await;
    let ours = ["--destination-keys", KEYS, "--allow-destination", HERE];
    let arguments = [&ours[..], arguments].concat();
    let server = Server::start_at_with(&site.server.database, &arguments).await;
    use sqlx::{Connection, Row};
    let mut db = super::connect(&site.server.database).await;
    let begun = Instant::now();
    loop {
        let text = "SELECT COUNT(*) FROM destination WHERE digest_day = 0";
        let row = sqlx::query(text).fetch_one(&mut db).await.expect("a row");
        if row.get::<i64, _>(0) == 0 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "nobody looks");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    db.close().await.expect("it closes");
    site.until(destination, "nothing is on its way", |it| it["waiting"] == 0).await;
    server
}

async fn a_certain_change_is_told_once(on: On) {
    let site = Site::on(on).await;
    let slack = StandIn::start(|_| Reply::new(200, "ok")).await;
    let channel = to(&site, "slack", json!({"url": slack.address, "changes": "week"})).await;
    // No response goes there.
    answers(&site, 0, 9, &[(5, 80), (1, 20)]).await;
    answers(&site, 1_000, 1, &[(5, 75), (1, 25)]).await;
    let _first = next_morning(&site, &channel, &[]).await;
    assert!(slack.seen().is_empty(), "75 after 80 is no certain change");

    answers(&site, 2_000, 1, &[(1, 60)]).await;
    let (_second, _third) =
        tokio::join!(next_morning(&site, &channel, &[]), next_morning(&site, &channel, &[]));
    let seen = slack.wait_for(1).await;
    assert_eq!(seen.len(), 1, "of several collectors, one tells it");
    let message = seen[0].json();
    assert_eq!(message["text"], "checkout: CSAT has fallen to 46.9");
    // It says what the summary says.
    let now = jiff::Timestamp::now().as_millisecond();
    let from = Timestamp::from_millis(now - 7 * DAY_MS).to_rfc3339();
    let to = Timestamp::from_millis(now).to_rfc3339();
    let query = format!("from={from}&to={to}&compare=previous").replace(':', "%3A");
    let summary = site.get(&format!("/v1/surveys/checkout/summary?{query}")).await;
    let score = &summary["questions"][0]["metric"];
    assert_eq!(score["change"]["certain"], true, "{score}");
    let number = |value: &Json| format!("{:.1}", value.as_f64().expect("a number").abs());
    let change = &score["change"];
    let said = format!(
        "CSAT {} ({} to {}, n = 160); lower by {} ({} to {}) than before: 80.0 (",
        number(&score["value"]),
        number(&score["low"]),
        number(&score["high"]),
        number(&change["value"]),
        number(&change["high"]),
        number(&change["low"]),
    );
    let blocks = message["blocks"].to_string();
    assert!(blocks.contains(&said), "{said}: {blocks}");
    assert!(blocks.contains("the last 7 days against the 7 before"), "{blocks}");
    let delivered = site.deliveries(&channel, "delivered").await;
    let subject = delivered[0]["response"].as_str().expect("a text");
    assert!(subject.starts_with("changes-20"), "{subject}");

    // The same change is no news on the day after; that it turned round is.
    site.sql("UPDATE delivery SET response = 'changes-2020-01-01'").await;
    let _fourth = next_morning(&site, &channel, &[]).await;
    assert_eq!(slack.seen().len(), 1);
    answers(&site, 3_000, 1, &[(5, 900)]).await;
    let _fifth = next_morning(&site, &channel, &[]).await;
    let seen = slack.wait_for(2).await;
    let title = seen[1].json()["text"].as_str().expect("a text").to_owned();
    assert!(title.starts_with("checkout: CSAT has risen to 9"), "{title}");
    // Once a day, whatever happens.
    site.sql("UPDATE destination SET told = '{}'").await;
    let _sixth = next_morning(&site, &channel, &[]).await;
    assert_eq!(slack.seen().len(), 2);
}

async fn a_digest_that_no_mailbox_takes_has_the_schedule_of_the_others(on: On) {
    let postbox = Postbox::start().await;
    let smtp = format!("smtp://127.0.0.1:{}", postbox.port);
    let mail = ["--smtp", &*smtp, "--mail-from", "surveys@shop.example"];
    let site = Site::with(on, &mail).await;
    for number in 1..=40 {
        site.post(number, with_early(rated(if number <= 30 { 5 } else { 1 }))).await;
    }
    let digest = |to: &str| json!({"to": [to], "digest": "daily"});
    let later = to(&site, "email", digest("later@shop.example")).await;
    let nobody = to(&site, "email", digest("nobody@shop.example")).await;
    site.sql("UPDATE destination SET digest_day = 0").await;
    let arguments = [&mail[..], &["--destination-keys", KEYS]].concat();
    let _server = Server::start_at_with(&site.server.database, &arguments).await;
    // What is refused for good is given up, shown and sent once more when somebody says so.
    let it = site.until(&nobody, "it is given up", |it| it["failed"] == 1).await;
    assert_eq!((&it["waiting"], &it["state"]), (&json!(0), &json!("active")));
    let failed = site.deliveries(&nobody, "failed").await;
    assert!(failed[0]["response"].as_str().expect("it").starts_with("digest-20"), "{failed:?}");
    assert!(failed[0]["answer"].as_str().expect("it").contains("nobody of this name"));
    // What may go later is tried as everything is: after 5 s, 5 min and so on, and not each minute.
    site.until(&later, "it is tried", |it| it["failing_since"] != Json::Null).await;
    for (tries, wait) in [(1, 5_000..=5_500), (2, 300_000..=330_000)] {
        let begun = Instant::now();
        let waiting = loop {
            let waiting = site.deliveries(&later, "waiting").await;
            if waiting[0]["tries"] == tries {
                break waiting[0].clone();
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{waiting:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        let moment = |name: &str| {
            let text = waiting[name].as_str().expect("a moment");
            text.parse::<Timestamp>().expect("RFC 3339").as_millis()
        };
        assert!(wait.contains(&(moment("due") - moment("tried_at"))), "{waiting}");
        site.move_the_clock(&later).await;
    }
    // The mailbox is there again.
    for destination in [&later, &nobody] {
        let change = json!({"settings": {"to": ["team@shop.example"]}});
        let path = format!("{ALL}/{destination}");
        assert_eq!(site.call(Method::PATCH, &path, Some(change)).await.0, 200);
    }
    let one = json!({"delivery": failed[0]["id"]});
    let (_, body) = site.call(Method::POST, &format!("{ALL}/{nobody}/replay"), Some(one)).await;
    assert_eq!(body["replayed"], 1);
    site.move_the_clock(&later).await;
    for destination in [&later, &nobody] {
        site.until_delivered(destination, 1).await;
    }
    assert_eq!(postbox.mails.borrow().len(), 2);
}

async fn what_it_is_told_of_is_tried_and_begins_tomorrow(on: On) {
    let site = Site::on(on).await;
    let teams = StandIn::start(|_| Reply::new(202, "")).await;
    let channel = to(&site, "teams", json!({"url": teams.address})).await;
    let path = format!("{ALL}/{channel}");
    site.sql("UPDATE destination SET digest_day = 0").await;
    let change = json!({"settings": {"changes": "day"}});
    let (_, body) = site.call(Method::PATCH, &path, Some(change)).await;
    assert_eq!(body["settings"]["changes"], "day");
    let day: i64 = {
        use sqlx::Row;
        let mut db = super::connect(&site.server.database).await;
        let row = sqlx::query("SELECT digest_day FROM destination").fetch_one(&mut db).await;
        row.expect("a row").get(0)
    };
    assert!(day > 20_000, "it begins tomorrow");
    let test = format!("{path}/test");
    let (_, trial) = site.call(Method::POST, &test, None).await;
    assert!(trial["delivered"] == true && trial.to_string().contains("CSAT has fallen"), "{trial}");
    let last = || Some(json!({"with": "last"}));
    let (status, _) = site.call(Method::POST, &test, last()).await;
    assert_eq!(status, 409, "nothing has changed");
    answers(&site, 0, 1, &[(5, 100)]).await;
    answers(&site, 1_000, 0, &[(1, 100)]).await;
    let (_, trial) = site.call(Method::POST, &test, last()).await;
    let request = trial["exchanges"][0]["request"].as_str().expect("a request");
    assert!(request.contains("checkout: CSAT has fallen to 0.0"), "{trial}");
    // Both at once would be two destinations; and there is no such time.
    for (kind, settings, field) in [
        (
            "email",
            json!({"to": ["ana@shop.example"], "digest": "daily", "changes": "day"}),
            "settings.changes",
        ),
        ("discord", json!({"url": teams.address, "changes": "hour"}), "settings.changes"),
        ("zendesk", json!({"changes": "day"}), "settings.changes"),
    ] {
        let wrong = json!({"kind": kind, "name": kind, "settings": settings});
        let (status, body) = site.call(Method::POST, ALL, Some(wrong)).await;
        assert_eq!((status.as_u16(), &body["error"]["field"]), (422, &json!(field)), "{body}");
    }
}

async fn a_change_is_bound_to_what_was_read(on: On) {
    let site = Site::on(on).await;
    let receiver = StandIn::willing().await;
    let hook = site.webhook(&receiver, json!({})).await;
    let read = site.destination(&hook).await;
    let tag = read["etag"].as_str().expect("a tag").to_owned();
    // How it fares is no change of it.
    site.post(1, json!({})).await;
    site.until_delivered(&hook, 1).await;
    assert_eq!(site.destination(&hook).await["etag"], tag);
    let change = async |tag: &str, name: &str| {
        let request = site.server.request(Method::PATCH, &format!("{ALL}/{hook}"));
        let request = request.bearer_auth(&site.token).header("if-match", format!("\"{tag}\""));
        let answer = crate::support::send(request.body(json!({"name": name}).to_string())).await;
        let status = answer.status().as_u16();
        (status, answer.json::<Json>().await.expect("JSON"))
    };
    let (status, body) = change(&tag, "Mine").await;
    assert_eq!((status, &body["name"]), (200, &json!("Mine")));
    let (status, refused) = change(&tag, "Theirs").await;
    assert_eq!((status, &refused["error"]["code"]), (412, &json!("changed")));
    assert_eq!(site.destination(&hook).await["name"], "Mine");
    let (status, _) = change(body["etag"].as_str().expect("a tag"), "Theirs").await;
    assert_eq!(status, 200);
    assert_eq!(change("*", "Anybody's").await.0, 200);
}

/// The mails that a server has put into this Maildir.
fn mails(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("new")).into_iter().flatten().flatten();
    entries.map(|it| std::fs::read_to_string(it.path()).expect("a mail")).collect()
}

/// In a channel, and in the mailbox of a server of Debian that speaks SMTP as others do.
async fn a_low_rating_is_read_within_two_seconds(on: On) {
    let Some(program) = programs::find("aiosmtpd") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (mailbox, port) = (folder.path().join("mailbox"), free_port());
    let mut server = Command::new(program);
    server.args(["-n", "-l", &format!("127.0.0.1:{port}"), "-c", "aiosmtpd.handlers.Mailbox"]);
    server.arg(&mailbox);
    let _server = Running::start(server, &folder.path().join("log"), port);
    let smtp = format!("smtp://127.0.0.1:{port}");
    let site = Site::with(on, &["--smtp", &smtp, "--mail-from", "surveys@shop.example"]).await;
    let slack = StandIn::start(|_| Reply::new(200, "ok")).await;
    let low = |kind: &str, settings: Json| json!({"kind": kind, "name": kind, "when": "satisfaction<=2", "settings": settings});
    let channel = site.add(low("slack", json!({"url": slack.address}))).await;
    let mail = site.add(low("email", json!({"to": ["team@shop.example"]}))).await;
    site.post(1, rated(5)).await;
    let begun = Instant::now();
    site.post(2, rated(2)).await;
    slack.wait_for(1).await;
    let in_channel = begun.elapsed();
    while mails(&mailbox).is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{}", site.destination(&mail).await);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let in_mailbox = begun.elapsed();
    eprintln!("{on:?}: in the channel after {in_channel:?}, in the mailbox after {in_mailbox:?}");
    let most = Duration::from_secs(2);
    assert!(in_channel < most && in_mailbox < most, "{in_channel:?}, {in_mailbox:?}");
    for destination in [&channel, &mail] {
        site.until(destination, "it is there", |it| it["waiting"] == 0 && it["failed"] == 0).await;
    }
    let mails = mails(&mailbox);
    assert_eq!((slack.seen().len(), mails.len()), (1, 1), "the high one goes nowhere");
    assert!(slack.seen()[0].body.contains("checkout: 2 of 5"), "{}", slack.seen()[0].body);
    assert!(mails[0].contains("Subject: checkout: 2 of 5"), "{}", mails[0]);
}
