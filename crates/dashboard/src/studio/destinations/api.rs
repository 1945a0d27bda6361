//! The collector's calls of destinations.

use super::super::api::{Refused, if_match, refused_by};
use crate::api::escaped;
use crate::root::at;
use gloo_net::http::{Request, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sondeo_model::Timestamp;

/// Why a destination is not as somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Denied {
    /// As of every other call.
    Refused(Refused),
    /// Somebody else has changed it meanwhile.
    Overtaken,
    /// A field is wrong, and this is why.
    Field(String, String),
}

/// Where responses are passed on to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Destination {
    pub(super) id: String,
    pub(super) etag: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) surveys: Vec<String>,
    pub(super) when: String,
    pub(super) on: String,
    /// Without anything secret: of that there is a hint, or `true`.
    pub(super) settings: Map<String, Value>,
    pub(super) state: State,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) failing_since: Option<Timestamp>,
    pub(super) waiting: u64,
    #[serde(default)]
    pub(super) oldest: Option<Timestamp>,
    pub(super) failed: u64,
}

impl Destination {
    /// Whether it is told of digests or changes in place of responses.
    pub(super) fn is_told_of_scores(&self) -> bool {
        ["digest", "changes"].iter().any(|name| self.settings.contains_key(*name))
    }
}

/// Whether it takes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    Active,
    Paused,
    Off,
}

#[derive(Deserialize)]
struct Destinations {
    destinations: Vec<Destination>,
}

/// What a trial showed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Trial {
    pub(super) outcome: String,
    #[serde(default)]
    pub(super) reason: Option<String>,
    pub(super) exchanges: Vec<Exchange>,
}

/// What was said, and what was answered.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Exchange {
    pub(super) request: String,
    #[serde(default)]
    pub(super) status: Option<u16>,
    pub(super) answer: String,
    pub(super) ms: u64,
}

/// A response, or a notice, on its way.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Delivery {
    pub(super) id: String,
    pub(super) response: String,
    pub(super) revision: i64,
    pub(super) at: Timestamp,
    pub(super) tries: u64,
    #[serde(default)]
    pub(super) due: Option<Timestamp>,
    #[serde(default)]
    pub(super) tried_at: Option<Timestamp>,
    #[serde(default)]
    pub(super) status: Option<i64>,
    #[serde(default)]
    pub(super) answer: Option<String>,
}

/// Some deliveries.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Deliveries {
    pub(super) deliveries: Vec<Delivery>,
    #[serde(default)]
    pub(super) next: Option<String>,
}

/// What is sent once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Replay {
    One(String),
    Failed,
    /// From this day on.
    Since(String),
}

#[derive(Deserialize)]
struct Replayed {
    replayed: u64,
    more: bool,
    #[serde(default)]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: Reason,
}

#[derive(Deserialize)]
struct Reason {
    message: String,
    #[serde(default)]
    field: Option<String>,
}

async fn answer(request: Result<Response, gloo_net::Error>) -> Result<Response, Denied> {
    let response = request.map_err(|_| Denied::Refused(Refused::Network))?;
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    if status == 412 {
        return Err(Denied::Overtaken);
    }
    if let Some(refused) = refused_by(status) {
        return Err(Denied::Refused(refused));
    }
    Err(match response.json::<Refusal>().await {
        Ok(Refusal { error: Reason { message, field: Some(field) } }) if status == 422 => {
            // The message begins with the field, whose name the reader sees in other words.
            let message = message.strip_prefix(&field).map_or(&*message, str::trim).to_owned();
            Denied::Field(field, message)
        }
        Ok(refusal) => Denied::Refused(Refused::Said(refusal.error.message)),
        Err(_) => Denied::Refused(Refused::Said(status.to_string())),
    })
}

async fn json_of<T: DeserializeOwned>(
    request: Result<Response, gloo_net::Error>,
) -> Result<T, Denied> {
    let said = |error: gloo_net::Error| Denied::Refused(Refused::Said(error.to_string()));
    answer(request).await?.json().await.map_err(said)
}

async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Denied> {
    json_of(Request::get(&at(path)).send().await).await
}

async fn send<T: DeserializeOwned>(
    request: RequestBuilder,
    body: &impl Serialize,
) -> Result<T, Denied> {
    let request = request.json(body).map_err(|_| Denied::Refused(Refused::Network))?;
    json_of(request.send().await).await
}

fn of(site: &str, rest: &str) -> String {
    format!("/v1/sites/{}/destinations{rest}", escaped(site))
}

/// Those of a site, the oldest first.
pub(super) async fn list(site: &str) -> Result<Vec<Destination>, Denied> {
    get::<Destinations>(&of(site, "")).await.map(|it| it.destinations)
}

pub(super) async fn show(site: &str, id: &str) -> Result<Destination, Denied> {
    get(&of(site, &format!("/{}", escaped(id)))).await
}

pub(super) async fn create(site: &str, body: &Value) -> Result<Destination, Denied> {
    send(Request::post(&at(&of(site, ""))), body).await
}

/// Changes what is named, if it is still what this tag names.
pub(super) async fn change(
    site: &str,
    id: &str,
    tag: Option<&str>,
    body: &Value,
) -> Result<Destination, Denied> {
    let request = Request::patch(&at(&of(site, &format!("/{}", escaped(id)))));
    send(if_match(request, tag), body).await
}

pub(super) async fn remove(site: &str, id: &str) -> Result<(), Denied> {
    let path = of(site, &format!("/{}", escaped(id)));
    answer(Request::delete(&at(&path)).send().await).await.map(drop)
}

/// Sends a sample, or what is the latest.
pub(super) async fn test(site: &str, id: &str, with: &str) -> Result<Trial, Denied> {
    let request = Request::post(&at(&of(site, &format!("/{}/test", escaped(id)))));
    send(request, &json!({ "with": with })).await
}

pub(super) async fn deliveries(
    site: &str,
    id: &str,
    state: &str,
    after: Option<&str>,
) -> Result<Deliveries, Denied> {
    let after = after.map(|after| format!("&cursor={}", escaped(after))).unwrap_or_default();
    get(&of(site, &format!("/{}/deliveries?state={state}&limit=50{after}", escaped(id)))).await
}

/// Sends once more, call by call; `tell` hears how many so far. Says how many in all.
pub(super) async fn replay(
    site: &str,
    id: &str,
    what: &Replay,
    tell: impl Fn(u64),
) -> Result<u64, Denied> {
    let path = of(site, &format!("/{}/replay", escaped(id)));
    let (mut count, mut after) = (0, None::<String>);
    loop {
        let body = match (what, &after) {
            (Replay::One(id), _) => json!({ "delivery": id }),
            (Replay::Failed, _) => json!({ "failed": true }),
            (Replay::Since(day), None) => json!({ "since": day }),
            (Replay::Since(day), Some(after)) => json!({ "since": day, "after": after }),
        };
        let done: Replayed = send(Request::post(&at(&path)), &body).await?;
        count += done.replayed;
        if !done.more || matches!(what, Replay::One(_)) {
            return Ok(count);
        }
        tell(count);
        after = done.next;
    }
}
