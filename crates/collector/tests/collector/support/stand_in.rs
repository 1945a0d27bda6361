//! A service that responses are passed on to: it enforces what the real one requires, and remembers what it was sent.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use serde_json::Value as Json;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long is waited for what should come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("plain text"))
    }

    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    is_never: bool,
    after: Duration,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<String>) -> Self {
        let (headers, after) = (Vec::new(), Duration::ZERO);
        Self { status, headers, body: body.into(), is_never: false, after }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// It takes so long, as a service that is overloaded does.
    pub(crate) fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }

    /// None at all.
    pub(crate) fn never() -> Self {
        Self { is_never: true, ..Self::new(200, "") }
    }
}

type Rules = Arc<Mutex<dyn FnMut(&Seen) -> Reply + Send>>;

#[derive(Clone)]
struct Shared {
    rules: Rules,
    seen: Arc<Mutex<Vec<Seen>>>,
    count: watch::Sender<usize>,
}

pub(crate) struct StandIn {
    pub(crate) address: String,
    shared: Shared,
}

impl StandIn {
    /// Starts one that answers by these rules.
    pub(crate) async fn start(rules: impl FnMut(&Seen) -> Reply + Send + 'static) -> Self {
        Self::start_at(0, rules).await
    }

    /// The same, at this port.
    pub(crate) async fn start_at(
        port: u16,
        rules: impl FnMut(&Seen) -> Reply + Send + 'static,
    ) -> Self {
        let shared = Shared {
            rules: Arc::new(Mutex::new(rules)),
            seen: Arc::default(),
            count: watch::Sender::new(0),
        };
        let router = Router::new().fallback(answer).with_state(shared.clone());
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, shared }
    }

    /// One that takes everything.
    pub(crate) async fn willing() -> Self {
        Self::start(|_| Reply::new(204, "")).await
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().expect("no panic").clone()
    }

    /// Waits until so many requests have come, and returns all that have.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Seen> {
        let mut counts = self.shared.count.subscribe();
        let coming = counts.wait_for(|seen| *seen >= count);
        if tokio::time::timeout(PATIENCE, coming).await.is_err() {
            panic!(
                "{count} requests should have come, and {} did: {:?}",
                self.seen().len(),
                self.seen()
            );
        }
        self.seen()
    }
}

async fn answer(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = String::from_utf8(body.to_vec()).expect("UTF-8");
    let seen = Seen { method, uri, headers, body };
    let reply = (shared.rules.lock().expect("no panic"))(&seen);
    shared.seen.lock().expect("no panic").push(seen);
    shared.count.send_modify(|count| *count += 1);
    if reply.is_never {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(reply.after).await;
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).expect("a response")
}
