//! Sites, drafts, versions, and what pages read of them, on both databases.

use crate::operating::{done, run};
use crate::support::{COMPLETED, On, Server, header, on_both, send, with};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value as Json, json};
use sondeo_collector::Token;
use sondeo_collector::store::{Scope, Scopes, SeenPage};
use sondeo_model::Timestamp;

on_both!(
    a_survey_is_edited_published_paused_and_rolled_back,
    nobody_writes_over_a_draft_that_is_not_known,
    results_have_the_names_that_people_gave_surveys,
    results_have_the_words_that_visitors_read,
    what_cannot_be_asked_is_not_published,
    a_site_is_made_changed_and_removed,
    answers_are_those_of_their_site,
    a_limit_ends_a_survey_or_its_day,
    somebody_sees_the_sites_that_are_theirs,
    two_collectors_publish_at_once,
    answers_of_what_another_collector_has_just_published_are_stored,
    a_body_is_an_object_and_a_roll_back_names_its_draft,
    a_query_has_the_parameters_of_its_call,
    a_refusal_names_what_would_be_right,
    what_asks_nobody_is_not_published,
    a_form_waits_for_news_of_its_survey,
    nothing_of_a_draft_is_public,
    a_site_says_whose_pages_may_answer,
    an_invitation_makes_somebody_once,
    a_pipeline_publishes_by_commands,
    where_the_script_was_seen_is_told,
    a_page_tells_where_it_is_and_what_is_wrong_there,
    what_was_wrong_is_wrong_for_a_day,
    a_site_that_waits_for_consent_says_so,
    exports_of_sites_come_back,
);

/// Somebody with a token.
pub(crate) struct Person<'s> {
    server: &'s Server,
    token: String,
}

impl<'s> Person<'s> {
    pub(crate) async fn who_may(
        server: &'s Server,
        label: &str,
        scopes: &[Scope],
        site: Option<&str>,
    ) -> Self {
        let scopes = Scopes(scopes.to_vec());
        let token = Token::mint_for(&server.store, label, &scopes, site).await.expect("a token");
        Self { server, token: token.to_string() }
    }

    pub(crate) async fn owner(server: &'s Server) -> Self {
        Self::who_may(server, "owner", &Scope::ALL, None).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Json>) -> Response {
        let request = self.server.request(method, path).bearer_auth(&self.token);
        send(match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string()),
            None => request,
        })
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> Json {
        let response = self.send(Method::GET, path, None).await;
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.expect("JSON")
    }

    pub(crate) async fn post(&self, path: &str, body: Json) -> Json {
        let response = self.send(Method::POST, path, Some(body)).await;
        let status = response.status();
        let body: Json = response.json().await.expect("JSON");
        assert!(status.is_success(), "{path}: {status} {body}");
        body
    }

    async fn save(&self, path: &str, draft: &Json, expected: Option<&str>) -> Response {
        let path = format!("{path}/draft");
        let mut request = self.server.request(Method::PUT, &path).bearer_auth(&self.token);
        if let Some(expected) = expected {
            request = request.header("if-match", format!("\"{expected}\""));
        }
        send(request.body(draft.to_string())).await
    }

    /// Saves a draft that nobody else edits.
    pub(crate) async fn edit(&self, path: &str, draft: &Json) {
        let known = self.send(Method::GET, &format!("{path}/draft"), None).await;
        let etag = header(&known, "etag").trim_matches('"').to_owned();
        let expected = (known.status() == StatusCode::OK).then_some(&*etag);
        let saved = self.save(path, draft, expected).await;
        assert!(saved.status().is_success(), "{:?}", saved.text().await);
    }
}

/// Expects an error with these words.
pub(crate) async fn check_refused(response: Response, status: StatusCode, code: &str, words: &str) {
    assert_eq!(response.status(), status, "{words}");
    let body: Json = response.json().await.expect("JSON");
    assert_eq!(body["error"]["code"], code);
    let message = body["error"]["message"].as_str().expect("a message");
    assert!(message.contains(words), "{message}");
}

pub(crate) fn asks(text: &str) -> Json {
    json!({"name": "Working name", "note": "A note", "url": "/checkout/**", "trigger": "event:purchase",
           "questions": [{"id": "satisfaction", "kind": "likert", "points": 5, "metric": "csat", "text": text}]})
}

async fn plan(server: &Server, site: &str) -> Json {
    let response = server.get(&format!("/sites/{site}/plan.json"), &[]).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    let caching = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400";
    assert_eq!(header(&response, "cache-control"), caching);
    assert!(!header(&response, "etag").is_empty());
    response.json().await.expect("a plan")
}

pub(crate) async fn public(server: &Server, path: &str) -> Option<Json> {
    let response = server.get(path, &[]).await;
    match response.status() {
        StatusCode::OK => Some(response.json().await.expect("JSON")),
        StatusCode::NOT_FOUND => None,
        status => panic!("{path}: {status}"),
    }
}

const SURVEY: &str = "/v1/sites/default/surveys/checkout";

async fn a_survey_is_edited_published_paused_and_rolled_back(on: On) {
    let server = Server::start_on(on, &["--accept", "known"]).await;
    let owner = Person::owner(&server).await;
    let created = owner.save(SURVEY, &asks("First?"), None).await;
    assert_eq!(created.status(), 201);
    let saved: Json = created.json().await.expect("JSON");
    assert_eq!(saved["problems"], json!([]));
    assert_eq!(
        plan(&server, "default").await["surveys"],
        json!([]),
        "a draft is nobody's business"
    );
    let published = owner.post(&format!("{SURVEY}/publish"), json!({})).await;
    assert_eq!(published, json!({"id": "checkout", "state": "running", "version": 1}));
    let planned = plan(&server, "default").await;
    let entry =
        json!({"id": "checkout", "version": 1, "trigger": "event:purchase", "url": "/checkout/**"});
    assert_eq!(planned["surveys"], json!([entry]));

    let first = "/sites/default/surveys/checkout.json?v=1";
    let response = server.get(first, &[]).await;
    assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    let file = public(&server, first).await.expect("the first version");
    assert_eq!(file["published"], json!({"site": "default", "version": 1}));
    assert_eq!(file["questions"][0]["text"], "First?");

    owner.edit(SURVEY, &asks("Second?")).await;
    let listed = owner.get("/v1/sites/default/surveys").await;
    let own = &listed["surveys"][0];
    assert_eq!(
        (&own["draft"], &own["version"], &own["name"]),
        (&json!(true), &json!(1), &json!("Working name"))
    );
    assert_eq!(public(&server, first).await, Some(file.clone()), "what runs is not what is edited");
    let edited = public(&server, "/sites/default/surveys/checkout.json?v=2").await;
    assert_eq!(edited, None, "a draft has no address");
    owner.post(&format!("{SURVEY}/publish"), json!({})).await;
    assert_eq!(public(&server, first).await, Some(file), "a version never changes");
    let second = public(&server, "/sites/default/surveys/checkout.json?v=2").await.expect("it");
    assert_eq!(second["questions"][0]["text"], "Second?");

    owner.post(&format!("{SURVEY}/pause"), json!({})).await;
    assert_eq!(plan(&server, "default").await["surveys"], json!([]));
    // Answers that come late are stored.
    let late = with(COMPLETED, json!({"survey": "checkout", "version": 2}));
    assert_eq!(server.post(late.to_string()).await.status(), 201);
    owner.post(&format!("{SURVEY}/resume"), json!({})).await;
    assert_eq!(plan(&server, "default").await["surveys"][0]["version"], 2);

    owner.post(&format!("{SURVEY}/publish"), json!({"version": 1})).await;
    let third = public(&server, "/sites/default/surveys/checkout.json?v=3").await.expect("it");
    assert_eq!(third["questions"][0]["text"], "First?", "rolled back");
    let versions = owner.get(&format!("{SURVEY}/versions")).await;
    let versions = versions["versions"].as_array().expect("a list");
    let told: Vec<_> = versions.iter().map(|it| (&it["version"], &it["restored"])).collect();
    let nothing = Json::Null;
    let one = json!(1);
    assert_eq!(told, [(&json!(3), &one), (&json!(2), &nothing), (&json!(1), &nothing)]);
    assert!(versions.iter().all(|it| it["published_by"] == "token:owner"));
    let draft = owner.get(&format!("{SURVEY}/draft")).await;
    assert_eq!(draft, asks("First?"), "nothing was edited since: the draft is what runs");

    owner.post(&format!("{SURVEY}/archive"), json!({})).await;
    assert_eq!(public(&server, first).await, None);
    let answer = owner.send(Method::POST, &format!("{SURVEY}/publish"), None).await;
    check_refused(answer, StatusCode::CONFLICT, "conflict", "restore it first").await;
    let restored = owner.post(&format!("{SURVEY}/restore"), json!({})).await;
    assert_eq!(restored["state"], "paused", "nothing runs that nobody has looked at");

    let summary = owner.get("/v1/surveys/checkout/summary?by=version").await;
    assert_eq!(summary["by"]["version"][0]["value"], "2");
    let entries = server.store.audit_entries(100).await.expect("the audit");
    for deed in ["make a survey", "save a draft", "publish a survey", "pause", "roll back a survey"]
    {
        let entry = entries.iter().find(|it| it.action == deed);
        assert!(entry.is_some_and(|it| it.actor == "token:owner"), "{deed}: {entries:?}");
    }
}

/// New words that nobody has read yet do not stand over the answers to the old ones.
async fn results_have_the_words_that_visitors_read(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    let words = async || {
        let summary = owner.get("/v1/surveys/checkout/summary").await;
        summary["questions"][0]["text"]["en"].as_str().map(str::to_owned)
    };
    let publish = async |text: &str| {
        owner.edit(SURVEY, &asks(text)).await;
        owner.post(&format!("{SURVEY}/publish"), json!({})).await;
    };
    let old = with(COMPLETED, json!({}))["answers"][0]["text"].as_str().expect("text").to_owned();
    publish(&old).await;
    for number in 0..30 {
        assert_eq!(server.post(answer(number, None, json!({}))).await.status(), 201);
    }
    publish("How did you like it?").await;
    assert_eq!(words().await.as_deref(), Some(&*old));
    let mut answers = with(COMPLETED, json!({}))["answers"].clone();
    answers[0]["text"] = "How did you like it?".into();
    let read = answer(30, None, json!({"answers": answers}));
    assert_eq!(server.post(read).await.status(), 201);
    assert_eq!(words().await.as_deref(), Some("How did you like it?"));
}

async fn results_have_the_names_that_people_gave_surveys(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let text = r#"{"id": "lunch", "name": " The canteen ", "questions": [{"id": "q", "kind": "yes-no", "text": "Good?"}]}"#;
    std::fs::write(folder.path().join("lunch.json"), text).expect("a file");
    let path = folder.path().to_str().expect("UTF-8");
    let server = Server::start_on(on, &["--surveys", path]).await;
    let owner = Person::owner(&server).await;
    for site in ["shop", "news"] {
        owner.post("/v1/sites", json!({"id": site})).await;
    }
    // The same id on another site is another survey, which nobody has named.
    let unnamed = with(&asks("Well?").to_string(), json!({"name": ""}));
    for (site, draft) in [("shop", asks("Well?")), ("news", unnamed)] {
        let survey = format!("/v1/sites/{site}/surveys/checkout");
        owner.edit(&survey, &draft).await;
        owner.post(&format!("{survey}/publish"), json!({})).await;
    }
    let answers =
        [("default", "lunch"), ("default", "nps"), ("shop", "checkout"), ("news", "checkout")];
    for (number, (site, survey)) in (0..).zip(answers) {
        let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}");
        let mut response = with(COMPLETED, json!({"id": id, "survey": survey}));
        if site != "default" {
            response["site"] = json!(site);
            response["version"] = json!(1);
        }
        let stored = server.post(response.to_string()).await;
        assert_eq!(stored.status(), 201, "{:?}", stored.text().await);
    }
    let named = async || {
        let found = owner.get("/v1/surveys").await;
        let rows = found["surveys"].as_array().expect("a list").iter();
        let row = |it: &Json| (format!("{}/{}", it["site"], it["survey"]), it["name"].clone());
        rows.map(row).map(|(key, name)| (key.replace('"', ""), name)).collect::<Vec<_>>()
    };
    let all = |name: &str| {
        [
            ("default/lunch", json!("The canteen")),
            ("news/checkout", Json::Null),
            ("default/nps", Json::Null),
            ("shop/checkout", json!(name)),
        ]
        .map(|(key, name)| (key.to_owned(), name))
    };
    assert_eq!(named().await, all("Working name"));
    for (key, name) in all("Working name") {
        let (site, survey) = key.split_once('/').expect("a key");
        let summary = owner.get(&format!("/v1/surveys/{survey}/summary?site={site}")).await;
        assert_eq!((&summary["shown"], &summary["name"]), (&json!(1), &name), "{key}");
    }
    let listed = owner.get("/v1/sites/default/surveys").await;
    assert_eq!(listed["surveys"][0]["name"], "The canteen");
    // A new name needs no new version.
    let renamed = with(&asks("Well?").to_string(), json!({"name": "After the purchase"}));
    owner.edit("/v1/sites/shop/surveys/checkout", &renamed).await;
    assert_eq!(named().await, all("After the purchase"));
}

async fn nobody_writes_over_a_draft_that_is_not_known(on: On) {
    let server = Server::on(on).await;
    let ana = Person::owner(&server).await;
    let ben = Person::who_may(&server, "ben", &[Scope::Read, Scope::Edit], None).await;
    ana.edit(SURVEY, &asks("Ana's?")).await;
    let known = ana.send(Method::GET, &format!("{SURVEY}/draft"), None).await;
    let etag = header(&known, "etag").trim_matches('"').to_owned();
    let saved = ben.save(SURVEY, &asks("Ben's?"), Some(&etag)).await;
    assert_eq!(saved.status(), 200);
    for expected in [Some(&*etag), None] {
        let late = ana.save(SURVEY, &asks("Ana's again?"), expected).await;
        assert_eq!(late.status(), 412);
        let theirs = header(&late, "etag").to_owned();
        let body: Json = late.json().await.expect("JSON");
        assert_eq!(body["error"]["code"], "changed");
        assert_eq!(body["draft"]["by"], "token:ben");
        assert_eq!(body["draft"]["text"], asks("Ben's?").to_string(), "both can be shown");
        assert_eq!(theirs, format!("\"{}\"", body["draft"]["etag"].as_str().expect("a tag")));
    }
    // The answer was lost: the same once more is no quarrel.
    let repeated = ben.save(SURVEY, &asks("Ben's?"), Some(&etag)).await;
    assert_eq!(repeated.status(), 200);
    let stale = ana.server.request(Method::POST, &format!("{SURVEY}/publish"));
    let stale = send(stale.bearer_auth(&ana.token).header("if-match", format!("\"{etag}\""))).await;
    assert_eq!(stale.status(), 412, "who publishes has looked at the draft");
    let nothing = ana.save("/v1/sites/default/surveys/none", &asks("?"), Some("x")).await;
    check_refused(nothing, StatusCode::PRECONDITION_FAILED, "changed", "leave it out").await;
    let whichever = server.request(Method::PUT, &format!("{SURVEY}/draft"));
    let whichever = whichever.bearer_auth(&ana.token).header("if-match", "*");
    assert_eq!(send(whichever.body(asks("Any?").to_string())).await.status(), 200);
    // What is opened and saved unchanged is the same to the byte.
    let odd = "{\r\n  \"template\" : \"nps\",\t\"accent\":\"#0b7a75\" }\n";
    let path = "/v1/sites/default/surveys/odd/draft";
    let request = server.request(Method::PUT, path).bearer_auth(&ana.token).body(odd);
    assert_eq!(send(request).await.status(), 201);
    let found = ana.send(Method::GET, path, None).await;
    assert_eq!(found.text().await.expect("a text"), odd);
}

async fn what_cannot_be_asked_is_not_published(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    let mut wrong = asks("Good?");
    wrong["questions"][0]["kind"] = "smell".into();
    wrong["delay"] = "5 secs".into();
    let saved = owner.save(SURVEY, &wrong, None).await;
    assert_eq!(saved.status(), 201, "a draft may be wrong");
    let saved: Json = saved.json().await.expect("JSON");
    let paths = |of: &Json| -> Vec<String> {
        let problems = of["problems"].as_array().expect("problems").iter();
        problems.map(|it| it["path"].as_str().expect("a path").to_owned()).collect()
    };
    assert_eq!(paths(&saved), ["questions[0].kind", "delay"]);
    let answer = owner.send(Method::POST, &format!("{SURVEY}/publish"), None).await;
    assert_eq!(answer.status(), 422);
    let refused: Json = answer.json().await.expect("JSON");
    assert_eq!(refused["error"]["code"], "invalid_survey");
    assert_eq!(paths(&refused), paths(&saved));
    assert_eq!(plan(&server, "default").await["surveys"], json!([]));
    let paused = owner.send(Method::POST, &format!("{SURVEY}/pause"), None).await;
    check_refused(paused, StatusCode::CONFLICT, "conflict", "while it is draft: publish it first")
        .await;
    let none = owner.send(Method::POST, "/v1/sites/default/surveys/none/publish", None).await;
    assert_eq!(none.status(), 404);
    let limit = json!({"limit": {"answers": 0}});
    let answer = owner.send(Method::POST, &format!("{SURVEY}/publish"), Some(limit)).await;
    check_refused(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid", "limit.answers must be 1")
        .await;
    let long = |bytes: usize| json!({"template": "nps", "note": "x".repeat(bytes)});
    assert_eq!(
        owner.save("/v1/sites/default/surveys/long", &long(100_000), None).await.status(),
        201
    );
    let answer = owner.save("/v1/sites/default/surveys/longer", &long(300_000), None).await;
    let words = "the body is larger than 262144 bytes";
    check_refused(answer, StatusCode::PAYLOAD_TOO_LARGE, "too_large", words).await;
    let odd = owner.save("/v1/sites/default/surveys/Check%20Out", &asks("?"), None).await;
    check_refused(odd, StatusCode::UNPROCESSABLE_ENTITY, "invalid", "id must be 1 to 64 lower")
        .await;
}

async fn a_site_is_made_changed_and_removed(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    let made = json!({"id": "shop", "name": "The shop", "origins": ["https://shop.example"],
                      "time_zone": "Europe/Madrid", "defaults": {"accent": "#0b7a75"}});
    assert_eq!(owner.post("/v1/sites", made.clone()).await, made);
    let again = owner.send(Method::POST, "/v1/sites", Some(json!({"id": "shop"}))).await;
    check_refused(again, StatusCode::CONFLICT, "conflict", "there is a site shop already").await;
    for (site, message) in [
        (json!({"id": "Shop!"}), "id must be 1 to 64 lower case"),
        (json!({"id": "x", "origins": ["shop.example"]}), "origins[0]"),
        (json!({"id": "x", "time_zone": "Mars/Olympus"}), "is not a time zone (try"),
        (json!({"id": "x", "defaults": {"colour": "red"}}), "defaults.colour is no key"),
        (json!({"id": "x", "colour": "red"}), "unknown field `colour`"),
    ] {
        let answer = owner.send(Method::POST, "/v1/sites", Some(site)).await;
        check_refused(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid", message).await;
    }
    let survey = "/v1/sites/shop/surveys/checkout";
    owner.edit(survey, &asks("Good?")).await;
    owner.post(&format!("{survey}/publish"), json!({})).await;
    let file = public(&server, "/sites/shop/surveys/checkout.json?v=1").await.expect("a file");
    assert_eq!(file["accent"], "#0b7a75", "what the site says of all its surveys");
    let change = json!({"name": "Shop", "defaults": {}});
    let changed = owner.send(Method::PATCH, "/v1/sites/shop", Some(change)).await;
    let changed: Json = changed.json().await.expect("JSON");
    assert_eq!((&changed["name"], &changed["origins"]), (&json!("Shop"), &made["origins"]));
    let unchanged = public(&server, "/sites/shop/surveys/checkout.json?v=1").await;
    assert_eq!(unchanged, Some(file), "a version never changes");
    let removed = owner.send(Method::DELETE, "/v1/sites/shop", None).await;
    check_refused(removed, StatusCode::CONFLICT, "conflict", "end or archive it first").await;
    owner.post(&format!("{survey}/end"), json!({})).await;
    assert_eq!(owner.send(Method::DELETE, "/v1/sites/shop", None).await.status(), 204);
    assert_eq!(public(&server, "/sites/shop/plan.json").await, None);
    // Pages keep a version for ever: another site of this name gives its number to no other text.
    owner.post("/v1/sites", json!({"id": "shop"})).await;
    owner.edit(survey, &asks("Another one?")).await;
    assert_eq!(owner.get(&format!("{survey}/versions")).await["versions"], json!([]));
    assert_eq!(owner.post(&format!("{survey}/publish"), json!({})).await["version"], 2);
    assert_eq!(public(&server, "/sites/shop/surveys/checkout.json?v=1").await, None);
    owner.post(&format!("{survey}/archive"), json!({})).await;
    assert_eq!(owner.send(Method::DELETE, "/v1/sites/shop", None).await.status(), 204);
    let stays = owner.send(Method::DELETE, "/v1/sites/default", None).await;
    check_refused(stays, StatusCode::CONFLICT, "conflict", "it stays").await;
}

/// A response to the survey of this site, with this number in its id.
pub(crate) fn answer(number: u32, site: Option<&str>, fields: Json) -> String {
    let mut response = with(COMPLETED, fields);
    response["id"] = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}").into();
    if let Some(site) = site {
        response["site"] = site.into();
        response["version"] = 1.into();
    }
    response.to_string()
}

async fn answers_are_those_of_their_site(on: On) {
    let server = Server::start_on(on, &["--accept", "known"]).await;
    let owner = Person::owner(&server).await;
    owner.post("/v1/sites", json!({"id": "shop"})).await;
    for site in ["default", "shop"] {
        let path = format!("/v1/sites/{site}/surveys/checkout");
        owner.edit(&path, &asks("Good?")).await;
        owner.post(&format!("{path}/publish"), json!({})).await;
    }
    let unknown = server.post(answer(9, Some("blog"), json!({}))).await;
    assert_eq!(unknown.status(), 422, "nobody knows that site");
    assert_eq!(server.post(answer(1, None, json!({}))).await.status(), 201);
    assert_eq!(server.post(answer(2, Some("shop"), json!({}))).await.status(), 201);
    assert_eq!(server.post(answer(3, Some("shop"), json!({}))).await.status(), 201);
    // A later revision cannot take a response to another site.
    let moved = server.post(answer(3, Some("default"), json!({"revision": 9}))).await;
    assert_eq!(moved.status(), 422);
    let listed = owner.get("/v1/responses?site=shop&survey=checkout").await;
    assert_eq!(listed["responses"].as_array().expect("a list").len(), 2);
    assert!(listed["responses"].as_array().expect("a list").iter().all(|it| it["site"] == "shop"));
    let all = owner.get("/v1/responses?survey=checkout").await;
    assert_eq!(all["responses"].as_array().expect("a list").len(), 3);
    let ambiguous = owner.send(Method::GET, "/v1/surveys/checkout/summary", None).await;
    let message = "site must be given: default and shop have a survey checkout";
    check_refused(ambiguous, StatusCode::BAD_REQUEST, "invalid_query", message).await;
    for (site, responses) in [("default", 1), ("shop", 2)] {
        let summary = owner.get(&format!("/v1/surveys/checkout/summary?site={site}")).await;
        assert_eq!(summary["responses"], responses, "{site}");
        let by_key = owner.get(&format!("/v1/surveys/{site}%2Fcheckout/summary")).await;
        assert_eq!(by_key["questions"], summary["questions"], "{site}");
        let listed = owner.get(&format!("/v1/sites/{site}/surveys")).await;
        assert_eq!(listed["surveys"][0]["answers"], responses, "{site}");
    }
    let surveys = owner.get("/v1/surveys").await;
    let surveys = surveys["surveys"].as_array().expect("a list").iter();
    let named: Vec<_> = surveys.map(|it| (it["site"].clone(), it["survey"].clone())).collect();
    let expected = [(json!("default"), json!("checkout")), (json!("shop"), json!("checkout"))];
    assert_eq!(named, expected);
    let report = server.store.verify().await.expect("a report");
    assert!(report.faults.is_empty(), "{report:?}");
}

async fn a_limit_ends_a_survey_or_its_day(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    owner.edit(SURVEY, &asks("Good?")).await;
    let limit = json!({"limit": {"answers": 3, "per_day": 2}});
    owner.post(&format!("{SURVEY}/publish"), limit).await;
    let planned = async || plan(&server, "default").await["surveys"].as_array().expect("it").len();
    let shown = json!({"status": "shown", "answers": [], "survey": "checkout"});
    assert_eq!(server.post(answer(8, None, shown)).await.status(), 201);
    assert_eq!(server.post(answer(1, None, json!({}))).await.status(), 201);
    // A further revision of the same is no further answer.
    assert_eq!(server.post(answer(1, None, json!({"revision": 8}))).await.status(), 201);
    assert_eq!(planned().await, 1);
    assert_eq!(server.post(answer(2, None, json!({}))).await.status(), 201);
    wait_for(async || planned().await == 0, "two are enough for a day").await;
    let own = owner.get("/v1/sites/default/surveys").await["surveys"][0].clone();
    assert_eq!((&own["state"], &own["full_today"]), (&json!("running"), &json!(true)));
    assert_eq!(server.post(answer(3, None, json!({}))).await.status(), 201, "late, and stored");
    let own = owner.get("/v1/sites/default/surveys").await["surveys"][0].clone();
    assert_eq!((&own["state"], &own["limit"]["answers"]), (&json!("ended"), &json!(3)));
    let resumed = owner.send(Method::POST, &format!("{SURVEY}/resume"), None).await;
    check_refused(resumed, StatusCode::CONFLICT, "conflict", "publish it with a higher one").await;
    owner.post(&format!("{SURVEY}/publish"), json!({"limit": null})).await;
    wait_for(async || planned().await == 1, "it has no limit any more").await;
}

/// Waits for what other tasks or collectors bring about.
async fn wait_for(condition: impl AsyncFn() -> bool, what: &str) {
    let begun = std::time::Instant::now();
    while !condition().await {
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{what}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

async fn somebody_sees_the_sites_that_are_theirs(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    for site in ["shop", "blog"] {
        owner.post("/v1/sites", json!({"id": site})).await;
        let path = format!("/v1/sites/{site}/surveys/checkout");
        owner.edit(&path, &asks("Good?")).await;
        owner.post(&format!("{path}/publish"), json!({})).await;
    }
    for (number, site) in (1..).zip([None, Some("shop"), Some("blog")]) {
        let posted = server.post(answer(number, site, json!({"visitor": "v1"}))).await;
        assert_eq!(posted.status(), 201);
    }
    let scopes = [Scope::Read, Scope::Export, Scope::Edit, Scope::Erase];
    let theirs = Person::who_may(&server, "shop", &scopes, Some("shop")).await;
    let sites = theirs.get("/v1/sites").await;
    assert_eq!(sites["sites"].as_array().expect("a list").len(), 1);
    for path in ["/v1/responses", "/v1/responses?survey=checkout", "/v1/surveys"] {
        let text = theirs.get(path).await.to_string();
        assert!(
            text.contains("shop") && !text.contains("blog") && !text.contains("000000000001"),
            "{path}: {text}"
        );
    }
    let summary = theirs.get("/v1/surveys/checkout/summary").await;
    assert_eq!((&summary["site"], &summary["responses"]), (&json!("shop"), &json!(1)));
    for path in ["/v1/export.csv", "/v1/export.ndjson", "/v1/visitors/v1"] {
        let text = theirs.send(Method::GET, path, None).await.text().await.expect("a file");
        assert!(text.contains("000000000002"), "{path}: {text}");
        assert!(!text.contains("000000000001") && !text.contains("000000000003"), "{path}: {text}");
    }
    for path in [
        "/v1/sites/blog",
        "/v1/sites/blog/surveys",
        "/v1/sites/blog/seen",
        "/v1/sites/blog/surveys/checkout/draft",
        "/v1/sites/blog/surveys/checkout/versions",
        "/v1/sites/blog/surveys/checkout/versions/1",
        "/v1/responses?site=blog",
        "/v1/surveys/checkout/summary?site=blog",
        "/v1/surveys/checkout/comments?site=blog",
        "/v1/export.csv?site=default",
        "/v1/events?site=blog",
        // Nor by the key of its survey, whichever site is said to have it.
        "/v1/surveys/blog%2Fcheckout/comments?site=shop",
        "/v1/surveys/shop%2Fblog%2Fcheckout/summary",
        "/v1/summaries?surveys=blog/checkout&site=shop",
        "/v1/responses?site=shop&survey=blog/checkout",
    ] {
        let answer = theirs.send(Method::GET, path, None).await;
        assert_eq!(answer.status(), 404, "{path}");
    }
    let first = theirs.get("/v1/surveys?limit=1").await;
    assert_eq!(first["surveys"][0]["site"], "shop", "nobody else's stand in front of theirs");
    assert_eq!(first.get("next"), None);
    let of_default = Person::who_may(&server, "default", &[Scope::Read], Some("default")).await;
    for path in [
        "/v1/surveys/shop%2Fcheckout/comments?site=default",
        "/v1/surveys/default%2Fshop%2Fcheckout/summary",
    ] {
        assert_eq!(of_default.send(Method::GET, path, None).await.status(), 404, "{path}");
    }
    let published =
        theirs.send(Method::POST, "/v1/sites/shop/surveys/checkout/publish", None).await;
    assert_eq!(published.status(), 403, "an editor does not publish");
    let made = theirs.send(Method::POST, "/v1/sites", Some(json!({"id": "mine"}))).await;
    assert_eq!(made.status(), 403);
    let foreign = "/v1/responses/0199a3c2-5f1e-7a3b-8c4d-000000000003";
    assert_eq!(theirs.send(Method::DELETE, foreign, None).await.status(), 404);
    let own = "/v1/responses/0199a3c2-5f1e-7a3b-8c4d-000000000002";
    assert_eq!(theirs.send(Method::DELETE, own, None).await.status(), 200);
    assert_eq!(theirs.send(Method::DELETE, "/v1/visitors/v1", None).await.status(), 403);
}

async fn two_collectors_publish_at_once(on: On) {
    let first = Server::on(on).await;
    let second = Server::start_at(&first.database).await;
    let (ana, ben) =
        (Person::owner(&first).await, Person::who_may(&second, "ben", &Scope::ALL, None).await);
    ana.edit(SURVEY, &asks("Good?")).await;
    let path = format!("{SURVEY}/publish");
    let publish = async |who: &Person<'_>| {
        let mut numbers = Vec::new();
        for _ in 0..8 {
            numbers.push(who.post(&path, json!({})).await["version"].as_i64().expect("a number"));
        }
        numbers
    };
    let (one, other) = tokio::join!(publish(&ana), publish(&ben));
    let mut numbers = [one, other].concat();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=16).collect::<Vec<_>>(), "each number is given once");
    for server in [&first, &second] {
        let latest = async || plan(server, "default").await["surveys"][0]["version"] == 16;
        wait_for(latest, "the other collector has heard of it").await;
    }
}

/// What is refused for its survey or its origin is not sent again, and would be lost.
async fn answers_of_what_another_collector_has_just_published_are_stored(on: On) {
    let first = Server::start_on(on, &["--accept", "known"]).await;
    let arguments = ["--accept", "known", "--origin", "https://elsewhere.example"];
    let second = Server::start_at_with(&first.database, &arguments).await;
    let owner = Person::owner(&first).await;
    for number in 0..8 {
        let site = format!("site-{number}");
        let origin = format!("https://{site}.example");
        owner.post("/v1/sites", json!({"id": site, "origins": [origin]})).await;
        let path = format!("/v1/sites/{site}/surveys/checkout");
        owner.edit(&path, &asks("Good?")).await;
        owner.post(&format!("{path}/publish"), json!({})).await;
        let id = sondeo_model::ResponseId::new(1_767_225_600_000, [number; 10]).to_text();
        let answer = with(
            COMPLETED,
            json!({"id": id, "site": site, "survey": "checkout", "version": 1, "template": null}),
        );
        let request = second.request(Method::POST, "/v1/responses").header("origin", origin);
        let request = request.header("content-type", "application/json");
        let answer = send(request.body(answer.to_string())).await;
        assert_eq!(answer.status(), 201, "{:?}", answer.text().await);
    }
}

async fn a_body_is_an_object_and_a_roll_back_names_its_draft(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    owner.edit(SURVEY, &asks("Good?")).await;
    let path = format!("{SURVEY}/publish");
    owner.post(&path, json!({})).await;
    for body in [json!([]), json!([1]), json!("1"), json!(1)] {
        let refused = owner.send(Method::POST, &path, Some(body)).await;
        check_refused(
            refused,
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "must be a JSON object",
        )
        .await;
    }
    let request = server.request(Method::POST, &path).bearer_auth(&owner.token);
    let request = request.header("if-match", "\"another\"").body(r#"{"version": 1}"#);
    assert_eq!(send(request).await.status(), 412);
    let versions = owner.get(&format!("{SURVEY}/versions")).await;
    assert_eq!(versions["versions"].as_array().map(Vec::len), Some(1), "{versions}");
}

async fn a_query_has_the_parameters_of_its_call(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    owner.post("/v1/sites", json!({"id": "shop"})).await;
    owner.edit(SURVEY, &asks("Good?")).await;
    owner.post(&format!("{SURVEY}/publish"), json!({})).await;
    for (path, message) in [
        ("/v1/sites?limit=5", "limit is not a parameter (there are none here)"),
        ("/v1/sites/default/surveys?limit=5", "limit is not a parameter (there are none here)"),
        ("/v1/sites/default/surveys/checkout/versions?v=1", "v is not a parameter"),
        ("/v1/sites/default/seen?x=1", "x is not a parameter"),
        ("/v1/surveys?site=shop&site=default", "site is given twice"),
        (
            "/v1/surveys?site=shp",
            "site is none that this collector knows: \"shp\" (GET /v1/sites lists",
        ),
        ("/v1/surveys/checkout/summary?site=shp", "site is none that this collector knows"),
        ("/v1/surveys/checkout/comments?site=shp", "site is none that this collector knows"),
        ("/v1/responses?site=shp", "site is none that this collector knows"),
        ("/v1/export.csv?site=shp", "site is none that this collector knows"),
        ("/v1/export.ndjson?site=shp", "site is none that this collector knows"),
        ("/v1/events?site=shp", "site is none that this collector knows"),
    ] {
        let answer = owner.send(Method::GET, path, None).await;
        check_refused(answer, StatusCode::BAD_REQUEST, "invalid_query", message).await;
    }
    // What adds up may be given twice.
    let parts = owner.get("/v1/surveys/checkout/summary?site=default&by=page&by=device").await;
    assert!(parts["by"]["page"].is_array() && parts["by"]["device"].is_array(), "{parts}");
    let publish = owner.send(Method::POST, &format!("{SURVEY}/publish?version=1"), None).await;
    check_refused(publish, StatusCode::BAD_REQUEST, "invalid_query", "version is not a parameter")
        .await;
    let logout = owner.send(Method::DELETE, "/v1/session?everywhere=2", None).await;
    check_refused(logout, StatusCode::BAD_REQUEST, "invalid_query", "everywhere must be 1").await;
    let twice = server.get("/sites/default/surveys/checkout.json?v=1&v=2", &[]).await;
    check_refused(twice, StatusCode::BAD_REQUEST, "invalid_query", "v is given twice").await;
    // A page may add what it likes, to pass a cache.
    for path in ["/sites/shop/plan.json?x=1", "/sites/default/surveys/checkout.json?v=1&x=1"] {
        assert_eq!(server.get(path, &[]).await.status(), 200, "{path}");
    }
    // Where nobody has added the site, its responses are read all the same.
    let answer = answer(9, Some("unknown"), json!({}));
    assert_eq!(server.post(answer).await.status(), 201);
    assert_eq!(owner.get("/v1/surveys?site=unknown").await["surveys"][0]["survey"], "checkout");
    // Who may read one site alone learns of no other one.
    let theirs = Person::who_may(&server, "theirs", &[Scope::Read], Some("shop")).await;
    for site in ["default", "none"] {
        let path = format!("/v1/responses?site={site}");
        assert_eq!(theirs.send(Method::GET, &path, None).await.status(), 404);
    }
}

async fn a_refusal_names_what_would_be_right(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("fromfile.json");
    std::fs::write(file, r#"{"template": "csat", "id": "fromfile"}"#).expect("a file");
    let surveys = folder.path().to_str().expect("UTF-8");
    let server = Server::start_on(on, &["--accept", "known", "--surveys", surveys]).await;
    let owner = Person::owner(&server).await;
    owner.post("/v1/sites", json!({"id": "shop", "origins": ["https://shop.example"]})).await;
    let path = "/v1/sites/shop/surveys/checkout";
    owner.edit(path, &asks("Good?")).await;
    let publish = format!("{path}/publish");
    let archived = owner.post(&format!("{path}/archive"), json!({})).await;
    assert_eq!((&archived["state"], &archived["version"]), (&json!("archived"), &Json::Null));
    let restored = owner.post(&format!("{path}/restore"), json!({})).await;
    assert_eq!((&restored["state"], &restored["version"]), (&json!("draft"), &Json::Null));
    // A response of what is not there yet.
    let early = server.post(answer(1, Some("shop"), json!({}))).await;
    let words = "survey is none that the site shop has published: publish checkout there";
    check_refused(early, StatusCode::UNPROCESSABLE_ENTITY, "unknown_survey", words).await;
    owner.post(&publish, json!({})).await;
    let none = owner.send(Method::POST, &publish, Some(json!({"version": 99}))).await;
    let words = "version 99 was never published; the latest is 1";
    check_refused(none, StatusCode::NOT_FOUND, "not_found", words).await;
    for limit in [json!([5, 2]), json!(5)] {
        let answer = owner.send(Method::POST, &publish, Some(json!({"limit": limit}))).await;
        let words = "limit is wrong: invalid type";
        check_refused(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid", words).await;
    }
    let stranger = [("content-type", "text/plain"), ("origin", "https://shop.test")];
    let stranger = server.post_with(&stranger, answer(2, Some("shop"), json!({}))).await;
    let words = "may not send responses of the site shop; an owner of the site can add it";
    check_refused(stranger, StatusCode::FORBIDDEN, "forbidden_origin", words).await;
    for step in ["publish", "pause", "archive"] {
        let path = format!("/v1/sites/default/surveys/fromfile/{step}");
        let answer = owner.send(Method::POST, &path, None).await;
        let words = "fromfile is a file of --surveys: change it there";
        check_refused(answer, StatusCode::CONFLICT, "conflict", words).await;
    }
    let all_of_one = Person::who_may(&server, "shop", &Scope::ALL, Some("shop")).await;
    let answer = all_of_one.send(Method::POST, "/v1/sites", Some(json!({"id": "blog"}))).await;
    let words = "this takes the right to admin on every site; here it is one on some sites alone";
    check_refused(answer, StatusCode::FORBIDDEN, "forbidden_scope", words).await;
    let admin = Person::who_may(&server, "admin", &[Scope::Admin], Some("shop")).await;
    let invite = "/v1/sites/shop/invitations";
    let answer = admin.send(Method::POST, invite, Some(json!({"role": "viewer"}))).await;
    let words = "to make somebody viewer of a site takes the right to read there";
    check_refused(answer, StatusCode::FORBIDDEN, "forbidden_scope", words).await;
    // Pages of every origin may read why, in the browser's console.
    for (method, path) in [
        (Method::GET, "/sites/none/plan.json"),
        (Method::GET, "/sites/shop/surveys/none.json?v=1"),
        (Method::DELETE, "/sites/shop/plan.json"),
        (Method::POST, "/sites/shop/seen"),
    ] {
        let answer = send(server.request(method, path)).await;
        assert!(answer.status().is_client_error(), "{path}");
        assert_eq!(header(&answer, "access-control-allow-origin"), "*", "{path}");
    }
}

async fn what_asks_nobody_is_not_published(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    let with_dates = |dates: Json| with(&asks("Good?").to_string(), dates);
    let drafts = [
        (with_dates(json!({"until": "2026-01-01"})).to_string(), "until"),
        (with_dates(json!({"from": "2099-02-01", "until": "2099-01-01"})).to_string(), "until"),
        (with_dates(json!({"from": "2099-02-30"})).to_string(), "from"),
        (asks("Good?").to_string().replacen('{', r#"{"delay": "1s", "delay": "2s", "#, 1), "delay"),
    ];
    for (draft, path) in drafts {
        let put = server.request(Method::PUT, &format!("{SURVEY}/draft")).bearer_auth(&owner.token);
        let saved = send(put.header("if-match", "*").body(draft.clone())).await;
        let saved: Json = match saved.status() {
            // The first one replaces nothing.
            StatusCode::PRECONDITION_FAILED => {
                let put = server.request(Method::PUT, &format!("{SURVEY}/draft"));
                send(put.bearer_auth(&owner.token).body(draft.clone())).await.json().await
            }
            _ => saved.json().await,
        }
        .expect("JSON");
        assert_eq!(saved["problems"][0]["path"], path, "{draft}: {saved}");
        let answer = owner.send(Method::POST, &format!("{SURVEY}/publish"), None).await;
        assert_eq!(answer.status(), 422, "{draft}");
    }
    assert_eq!(plan(&server, "default").await["surveys"], json!([]));
}

/// Without its questions, each field of a form would be taken for a text, for good. Somebody else's guess just before is
/// no reason to refuse either (a page was 404 where two surveys were published within 100 ms).
async fn a_form_waits_for_news_of_its_survey(on: On) {
    let first = Server::on(on).await;
    let second = Server::start_at(&first.database).await;
    let owner = Person::owner(&first).await;
    let page = async |survey: &str| {
        second.get(&format!("/s/{survey}"), &[("accept", "text/html")]).await.status()
    };
    for number in 0..6 {
        let survey = format!("form-{number}");
        let path = format!("/v1/sites/default/surveys/{survey}");
        let question = json!({"id": "score", "kind": "nps", "text": "Would you?"});
        owner.edit(&path, &json!({"questions": [question]})).await;
        let guesses = async {
            loop {
                assert_eq!(page("nobody").await, 404);
            }
        };
        let publish = format!("{path}/publish");
        tokio::select! {
            () = guesses => {}
            _ = owner.post(&publish, json!({})) => {}
        }
        if number % 2 == 0 {
            assert_eq!(page(&survey).await, 200, "a link to it");
        }
        let id = sondeo_model::ResponseId::new(1_767_225_600_000, [number; 10]).to_text();
        let form = format!("survey={survey}&id={id}&score=9");
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        assert_eq!(second.post_with(&headers, form).await.status(), 201);
        let stored = owner.get(&format!("/v1/responses?survey={survey}")).await;
        assert_eq!(stored["responses"][0]["answers"][0]["value"], 9, "{stored}");
    }
}

async fn nothing_of_a_draft_is_public(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    let mut random = fastrand::Rng::with_seed(7);
    let mut published: std::collections::BTreeMap<i64, String> = std::collections::BTreeMap::new();
    let mut latest = 0;
    for step in 0..60 {
        let done = match random.u8(0..10) {
            0..4 => {
                let mut draft = asks(&format!("Draft {step}?"));
                draft["name"] = format!("Secret name {step}").into();
                owner.edit(SURVEY, &draft).await;
                continue;
            }
            4..6 => owner.send(Method::POST, &format!("{SURVEY}/publish"), None).await,
            6 if latest > 0 => {
                let body = json!({"version": random.i64(1..=latest)});
                owner.send(Method::POST, &format!("{SURVEY}/publish"), Some(body)).await
            }
            number => {
                let steps = ["pause", "resume", "end", "archive", "restore"];
                let word = steps[usize::from(number) % steps.len()];
                owner.send(Method::POST, &format!("{SURVEY}/{word}"), None).await
            }
        };
        if done.status() == 200
            && let Some(version) = done.json::<Json>().await.expect("JSON")["version"].as_i64()
        {
            latest = version;
        }
        let known = owner.send(Method::GET, &format!("{SURVEY}/draft"), None).await;
        if known.status() != 200 {
            continue;
        }
        let draft: Json = known.json().await.expect("JSON");
        let listed = owner.get("/v1/sites/default/surveys").await["surveys"][0].clone();
        let words = draft["questions"][0]["text"].as_str().expect("a text").to_owned();
        let mut files = vec![
            ("/sites/default/plan.json".to_owned(), 0),
            ("/sites/default/surveys/checkout.json".to_owned(), 0),
        ];
        // What only who has its key may read is no file without it.
        for key in [&*step.to_string(), "checkout", &"0".repeat(48)] {
            let guess = format!("/sites/default/previews/{key}.json");
            assert_ne!(server.get(&guess, &[]).await.status(), 200, "{guess}");
        }
        files.extend(
            (1..=latest + 1).map(|n| (format!("/sites/default/surveys/checkout.json?v={n}"), n)),
        );
        for (path, number) in files {
            let response = server.get(&path, &[]).await;
            if response.status() != 200 {
                continue;
            }
            let text = response.text().await.expect("a text");
            assert!(!text.contains("Secret") && !text.contains("A note"), "{path}: {text}");
            if number > 0 {
                let first = published.entry(number).or_insert_with(|| text.clone());
                assert_eq!(*first, text, "version {number} has changed");
                assert!(number <= latest, "{path} was never published");
            } else if listed["draft"] == true && !published.values().any(|it| it.contains(&words)) {
                assert!(!text.contains(&words), "{path}: {text}");
            }
        }
        let running = listed["state"] == "running";
        assert_eq!(
            plan(&server, "default").await["surveys"].as_array().expect("it").len(),
            usize::from(running)
        );
    }
    assert!(latest > 3, "the walk has published something");
}

async fn a_site_says_whose_pages_may_answer(on: On) {
    let server =
        Server::start_on(on, &["--accept", "known", "--origin", "https://other.example"]).await;
    let owner = Person::owner(&server).await;
    owner.post("/v1/sites", json!({"id": "shop", "origins": ["https://shop.example"]})).await;
    let path = "/v1/sites/shop/surveys/checkout";
    owner.edit(path, &asks("Good?")).await;
    owner.post(&format!("{path}/publish"), json!({})).await;
    let post = async |number: u32, origin: &str| {
        let headers = [("content-type", "text/plain"), ("origin", origin)];
        server.post_with(&headers, answer(number, Some("shop"), json!({}))).await
    };
    let own = post(1, "https://shop.example").await;
    assert_eq!(own.status(), 201);
    assert_eq!(header(&own, "access-control-allow-origin"), "https://shop.example");
    assert_eq!(post(2, "https://stranger.example").await.status(), 403, "nobody's");
    let other = post(3, "https://other.example").await;
    check_refused(other, StatusCode::FORBIDDEN, "forbidden_origin", "https://other.example").await;
}

/// The cookie of a session, as a browser would send it.
fn cookie(response: &Response) -> String {
    let cookie = header(response, "set-cookie");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

async fn an_invitation_makes_somebody_once(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    owner.post("/v1/sites", json!({"id": "shop"})).await;
    let path = "/v1/sites/shop/invitations";
    let answer = owner.send(Method::POST, path, Some(json!({"role": "king"}))).await;
    check_refused(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid", "is not a role").await;
    let invited = owner.post(path, json!({"role": "editor"})).await;
    let link = invited["link"].as_str().expect("a link");
    let page = server.get(link, &[]).await;
    assert_eq!(page.status(), 200);
    assert!(header(&page, "content-security-policy").contains("frame-ancestors 'none'"));
    let text = page.text().await.expect("a page");
    assert!(text.contains("editor of the site <b>shop</b>"), "{text}");
    let join = async |user: &str, password: &str| {
        let form = [("user", user), ("password", password)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = server.request(Method::POST, link);
        send(request.header("content-type", "application/x-www-form-urlencoded").body(body)).await
    };
    let short = join("ben", "short").await;
    assert_eq!(short.status(), 422);
    assert!(short.text().await.expect("a page").contains("8 characters or more"));
    let foreign = server.request(Method::POST, link).header("origin", "https://evil.example");
    assert_eq!(send(foreign.body("user=ben&password=correct+horse")).await.status(), 403);
    let joined = join("ben", "correct horse").await;
    assert_eq!(joined.status(), 303);
    let session = cookie(&joined);
    assert_eq!(join("eve", "correct horse").await.status(), 401, "it works once");
    assert_eq!(server.get(link, &[]).await.status(), 401);

    let as_ben = async |method: Method, path: &str| {
        send(server.request(method, path).header("cookie", &session)).await
    };
    let who: Json = as_ben(Method::GET, "/v1/session").await.json().await.expect("JSON");
    assert_eq!(who, json!({"user": "ben", "roles": [{"site": "shop", "role": "editor"}]}));
    let sites: Json = as_ben(Method::GET, "/v1/sites").await.json().await.expect("JSON");
    assert_eq!(sites["sites"].as_array().expect("a list").len(), 1);
    let draft = "/v1/sites/shop/surveys/checkout/draft";
    let saved = server.request(Method::PUT, draft).header("cookie", &session);
    assert_eq!(send(saved.body(asks("Good?").to_string())).await.status(), 201);
    let publish = "/v1/sites/shop/surveys/checkout/publish";
    assert_eq!(as_ben(Method::POST, publish).await.status(), 403);
    assert_eq!(as_ben(Method::GET, "/v1/sites/default/surveys").await.status(), 404);

    let people = owner.get("/v1/sites/shop/people").await;
    let expected = json!([{"person": "ben", "role": "editor", "everywhere": false}]);
    assert_eq!(people["people"], expected);
    let promoted = owner
        .send(Method::PUT, "/v1/sites/shop/people/ben", Some(json!({"role": "publisher"})))
        .await;
    assert_eq!(promoted.status(), 204);
    assert_eq!(as_ben(Method::POST, publish).await.status(), 200, "a right counts at once");
    // Nobody gives away what they have not, and the last owner of a site stays one.
    let admin = Person::who_may(&server, "admin", &[Scope::Admin], Some("shop")).await;
    let given = admin.send(Method::POST, path, Some(json!({"role": "viewer"}))).await;
    assert_eq!(given.status(), 403);
    let of_ben = "/v1/sites/shop/people/ben";
    owner.send(Method::PUT, of_ben, Some(json!({"role": "owner"}))).await;
    let answer = owner.send(Method::DELETE, of_ben, None).await;
    check_refused(answer, StatusCode::CONFLICT, "conflict", "ben is the last owner").await;
    let promised: Json = send(
        server
            .request(Method::POST, path)
            .header("cookie", &session)
            .header("content-type", "application/json")
            .body(json!({"role": "viewer"}).to_string()),
    )
    .await
    .json()
    .await
    .expect("JSON");
    let promised = promised["link"].as_str().expect("a link").to_owned();
    server.store.set_password("ana", "x").await.expect("somebody else");
    owner.send(Method::PUT, of_ben, Some(json!({"role": "publisher"}))).await;
    let withdrawn = server.get(&promised, &[]).await;
    assert_eq!(withdrawn.status(), 401, "a promise goes with the right to make it");
    assert_eq!(owner.send(Method::DELETE, "/v1/sites/shop/people/ben", None).await.status(), 204);
    assert_eq!(as_ben(Method::POST, publish).await.status(), 404, "and is gone at once");
    assert_eq!(as_ben(Method::DELETE, "/v1/session?everywhere=1").await.status(), 204);
    assert_eq!(as_ben(Method::GET, "/v1/session").await.status(), 401);
}

async fn a_pipeline_publishes_by_commands(on: On) {
    let server = Server::on(on).await;
    let database = server.database.as_str();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("checkout.json").display().to_string();
    done(
        database,
        &["site", "shop", "--origin", "https://shop.example", "--time-zone", "Europe/Madrid"],
    )
    .await;
    let listed = done(database, &["site"]).await;
    assert!(listed.contains("shop\tshop\tEurope/Madrid\thttps://shop.example"), "{listed}");
    std::fs::write(&file, asks("First?").to_string()).expect("a file");
    let said = done(database, &["publish", &file, "--site", "shop", "--answers", "500"]).await;
    assert_eq!(said, "shop/checkout: version 1 runs\n");
    std::fs::write(&file, asks("Second?").to_string()).expect("a file");
    done(database, &["publish", &file, "--site", "shop"]).await;
    let planned = async || {
        // The running collector may not know the site yet.
        let plan = public(&server, "/sites/shop/plan.json").await.unwrap_or_default();
        plan["surveys"][0]["version"].clone()
    };
    wait_for(async || planned().await == 2, "the running collector hears of it").await;
    done(database, &["publish", "checkout", "--site", "shop", "--version", "1"]).await;
    done(database, &["pause", "checkout", "--site", "shop"]).await;
    wait_for(async || planned().await == Json::Null, "it is paused").await;
    let versions = done(database, &["versions", "checkout", "--site", "shop"]).await;
    let first = versions.lines().next().expect("a line");
    assert!(
        first.starts_with("3\t") && first.ends_with("\tcommand\tpaused\tversion 1 again"),
        "{versions}"
    );
    let mut wrong = asks("Good?");
    wrong["delay"] = "5 secs".into();
    std::fs::write(&file, wrong.to_string()).expect("a file");
    let (is_done, _, said) = run(database, &["publish", &file, "--site", "shop"], "").await;
    assert!(!is_done && said.contains("delay") && said.contains("is not a time"), "{said}");
    // What cannot be published is no draft either, and what somebody else has saved stays until it is said.
    let owner = Person::owner(&server).await;
    let path = "/v1/sites/shop/surveys/checkout";
    let draft = async || {
        let answer = owner.send(Method::GET, &format!("{path}/draft"), None).await;
        answer.text().await.expect("a draft")
    };
    assert!(draft().await.contains("First?"), "what was rolled back to");
    owner.edit(path, &asks("Anybody's?")).await;
    std::fs::write(&file, asks("Third?").to_string()).expect("a file");
    let (is_done, _, said) = run(database, &["publish", &file, "--site", "shop"], "").await;
    assert!(!is_done && said.contains("saved a draft of checkout at 2"), "{said}");
    assert!(
        said.contains(
            "is not published: publish it first (`publish checkout`), or give --over-draft"
        ),
        "{said}"
    );
    assert!(draft().await.contains("Anybody's?"));
    done(database, &["publish", &file, "--site", "shop", "--over-draft"]).await;
    assert!(draft().await.contains("Third?"));
    // A survey of the folder is changed there alone.
    let surveys = folder.path().join("surveys");
    std::fs::create_dir(&surveys).expect("a folder");
    std::fs::write(
        surveys.join("checkout.json"),
        with(&asks("Folder?").to_string(), json!({"id": "checkout"})).to_string(),
    )
    .expect("a file");
    let surveys = surveys.display().to_string();
    for words in [&["publish", &file][..], &["pause", "checkout"]] {
        let words = [words, &["--surveys", &surveys]].concat();
        let (is_done, _, said) = run(database, &words, "").await;
        assert!(!is_done && said.contains("checkout is a file of --surveys"), "{said}");
    }
    let (is_done, _, said) = run(database, &["publish", &file, "--site", "shpo"], "").await;
    assert!(
        !is_done && said.contains("there is no site \"shpo\" (there are default, shop;"),
        "{said}"
    );

    let password = "correct horse\n";
    let (is_done, ..) =
        run(database, &["user", "ben", "--role", "viewer", "--site", "shop"], password).await;
    assert!(is_done);
    done(database, &["user", "ben", "--role", "editor", "--site", "default"]).await;
    let users = done(database, &["user"]).await;
    assert_eq!(users, "ben\teditor of default\tviewer of shop\n");
    let token =
        done(database, &["token", "--label", "ci", "--scope", "read,publish", "--site", "shop"])
            .await;
    let pipeline = Person { server: &server, token: token.trim().to_owned() };
    assert_eq!(pipeline.get("/v1/sites").await["sites"].as_array().expect("a list").len(), 1);
    assert!(done(database, &["token", "--list"]).await.contains("read publish\t"));
}

async fn where_the_script_was_seen_is_told(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("site.js"), "const plan = SONDEO_PLAN;").expect("a file");
    let embed = folder.path().display().to_string();
    let server = Server::start_on(on, &["--embed", &embed]).await;
    let owner = Person::owner(&server).await;
    owner.post("/v1/sites", json!({"id": "shop", "origins": ["https://shop.example"]})).await;
    let survey = "/v1/sites/shop/surveys/checkout";
    owner.edit(survey, &asks("Good?")).await;
    owner.post(&format!("{survey}/publish"), json!({})).await;
    assert_eq!(owner.get("/v1/sites/shop/seen").await, json!([]));
    let script = server.get("/sites/shop/sondeo.js", &[("accept-encoding", "br")]).await;
    assert_eq!(header(&script, "content-encoding"), "br");
    let script = server.get("/sites/shop/sondeo.js", &[]).await;
    assert_eq!(header(&script, "content-type"), "text/javascript; charset=utf-8");
    let etag = header(&script, "etag").to_owned();
    let text = script.text().await.expect("a script");
    let plan = text.strip_prefix("const plan = ").and_then(|it| it.strip_suffix(';'));
    let plan: Json = serde_json::from_str(plan.expect("the plan")).expect("JSON");
    assert_eq!(plan["surveys"][0]["id"], "checkout");
    let known = server.get("/sites/shop/sondeo.js", &[("if-none-match", &etag)]).await;
    assert_eq!(known.status(), 304);
    for referrer in ["https://shop.example/checkout?order=secret", "https://stranger.example/"] {
        let fetched = server.get("/sites/shop/sondeo.js", &[("referer", referrer)]).await;
        assert_eq!(fetched.status(), 200);
    }
    let seen = async || owner.get("/v1/sites/shop/seen").await;
    wait_for(async || seen().await != json!([]), "it is noted").await;
    let pages = seen().await;
    let page = &pages[0];
    assert_eq!(pages.as_array().expect("a list").len(), 1, "of its own pages alone: {pages}");
    assert_eq!(
        (&page["origin"], &page["path"]),
        (&json!("https://shop.example"), &json!("/checkout"))
    );
    assert_eq!((&page["surveys"], &page["problems"]), (&json!(["checkout"]), &json!([])));
    let own = owner.get("/v1/sites/shop/surveys").await["surveys"][0].clone();
    assert_eq!(own["last_seen"], page["at"]);
    // A part that no survey names may be somebody's name.
    let referrer = [("referer", "https://shop.example/checkout/maria/welcome")];
    assert_eq!(server.get("/sites/shop/sondeo.js", &referrer).await.status(), 200);
    let is_noted = async || seen().await.as_array().expect("a list").len() == 2;
    wait_for(is_noted, "it is noted").await;
    assert_eq!(seen().await[0]["path"], "/checkout/*/*");
    // A site that fell silent is not shown as it was.
    let mut db = crate::hardening::connect(on, &server.database).await;
    let old = "UPDATE seen_page SET at = at - 15 * 86400000 WHERE path = '/checkout'";
    sqlx::query(old).execute(&mut db).await.expect("done");
    assert_eq!(seen().await.as_array().expect("a list").len(), 1);
}

/// What a site's script tells of a page of this origin.
async fn tell(server: &Server, origin: Option<&str>, body: &str) -> Response {
    let mut request = server.request(Method::POST, "/sites/shop/seen");
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    send(request.header("content-type", "text/plain;charset=UTF-8").body(body.to_owned())).await
}

async fn a_page_tells_where_it_is_and_what_is_wrong_there(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    let own = "https://shop.example";
    owner.post("/v1/sites", json!({"id": "shop", "origins": [own]})).await;
    for origin in [None, Some("null"), Some("https://stranger.example"), Some("file://")] {
        let taken = tell(&server, origin, r#"{"path": "/", "problems": ["data-url"]}"#).await;
        assert_eq!(taken.status(), 204, "{origin:?}");
    }
    let long = format!("data-{} is long", "x".repeat(1_000));
    let mut problems =
        vec!["data-delay is not a \u{0}time (try \"5s\")".to_owned(), long, " ".to_owned()];
    problems.extend((0..20).map(|number| format!("number {number}")));
    let told = json!({"path": "/orders/ann@example.com/Paid", "problems": problems, "later": 1});
    let taken = tell(&server, Some(own), &told.to_string()).await;
    assert_eq!(
        (taken.status().as_u16(), header(&taken, "access-control-allow-origin")),
        (204, "*")
    );
    let seen = async || owner.get("/v1/sites/shop/seen").await;
    wait_for(async || seen().await != json!([]), "it is noted").await;
    let pages = seen().await;
    assert_eq!(pages.as_array().expect("a list").len(), 1, "of its own pages alone: {pages}");
    assert_eq!((&pages[0]["origin"], &pages[0]["path"]), (&json!(own), &json!("/orders/*/*")));
    let problems = pages[0]["problems"].as_array().expect("a list");
    assert_eq!(
        (problems.len(), &problems[0]),
        (10, &json!("data-delay is not a time (try \"5s\")"))
    );
    assert_eq!(problems[1].as_str().map(str::len), Some(300));

    for (body, status, code, words) in [
        ("path=/", StatusCode::BAD_REQUEST, "invalid_json", "is not JSON"),
        ("{}", StatusCode::UNPROCESSABLE_ENTITY, "invalid", "path"),
        (
            r#"{"path": "checkout"}"#,
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "must be the path of a page",
        ),
        (
            r#"{"path": "/", "problems": "x"}"#,
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "problems",
        ),
    ] {
        check_refused(tell(&server, Some(own), body).await, status, code, words).await;
    }
    let large = json!({"path": "/", "problems": ["x".repeat(9_000)]}).to_string();
    assert_eq!(tell(&server, Some(own), &large).await.status(), 413);
    let nowhere = server.request(Method::POST, "/sites/none/seen").body(r#"{"path": "/"}"#);
    assert_eq!(send(nowhere).await.status(), 404);
    let mut answers = Vec::new();
    for _ in 0..70 {
        answers.push(tell(&server, Some(own), r#"{"path": "/"}"#).await.status().as_u16());
    }
    assert!(answers[..40].iter().all(|it| *it == 204), "{answers:?}");
    assert_eq!(answers.last(), Some(&429), "an address has a share: {answers:?}");
}

async fn what_was_wrong_is_wrong_for_a_day(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    owner.post("/v1/sites", json!({"id": "shop"})).await;
    const HOUR: i64 = 3_600_000;
    // Two days ago: what is older than two weeks is not shown.
    let now = std::time::UNIX_EPOCH.elapsed().expect("a clock").as_millis();
    let begun = i64::try_from(now).expect("a moment") - 48 * HOUR;
    let page = |hours: i64, problems: &[&str]| SeenPage {
        origin: "https://shop.example".to_owned(),
        path: "/cart".to_owned(),
        at: Timestamp::from_millis(begun + hours * HOUR),
        surveys: vec!["checkout".to_owned()],
        problems: problems.iter().map(|it| (*it).to_owned()).collect(),
    };
    let store = &server.store;
    for (hours, is_told, problems, expected) in [
        (0, true, &["a"][..], json!(["a"])),
        (1, true, &["b", "c"], json!(["b", "c", "a"])),
        // Others on the page, whose browsers had nothing to say, and whoever asks for the script.
        (2, true, &[], json!(["b", "c", "a"])),
        (23, true, &["c"], json!(["c", "b", "a"])),
        (24, true, &[], json!(["c", "b"])),
        (40, false, &[], json!(["c", "b"])),
        (46, true, &[], json!(["c"])),
        (47, true, &[], json!([])),
    ] {
        let page = page(hours, problems);
        let noted = if is_told {
            store.note_told("shop", &page).await
        } else {
            store.note_seen("shop", &page).await
        };
        noted.expect("it is noted");
        let seen = owner.get("/v1/sites/shop/seen").await;
        assert_eq!(seen[0]["problems"], expected, "after {hours} h");
        assert_eq!(seen[0]["surveys"], json!(["checkout"]));
    }
}

async fn a_site_that_waits_for_consent_says_so(on: On) {
    let server = Server::on(on).await;
    let owner = Person::owner(&server).await;
    // Also where nothing runs: its script tells nothing before.
    let defaults = json!({"consent": "required", "storage": "session"});
    owner.post("/v1/sites", json!({"id": "shop", "defaults": defaults})).await;
    owner.post("/v1/sites", json!({"id": "blog"})).await;
    let waits = plan(&server, "shop").await;
    let expected = json!({"consent": "required", "storage": "session", "site": "shop",
                          "surveys": [], "version": waits["version"]});
    assert_eq!(waits, expected);
    assert_eq!(plan(&server, "blog").await.get("consent"), None);
}

async fn exports_of_sites_come_back(on: On) {
    let server = Server::on(on).await;
    let posted = server.post(answer(1, Some("shop"), json!({}))).await;
    assert_eq!(posted.status(), 201);
    let folder = tempfile::tempdir().expect("a folder");
    for format in ["csv", "ndjson"] {
        let file = folder.path().join(format!("all.{format}")).display().to_string();
        done(&server.database, &["export", "--format", format, "--output", &file]).await;
        let copy = On::Sqlite
            .database(tempfile::tempdir_in(folder.path()).expect("a folder").keep().as_path());
        done(&copy, &["seed", "--responses", "0"]).await;
        done(&copy, &["import", &file]).await;
        let back = done(&copy, &["export"]).await;
        let back: Json = serde_json::from_str(back.lines().next().expect("a line")).expect("JSON");
        assert_eq!((&back["site"], &back["version"]), (&json!("shop"), &json!(1)), "{format}");
        assert!(
            done(&copy, &["check"]).await.starts_with("1 responses, and every count"),
            "{format}"
        );
    }
}
