//! `/healthz`: whether this process can do its work.

use crate::{Collector, Error};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What a healthy collector says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    status: &'static str,
}

/// Whether the database answers.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses(
    (status = 200, description = "it does", body = Health),
    (status = 503, description = "it does not", body = crate::error::Refusal),
))]
pub(crate) async fn show(State(collector): State<Arc<Collector>>) -> Result<Json<Health>, Error> {
    collector.store.ping().await?;
    Ok(Json(Health { status: "ok" }))
}
