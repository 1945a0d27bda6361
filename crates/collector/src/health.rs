//! `/healthz`: whether this process can do its work. `/livez`: whether it runs.

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

/// Whether it can store and read responses: whether the database answers, and took what it was last given. A load
/// balancer sends visitors where this says so. After a failure it is asked again, so that no restart is needed.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses(
    (status = 200, description = "it can", body = Health),
    (status = 503, description = "it cannot", body = crate::error::Refusal),
))]
pub(crate) async fn show(State(collector): State<Arc<Collector>>) -> Result<Json<Health>, Error> {
    collector.store.check_ready().await?;
    Ok(Json(Health { status: "ok" }))
}

/// Whether the program itself answers, whatever its database does: for whoever would restart it, which does not mend
/// a database.
#[utoipa::path(get, path = "/livez", tag = "operation", responses(
    (status = 200, description = "it does", body = Health),
))]
pub(crate) async fn is_alive() -> Json<Health> {
    Json(Health { status: "ok" })
}
