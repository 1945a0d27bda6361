//! `/v1/responses`: where responses come in, and where they are read.

use crate::error::Refusal;
use crate::payload::{self, Payload};
use crate::store::{Cursor, Filter, Kept};
use crate::tokens::Reader;
use crate::{Collector, Error};
use axum::Json;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::RawValue;
use sondeo_model::{ResponseId, Status, Timestamp};
use std::sync::Arc;

/// How many responses a page holds where nobody says, and at most.
const PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 500;

/// What the sender is told; the id lets it be sure that it spoke with us.
#[derive(Debug, Serialize)]
pub(crate) struct Receipt {
    id: ResponseId,
    /// `false` where the response was erased, and stays so.
    stored: bool,
}

/// What became of one response of an array.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Outcome {
    Kept(Receipt),
    Refused(Refusal),
}

/// What became of each response of an array, in their order.
#[derive(Debug, Serialize)]
struct Outcomes {
    results: Vec<Outcome>,
}

/// `POST`: stores one response, or up to 100, and answers when nothing can undo that any more.
pub(crate) async fn create(
    State(collector): State<Arc<Collector>>,
    request: Request,
) -> Result<Response, Error> {
    let (parts, body) = request.into_parts();
    // The body first: see `payload::read` for what a client makes of an answer before its end.
    let bytes = payload::read(body).await;
    let form = payload::check_type(&parts.headers)?;
    let _ = form;
    match payload::parse(&bytes?)? {
        Payload::One(response) => {
            let (status, receipt) = keep(&collector, *response).await?;
            Ok((status, Json(receipt)).into_response())
        }
        Payload::Many(responses) => Ok(keep_many(&collector, responses).await),
    }
}

async fn keep(
    collector: &Collector,
    response: sondeo_model::Response,
) -> Result<(StatusCode, Receipt), Error> {
    let id = response.id;
    let place = collector.store.place()?;
    // A task of its own: a visitor who has answered and left closes the connection, which ends this
    // one wherever it waits, and the answer is here all the same.
    let keeping = tokio::spawn(place.keep(response));
    let kept = keeping.await.map_err(|error| {
        tracing::error!(%error, "a response was not kept");
        Error::Internal
    })?;
    Ok(match kept? {
        Kept::New => (StatusCode::CREATED, Receipt { id, stored: true }),
        Kept::Known => (StatusCode::OK, Receipt { id, stored: true }),
        Kept::Erased => (StatusCode::OK, Receipt { id, stored: false }),
    })
}

/// Each is stored or refused for itself.
async fn keep_many(
    collector: &Collector,
    responses: Vec<Result<sondeo_model::Response, Error>>,
) -> Response {
    let keeping = responses.into_iter().map(async |response| keep(collector, response?).await);
    let outcomes = futures_util::future::join_all(keeping).await;
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
    let again = statuses.contains(&StatusCode::SERVICE_UNAVAILABLE);
    let results = outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Ok((_, receipt)) => Outcome::Kept(receipt),
            Err(error) => Outcome::Refused(error.refusal()),
        })
        .collect();
    let mut response = (status, Json(Outcomes { results })).into_response();
    if again {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

/// A page of responses.
#[derive(Debug, Serialize)]
pub(crate) struct Listing {
    responses: Vec<Box<RawValue>>,
    /// The `cursor` of the following page.
    next: Option<String>,
}

/// `GET`: the highest revision of each response, newest first.
pub(crate) async fn list(
    State(collector): State<Arc<Collector>>,
    _: Reader,
    RawQuery(query): RawQuery,
) -> Result<Json<Listing>, Error> {
    let page = collector.store.responses(&filter(&query.unwrap_or_default())?).await?;
    let responses = page.rows.into_iter().map(|row| RawValue::from_string(row.body));
    let responses = responses.collect::<Result<_, _>>().map_err(crate::store::Error::from)?;
    Ok(Json(Listing { responses, next: page.next.as_ref().map(Cursor::to_string) }))
}

fn filter(query: &str) -> Result<Filter, Error> {
    let mut filter = Filter { limit: PAGE, ..Filter::default() };
    let mut seen = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let wrong =
            |reason: String| Error::InvalidQuery { field: name.clone().into_owned(), reason };
        match &*name {
            "survey" => filter.survey = Some(value.into_owned()),
            "status" => filter.status = Some(status(&value).map_err(wrong)?),
            "from" => filter.from = Some(moment(&value).map_err(wrong)?),
            "to" => filter.to = Some(moment(&value).map_err(wrong)?),
            "cursor" => {
                let cursor = value.parse::<Cursor>();
                filter.after = Some(cursor.map_err(|()| wrong(NOT_A_CURSOR.to_owned()))?);
            }
            "limit" => {
                let limit = value.parse().ok().filter(|limit| (1..=LARGEST_PAGE).contains(limit));
                filter.limit =
                    limit.ok_or_else(|| wrong(format!("must be 1 to {LARGEST_PAGE}")))?;
            }
            _ => return Err(wrong(UNKNOWN.to_owned())),
        }
        if seen.contains(&name) {
            return Err(wrong("is given twice".to_owned()));
        }
        seen.push(name);
    }
    Ok(filter)
}

const NOT_A_CURSOR: &str = "must be what \"next\" of an earlier page says";
const UNKNOWN: &str = "is not a parameter (there are survey, status, from, to, limit and cursor)";

/// A date-time, or a date, which is the moment at which that day begins (UTC).
pub(crate) fn moment(text: &str) -> Result<Timestamp, String> {
    let date_time = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    date_time.parse().map_err(|_| {
        "must be a date or a date-time (try \"2026-11-21\" or \"2026-11-21T18:40:13Z\")".to_owned()
    })
}

fn status(word: &str) -> Result<Status, String> {
    [Status::Shown, Status::Partial, Status::Completed, Status::Dismissed]
        .into_iter()
        .find(|status| status.word() == word)
        .ok_or_else(|| "must be shown, partial, completed or dismissed".to_owned())
}
