//! `/healthz`: whether this process can do its work.

use crate::{Collector, Error};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;

/// What a healthy collector says.
#[derive(Debug, Serialize)]
pub(crate) struct Health {
    status: &'static str,
}

/// `GET`: 200 when the database answers, 503 when it does not.
pub(crate) async fn show(State(collector): State<Arc<Collector>>) -> Result<Json<Health>, Error> {
    collector.store.ping().await?;
    Ok(Json(Health { status: "ok" }))
}
