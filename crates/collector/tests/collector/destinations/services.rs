//! Each service, against a stand-in that has its rules: its limits, its ways of saying no, what it makes of a repeat.

use super::{ALL, SECRET, Site, checked, id, rated};
use crate::support::On;
use crate::support::on_both;
use crate::support::stand_in::{Reply, StandIn};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::watch;

on_both!(
    slack_has_a_message_a_second_and_calls_nobody,
    slack_says_no_by_words,
    teams_takes_a_card_before_it_is_shown,
    discord_names_its_wait_in_the_body,
    hubspot_is_left_alone_for_a_minute,
    zendesk_tells_a_repeat,
    google_sheets_lends_a_token_for_a_while,
    salesforce_has_one_record_for_a_response,
    pipedrive_has_one_note_for_a_delivery,
    mail_is_written_and_names_nobody_in_its_subject,
    a_mailbox_that_is_gone_keeps_nobody_elses_mail,
    a_digest_comes_once_with_scores_and_intervals,
    a_page_that_answers_everything_is_no_receipt,
    pipedrive_is_asked_for_a_note_before_one_is_written_late,
    what_leads_inside_is_refused,
    what_cannot_be_used_is_named,
);

/// What visitors write, if nobody stops them.
const RUDE: &str = "<!channel> @everyone =HYPERLINK(\"https://evil.example\") **a** <b>b</b> & [c](https://evil.example)";

fn rude(number: u8) -> Json {
    let mut fields = rated(number);
    fields["answers"].as_array_mut().expect("a list").push(
        json!({"question": "why", "text": "What went <wrong>?", "kind": "text", "value": RUDE}),
    );
    fields["user"] = "ana@shop.example".into();
    fields
}

pub(super) async fn to(site: &Site, kind: &str, settings: Json) -> String {
    site.add(json!({"kind": kind, "name": kind, "settings": settings})).await
}

async fn slack_has_a_message_a_second_and_calls_nobody(on: On) {
    let site = Site::on(on).await;
    let latest: Mutex<Option<Instant>> = Mutex::new(None);
    let slack = StandIn::start(move |seen| {
        let body = seen.json();
        let blocks = body["blocks"].as_array().cloned().unwrap_or_default();
        let lengths = |kind: &str, most: usize| {
            blocks.iter().filter(|it| it["type"] == kind).all(|it| {
                (1..=most)
                    .contains(&it["text"]["text"].as_str().unwrap_or_default().chars().count())
            })
        };
        if !body["text"].is_string() || blocks.is_empty() || blocks.len() > 50 {
            return Reply::new(400, "invalid_payload");
        }
        if !lengths("header", 150) || !lengths("section", 3_000) {
            return Reply::new(400, "invalid_blocks");
        }
        let mut latest = latest.lock().expect("no panic");
        if latest.is_some_and(|at| at.elapsed() < Duration::from_secs(1)) {
            return Reply::new(429, "").with("retry-after", "1");
        }
        *latest = Some(Instant::now());
        Reply::new(200, "ok")
    })
    .await;
    let address = format!("{}/services/T0/B0/s3cr3t", slack.address);
    let channel = to(&site, "slack", json!({"url": address})).await;
    let mut long = rude(1);
    long["answers"][1]["value"] = "Ñ".repeat(5_000).into();
    site.post(1, rude(2)).await;
    site.post(2, long).await;
    let seen = slack.wait_for(2).await;
    site.until(&channel, "both are there", |it| it["waiting"] == 0).await;
    assert_eq!(slack.seen().len(), 2, "nothing was sent too soon");
    let message = seen.iter().find(|it| it.body.contains("everyone")).expect("the rude one").json();
    assert_eq!(message["text"], "checkout: 2 of 5");
    for block in message["blocks"].as_array().expect("a list") {
        // Only what is marked up can call somebody.
        if block["text"]["type"] == "mrkdwn" {
            let text = block["text"]["text"].as_str().expect("a text");
            assert!(!text.contains('<') && !text.contains('>'), "{text}");
        }
    }
    assert!(message["blocks"].to_string().contains("What went &lt;wrong&gt;?"), "{message}");
}

async fn slack_says_no_by_words(on: On) {
    let site = Site::on(on).await;
    let count = AtomicUsize::new(0);
    let slack = StandIn::start(move |_| match count.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::new(400, "invalid_blocks"),
        1 => Reply::new(200, "<html>a captive portal</html>"),
        2 => Reply::new(429, "").with("retry-after", "30"),
        _ => Reply::new(404, "no_service"),
    })
    .await;
    let channel = to(&site, "slack", json!({"url": slack.address})).await;
    site.post(1, rated(1)).await;
    let failed = site.until(&channel, "it is given up", |it| it["failed"] == 1).await;
    assert_eq!((&failed["state"], &failed["waiting"]), (&json!("active"), &json!(0)));
    site.post(2, rated(2)).await;
    site.until(&channel, "a portal is no receipt", |it| it["failing_since"] != Json::Null).await;
    site.move_the_clock(&channel).await;
    site.until(&channel, "it is asked to wait", |it| it["reason"] == "429").await;
    site.move_the_clock(&channel).await;
    let off = site.until(&channel, "it is gone", |it| it["state"] == "off").await;
    assert_eq!(
        (&off["reason"], &off["waiting"]),
        (&json!("it said that it is gone: 404 no_service"), &json!(1))
    );
}

async fn teams_takes_a_card_before_it_is_shown(on: On) {
    let site = Site::on(on).await;
    let teams = StandIn::start(|seen| {
        let card = seen.json()["attachments"][0].clone();
        let is_card = card["contentType"] == "application/vnd.microsoft.card.adaptive"
            && card["content"]["type"] == "AdaptiveCard"
            && card["content"]["version"] == "1.4";
        if seen.body.len() > 21_000 {
            Reply::new(413, "")
        } else if !is_card {
            Reply::new(400, "")
        } else {
            Reply::new(202, "")
        }
    })
    .await;
    let channel =
        to(&site, "teams", json!({"url": format!("{}/flow?sig=s3cr3t", teams.address)})).await;
    let mut long = rude(1);
    long["answers"][1]["value"] = "🙁".repeat(5_000).into();
    site.post(1, long).await;
    site.post(2, rude(1)).await;
    teams.wait_for(2).await;
    site.until(&channel, "both are taken", |it| it["waiting"] == 0 && it["failed"] == 0).await;
    let rude = teams.seen().into_iter().find(|it| it.body.contains("HYPERLINK")).expect("it");
    assert!(teams.seen().iter().any(|it| it.body.contains('🙁')), "what is long is cut");
    // Runs of text are no Markdown.
    let body = rude.json()["attachments"][0]["content"]["body"].clone();
    assert!(
        body.as_array().expect("a list").iter().all(|it| it["type"] == "RichTextBlock"),
        "{body}"
    );
}

async fn discord_names_its_wait_in_the_body(on: On) {
    let site = Site::on(on).await;
    let count = AtomicUsize::new(0);
    let discord = StandIn::start(move |seen| {
        let body = seen.json();
        let embed = &body["embeds"][0];
        let is_short = |it: &Json, most| it.as_str().is_some_and(|it| (1..=most).contains(&it.chars().count()));
        let fields = embed["fields"].as_array().cloned().unwrap_or_default();
        let is_fine = fields.len() <= 25
            && is_short(&embed["title"], 256)
            && fields.iter().all(|it| is_short(&it["name"], 256) && is_short(&it["value"], 1_024));
        assert!(is_fine && body["allowed_mentions"]["parse"] == json!([]), "{body}");
        assert_eq!(seen.uri.query(), Some("wait=true"));
        match count.fetch_add(1, Ordering::Relaxed) {
            // Documented as seconds, and seen as milliseconds.
            0 => Reply::new(429, r#"{"message": "You are being rate limited.", "retry_after": 64000, "global": false}"#),
            _ => Reply::new(200, r#"{"id": "1"}"#),
        }
    })
    .await;
    let channel =
        to(&site, "discord", json!({"url": format!("{}/api/webhooks/1/s3cr3t", discord.address)}))
            .await;
    let mut long = rude(1);
    long["answers"][1]["value"] = "*".repeat(5_000).into();
    site.post(1, long).await;
    site.until(&channel, "it is asked to wait", |it| it["failing_since"] != Json::Null).await;
    let waiting = site.deliveries(&channel, "waiting").await;
    let moment = |name: &str| {
        let text = waiting[0][name].as_str().expect("a moment");
        text.parse::<sondeo_model::Timestamp>().expect("RFC 3339").as_millis()
    };
    assert_eq!(moment("due") - moment("tried_at"), 64_000);
    site.move_the_clock(&channel).await;
    site.until(&channel, "it is there", |it| it["waiting"] == 0 && it["failed"] == 0).await;
}

async fn hubspot_is_left_alone_for_a_minute(on: On) {
    let site = Site::on(on).await;
    let refusals = Arc::new(Mutex::new(Vec::<Instant>::new()));
    let (counted, is_slow) = (Arc::clone(&refusals), Arc::new(AtomicUsize::new(1)));
    let slow = Arc::clone(&is_slow);
    let hubspot = StandIn::start(move |seen| {
        assert_eq!(seen.path(), "/submissions/v3/integration/secure/submit/42/form-1");
        if seen.header("authorization") != "Bearer pat-s3cr3t" {
            return Reply::new(401, "");
        }
        if slow.load(Ordering::Relaxed) == 1 {
            let mut refusals = counted.lock().expect("no panic");
            refusals.push(Instant::now());
            return Reply::new(429, "");
        }
        let body = seen.json();
        let has_email = body["fields"].as_array().is_some_and(|fields| {
            fields.iter().any(|it| it["name"] == "email" && it["value"] == "ana@shop.example")
        });
        if has_email {
            Reply::new(200, "{}")
        } else {
            Reply::new(400, r#"{"errors":[{"errorType":"REQUIRED_FIELD"}]}"#)
        }
    })
    .await;
    let settings = json!({"portal": "42", "form": "form-1", "token": "pat-s3cr3t", "base": hubspot.address,
                          "fields": {"email": "email", "score": "satisfaction"}});
    let form = to(&site, "hubspot", settings).await;
    for number in 1..=10 {
        site.post(number, rude(2)).await;
    }
    site.until(&form, "it is asked to wait", |it| it["failing_since"] != Json::Null).await;
    // Ten within a second would block the address: after one, all of them wait for a minute.
    assert_eq!(refusals.lock().expect("no panic").len(), 1);
    let waiting = site.deliveries(&form, "waiting").await;
    assert_eq!(waiting.len(), 10);
    is_slow.store(0, Ordering::Relaxed);
    site.post(11, rated(1)).await;
    site.move_the_clock(&form).await;
    let done = site.until(&form, "ten are there", |it| it["waiting"] == 0).await;
    assert_eq!(done["failed"], 1, "one has no address");
    let failed = site.deliveries(&form, "failed").await;
    assert!(failed[0]["answer"].as_str().expect("an answer").contains("REQUIRED_FIELD"));
}

async fn zendesk_tells_a_repeat(on: On) {
    let site = Site::on(on).await;
    let tickets: Arc<Mutex<BTreeMap<String, Json>>> = Arc::default();
    let made = Arc::clone(&tickets);
    let zendesk = StandIn::start(move |seen| {
        assert_eq!(seen.path(), "/api/v2/tickets.json");
        // agent@shop.example/token:s3cr3t
        if seen.header("authorization") != "Basic YWdlbnRAc2hvcC5leGFtcGxlL3Rva2VuOnMzY3IzdA==" {
            return Reply::new(401, r#"{"error": "Couldn't authenticate you"}"#);
        }
        let (key, body) = (seen.header("idempotency-key").to_owned(), seen.json());
        assert!((1..=255).contains(&key.len()));
        let mut tickets = made.lock().expect("no panic");
        match tickets.get(&key) {
            Some(known) if *known == body => {
                Reply::new(201, r#"{"ticket": {"id": 35436}}"#).with("x-idempotency-lookup", "hit")
            }
            Some(_) => Reply::new(400, r#"{"error": "IdempotentRequestError"}"#),
            None => {
                tickets.insert(key, body);
                // It is made, and the answer is lost on the way.
                Reply::new(502, "bad gateway")
            }
        }
    })
    .await;
    let settings = json!({"subdomain": "shop", "email": "agent@shop.example", "token": "s3cr3t", "base": zendesk.address});
    let desk = to(&site, "zendesk", settings).await;
    site.post(1, rude(1)).await;
    site.until(&desk, "the answer is lost", |it| it["failing_since"] != Json::Null).await;
    site.move_the_clock(&desk).await;
    site.until(&desk, "it is there", |it| it["waiting"] == 0 && it["failed"] == 0).await;
    let tickets = tickets.lock().expect("no panic");
    assert_eq!((tickets.len(), zendesk.seen().len()), (1, 2));
    let ticket = &tickets.values().next().expect("one")["ticket"];
    assert_eq!(ticket["subject"], "checkout: 1 of 5");
    assert_eq!(
        (&ticket["external_id"], &ticket["comment"]["public"]),
        (&json!(id(1)), &json!(false))
    );
    assert_eq!(ticket["requester"]["email"], "ana@shop.example");
}

async fn google_sheets_lends_a_token_for_a_while(on: On) {
    let site = Site::on(on).await;
    let (lent, over) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let google = StandIn::start(move |seen| {
        if seen.path() == "/token" {
            let form: BTreeMap<String, String> =
                form_urlencoded::parse(seen.body.as_bytes()).into_owned().collect();
            assert_eq!(form["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
            let parts: Vec<&str> = form["assertion"].split('.').collect();
            let part = |index: usize| -> Json {
                let bytes = URL_SAFE_NO_PAD.decode(parts[index]).expect("Base64");
                serde_json::from_slice(&bytes).expect("JSON")
            };
            assert_eq!((parts.len(), part(0)), (3, json!({"alg": "RS256", "typ": "JWT"})));
            assert_eq!(part(1)["iss"], "sondeo@shop.iam.example");
            let number = lent.fetch_add(1, Ordering::Relaxed) + 1;
            return Reply::new(
                200,
                json!({"access_token": format!("token-{number}"), "expires_in": 3600}).to_string(),
            );
        }
        let query = "valueInputOption=RAW&insertDataOption=INSERT_ROWS";
        assert_eq!(seen.uri.query(), Some(query), "what looks like a formula is none");
        assert_eq!(seen.path(), "/v4/spreadsheets/sheet-1/values/%27Answers%27%21A1:append");
        // The first token is over when the second row comes.
        let is_first = seen.header("authorization") == "Bearer token-1";
        if is_first && over.fetch_add(1, Ordering::Relaxed) > 0 {
            return Reply::new(401, r#"{"error": {"status": "UNAUTHENTICATED"}}"#);
        }
        // It repeats what it was sent.
        let said = json!({"updates": {"updatedRows": 1}, "by": seen.header("authorization")});
        Reply::new(200, said.to_string())
    })
    .await;
    let account = json!({"type": "service_account", "client_email": "sondeo@shop.iam.example",
        "private_key": include_str!("account.pem"), "token_uri": format!("{}/token", google.address)});
    let settings = json!({"spreadsheet": "sheet-1", "sheet": "Answers", "account": account.to_string(), "base": google.address});
    let sheet = to(&site, "google-sheets", settings.clone()).await;
    site.post(1, rude(1)).await;
    site.post(2, rude(2)).await;
    site.until(&sheet, "both are there", |it| it["waiting"] == 0 && it["failed"] == 0).await;
    let paths: Vec<String> = google.seen().iter().map(|it| it.path().to_owned()).collect();
    let rows: Vec<_> = google.seen().into_iter().filter(|it| it.path() != "/token").collect();
    assert_eq!((paths.len(), rows.len()), (5, 3), "{paths:?}");
    let cells = rows[2].json()["values"][0].clone();
    assert_eq!((&cells[1], &cells[10]), (&json!("checkout"), &json!("2 of 5")));
    assert_eq!(cells[12], RUDE);
    let (_, trial) = site.call(Method::POST, &format!("{ALL}/{sheet}/test"), None).await;
    let said = trial.to_string();
    assert!(
        trial["delivered"] == true && !said.contains("token-2") && !said.contains("PRIVATE"),
        "{said}"
    );
    // Nor is what the token was asked for with, and it belongs to one account.
    let lent = || google.seen().iter().filter(|it| it.path() == "/token").count();
    let fresh = to(&site, "google-sheets", settings).await;
    let mut other = account;
    other["project_id"] = "another".into();
    let other = json!({"settings": {"account": other.to_string()}});
    for (change, count) in [(None, 3), (None, 3), (Some(other), 4)] {
        let path = format!("{ALL}/{fresh}");
        if change.is_some() {
            assert_eq!(site.call(Method::PATCH, &path, change).await.0, 200);
        }
        let (_, trial) = site.call(Method::POST, &format!("{path}/test"), None).await;
        let said = trial.to_string();
        for hidden in ["token-", "assertion"] {
            assert!(trial["delivered"] == true && !said.contains(hidden), "{said}");
        }
        assert_eq!(lent(), count);
    }
}

async fn a_page_that_answers_everything_is_no_receipt(on: On) {
    let site = Site::on(on).await;
    let portal = StandIn::start(|seen| match seen.path() {
        "/services/oauth2/token" => Reply::new(200, r#"{"access_token": "00D-token"}"#),
        _ => Reply::new(200, "<html>a captive portal</html>"),
    })
    .await;
    let (base, fields) = (&portal.address, json!({"email": "email"}));
    for (kind, settings) in [
        (
            "zendesk",
            json!({"subdomain": "shop", "email": "agent@shop.example", "token": "s3cr3t", "base": base}),
        ),
        (
            "hubspot",
            json!({"portal": "42", "form": "form-1", "token": "s3cr3t", "base": base, "fields": fields}),
        ),
        (
            "salesforce",
            json!({"base": base, "client_id": "id-s3cr3t", "client_secret": "s3cr3t",
            "object": "Survey_Response__c", "external_id": "Sondeo__c", "fields": fields}),
        ),
        ("pipedrive", json!({"token": "s3cr3t", "base": base})),
    ] {
        let it = to(&site, kind, settings).await;
        let (_, trial) = site.call(Method::POST, &format!("{ALL}/{it}/test"), None).await;
        assert_eq!(
            (&trial["delivered"], &trial["outcome"]),
            (&json!(false), &json!("again")),
            "{kind}: {trial}"
        );
    }
}

/// The collector died when the note was written and that was not yet written down.
async fn pipedrive_is_asked_for_a_note_before_one_is_written_late(on: On) {
    let site = Site::on(on).await;
    let note = Arc::new(Mutex::new(String::new()));
    let (written, looks) = (Arc::clone(&note), AtomicUsize::new(0));
    let pipedrive = StandIn::start(move |seen| match (seen.method.as_str(), seen.path()) {
        ("GET", "/api/v2/persons/search") => {
            Reply::new(200, r#"{"success": true, "data": {"items": [{"item": {"id": 7}}]}}"#)
        }
        ("GET", "/v1/notes") if looks.fetch_add(1, Ordering::Relaxed) == 0 => Reply::new(500, ""),
        ("GET", "/v1/notes") => {
            let notes = json!([{"content": *written.lock().expect("no panic")}]);
            Reply::new(200, json!({"success": true, "data": notes}).to_string())
        }
        other => panic!("{other:?}"),
    })
    .await;
    let settings = json!({"token": "s3cr3t", "base": pipedrive.address});
    let crm = json!({"kind": "pipedrive", "name": "CRM", "state": "paused", "settings": settings});
    let crm = site.add(crm).await;
    *note.lock().expect("no panic") = format!("<b>checkout</b><br>{}-2-{crm}", id(1));
    site.post(1, rude(1)).await;
    site.sql("UPDATE delivery SET at = 0").await;
    let path = format!("{ALL}/{crm}");
    site.call(Method::PATCH, &path, Some(json!({"state": "active"}))).await;
    site.until(&crm, "it cannot be looked", |it| it["failing_since"] != Json::Null).await;
    site.move_the_clock(&crm).await;
    site.until(&crm, "it is there", |it| it["waiting"] == 0 && it["failed"] == 0).await;
    assert!(pipedrive.seen().iter().all(|it| it.method == "GET"));
}

async fn salesforce_has_one_record_for_a_response(on: On) {
    let site = Site::on(on).await;
    let count = AtomicUsize::new(0);
    let salesforce = StandIn::start(move |seen| {
        if seen.path() == "/services/oauth2/token" {
            assert!(seen.body.contains("grant_type=client_credentials"), "{}", seen.body);
            return Reply::new(
                200,
                r#"{"access_token": "00D-token", "instance_url": "https://x"}"#,
            );
        }
        assert_eq!(
            (seen.method.as_str(), seen.header("authorization")),
            ("PATCH", "Bearer 00D-token")
        );
        match count.fetch_add(1, Ordering::Relaxed) {
            0 => Reply::new(403, r#"[{"errorCode": "REQUEST_LIMIT_EXCEEDED"}]"#),
            1 => Reply::new(201, r#"{"success": true}"#),
            _ => Reply::new(204, ""),
        }
    })
    .await;
    let settings = json!({"base": salesforce.address, "client_id": "id-s3cr3t", "client_secret": "s3cr3t",
        "object": "Survey_Response__c", "external_id": "Sondeo__c", "fields": {"Score__c": "satisfaction", "Why__c": "why"}});
    let records = site
        .add(json!({"kind": "salesforce", "name": "SF", "on": "each", "settings": settings}))
        .await;
    site.post(1, rude(1)).await;
    site.until(&records, "the day is over", |it| it["failing_since"] != Json::Null).await;
    let mut second = rude(4);
    second["revision"] = 3.into();
    site.post(1, second).await;
    site.move_the_clock(&records).await;
    site.until(&records, "both are there", |it| it["waiting"] == 0 && it["failed"] == 0).await;
    let records: Vec<_> = salesforce.seen().into_iter().filter(|it| it.method == "PATCH").collect();
    let path = format!("/services/data/v62.0/sobjects/Survey_Response__c/Sondeo__c/{}", id(1));
    assert!(records.len() == 3 && records.iter().all(|it| it.path() == path), "{records:?}");
    assert_eq!(records[2].json(), json!({"Score__c": "4", "Why__c": RUDE}));
}

async fn pipedrive_has_one_note_for_a_delivery(on: On) {
    let site = Site::on(on).await;
    let notes: Arc<Mutex<Vec<String>>> = Arc::default();
    let written = Arc::clone(&notes);
    let people = AtomicUsize::new(0);
    let pipedrive = StandIn::start(move |seen| {
        if seen.header("x-api-token") != "s3cr3t" {
            return Reply::new(401, "");
        }
        match (seen.method.as_str(), seen.path()) {
            ("GET", "/api/v2/persons/search") => match people.load(Ordering::Relaxed) {
                0 => Reply::new(200, r#"{"success": true, "data": {"items": []}}"#),
                _ => Reply::new(
                    200,
                    r#"{"success": true, "data": {"items": [{"item": {"id": 7}}]}}"#,
                ),
            },
            ("POST", "/api/v2/persons") => {
                people.fetch_add(1, Ordering::Relaxed);
                Reply::new(201, r#"{"success": true, "data": {"id": 7}}"#)
            }
            ("POST", "/v1/notes") => {
                let body = seen.json();
                assert_eq!(body["person_id"], 7);
                written
                    .lock()
                    .expect("no panic")
                    .push(body["content"].as_str().expect("it").to_owned());
                // It is written, and the answer is lost on the way.
                Reply::new(500, "")
            }
            ("GET", "/v1/notes") => {
                let notes: Vec<Json> = written
                    .lock()
                    .expect("no panic")
                    .iter()
                    .map(|it| json!({"content": it}))
                    .collect();
                Reply::new(200, json!({"success": true, "data": notes}).to_string())
            }
            other => panic!("{other:?}"),
        }
    })
    .await;
    let settings = json!({"token": "s3cr3t", "base": pipedrive.address});
    let crm = to(&site, "pipedrive", settings).await;
    site.post(1, rude(1)).await;
    site.until(&crm, "the answer is lost", |it| it["failing_since"] != Json::Null).await;
    site.move_the_clock(&crm).await;
    site.until(&crm, "it is there", |it| it["waiting"] == 0 && it["failed"] == 0).await;
    {
        let notes = notes.lock().expect("no panic");
        assert!(notes.len() == 1 && notes[0].contains("&lt;b&gt;b&lt;/b&gt; &amp;"), "{notes:?}");
    }
    site.post(2, rated(1)).await;
    let failed = site.until(&crm, "nobody can be found", |it| it["failed"] == 1).await;
    assert_eq!(failed["waiting"], 0);
}

/// A server of mail that takes what is addressed to the shop.
pub(super) struct Postbox {
    pub(super) port: u16,
    pub(super) mails: watch::Receiver<Vec<String>>,
}

impl Postbox {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (sender, mails) = watch::channel(Vec::new());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (reader, mut writer) = stream.into_split();
                let mut lines = BufReader::new(reader).lines();
                writer.write_all(b"220 mail.example ESMTP\r\n").await.expect("it writes");
                while let Ok(Some(line)) = lines.next_line().await {
                    let answer = match line.split([' ', ':']).next().unwrap_or_default() {
                        "EHLO" => "250-mail.example\r\n250 8BITMIME\r\n",
                        "RCPT" if line.contains("nobody@") => {
                            "550 5.1.1 there is nobody of this name\r\n"
                        }
                        "RCPT" if line.contains("later@") => "451 4.7.1 greylisted\r\n",
                        "DATA" => {
                            writer.write_all(b"354 go on\r\n").await.expect("it writes");
                            let mut mail = String::new();
                            while let Ok(Some(line)) = lines.next_line().await {
                                if line == "." {
                                    break;
                                }
                                mail.push_str(&line);
                                mail.push('\n');
                            }
                            sender.send_modify(|mails| mails.push(mail));
                            "250 taken\r\n"
                        }
                        "QUIT" => "221 bye\r\n",
                        _ => "250 fine\r\n",
                    };
                    if writer.write_all(answer.as_bytes()).await.is_err() {
                        break;
                    }
                }
            }
        });
        Self { port, mails }
    }
}

async fn mail_is_written_and_names_nobody_in_its_subject(on: On) {
    let mut postbox = Postbox::start().await;
    let smtp = format!("smtp://127.0.0.1:{}", postbox.port);
    let site =
        Site::with(on, &["--smtp", &smtp, "--mail-from", "Surveys <surveys@shop.example>"]).await;
    let team = to(&site, "email", json!({"to": ["team@shop.example"]})).await;
    let nobody = to(&site, "email", json!({"to": ["nobody@shop.example"]})).await;
    let later = to(&site, "email", json!({"to": ["later@shop.example"]})).await;
    site.post(1, rude(1)).await;
    site.until(&team, "it is sent", |it| it["waiting"] == 0 && it["failed"] == 0).await;
    let refused = site.until(&nobody, "it is given up", |it| it["failed"] == 1).await;
    assert_eq!(refused["state"], "active");
    site.until(&later, "it waits", |it| it["waiting"] == 1 && it["failing_since"] != Json::Null)
        .await;
    let mails = postbox.mails.wait_for(|mails| !mails.is_empty()).await.expect("a mail").clone();
    let mail = &mails[0];
    for line in [
        "From: Surveys <surveys@shop.example>",
        "To: team@shop.example",
        "Subject: checkout: 1 of 5",
        "Auto-Submitted: auto-generated",
        "List-Unsubscribe: <mailto:surveys@shop.example?subject=unsubscribe>",
        &format!("Message-ID: <{}-2-{team}@shop.example>", id(1)),
    ] {
        assert!(mail.contains(line), "{line}: {mail}");
    }
    let (head, body) = mail.split_once("\n\n").expect("a body");
    assert!(!head.contains("everyone") && body.contains("@everyone"), "{mail}");
}

async fn a_mailbox_that_is_gone_keeps_nobody_elses_mail(on: On) {
    let postbox = Postbox::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let smtp = folder.path().join("smtp");
    std::fs::write(&smtp, format!("smtp://127.0.0.1:{}\n", postbox.port)).expect("a file");
    let smtp = smtp.to_str().expect("UTF-8");
    let site = Site::with(on, &["--smtp-file", smtp, "--mail-from", "surveys@shop.example"]).await;
    let list = |last: &str| json!({"to": ["team@shop.example", "nobody@shop.example", last]});
    let late = to(&site, "email", list("later@shop.example")).await;
    site.post(1, rude(1)).await;
    let is_failing = |it: &Json| it["failing_since"] != Json::Null;
    site.until(&late, "one of them waits", is_failing).await;
    assert_eq!(postbox.mails.borrow().len(), 1);
    // Whom it reached has it once, whatever becomes of the others.
    site.move_the_clock(&late).await;
    let begun = Instant::now();
    while site.deliveries(&late, "waiting").await[0]["tries"] != 2 {
        assert!(begun.elapsed() < Duration::from_secs(30), "it is not tried again");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(postbox.mails.borrow().len(), 1);
    let path = format!("{ALL}/{late}");
    site.call(Method::PATCH, &path, Some(json!({"state": "paused"}))).await;
    let both = to(&site, "email", list("ana@shop.example")).await;
    site.post(2, rude(1)).await;
    site.until(&both, "it is there", |it| it["waiting"] == 0 && it["failed"] == 0).await;
    assert_eq!(postbox.mails.borrow().len(), 3);
    // Nor does one that is full for now: the others have it at the first try.
    let first = json!({"to": ["later@shop.example", "team@shop.example"]});
    let first = to(&site, "email", first).await;
    site.post(3, rude(1)).await;
    site.until(&first, "one of them waits", is_failing).await;
    site.until(&both, "it is there", |it| it["waiting"] == 0 && it["failed"] == 0).await;
    assert_eq!(postbox.mails.borrow().len(), 6);
    let delivered = site.deliveries(&both, "delivered").await;
    let said = delivered[0]["answer"].as_str().expect("who has it not");
    assert!(said.contains("nobody@shop.example"), "{said}");
}

async fn a_digest_comes_once_with_scores_and_intervals(on: On) {
    let mut postbox = Postbox::start().await;
    let smtp = format!("smtp://127.0.0.1:{}", postbox.port);
    let mail = ["--smtp", &smtp, "--mail-from", "surveys@shop.example"];
    let site = Site::with(on, &mail).await;
    let digest = to(&site, "email", json!({"to": ["team@shop.example"], "digest": "daily"})).await;
    for number in 1..=40 {
        site.post(number, with_early(rated(if number <= 30 { 5 } else { 1 }))).await;
    }
    let it = site.destination(&digest).await;
    assert_eq!((&it["waiting"], &it["settings"]["digest"]), (&json!(0), &json!("daily")));
    let replay = format!("{ALL}/{digest}/replay");
    let (status, _) = site.call(Method::POST, &replay, Some(json!({"since": "2020-01-01"}))).await;
    assert_eq!(status, 409, "no response goes there");
    // The next morning has come: of two collectors, one sends it.
    site.sql("UPDATE destination SET digest_day = 0").await;
    let arguments = [&mail[..], &["--destination-keys", super::KEYS]].concat();
    let _one = crate::support::Server::start_at_with(&site.server.database, &arguments).await;
    let _other = crate::support::Server::start_at_with(&site.server.database, &arguments).await;
    let mails = postbox.mails.wait_for(|mails| !mails.is_empty()).await.expect("a mail").clone();
    let text = mails[0].replace("=\n", "");
    for words in [
        "Subject: email: what visitors said",
        "checkout: 40 answered, 40 completed",
        "How satisfied are you?",
        "CSAT 75.0 (59.8 to 85.8, n",
        "95 %",
    ] {
        assert!(
            text.contains(words) || text.contains(&words.replace('=', "=3D").replace(" %", " =25")),
            "{words}: {text}"
        );
    }
    assert_eq!(postbox.mails.borrow().len(), 1);
    use sqlx::Row;
    let mut db = super::connect(&site.server.database).await;
    let row = sqlx::query("SELECT digest_day FROM destination").fetch_one(&mut db).await;
    assert!(row.expect("a row").get::<i64, _>(0) > 20_000);
}

/// The same, shown just before eight in the morning of this day (UTC), where a digest ends.
pub(super) fn with_early(mut fields: Json) -> Json {
    const HOUR_MS: i64 = 3_600_000;
    let now = jiff::Timestamp::now().as_millisecond() - 8 * HOUR_MS;
    let eight = now.div_euclid(24 * HOUR_MS) * 24 * HOUR_MS + 8 * HOUR_MS;
    let now = sondeo_model::Timestamp::from_millis(eight - 60_000);
    fields["shown_at"] = now.to_rfc3339().into();
    fields["sent_at"] = now.to_rfc3339().into();
    fields
}

async fn what_leads_inside_is_refused(on: On) {
    // Nothing is allowed here.
    let server = crate::support::Server::start_on(on, &["--destination-keys", super::KEYS]).await;
    let site = Site::of(server).await;
    for (url, words) in [
        ("http://hooks.example/a", "must begin with https://"),
        ("https://127.0.0.1/a", "not public"),
        ("https://169.254.169.254/latest/meta-data", "not public"),
        ("https://[::ffff:10.0.0.1]/a", "not public"),
        ("https://2130706433/a", "not public"),
        ("https://0x7f.1/a", "not public"),
        ("https://ana:secret@hooks.example/a", "no name and password"),
        ("file:///etc/passwd", "must be an address"),
    ] {
        let hook =
            json!({"kind": "webhook", "name": "Hook", "settings": {"url": url, "secret": SECRET}});
        let (status, body) = site.call(Method::POST, ALL, Some(hook)).await;
        let message = body["error"]["message"].as_str().expect("a message");
        assert!(status == 422 && message.contains(words), "{url}: {message}");
        assert_eq!(body["error"]["field"], "settings.url");
    }
    // A name is looked at when it is connected to.
    let hook = to(&site, "webhook", json!({"url": "https://localhost/a", "secret": SECRET})).await;
    let (_, trial) = site.call(Method::POST, &format!("{ALL}/{hook}/test"), None).await;
    let reason = trial["reason"].as_str().expect("a reason");
    assert!(reason.contains("localhost leads to an address that is not public"), "{reason}");
    assert!(reason.contains("--allow-destination localhost"), "{reason}");
}

async fn what_cannot_be_used_is_named(on: On) {
    let site = Site::on(on).await;
    for (destination, field, words) in [
        (json!({"kind": "slak", "name": "x"}), "kind", "(try \"slack\")"),
        (json!({"kind": "slack", "name": ""}), "name", "1 to 200 characters"),
        (json!({"kind": "slack", "name": "x"}), "settings.url", "is missing"),
        (
            json!({"kind": "slack", "name": "x", "settings": {"urk": "a"}}),
            "settings.urk",
            "(try \"url\")",
        ),
        (json!({"kind": "slack", "name": "x", "when": "score=="}), "when", "not a condition"),
        (json!({"kind": "slack", "name": "x", "on": "always"}), "on", "completed or each"),
        (json!({"kind": "slack", "name": "x", "surveys": ["A B"]}), "surveys[0]", "id of a survey"),
        (json!({"kind": "slack", "name": "x", "state": "off"}), "state", "active or paused"),
        (
            json!({"kind": "email", "name": "x", "settings": {"to": ["ana"]}}),
            "settings.to",
            "e-mail addresses",
        ),
        (
            json!({"kind": "webhook", "name": "x", "settings": {"url": "https://a.example", "secret": "short"}}),
            "settings.secret",
            "(try \"whsec_",
        ),
    ] {
        let (status, body) = site.call(Method::POST, ALL, Some(destination.clone())).await;
        let message = body["error"]["message"].as_str().unwrap_or_default();
        assert!(status == 422 && message.contains(words), "{destination}: {body}");
        assert_eq!(body["error"]["field"], field, "{message}");
    }
    assert_eq!(site.get(ALL).await["destinations"], json!([]));
}

/// The reference library of another language takes what is sent, and refuses it where a letter is another.
#[tokio::test]
async fn the_reference_library_verifies_a_signature() {
    let library = std::path::Path::new("../../loader/node_modules/standardwebhooks");
    if !library.is_dir() || crate::support::programs::find("node").is_none() {
        eprintln!("not run: standardwebhooks is not installed (cargo xtask setup)");
        return;
    }
    let site = Site::on(On::Sqlite).await;
    let receiver = StandIn::willing().await;
    let settings = json!({"url": format!("{}/hook", receiver.address), "secret": SECRET});
    to(&site, "webhook", settings).await;
    site.post(1, rude(1)).await;
    let seen = receiver.wait_for(1).await.remove(0);
    checked(&seen);
    let script = "const { Webhook } = require(process.argv[1]);
        const { secret, body, headers } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        new Webhook(secret).verify(body, headers);
        let refused = false;
        try { new Webhook(secret).verify(body + ' ', headers); } catch { refused = true; }
        if (!refused) process.exit(2);";
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers: BTreeMap<&str, &str> = names.map(|name| (name, seen.header(name))).into();
    let input = json!({"secret": SECRET, "body": seen.body, "headers": headers}).to_string();
    let mut node = tokio::process::Command::new("node");
    node.args(["-e", script]).arg(library.canonicalize().expect("a path"));
    let mut child = node.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("node runs");
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(input.as_bytes()).await.expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().await.expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
