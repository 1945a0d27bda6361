//! Previews: a draft for whoever has its key, and answers that are given to try it, on both databases.

use crate::destinations::Site;
use crate::hardening::{connect, count, now, whole};
use crate::operating::done;
use crate::publishing::{Person, answer, asks, check_refused};
use crate::support::stand_in::StandIn;
use crate::support::{COMPLETED, On, PARTIAL, Server, check_error, header, on_both, send, with};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value as Json, json};
use sondeo_collector::store::{Scope, Submission, TestOutcome};
use sondeo_model::Timestamp;
use sqlx::AssertSqlSafe;
use std::fs;

on_both!(
    a_key_reads_the_draft_as_it_is_now,
    a_preview_opens_to_its_key_alone,
    an_editor_of_the_site_makes_a_preview,
    guessing_previews_is_limited,
    a_test_answer_counts_for_nothing,
    a_test_answer_is_read_as_every_other_one,
    two_collectors_share_previews,
    test_answers_are_few_and_go_in_time,
    what_is_erased_is_no_test_answer_either,
);

const SURVEY: &str = "/v1/sites/default/surveys/checkout";
const TESTS: &str = "/v1/sites/default/surveys/checkout/test-responses";
const OVER: &str = "this preview is over; make a new one in the studio";
const DAY_MS: i64 = 86_400_000;

/// Makes a key of the survey at this path.
async fn key(owner: &Person<'_>, survey: &str) -> String {
    let made = owner.post(&format!("{survey}/preview"), json!({})).await;
    made["key"].as_str().expect("a key").to_owned()
}

async fn preview(server: &Server, site: &str, key: &str) -> Response {
    server.get(&format!("/sites/{site}/previews/{key}.json"), &[]).await
}

/// The file that a key opens.
async fn file(server: &Server, site: &str, key: &str) -> Json {
    let response = preview(server, site, key).await;
    assert_eq!(response.status(), 200);
    response.json().await.expect("JSON")
}

async fn check_over(response: Response) {
    assert_eq!(header(&response, "access-control-allow-origin"), "*", "its page says so");
    check_error(response, 404, "preview_over", None, OVER).await;
}

/// Sends an answer to try a draft, as a page of another origin would.
async fn try_out(server: &Server, (site, key): (&str, &str), body: &str) -> Response {
    let path = format!("/sites/{site}/previews/{key}/responses");
    let request = server.request(Method::POST, &path).header("origin", "https://new.example");
    send(request.header("content-type", "application/json").body(body.to_owned())).await
}

async fn tests(owner: &Person<'_>) -> Vec<Json> {
    owner.get(TESTS).await["responses"].as_array().expect("a list").clone()
}

async fn sql(on: On, server: &Server, text: &str) {
    let mut db = connect(on, &server.database).await;
    sqlx::query(AssertSqlSafe(text.to_owned())).execute(&mut db).await.expect("it runs");
}

async fn rows(on: On, server: &Server, table: &'static str) -> i64 {
    let mut db = connect(on, &server.database).await;
    count(&mut db, table).await
}

const KEYS: &str = "SELECT COUNT(*) FROM preview_key";
const STORED: &str = "SELECT COUNT(*) FROM test_response";

async fn a_key_reads_the_draft_as_it_is_now(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    owner.post("/v1/sites", json!({"id": "shop", "defaults": {"accent": "#0b7a75"}})).await;
    let survey = "/v1/sites/shop/surveys/checkout";
    let mut draft = asks("First?");
    draft["$schema"] = "file:///Secret/survey.json".into();
    owner.edit(survey, &draft).await;
    let asked = now().as_millis();
    let made = owner.send(Method::POST, &format!("{survey}/preview"), None).await;
    assert_eq!(made.status(), 201);
    let made: Json = made.json().await.expect("JSON");
    let own = made["key"].as_str().expect("a key").to_owned();
    assert!(own.len() == 48 && own.bytes().all(|it| it.is_ascii_hexdigit()), "{own}");
    let expires: Timestamp = serde_json::from_value(made["expires"].clone()).expect("a moment");
    let lifetime = expires.as_millis() - asked;
    assert!((3_600_000..3_660_000).contains(&lifetime), "{lifetime}");
    assert_eq!(made.as_object().expect("an object").len(), 2);

    let response = preview(&server, "shop", &own).await;
    assert_eq!(response.status(), 200);
    for (name, value) in [
        ("content-type", "application/json"),
        ("cache-control", "no-store"),
        ("x-robots-tag", "noindex"),
        ("access-control-allow-origin", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
    ] {
        assert_eq!(header(&response, name), value, "{name}");
    }
    let first: Json = response.json().await.expect("JSON");
    for private in ["name", "note", "$schema"] {
        assert_eq!(first.get(private), None, "{private}");
    }
    assert_eq!((&first["id"], &first["accent"]), (&json!("checkout"), &json!("#0b7a75")));
    assert_eq!(first["published"], json!({"site": "shop", "version": 1}));

    // It is what a page would read, if that were published.
    owner.post(&format!("{survey}/publish"), json!({})).await;
    let published = server.get("/sites/shop/surveys/checkout.json?v=1", &[]).await;
    let published: Json = published.json().await.expect("JSON");
    assert_eq!(file(&server, "shop", &own).await, published);
    owner.edit(survey, &asks("Second?")).await;
    let second = file(&server, "shop", &own).await;
    assert_eq!(second["questions"][0]["text"], "Second?", "as it is now");
    assert_eq!(second["published"]["version"], 2);
    let change = json!({"defaults": {"accent": "#123456"}});
    owner.send(Method::PATCH, "/v1/sites/shop", Some(change)).await;
    assert_eq!(file(&server, "shop", &own).await["accent"], "#123456");
    owner.post(&format!("{survey}/pause"), json!({})).await;
    assert_eq!(preview(&server, "shop", &own).await.status(), 200, "it may be looked at");

    // Over, and looked at all the same.
    let mut past = asks("Past?");
    past["until"] = "2020-01-01".into();
    owner.edit(survey, &past).await;
    let refused = owner.send(Method::POST, &format!("{survey}/publish"), None).await;
    assert_eq!(refused.status(), 422);
    assert_eq!(file(&server, "shop", &own).await["until"], "2020-01-01");
    let mut wrong = asks("Wrong?");
    wrong["questions"][0]["kind"] = "smell".into();
    wrong["delay"] = "5 secs".into();
    owner.edit(survey, &wrong).await;
    let refused = preview(&server, "shop", &own).await;
    assert_eq!(refused.status(), 422);
    assert_eq!(header(&refused, "cache-control"), "no-store");
    assert_eq!(header(&refused, "access-control-allow-origin"), "*");
    let refused: Json = refused.json().await.expect("JSON");
    let told = owner.send(Method::POST, &format!("{survey}/publish"), None).await;
    let told: Json = told.json().await.expect("JSON");
    assert_eq!(refused["problems"], told["problems"], "as whoever publishes it hears");
    assert_eq!(refused["error"]["code"], "invalid_survey");
    assert_eq!(refused["error"]["message"], "the survey cannot be shown: 2 to mend");
    let entries = server.store.audit_entries(100).await.expect("the audit");
    let line = entries.iter().find(|it| it.action == "make a preview").expect("its line");
    assert_eq!((&*line.actor, &*line.subject), ("token:owner", "shop/checkout"));
}

async fn a_preview_opens_to_its_key_alone(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    owner.post("/v1/sites", json!({"id": "shop"})).await;
    let of_shop = "/v1/sites/shop/surveys/checkout";
    for survey in [SURVEY, of_shop] {
        owner.edit(survey, &asks("Good?")).await;
    }
    let own = key(&owner, SURVEY).await;
    assert_eq!(preview(&server, "default", &own).await.status(), 200);
    for (site, wrong) in [
        ("default", "0".repeat(48)),
        ("default", own.to_uppercase().replace(|c: char| c.is_ascii_digit(), "A")),
        ("default", own[1..].to_owned()),
        ("default", "checkout".to_owned()),
        ("shop", own.clone()),
        ("none", own.clone()),
    ] {
        check_over(preview(&server, site, &wrong).await).await;
        check_over(try_out(&server, (site, &wrong), &answer(1, None, json!({}))).await).await;
    }
    let bare = server.get(&format!("/sites/default/previews/{own}"), &[]).await;
    assert_eq!(bare.status(), 404, "not a file");

    // An hour later.
    let past = now().as_millis() - 1;
    sql(on, &server, &format!("UPDATE preview_key SET expires_at = {past}")).await;
    check_over(preview(&server, "default", &own).await).await;
    check_over(try_out(&server, ("default", &own), &answer(1, None, json!({}))).await).await;
    let next = key(&owner, SURVEY).await;
    assert_eq!(rows(on, &server, KEYS).await, 1, "who makes one takes those away that are over");
    assert_eq!(preview(&server, "default", &next).await.status(), 200);
    sql(on, &server, &format!("UPDATE preview_key SET expires_at = {past}")).await;
    server.store.forget_previews(0).await.expect("swept");
    assert_eq!(rows(on, &server, KEYS).await, 0);

    // What is put aside is open to nobody, and not by an earlier key when it comes back.
    let own = key(&owner, SURVEY).await;
    owner.post(&format!("{SURVEY}/archive"), json!({})).await;
    check_over(preview(&server, "default", &own).await).await;
    check_over(try_out(&server, ("default", &own), &answer(1, None, json!({}))).await).await;
    let refused = owner.send(Method::POST, &format!("{SURVEY}/preview"), None).await;
    let words = "checkout cannot be previewed while it is archived: restore it first";
    check_refused(refused, StatusCode::CONFLICT, "conflict", words).await;
    owner.post(&format!("{SURVEY}/restore"), json!({})).await;
    check_over(preview(&server, "default", &own).await).await;

    // Nor does anything of a site stay, that another one of its name would have.
    let own = key(&owner, of_shop).await;
    let tried = try_out(&server, ("shop", &own), &answer(1, Some("shop"), json!({}))).await;
    assert_eq!(tried.status(), 201);
    assert_eq!(owner.send(Method::DELETE, "/v1/sites/shop", None).await.status(), 204);
    check_over(preview(&server, "shop", &own).await).await;
    assert_eq!((rows(on, &server, KEYS).await, rows(on, &server, STORED).await), (0, 0));
    owner.post("/v1/sites", json!({"id": "shop"})).await;
    owner.edit(of_shop, &asks("Another one?")).await;
    check_over(preview(&server, "shop", &own).await).await;

    // However many are made, few work.
    let until = Timestamp::from_millis(now().as_millis() + 1_000_000);
    for number in 0..=101_u8 {
        let sha256 = [number; 32];
        let made = server.store.add_preview_key(("shop", "checkout"), &sha256, until, "x");
        made.await.expect("an answer").expect("made");
    }
    assert_eq!(rows(on, &server, KEYS).await, 100);
}

async fn an_editor_of_the_site_makes_a_preview(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let of_folder = json!({"template": "nps", "id": "fromfile"}).to_string();
    fs::write(folder.path().join("fromfile.json"), of_folder).expect("a file");
    let surveys = folder.path().to_str().expect("UTF-8");
    let server = Server::start_on(on, &["--surveys", surveys]).await;
    let owner = Person::owner(&server).await;
    owner.post("/v1/sites", json!({"id": "shop"})).await;
    owner.edit(SURVEY, &asks("Good?")).await;
    let path = format!("{SURVEY}/preview");
    let nobody = send(server.request(Method::POST, &path)).await;
    assert_eq!(nobody.status(), 401);
    let scopes = [Scope::Read, Scope::Export, Scope::Publish];
    let viewer = Person::who_may(&server, "viewer", &scopes, Some("default")).await;
    let other = Person::who_may(&server, "other", &Scope::ALL, Some("shop")).await;
    let editor = Person::who_may(&server, "editor", &[Scope::Edit], Some("default")).await;
    let refused = viewer.send(Method::POST, &path, None).await;
    check_refused(refused, StatusCode::FORBIDDEN, "forbidden_scope", "may not edit").await;
    let own = key(&editor, SURVEY).await;
    assert_eq!(preview(&server, "default", &own).await.status(), 200);
    let refused = viewer.send(Method::DELETE, TESTS, None).await;
    assert_eq!(refused.status(), 403);
    assert_eq!(viewer.get(TESTS).await, json!({"responses": []}));
    assert_eq!(editor.send(Method::GET, TESTS, None).await.status(), 403);
    assert_eq!(editor.send(Method::DELETE, TESTS, None).await.status(), 204);
    for (method, path) in [(Method::POST, &*path), (Method::GET, TESTS), (Method::DELETE, TESTS)] {
        assert_eq!(other.send(method.clone(), path, None).await.status(), 404, "{method} {path}");
        let none = path.replace("checkout", "none");
        assert_eq!(owner.send(method.clone(), &none, None).await.status(), 404, "{none}");
        let none = path.replace("default", "none");
        assert_eq!(owner.send(method.clone(), &none, None).await.status(), 404, "{none}");
        let limited = owner.send(method, &format!("{path}?limit=5"), None).await;
        let words = "limit is not a parameter (there are none here)";
        check_refused(limited, StatusCode::BAD_REQUEST, "invalid_query", words).await;
    }
    let of_folder = "/v1/sites/default/surveys/fromfile/preview";
    let refused = owner.send(Method::POST, of_folder, None).await;
    let words = "fromfile is a file of --surveys";
    check_refused(refused, StatusCode::CONFLICT, "conflict", words).await;
}

async fn guessing_previews_is_limited(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    owner.edit(SURVEY, &asks("Good?")).await;
    let own = key(&owner, SURVEY).await;
    let guess = async |number: u32| preview(&server, "default", &format!("{number:048x}")).await;
    let answers = futures_util::future::join_all((0..150).map(guess)).await;
    let refused: Vec<_> = answers.iter().filter(|it| it.status() == 429).collect();
    assert!(refused.len() > 50, "{} of 150", refused.len());
    assert!(answers.iter().all(|it| matches!(it.status().as_u16(), 404 | 429)));
    assert_eq!(preview(&server, "default", &own).await.status(), 200, "it is locked out");
    // An answer is one of this address' responses.
    let server = Server::start_at_with(&server.database, &["--address-limit", "3"]).await;
    let mut statuses = Vec::new();
    for number in 0..5 {
        let tried = try_out(&server, ("default", &own), &answer(number, None, json!({}))).await;
        if tried.status() == 429 {
            assert_eq!(header(&tried, "access-control-expose-headers"), "Retry-After");
            assert!(!header(&tried, "retry-after").is_empty());
        }
        statuses.push(tried.status().as_u16());
    }
    assert_eq!(statuses, [201, 201, 201, 429, 429]);
}

async fn a_test_answer_counts_for_nothing(on: On) {
    let receiver = StandIn::willing().await;
    let site = Site::on(on).await;
    site.webhook(&receiver, json!({"on": "each"})).await;
    let server = &site.server;
    let owner = Person::owner(server).await;
    let mut draft = asks("Good?");
    draft["endings"] = json!([{"id": "bye", "text": "Bye"}]);
    owner.edit(SURVEY, &draft).await;
    owner.post(&format!("{SURVEY}/publish"), json!({"limit": {"answers": 1}})).await;
    let before = owner.get("/v1/surveys").await;
    let own = key(&owner, SURVEY).await;
    let given = |number: u32, fields: Json| answer(number, None, fields);
    let send = async |body: String| {
        let tried = try_out(server, ("default", &own), &body).await;
        let status = tried.status().as_u16();
        assert_eq!(header(&tried, "access-control-allow-origin"), "*");
        let receipt: Json = tried.json().await.expect("JSON");
        (status, receipt)
    };
    // That it was shown is acknowledged, so that no widget sends it again, and is no answer.
    for status in ["shown", "dismissed"] {
        let (told, receipt) =
            send(given(1, json!({"status": status, "answers": [], "revision": 1}))).await;
        let expected = "0199a3c2-5f1e-7a3b-8c4d-000000000001";
        assert_eq!((told, receipt), (200, json!({"id": expected, "stored": false})));
    }
    assert_eq!(tests(&owner).await, [Json::Null; 0]);
    let satisfaction = |value: u8| {
        json!([{"question": "satisfaction", "text": "Good?", "kind": "likert", "points": 5,
                "metric": "csat", "value": value}])
    };
    let partial = given(1, json!({"status": "partial", "answers": satisfaction(2), "revision": 2}));
    let whole_one = given(1, json!({"answers": satisfaction(4), "revision": 3}));
    for (body, status) in [(&partial, 201), (&partial, 200), (&whole_one, 201), (&partial, 200)] {
        let (told, receipt) = send(body.clone()).await;
        assert_eq!((told, &receipt["stored"]), (status, &json!(true)), "{body}");
    }
    assert_eq!(send(whole_one.clone()).await.0, 200);
    assert_eq!(send(given(2, json!({"visitor": "ana"}))).await.0, 201);
    let listed = tests(&owner).await;
    let ids: Vec<&str> = listed.iter().map(|it| it["id"].as_str().expect("an id")).collect();
    assert!(ids[0].ends_with("2") && ids[1].ends_with("1") && ids.len() == 2, "{ids:?}");
    let first = &listed[1];
    assert_eq!((&first["test"], &first["revision"]), (&json!(true), &json!(3)));
    assert_eq!(first["answers"][0]["value"], 4);
    assert_eq!(first["ending"], "bye", "as a response says it");
    // Beside the mark, it is what is listed of a response.
    let mut unmarked = first.clone();
    unmarked.as_object_mut().expect("an object").remove("test");
    unmarked.as_object_mut().expect("an object").remove("ending");
    let sent: Json = serde_json::from_str(&whole_one).expect("JSON");
    assert_eq!(unmarked, sent);

    assert_eq!(owner.get("/v1/responses").await["responses"], json!([]));
    assert_eq!(owner.get("/v1/surveys").await, before);
    let summary = owner.get("/v1/surveys/checkout/summary").await;
    let numbers = (&summary["shown"], &summary["responses"], &summary["completed"]);
    assert_eq!(numbers, (&json!(0), &json!(0), &json!(0)));
    let comments = owner.get("/v1/surveys/checkout/comments").await;
    assert_eq!(comments["comments"], json!([]));
    for path in ["/v1/export.ndjson", "/v1/visitors/ana", "/v1/export.csv"] {
        let text = owner.send(Method::GET, path, None).await.text().await.expect("a file");
        assert!(!text.contains("0199a3c2"), "{path}: {text}");
    }
    let managed = &owner.get("/v1/sites/default/surveys").await["surveys"][0];
    assert_eq!((&managed["answers"], &managed["state"]), (&json!(0), &json!("running")));
    let mut db = connect(on, &server.database).await;
    for table in [
        "SELECT COUNT(*) FROM response",
        "SELECT COUNT(*) FROM delivery",
        "SELECT COUNT(*) FROM day_status",
        "SELECT COUNT(*) FROM segment",
        "SELECT COUNT(*) FROM scale",
        "SELECT COUNT(*) FROM comment",
    ] {
        assert_eq!(count(&mut db, table).await, 0, "{table}");
    }
    whole(&server.store).await;
    assert_eq!(done(&server.database, &["check"]).await.lines().count(), 1);
    // The same id may be a response as well, which is counted and passed on as if nothing had been tried.
    assert_eq!(server.post(whole_one).await.status(), 201);
    let passed_on = receiver.wait_for(1).await;
    assert_eq!(passed_on.len(), 1);
    let managed = &owner.get("/v1/sites/default/surveys").await["surveys"][0];
    assert_eq!((&managed["answers"], &managed["state"]), (&json!(1), &json!("ended")));
    assert_eq!(send(given(3, json!({}))).await.0, 201, "what has ended may be tried");
    assert_eq!(tests(&owner).await.len(), 3);

    assert_eq!(owner.send(Method::DELETE, TESTS, None).await.status(), 204);
    assert_eq!(tests(&owner).await.len(), 0);
    assert_eq!(rows(on, server, STORED).await, 0);
    assert_eq!(server.stored().await.len(), 1, "responses stay");
    let entries = server.store.audit_entries(1).await.expect("the audit");
    assert_eq!((&*entries[0].subject, entries[0].n), ("test answers of default/checkout", 3));
}

async fn a_test_answer_is_read_as_every_other_one(on: On) {
    let server = Server::start_on(on, &["--origin", "https://shop.example"]).await;
    let owner = Person::owner(&server).await;
    owner.post("/v1/sites", json!({"id": "shop", "origins": ["https://shop.example"]})).await;
    let survey = "/v1/sites/shop/surveys/checkout";
    owner.edit(survey, &asks("Good?")).await;
    let own = key(&owner, survey).await;
    let path = format!("/sites/shop/previews/{own}/responses");
    let preflight = server
        .request(Method::OPTIONS, &path)
        .header("origin", "http://localhost:3000")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    let preflight = send(preflight).await;
    assert_eq!(preflight.status(), 204);
    assert_eq!(header(&preflight, "access-control-allow-origin"), "*");
    assert_eq!(header(&preflight, "access-control-allow-methods"), "POST");
    let allowed = header(&preflight, "access-control-allow-headers");
    assert!(allowed.starts_with("content-type"), "{allowed}");

    let of_shop = |fields: Json| answer(1, Some("shop"), fields);
    // What is wrong is said in the words of the real call.
    let long = of_shop(json!({"custom": {"a": "x".repeat(300_000)}}));
    for wrong in [
        String::new(),
        "{".to_owned(),
        "7".to_owned(),
        "{}".to_owned(),
        of_shop(json!({"status": "done"})),
        of_shop(json!({"revision": 0})),
        long,
    ] {
        let tried = try_out(&server, ("shop", &own), &wrong).await;
        let posted = server.post(wrong.clone()).await;
        assert_eq!(tried.status(), posted.status());
        assert!(tried.status().is_client_error());
        assert_eq!(header(&tried, "access-control-allow-origin"), "*");
        let tried: Json = tried.json().await.expect("JSON");
        assert_eq!(tried, posted.json::<Json>().await.expect("JSON"));
    }
    for (fields, field, message) in [
        (
            json!({"survey": "another", "site": "shop"}),
            "survey",
            "survey must be \"checkout\", whose preview this is; it is \"another\"",
        ),
        (
            json!({"site": "blog"}),
            "site",
            "site must be \"shop\", whose preview this is; it is \"blog\"",
        ),
    ] {
        let tried = try_out(&server, ("shop", &own), &answer(1, None, fields)).await;
        check_error(tried, 422, "invalid_response", Some(field), message).await;
    }
    // The address says the site, too.
    let tried = try_out(&server, ("shop", &own), &answer(2, None, json!({}))).await;
    assert!(tried.status().is_success(), "{:?}", tried.text().await);
    let many = json!([serde_json::from_str::<Json>(COMPLETED).expect("JSON")]).to_string();
    let tried = try_out(&server, ("shop", &own), &many).await;
    let message = "a preview takes one response at a time, as a JSON object; an array was sent";
    check_error(tried, 422, "invalid_response", None, message).await;
    for (content_type, body, status) in [
        ("application/x-www-form-urlencoded", "survey=checkout&id=1".to_owned(), 415),
        ("text/html", of_shop(json!({})), 415),
        ("text/plain;charset=UTF-8", of_shop(json!({})), 201),
    ] {
        let request = server.request(Method::POST, &path).header("content-type", content_type);
        assert_eq!(send(request.body(body)).await.status(), status, "{content_type}");
    }
    // Every kind of question; and a crawler is told from others, as in the real call.
    let everything = with(PARTIAL, json!({"survey": "checkout", "site": "shop"}));
    let request = server.request(Method::POST, &path).header("content-type", "application/json");
    let request = request.header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) DatadogSynthetics");
    assert_eq!(send(request.body(everything.to_string())).await.status(), 201);
    let listed = owner.get(&format!("{survey}/test-responses")).await;
    assert_eq!(listed["responses"][0]["crawler"], true, "{listed}");
    assert_eq!(listed["responses"][0]["test"], true);
    assert_eq!(listed["responses"][1].get("crawler"), None);
    let other = server.get(&path, &[]).await;
    assert_eq!(other.status(), 405, "there is nothing to read");
}

async fn two_collectors_share_previews(on: On) {
    let first = Server::on(on).await;
    let second = Server::start_at(&first.database).await;
    let ana = Person::owner(&first).await;
    let ben = Person::who_may(&second, "ben", &Scope::ALL, None).await;
    ana.edit(SURVEY, &asks("First?")).await;
    let own = key(&ana, SURVEY).await;
    // At once, and not when the other one has looked for news.
    assert_eq!(file(&second, "default", &own).await["questions"][0]["text"], "First?");
    ben.edit(SURVEY, &asks("Second?")).await;
    assert_eq!(file(&first, "default", &own).await["questions"][0]["text"], "Second?");
    let others = (0..40).map(async |number: u32| {
        let server = if number.is_multiple_of(2) { &first } else { &second };
        // Of each two, one is a repeat.
        let tried = try_out(server, ("default", &own), &answer(number / 2, None, json!({}))).await;
        tried.status().as_u16()
    });
    let mut statuses = futures_util::future::join_all(others).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [[200; 20], [201; 20]].concat());
    assert_eq!((tests(&ana).await.len(), tests(&ben).await.len()), (20, 20));
    ben.post(&format!("{SURVEY}/archive"), json!({})).await;
    check_over(preview(&first, "default", &own).await).await;
}

async fn test_answers_are_few_and_go_in_time(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    let others = "/v1/sites/default/surveys/other";
    for survey in [SURVEY, others] {
        owner.edit(survey, &asks("Good?")).await;
    }
    let of_other = key(&owner, others).await;
    let answer_to = with(COMPLETED, json!({"survey": "other"})).to_string();
    assert_eq!(try_out(&server, ("default", &of_other), &answer_to).await.status(), 201);
    let sha256 = [7; 32];
    let until = Timestamp::from_millis(now().as_millis() + 1_000_000);
    let kept = server.store.add_preview_key(("default", "checkout"), &sha256, until, "x");
    kept.await.expect("an answer").expect("made");
    let keep = async |number: u32| {
        let response: sondeo_model::Response =
            serde_json::from_str(&answer(number, None, json!({}))).expect("a response");
        let submission = Submission::from(response);
        server.store.keep_test(("default", "checkout"), &sha256, submission).await.expect("kept")
    };
    for number in 0..105 {
        assert_eq!(keep(number).await, TestOutcome::Stored);
    }
    let listed = tests(&owner).await;
    let numbers: Vec<u32> = listed
        .iter()
        .map(|it| it["id"].as_str().expect("an id")[24..].parse().expect("a number"))
        .collect();
    assert_eq!(numbers, (5..105).rev().collect::<Vec<_>>());
    assert_eq!(rows(on, &server, STORED).await, 101, "those of another survey stay");
    assert_eq!(keep(104).await, TestOutcome::Known);

    // A week later, whether or not another one comes.
    let late = format!("received_at - {}", 7 * DAY_MS + 1);
    let older = "survey = 'checkout' AND id < '0199a3c2-5f1e-7a3b-8c4d-000000000100'";
    sql(on, &server, &format!("UPDATE test_response SET received_at = {late} WHERE {older}")).await;
    assert_eq!(tests(&owner).await.len(), 5);
    assert_eq!(keep(200).await, TestOutcome::Stored);
    assert_eq!(rows(on, &server, STORED).await, 7);
    let all = format!("UPDATE test_response SET received_at = {late} WHERE survey = 'checkout'");
    sql(on, &server, &all).await;
    server.store.forget_previews(0).await.expect("swept");
    assert_eq!(rows(on, &server, STORED).await, 1);
    // Where responses are kept for fewer days, so are these.
    let days = format!("UPDATE test_response SET received_at = received_at - {}", 3 * DAY_MS);
    sql(on, &server, &days).await;
    server.store.forget_previews(30).await.expect("swept");
    assert_eq!(rows(on, &server, STORED).await, 1);
    server.store.forget_previews(2).await.expect("swept");
    assert_eq!(rows(on, &server, STORED).await, 0);
}

async fn what_is_erased_is_no_test_answer_either(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    owner.post("/v1/sites", json!({"id": "shop"})).await;
    let of_shop = "/v1/sites/shop/surveys/checkout";
    for survey in [SURVEY, of_shop] {
        owner.edit(survey, &asks("Good?")).await;
    }
    let (own, shops) = (key(&owner, SURVEY).await, key(&owner, of_shop).await);
    let secret = "my secret words";
    let why = json!([{"question": "why", "text": "Why?", "kind": "text", "value": secret}]);
    for (number, visitor) in [(1, "ana"), (2, "ana"), (3, "eva")] {
        let fields = json!({"visitor": visitor, "answers": why});
        let tried = try_out(&server, ("default", &own), &answer(number, None, fields)).await;
        assert_eq!(tried.status(), 201);
    }
    let fields = json!({"visitor": "ana"});
    let tried = try_out(&server, ("shop", &shops), &answer(4, Some("shop"), fields)).await;
    assert_eq!(tried.status(), 201);
    let real = answer(9, None, json!({"visitor": "ana"}));
    assert_eq!(server.post(real).await.status(), 201);

    let erased = owner.send(Method::DELETE, "/v1/visitors/ana", None).await;
    assert_eq!(erased.json::<Json>().await.expect("JSON"), json!({"erased": 4}));
    let listed = tests(&owner).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["visitor"], "eva");
    assert_eq!(rows(on, &server, STORED).await, 1, "on no site");
    let path = "/v1/responses/0199a3c2-5f1e-7a3b-8c4d-000000000003";
    let erased = owner.send(Method::DELETE, path, None).await;
    assert_eq!(erased.json::<Json>().await.expect("JSON"), json!({"erased": 1}));

    // By a command, which says how many.
    let again = async || {
        for number in [11, 12] {
            let body = answer(number, None, json!({"answers": why}));
            assert_eq!(try_out(&server, ("default", &own), &body).await.status(), 201);
        }
    };
    again().await;
    let before = rows(on, &server, STORED).await;
    let said = done(&server.database, &["erase", "--survey", "checkout"]).await;
    assert_eq!(said, format!("{before} erased\n"));
    assert_eq!(rows(on, &server, STORED).await, 0);
    again().await;
    let later = Timestamp::from_millis(now().as_millis() + 1_000);
    assert_eq!(server.store.erase_before(later).await.expect("erased"), 2);
    again().await;
    assert_eq!(owner.send(Method::DELETE, TESTS, None).await.status(), 204);
    assert_eq!(rows(on, &server, STORED).await, 0);
    if on == On::Sqlite {
        // In no file either, while the collector runs.
        for name in ["", "-wal"] {
            let bytes = fs::read(format!("{}{name}", server.database)).expect("bytes");
            let found = bytes.windows(secret.len()).any(|it| it == secret.as_bytes());
            assert!(!found, "in {name:?}");
        }
    }
}
