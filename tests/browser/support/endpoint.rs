//! An endpoint that is not ours: it writes down every request, and insists on a preflight.

use super::server::Server;
use super::{PAUSE, WAIT_TIMEOUT};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// How the endpoint answers one POST.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Status(u16),
    /// 307, which would repeat the POST there.
    Redirect(String),
    /// The request is taken and nothing comes back.
    Never,
}

/// One request, as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Request {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("plain text"))
    }

    /// The response of the contract's section 6 that the body is.
    #[track_caller]
    pub(crate) fn response(&self) -> sondeo_model::Response {
        let response: sondeo_model::Response = serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {}", self.body));
        response.validate().unwrap_or_else(|violation| panic!("{violation} in {}", self.body));
        response
    }
}

/// Takes responses at `/responses`.
pub(crate) struct Endpoint {
    state: Arc<Mutex<Notes>>,
    origin: String,
    _server: Option<Server>,
}

struct Notes {
    requests: Vec<Request>,
    replies: VecDeque<Reply>,
}

impl Endpoint {
    /// Starts one on an origin of its own that takes everything.
    pub(crate) async fn start() -> Self {
        Self::start_answering([Reply::Status(201)]).await
    }

    /// Starts one that gives these answers in turn, and the last one for ever.
    pub(crate) async fn start_answering(replies: impl IntoIterator<Item = Reply>) -> Self {
        let endpoint = Self::answering(replies);
        let server = Server::start(endpoint.routes()).await;
        let origin = format!("http://{}", server.address);
        Self { _server: Some(server), ..endpoint.at(origin) }
    }

    /// One that is part of another server.
    pub(super) fn answering(replies: impl IntoIterator<Item = Reply>) -> Self {
        let notes = Notes { requests: Vec::new(), replies: replies.into_iter().collect() };
        Self { state: Arc::new(Mutex::new(notes)), origin: String::new(), _server: None }
    }

    pub(super) fn at(self, origin: String) -> Self {
        Self { origin, ..self }
    }

    pub(super) fn routes(&self) -> Router {
        self.routes_at("/responses")
    }

    pub(super) fn routes_at(&self, path: &str) -> Router {
        Router::new().route(path, any(take)).with_state(Arc::clone(&self.state))
    }

    pub(crate) fn url(&self) -> String {
        format!("{}/responses", self.origin)
    }

    /// Every request so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        lock(&self.state).requests.clone()
    }

    /// The POSTs so far.
    pub(crate) fn posts(&self) -> Vec<Request> {
        self.requests().into_iter().filter(|request| request.method == Method::POST).collect()
    }

    /// Waits for this many POSTs, and gives them.
    #[track_caller]
    pub(crate) fn until_posted(&self, count: usize) -> impl Future<Output = Vec<Request>> {
        let caller = std::panic::Location::caller();
        async move {
            let deadline = Instant::now() + WAIT_TIMEOUT;
            while self.posts().len() < count {
                let requests = self.requests();
                assert!(
                    Instant::now() < deadline,
                    "at {caller}: waited in vain for {count} POSTs: {requests:?}"
                );
                tokio::time::sleep(PAUSE).await;
            }
            self.posts()
        }
    }
}

fn lock(notes: &Mutex<Notes>) -> MutexGuard<'_, Notes> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn take(
    State(state): State<Arc<Mutex<Notes>>>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = String::from_utf8_lossy(&body).into_owned();
    let request = Request { method, headers, body };
    let origin = request.headers.get(header::ORIGIN).cloned();
    let is_preflight = request.method == Method::OPTIONS;
    let is_in_order = preflight_is_in_order(&request);
    let reply = {
        let mut notes = lock(&state);
        notes.requests.push(request);
        match (is_preflight, notes.replies.len()) {
            (true, _) => None,
            (false, 1) => notes.replies.front().cloned(),
            (false, _) => notes.replies.pop_front(),
        }
    };
    let mut response = match reply {
        None if is_in_order => StatusCode::NO_CONTENT.into_response(),
        None => return StatusCode::FORBIDDEN.into_response(),
        Some(Reply::Status(status)) => {
            StatusCode::from_u16(status).expect("a status").into_response()
        }
        Some(Reply::Redirect(to)) => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response()
        }
        Some(Reply::Never) => std::future::pending().await,
    };
    let headers = response.headers_mut();
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
    }
    if is_preflight {
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// A stranger's endpoint allows what it knows, and no header of ours.
fn preflight_is_in_order(request: &Request) -> bool {
    let asked = |name| request.header(name).unwrap_or_default().to_ascii_lowercase();
    asked("access-control-request-method") == "post"
        && asked("access-control-request-headers") == "content-type"
}
