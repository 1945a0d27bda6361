//! `/v1/responses`: where responses come in, and where they are read.

use crate::access::{Principal, Reader, given_key};
use crate::error::Refusal;
use crate::limits::Peer;
use crate::payload::{self, Array, Payload, Room, Written};
use crate::query::{After, Moment, Parameters, RowLimit, StatusParameter, parsed};
use crate::store::{
    self, Cursor, DEFAULT_SITE, Filter, Scope, Sender, Store, Submission, WriteOutcome, WriteReport,
};
use crate::{Collector, Error, byte_order_mark, cors, crawlers, form, openapi};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sondeo_model::ResponseId;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// How many responses a page holds where nobody says, and at most.
const PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 500;

/// What a body asks for.
enum Work {
    One(Box<sondeo_model::Response>),
    Many(Array),
}

/// What the sender is told; the id lets it be sure that it spoke with us.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Receipt {
    #[schema(value_type = String, format = Uuid)]
    id: ResponseId,
    /// `false` where the response was erased, and stays so.
    stored: bool,
}

impl Receipt {
    pub(crate) fn new(id: ResponseId, stored: bool) -> Self {
        Self { id, stored }
    }
}

/// What became of one response of an array.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum Outcome {
    Kept(Receipt),
    Refused(Refusal),
}

/// What became of each response of an array, in their order.
#[derive(Debug, Serialize, ToSchema)]
struct Outcomes {
    results: Vec<Outcome>,
}

/// What somebody sends to whom the limits leave room.
pub(crate) struct Admitted {
    pub(crate) parts: Parts,
    pub(crate) room: Room,
    /// The body, or why it could not be read: what else is wrong is told first.
    pub(crate) bytes: Result<Vec<u8>, Error>,
}

/// Reads what is sent, unless its sender, or all of them, send too much.
///
/// # Errors
/// When there is no room for another body, too many come from this address, or too many responses wait to be stored.
pub(crate) async fn admit(
    collector: &Collector,
    peer: Peer,
    request: Request,
) -> Result<Admitted, Error> {
    let (parts, body) = request.into_parts();
    let mut room = collector.bodies.room(peer.network())?;
    // The body first: see `payload::read` for what a client makes of an answer before its end.
    let bytes = payload::read(body, &mut room).await;
    collector.limits.check_response(peer)?;
    // Where there is no room, nothing is read that would be thrown away.
    if collector.store.is_full() {
        return Err(Error::Busy);
    }
    Ok(Admitted { parts, room, bytes })
}

/// Stores one response, or an array of up to 100, and answers when nothing can undo that any more.
///
/// Also in the envelope of Standard Webhooks (`{"type": "response.completed", "data": {…}}`), as another collector passes it
/// on; as `text/plain`, which needs no preflight, and as a form of one field for each answer beside
/// `survey`, `id`, `status` and `url`. A repeat is safe: one `id` is one response, whose highest `revision`
/// is kept.
#[utoipa::path(post, path = "/v1/responses", tag = "responses", security((), ("key" = [])),
    request_body(content(
        (openapi::Response = "application/json"),
        (String = "text/plain"),
        (String = "application/x-www-form-urlencoded"),
    )), responses(
    (status = 200, description = "had been stored before, or was erased and stays so; of an array: all of them", body = Receipt),
    (status = 201, description = "stored; of an array: `results`, one for each", body = Receipt),
    (status = 207, description = "of an array, some were refused", body = Outcomes),
    (status = 400, description = "not UTF-8, not JSON, or broken off", body = Refusal),
    (status = 403, description = "of an origin that may not, or without the survey's key", body = Refusal),
    (status = 408, description = "it took too long", body = Refusal),
    (status = 413, description = "larger than 256 KiB, an array than 1 MiB", body = Refusal),
    (status = 415, description = "of another type", body = Refusal),
    (status = 422, description = "not a response, or of a survey that the collector does not know; `field` says where", body = Refusal),
    (status = 429, description = "too many from this address or for this survey", body = Refusal),
    (status = 503, description = "too many wait, or the database does not answer", body = Refusal),
))]
pub(crate) async fn create(
    State(collector): State<Arc<Collector>>,
    peer: Peer,
    request: Request,
) -> Result<Response, Error> {
    let Admitted { parts, mut room, bytes } = admit(&collector, peer, request).await?;
    let written = payload::check_type(&parts.headers)?;
    let bytes = bytes?;
    let work = match written {
        Written::Json => match payload::split(bytes)? {
            Payload::One(bytes) => {
                Work::One(Box::new(payload::parse_alone(bytes, &mut room).await?))
            }
            Payload::Many(array) => {
                room.hold(array.memory()).await?;
                Work::Many(array)
            }
        },
        Written::Form => {
            let text = byte_order_mark::without_bytes(&bytes);
            if form::survey(text).is_some_and(|survey| !collector.knows(&survey)) {
                // Another collector may have published it a moment ago, and its questions say what the fields are.
                collector.look_before_refusing().await?;
            }
            Work::One(Box::new(form::parse(text, &parts.headers, &|survey, language| {
                collector.questions(survey, language)
            })?))
        }
    };
    collector.write_keys.refresh(&collector.store).await?;
    let key = given_key(&parts);
    let sender = crawlers::sender(&parts.headers);
    // Of another origin than ours: pages that this collector serves are nobody's site.
    let origin = parts.headers.get(header::ORIGIN);
    let origin = origin.filter(|origin| !cors::is_our_own(origin, &parts.headers));
    let origin = origin.and_then(|origin| origin.to_str().ok()).map(str::to_owned);
    // Thousands may wait from here on, and need no more than the response.
    drop(parts);
    let keeping = async move {
        let proof = (key.as_deref(), origin.as_deref());
        match work {
            Work::One(response) => {
                let (status, receipt) = keep(&collector, peer, (*response, sender), proof).await?;
                Ok((status, Json(receipt)).into_response())
            }
            Work::Many(array) => Ok(keep_many(&collector, peer, (&array, sender), proof).await),
        }
    };
    if room.is_free() {
        return keeping.await;
    }
    // A client that leaves ends what waits for it, but takes no response out of the queue: room is held until
    // the responses are stored.
    let keeping = tokio::spawn(async move {
        let _held = room;
        keeping.await
    });
    keeping.await.map_err(|error| {
        tracing::error!(%error, "a response was not kept");
        Error::Internal
    })?
}

async fn keep(
    collector: &Collector,
    peer: Peer,
    (response, sender): (sondeo_model::Response, Sender),
    (key, origin): (Option<&str>, Option<&str>),
) -> Result<(StatusCode, Receipt), Error> {
    let id = response.id;
    let survey = store::key_of(&response);
    collector.write_keys.check(&survey, key)?;
    let check = || {
        if !collector.accepts(&survey) {
            let (site, id) = store::site_and_survey(&survey);
            return Err(match collector.publications.now().site(site) {
                // What names no site may be a file of the folder as well.
                Some(_) if site != DEFAULT_SITE => {
                    Error::NotPublished { site: site.to_owned(), survey: id.to_owned() }
                }
                _ => Error::UnknownSurvey(survey.clone().into_owned()),
            });
        }
        let Some(origin) = origin else { return Ok(()) };
        let site = response.site.as_deref().unwrap_or(DEFAULT_SITE);
        let of_site = collector.publications.now().allows(site, origin);
        match of_site {
            Some(false) => {
                Err(Error::ForeignToSite { origin: origin.to_owned(), site: site.to_owned() })
            }
            None if !collector.origins.have(origin) => {
                Err(Error::ForbiddenOrigin(origin.to_owned()))
            }
            Some(true) | None => Ok(()),
        }
    };
    if check().is_err() {
        // Another collector may have published it a moment ago, and what is refused for such a reason is not sent again.
        collector.look_before_refusing().await?;
        check()?;
    }
    // Last: what is refused takes nothing of the share of those who may.
    collector.limits.check_survey(&survey)?;
    drop(survey);
    let ending = collector.ending_of(&response).await?;
    let submission = Submission { response, sender, counts_for: None, ending };
    let kept = match collector.store.try_reserve()? {
        Some(slot) => slot.keep(submission).await,
        None => keep_later(collector.store.clone(), submission).await?,
    };
    let WriteReport { outcome, new_names } = kept?;
    collector.limits.note_names(peer, new_names);
    match outcome {
        WriteOutcome::Inserted => Ok((StatusCode::CREATED, Receipt { id, stored: true })),
        WriteOutcome::Duplicate => Ok((StatusCode::OK, Receipt { id, stored: true })),
        WriteOutcome::Erased => Ok((StatusCode::OK, Receipt { id, stored: false })),
        WriteOutcome::OtherSurvey => Err(other_survey()),
        WriteOutcome::TooManySurveys => Err(Error::TooManySurveys),
    }
}

/// A later revision cannot take a response, and what it counts for, from one survey to another.
pub(crate) fn other_survey() -> Error {
    let message = "survey must be that of the response's earlier revisions".to_owned();
    Error::InvalidResponse { field: Some("survey".to_owned()), message }
}

/// In a task of its own: a visitor who has answered and left closes the connection, which ends what waits for
/// it, and the answer is here all the same.
async fn keep_later(
    store: Store,
    submission: Submission,
) -> Result<Result<WriteReport, Arc<store::StoreError>>, Error> {
    let keeping = tokio::spawn(async move { store.write(submission).await });
    keeping.await.map_err(|error| {
        tracing::error!(%error, "a response was not kept");
        Error::Internal
    })
}

/// Each is stored or refused for itself, in chunks of bounded memory.
async fn keep_many(
    collector: &Collector,
    peer: Peer,
    (array, sender): (&Array, Sender),
    proof: (Option<&str>, Option<&str>),
) -> Response {
    let mut outcomes = Vec::new();
    for chunk in array.chunks() {
        let before = outcomes.len();
        let keeping = chunk.iter().enumerate().map(async |(index, item)| {
            // The first of all was counted when the request came.
            if before + index > 0 {
                collector.limits.check_response(peer)?;
            }
            keep(collector, peer, (array.read(item)?, sender), proof).await
        });
        outcomes.extend(futures_util::future::join_all(keeping).await);
    }
    let statuses: Vec<_> = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().map_or_else(Error::status, |(status, _)| *status))
        .collect();
    let status = if statuses.iter().all(|status| *status == StatusCode::OK) {
        StatusCode::OK
    } else if statuses.iter().all(StatusCode::is_success) {
        StatusCode::CREATED
    } else {
        StatusCode::MULTI_STATUS
    };
    // When the last of those who should come again may.
    let again = outcomes.iter().filter_map(|it| it.as_ref().err()?.retry_after()).max();
    let results = outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Ok((_, receipt)) => Outcome::Kept(receipt),
            Err(error) => Outcome::Refused(error.refusal()),
        })
        .collect();
    let mut response = (status, Json(Outcomes { results })).into_response();
    if let Some(seconds) = again {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A page of responses.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listing {
    #[schema(value_type = Vec<openapi::Response>)]
    responses: Vec<Box<RawValue>>,
    /// The `cursor` of the following page.
    next: Option<String>,
}

/// What a reader may ask for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ResponsesQuery {
    /// Only those of this site; without one, of all that the sender may read.
    pub(crate) site: Option<String>,
    /// Only those of this survey.
    pub(crate) survey: Option<String>,
    /// `shown`, `partial`, `completed` or `dismissed`.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    pub(crate) status: Option<StatusParameter>,
    /// Only those that count for this moment or a later one: a date, or a date-time.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    pub(crate) from: Option<Moment>,
    /// Only those that count for an earlier moment.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    pub(crate) to: Option<Moment>,
    /// At most so many: 1 to 500.
    #[param(value_type = Option<u32>)]
    #[serde(deserialize_with = "parsed")]
    pub(crate) limit: Option<RowLimit<LARGEST_PAGE>>,
    /// What `next` of an earlier page says.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    pub(crate) cursor: Option<After<Cursor>>,
}

impl ResponsesQuery {
    /// Which responses these are, of those that somebody may read.
    pub(crate) async fn filter(
        self,
        collector: &Collector,
        principal: &Principal,
        scope: Scope,
    ) -> Result<Filter, Error> {
        let (surveys, sites) = collector
            .chosen(principal, scope, self.site.as_deref(), self.survey.as_deref())
            .await?;
        Ok(Filter {
            surveys,
            sites,
            status: self.status.map(|StatusParameter(status)| status),
            from: self.from.map(|Moment(at)| at),
            to: self.to.map(|Moment(at)| at),
            visitor: None,
            after: self.cursor.map(|After(cursor)| cursor),
            limit: self.limit.map_or(PAGE, RowLimit::rows),
        })
    }
}

/// The highest revision of each response, newest first.
#[utoipa::path(get, path = "/v1/responses", tag = "reading", security(("token" = ["read"])),
    params(ResponsesQuery), responses(
    (status = 200, description = "a page of them", body = Listing),
    (status = 400, description = "a parameter is wrong", body = Refusal),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
pub(crate) async fn list(
    State(collector): State<Arc<Collector>>,
    Reader(principal): Reader,
    Parameters(query): Parameters<ResponsesQuery>,
) -> Result<Json<Listing>, Error> {
    let filter = query.filter(&collector, &principal, Scope::Read).await?;
    let page = collector.store.responses(&filter).await?;
    let responses = page.rows.into_iter().map(|row| RawValue::from_string(row.body));
    let responses = responses.collect::<Result<_, _>>().map_err(crate::store::StoreError::from)?;
    Ok(Json(Listing { responses, next: page.next.as_ref().map(Cursor::to_string) }))
}
