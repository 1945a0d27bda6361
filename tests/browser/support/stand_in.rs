//! Services that are not ours, played by one server: each takes what it is documented to take, and nothing else.

use super::server::Server;
use crate::presets::Service;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All services at once, on an origin of its own.
pub(crate) struct StandIn {
    notes: Arc<Notes>,
    server: Server,
}

struct Notes {
    services: &'static [Service],
    taken: Mutex<Vec<&'static str>>,
    refused: Mutex<String>,
}

impl StandIn {
    pub(crate) async fn start(services: &'static [Service]) -> Self {
        let notes = Notes { services, taken: Mutex::default(), refused: Mutex::default() };
        let notes = Arc::new(notes);
        let routes = Router::new().fallback(serve).with_state(Arc::clone(&notes));
        Self { notes, server: Server::start(routes).await }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }

    /// How many responses this service has taken.
    pub(crate) fn taken(&self, format: &str) -> usize {
        lock(&self.notes.taken).iter().filter(|taken| **taken == format).count()
    }

    /// What was refused, with the reason.
    pub(crate) fn refused(&self) -> String {
        lock(&self.notes.refused).clone()
    }
}

fn lock<T>(notes: &Mutex<T>) -> MutexGuard<'_, T> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(
    State(notes): State<Arc<Notes>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asked = uri.to_string();
    if asked == "/taken" {
        // Where a service sends on to, once it has taken a response.
        let open = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
        return (open, "{}").into_response();
    }
    let refuse = |reason: &str| {
        let line = format!("{method} {asked}: {reason}\n{headers:?}\n{body:?}\n");
        lock(&notes.refused).push_str(&line);
        StatusCode::BAD_REQUEST.into_response()
    };
    let Some(service) = notes.services.iter().find(|service| service.posts_to == asked) else {
        return refuse("no service is here");
    };
    let mut response = match method {
        Method::OPTIONS => {
            let Some(allowed) = service.allows else {
                return refuse("no preflight is answered");
            };
            let mut response = StatusCode::NO_CONTENT.into_response();
            let value = HeaderValue::from_static(allowed);
            response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_HEADERS, value);
            response
        }
        Method::POST => match check(service, &headers, &body) {
            Ok(()) => {
                lock(&notes.taken).push(service.format);
                if service.redirects {
                    (StatusCode::FOUND, [(header::LOCATION, "/taken")]).into_response()
                } else {
                    "{}".into_response()
                }
            }
            Err(reason) => refuse(&reason),
        },
        _ => return refuse("only POST is taken"),
    };
    if service.is_readable || method == Method::OPTIONS {
        let open = HeaderValue::from_static("*");
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, open);
    }
    response
}

fn check(service: &Service, headers: &HeaderMap, body: &Bytes) -> Result<(), String> {
    let value = |name: &str| headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
    // Browsers say how text is encoded.
    let content_type = value("content-type").split(';').next().unwrap_or_default().trim();
    if content_type != service.content_type {
        return Err(format!("the content type must be {}", service.content_type));
    }
    for (name, needed) in service.needs {
        if value(name) != *needed {
            return Err(format!("{name} must be {needed}"));
        }
    }
    if !value("cookie").is_empty() {
        return Err("cookies are sent".to_owned());
    }
    let read = if content_type.contains("form") {
        let url = format!("http://form/?{}", String::from_utf8_lossy(body));
        let url: reqwest::Url = url.parse().map_err(|error| format!("no form: {error}"))?;
        let fields = url.query_pairs().map(|(name, value)| (name.into_owned(), json!(value)));
        Json::Object(fields.collect())
    } else {
        serde_json::from_slice(body).map_err(|error| error.to_string())?
    };
    if (service.takes)(&read) { Ok(()) } else { Err("the body is not as it must be".to_owned()) }
}
