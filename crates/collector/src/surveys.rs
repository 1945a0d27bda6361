//! `GET /v1/surveys`: what there are answers to.

use crate::access::Reader;
use crate::{Collector, Error};
use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Serialize;
use sondeo_model::Timestamp;
use std::sync::Arc;
use utoipa::ToSchema;

/// The surveys of which there are responses, by id.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Surveys {
    surveys: Vec<Survey>,
    /// The `cursor` of the following page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Surveys of a page, where nobody says, and at most.
const PAGE: u32 = 1_000;

/// Which surveys to list.
#[derive(Debug)]
struct SurveysQuery {
    cursor: Option<String>,
    limit: u32,
}

impl SurveysQuery {
    fn read(query: &str) -> Result<Self, Error> {
        let mut wanted = Self { cursor: None, limit: PAGE };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let wrong =
                |reason: String| Error::InvalidQuery { field: name.clone().into_owned(), reason };
            match &*name {
                "cursor" => wanted.cursor = Some(value.into_owned()),
                "limit" => {
                    let limit = value.parse().ok().filter(|limit| (1..=PAGE).contains(limit));
                    wanted.limit = limit.ok_or_else(|| wrong(format!("must be 1 to {PAGE}")))?;
                }
                _ => {
                    return Err(wrong(
                        "is not a parameter (there are cursor and limit)".to_owned(),
                    ));
                }
            }
        }
        Ok(wanted)
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct Survey {
    /// Its id.
    survey: String,
    /// How often it was shown, as far as pages report it.
    shown: i64,
    /// The responses with at least one answer.
    responses: i64,
    /// The start of the first day (UTC) with a response.
    #[schema(value_type = String, format = DateTime)]
    first: Timestamp,
    /// The start of the last day (UTC) with a response.
    #[schema(value_type = String, format = DateTime)]
    last: Timestamp,
    /// What its summary can be divided by.
    dimensions: Vec<String>,
}

/// The surveys of which there are responses.
#[utoipa::path(get, path = "/v1/surveys", tag = "reading", security(("token" = ["read"])),
    params(
        ("cursor" = Option<String>, Query, description = "what `next` of an earlier page says"),
        ("limit" = Option<u32>, Query, description = "at most so many: 1 to 1000"),
    ), responses(
    (status = 200, description = "a page of them, by id", body = Surveys),
    (status = 400, description = "a parameter is wrong", body = crate::error::Refusal),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn list(
    State(collector): State<Arc<Collector>>,
    _: Reader,
    RawQuery(query): RawQuery,
) -> Result<Json<Surveys>, Error> {
    let mut surveys = Vec::new();
    let query = SurveysQuery::read(&query.unwrap_or_default())?;
    let page = collector.store.surveys(query.cursor.as_deref(), query.limit).await?;
    for row in page.rows {
        surveys.push(Survey {
            survey: row.name,
            shown: row.shown,
            responses: row.responses,
            first: row.first_day,
            last: row.last_day,
            dimensions: row.dimensions,
        });
    }
    Ok(Json(Surveys { surveys, next: page.next }))
}
