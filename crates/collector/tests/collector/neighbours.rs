//! Cases beside those that were mended before, of the same kinds: what an examination from outside found next.

use crate::hardening::{connect, count, counts, id, now, open, response, store, whole};
use crate::operating::{done, run};
use crate::support::{On, Server, header, on_both, send};
use reqwest::Method;
use serde_json::{Value as Json, json};
use sondeo_collector::Token;
use sondeo_collector::store::{Scope, Scopes, WriteOutcome};
use sondeo_model::{Response, Timestamp};
use sqlx::AnyConnection;

on_both!(
    what_stays_away_leaves_no_name,
    what_is_known_brings_no_name,
    an_erasure_that_was_broken_off_is_finished,
    what_was_published_has_a_place,
    a_clock_that_was_put_back_brings_nobody_back,
    a_form_answers_the_published_survey,
    a_draft_with_a_null_character_is_no_fault,
    a_survey_of_the_default_site_has_two_names,
    erasing_twice_is_no_refusal,
);

/// A response of Maria, in whose page and questions her name stands.
fn maria(number: u64) -> Response {
    let answers = json!([
        {"question": "maria-visit", "text": "How is Maria?", "kind": "choice", "value": "maria-well"}]);
    let page = json!({"url": "https://clinic.example/maria", "title": "", "referrer": ""});
    let custom = json!({"patient": "maria"});
    response(
        number,
        json!({"visitor": "maria", "answers": answers, "page": page, "custom": custom}),
    )
}

/// How many names tell of Maria.
async fn names(db: &mut AnyConnection) -> i64 {
    let mut found = 0;
    for sql in [
        "SELECT COUNT(*) FROM wording WHERE text LIKE '%Maria%'",
        "SELECT COUNT(*) FROM scale WHERE question LIKE '%maria%'",
        "SELECT COUNT(*) FROM scale_option WHERE value LIKE '%maria%'",
        "SELECT COUNT(*) FROM segment WHERE value LIKE '%maria%'",
    ] {
        found += count(db, sql).await;
    }
    found
}

async fn what_stays_away_leaves_no_name(on: On) {
    let (store, database, _folder) = store(on).await;
    let mut db = connect(on, &database).await;
    store.keep(maria(1)).await.expect("kept");
    assert!(names(&mut db).await > 3);
    store.erase_visitor("maria").await.expect("erased");
    assert_eq!(names(&mut db).await, 0);
    // What her browser held back, a later revision of it, and what an earlier export has.
    let mut later = maria(1);
    later.revision += 7;
    for copy in [maria(1), later] {
        assert_eq!(store.keep(copy).await.expect("an outcome"), WriteOutcome::Erased);
    }
    let imported = store.import(vec![maria(1)]).await.expect("outcomes");
    assert_eq!(imported, [WriteOutcome::Erased]);
    assert_eq!(names(&mut db).await, 0, "what was not stored left its names");
    whole(&store).await;
}

async fn what_is_known_brings_no_name(on: On) {
    let (store, database, _folder) = store(on).await;
    let mut db = connect(on, &database).await;
    let known = response(1, json!({"revision": 5}));
    store.keep(known).await.expect("kept");
    // The response that is there, with other words; and under another survey.
    let mut earlier = maria(1);
    earlier.revision = 5;
    assert_eq!(store.keep(earlier).await.expect("an outcome"), WriteOutcome::Duplicate);
    let mut moved = maria(1);
    (moved.revision, moved.survey) = (9, "maria".to_owned());
    assert_eq!(store.keep(moved).await.expect("an outcome"), WriteOutcome::OtherSurvey);
    // Of one response in one batch, the highest alone is stored.
    let both = vec![maria(2), response(2, json!({"revision": 8}))];
    store.import(both).await.expect("outcomes");
    assert_eq!(names(&mut db).await, 0);
    assert_eq!(count(&mut db, "SELECT COUNT(*) FROM segment WHERE survey = 'maria'").await, 0);
    whole(&store).await;
}

async fn an_erasure_that_was_broken_off_is_finished(on: On) {
    let (first, database, _folder) = store(on).await;
    let mut db = connect(on, &database).await;
    first.keep(maria(1)).await.expect("kept");
    first.close().await;
    // As a process leaves it that is killed between the transaction that deletes and the one that forgets.
    for sql in [
        "DELETE FROM comment",
        "DELETE FROM day_answer",
        "DELETE FROM day_status",
        "DELETE FROM response",
        "UPDATE wording SET n = 0",
        "INSERT INTO unforgotten (survey) VALUES ('checkout')",
    ] {
        sqlx::query(sql).execute(&mut db).await.expect("done");
    }
    assert!(names(&mut db).await > 0);
    let second = open(&database).await;
    assert_eq!(names(&mut db).await, 0, "the next start does the rest");
    assert_eq!(count(&mut db, "SELECT COUNT(*) FROM unforgotten").await, 0);
    second.keep(maria(2)).await.expect("kept");
    second.erase_visitor("maria").await.expect("erased");
    assert_eq!(names(&mut db).await, 0);
    assert_eq!(count(&mut db, "SELECT COUNT(*) FROM unforgotten").await, 0);
    whole(&second).await;
}

pub(crate) fn published() -> Json {
    json!({
        "id": "checkout", "trigger": "event:order-completed",
        "questions": [{"id": "satisfaction", "kind": "likert", "points": 5,
            "text": {"en": "How was it?", "es": "¿Qué tal?"}}],
    })
}

pub(crate) async fn publish(database: &str, survey: &Json) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("checkout.json").display().to_string();
    std::fs::write(&file, survey.to_string()).expect("a file");
    done(database, &["publish", &file]).await;
}

async fn what_was_published_has_a_place(on: On) {
    let database = {
        let (store, database, folder) = store(on).await;
        store.close().await;
        (database, folder)
    };
    publish(&database.0, &published()).await;
    let server = Server::start_at(&database.0).await;
    let made_up = |number: u64| {
        response(
            number,
            json!({"trigger": format!("event:junk-{number}"), "language": format!("x{number}"),
                "version": 1_000 + number}),
        )
    };
    server.store.import((0..60).map(made_up).collect::<Vec<_>>()).await.expect("stored");
    let honest = |number: u64| {
        let language = if number.is_multiple_of(2) { "en" } else { "es" };
        let fields = json!({"trigger": "event:order-completed", "language": language,
            "version": 1});
        response(number, fields)
    };
    server.store.import((100..110).map(honest).collect::<Vec<_>>()).await.expect("stored");
    for (dimension, values) in [
        ("trigger", &["event:order-completed"][..]),
        ("language", &["en", "es"]),
        ("version", &["1"]),
    ] {
        let found = format!("{:?}", counts(&server.store, "checkout", dimension).await);
        for value in values {
            assert!(found.contains(&format!("{value:?}")), "{value} of {dimension}: {found}");
        }
    }
}

async fn a_clock_that_was_put_back_brings_nobody_back(on: On) {
    let (store, _, _folder) = store(on).await;
    store.keep(maria(1)).await.expect("kept");
    store.erase_visitor("maria").await.expect("erased");
    let mut late = maria(2);
    late.shown_at = Timestamp::from_millis(now().as_millis() + 3_600_000);
    late.sent_at = now();
    assert_eq!(store.keep(late).await.expect("an outcome"), WriteOutcome::Erased);
    // Who comes again later is somebody who answers now.
    let mut again = maria(3);
    again.shown_at = Timestamp::from_millis(now().as_millis() + 1);
    again.sent_at = Timestamp::from_millis(now().as_millis() + 1);
    while now() <= again.sent_at {
        std::hint::spin_loop();
    }
    assert_eq!(store.keep(again).await.expect("an outcome"), WriteOutcome::Inserted);
}

async fn a_form_answers_the_published_survey(on: On) {
    let (store, database, _folder) = store(on).await;
    store.close().await;
    publish(&database, &published()).await;
    let server = Server::start_at(&database).await;
    let form = async |number: u64, answer: &str| {
        let body = format!("survey=checkout&id={}&satisfaction={answer}&order=17", id(number));
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        server.post_with(&headers, body).await.status()
    };
    assert_eq!(form(1, "99").await, 422, "an answer of 99 of 5 is taken");
    assert_eq!(form(900, "4").await, 201);
    let stored = server.stored().await;
    let response = stored.iter().find(|it| it["id"] == id(900)).expect("the response");
    assert_eq!(response["answers"][0]["kind"], "likert");
    assert_eq!(response["answers"][0]["value"], 4);
    assert_eq!(response["custom"]["order"], "17");
}

async fn a_draft_with_a_null_character_is_no_fault(on: On) {
    let server = Server::on(on).await;
    let scopes = Scopes(vec![Scope::Read, Scope::Edit, Scope::Publish, Scope::Admin]);
    let token = Token::mint(&server.store, "all", &scopes).await.expect("a token");
    let path = "/v1/sites/default/surveys/checkout/draft";
    let request = server.request(Method::PUT, path).bearer_auth(token.to_string());
    let mut draft = published();
    draft["name"] = "a\u{0}b".into();
    let answer = send(request.header("if-none-match", "*").body(draft.to_string())).await;
    assert!(answer.status().is_success(), "{}", answer.text().await.expect("words"));
    for path in ["/sites/%FF/sondeo.js", "/sites/%00/plan.json", "/sites/default/surveys/%FF.json"]
    {
        let answer = server.get(path, &[]).await;
        assert_eq!(answer.status(), 400, "{path}");
        assert!(header(&answer, "content-type").contains("json"), "{path}");
    }
}

async fn a_survey_of_the_default_site_has_two_names(on: On) {
    let (store, database, _folder) = store(on).await;
    store.keep(response(1, json!({}))).await.expect("kept");
    store.keep(response(2, json!({}))).await.expect("kept");
    let lines = done(&database, &["export", "--survey", "default/checkout"]).await;
    assert_eq!(lines.trim().lines().count(), 2, "{lines}");
    assert_eq!(done(&database, &["erase", "--survey", "default/checkout"]).await, "2 erased\n");
    let (is_done, _, said) = run(&database, &["key", "shpo/checkout"], "").await;
    assert!(!is_done && said.contains("there is no site \"shpo\""), "{said}");
    done(&database, &["key", "default/checkout"]).await;
    let mut db = connect(on, &database).await;
    let kept = "SELECT COUNT(*) FROM write_key WHERE survey = 'checkout'";
    assert_eq!(count(&mut db, kept).await, 1);
}

async fn erasing_twice_is_no_refusal(on: On) {
    let server = Server::on(on).await;
    let database = &server.database;
    done(database, &["site", "shop"]).await;
    let token = done(database, &["token", "--scope", "erase", "--site", "shop"]).await;
    let token = token.trim();
    let own = response(1, json!({"site": "shop"}));
    server.store.keep(own).await.expect("kept");
    server.store.keep(response(2, json!({}))).await.expect("kept");
    let erase = async |number: u64| {
        let path = format!("/v1/responses/{}", id(number));
        let answer = send(server.request(Method::DELETE, &path).bearer_auth(token)).await;
        (answer.status().as_u16(), answer.json::<Json>().await.expect("JSON")["erased"].clone())
    };
    assert_eq!(erase(1).await, (200, json!(1)));
    assert_eq!(erase(1).await, (200, json!(0)));
    // One of another site, and one that is nowhere, look the same.
    assert_eq!(erase(2).await.0, 404);
    assert_eq!(erase(3).await.0, 404);
}

/// What is written into a file that has no name is lost with the process: it is not acknowledged.
#[tokio::test]
async fn a_file_that_was_taken_away_takes_no_answer() {
    let server = Server::on(On::Sqlite).await;
    let file = std::path::Path::new(&server.database);
    assert_eq!(
        server.post(serde_json::to_string(&response(1, json!({}))).expect("JSON")).await.status(),
        201
    );
    let elsewhere = file.with_extension("moved");
    std::fs::rename(file, &elsewhere).expect("moved");
    let body = serde_json::to_string(&response(2, json!({}))).expect("JSON");
    // Twice: the second one found a connection that was made anew, and an empty file.
    for _ in 0..3 {
        assert_eq!(server.post(body.clone()).await.status(), 503);
    }
    assert!(!file.exists(), "an empty file takes the place of the one that is away");
    assert_eq!(server.get("/healthz", &[]).await.status(), 503);
    std::fs::rename(&elsewhere, file).expect("back");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while server.get("/healthz", &[]).await.status() != 200 {
        assert!(std::time::Instant::now() < deadline, "it is healthy again by itself");
    }
    assert!(server.post(body).await.status().is_success());
    assert_eq!(server.stored().await.len(), 2, "what was acknowledged before is there");
}

/// One who listens often keeps nobody else from listening.
#[tokio::test]
async fn one_listener_takes_not_every_place() {
    let server = Server::on(On::Sqlite).await;
    let greedy =
        Token::mint(&server.store, "greedy", &Scopes(vec![Scope::Read])).await.expect("it");
    let listen = async |token: &str| {
        send(server.request(Method::GET, "/v1/events").bearer_auth(token)).await
    };
    let mut places = Vec::new();
    let refused = loop {
        let answer = listen(&greedy.to_string()).await;
        if answer.status() != 200 {
            break answer.status();
        }
        places.push(answer);
        assert!(places.len() < 200, "one listens as often as it likes");
    };
    assert_eq!(refused, 503);
    let other = Token::mint(&server.store, "other", &Scopes(vec![Scope::Read])).await.expect("it");
    assert_eq!(listen(&other.to_string()).await.status(), 200);
}
