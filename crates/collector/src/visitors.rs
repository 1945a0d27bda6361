//! What a person may ask for (GDPR, articles 15 and 17): a copy of everything, and that it is erased.

use crate::access::{Eraser, Exporter};
use crate::export::{self, Format};
use crate::segment::PathSegment;
use crate::store::{Erasure, Filter, Scope, SentTo, StoreError};
use crate::{Collector, Error};
use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use serde::Serialize;
use sondeo_model::ResponseId;
use std::sync::Arc;
use utoipa::ToSchema;

/// How much was erased.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Erased {
    erased: u64,
    /// Where it had gone, or may have: whoever looks after these places has to erase it there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sent_to: Vec<SentTo>,
}

impl From<Erasure> for Erased {
    fn from(Erasure { count, sent_to }: Erasure) -> Self {
        Self { erased: count, sent_to }
    }
}

/// Erases all responses of a visitor, and keeps away those that the visitor gave before and that were
/// not delivered yet.
#[utoipa::path(delete, path = "/v1/visitors/{id}", tag = "privacy", security(("token" = ["erase"])),
    params(("id" = String, Path, description = "the `visitor` of the responses")), responses(
    (status = 200, description = "erased; also where there was nothing", body = Erased),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn erase(
    State(collector): State<Arc<Collector>>,
    Eraser(principal): Eraser,
    PathSegment(id): PathSegment,
) -> Result<Json<Erased>, Error> {
    // The id is one person's, whatever site it was seen on.
    principal.check_everywhere(Scope::Erase)?;
    let store = collector.store.clone();
    to_its_end(async move {
        let entry = store.begin_audit(&principal.actor, "erase", "a visitor").await?;
        let erased = store.erase_visitor_everywhere(&id).await?;
        store.finish_audit(entry, erased.count).await?;
        Ok(erased)
    })
    .await
}

/// All responses of a visitor, one a line.
#[utoipa::path(get, path = "/v1/visitors/{id}", tag = "privacy", security(("token" = ["export"])),
    params(("id" = String, Path, description = "the `visitor` of the responses")), responses(
    (status = 200, description = "a response a line, newest first, with the moment that it counts for (`counts_for`)", content_type = "application/x-ndjson", body = String),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn export(
    State(collector): State<Arc<Collector>>,
    Exporter(principal): Exporter,
    method: Method,
    PathSegment(id): PathSegment,
) -> Result<Response, Error> {
    let sites = principal.sites(Scope::Export).into_filter();
    let filter = Filter { visitor: Some(id), sites, ..Filter::default() };
    let deed = (&*principal.actor, "a visitor");
    export::send(collector, &method, deed, Format::Ndjson, filter).await
}

/// Erases a response, and keeps it from coming back.
#[utoipa::path(delete, path = "/v1/responses/{id}", tag = "privacy", security(("token" = ["erase"])),
    params(("id" = String, Path, description = "the `id` of the response")), responses(
    (status = 200, description = "erased; also where it was not there", body = Erased),
    (status = 400, description = "not an id", body = crate::error::Refusal),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn erase_response(
    State(collector): State<Arc<Collector>>,
    Eraser(principal): Eraser,
    PathSegment(id): PathSegment,
) -> Result<Json<Erased>, Error> {
    let id = ResponseId::parse(&id).map_err(|error| Error::InvalidQuery {
        field: "id".to_owned(),
        reason: error.to_string(),
    })?;
    if let Some(site) = collector.store.site_of(id).await? {
        principal.check(Scope::Erase, &site)?;
    } else if principal.check_everywhere(Scope::Erase).is_err() {
        // Who may erase on some sites only cannot keep away what may be of another one, and does not learn either
        // whether it is there. What was erased is erased.
        let is_erased = collector.store.is_erased(id).await?;
        return if is_erased { Ok(Json(Erased::default())) } else { Err(Error::NotFound) };
    }
    let store = collector.store.clone();
    to_its_end(async move {
        let entry = store.begin_audit(&principal.actor, "erase", "a response").await?;
        let erased = store.erase_response_everywhere(id).await?;
        store.finish_audit(entry, erased.count).await?;
        Ok(erased)
    })
    .await
}

/// Erases in a task of its own: whoever asked may have left, or been told that it takes too long, and what was begun is
/// done all the same, to the last name and the line of the audit.
async fn to_its_end(
    deed: impl Future<Output = Result<Erasure, StoreError>> + Send + 'static,
) -> Result<Json<Erased>, Error> {
    let done = tokio::spawn(deed).await.map_err(|error| {
        tracing::error!(%error, "an erasure came to no end");
        Error::Internal
    })?;
    Ok(Json(done?.into()))
}
