//! `/v1/responses`: where responses come in, and where they are read.

use crate::store::{Filter, Kept};
use crate::tokens::Reader;
use crate::{Collector, Error, payload};
use axum::Json;
use axum::extract::{RawQuery, Request, State};
use axum::http::StatusCode;
use serde::Serialize;
use sondeo_model::{Response, ResponseId, Status};
use std::sync::Arc;

/// How many responses a page holds where nobody says, and at most.
const PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 500;

/// What the sender is told; the id lets it be sure that it spoke with us.
#[derive(Debug, Serialize)]
pub(crate) struct Receipt {
    id: ResponseId,
    stored: bool,
}

/// `POST`: stores one response, and answers when nothing can undo that any more.
pub(crate) async fn create(
    State(collector): State<Arc<Collector>>,
    request: Request,
) -> Result<(StatusCode, Json<Receipt>), Error> {
    let (parts, body) = request.into_parts();
    // The body first: see `payload::read` for what a client makes of an answer before its end.
    let bytes = payload::read(body).await;
    payload::check_type(&parts.headers)?;
    let response = payload::parse(&bytes?)?;
    let id = response.id;
    // A task of its own: a visitor who has answered and left closes the connection, which ends this
    // one wherever it waits, and the answer is here all the same.
    let keeping = tokio::spawn(async move { collector.store.keep(&response).await });
    let kept = keeping.await.map_err(|error| {
        tracing::error!(%error, "a response was not kept");
        Error::Internal
    })?;
    let status = match kept? {
        Kept::New => StatusCode::CREATED,
        Kept::Known => StatusCode::OK,
    };
    Ok((status, Json(Receipt { id, stored: true })))
}

/// A page of responses.
#[derive(Debug, Serialize)]
pub(crate) struct Listing {
    responses: Vec<Response>,
    /// The `cursor` of the following page.
    next: Option<ResponseId>,
}

/// `GET`: the highest revision of each response, newest first.
pub(crate) async fn list(
    State(collector): State<Arc<Collector>>,
    _: Reader,
    RawQuery(query): RawQuery,
) -> Result<Json<Listing>, Error> {
    let page = collector.store.responses(&filter(&query.unwrap_or_default())?).await?;
    Ok(Json(Listing { responses: page.responses, next: page.next }))
}

fn filter(query: &str) -> Result<Filter, Error> {
    let mut filter = Filter { survey: None, status: None, before: None, limit: PAGE };
    let mut seen = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let wrong =
            |reason: String| Error::InvalidQuery { field: name.clone().into_owned(), reason };
        match &*name {
            "survey" => filter.survey = Some(value.into_owned()),
            "status" => filter.status = Some(status(&value).map_err(wrong)?),
            "cursor" => {
                let id = ResponseId::parse(&value);
                filter.before = Some(id.map_err(|_| wrong(NOT_A_CURSOR.to_owned()))?);
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
const UNKNOWN: &str = "is not a parameter (there are survey, status, limit and cursor)";

fn status(word: &str) -> Result<Status, String> {
    [Status::Shown, Status::Partial, Status::Completed, Status::Dismissed]
        .into_iter()
        .find(|status| status.word() == word)
        .ok_or_else(|| "must be shown, partial, completed or dismissed".to_owned())
}
