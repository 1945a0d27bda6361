//! `/v1/sites`: the web sites whose surveys people manage here.

use super::compile::{check_defaults, check_id};
use super::{Object, seen};
use crate::access::{Principal, Reader};
use crate::error::Refusal;
use crate::segment::PathSegment;
use crate::store::{self, DEFAULT_SITE, Removal, Scope};
use crate::{Collector, Error, Origin};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sondeo_api::DraftProblem;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Origins of a site, at most.
const MOST_ORIGINS: usize = 100;
/// Characters of a site's name, at most.
const LONGEST_NAME_CHARS: usize = 200;

pub(crate) fn routes() -> OpenApiRouter<Arc<Collector>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, change, remove))
        .routes(routes!(seen::list))
}

/// A web site.
pub(crate) type Site = sondeo_api::Site<Object>;
/// Some sites.
type Sites = sondeo_api::Sites<Object>;

impl From<store::StoredSite> for Site {
    fn from(site: store::StoredSite) -> Self {
        let store::StoredSite { id, name, origins, time_zone, defaults, .. } = site;
        Self { id, name, origins, time_zone, defaults }
    }
}

/// A site that is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSite {
    #[schema(pattern = "^[a-z0-9-]{1,64}$")]
    id: String,
    /// The id, where nobody says.
    name: Option<String>,
    #[serde(default)]
    origins: Vec<String>,
    /// UTC, where nobody says.
    time_zone: Option<String>,
    #[schema(value_type = Object)]
    #[serde(default)]
    defaults: Object,
}

/// What is to be changed of a site; the rest stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SiteChange {
    name: Option<String>,
    origins: Option<Vec<String>>,
    time_zone: Option<String>,
    #[schema(value_type = Option<Object>)]
    defaults: Option<Object>,
}

/// The sites that the sender may read.
#[utoipa::path(get, path = "/v1/sites", tag = "publishing", security(("token" = ["read"])), responses(
    (status = 200, description = "by id", body = Sites),
    (status = 401, description = "no token", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn list(
    State(collector): State<Arc<Collector>>,
    Reader(principal): Reader,
) -> Result<Json<Sites>, Error> {
    let theirs = principal.sites(Scope::Read);
    let sites = collector.store.sites().await?.into_iter();
    Ok(Json(Sites { sites: sites.filter(|it| theirs.has(&it.id)).map(Site::from).collect() }))
}

/// Adds a site.
#[utoipa::path(post, path = "/v1/sites", tag = "publishing", security(("token" = ["admin"])),
    request_body = NewSite, responses(
    (status = 201, description = "the site", body = Site),
    (status = 400, description = "the body is not JSON", body = Refusal),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else, or for one site", body = Refusal),
    (status = 409, description = "there is one of this id", body = Refusal),
    (status = 422, description = "a field is wrong; `field` says which", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn create(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    body: super::Body<NewSite>,
) -> Result<(StatusCode, Json<Site>), Error> {
    principal.check_everywhere(Scope::Admin)?;
    let NewSite { id, name, origins, time_zone, defaults } = body.0;
    check_id("id", &id)?;
    let name = name.unwrap_or_else(|| id.clone());
    let time_zone = time_zone.unwrap_or_else(|| "UTC".to_owned());
    let site = store::StoredSite { id, name, origins, time_zone, defaults, version: 1 };
    let site = checked(site)?;
    if !collector.store.add_site(&site, &principal.actor).await? {
        return Err(Error::Conflict(format!("there is a site {} already", site.id)));
    }
    collector.hear_of_change().await;
    Ok((StatusCode::CREATED, Json(site.into())))
}

/// A site.
#[utoipa::path(get, path = "/v1/sites/{site}", tag = "publishing", security(("token" = ["read"])),
    params(("site" = String, Path, description = "its id")), responses(
    (status = 200, description = "the site", body = Site),
    (status = 401, description = "no token", body = Refusal),
    (status = 404, description = "no such site, or not for the sender", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn show(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment(id): PathSegment,
) -> Result<Json<Site>, Error> {
    principal.check(Scope::Read, &id)?;
    Ok(Json(find(&collector, &id).await?.into()))
}

/// Changes a site.
#[utoipa::path(patch, path = "/v1/sites/{site}", tag = "publishing", security(("token" = ["admin"])),
    params(("site" = String, Path, description = "its id")), request_body = SiteChange, responses(
    (status = 200, description = "the site as it is now", body = Site),
    (status = 400, description = "the body is not JSON", body = Refusal),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such site, or not for the sender", body = Refusal),
    (status = 422, description = "a field is wrong; `field` says which", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn change(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment(id): PathSegment,
    body: super::Body<SiteChange>,
) -> Result<Json<Site>, Error> {
    principal.check(Scope::Admin, &id)?;
    let SiteChange { name, origins, time_zone, defaults } = body.0;
    let change = |known: store::StoredSite| {
        checked(store::StoredSite {
            name: name.unwrap_or(known.name),
            origins: origins.unwrap_or(known.origins),
            time_zone: time_zone.unwrap_or(known.time_zone),
            defaults: defaults.unwrap_or(known.defaults),
            id: known.id,
            version: known.version,
        })
    };
    let changed = collector.store.change_site(&id, &principal.actor, change).await?;
    let site = changed.ok_or(Error::NotFound)??;
    collector.hear_of_change().await;
    Ok(Json(site.into()))
}

/// Removes a site with its surveys, where nothing runs and no response belongs to it.
#[utoipa::path(delete, path = "/v1/sites/{site}", tag = "publishing", security(("token" = ["admin"])),
    params(("site" = String, Path, description = "its id")), responses(
    (status = 204, description = "it is gone"),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such site, or not for the sender", body = Refusal),
    (status = 409, description = "a survey runs there, or there are responses", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn remove(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment(id): PathSegment,
) -> Result<StatusCode, Error> {
    principal.check(Scope::Admin, &id)?;
    if id == DEFAULT_SITE {
        let reason = "the site default is where everything is that names no site; it stays";
        return Err(Error::Conflict(reason.to_owned()));
    }
    match collector.store.remove_site(&id, &principal.actor).await? {
        Removal::Removed => {
            collector.hear_of_change().await;
            Ok(StatusCode::NO_CONTENT)
        }
        Removal::NotFound => Err(Error::NotFound),
        Removal::Running => {
            let reason = format!("pages of {id} still ask a survey: end or archive it first");
            Err(Error::Conflict(reason))
        }
        Removal::HasResponses => Err(Error::Conflict(format!(
            "there are responses of {id}: erase them first (sondeo-collector erase --survey {id}/SURVEY)"
        ))),
    }
}

pub(super) async fn find(collector: &Collector, id: &str) -> Result<store::StoredSite, Error> {
    let sites = collector.store.sites().await?;
    sites.into_iter().find(|site| site.id == id).ok_or(Error::NotFound)
}

/// The site as it is stored, if everything of it can be used.
pub(crate) fn checked(mut site: store::StoredSite) -> Result<store::StoredSite, Error> {
    let wrong =
        |path: &str, message: String| Error::from(DraftProblem { path: path.to_owned(), message });
    let name = site.name.trim();
    if name.is_empty()
        || name.chars().count() > LONGEST_NAME_CHARS
        || name.chars().any(char::is_control)
    {
        let message = format!("must be 1 to {LONGEST_NAME_CHARS} characters in one line");
        return Err(wrong("name", message));
    }
    site.name = name.to_owned();
    if site.origins.len() > MOST_ORIGINS {
        return Err(wrong("origins", format!("must be at most {MOST_ORIGINS} origins")));
    }
    for (index, origin) in site.origins.iter_mut().enumerate() {
        let parsed: Origin = origin.parse().map_err(|error: crate::InvalidOrigin| {
            wrong(&format!("origins[{index}]"), error.to_string())
        })?;
        *origin = parsed.as_str().to_owned();
    }
    if jiff::tz::TimeZone::get(&site.time_zone).is_err() {
        let message =
            format!("{:?} is not a time zone (try \"Europe/Madrid\" or \"UTC\")", site.time_zone);
        return Err(wrong("time_zone", message));
    }
    check_defaults(&site.defaults)?;
    Ok(site)
}
