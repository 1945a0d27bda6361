//! `GET /v1/surveys`: what there are answers to.

use crate::access::Reader;
use crate::{Collector, Error};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use sondeo_model::Timestamp;
use std::sync::Arc;
use utoipa::ToSchema;

/// The surveys of which there are responses, by id.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Surveys {
    surveys: Vec<Survey>,
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
#[utoipa::path(get, path = "/v1/surveys", tag = "reading", security(("token" = ["read"])), responses(
    (status = 200, description = "all of them, by id", body = Surveys),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn list(
    State(collector): State<Arc<Collector>>,
    _: Reader,
) -> Result<Json<Surveys>, Error> {
    let mut surveys = Vec::new();
    for row in collector.store.surveys().await? {
        let mut dimensions = collector.store.dimensions(&row.name).await?;
        dimensions.retain(|dimension| !dimension.is_empty());
        surveys.push(Survey {
            survey: row.name,
            shown: row.responses,
            responses: row.answered,
            first: row.first_day,
            last: row.last_day,
            dimensions,
        });
    }
    Ok(Json(Surveys { surveys }))
}
