//! Sends requests to services, with bounds, and without a word of a secret in what is kept of them.

use super::address::{Allowed, Checked, LeadsInside, Lookup};
use super::schedule::{Verdict, retry_after};
use crate::clock;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value};
use sondeo_api::Exchange;
use std::collections::HashMap;
use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::time::timeout;
use url::Url;

/// How long a service may take for one answer.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(15);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a connection waits for the next request: less than most servers do, which would close it meanwhile.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes of an answer that are read.
const MOST_BYTES: usize = 64 * 1024;
/// What a secret is replaced by.
const HIDDEN: &str = "…";
/// How long before its end a token is replaced.
const TOKEN_MARGIN: Duration = Duration::from_secs(60);

/// The way out.
#[derive(Debug)]
pub(crate) struct Outbound {
    client: Client<HttpsConnector<HttpConnector<Checked>>, Full<Bytes>>,
    allowed: Allowed,
    /// What services have lent for a while, by destination.
    tokens: Mutex<HashMap<i64, Lent>>,
}

/// A token.
#[derive(Debug)]
struct Lent {
    token: String,
    until: Instant,
    /// What it was lent to, as a digest of all settings.
    account: Vec<u8>,
}

impl Outbound {
    pub(crate) fn new(allowed: Allowed, lookup: Arc<dyn Lookup>) -> anyhow::Result<Self> {
        let mut connector = HttpConnector::new_with_resolver(Checked::new(allowed.clone(), lookup));
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        connector.set_nodelay(true);
        connector.enforce_http(false);
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        // It follows no redirect, which is no receipt and could lead inside, and knows no proxy, which would connect in
        // our place.
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(connector);
        Ok(Self { client, allowed, tokens: Mutex::default() })
    }

    pub(crate) fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// Forgets what was lent to destinations that are no more.
    pub(crate) fn keep_tokens(&self, is_known: impl Fn(i64) -> bool) {
        self.tokens().retain(|id, _| is_known(*id));
    }

    fn tokens(&self) -> MutexGuard<'_, HashMap<i64, Lent>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request to a service.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// Whether it asks for a token: neither what is said nor what is answered is shown.
    pub(crate) is_private: bool,
}

impl Request {
    pub(crate) fn json(method: Method, url: impl Into<String>, body: &Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self { method, url: url.into(), headers, body: body.to_string(), is_private: false }
    }

    /// Asks for a token.
    pub(crate) fn for_token(url: impl Into<String>, pairs: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let kind = "application/x-www-form-urlencoded".to_owned();
        let headers = vec![("content-type".to_owned(), kind)];
        Self { method: Method::POST, url: url.into(), headers, body, is_private: true }
    }

    pub(crate) fn get(url: impl Into<String>) -> Self {
        let (headers, body) = (Vec::new(), String::new());
        Self { method: Method::GET, url: url.into(), headers, body, is_private: false }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.with("authorization", format!("Bearer {token}"))
    }
}

/// What a service answered.
#[derive(Debug, Clone)]
pub(crate) struct ServiceAnswer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl ServiceAnswer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// What the service asks to be left alone for.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let value = self.headers.get(header::RETRY_AFTER)?.to_str().ok()?;
        retry_after(value, clock::now().as_millis())
    }

    /// What most interfaces mean by a status. A credential that is refused may be put right, so that it is no reason to
    /// give a delivery up.
    pub(crate) fn verdict(&self) -> Verdict {
        match self.status.as_u16() {
            200..=299 => Verdict::Delivered,
            401 | 403 | 407 | 408 | 423 | 425 | 429 | 500..=599 | 300..=399 => {
                Verdict::Again(self.retry_after())
            }
            _ => Verdict::Refused,
        }
    }

    /// The same of a service whose receipts are known: a page that answers everything is none.
    pub(crate) fn verdict_by(&self, is_receipt: bool) -> Verdict {
        match self.verdict() {
            Verdict::Delivered if !is_receipt => Verdict::Again(None),
            verdict => verdict,
        }
    }

    pub(crate) fn into_outcome(self, verdict: Verdict) -> AttemptOutcome {
        // What went as it should needs no words, and they would be kept.
        let answer = if verdict == Verdict::Delivered { String::new() } else { self.body };
        AttemptOutcome { verdict, status: Some(self.status.as_u16()), answer }
    }
}

/// What became of one attempt to deliver.
#[derive(Debug, Clone)]
pub(crate) struct AttemptOutcome {
    pub(crate) verdict: Verdict,
    pub(crate) status: Option<u16>,
    /// What was answered, or why nothing was.
    pub(crate) answer: String,
}

impl AttemptOutcome {
    pub(crate) fn refused(answer: impl Into<String>) -> Self {
        Self { verdict: Verdict::Refused, status: None, answer: answer.into() }
    }

    pub(crate) fn again(answer: impl Into<String>) -> Self {
        Self { verdict: Verdict::Again(None), status: None, answer: answer.into() }
    }
}

/// Takes one delivery to a service.
#[derive(Debug)]
pub(crate) struct Courier<'a> {
    outbound: &'a Outbound,
    destination: i64,
    settings: &'a Map<String, Value>,
    secrets: Vec<String>,
    /// Where somebody looks at what is said.
    pub(crate) exchanges: Option<Vec<Exchange>>,
}

impl<'a> Courier<'a> {
    pub(crate) fn new(
        outbound: &'a Outbound,
        (destination, settings): (i64, &'a Map<String, Value>),
        secrets: Vec<String>,
    ) -> Self {
        Self { outbound, destination, settings, secrets, exchanges: None }
    }

    /// From now on this is a secret, too.
    pub(crate) fn hide(&mut self, secret: &str) {
        if !self.secrets.iter().any(|it| it == secret) {
            self.secrets.push(secret.to_owned());
            // Longer ones first: one may hold another.
            self.secrets.sort_unstable_by_key(|it| std::cmp::Reverse(it.len()));
        }
    }

    /// A text without anything secret.
    pub(crate) fn without_secrets(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.secrets.iter().filter(|secret| secret.len() >= 4) {
            // As it is, and as it stands in JSON and in addresses.
            let json = Value::from(secret.as_str()).to_string();
            let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            let json = json.trim_matches('"');
            // Some write `/` in JSON as `\/`.
            let escaped = json.replace('/', "\\/");
            for written in [secret.as_str(), json, &escaped, &encoded] {
                text = text.replace(written, HIDDEN);
            }
        }
        text
    }

    /// Sends a request. Without an answer there is an outcome already.
    pub(crate) async fn send(&mut self, request: Request) -> Result<ServiceAnswer, AttemptOutcome> {
        let begun = Instant::now();
        let shown = self.exchanges.is_some().then(|| self.shown(&request));
        let is_private = request.is_private;
        let sent = self.try_to_send(request).await;
        let answered = match sent {
            Ok(mut answer) => {
                answer.body = self.without_secrets(&answer.body);
                Ok(answer)
            }
            Err(reason) => {
                Err(AttemptOutcome { answer: self.without_secrets(&reason.answer), ..reason })
            }
        };
        if let (Some(request), Some(exchanges)) = (shown, &mut self.exchanges) {
            let (status, answer) = match &answered {
                Ok(answer) if is_private => (Some(answer.status.as_u16()), HIDDEN.to_owned()),
                Ok(answer) => (Some(answer.status.as_u16()), answer.body.clone()),
                Err(outcome) => (None, outcome.answer.clone()),
            };
            exchanges.push(Exchange { request, status, answer, ms: ms_since(begun) });
        }
        answered
    }

    /// Notes what was said in another way than by HTTP.
    pub(crate) fn note(&mut self, request: String, outcome: &AttemptOutcome, begun: Instant) {
        if let Some(exchanges) = &mut self.exchanges {
            let (status, answer) = (outcome.status, outcome.answer.clone());
            exchanges.push(Exchange { request, status, answer, ms: ms_since(begun) });
        }
    }

    async fn try_to_send(&self, request: Request) -> Result<ServiceAnswer, AttemptOutcome> {
        let url =
            check_url(&request.url, self.outbound.allowed()).map_err(AttemptOutcome::again)?;
        let mut building = axum::http::Request::builder()
            .method(request.method)
            .uri(url.as_str())
            .header(header::USER_AGENT, concat!("Sondeo/", env!("CARGO_PKG_VERSION")));
        for (name, value) in &request.headers {
            building = building.header(name, value);
        }
        let built = building.body(Full::new(Bytes::from(request.body)));
        let built = built.map_err(|_| {
            AttemptOutcome::again("the request cannot be written: a header is none")
        })?;
        match timeout(TIMEOUT, self.exchange(built)).await {
            Ok(answer) => answer,
            Err(_) => Err(AttemptOutcome::again("it did not answer in time")),
        }
    }

    async fn exchange(
        &self,
        request: axum::http::Request<Full<Bytes>>,
    ) -> Result<ServiceAnswer, AttemptOutcome> {
        let response = self.outbound.client.request(request).await.map_err(|it| failure(&it))?;
        let (parts, mut body) = response.into_parts();
        let mut bytes = Vec::new();
        // A status that came is an answer; where it breaks off behind it, little is lost.
        while bytes.len() < MOST_BYTES
            && let Some(Ok(frame)) = body.frame().await
        {
            if let Ok(data) = frame.into_data() {
                bytes.extend_from_slice(&data);
            }
        }
        bytes.truncate(MOST_BYTES);
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Ok(ServiceAnswer { status: parts.status, headers: parts.headers, body })
    }

    fn shown(&self, request: &Request) -> String {
        let mut text = format!("{} {}\n", request.method, request.url);
        if request.is_private {
            return self.without_secrets(&(text + HIDDEN));
        }
        for (name, value) in &request.headers {
            let value = if name == "authorization" { HIDDEN } else { value };
            let _ = writeln!(text, "{name}: {value}");
        }
        let _ = write!(text, "\n{}", request.body);
        self.without_secrets(&text)
    }

    /// What the service has lent to this account for a while, if it still holds. It is a secret, too.
    pub(crate) fn token(&mut self) -> Option<String> {
        let account = self.account();
        let token = {
            let mut tokens = self.outbound.tokens();
            let lent = tokens.get(&self.destination)?;
            if lent.account != account {
                tokens.remove(&self.destination);
                return None;
            }
            (Instant::now() < lent.until).then(|| lent.token.clone())?
        };
        self.hide(&token);
        Some(token)
    }

    /// Keeps what a service has lent. From now on it is a secret, too.
    pub(crate) fn keep_token(&mut self, token: &str, seconds: u64) {
        self.hide(token);
        let holds = Duration::from_secs(seconds).saturating_sub(TOKEN_MARGIN);
        let (token, account) = (token.to_owned(), self.account());
        let lent = Lent { token, until: Instant::now() + holds, account };
        self.outbound.tokens().insert(self.destination, lent);
    }

    /// Forgets what a service no longer takes.
    pub(crate) fn drop_token(&self) {
        self.outbound.tokens().remove(&self.destination);
    }

    /// To whom it is lent: another key or another address is another account.
    fn account(&self) -> Vec<u8> {
        let settings = serde_json::to_vec(self.settings).unwrap_or_default();
        digest(&SHA256, &settings).as_ref().to_vec()
    }
}

fn ms_since(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Looks at an address before anything is sent. What a name leads to is looked at when it is resolved.
pub(crate) fn check_url(text: &str, allowed: &Allowed) -> Result<Url, String> {
    let url = Url::parse(text)
        .map_err(|_| "is not an address (try \"https://hooks.example/sondeo\")".to_owned())?;
    let Some(host) = url.host() else {
        return Err("is not an address of a host (try \"https://hooks.example/sondeo\")".to_owned());
    };
    let name = url.host_str().unwrap_or_default();
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must hold no name and password: put them into \"headers\"".to_owned());
    }
    match url.scheme() {
        "https" => {}
        "http" if allowed.may_be_plain(name) => {}
        "http" => {
            return Err("must begin with https://: what is sent are people's words".to_owned());
        }
        _ => return Err("must begin with https://".to_owned()),
    }
    let address = match host {
        url::Host::Ipv4(address) => Some(address.into()),
        url::Host::Ipv6(address) => Some(address.into()),
        url::Host::Domain(_) => None,
    };
    match address {
        Some(address) if !allowed.may_reach(name, address) => {
            Err(LeadsInside(name.to_owned()).to_string())
        }
        _ => Ok(url),
    }
}

/// Why there was no answer, without the address: it may be a secret.
fn failure(error: &hyper_util::client::legacy::Error) -> AttemptOutcome {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    let mut last = String::new();
    while let Some(error) = cause {
        if let Some(inside) = error.downcast_ref::<LeadsInside>() {
            return AttemptOutcome::again(inside.to_string());
        }
        last = error.to_string();
        cause = error.source();
    }
    let what =
        if error.is_connect() { "it cannot be connected to" } else { "the connection broke" };
    AttemptOutcome::again(if last.is_empty() { what.to_owned() } else { format!("{what}: {last}") })
}
