//! What pages of every origin read: the site's script, its plan, and the files of its surveys.

use super::Body;
use super::SiteSnapshot;
use super::seen::Told;
use crate::limits::Peer;
use crate::segment::PathSegment;
use crate::store::SurveyState;
use crate::{Collector, Error, query};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sondeo_model::is_name;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Arc<Collector>> {
    OpenApiRouter::new()
        .routes(routes!(script))
        .routes(routes!(plan))
        .routes(routes!(survey_file))
        .routes(routes!(tell))
}

/// Whether pages of every origin read what has this address.
pub(crate) fn is_public(path: &str) -> bool {
    path.starts_with("/sites/")
}

/// The widget's loader with the plan of a site inside: all that a page of the site has to hold.
#[utoipa::path(get, path = "/sites/{site}/sondeo.js", tag = "widget",
    params(("site" = String, Path, description = "the site's key")), responses(
    (status = 200, description = "the script", content_type = "text/javascript", body = String),
    (status = 304, description = "the one that the sender knows"),
    (status = 404, description = "no such site", body = crate::error::Refusal),
))]
pub(crate) async fn script(
    State(collector): State<Arc<Collector>>,
    PathSegment(site): PathSegment,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let now = collector.publications.now();
    let site = now.site(&site).ok_or(Error::NotFound)?;
    if collector.widget.text(super::LOADER).is_none() {
        // A page would run an empty script, and nobody would know why nothing is asked.
        return Err(Error::NotFound);
    }
    collector.publications.note_seen(&collector.store, site, &headers);
    Ok(site.script.respond_to_everyone(&headers))
}

/// The plan of a site: which surveys run, and what is enough to know that none of them can be due on a page.
#[utoipa::path(get, path = "/sites/{site}/plan.json", tag = "widget",
    params(("site" = String, Path, description = "the site's key")), responses(
    (status = 200, description = "the plan", content_type = "application/json", body = String),
    (status = 304, description = "the one that the sender knows"),
    (status = 404, description = "no such site", body = crate::error::Refusal),
))]
pub(crate) async fn plan(
    State(collector): State<Arc<Collector>>,
    PathSegment(site): PathSegment,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let now = collector.publications.now();
    Ok(now.site(&site).ok_or(Error::NotFound)?.plan.respond_to_everyone(&headers))
}

/// What the site's own script tells of a page that it runs on, at most once a day in each browser: its path, and what was
/// wrong there. Nothing of a visitor is in it. Which page it is, the browser says (`Origin`); what comes from no page, or
/// from none of the site's origins, is taken and forgotten.
#[utoipa::path(post, path = "/sites/{site}/seen", tag = "widget",
    params(("site" = String, Path, description = "the site's key")),
    request_body(content = Told, content_type = "text/plain", description = "JSON"), responses(
    (status = 204, description = "it is taken"),
    (status = 400, description = "the body is not JSON", body = crate::error::Refusal),
    (status = 404, description = "no such site", body = crate::error::Refusal),
    (status = 413, description = "more than 8 KiB", body = crate::error::Refusal),
    (status = 422, description = "the body tells something else", body = crate::error::Refusal),
    (status = 429, description = "more than an address may tell in a minute", body = crate::error::Refusal),
))]
pub(crate) async fn tell(
    State(collector): State<Arc<Collector>>,
    peer: Peer,
    PathSegment(site): PathSegment,
    headers: HeaderMap,
    Body(told): Body<Told>,
) -> Result<Response, Error> {
    collector.limits.check_seen(peer)?;
    let told = told.checked()?;
    let now = collector.publications.now();
    let site = now.site(&site).ok_or(Error::NotFound)?;
    collector.publications.note_told(&collector.store, site, &headers, told);
    // Browsers say on the console what a page may not read, also of what nobody wants to read.
    let open = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    Ok((StatusCode::NO_CONTENT, open).into_response())
}

/// A published version as a survey file. With its number it may be kept for ever; without one it is the one that runs.
#[utoipa::path(get, path = "/sites/{site}/surveys/{file}", tag = "widget",
    params(
        ("site" = String, Path, description = "the site's key"),
        ("file" = String, Path, description = "the survey's id and `.json`"),
        ("v" = Option<u32>, Query, description = "the number of the version"),
    ), responses(
    (status = 200, description = "the survey file", content_type = "application/json", body = String),
    (status = 304, description = "the one that the sender knows"),
    (status = 400, description = "`v` is no number, or given twice", body = crate::error::Refusal),
    (status = 404, description = "no such survey or version, or it is archived", body = crate::error::Refusal),
    (status = 429, description = "too many older versions that nobody asks for, from this address", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn survey_file(
    State(collector): State<Arc<Collector>>,
    peer: Peer,
    PathSegment((site, file)): PathSegment<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let id = file.strip_suffix(".json").filter(|id| is_name(id)).ok_or(Error::NotFound)?;
    let wanted = version(query.as_deref().unwrap_or_default())?;
    let mut now = collector.publications.now();
    if let (Some(wanted), Some(snapshot)) = (wanted, now.site(&site))
        && is_news(snapshot, id, wanted)
    {
        collector.look_before_refusing().await?;
        now = collector.publications.now();
    }
    let snapshot = now.site(&site).ok_or(Error::NotFound)?;
    let known = snapshot.surveys.get(id).filter(|it| it.managed.state != SurveyState::Archived);
    let Some(wanted) = wanted else {
        // Only what runs: a draft is never here, and what is paused is asked of nobody.
        let known = known.filter(|it| it.managed.state == SurveyState::Running);
        return Ok(known
            .ok_or(Error::NotFound)?
            .latest
            .passing_file()
            .respond_to_everyone(&headers));
    };
    if let Some(known) = known.filter(|it| it.latest.version == wanted) {
        return Ok(known.latest.file().respond_to_everyone(&headers));
    }
    if known.is_none_or(|it| wanted > it.latest.version) {
        return Err(Error::NotFound);
    }
    // An older one. Few ask for it, and everybody may.
    let older = &collector.publications.older;
    let file = match older.get(&site, id, wanted) {
        Some(file) => file,
        None => {
            collector.limits.check_guess(peer)?;
            let found = collector.store.version(&site, id, wanted).await?;
            older.keep(&site, id, wanted, found.ok_or(Error::NotFound)?.body)
        }
    };
    Ok(file.respond_to_everyone(&headers))
}

/// Whether it may be the version after the one that is known, which another collector has published this very second.
fn is_news(site: &SiteSnapshot, id: &str, wanted: i64) -> bool {
    let known = site.surveys.get(id).map_or(0, |it| it.managed.version);
    wanted == known + 1
}

fn version(query: &str) -> Result<Option<i64>, Error> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let Some((_, number)) = pairs.find(|(name, _)| name == "v") else { return Ok(None) };
    if pairs.any(|(name, _)| name == "v") {
        return Err(query::given_twice("v"));
    }
    let number = number.parse().ok().filter(|number| *number > 0);
    number.map(Some).ok_or_else(|| Error::InvalidQuery {
        field: "v".to_owned(),
        reason: "must be the number of a version (try 1)".to_owned(),
    })
}
