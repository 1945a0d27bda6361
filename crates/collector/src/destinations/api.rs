//! `/v1/sites/{site}/destinations`: where the responses of a site are passed on to. For its owners alone.

use super::courier::check_url;
use super::digest::Every;
use super::kind::{Content, DestinationKind, Setting};
use super::notice::{Tells, latest as latest_day, subject_of};
use super::secrets::SecretError;
use super::trial::sample;
use super::webhook::{self, REPLACED_SECRETS};
use super::{When, id_text, parse_id};
use crate::access::Principal;
use crate::clock;
use crate::error::Refusal;
use crate::publishing::{Body, Object, OptionalBody};
use crate::query::{After, Moment, Parameters, RowLimit, parsed};
use crate::segment::PathSegment;
use crate::store::{
    self, Cursor, DeliveryCursor, DeliveryRow, DeliveryState, Filter, Passes, Replay, Scope,
    StoredDestination, StoredDestinationState, unsigned,
};
use crate::{Collector, Error};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Map, Value};
use sondeo_api::{Deliveries, Delivery, ReplayOf, Replayed, Trial, TrialOf};
use sondeo_model::{Timestamp, nearest};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Destinations of a site, at most.
const MOST_DESTINATIONS: usize = 50;
/// What says where something is sent.
const ADDRESSES: [&str; 3] = ["base", "url", "subdomain"];
const LONGEST_NAME_CHARS: usize = 200;
const LONGEST_CONDITION_BYTES: usize = 2_000;
const MOST_SURVEYS: usize = 200;
const PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 500;
/// Of the latest responses, so many are looked at for one that a destination would take.
const LATEST: u32 = 200;

pub(crate) fn routes() -> OpenApiRouter<Arc<Collector>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, change, remove))
        .routes(routes!(test))
        .routes(routes!(deliveries))
        .routes(routes!(replay))
}

/// A destination as its owner sees it.
type DestinationView = sondeo_api::Destination<Object>;
/// Some of them.
type Destinations = sondeo_api::Destinations<Object>;

impl From<StoredDestinationState> for sondeo_api::DestinationState {
    fn from(state: StoredDestinationState) -> Self {
        match state {
            StoredDestinationState::Active => Self::Active,
            StoredDestinationState::Paused => Self::Paused,
            // Nobody sees one that is removed.
            StoredDestinationState::Off | StoredDestinationState::Removed => Self::Off,
        }
    }
}

/// A destination that is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDestination {
    kind: String,
    name: String,
    #[serde(default)]
    surveys: Vec<String>,
    #[serde(default)]
    when: String,
    /// completed, where nobody says.
    on: Option<String>,
    #[schema(value_type = Object)]
    #[serde(default)]
    settings: Object,
    /// active, where nobody says; paused to try it out first.
    state: Option<String>,
}

/// What is to be changed of a destination; the rest stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DestinationChange {
    name: Option<String>,
    surveys: Option<Vec<String>>,
    when: Option<String>,
    on: Option<String>,
    /// By name; `null` takes one away. What is not named stays, also what is secret. A webhook's earlier secret signs
    /// beside the new one for a day.
    #[schema(value_type = Option<Object>)]
    settings: Option<Object>,
    /// active or paused. What is off is switched on again by active.
    state: Option<String>,
}

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DeliveryQuery {
    /// waiting, delivered or failed; waiting where nobody says
    #[serde(default, deserialize_with = "parsed")]
    #[param(value_type = Option<String>)]
    state: Option<DeliveryState>,
    /// What `next` of an earlier page says
    #[serde(default, deserialize_with = "parsed")]
    #[param(value_type = Option<String>)]
    cursor: Option<After<DeliveryCursor>>,
    /// How many, 1 to 500
    #[serde(default, deserialize_with = "parsed")]
    #[param(value_type = Option<u32>)]
    limit: Option<RowLimit<LARGEST_PAGE>>,
}

/// The destinations of a site, the oldest first.
#[utoipa::path(get, path = "/v1/sites/{site}/destinations", tag = "destinations", security(("token" = ["admin"])),
    params(("site" = String, Path, description = "its id")), responses(
    (status = 200, description = "without anything secret", body = Destinations),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such site, or not for the sender", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn list(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment(site): PathSegment,
) -> Result<Json<Destinations>, Error> {
    check_site(&collector, &principal, &site)?;
    let known = collector.store.destinations(Some(&site)).await?;
    let mut destinations = Vec::new();
    for it in known.into_iter().filter(|it| it.state != StoredDestinationState::Removed) {
        destinations.push(view(&collector, it).await?);
    }
    Ok(Json(Destinations { destinations }))
}

/// Adds a destination. What comes from now on goes there; `replay` sends what came before.
#[utoipa::path(post, path = "/v1/sites/{site}/destinations", tag = "destinations", security(("token" = ["admin"])),
    params(("site" = String, Path, description = "its id")), request_body = NewDestination, responses(
    (status = 201, description = "the destination, without anything secret", body = DestinationView),
    (status = 400, description = "the body is not JSON", body = Refusal),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such site, or not for the sender", body = Refusal),
    (status = 409, description = "there is no key to keep secrets with, or there are as many as may be", body = Refusal),
    (status = 422, description = "a field is wrong; `field` says which", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn create(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment(site): PathSegment,
    Body(new): Body<NewDestination>,
) -> Result<(StatusCode, Json<DestinationView>), Error> {
    check_site(&collector, &principal, &site)?;
    let kind: DestinationKind = new.kind.parse().map_err(|reason| invalid("kind", reason))?;
    let known = collector.store.destinations(Some(&site)).await?;
    if known.iter().filter(|it| it.state != StoredDestinationState::Removed).count()
        >= MOST_DESTINATIONS
    {
        return Err(Error::Conflict(format!(
            "{site} has {MOST_DESTINATIONS} destinations, as many as may be"
        )));
    }
    let zone = zone(&collector, &site);
    let mut next = StoredDestination {
        id: store::new_id(),
        site,
        kind: kind.as_str().to_owned(),
        name: name(new.name)?,
        surveys: surveys(new.surveys)?,
        when: when(new.when)?,
        passes: new.on.map_or(Ok(Passes::Completed), |word| passes(&word))?,
        settings: Map::new(),
        key_id: String::new(),
        secrets: Vec::new(),
        state: new.state.map_or(Ok(StoredDestinationState::Active), |word| state(&word))?,
        reason: String::new(),
        circuit: super::Circuit::default(),
        // The first digest is that of tomorrow, or of next week; and so is the first look at changes.
        digest_day: latest_day(Every::Day, &zone, clock::now()),
        told: "{}".to_owned(),
        created_at: clock::now().as_millis(),
    };
    collector.forwarder.put(&mut next, kind, new.settings)?;
    collector.store.add_destination(&next, &principal.actor).await?;
    collector.hear_of_change().await;
    let view = collector.forwarder.view(next, store::Backlog::default());
    Ok((StatusCode::CREATED, Json(view)))
}

/// A destination.
#[utoipa::path(get, path = "/v1/sites/{site}/destinations/{id}", tag = "destinations", security(("token" = ["admin"])),
    params(("site" = String, Path, description = "its id"), ("id" = String, Path, description = "the destination's")), responses(
    (status = 200, description = "without anything secret", body = DestinationView),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such destination, or not for the sender", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn show(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id)): PathSegment<(String, String)>,
) -> Result<Json<DestinationView>, Error> {
    let found = find(&collector, &principal, &site, &id).await?;
    Ok(Json(view(&collector, found).await?))
}

/// Changes a destination. With `If-Match`, only what has this `etag`.
#[utoipa::path(patch, path = "/v1/sites/{site}/destinations/{id}", tag = "destinations", security(("token" = ["admin"])),
    params(("site" = String, Path, description = "its id"), ("id" = String, Path, description = "the destination's"),
        ("If-Match" = Option<String>, Header, description = "the `etag` that was read")),
    request_body = DestinationChange, responses(
    (status = 200, description = "as it is now, without anything secret", body = DestinationView),
    (status = 400, description = "the body is not JSON", body = Refusal),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such destination, or not for the sender", body = Refusal),
    (status = 409, description = "there is no key to keep secrets with", body = Refusal),
    (status = 412, description = "somebody else has changed it meanwhile", body = Refusal),
    (status = 422, description = "a field is wrong; `field` says which", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn change(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id)): PathSegment<(String, String)>,
    headers: HeaderMap,
    Body(change): Body<DestinationChange>,
) -> Result<Json<DestinationView>, Error> {
    let found = find(&collector, &principal, &site, &id).await?;
    let kind: DestinationKind = found.kind.parse().map_err(|reason| invalid("kind", reason))?;
    let zone = zone(&collector, &site);
    let change = |mut it: StoredDestination| {
        check_tag(&headers, &it)?;
        if let Some(text) = change.name {
            it.name = name(text)?;
        }
        if let Some(list) = change.surveys {
            it.surveys = surveys(list)?;
        }
        if let Some(text) = change.when {
            it.when = when(text)?;
        }
        if let Some(word) = change.on {
            it.passes = passes(&word)?;
        }
        if let Some(settings) = change.settings {
            let before = Tells::of(&it);
            collector.forwarder.put(&mut it, kind, settings)?;
            if Tells::of(&it) != before {
                // What it is told of from now on begins tomorrow.
                it.digest_day = latest_day(Every::Day, &zone, clock::now());
                it.told = "{}".to_owned();
            }
        }
        if let Some(word) = change.state {
            it.state = state(&word)?;
            // Whoever switches it on again has put it right, as far as anybody knows.
            it.reason.clear();
            it.circuit = super::Circuit::default();
        }
        Ok::<_, Error>(it)
    };
    let changed = collector.store.change_destination((&site, found.id), &principal.actor, change);
    let changed = changed.await?.ok_or(Error::NotFound)??;
    collector.hear_of_change().await;
    Ok(Json(view(&collector, changed).await?))
}

/// Removes a destination with its secrets and with what waits for it. With `If-Match`, only what has this `etag`.
#[utoipa::path(delete, path = "/v1/sites/{site}/destinations/{id}", tag = "destinations", security(("token" = ["admin"])),
    params(("site" = String, Path, description = "its id"), ("id" = String, Path, description = "the destination's"),
        ("If-Match" = Option<String>, Header, description = "the `etag` that was read")), responses(
    (status = 204, description = "it is gone"),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such destination, or not for the sender", body = Refusal),
    (status = 412, description = "somebody else has changed it meanwhile", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn remove(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id)): PathSegment<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Error> {
    let found = find(&collector, &principal, &site, &id).await?;
    check_tag(&headers, &found)?;
    if !collector.store.remove_destination((&site, found.id), &principal.actor).await? {
        return Err(Error::NotFound);
    }
    collector.hear_of_change().await;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a sample, or what is the latest, to a destination at once, and shows what was said. Also to one that is paused.
#[utoipa::path(post, path = "/v1/sites/{site}/destinations/{id}/test", tag = "destinations", security(("token" = ["admin"])),
    params(("site" = String, Path, description = "its id"), ("id" = String, Path, description = "the destination's")),
    request_body = Option<TrialOf>, responses(
    (status = 200, description = "what was said, without anything secret", body = Trial),
    (status = 400, description = "the body is not JSON", body = Refusal),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such destination, or not for the sender", body = Refusal),
    (status = 409, description = "there is nothing yet that it would take, or its secrets cannot be opened", body = Refusal),
    (status = 422, description = "a field is wrong; `field` says which", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn test(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id)): PathSegment<(String, String)>,
    OptionalBody(of): OptionalBody<TrialOf>,
) -> Result<Json<Trial>, Error> {
    let found = find(&collector, &principal, &site, &id).await?;
    let kind: DestinationKind = found.kind.parse().map_err(|reason| invalid("kind", reason))?;
    let none = |what: &str| Error::Conflict(format!("{what} (try {{\"with\": \"sample\"}})"));
    let content = match (of.with.as_deref(), Tells::of(&found)) {
        (None | Some("sample"), None) => {
            Content::Response(Box::new(sample(&site).ok_or(Error::Internal)?))
        }
        (None | Some("sample"), Some(tells)) => Content::Notice(tells.sample(&found)),
        (Some("last"), None) => {
            let latest = latest(&collector, &found).await?;
            let latest = latest.ok_or_else(|| none("there is no response yet that it would take"));
            Content::Response(Box::new(latest?))
        }
        (Some("last"), Some(tells)) => {
            let message = tells.now(&collector, &found).await?;
            Content::Notice(message.ok_or_else(|| none("there is nothing to tell now"))?)
        }
        (Some(_), _) => return Err(invalid("with", "must be sample or last".to_owned())),
    };
    let (actor, deed) = (&principal.actor, "test a destination");
    let entry = collector.store.begin_audit(actor, deed, &found.name).await?;
    let trial = collector.forwarder.try_out(&found, kind, &content).await?;
    collector.store.finish_audit(entry, 0).await?;
    Ok(Json(trial))
}

/// What waits for a destination, was delivered or was given up.
#[utoipa::path(get, path = "/v1/sites/{site}/destinations/{id}/deliveries", tag = "destinations", security(("token" = ["admin"])),
    params(("site" = String, Path, description = "its id"), ("id" = String, Path, description = "the destination's"), DeliveryQuery), responses(
    (status = 200, description = "what waits by when it is due, the rest with the latest first", body = Deliveries),
    (status = 400, description = "a parameter is wrong; `field` says which", body = Refusal),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such destination, or not for the sender", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn deliveries(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id)): PathSegment<(String, String)>,
    Parameters(query): Parameters<DeliveryQuery>,
) -> Result<Json<Deliveries>, Error> {
    let found = find(&collector, &principal, &site, &id).await?;
    let state = query.state.unwrap_or(DeliveryState::Waiting);
    let after = query.cursor.map(|After(cursor)| cursor);
    let limit = query.limit.map_or(PAGE, RowLimit::rows);
    let (rows, next) = collector.store.deliveries(found.id, state, after.as_ref(), limit).await?;
    let deliveries = rows.into_iter().map(|row| delivery(row, state)).collect();
    Ok(Json(Deliveries { deliveries, next: next.map(|next| next.to_string()) }))
}

/// Sends once more: one delivery, everything that failed, or everything since a moment. Up to 5000 with one call; since a
/// moment, those of 200 responses.
#[utoipa::path(post, path = "/v1/sites/{site}/destinations/{id}/replay", tag = "destinations", security(("token" = ["admin"])),
    params(("site" = String, Path, description = "its id"), ("id" = String, Path, description = "the destination's")),
    request_body = ReplayOf, responses(
    (status = 200, description = "so many are sent once more", body = Replayed),
    (status = 400, description = "the body is not JSON", body = Refusal),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such destination, or not for the sender", body = Refusal),
    (status = 409, description = "no response goes there, and none since a moment", body = Refusal),
    (status = 422, description = "a field is wrong; `field` says which", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn replay(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id)): PathSegment<(String, String)>,
    Body(of): Body<ReplayOf>,
) -> Result<Json<Replayed>, Error> {
    let found = find(&collector, &principal, &site, &id).await?;
    let what = match of {
        ReplayOf { delivery: Some(id), failed: None, since: None, after: None } => {
            let parts = id.rsplit_once('.').and_then(|(response, revision)| {
                Some((subject_of(response)?, revision.parse().ok()?))
            });
            let (response, revision) = parts.ok_or_else(|| {
                invalid("delivery", "must be the id of a delivery, as the list has it".to_owned())
            })?;
            Replay::One(response, revision)
        }
        ReplayOf { delivery: None, failed: Some(true), since: None, after: None } => Replay::Failed,
        ReplayOf { delivery: None, failed: None, since: Some(text), after } => {
            let Moment(since) =
                text.parse().map_err(|reason: &str| invalid("since", reason.to_owned()))?;
            let after = after.map(|it| it.parse::<After<Cursor>>()).transpose();
            let after = after.map_err(|reason| invalid("after", reason.to_owned()))?;
            Replay::Since(since, after.map(|After(cursor)| cursor))
        }
        _ => {
            let reason =
                "must say what: one of delivery, failed and since (try {\"failed\": true})";
            return Err(invalid("body", reason.to_owned()));
        }
    };
    let route = collector.forwarder.route(&found);
    if route.is_none() && matches!(what, Replay::Since(..)) {
        let reason = "it is told of digests or changes: no response goes there, and none once more";
        return Err(Error::Conflict(reason.to_owned()));
    }
    let sent = collector.store.replay(&found, route.as_ref(), &what, &principal.actor).await?;
    let next = sent.next.map(|next| next.to_string());
    Ok(Json(Replayed { replayed: sent.count, more: sent.has_more, next }))
}

/// Refuses a change of what somebody else has changed meanwhile.
fn check_tag(headers: &HeaderMap, it: &StoredDestination) -> Result<(), Error> {
    let expected = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    let expected = expected.map(|it| it.trim().trim_start_matches("W/").trim_matches('"'));
    match expected {
        Some(tag) if tag != "*" && tag != etag(it) => Err(Error::Overtaken),
        _ => Ok(()),
    }
}

/// Names what its owners have said of a destination. How it fares is no change of that.
fn etag(it: &StoredDestination) -> String {
    let said = (&it.kind, &it.name, &it.surveys, &it.when, it.passes.as_str(), &it.settings);
    let said = serde_json::json!([said, &it.key_id, &it.secrets]);
    store::etag(&said.to_string())
}

fn zone(collector: &Collector, site: &str) -> String {
    let published = collector.publications.now();
    published.site(site).map_or_else(String::new, |it| it.site.time_zone.clone())
}

fn invalid(field: &str, reason: String) -> Error {
    Error::Invalid { field: field.to_owned(), reason }
}

fn check_site(collector: &Collector, principal: &Principal, site: &str) -> Result<(), Error> {
    principal.check(Scope::Admin, site)?;
    match collector.publications.now().site(site) {
        Some(_) => Ok(()),
        None => Err(Error::NotFound),
    }
}

/// A destination that is there, of somebody who looks after its site.
async fn find(
    collector: &Collector,
    principal: &Principal,
    site: &str,
    id: &str,
) -> Result<StoredDestination, Error> {
    principal.check(Scope::Admin, site)?;
    let id = parse_id(id).ok_or(Error::NotFound)?;
    let found = collector.store.destination(id).await?;
    let is_theirs =
        |it: &StoredDestination| it.site == site && it.state != StoredDestinationState::Removed;
    found.filter(is_theirs).ok_or(Error::NotFound)
}

async fn view(collector: &Collector, found: StoredDestination) -> Result<DestinationView, Error> {
    let backlog = collector.store.backlog(found.id).await?;
    Ok(collector.forwarder.view(found, backlog))
}

/// The latest response that a destination would take.
async fn latest(
    collector: &Collector,
    destination: &StoredDestination,
) -> Result<Option<sondeo_model::Response>, Error> {
    let Some(route) = collector.forwarder.route(destination) else { return Ok(None) };
    let filter =
        Filter { sites: Some(vec![destination.site.clone()]), limit: LATEST, ..Filter::default() };
    for row in collector.store.responses(&filter).await?.rows {
        let response = row.response()?;
        if route.wants(&response).is_some() {
            return Ok(Some(response));
        }
    }
    Ok(None)
}

fn name(text: String) -> Result<String, Error> {
    let text = text.trim();
    let is_line = !text.is_empty()
        && text.chars().count() <= LONGEST_NAME_CHARS
        && !text.chars().any(char::is_control);
    if is_line {
        Ok(text.to_owned())
    } else {
        Err(invalid("name", format!("must be 1 to {LONGEST_NAME_CHARS} characters in one line")))
    }
}

fn surveys(list: Vec<String>) -> Result<Vec<String>, Error> {
    if list.len() > MOST_SURVEYS {
        return Err(invalid("surveys", format!("must be at most {MOST_SURVEYS} surveys")));
    }
    match list.iter().position(|id| !sondeo_model::is_name(id)) {
        Some(index) => Err(invalid(
            &format!("surveys[{index}]"),
            "must be the id of a survey (try \"nps\")".to_owned(),
        )),
        None => Ok(list),
    }
}

fn when(text: String) -> Result<String, Error> {
    if text.len() > LONGEST_CONDITION_BYTES || text.contains('\0') {
        return Err(invalid(
            "when",
            format!("must be at most {LONGEST_CONDITION_BYTES} bytes of text"),
        ));
    }
    When::parse(&text).map_err(|reason| invalid("when", reason))?;
    Ok(text)
}

fn passes(word: &str) -> Result<Passes, Error> {
    Passes::parse(word).ok_or_else(|| invalid("on", "must be completed or each".to_owned()))
}

fn state(word: &str) -> Result<StoredDestinationState, Error> {
    match word {
        "active" => Ok(StoredDestinationState::Active),
        "paused" => Ok(StoredDestinationState::Paused),
        _ => Err(invalid("state", "must be active or paused".to_owned())),
    }
}

fn delivery(row: DeliveryRow, state: DeliveryState) -> Delivery {
    Delivery {
        id: format!("{}.{}", row.response, row.revision),
        response: row.response,
        revision: row.revision,
        at: row.at,
        tries: unsigned(row.tries),
        due: (state == DeliveryState::Waiting).then_some(row.due),
        tried_at: row.done_at,
        status: row.status,
        answer: row.answer.filter(|it| !it.is_empty()),
    }
}

impl From<SecretError> for Error {
    fn from(error: SecretError) -> Self {
        Self::Conflict(error.to_string())
    }
}

impl super::Forwarder {
    /// Which responses go to a destination.
    fn route(&self, destination: &StoredDestination) -> Option<store::Route> {
        self.shared.route(destination)
    }

    /// Puts settings into a destination, over those that it has: checked, and what is secret sealed.
    fn put(
        &self,
        it: &mut StoredDestination,
        kind: DestinationKind,
        given: Object,
    ) -> Result<(), Error> {
        let known = kind.facts().settings;
        let is_given = |setting: &Setting| {
            !setting.is_secret || !setting.is_required || given.contains_key(setting.name)
        };
        let mut settings = match self.shared.settings(it) {
            // Their key is lost: all of them are given anew.
            Err(_) if known.iter().all(is_given) => it.settings.clone(),
            settings => settings?,
        };
        let before = settings.clone();
        let named: Vec<String> = given.keys().cloned().collect();
        for (name, value) in given {
            let field = format!("settings.{name}");
            let Some(setting) = known.iter().find(|it| it.name == name) else {
                let names: Vec<&str> = known.iter().map(|it| it.name).collect();
                let near = nearest(&name, &names).unwrap_or(names[0]);
                let reason = format!("is nothing that {} needs (try {near:?})", kind.as_str());
                return Err(invalid(&field, reason));
            };
            if value.is_null() {
                settings.remove(&name);
                continue;
            }
            self.check(setting, &value).map_err(|reason| invalid(&field, reason))?;
            settings.insert(name, value);
        }
        if let Some(setting) =
            known.iter().find(|it| it.is_required && !settings.contains_key(it.name))
        {
            // What would be right is what the check says of nothing.
            let wanted = (setting.check)(&Value::Null).err().unwrap_or_default();
            let reason = format!("is missing: it {wanted}");
            return Err(invalid(&format!("settings.{}", setting.name), reason));
        }
        Tells::check(&settings).map_err(|reason| invalid("settings.changes", reason))?;
        // Whoever may change an address must not have what they do not know sent there.
        let is_elsewhere = |name: &&str| before.get(*name) != settings.get(*name);
        if ADDRESSES.iter().any(is_elsewhere) {
            let is_kept = |it: &&Setting| {
                it.is_secret
                    && !ADDRESSES.contains(&it.name)
                    && settings.contains_key(it.name)
                    && !named.iter().any(|name| name == it.name)
            };
            if let Some(kept) = known.iter().find(is_kept) {
                let reason = "must be given again: the address is another one".to_owned();
                return Err(invalid(&format!("settings.{}", kept.name), reason));
            }
        }
        let earlier = before.get("secret");
        if kind == DestinationKind::Webhook
            && earlier.is_some()
            && earlier != settings.get("secret")
        {
            let earlier = earlier.cloned().unwrap_or_default();
            webhook::replace_secret(&mut settings, earlier, clock::now());
        }
        let is_secret = |name: &str| {
            REPLACED_SECRETS.contains(&name)
                || known.iter().any(|it| it.is_secret && it.name == name)
        };
        let (secret, open): (Map<_, _>, Map<_, _>) =
            settings.into_iter().partition(|(name, _)| is_secret(name));
        it.settings = open;
        (it.key_id, it.secrets) = if secret.is_empty() {
            (String::new(), Vec::new())
        } else {
            self.shared.keys.seal(it.id, &Value::Object(secret).to_string())?
        };
        Ok(())
    }

    fn check(&self, setting: &Setting, value: &Value) -> Result<(), String> {
        (setting.check)(value)?;
        match (setting.name, value.as_str()) {
            ("url" | "base", Some(text)) => {
                check_url(text, self.shared.outbound.allowed()).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// A destination as its owner sees it.
    fn view(&self, it: StoredDestination, backlog: store::Backlog) -> DestinationView {
        let mut settings = it.settings.clone();
        // What cannot be opened is there all the same.
        if let (Ok(all), Ok(kind)) = (self.shared.settings(&it), it.kind.parse::<DestinationKind>())
        {
            for setting in kind.facts().settings.iter().filter(|it| it.is_secret) {
                let Some(value) = all.get(setting.name) else { continue };
                let hint = value.as_str().filter(|_| setting.name == "url").and_then(host_of);
                settings
                    .insert(setting.name.to_owned(), hint.map_or(Value::Bool(true), Value::from));
            }
        }
        if let Some(until) = settings.get("previous_until").and_then(Value::as_i64) {
            let text = Timestamp::from_millis(until).to_rfc3339();
            settings.insert("previous_until".to_owned(), text.into());
        }
        DestinationView {
            id: id_text(it.id),
            etag: etag(&it),
            kind: it.kind,
            name: it.name,
            surveys: it.surveys,
            when: it.when,
            on: it.passes.as_str().to_owned(),
            settings,
            state: it.state.into(),
            reason: Some(it.reason).filter(|reason| !reason.is_empty()),
            failing_since: it.circuit.failing_since.map(Timestamp::from_millis),
            waiting: unsigned(backlog.waiting),
            oldest: backlog.oldest.map(Timestamp::from_millis),
            failed: unsigned(backlog.failed),
        }
    }
}

/// All of an address that is no secret.
fn host_of(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    Some(format!("{}/…", url.origin().ascii_serialization()))
}
