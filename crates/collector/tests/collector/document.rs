//! The OpenAPI document says what the collector does, and nothing else.

use crate::support::{COMPLETED, PARTIAL, Server};
use reqwest::Method;
use serde_json::Value as Json;
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
        "GET /s/{survey}",
        "GET /healthz",
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
    let schema = "openapi.json#/components/schemas/Response";
    let check = |payload: &Json| {
        let mut schemas = boon::Schemas::new();
        let mut compiler = boon::Compiler::new();
        compiler.set_default_draft(boon::Draft::V2020_12);
        compiler.add_resource("openapi.json", document.clone()).expect("a resource");
        let index = compiler.compile(schema, &mut schemas).expect("a schema");
        schemas.validate(payload, index).map_err(|error| error.to_string())
    };
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
