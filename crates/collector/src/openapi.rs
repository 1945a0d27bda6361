//! `/openapi.json`: the interface, as the code has it.

mod payload;

pub(crate) use payload::{Response, TestResponse};

use crate::{Error, query};
use axum::extract::MatchedPath;
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::IntoResponse;
use std::collections::HashMap;
use std::sync::OnceLock;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// The parts of the document that belong to no route.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Sondeo collector",
        description = "Stores every response once, and says what they mean. Every error is `{\"error\": \
                       {\"code\", \"message\", \"field\"}}`; with 429 and 503 comes `Retry-After`.",
    ),
    tags(
        (name = "responses", description = "where responses come in"),
        (name = "reading", description = "what there is, and what it means"),
        (name = "publishing", description = "sites, and the surveys that people publish there"),
        (name = "destinations", description = "where responses are passed on to"),
        (name = "privacy", description = "what a person may ask for"),
        (name = "dashboard", description = "the login of the dashboard"),
        (name = "widget", description = "the hosted page"),
        (name = "operation", description = "for whoever runs it"),
    ),
    components(schemas(Response)),
    modifiers(&Security),
)]
pub(crate) struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("made by `sondeo-collector token`, with scopes"));
        let key = ApiKey::Header(ApiKeyValue::new("x-sondeo-key"));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(token.build()));
        components.add_security_scheme("key", SecurityScheme::ApiKey(key));
    }
}

/// The document as it is sent.
static TEXT: OnceLock<String> = OnceLock::new();
/// The query parameters of each operation, by path and method.
static PARAMETERS: OnceLock<OperationParameters> = OnceLock::new();

type OperationParameters = HashMap<(String, Method), Vec<String>>;

/// Keeps the document that the router was made with.
pub(crate) fn publish(document: &utoipa::openapi::OpenApi) {
    // Every router of a process has the same routes.
    let _ = TEXT.set(document.to_pretty_json().unwrap_or_default());
    let _ = PARAMETERS.set(parameters(document));
}

fn parameters(document: &utoipa::openapi::OpenApi) -> OperationParameters {
    let mut found = OperationParameters::new();
    for (path, item) in &document.paths.paths {
        for (method, operation) in [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PUT, &item.put),
            (Method::PATCH, &item.patch),
            (Method::DELETE, &item.delete),
        ] {
            let Some(operation) = operation else { continue };
            let own = operation.parameters.iter().flatten();
            let own = own.filter(|it| it.parameter_in == ParameterIn::Query);
            found.insert((path.clone(), method), own.map(|it| it.name.clone()).collect());
        }
    }
    found
}

/// Refuses a parameter that the operation does not have: whoever writes `?limit=5` where there is no limit would take what
/// comes for five. Whether one may be given twice, whoever reads it knows: `by` of a summary adds up.
pub(crate) fn check_query(parts: &Parts) -> Result<(), Error> {
    let Some(given) = parts.uri.query().filter(|given| !given.is_empty()) else { return Ok(()) };
    let path = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    // A HEAD is answered as the GET is.
    let method = if parts.method == Method::HEAD { Method::GET } else { parts.method.clone() };
    let operation = path.map(|path| (path.to_owned(), method));
    let known = PARAMETERS.get().zip(operation).and_then(|(all, key)| all.get(&key));
    let Some(known) = known else { return Ok(()) };
    for (name, _) in form_urlencoded::parse(given.as_bytes()) {
        if !known.iter().any(|it| *it == name) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            return Err(query::unknown_parameter(&name, &known));
        }
    }
    Ok(())
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "operation", responses(
    (status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = String),
))]
pub(crate) async fn show() -> impl IntoResponse {
    let text = TEXT.get().map(String::as_str).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/json"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")], text)
}
