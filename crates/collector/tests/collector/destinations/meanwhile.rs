//! What happens to a delivery while it is on its way, waits, or can not go for lack of a key.

use super::{ALL, HERE, SECRET, Site, id};
use crate::support::stand_in::{Reply, StandIn};
use crate::support::{On, Server, on_both};
use reqwest::Method;
use serde_json::{Value as Json, json};
use std::time::Duration;

on_both!(
    people_hear_the_latest_where_the_first_try_fails,
    people_hear_once_of_what_was_on_its_way,
    what_waits_goes_at_once_when_somebody_asks,
    a_key_that_is_lost_is_no_end,
    where_a_response_was_on_its_way_is_told,
    parts_of_an_address_are_secrets,
    a_destination_is_removed_as_it_was_read,
);

/// A channel that takes a second for its first answer.
async fn slow(first: u16) -> StandIn {
    let mut is_first = true;
    StandIn::start(move |_| match std::mem::replace(&mut is_first, false) {
        true => Reply::new(first, "ok").after(Duration::from_secs(1)),
        false => Reply::new(200, "ok"),
    })
    .await
}

async fn channel(site: &Site, slack: &StandIn) -> String {
    let settings = json!({"url": format!("{}/services/T0/B0/s3cr3t", slack.address)});
    site.add(json!({"kind": "slack", "name": "Team", "on": "each", "settings": settings})).await
}

fn said(text: &str) -> Json {
    json!([{"question": "why", "text": "Why?", "kind": "text", "value": text}])
}

/// A first revision, and a second one while the first is on its way.
async fn two(site: &Site, slack: &StandIn) {
    site.post(1, json!({"revision": 1, "status": "partial", "answers": said("slow")})).await;
    slack.wait_for(1).await;
    site.post(1, json!({"revision": 2, "answers": said("I am leaving")})).await;
}

async fn people_hear_the_latest_where_the_first_try_fails(on: On) {
    let (site, slack) = (Site::on(on).await, slow(500).await);
    let team = channel(&site, &slack).await;
    two(&site, &slack).await;
    site.until(&team, "it failed", |it| it["failing_since"] != Json::Null).await;
    assert_eq!(site.destination(&team).await["waiting"], 1);
    site.move_the_clock(&team).await;
    let seen = slack.wait_for(2).await;
    assert!(seen[1].body.contains("I am leaving"), "{}", seen[1].body);
    site.until(&team, "it is there", |it| it["waiting"] == 0).await;
}

async fn people_hear_once_of_what_was_on_its_way(on: On) {
    let (site, slack) = (Site::on(on).await, slow(200).await);
    let team = channel(&site, &slack).await;
    two(&site, &slack).await;
    site.until(&team, "it is there", |it| it["waiting"] == 0).await;
    assert_eq!(slack.seen().len(), 1);
}

async fn what_waits_goes_at_once_when_somebody_asks(on: On) {
    let site = Site::on(on).await;
    let mut count = 0;
    let receiver = StandIn::start(move |_| {
        count += 1;
        Reply::new(if count == 1 || count == 3 { 503 } else { 200 }, "")
    })
    .await;
    let hook = site.webhook(&receiver, json!({})).await;
    let path = format!("{ALL}/{hook}/replay");
    let count = |it: &Json| it["replayed"].as_u64();
    for (number, body) in
        [(1, json!({"delivery": format!("{}.2", id(1))})), (2, json!({"since": "2020-01-01"}))]
    {
        site.post(number, json!({})).await;
        site.until(&hook, "it waits", |it| it["failing_since"] != Json::Null).await;
        // As after many tries.
        site.sql("UPDATE delivery SET due = 9000000000000 WHERE state = 'waiting'").await;
        let (_, answer) = site.call(Method::POST, &path, Some(body)).await;
        assert_eq!(count(&answer), Some(u64::from(number)), "{answer}");
        site.until(&hook, "it is there", |it| it["waiting"] == 0).await;
    }
}

async fn a_key_that_is_lost_is_no_end(on: On) {
    let (site, receiver) = (Site::on(on).await, StandIn::willing().await);
    let hook = site.webhook(&receiver, json!({"state": "paused"})).await;
    site.post(1, json!({})).await;
    let other = "3:YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY=";
    let arguments = ["--destination-keys", other, "--allow-destination", HERE];
    let again = Server::start_at_with(&site.server.database, &arguments).await;
    let again = Site::of(again).await;
    let path = format!("{ALL}/{hook}");
    again.call(Method::PATCH, &path, Some(json!({"state": "active"}))).await;
    let names_the_key = |it: &Json| it["reason"].as_str().is_some_and(|it| it.contains("\"1\""));
    again.until(&hook, "it says why", names_the_key).await;
    let url = format!("{}/hook", receiver.address);
    let change = |settings: Json| Some(json!({"settings": settings}));
    let some = again.call(Method::PATCH, &path, change(json!({"secret": SECRET}))).await;
    assert_eq!(some.0, 409, "{}", some.1);
    let all = change(json!({"url": url, "secret": SECRET}));
    let (status, body) = again.call(Method::PATCH, &path, all).await;
    assert_eq!(status, 200, "{body}");
    receiver.wait_for(1).await;
    again.until(&hook, "all is well", |it| it["waiting"] == 0 && it["reason"] == Json::Null).await;
}

async fn where_a_response_was_on_its_way_is_told(on: On) {
    let site = Site::on(on).await;
    let receiver =
        StandIn::start(|_| Reply::new(200, "").after(Duration::from_millis(1_500))).await;
    let hook = site.webhook(&receiver, json!({})).await;
    site.post(1, json!({})).await;
    receiver.wait_for(1).await;
    assert_eq!(site.call(Method::DELETE, &format!("{ALL}/{hook}"), None).await.0, 204);
    let (_, erased) = site.call(Method::DELETE, &format!("/v1/responses/{}", id(1)), None).await;
    assert_eq!(erased["sent_to"][0]["destination"], hook, "{erased}");
}

async fn parts_of_an_address_are_secrets(on: On) {
    let site = Site::on(on).await;
    let says = "Cannot POST /hook/s3cr3tPATH, sig s3cr3tQUERY, {\"url\": \"\\/hook\\/s3cr3tPATH?sig=s3cr3tQUERY\"}";
    let receiver = StandIn::start(move |_| Reply::new(503, says)).await;
    let url = format!("{}/hook/s3cr3tPATH?sig=s3cr3tQUERY", receiver.address);
    let hook = site.webhook(&receiver, json!({"settings": {"url": url, "secret": SECRET}})).await;
    site.post(1, json!({})).await;
    let failing = |it: &Json| it["failing_since"] != Json::Null;
    let shown = site.until(&hook, "it fails", failing).await.to_string();
    let waiting = json!(site.deliveries(&hook, "waiting").await).to_string();
    let (_, trial) = site.call(Method::POST, &format!("{ALL}/{hook}/test"), None).await;
    for text in [shown, waiting, trial.to_string()] {
        assert!(text.contains("Cannot POST") && !text.contains("s3cr3t"), "{text}");
    }
    // What stands in an address that we make is no way to another one.
    let settings =
        json!({"portal": "../../x?", "form": "a", "token": "t", "fields": {"email": "email"}});
    let wrong = json!({"kind": "hubspot", "name": "CRM", "settings": settings});
    let (status, body) = site.call(Method::POST, ALL, Some(wrong)).await;
    assert_eq!(
        (status.as_u16(), &body["error"]["field"]),
        (422, &json!("settings.portal")),
        "{body}"
    );
}

async fn a_destination_is_removed_as_it_was_read(on: On) {
    let (site, receiver) = (Site::on(on).await, StandIn::willing().await);
    let hook = site.webhook(&receiver, json!({})).await;
    let path = format!("{ALL}/{hook}");
    let tag = site.destination(&hook).await["etag"].as_str().expect("a tag").to_owned();
    site.call(Method::PATCH, &path, Some(json!({"name": "Another"}))).await;
    for (tag, status) in [(tag, 412), ("*".to_owned(), 204)] {
        let request = site.server.request(Method::DELETE, &path).bearer_auth(&site.token);
        let request = request.header("if-match", tag);
        assert_eq!(crate::support::send(request).await.status(), status);
    }
}
