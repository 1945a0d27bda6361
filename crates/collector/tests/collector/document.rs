//! The OpenAPI document says what the collector does, and nothing else.

use crate::publishing::{Person, asks};
use crate::support::{COMPLETED, PARTIAL, Server, with};
use reqwest::Method;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

async fn document(server: &Server) -> Json {
    let response = server.get("/openapi.json", &[]).await;
    assert_eq!(response.status(), 200);
    response.json().await.expect("JSON")
}

fn paths(document: &Json) -> impl Iterator<Item = (&String, &serde_json::Map<String, Json>)> {
    let paths = document["paths"].as_object().expect("paths");
    paths.iter().map(|(path, item)| (path, item.as_object().expect("a path")))
}

/// What the contract promises is there.
#[tokio::test]
async fn every_route_of_the_contract_is_described() {
    let server = Server::start().await;
    let document = document(&server).await;
    let described: BTreeSet<String> = paths(&document)
        .flat_map(|(path, item)| {
            item.keys().map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    for route in [
        "POST /v1/responses",
        "GET /v1/responses",
        "DELETE /v1/responses/{id}",
        "GET /v1/surveys",
        "GET /v1/surveys/{id}/summary",
        "GET /v1/summaries",
        "GET /v1/surveys/{id}/comments",
        "GET /v1/export.csv",
        "GET /v1/export.ndjson",
        "GET /v1/visitors/{id}",
        "DELETE /v1/visitors/{id}",
        "GET /v1/events",
        "POST /v1/session",
        "GET /v1/session",
        "DELETE /v1/session",
        "GET /v1/session/{code}",
        "POST /v1/sites/{site}/surveys/{id}/preview",
        "GET /v1/sites/{site}/surveys/{id}/test-responses",
        "DELETE /v1/sites/{site}/surveys/{id}/test-responses",
        "GET /sites/{site}/previews/{file}",
        "POST /sites/{site}/previews/{key}/responses",
        "GET /s/{survey}",
        "GET /healthz",
        "GET /livez",
        "GET /metrics",
        "GET /openapi.json",
    ] {
        assert!(described.contains(route), "{route} is missing: {described:#?}");
    }
}

/// Every route that is described is there and takes the methods that are described, and no others.
#[tokio::test]
async fn what_is_described_is_there() {
    let server = Server::start().await;
    let document = document(&server).await;
    for (path, item) in paths(&document) {
        let path = path.replace("{survey}", "nps").replace("{id}", "x").replace("{code}", "x");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let sent: Method = method.parse().expect("a method");
            let response = server.request(sent, &path).send().await.expect("an answer");
            let is_described = item.contains_key(&method.to_lowercase());
            let status = response.status().as_u16();
            assert_eq!(status != 405, is_described, "{method} {path} answers {status}");
            if is_described {
                let described = &item[&method.to_lowercase()]["responses"];
                assert!(described.get(status.to_string()).is_some(), "{method} {path}: {status}");
            }
        }
    }
}

/// The shape of a payload is the model's: what a widget sends fits, and what the model refuses does not.
#[tokio::test]
async fn the_payload_is_that_of_the_model() {
    let server = Server::start().await;
    let document = document(&server).await;
    let check = |payload: &Json| fits(&document, "Response", payload);
    for golden in [COMPLETED, PARTIAL] {
        let payload: Json = serde_json::from_str(golden).expect("JSON");
        check(&payload).expect("a widget's payload fits");
        // Every key is described, and needed where the model needs it.
        let described = &document["components"]["schemas"]["Response"]["properties"];
        for key in payload.as_object().expect("an object").keys() {
            assert!(described.get(key).is_some(), "{key} is not described");
            let mut without = payload.clone();
            without.as_object_mut().expect("an object").remove(key);
            let is_needed =
                serde_json::from_value::<sondeo_model::Response>(without.clone()).is_err();
            assert_eq!(check(&without).is_err(), is_needed, "without {key}");
        }
    }
    let mut wrong: Json = serde_json::from_str(COMPLETED).expect("JSON");
    wrong["status"] = "done".into();
    check(&wrong).expect_err("no such state");
}

/// Whether this is what the document describes by that name.
fn fits(document: &Json, name: &str, value: &Json) -> Result<(), String> {
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.set_default_draft(boon::Draft::V2020_12);
    compiler.add_resource("openapi.json", document.clone()).expect("a resource");
    let schema = format!("openapi.json#/components/schemas/{name}");
    let index = compiler.compile(&schema, &mut schemas).expect("a schema");
    schemas.validate(value, index).map_err(|error| error.to_string())
}

/// What the dashboard reads is described, key by key.
#[tokio::test]
async fn summaries_and_comments_are_as_described() {
    let server = Server::start().await;
    for (body, survey, number) in [
        (COMPLETED, "checkout", 0),
        (COMPLETED, "checkout", 1),
        (PARTIAL, "checkout", 2),
        (PARTIAL, "support", 3),
    ] {
        let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}");
        let mut fields = json!({"id": id, "survey": survey});
        if number == 1 {
            let answer = json!({"question": "satisfaction", "text": "In other words?",
                "kind": "likert", "points": 5, "metric": "csat", "value": 1});
            fields["answers"] = json!([answer]);
        }
        assert_eq!(server.post(with(body, fields).to_string()).await.status(), 201);
    }
    let mut document = document(&server).await;
    // Here, nothing may be there that is not described.
    for name in ["Summary", "Part", "Previous", "Score", "Question", "Asked", "Comment", "Comments"]
    {
        document["components"]["schemas"][name]["unevaluatedProperties"] = json!(false);
    }
    let by = "by=device,day,week,page,language,trigger&compare=previous";
    for (path, name) in [
        (format!("/v1/surveys/checkout/summary?{by}"), "Summary"),
        ("/v1/surveys/support/summary".to_owned(), "Summary"),
        ("/v1/surveys/nobody/summary".to_owned(), "Summary"),
        ("/v1/surveys/checkout/comments?limit=1".to_owned(), "Comments"),
        ("/v1/surveys/nobody/comments".to_owned(), "Comments"),
    ] {
        let mut found: Json = server.read_path(&path).await.json().await.expect("JSON");
        fits(&document, name, &found).unwrap_or_else(|error| panic!("{path}: {error}\n{found:#}"));
        found["mood"] = json!(1);
        fits(&document, name, &found).expect_err("what is not described");
    }
    let found: Json =
        server.read_path("/v1/surveys/checkout/summary").await.json().await.expect("JSON");
    assert!(found.pointer("/questions/0/wordings/1").is_some(), "{found:#}");
}

/// What the document says of the answer of a call, by the name that it has there.
fn described<'d>(document: &'d Json, method: &Method, path: &str, status: u16) -> &'d str {
    let call = &document["paths"][path][method.as_str().to_lowercase()];
    let content = &call["responses"][status.to_string()]["content"]["application/json"];
    let found = content["schema"]["$ref"].as_str();
    found.and_then(|it| it.rsplit('/').next()).unwrap_or_else(|| panic!("{method} {path} {status}"))
}

/// Two bodies of one name were one in the document: the surveys of a site were described as those that have responses, and
/// what was published as what was stored.
#[tokio::test]
async fn what_the_studio_reads_is_what_its_call_is_said_to_answer() {
    let server = Server::start().await;
    let owner = Person::owner(&server).await;
    assert_eq!(server.post(COMPLETED.to_owned()).await.status(), 201);
    let shop = json!({"id": "shop", "defaults": {"accent": "#0b7a75"}});
    owner.post("/v1/sites", shop).await;
    let mut document = document(&server).await;
    // Here, nothing may be there that is not described.
    for name in [
        "Survey",
        "Surveys",
        "SiteSurvey",
        "SiteSurveys",
        "PublicationReceipt",
        "Changed",
        "StandingDraft",
        "Unpublishable",
        "Reason",
        "Refusal",
        "Version",
        "Versions",
        "Site",
        "Sites",
        "PreviewKey",
        "Summary",
        "Destinations",
    ] {
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
        document["components"]["schemas"][name]["unevaluatedProperties"] = json!(false);
    }
    let check = async |method: Method, path: &str, body: Option<Json>, status: u16| {
        let sent = path.replace("{site}", "shop").replace("{id}", "two");
        let answer = owner.send(method.clone(), &sent, body).await;
        assert_eq!(answer.status().as_u16(), status, "{method} {sent}");
        let template = path.split('?').next().unwrap_or_default();
        let name = described(&document, &method, template, status);
        let found: Json = answer.json().await.expect("JSON");
        fits(&document, name, &found)
            .unwrap_or_else(|error| panic!("{method} {sent}: no {name}: {error}\n{found:#}"));
    };
    let survey = "/v1/sites/{site}/surveys/{id}";
    let [draft, publish, pause, preview, versions] =
        ["draft", "publish", "pause", "preview", "versions"].map(|it| format!("{survey}/{it}"));
    check(Method::PUT, &draft, Some(json!({"questions": []})), 201).await;
    check(Method::PUT, &draft, Some(asks("In a hurry?")), 412).await;
    check(Method::POST, &publish, None, 422).await;
    owner.edit("/v1/sites/shop/surveys/two", &asks("How was it?")).await;
    check(Method::POST, &publish, Some(json!({"limit": {"answers": 500}})), 200).await;
    check(Method::POST, &pause, None, 200).await;
    check(Method::GET, &versions, None, 200).await;
    check(Method::POST, &preview, None, 201).await;
    check(Method::GET, "/v1/sites/{site}/surveys", None, 200).await;
    check(Method::GET, "/v1/sites", None, 200).await;
    check(Method::GET, "/v1/sites/{site}/destinations", None, 200).await;
    check(Method::GET, "/v1/surveys", None, 200).await;
    check(Method::GET, "/v1/surveys/{id}/summary?site=shop", None, 200).await;
}
