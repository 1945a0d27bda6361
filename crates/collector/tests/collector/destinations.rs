//! Responses that are passed on, against stand-ins that enforce what the real services require, on both databases.

mod faults;
mod meanwhile;
mod measures;
mod notices;
mod services;

use crate::process::Process;
use crate::support::postgres::Cluster;
use crate::support::stand_in::{Reply, Seen, StandIn};
use crate::support::{COMPLETED, On, Server, on_both, send, with};
use reqwest::{Method, StatusCode};
use serde_json::{Value as Json, json};
use sondeo_collector::Token;
use sondeo_collector::store::{Scope, Scopes};
use sqlx::{AnyConnection, Connection};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

on_both!(
    a_response_goes_where_its_conditions_lead,
    only_the_end_of_a_response_is_passed_on,
    each_revision_comes_in_order,
    a_receiver_that_was_down_for_days_has_everything_once,
    what_a_receiver_asks_for_is_kept,
    one_that_is_gone_is_switched_off_and_loses_nothing,
    one_that_hangs_delays_no_other,
    one_that_fails_is_not_flooded,
    everything_since_a_moment_is_sent_once_more,
    what_is_erased_is_cancelled_and_told,
    secrets_go_in_and_never_come_out,
    secrets_and_keys_are_rotated,
    another_collector_is_a_receiver,
    two_collectors_share_the_work,
    a_killed_collector_repeats_each_once_at_most,
    owners_alone_look_after_destinations,
    what_waits_is_counted,
    people_hear_of_what_waited_once,
    nothing_earlier_is_sent_in_place_of_what_came_later,
    a_secret_goes_where_it_was_given_for,
    what_could_not_be_looked_at_is_looked_at_again,
);

pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub(crate) const KEYS: &str = "1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
const NEW_KEYS: &str =
    "2:YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY= 1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
const HERE: &str = "127.0.0.1";
const ALL: &str = "/v1/sites/default/destinations";

/// A collector that may pass responses on to this machine.
pub(crate) struct Site {
    pub(crate) server: Server,
    token: String,
}

impl Site {
    pub(crate) async fn on(on: On) -> Self {
        Self::with(on, &[]).await
    }

    pub(crate) async fn with(on: On, arguments: &[&str]) -> Self {
        let ours = ["--destination-keys", KEYS, "--allow-destination", HERE];
        let arguments =
            [&ours[..], &["--address-limit", "0", "--survey-limit", "0"], arguments].concat();
        let server = Server::start_on(on, &arguments).await;
        Self::of(server).await
    }

    pub(super) async fn of(server: Server) -> Self {
        let scopes = Scopes(Scope::ALL.to_vec());
        // Another one of this label would stop working.
        let label = crate::support::free_name("owner");
        let token = Token::mint_for(&server.store, &label, &scopes, None).await.expect("a token");
        Self { server, token: token.to_string() }
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Json>,
    ) -> (StatusCode, Json) {
        let request = self.server.request(method, path).bearer_auth(&self.token);
        let request = match body {
            Some(body) => request.body(body.to_string()),
            None => request,
        };
        let response = send(request).await;
        let status = response.status();
        let text = response.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Json::Null))
    }

    pub(crate) async fn add(&self, destination: Json) -> String {
        let (status, body) = self.call(Method::POST, ALL, Some(destination)).await;
        assert_eq!(status, 201, "{body}");
        body["id"].as_str().expect("an id").to_owned()
    }

    /// A webhook with these fields beside.
    pub(crate) async fn webhook(&self, to: &StandIn, fields: Json) -> String {
        let url = format!("{}/hook", to.address);
        let mut webhook =
            json!({"kind": "webhook", "name": "Hook", "settings": {"url": url, "secret": SECRET}});
        for (name, value) in fields.as_object().expect("an object") {
            webhook[name] = value.clone();
        }
        self.add(webhook).await
    }

    pub(crate) async fn post(&self, number: u32, fields: Json) {
        let mut response = with(COMPLETED, json!({"id": id(number)}));
        for (name, value) in fields.as_object().expect("an object") {
            response[name] = value.clone();
        }
        let answer = self.server.post(response.to_string()).await;
        assert_eq!(answer.status(), 201, "{:?}", answer.text().await);
    }

    pub(super) async fn get(&self, path: &str) -> Json {
        let (status, body) = self.call(Method::GET, path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub(crate) async fn destination(&self, id: &str) -> Json {
        self.get(&format!("{ALL}/{id}")).await
    }

    pub(crate) async fn deliveries(&self, id: &str, state: &str) -> Vec<Json> {
        let list = self.get(&format!("{ALL}/{id}/deliveries?state={state}&limit=500")).await;
        list["deliveries"].as_array().expect("a list").clone()
    }

    /// Waits until this is so of a destination.
    pub(crate) async fn until(&self, id: &str, what: &str, is_so: impl Fn(&Json) -> bool) -> Json {
        let begun = Instant::now();
        loop {
            let destination = self.destination(id).await;
            if is_so(&destination) {
                return destination;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{what}: {destination}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn until_delivered(&self, id: &str, count: usize) -> Vec<Json> {
        let begun = Instant::now();
        loop {
            let delivered = self.deliveries(id, "delivered").await;
            if delivered.len() >= count {
                return delivered;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{}", self.destination(id).await);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub(super) async fn sql(&self, text: &str) {
        let mut db = connect(&self.server.database).await;
        sqlx::query(sqlx::AssertSqlSafe(text.to_owned())).execute(&mut db).await.expect("it runs");
        db.close().await.expect("it closes");
    }

    /// Everything that waits is due: as if the clock had moved on.
    pub(super) async fn move_the_clock(&self, id: &str) {
        self.sql("UPDATE delivery SET due = 0 WHERE state = 'waiting' AND holder = 0").await;
        self.sql("UPDATE destination SET blocked_until = 0").await;
        // The collector would look within seconds; a change makes it look at once.
        let (status, _) =
            self.call(Method::PATCH, &format!("{ALL}/{id}"), Some(json!({"name": "Hook"}))).await;
        assert_eq!(status, 200);
    }
}

pub(super) async fn connect(database: &str) -> AnyConnection {
    let url = if database.starts_with("postgres") {
        database.to_owned()
    } else {
        format!("sqlite:{database}?mode=rw")
    };
    AnyConnection::connect(&url).await.expect("a connection")
}

pub(crate) fn id(number: u32) -> String {
    format!("0199a3c2-5f1e-7a3b-8c4d-{number:012x}")
}

fn rated(value: u8) -> Json {
    json!({"answers": [{"question": "satisfaction", "text": "How satisfied are you?", "kind": "likert", "points": 5,
                        "metric": "csat", "value": value}]})
}

/// The response that a request of a webhook brings, if its signature is right.
fn checked(seen: &Seen) -> Json {
    assert_eq!((seen.method.as_str(), seen.path()), ("POST", "/hook"));
    assert_eq!(seen.header("content-type"), "application/json");
    let id = seen.header("webhook-id");
    assert!(!id.is_empty() && !id.contains('.'), "{id}");
    let signature = seen.header("webhook-signature");
    assert!(signature.starts_with("v1,") && signature.len() == 47, "{signature}");
    let body = seen.json();
    let data = &body["data"];
    assert_eq!(body["type"], format!("response.{}", data["status"].as_str().expect("a status")));
    assert!(id.starts_with(&format!(
        "{}-{}-",
        data["id"].as_str().expect("an id"),
        data["revision"]
    )));
    data.clone()
}

async fn a_response_goes_where_its_conditions_lead(on: On) {
    let site = Site::on(on).await;
    let (low, all, other) =
        (StandIn::willing().await, StandIn::willing().await, StandIn::willing().await);
    let unhappy = site.webhook(&low, json!({"when": "satisfaction<=2 page*=/checkout"})).await;
    let everybody = site.webhook(&all, json!({})).await;
    let nobody = site.webhook(&other, json!({"surveys": ["another"]})).await;
    for (number, value) in [(1, 5), (2, 1), (3, 2), (4, 4)] {
        site.post(number, rated(value)).await;
    }
    let ids = |seen: Vec<Seen>| -> BTreeSet<String> {
        seen.iter().map(|it| checked(it)["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(ids(all.wait_for(4).await), (1..=4).map(id).collect());
    site.until_delivered(&everybody, 4).await;
    assert_eq!(ids(low.wait_for(2).await), [id(2), id(3)].into());
    let delivered = site.until_delivered(&unhappy, 2).await;
    assert!(delivered.iter().all(|it| it["status"] == 204 && it["tries"] == 1), "{delivered:?}");
    assert!(other.seen().is_empty());
    let none = site.destination(&nobody).await;
    assert_eq!((&none["waiting"], &none["failed"]), (&json!(0), &json!(0)));
    // What is sent is what is stored.
    let stored = site.server.stored().await;
    for seen in all.seen() {
        assert!(stored.contains(&checked(&seen)), "{}", seen.body);
    }
}

async fn only_the_end_of_a_response_is_passed_on(on: On) {
    let site = Site::on(on).await;
    let receiver = StandIn::willing().await;
    let hook = site.webhook(&receiver, json!({})).await;
    let fields = |revision: u32, status: &str, value: u8| {
        let mut fields = rated(value);
        fields["revision"] = revision.into();
        fields["status"] = status.into();
        fields
    };
    site.post(1, json!({"revision": 1, "status": "shown", "answers": []})).await;
    site.post(1, fields(2, "partial", 2)).await;
    // It waits for the rest, for some minutes.
    let waiting = site.deliveries(&hook, "waiting").await;
    assert_eq!((waiting.len(), &waiting[0]["revision"]), (1, &json!(2)));
    site.post(1, fields(3, "completed", 4)).await;
    let seen = receiver.wait_for(1).await;
    assert_eq!(checked(&seen[0])["revision"], 3);
    site.until(&hook, "nothing waits", |it| it["waiting"] == 0).await;
    // One that nobody completes goes as it is when the minutes are over.
    site.post(2, fields(2, "partial", 1)).await;
    site.move_the_clock(&hook).await;
    let seen = receiver.wait_for(2).await;
    assert_eq!(checked(&seen[1])["id"], id(2));
    assert_eq!(receiver.seen().len(), 2);
}

async fn each_revision_comes_in_order(on: On) {
    let site = Site::on(on).await;
    let is_down = Arc::new(AtomicBool::new(true));
    let down = Arc::clone(&is_down);
    let receiver = StandIn::start(move |_| {
        Reply::new(if down.load(Ordering::Relaxed) { 503 } else { 200 }, "")
    })
    .await;
    let hook = site.webhook(&receiver, json!({"on": "each"})).await;
    for revision in 1..=4 {
        let mut fields = rated(u8::try_from(revision).expect("small"));
        fields["revision"] = revision.into();
        fields["status"] = if revision < 4 { "partial" } else { "completed" }.into();
        site.post(7, fields).await;
    }
    receiver.wait_for(1).await;
    site.until(&hook, "a failure is seen", |it| it["reason"] == "503").await;
    let refused = receiver.seen().len();
    assert!(
        receiver.seen().iter().all(|it| checked(it)["revision"] == 1),
        "the others wait for it"
    );
    is_down.store(false, Ordering::Relaxed);
    site.move_the_clock(&hook).await;
    let seen = receiver.wait_for(refused + 4).await;
    let came: Vec<Json> = seen[refused..].iter().map(checked).collect();
    for (index, response) in came.iter().enumerate() {
        // Each as it was, also where a later one has taken its place.
        assert_eq!(response["revision"], index + 1);
        assert_eq!(response["answers"][0]["value"], index + 1);
    }
    assert_eq!(site.until_delivered(&hook, 4).await.len(), 4);
}

async fn a_receiver_that_was_down_for_days_has_everything_once(on: On) {
    let site = Site::on(on).await;
    let is_down = Arc::new(AtomicBool::new(true));
    let down = Arc::clone(&is_down);
    let receiver = StandIn::start(move |_| {
        if down.load(Ordering::Relaxed) {
            Reply::new(500, "<html>out of order")
        } else {
            Reply::new(200, "")
        }
    })
    .await;
    let hook = site.webhook(&receiver, json!({})).await;
    site.post(1, json!({})).await;
    let mut waits = Vec::new();
    for tries in 1..=10 {
        receiver.wait_for(tries).await;
        let is_tried = |it: &Json| it["waiting"] == 0 || it["failing_since"] != Json::Null;
        site.until(&hook, "it is tried", is_tried).await;
        let begun = Instant::now();
        if tries == 10 {
            break;
        }
        loop {
            let waiting = site.deliveries(&hook, "waiting").await;
            if waiting[0]["tries"] == tries && waiting[0]["due"] != Json::Null {
                let moment = |name: &str| {
                    let text = waiting[0][name].as_str().expect("a moment");
                    text.parse::<sondeo_model::Timestamp>().expect("RFC 3339").as_millis()
                };
                waits.push(moment("due") - moment("tried_at"));
                assert_eq!(waiting[0]["answer"], "<html>out of order");
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{waiting:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        site.move_the_clock(&hook).await;
    }
    let given_up = site.until(&hook, "it is given up", |it| it["failed"] == 1).await;
    assert_eq!((&given_up["waiting"], &given_up["state"]), (&json!(0), &json!("active")));
    let hours = waits.iter().sum::<i64>() as f64 / 3_600_000.0;
    assert!((75.5..84.0).contains(&hours), "{hours}: {waits:?}");
    assert!(waits.windows(2).all(|pair| pair[0] < pair[1]), "{waits:?}");
    let count = receiver.seen().len();
    assert_eq!(count, 10, "and no more");
    // What came meanwhile waits; what was given up is sent once more when somebody says so.
    is_down.store(false, Ordering::Relaxed);
    let failed = site.deliveries(&hook, "failed").await;
    assert_eq!(failed[0]["status"], 500);
    let replay = format!("{ALL}/{hook}/replay");
    let one = json!({"delivery": failed[0]["id"]});
    let (status, body) = site.call(Method::POST, &replay, Some(one)).await;
    assert_eq!((status.as_u16(), body), (200, json!({"replayed": 1, "more": false})));
    let seen = receiver.wait_for(11).await;
    let ids: BTreeSet<&str> = seen.iter().map(|it| it.header("webhook-id")).collect();
    assert_eq!(ids.len(), 1, "every try has the same id");
    assert_eq!(site.until_delivered(&hook, 1).await.len(), 1);
    let (_, body) = site.call(Method::POST, &replay, Some(json!({"failed": true}))).await;
    assert_eq!(body, json!({"replayed": 0, "more": false}));
}

async fn what_a_receiver_asks_for_is_kept(on: On) {
    let site = Site::on(on).await;
    let count = AtomicUsize::new(0);
    let receiver = StandIn::start(move |_| {
        let in_an_hour = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
        match count.fetch_add(1, Ordering::Relaxed) {
            0 => Reply::new(429, "slowly").with("retry-after", "7200"),
            1 => {
                let date = in_an_hour.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
                Reply::new(503, "").with("retry-after", date)
            }
            2 => Reply::new(302, "").with("location", "http://127.0.0.1:1/elsewhere"),
            _ => Reply::new(200, "not even JSON"),
        }
    })
    .await;
    let hook = site.webhook(&receiver, json!({})).await;
    site.post(1, json!({})).await;
    for (tries, seconds, status) in
        [(1, 7_195..7_205, 429), (2, 3_590..3_605, 503), (3, 1_790..2_000, 302)]
    {
        receiver.wait_for(tries).await;
        let begun = Instant::now();
        let delivery = loop {
            let waiting = site.deliveries(&hook, "waiting").await;
            if waiting[0]["tries"] == tries {
                break waiting[0].clone();
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{waiting:?}");
        };
        let due: sondeo_model::Timestamp =
            delivery["due"].as_str().expect("a moment").parse().expect("RFC 3339");
        let wait = (due.as_millis() - jiff::Timestamp::now().as_millisecond()) / 1_000;
        assert!(seconds.contains(&wait), "{wait}: {delivery}");
        assert_eq!(delivery["status"], status);
        site.move_the_clock(&hook).await;
    }
    assert_eq!(site.until_delivered(&hook, 1).await[0]["status"], 200);
    assert_eq!(receiver.seen().len(), 4, "a redirect is not followed");
}

async fn one_that_is_gone_is_switched_off_and_loses_nothing(on: On) {
    let site = Site::on(on).await;
    let is_gone = Arc::new(AtomicBool::new(true));
    let gone = Arc::clone(&is_gone);
    let receiver = StandIn::start(move |_| {
        Reply::new(if gone.load(Ordering::Relaxed) { 410 } else { 200 }, "moved out")
    })
    .await;
    let hook = site.webhook(&receiver, json!({})).await;
    site.post(1, json!({})).await;
    let off = site.until(&hook, "it is off", |it| it["state"] == "off").await;
    assert_eq!(off["reason"], "it said that it is gone: 410 moved out");
    let count = receiver.seen().len();
    site.post(2, json!({})).await;
    site.until(&hook, "both wait", |it| it["waiting"] == 2).await;
    site.move_the_clock(&hook).await;
    assert_eq!(receiver.seen().len(), count, "nothing goes there");
    is_gone.store(false, Ordering::Relaxed);
    let path = format!("{ALL}/{hook}");
    let (_, body) = site.call(Method::PATCH, &path, Some(json!({"state": "active"}))).await;
    assert_eq!((&body["state"], &body["reason"]), (&json!("active"), &Json::Null));
    assert_eq!(site.until_delivered(&hook, 2).await.len(), 2);
}

async fn one_that_hangs_delays_no_other(on: On) {
    let site = Site::on(on).await;
    let hanging = StandIn::start(|_| Reply::never()).await;
    let receiver = StandIn::willing().await;
    let stuck = site.webhook(&hanging, json!({})).await;
    let hook = site.webhook(&receiver, json!({})).await;
    site.post(1, json!({})).await;
    hanging.wait_for(1).await;
    let begun = Instant::now();
    for number in 2..12 {
        site.post(number, json!({})).await;
    }
    receiver.wait_for(11).await;
    site.until_delivered(&hook, 11).await;
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(site.destination(&stuck).await["waiting"], 11);
}

async fn one_that_fails_is_not_flooded(on: On) {
    let site = Site::on(on).await;
    let is_down = Arc::new(AtomicBool::new(true));
    let down = Arc::clone(&is_down);
    let receiver = StandIn::start(move |_| {
        Reply::new(if down.load(Ordering::Relaxed) { 503 } else { 200 }, "")
    })
    .await;
    let hook = site.webhook(&receiver, json!({})).await;
    for number in 0..60 {
        site.post(number, json!({})).await;
    }
    site.until(&hook, "it fails", |it| it["failing_since"] != Json::Null).await;
    // It rests after a few, and then one goes ahead at a time.
    receiver.wait_for(5).await;
    let tried = receiver.seen().len();
    assert!(tried <= 12, "{tried}");
    site.sql("UPDATE destination SET blocked_until = 0").await;
    let path = format!("{ALL}/{hook}");
    site.call(Method::PATCH, &path, Some(json!({"name": "Hook"}))).await;
    receiver.wait_for(tried + 1).await;
    is_down.store(false, Ordering::Relaxed);
    site.move_the_clock(&hook).await;
    let delivered = site.until_delivered(&hook, 60).await;
    let ids: BTreeSet<&str> =
        delivered.iter().map(|it| it["response"].as_str().expect("it")).collect();
    assert_eq!(ids.len(), 60);
    let well = site.destination(&hook).await;
    assert_eq!((&well["failing_since"], &well["reason"]), (&Json::Null, &Json::Null));
}

async fn everything_since_a_moment_is_sent_once_more(on: On) {
    let site = Site::on(on).await;
    for number in 1..=3 {
        site.post(number, rated(u8::try_from(number).expect("small"))).await;
    }
    // It was not there when they came.
    let receiver = StandIn::willing().await;
    let hook = site.webhook(&receiver, json!({"when": "satisfaction<=2"})).await;
    let replay = format!("{ALL}/{hook}/replay");
    let since = |moment: &str| Some(json!({"since": moment}));
    let (_, body) = site.call(Method::POST, &replay, since("2020-01-01")).await;
    assert_eq!(body, json!({"replayed": 2, "more": false}));
    receiver.wait_for(2).await;
    site.until_delivered(&hook, 2).await;
    let (_, body) = site.call(Method::POST, &replay, since("2999-01-01T00:00:00Z")).await;
    assert_eq!(body["replayed"], 0);
    for (body, field) in [
        (json!({}), "body"),
        (json!({"since": "yesterday"}), "since"),
        (json!({"delivery": "x"}), "delivery"),
        (json!({"delivery": "a\u{0}.1"}), "delivery"),
        (json!({"failed": true, "since": "2026-01-01"}), "body"),
    ] {
        let (status, answer) = site.call(Method::POST, &replay, Some(body)).await;
        assert_eq!((status.as_u16(), &answer["error"]["field"]), (422, &json!(field)), "{answer}");
    }
}

async fn what_is_erased_is_cancelled_and_told(on: On) {
    let site = Site::on(on).await;
    let receiver = StandIn::willing().await;
    let hook = site.webhook(&receiver, json!({})).await;
    let path = format!("{ALL}/{hook}");
    site.post(1, json!({"visitor": "ana"})).await;
    site.until_delivered(&hook, 1).await;
    site.call(Method::PATCH, &path, Some(json!({"state": "paused"}))).await;
    site.post(2, json!({})).await;
    site.until(&hook, "one waits", |it| it["waiting"] == 1).await;
    let (_, body) = site.call(Method::DELETE, &format!("/v1/responses/{}", id(2)), None).await;
    assert_eq!(body, json!({"erased": 1}), "it had gone nowhere");
    assert_eq!(site.destination(&hook).await["waiting"], 0);
    let (_, body) = site.call(Method::DELETE, "/v1/visitors/ana", None).await;
    let sent_to = json!([{"destination": hook, "name": "Hook", "kind": "webhook", "responses": 1}]);
    assert_eq!(body, json!({"erased": 1, "sent_to": sent_to}));
    assert!(site.deliveries(&hook, "delivered").await.is_empty());
    site.call(Method::PATCH, &path, Some(json!({"state": "active"}))).await;
    site.post(3, json!({})).await;
    let seen = receiver.wait_for(2).await;
    assert_eq!(checked(&seen[1])["id"], id(3));
}

async fn secrets_go_in_and_never_come_out(on: On) {
    let site = Site::on(on).await;
    // It repeats what it was sent, as services do.
    let receiver = StandIn::start(|seen| {
        Reply::new(400, format!("{} {} {SECRET}", seen.uri, seen.header("x-key")))
    })
    .await;
    let url = format!("{}/hook/s3cr3t-path", receiver.address);
    let hook = json!({"kind": "webhook", "name": "Hook", "settings":
        {"url": url, "secret": SECRET, "headers": {"x-key": "s3cr3t-header"}}});
    let (status, created) = site.call(Method::POST, ALL, Some(hook)).await;
    assert_eq!(status, 201);
    let hook = created["id"].as_str().expect("an id").to_owned();
    let shown = json!({"url": format!("{}/…", receiver.address), "secret": true, "headers": true});
    assert_eq!(created["settings"], shown);
    site.post(1, json!({})).await;
    site.until(&hook, "it is refused", |it| it["reason"] != Json::Null).await;
    let (_, trial) = site.call(Method::POST, &format!("{ALL}/{hook}/test"), None).await;
    assert_eq!((&trial["delivered"], &trial["outcome"]), (&json!(false), &json!("again")));
    let request = trial["exchanges"][0]["request"].as_str().expect("a request");
    assert!(request.starts_with("POST ") && request.contains("This is a sample"), "{request}");
    assert_eq!(trial["exchanges"][0]["status"], 400);
    let (_, last) =
        site.call(Method::POST, &format!("{ALL}/{hook}/test"), Some(json!({"with": "last"}))).await;
    assert!(last["exchanges"][0]["request"].as_str().expect("it").contains(&id(1)), "{last}");
    let everything = [
        created,
        trial,
        last,
        site.get(ALL).await,
        site.destination(&hook).await,
        json!(site.deliveries(&hook, "waiting").await),
    ];
    for text in everything.map(|it| it.to_string()) {
        for secret in [&SECRET[6..], "s3cr3t"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    // Nor are they in the database as they are.
    let mut db = connect(&site.server.database).await;
    use sqlx::Row;
    let query = "SELECT secrets, settings, reason FROM destination";
    let row = sqlx::query(query).fetch_one(&mut db).await.expect("a row");
    let sealed: Vec<u8> = row.get(0);
    let open: String = row.get::<String, _>(1) + &row.get::<String, _>(2);
    for secret in [&SECRET[6..], "s3cr3t"] {
        assert!(!sealed.windows(secret.len()).any(|it| it == secret.as_bytes()));
        assert!(!open.contains(secret), "{open}");
    }
    // Without a key nothing secret is taken.
    let bare = Site::of(Server::start_on(on, &["--allow-destination", HERE]).await).await;
    let hook =
        json!({"kind": "webhook", "name": "Hook", "settings": {"url": url, "secret": SECRET}});
    let (status, body) = bare.call(Method::POST, ALL, Some(hook)).await;
    assert_eq!(status, 409);
    assert!(
        body["error"]["message"].as_str().expect("it").contains("--destination-keys"),
        "{body}"
    );
}

async fn secrets_and_keys_are_rotated(on: On) {
    let site = Site::on(on).await;
    let receiver = StandIn::willing().await;
    let hook = site.webhook(&receiver, json!({})).await;
    let path = format!("{ALL}/{hook}");
    let second = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let change = json!({"settings": {"secret": second}});
    let (status, body) = site.call(Method::PATCH, &path, Some(change)).await;
    assert_eq!((status.as_u16(), &body["settings"]["secret"]), (200, &json!(true)));
    assert!(body["settings"]["previous_until"].is_string(), "{body}");
    site.post(1, json!({})).await;
    let seen = receiver.wait_for(1).await;
    let signatures: Vec<&str> = seen[0].header("webhook-signature").split(' ').collect();
    assert!(signatures.len() == 2 && signatures[0] != signatures[1], "{signatures:?}");
    // Two changes within a day: whoever has the first secret still hears us.
    let third = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
    let change = json!({"settings": {"secret": third}});
    let (status, body) = site.call(Method::PATCH, &path, Some(change)).await;
    assert!(status == 200 && !body.to_string().contains("whsec_"), "{body}");
    site.post(2, json!({})).await;
    let seen = receiver.wait_for(2).await;
    let count = |seen: &Seen| seen.header("webhook-signature").split(' ').count();
    assert_eq!((count(&seen[0]), count(&seen[1])), (2, 3));
    // Another key is put before the first one: what was sealed is sealed anew.
    let arguments = ["--destination-keys", NEW_KEYS, "--allow-destination", HERE];
    let again = Server::start_at_with(&site.server.database, &arguments).await;
    let again = Site::of(again).await;
    use sqlx::Row;
    let mut db = connect(&site.server.database).await;
    let row = sqlx::query("SELECT key_id FROM destination").fetch_one(&mut db).await.expect("it");
    assert_eq!(row.get::<String, _>(0), "2");
    let (_, trial) = again.call(Method::POST, &format!("{path}/test"), None).await;
    assert_eq!(trial["delivered"], true, "{trial}");
    assert!(trial["exchanges"][0]["ms"].is_u64());
}

async fn another_collector_is_a_receiver(on: On) {
    let site = Site::on(on).await;
    let second = Server::on(on).await;
    let settings = json!({"url": format!("{}/v1/responses", second.address), "secret": SECRET});
    let hook = site
        .add(json!({"kind": "webhook", "name": "Second", "on": "each", "settings": settings}))
        .await;
    site.post(1, json!({"revision": 1, "status": "partial"})).await;
    site.post(1, json!({"revision": 2})).await;
    site.post(2, json!({})).await;
    site.until_delivered(&hook, 3).await;
    let (mut ours, mut theirs) = (site.server.stored().await, second.stored().await);
    let by_id = |it: &Json| it["id"].as_str().expect("an id").to_owned();
    ours.sort_by_key(by_id);
    theirs.sort_by_key(by_id);
    assert_eq!(ours, theirs);
    // What is wrong with it is told by its field, as of a response alone.
    let wrong = json!({"type": "response.completed", "timestamp": "2026-11-21T18:40:20Z",
                       "data": with(COMPLETED, json!({"id": "1"}))});
    let answer = second.post(wrong.to_string()).await;
    assert_eq!(answer.status(), 422);
    assert_eq!(answer.json::<Json>().await.expect("JSON")["error"]["field"], "id");
    // One in another is none.
    let nested = json!({"type": "response.a", "data": {"type": "response.b", "data": {}}});
    assert_eq!(second.post(nested.to_string()).await.status(), 422);
}

async fn two_collectors_share_the_work(on: On) {
    let site = Site::on(on).await;
    let seen: Arc<Mutex<BTreeMap<String, u32>>> = Arc::default();
    let counts = Arc::clone(&seen);
    let receiver = StandIn::start(move |it| {
        *counts.lock().expect("no panic").entry(it.header("webhook-id").to_owned()).or_default() +=
            1;
        Reply::new(200, "")
    })
    .await;
    let hook = site.webhook(&receiver, json!({})).await;
    let arguments = ["--destination-keys", KEYS, "--allow-destination", HERE];
    let other = Site::of(Server::start_at_with(&site.server.database, &arguments).await).await;
    for number in 0..100 {
        let one = if number % 2 == 0 { &site } else { &other };
        one.post(number, json!({})).await;
    }
    assert_eq!(site.until_delivered(&hook, 100).await.len(), 100);
    let seen = seen.lock().expect("no panic");
    assert!(seen.len() == 100 && seen.values().all(|count| *count == 1), "{seen:?}");
}

async fn a_killed_collector_repeats_each_once_at_most(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = on.database(folder.path());
    let arguments = [
        "--destination-keys",
        KEYS,
        "--allow-destination",
        HERE,
        "--address-limit",
        "0",
        "--survey-limit",
        "0",
    ];
    let mut process = Process::start_with(&database, &arguments).await;
    let seen: Arc<Mutex<BTreeMap<String, u32>>> = Arc::default();
    let counts = Arc::clone(&seen);
    let receiver = StandIn::start(move |it| {
        *counts.lock().expect("no panic").entry(it.header("webhook-id").to_owned()).or_default() +=
            1;
        Reply::new(200, "")
    })
    .await;
    let site = Site::of(Server::start_at_with(&database, &[]).await).await;
    // This one has no key: it stores, and leaves delivering to the one that is killed.
    let rounds = std::env::var("SONDEO_KILLS").ok().and_then(|it| it.parse().ok()).unwrap_or(3);
    let settings = json!({"url": format!("{}/hook", receiver.address), "secret": SECRET});
    let hook = json!({"kind": "webhook", "name": "Hook", "settings": settings});
    let token = &site.token;
    let request = crate::support::client().post(format!("{}{ALL}", process.address));
    let created = send(request.bearer_auth(token).body(hook.to_string())).await;
    assert_eq!(created.status(), 201);
    let created: Json = created.json().await.expect("JSON");
    let hook = created["id"].as_str().expect("an id").to_owned();
    let mut number = 0;
    for round in 0..rounds {
        let before = receiver.seen().len();
        for _ in 0..40 {
            number += 1;
            let response = with(COMPLETED, json!({"id": id(number)}));
            assert_eq!(process.post(response).await.status(), 201);
        }
        receiver.wait_for(before + 3 + round).await;
        process.child.kill().await.expect("SIGKILL");
        process = Process::start_with(&database, &arguments).await;
        // What was in its hands is taken when the lease is over: at once, by the clock of this test.
        site.sql("UPDATE delivery SET due = 0 WHERE state = 'waiting'").await;
    }
    let begun = Instant::now();
    while seen.lock().expect("no panic").len() < number as usize
        || site.destination(&hook).await["waiting"] != 0
    {
        assert!(begun.elapsed() < Duration::from_secs(60), "{}", site.destination(&hook).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let seen = seen.lock().expect("no panic");
    assert_eq!(seen.len(), number as usize, "none is lost");
    // Once more for each time that it was killed while it had it in hand; and that is once.
    assert!(seen.values().all(|count| *count <= 2), "{seen:?}");
}

async fn owners_alone_look_after_destinations(on: On) {
    let site = Site::on(on).await;
    let receiver = StandIn::willing().await;
    let hook = site.webhook(&receiver, json!({})).await;
    let scopes = Scopes(vec![Scope::Read, Scope::Export, Scope::Edit, Scope::Publish]);
    let token =
        Token::mint_for(&site.server.store, "editor", &scopes, None).await.expect("a token");
    let elsewhere = Scopes(Scope::ALL.to_vec());
    let (status, _) = site.call(Method::POST, "/v1/sites", Some(json!({"id": "shop"}))).await;
    assert_eq!(status, 201);
    let foreign = Token::mint_for(&site.server.store, "foreign", &elsewhere, Some("shop")).await;
    let foreign = foreign.expect("a token");
    for (method, path, body) in [
        (Method::GET, ALL.to_owned(), json!({})),
        (Method::POST, ALL.to_owned(), json!({"kind": "webhook", "name": "x"})),
        (Method::GET, format!("{ALL}/{hook}"), json!({})),
        (Method::PATCH, format!("{ALL}/{hook}"), json!({"name": "x"})),
        (Method::DELETE, format!("{ALL}/{hook}"), json!({})),
        (Method::POST, format!("{ALL}/{hook}/test"), json!({})),
        (Method::GET, format!("{ALL}/{hook}/deliveries"), json!({})),
        (Method::POST, format!("{ALL}/{hook}/replay"), json!({"failed": true})),
    ] {
        for (token, expected) in
            [(Some(token.to_string()), 403), (Some(foreign.to_string()), 404), (None, 401)]
        {
            let mut request = site.server.request(method.clone(), &path);
            if let Some(token) = &token {
                request = request.bearer_auth(token);
            }
            let status = send(request.body(body.to_string())).await.status();
            assert_eq!(status.as_u16(), expected, "{method} {path}");
        }
    }
    // A destination of one site is none of another one.
    let elsewhere = format!("/v1/sites/shop/destinations/{hook}");
    assert_eq!(site.call(Method::GET, &elsewhere, None).await.0, 404);
    assert_eq!(site.call(Method::DELETE, &elsewhere, None).await.0, 404);
    let (status, _) = site.call(Method::DELETE, &format!("{ALL}/{hook}"), None).await;
    assert_eq!(status, 204);
    assert_eq!(site.call(Method::GET, &format!("{ALL}/{hook}"), None).await.0, 404);
    let audit = site.server.store.audit_entries(10).await.expect("the audit");
    let deeds: Vec<&str> = audit.iter().map(|it| it.action.as_str()).collect();
    assert!(
        deeds.contains(&"add a destination") && deeds.contains(&"remove a destination"),
        "{deeds:?}"
    );
    assert!(audit.iter().all(|it| !it.subject.contains(&SECRET[6..])));
}

async fn what_waits_is_counted(on: On) {
    let site = Site::on(on).await;
    let receiver = StandIn::willing().await;
    let hook = site.webhook(&receiver, json!({"state": "paused"})).await;
    for number in 1..=3 {
        site.post(number, json!({})).await;
    }
    let list = site.get(ALL).await;
    assert_eq!(
        (&list["destinations"][0]["id"], &list["destinations"][0]["waiting"]),
        (&json!(hook), &json!(3))
    );
    assert!(list["destinations"][0]["oldest"].is_string());
    let request = site.server.request(Method::GET, "/metrics").bearer_auth(&site.token);
    let text = send(request).await.text().await.expect("metrics");
    let labels = format!("{{site=\"default\",destination=\"{hook}\",kind=\"webhook\"}}");
    for line in [
        format!("sondeo_deliveries_waiting{labels} 3"),
        format!("sondeo_deliveries_failed{labels} 0"),
        format!("sondeo_destination_active{labels} 0"),
    ] {
        assert!(text.contains(&line), "{line}: {text}");
    }
    // Page by page.
    let first = site.get(&format!("{ALL}/{hook}/deliveries?limit=2")).await;
    assert_eq!(first["deliveries"].as_array().expect("a list").len(), 2);
    let next = first["next"].as_str().expect("a next page");
    let second = site.get(&format!("{ALL}/{hook}/deliveries?limit=2&cursor={next}")).await;
    assert_eq!(
        (second["deliveries"].as_array().expect("it").len(), &second["next"]),
        (1, &Json::Null)
    );
    let wrong = format!("{ALL}/{hook}/deliveries?cursor=1.a%00.1");
    assert_eq!(site.call(Method::GET, &wrong, None).await.0, 400);
    assert!(receiver.seen().is_empty());
}

async fn people_hear_of_what_waited_once(on: On) {
    let site = Site::on(on).await;
    let teams = StandIn::start(|_| Reply::new(202, "")).await;
    let settings = json!({"url": teams.address});
    let channel = json!({"kind": "teams", "name": "Team", "on": "each", "state": "paused", "settings": settings});
    let channel = site.add(channel).await;
    for (revision, status) in [(1, "partial"), (2, "partial"), (3, "completed")] {
        let mut fields = rated(3);
        fields["revision"] = revision.into();
        fields["status"] = status.into();
        site.post(1, fields).await;
    }
    let waiting = site.deliveries(&channel, "waiting").await;
    assert_eq!((waiting.len(), &waiting[0]["revision"]), (1, &json!(3)));
    let path = format!("{ALL}/{channel}");
    site.call(Method::PATCH, &path, Some(json!({"state": "active"}))).await;
    assert_eq!(site.until_delivered(&channel, 1).await.len(), 1);
    site.until(&channel, "nothing waits", |it| it["waiting"] == 0).await;
    assert_eq!(teams.seen().len(), 1);
}

async fn nothing_earlier_is_sent_in_place_of_what_came_later(on: On) {
    let site = Site::on(on).await;
    let salesforce = StandIn::start(|seen| match seen.path() {
        "/services/oauth2/token" => Reply::new(200, r#"{"access_token": "00D-token"}"#),
        _ if seen.body.contains('1') => Reply::new(400, "[]"),
        _ => Reply::new(204, ""),
    })
    .await;
    let settings = json!({"base": salesforce.address, "client_id": "id-s3cr3t", "client_secret": "s3cr3t",
        "object": "Survey_Response__c", "external_id": "Sondeo__c", "fields": {"Score__c": "satisfaction"}});
    let records = json!({"kind": "salesforce", "name": "SF", "on": "each", "settings": settings});
    let records = site.add(records).await;
    let receiver = StandIn::willing().await;
    let hook = site.webhook(&receiver, json!({"on": "each"})).await;
    let mut first = rated(1);
    first["revision"] = 1.into();
    first["status"] = "partial".into();
    site.post(1, first).await;
    site.until(&records, "it is refused", |it| it["failed"] == 1).await;
    site.until_delivered(&hook, 1).await;
    site.post(1, rated(4)).await;
    site.until_delivered(&records, 1).await;
    site.until_delivered(&hook, 2).await;
    let one = |revision: u32| json!({"delivery": format!("{}.{revision}", id(1))});
    for (destination, what, count) in [
        (&records, json!({"failed": true}), 0),
        (&records, one(1), 0),
        (&records, one(2), 1),
        // What it said then is known to nobody any more.
        (&hook, one(1), 0),
        (&hook, one(2), 1),
    ] {
        let path = format!("{ALL}/{destination}/replay");
        let (status, body) = site.call(Method::POST, &path, Some(what.clone())).await;
        assert_eq!((status.as_u16(), &body["replayed"]), (200, &json!(count)), "{what}");
    }
    let seen = receiver.wait_for(3).await;
    assert_eq!(checked(&seen[2])["revision"], 2);
}

async fn a_secret_goes_where_it_was_given_for(on: On) {
    let site = Site::on(on).await;
    let (receiver, elsewhere) = (StandIn::willing().await, StandIn::willing().await);
    let hook = site.webhook(&receiver, json!({})).await;
    let form = json!({"portal": "42", "form": "form-1", "token": "pat-s3cr3t", "fields": {"email": "email"}});
    let form = site
        .add(json!({"kind": "hubspot", "name": "Form", "state": "paused", "settings": form}))
        .await;
    for (destination, address, secret, value) in
        [(&hook, "url", "secret", SECRET), (&form, "base", "token", "pat-s3cr3t")]
    {
        let path = format!("{ALL}/{destination}");
        let mut settings = json!({address: elsewhere.address});
        let change = json!({"settings": settings});
        let (status, body) = site.call(Method::PATCH, &path, Some(change)).await;
        let field = json!(format!("settings.{secret}"));
        assert_eq!((status.as_u16(), &body["error"]["field"]), (422, &field), "{body}");
        settings[secret] = value.into();
        let change = json!({"settings": settings});
        assert_eq!(site.call(Method::PATCH, &path, Some(change)).await.0, 200);
        // The same address is no other one.
        let change = json!({"settings": {address: elsewhere.address}});
        assert_eq!(site.call(Method::PATCH, &path, Some(change)).await.0, 200);
    }
}

async fn what_could_not_be_looked_at_is_looked_at_again(on: On) {
    let site = Site::on(on).await;
    let receiver = StandIn::willing().await;
    site.webhook(&receiver, json!({"surveys": ["another"]})).await;
    site.sql("ALTER TABLE destination RENAME TO elsewhere").await;
    // A change is seen, and where responses go cannot be read.
    let (status, _) = site.call(Method::POST, "/v1/sites", Some(json!({"id": "shop"}))).await;
    assert_eq!(status, 201);
    site.sql("UPDATE elsewhere SET surveys = '[]'").await;
    site.sql("ALTER TABLE elsewhere RENAME TO destination").await;
    let begun = Instant::now();
    for number in 1.. {
        site.post(number, json!({})).await;
        if !receiver.seen().is_empty() {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "the change is never heard of");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// It goes away after the receiver has answered, and before that is written down: nothing is sent once more for that.
#[tokio::test]
async fn a_database_that_was_gone_hears_what_became_of_a_delivery() {
    let cluster = Arc::new(Mutex::new(Cluster::start()));
    let database = cluster.lock().expect("no panic").database();
    let arguments = ["--destination-keys", KEYS, "--allow-destination", HERE];
    let site = Site::of(Server::start_at_with(&database, &arguments).await).await;
    let (stopped, mut is_first) = (Arc::clone(&cluster), true);
    let receiver = StandIn::start(move |_| {
        if std::mem::take(&mut is_first) {
            stopped.lock().expect("no panic").stop();
        }
        Reply::new(200, "")
    })
    .await;
    let hook = site.webhook(&receiver, json!({})).await;
    site.post(1, json!({})).await;
    receiver.wait_for(1).await;
    cluster.lock().expect("no panic").restart();
    let begun = Instant::now();
    while site.call(Method::GET, ALL, None).await.0 != 200 {
        assert!(begun.elapsed() < Duration::from_secs(30), "it does not find its database again");
    }
    assert_eq!(site.until_delivered(&hook, 1).await[0]["tries"], 1);
    site.post(2, json!({})).await;
    site.until_delivered(&hook, 2).await;
    assert_eq!(receiver.seen().len(), 2);
}
