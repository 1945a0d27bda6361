//! A collector's site, as far as pages know it: its script, its plan and its surveys (contract, section 8).
//!
//! It stands in for the collector's own sites. What it serves is made of the built `site.js`; publishing and pausing
//! are methods here, which the collector's interface can take the place of.

use super::collector::{widget_file, widget_files};
use super::server::Server;
use super::{Endpoint, Reply};
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value as Json, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the collector writes its plan in the place of.
const PLAN: &str = "SONDEO_PLAN";

/// The site `shop`, below a path of its server.
pub(crate) struct Site {
    /// What is posted to `/v1/responses`.
    pub(crate) endpoint: Endpoint,
    notes: Arc<Mutex<Notes>>,
    address: SocketAddr,
    server: Mutex<Option<Server>>,
}

#[derive(Default)]
struct Notes {
    /// The surveys that run: each as the plan has it.
    plan: Vec<Json>,
    /// What was ever published: id, version and file.
    published: Vec<(String, usize, Json)>,
    /// How long the plan is fresh: `cache-control`.
    caching: &'static str,
    /// In the place of the plan.
    broken: Option<&'static str>,
    /// The paths that were asked for, in their order.
    asked: Vec<String>,
    /// What pages told of themselves, with their origin.
    told: Vec<(String, Json)>,
}

impl Site {
    /// A site whose changes every page view sees.
    pub(crate) async fn start() -> Self {
        Self::cached("no-cache").await
    }

    /// A site whose plan browsers keep as the contract says.
    pub(crate) async fn start_cached() -> Self {
        Self::cached("public, max-age=60, stale-while-revalidate=600, stale-if-error=86400").await
    }

    async fn cached(caching: &'static str) -> Self {
        let notes = Arc::new(Mutex::new(Notes { caching, ..Notes::default() }));
        let endpoint = Endpoint::answering([Reply::Status(201)]);
        let server = Server::start(routes(&notes, &endpoint)).await;
        let address = server.address;
        Self { endpoint, notes, address, server: Mutex::new(Some(server)) }
    }

    /// What `data-site` says.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/surveys/sites/shop", self.address)
    }

    /// The site's own tag.
    pub(crate) fn tag(&self, attributes: &str) -> String {
        format!(r#"<script async src="{}/sondeo.js" {attributes}></script>"#, self.url())
    }

    /// A tag whose script is of elsewhere.
    pub(crate) fn tag_of(&self, loader: &str) -> String {
        format!(r#"<script async src="{loader}" data-site="{}"></script>"#, self.url())
    }

    /// Publishes a survey, whose `template` and `trigger` are given. Returns the version.
    pub(crate) fn publish(&self, survey: &Json) -> usize {
        let id = survey["id"].as_str().expect("an id").to_owned();
        let mut notes = lock(&self.notes);
        let version = notes.published.iter().filter(|(known, ..)| *known == id).count() + 1;
        let mut file = survey.clone();
        file["published"] = json!({"site": "shop", "version": version});
        let mut planned = json!({"id": id, "version": version});
        for key in ["trigger", "url", "device", "from", "until", "consent", "when"] {
            if let Some(value) = survey.get(key) {
                planned[key] = value.clone();
            }
        }
        notes.plan.retain(|known| known["id"] != survey["id"]);
        notes.plan.push(planned);
        notes.published.push((id, version, file));
        version
    }

    pub(crate) fn pause(&self, id: &str) {
        lock(&self.notes).plan.retain(|known| known["id"] != id);
    }

    /// Forgets the files of a survey, which the plan still names.
    pub(crate) fn lose(&self, id: &str) {
        lock(&self.notes).published.retain(|(known, ..)| known != id);
    }

    /// Answers this in the place of the plan.
    pub(crate) fn break_plan(&self, text: &'static str) {
        lock(&self.notes).broken = Some(text);
    }

    /// What of the site was asked for so far, below its address.
    pub(crate) fn asked(&self) -> Vec<String> {
        lock(&self.notes).asked.clone()
    }

    /// What pages told of themselves so far: their origin, and what they say.
    pub(crate) fn told(&self) -> Vec<(String, Json)> {
        lock(&self.notes).told.clone()
    }

    /// Nobody listens any more.
    pub(crate) fn stop(&self) {
        drop(lock(&self.server).take());
    }

    pub(crate) async fn go_on(&self) {
        let server = Server::again(self.address, routes(&self.notes, &self.endpoint)).await;
        *lock(&self.server) = Some(server);
    }
}

fn routes(notes: &Arc<Mutex<Notes>>, endpoint: &Endpoint) -> Router {
    let routes = Router::new()
        .route("/sites/shop/sondeo.js", get(script))
        .route("/sites/shop/plan.json", get(plan))
        .route("/sites/shop/surveys/{file}", get(survey))
        .route("/sites/shop/seen", post(seen))
        .route("/{file}", get(widget))
        .with_state(Arc::clone(notes));
    let routes = routes.layer(from_fn(open)).merge(endpoint.routes_at("/v1/responses"));
    // No connection outlives the server.
    Router::new().nest("/surveys", routes.layer(from_fn(close)))
}

async fn open(request: Request, next: Next) -> Response {
    with(next.run(request).await, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
}

async fn close(request: Request, next: Next) -> Response {
    with(next.run(request).await, header::CONNECTION, "close")
}

fn with(mut response: Response, name: HeaderName, value: &'static str) -> Response {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

async fn script(State(notes): State<Arc<Mutex<Notes>>>) -> Response {
    let script = String::from_utf8(widget_file("site.js")).expect("text");
    assert_eq!(script.matches(PLAN).count(), 1, "the collector replaces it");
    let mut notes = lock(&notes);
    notes.asked.push("sondeo.js".to_owned());
    let script = script.replace(PLAN, &notes.plan_text());
    let kind = (header::CONTENT_TYPE, "text/javascript");
    ([kind, (header::CACHE_CONTROL, notes.caching)], script).into_response()
}

async fn plan(State(notes): State<Arc<Mutex<Notes>>>) -> Response {
    let mut notes = lock(&notes);
    notes.asked.push("plan.json".to_owned());
    let kind = (header::CONTENT_TYPE, "application/json");
    let plan = notes.broken.map_or_else(|| notes.plan_text(), str::to_owned);
    ([kind, (header::CACHE_CONTROL, notes.caching)], plan).into_response()
}

async fn survey(
    State(notes): State<Arc<Mutex<Notes>>>,
    Path(file): Path<String>,
    uri: axum::http::Uri,
) -> Response {
    let mut notes = lock(&notes);
    notes.asked.push(format!("{file}?{}", uri.query().unwrap_or_default()));
    let version = uri.query().and_then(|query| query.strip_prefix("v=")?.parse().ok());
    let found = notes
        .published
        .iter()
        .find(|(id, known, _)| file.strip_suffix(".json") == Some(id) && Some(*known) == version);
    let Some((.., survey)) = found else { return StatusCode::NOT_FOUND.into_response() };
    let kind = (header::CONTENT_TYPE, "application/json");
    ([kind, (header::CACHE_CONTROL, FOR_EVER)], survey.to_string()).into_response()
}

async fn seen(
    State(notes): State<Arc<Mutex<Notes>>>,
    headers: HeaderMap,
    body: String,
) -> StatusCode {
    let origin = headers.get(header::ORIGIN).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let told = serde_json::from_str(&body).expect("JSON");
    lock(&notes).told.push((origin.to_owned(), told));
    StatusCode::NO_CONTENT
}

const FOR_EVER: &str = "public, max-age=31536000, immutable";

async fn widget(Path(name): Path<String>) -> Response {
    if !widget_files().contains(&name) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let kind = match name.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        _ => "text/plain",
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)];
    (headers, widget_file(&name)).into_response()
}

impl Notes {
    fn plan_text(&self) -> String {
        json!({"site": "shop", "version": self.published.len(), "surveys": self.plan}).to_string()
    }
}

fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}
