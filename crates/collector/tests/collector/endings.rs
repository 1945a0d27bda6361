//! Which ending visitors have reached: responses do not say it, and the collector finds it out.

use crate::hardening::{id, open, response, whole};
use crate::neighbours::publish;
use crate::operating::done;
use crate::support::{On, Server, on_both};
use serde_json::{Value as Json, json};
use std::fs;

on_both!(
    endings_of_each_version_are_counted,
    endings_are_counted_anew_taken_out_and_erased,
    endings_of_a_folder_are_counted_where_a_way_leads_there,
);

/// Promoters come to a review, detractors who say why to a person, everybody else to the first ending.
fn definition(review: &str) -> Json {
    json!({"id": "nps-shop", "endings": [
            {"id": "done", "text": "Thanks."},
            {"id": review, "text": {"en": "[Write a review](https://reviews.example/) of us?", "es": "¿Nos recomiendas?"}},
            {"id": "person", "text": "Somebody calls you."}],
        "questions": [
            {"id": "score", "kind": "nps", "metric": "nps", "text": {"en": "Would you recommend us?", "es": "¿Nos recomendarías?"},
             "next": [{"if": ">=9", "go": review}, {"if": "<=6", "go": "why"}, {"go": "end"}]},
            {"id": "why", "kind": "text", "text": "Why?", "next": [{"if": "skipped", "go": "end"}, {"go": "person"}]}]})
}

fn score(value: u8) -> Json {
    json!({"question": "score", "text": "Would you recommend us?", "kind": "nps", "metric": "nps", "value": value})
}

fn why() -> Json {
    json!({"question": "why", "text": "Why?", "kind": "text", "value": "Slow"})
}

/// What a page sends.
fn sent(number: u64, fields: Json) -> String {
    let mut all =
        json!({"survey": "nps-shop", "template": null, "device": "mobile", "status": "completed"});
    for (key, value) in fields.as_object().expect("an object") {
        all[key] = value.clone();
    }
    response(number, all).to_json()
}

async fn post(server: &Server, number: u64, fields: Json) {
    let answer = server.post(sent(number, fields)).await;
    assert!(answer.status().is_success(), "{:?}", answer.text().await);
}

async fn summary(server: &Server, query: &str) -> Json {
    let path = format!("/v1/surveys/nps-shop/summary{query}");
    let response = server.read_path(&path).await;
    assert_eq!(response.status(), 200);
    response.json().await.expect("a summary")
}

/// Each ending with the number of responses.
fn reached(group: &Json) -> Vec<(String, u64)> {
    let endings = group["endings"].as_array().into_iter().flatten();
    let of = |it: &Json| {
        (it["id"].as_str().expect("an id").to_owned(), it["responses"].as_u64().expect("a number"))
    };
    endings.map(of).collect()
}

fn named(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|(id, n)| ((*id).to_owned(), *n)).collect()
}

async fn endings_of_each_version_are_counted(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = on.database(folder.path());
    open(&database).await.close().await;
    publish(&database, &definition("review")).await;
    let server = Server::start_at(&database).await;
    post(&server, 1, json!({"version": 1, "answers": [score(10)]})).await;
    post(&server, 2, json!({"version": 1, "answers": [score(7)]})).await;
    post(&server, 3, json!({"version": 1, "answers": [score(2), why()]})).await;
    // It goes on: what was reached is known with the last revision.
    let begun = json!({"version": 1, "revision": 1, "status": "partial", "answers": [score(3)]});
    post(&server, 4, begun).await;
    assert_eq!(
        reached(&summary(&server, "").await),
        named(&[("done", 1), ("review", 1), ("person", 1)])
    );
    post(&server, 4, json!({"version": 1, "revision": 2, "answers": [score(3)]})).await;
    let found = summary(&server, "?by=version,device,day").await;
    let expected = named(&[("done", 2), ("review", 1), ("person", 1)]);
    assert_eq!(reached(&found), expected);
    for dimension in ["version", "device", "day"] {
        assert_eq!(reached(&found["by"][dimension][0]), expected, "{dimension}");
    }
    let questions = found["questions"].as_array().expect("questions");
    let asked: Vec<_> =
        questions.iter().map(|it| it["question"].as_str().expect("an id")).collect();
    assert_eq!(asked, ["score", "why"], "endings are no question");
    let review = &found["endings"][1];
    assert_eq!(review["text"], json!({"en": "Write a review of us?"}), "as visitors read it");

    // A page that is open still asks the first version, and a form names none.
    publish(&database, &definition("shop")).await;
    let file = server.get("/sites/default/surveys/nps-shop.json?v=2", &[]).await;
    assert_eq!(file.status(), 200, "the collector has heard of it");
    post(&server, 5, json!({"version": 2, "answers": [score(9)]})).await;
    post(&server, 6, json!({"version": 1, "answers": [score(9)]})).await;
    post(&server, 7, json!({"answers": [score(9)], "language": "es"})).await;
    post(&server, 8, json!({"version": 77, "answers": [score(9)]})).await;
    let found = summary(&server, "?by=version").await;
    let expected = [("done", 2), ("shop", 2), ("person", 1), ("review", 2)];
    assert_eq!(reached(&found), named(&expected));
    assert_eq!(found["endings"][1]["text"].as_object().expect("texts").len(), 2);
    assert_eq!(found["endings"][3].get("text"), None, "no version that is known says it");
    let of_version = |version: &str| {
        let parts = found["by"]["version"].as_array().expect("parts");
        reached(parts.iter().find(|it| it["value"] == version).expect("a version"))
    };
    assert_eq!(of_version("2"), named(&[("done", 0), ("shop", 1), ("person", 0)]));
    let first = [("done", 2), ("shop", 0), ("person", 1), ("review", 2)];
    assert_eq!(of_version("1"), named(&first));
    whole(&server.store).await;
}

async fn endings_are_counted_anew_taken_out_and_erased(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = on.database(folder.path());
    open(&database).await.close().await;
    publish(&database, &definition("review")).await;
    let server = Server::start_at(&database).await;
    post(&server, 1, json!({"version": 1, "answers": [score(10)], "visitor": "ana"})).await;
    post(&server, 2, json!({"version": 1, "answers": [score(9)]})).await;
    post(&server, 3, json!({"version": 1, "answers": [score(8)]})).await;
    let expected = named(&[("done", 1), ("review", 2), ("person", 0)]);
    // Whoever counts anew knows no definition: what was found out stands with the response.
    done(&database, &["check", "--repair"]).await;
    assert_eq!(reached(&summary(&server, "").await), expected);
    for (format, name) in [("ndjson", "all.ndjson"), ("csv", "all.csv")] {
        let file = folder.path().join(name).display().to_string();
        done(&database, &["export", "--format", format, "--output", &file]).await;
        let text = fs::read_to_string(&file).expect("a file");
        assert_eq!(text.matches("review").count(), 2, "{text}");
        let elsewhere = tempfile::tempdir().expect("a folder");
        let other = on.database(elsewhere.path());
        let said = done(&other, &["import", &file]).await;
        assert_eq!(said, "3 stored, 0 known or erased before, 0 refused\n");
        let copy = Server::start_at(&other).await;
        let found = reached(&summary(&copy, "").await);
        assert_eq!(found, named(&[("done", 1), ("review", 2)]), "{format}");
        whole(&copy.store).await;
    }
    server.store.erase_visitor("ana").await.expect("erased");
    let expected = named(&[("done", 1), ("review", 1), ("person", 0)]);
    assert_eq!(reached(&summary(&server, "").await), expected);
    whole(&server.store).await;
}

async fn endings_of_a_folder_are_counted_where_a_way_leads_there(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("nps.json"), definition("review").to_string()).expect("a file");
    let surveys = ["--surveys", folder.path().to_str().expect("UTF-8")];
    let server = Server::start_on(on, &surveys).await;
    let found = summary(&server, "").await;
    assert_eq!(reached(&found), named(&[("done", 0), ("review", 0), ("person", 0)]));
    post(&server, 1, json!({"answers": [score(10)]})).await;
    // Nobody comes to an end with these, and nobody says where they have come to.
    post(&server, 2, json!({"answers": [score(10), why()]})).await;
    post(&server, 3, json!({"answers": []})).await;
    post(&server, 4, json!({"answers": [score(10)], "status": "partial"})).await;
    let mut claims: Json = serde_json::from_str(&sent(5, json!({"answers": [why()]}))).expect("it");
    claims["ending"] = "person".into();
    assert_eq!(server.post(claims.to_string()).await.status(), 201);
    let headers =
        [("content-type", "application/json"), ("user-agent", "a-bot/1.0 (+https://a.example)")];
    let crawler = sent(6, json!({"answers": [score(10)]}));
    assert_eq!(server.post_with(&headers, crawler).await.status(), 201);
    let found = summary(&server, "").await;
    assert_eq!(reached(&found), named(&[("done", 0), ("review", 1), ("person", 0)]));
    assert_eq!(found["completed"], 4);
    let stored = server.stored().await;
    let endings: Vec<_> =
        stored.iter().filter_map(|it| Some((it["id"].as_str()?, it["ending"].as_str()?))).collect();
    assert_eq!(endings, [(id(1).as_str(), "review")]);
    let form = format!(
        "survey=nps-shop&id={}&status=completed&score=2&why=Slow&url=https%3A%2F%2Fshop.example%2F",
        id(7)
    );
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(server.post_with(&headers, form).await.status(), 201);
    assert_eq!(
        reached(&summary(&server, "").await),
        named(&[("done", 0), ("review", 1), ("person", 1)])
    );
    whole(&server.store).await;
}
