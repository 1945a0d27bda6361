//! The collector's calls of destinations.

use super::super::api::{Refused, if_match, refused_by};
use crate::api::escaped;
use crate::root::at;
use gloo_net::http::{Request, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sondeo_api::{Destinations, Reason, Refusal, ReplayOf, Replayed, TrialOf};

pub(super) use sondeo_api::{Deliveries, Delivery, DestinationState, Exchange, Trial};

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

/// Where responses are passed on to; of what is secret in its settings there is a hint, or `true`.
pub(super) type Destination = sondeo_api::Destination<Map<String, Value>>;

/// Whether it is told of digests or changes in place of responses.
pub(super) fn is_told_of_scores(it: &Destination) -> bool {
    ["digest", "changes"].iter().any(|name| it.settings.contains_key(*name))
}

/// What is sent once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Replay {
    One(String),
    Failed,
    /// From this day on.
    Since(String),
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
        Ok(Refusal { error: Reason { message, field: Some(field), .. } }) if status == 422 => {
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
    get::<Destinations<_>>(&of(site, "")).await.map(|it| it.destinations)
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
    send(request, &TrialOf { with: Some(with.to_owned()) }).await
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
        let body = match what {
            Replay::One(id) => ReplayOf { delivery: Some(id.clone()), ..ReplayOf::default() },
            Replay::Failed => ReplayOf { failed: Some(true), ..ReplayOf::default() },
            Replay::Since(day) => {
                ReplayOf { since: Some(day.clone()), after: after.take(), ..ReplayOf::default() }
            }
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
