//! `/openapi.json`: the interface, as the code has it.

mod payload;
mod summary;

pub(crate) use payload::Response;
pub(crate) use summary::Summary;

use axum::http::header;
use axum::response::IntoResponse;
use std::sync::OnceLock;
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

/// Keeps the document that the router was made with.
pub(crate) fn publish(document: &utoipa::openapi::OpenApi) {
    // Every router of a process has the same routes.
    let _ = TEXT.set(document.to_pretty_json().unwrap_or_default());
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "operation", responses(
    (status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = String),
))]
pub(crate) async fn show() -> impl IntoResponse {
    let text = TEXT.get().map(String::as_str).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/json"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")], text)
}
