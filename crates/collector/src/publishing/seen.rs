//! Where a site's script was last seen, and what was wrong there. Nothing of a visitor is kept.

use crate::access::Principal;
use crate::error::Refusal;
use crate::segment::Segment;
use crate::store::Scope;
use crate::{Collector, Error};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use sondeo_model::Timestamp;
use std::sync::Arc;
use utoipa::ToSchema;

/// A page with the site's script.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeenPage {
    origin: String,
    path: String,
    /// When it was last seen.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The surveys that the script knew there.
    surveys: Vec<String>,
    /// What was wrong there, a line each.
    problems: Vec<String>,
}

/// The pages where the site's script was seen in the last days, the latest first.
#[utoipa::path(get, path = "/v1/sites/{site}/seen", tag = "publishing", security(("token" = ["read"])),
    params(("site" = String, Path, description = "the site")), responses(
    (status = 200, description = "at most 200 pages", body = Vec<SeenPage>),
    (status = 401, description = "no token", body = Refusal),
    (status = 404, description = "no such site, or not for the sender", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
pub(crate) async fn list(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    Segment(site): Segment,
) -> Result<Json<Vec<SeenPage>>, Error> {
    principal.check(Scope::Read, &site)?;
    super::sites::find(&collector, &site).await?;
    let pages = collector.store.seen_pages(&site).await?.into_iter();
    Ok(Json(
        pages
            .map(|it| SeenPage {
                origin: it.origin,
                path: it.path,
                at: it.at,
                surveys: it.surveys,
                problems: it.problems,
            })
            .collect(),
    ))
}
