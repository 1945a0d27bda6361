//! `/v1/sites/{site}/surveys`: drafts, versions, and what runs.

use super::compile::{check_id, compile_to_publish};
use super::sites::find;
use crate::access::Principal;
use crate::error::Refusal;
use crate::segment::PathSegment;
use crate::store::{
    self, AnswerLimit, Draft, DraftOutcome, Edition, Obstacle, Scope, Step, SurveyState,
    survey_key, unsigned,
};
use crate::{Collector, Error, LARGEST_BODY_BYTES, byte_order_mark, clock};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sondeo_api::{
    Changed, DraftProblem, Limit, Publication, PublicationReceipt, Reason, SiteSurvey, SiteSurveys,
    StandingDraft, Unpublishable, Version, Versions,
};
use sondeo_model::Timestamp;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Arc<Collector>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(
            routes!(show_draft, save_draft)
                // Several languages of a long survey have room.
                .layer(DefaultBodyLimit::max(LARGEST_BODY_BYTES)),
        )
        .routes(routes!(publish))
        .routes(routes!(pause))
        .routes(routes!(resume))
        .routes(routes!(end))
        .routes(routes!(archive))
        .routes(routes!(restore))
        .routes(routes!(versions))
        .routes(routes!(version))
}

impl From<SurveyState> for sondeo_api::SurveyState {
    fn from(state: SurveyState) -> Self {
        match state {
            SurveyState::Draft => Self::Draft,
            SurveyState::Running => Self::Running,
            SurveyState::Paused => Self::Paused,
            SurveyState::Ended => Self::Ended,
            SurveyState::Archived => Self::Archived,
        }
    }
}

/// The surveys of a site.
#[utoipa::path(get, path = "/v1/sites/{site}/surveys", tag = "publishing", security(("token" = ["read"])),
    params(("site" = String, Path, description = "the site")), responses(
    (status = 200, description = "by id", body = SiteSurveys),
    (status = 401, description = "no token", body = Refusal),
    (status = 404, description = "no such site, or not for the sender", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn list(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment(site): PathSegment,
) -> Result<Json<SiteSurveys>, Error> {
    principal.check(Scope::Read, &site)?;
    let found = find(&collector, &site).await?;
    let store = &collector.store;
    let managed = store.managed_surveys(Some(&site)).await?;
    let keys: Vec<String> =
        managed.iter().map(|it| survey_key(&site, &it.id).into_owned()).collect();
    let answers = store.answers(&keys).await?;
    let count_of = |key: &str| unsigned(answers.get(key).copied().unwrap_or_default());
    let seen = store.seen_surveys(&site).await?;
    let today = clock::day_in(&found.time_zone, clock::now());
    let mut surveys: Vec<SiteSurvey> = managed
        .into_iter()
        .map(|it| SiteSurvey {
            name: if it.name.is_empty() { it.id.clone() } else { it.name.clone() },
            state: it.state.into(),
            version: Some(it.version).filter(|version| *version > 0),
            draft: it.has_changes(),
            limit: (it.limit != AnswerLimit::default())
                .then_some(Limit { answers: it.limit.answers, per_day: it.limit.per_day }),
            full_today: it.state == SurveyState::Running && !it.runs_on(today),
            answers: count_of(&survey_key(&site, &it.id)),
            last_seen: seen.get(&it.id).copied(),
            source: "draft".to_owned(),
            id: it.id,
        })
        .collect();
    if site == store::DEFAULT_SITE {
        for id in collector.definitions.ids() {
            if !surveys.iter().any(|it| it.id == id) {
                let answers = store.answers(&[id.to_owned()]).await?;
                let file = collector.definitions.text(id);
                surveys.push(SiteSurvey {
                    id: id.to_owned(),
                    name: file
                        .and_then(store::ManagedSurvey::name_of)
                        .unwrap_or_else(|| id.to_owned()),
                    state: sondeo_api::SurveyState::Running,
                    version: None,
                    draft: false,
                    limit: None,
                    full_today: false,
                    answers: unsigned(answers.get(id).copied().unwrap_or_default()),
                    last_seen: None,
                    source: "folder".to_owned(),
                });
            }
        }
        surveys.sort_by(|one, other| one.id.cmp(&other.id));
    }
    Ok(Json(SiteSurveys { surveys }))
}

/// What became of a draft.
#[derive(Debug, Serialize, ToSchema)]
struct Saved {
    etag: String,
    /// A draft may be wrong; it cannot be published then.
    problems: Vec<DraftProblem>,
}

/// The file that is being edited, to the byte.
#[utoipa::path(get, path = "/v1/sites/{site}/surveys/{id}/draft", tag = "publishing",
    security(("token" = ["read"])),
    params(("site" = String, Path), ("id" = String, Path, description = "the survey")), responses(
    (status = 200, description = "the file; its `ETag` names it", content_type = "application/json", body = String),
    (status = 304, description = "the one that the sender knows"),
    (status = 401, description = "no token", body = Refusal),
    (status = 404, description = "no such survey, or not for the sender", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn show_draft(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id)): PathSegment<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    principal.check(Scope::Read, &site)?;
    let draft = collector.store.draft(&site, &id).await?.ok_or(Error::NotFound)?;
    let etag = tagged(&draft.etag);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let fields = [
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::LAST_MODIFIED, http_date(draft.at)),
    ];
    if known.is_some_and(|known| known.split(',').any(|it| bare(it) == draft.etag)) {
        return Ok((StatusCode::NOT_MODIFIED, fields).into_response());
    }
    Ok((fields, draft.text).into_response())
}

/// Saves the file that is being edited. `If-Match` names the one that it takes the place of; without it, it is a new
/// survey's.
#[utoipa::path(put, path = "/v1/sites/{site}/surveys/{id}/draft", tag = "publishing",
    security(("token" = ["edit"])), request_body(content = String, content_type = "application/json"),
    params(("site" = String, Path), ("id" = String, Path, description = "the survey")), responses(
    (status = 200, description = "it is saved", body = Saved),
    (status = 201, description = "it is the first one of a new survey", body = Saved),
    (status = 400, description = "not UTF-8", body = Refusal),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such site, or not for the sender", body = Refusal),
    (status = 409, description = "the survey is a file of `--surveys`", body = Refusal),
    (status = 412, description = "another one stands there: `draft` holds it", body = Changed),
    (status = 413, description = "larger than 256 KiB", body = Refusal),
    (status = 422, description = "the id is none that a survey can have", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn save_draft(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id)): PathSegment<(String, String)>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, Error> {
    principal.check(Scope::Edit, &site)?;
    check_id("id", &id)?;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge(LARGEST_BODY_BYTES),
        _ => Error::BrokenBody,
    })?;
    let text = str::from_utf8(byte_order_mark::without_bytes(&body))
        .map_err(|error| Error::NotUtf8(error.valid_up_to()))?;
    if text.contains('\0') {
        // Neither JSON nor anything that a database holds in a text.
        return Err(Error::from(DraftProblem {
            path: "draft".to_owned(),
            message: "must not hold the character U+0000".to_owned(),
        }));
    }
    let found = find(&collector, &site).await?;
    check_managed(&collector, &site, &id)?;
    let expected = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok()).map(bare);
    // RFC 9110, section 13.1.1: whichever there is.
    let standing = match expected {
        Some("*") => collector.store.draft(&site, &id).await?.map(|draft| draft.etag),
        _ => None,
    };
    let expected = standing.as_deref().or(expected);
    let saved = collector.store.save_draft((&site, &id), text, expected, &principal.actor).await?;
    let (status, etag) = match saved {
        DraftOutcome::Created(etag) => (StatusCode::CREATED, etag),
        DraftOutcome::Saved(etag) => (StatusCode::OK, etag),
        DraftOutcome::Changed(draft) => return Ok(changed(*draft)),
        DraftOutcome::Gone => return Err(Error::NothingToMatch),
    };
    let problems =
        compile_to_publish(&id, text, &found.defaults, clock::now()).err().unwrap_or_default();
    let fields = [(header::ETAG, tagged(&etag))];
    Ok((status, fields, Json(Saved { etag, problems })).into_response())
}

/// Refuses to change a survey of the folder, which nobody manages here.
pub(super) fn check_managed(collector: &Collector, site: &str, id: &str) -> Result<(), Error> {
    if site == store::DEFAULT_SITE && collector.definitions.text(id).is_some() {
        return Err(Error::Conflict(format!("{id} {}", super::IS_A_FILE)));
    }
    Ok(())
}

fn reason(code: &str, message: String, field: &str) -> Reason {
    Reason { code: code.to_owned(), message, field: Some(field.to_owned()) }
}

fn changed(Draft { text, etag, at, by }: Draft) -> Response {
    let message = format!("the draft was changed by {by} at {}", at.to_rfc3339());
    let error = reason("changed", message, "If-Match");
    let fields = [(header::ETAG, tagged(&etag))];
    let body = Changed { error, draft: StandingDraft { etag, text, at, by } };
    (StatusCode::PRECONDITION_FAILED, fields, Json(body)).into_response()
}

/// Tells what stands in the way of what should be done with a draft.
pub(super) fn unpublishable(deed: &str, problems: Vec<DraftProblem>) -> Response {
    let message = format!("the survey cannot be {deed}: {} to mend", problems.len());
    let error = reason("invalid_survey", message, "draft");
    let body = Unpublishable { error, problems };
    (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
}

/// Publishes the draft, or an earlier version again. Pages have it within a minute.
#[utoipa::path(post, path = "/v1/sites/{site}/surveys/{id}/publish", tag = "publishing",
    security(("token" = ["publish"])), request_body = Option<Publication>,
    params(("site" = String, Path), ("id" = String, Path, description = "the survey")), responses(
    (status = 200, description = "it runs", body = PublicationReceipt),
    (status = 400, description = "the body is not JSON", body = Refusal),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such survey or version, or not for the sender", body = Refusal),
    (status = 409, description = "it is archived, has as many answers as its limit, or is a file of `--surveys`", body = Refusal),
    (status = 412, description = "`If-Match` names another draft than there is", body = Changed),
    (status = 422, description = "it cannot be asked: `problems` say why", body = Unpublishable),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn publish(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id)): PathSegment<(String, String)>,
    headers: HeaderMap,
    body: super::OptionalBody<Publication>,
) -> Result<Response, Error> {
    principal.check(Scope::Publish, &site)?;
    check_managed(&collector, &site, &id)?;
    let Publication { version, limit } = body.0;
    let limit = limit.map(|limit| {
        limit.map_or(AnswerLimit::default(), |it| AnswerLimit {
            answers: it.answers,
            per_day: it.per_day,
        })
    });
    for (field, limit) in [
        ("limit.answers", limit.and_then(|it| it.answers)),
        ("limit.per_day", limit.and_then(|it| it.per_day)),
    ] {
        if limit.is_some_and(|most| most < 1) {
            let message = "must be 1 or more; leave it out for no limit".to_owned();
            return Err(Error::from(DraftProblem { path: field.to_owned(), message }));
        }
    }
    let found = find(&collector, &site).await?;
    let expected = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok()).map(bare);
    // A star stands for whichever there is.
    let expected = expected.filter(|expected| *expected != "*");
    let edition = match version {
        Some(version) => Edition::Version(version, expected),
        None => Edition::Draft(expected),
    };
    let make = |source: &str, number: i64| -> Result<store::PublishedSurvey, Vec<DraftProblem>> {
        let compiled = compile_to_publish(&id, source, &found.defaults, clock::now())?;
        Ok(compiled.publish(&site, number))
    };
    let published =
        collector.store.publish((&site, &id), edition, limit, &principal.actor, make).await?;
    match published {
        Ok(version) => {
            collector.hear_of_change().await;
            let state = sondeo_api::SurveyState::Running;
            Ok(Json(PublicationReceipt { id, state, version: Some(version) }).into_response())
        }
        Err(Obstacle::Refused(problems)) => Ok(unpublishable("published", problems)),
        Err(Obstacle::NotFound) => {
            let managed = collector.store.managed_survey(&site, &id).await?;
            Err(match (version, managed) {
                (Some(version), Some(managed)) => {
                    Error::NoSuchVersion { version, latest: managed.version }
                }
                _ => Error::NotFound,
            })
        }
        Err(Obstacle::Changed(draft)) => Ok(changed(*draft)),
        Err(Obstacle::State(state)) => Err(in_the_way(&id, "published", state)),
        Err(Obstacle::Full(answers)) => Err(full(&id, answers)),
    }
}

pub(super) fn in_the_way(id: &str, deed: &str, state: SurveyState) -> Error {
    let hint = match state {
        SurveyState::Draft => "publish it first",
        SurveyState::Archived => "restore it first",
        SurveyState::Ended => "publish it again, or resume it",
        SurveyState::Running | SurveyState::Paused => "there is nothing to do",
    };
    let state = state.as_str();
    Error::Conflict(format!("{id} cannot be {deed} while it is {state}: {hint}"))
}

fn full(id: &str, answers: i64) -> Error {
    Error::Conflict(format!(
        "{id} has {answers} answers, as many as its limit allows: publish it with a higher one"
    ))
}

macro_rules! steps {
    ($($(#[$about:meta])* $name:ident $path:literal $scope:ident $step:ident $done:literal;)+) => {$(
        $(#[$about])*
        #[utoipa::path(post, path = $path, tag = "publishing", security(("token" = ["publish"])),
            params(("site" = String, Path), ("id" = String, Path, description = "the survey")), responses(
            (status = 200, description = "done, or it was so already", body = PublicationReceipt),
            (status = 401, description = "no token", body = Refusal),
            (status = 403, description = "a token for something else", body = Refusal),
            (status = 404, description = "no such survey, or not for the sender", body = Refusal),
            (status = 409, description = "it cannot be done in this state, or is a file of `--surveys`", body = Refusal),
            (status = 503, description = "the database does not answer", body = Refusal),
        ))]
        async fn $name(
            State(collector): State<Arc<Collector>>,
            principal: Principal,
            PathSegment((site, id)): PathSegment<(String, String)>,
        ) -> Result<Json<PublicationReceipt>, Error> {
            take(&collector, &principal, (&site, id), Step::$step, $done).await
        }
    )+};
}

steps! {
    /// Takes a survey off its pages, within a minute. Answers that come late are stored.
    pause "/v1/sites/{site}/surveys/{id}/pause" Publish Pause "paused";
    /// Puts a survey back on its pages.
    resume "/v1/sites/{site}/surveys/{id}/resume" Publish Resume "resumed";
    /// Takes a survey off its pages for good.
    end "/v1/sites/{site}/surveys/{id}/end" Publish End "ended";
    /// Puts a survey aside.
    archive "/v1/sites/{site}/surveys/{id}/archive" Publish Archive "archived";
    /// Takes a survey back from there: paused, or as a draft.
    restore "/v1/sites/{site}/surveys/{id}/restore" Publish Restore "restored";
}

async fn take(
    collector: &Collector,
    principal: &Principal,
    (site, id): (&str, String),
    step: Step,
    done: &str,
) -> Result<Json<PublicationReceipt>, Error> {
    principal.check(Scope::Publish, site)?;
    check_managed(collector, site, &id)?;
    match collector.store.step((site, &id), step, &principal.actor).await? {
        Ok(state) => {
            collector.hear_of_change().await;
            let managed = collector.store.managed_survey(site, &id).await?;
            let version = managed.map(|it| it.version).filter(|version| *version > 0);
            Ok(Json(PublicationReceipt { id, state: state.into(), version }))
        }
        Err(Obstacle::State(state)) => Err(in_the_way(&id, done, state)),
        Err(Obstacle::Full(answers)) => Err(full(&id, answers)),
        Err(Obstacle::NotFound | Obstacle::Changed(_)) => Err(Error::NotFound),
        Err(Obstacle::Refused(never)) => match never {},
    }
}

fn version_of(version: store::PublishedVersion, with_source: bool) -> Version {
    Version {
        version: version.version,
        published_at: version.at,
        published_by: version.by,
        restored: Some(version.restored).filter(|restored| *restored > 0),
        source: with_source.then_some(version.source),
    }
}

/// Who published what, the latest first.
#[utoipa::path(get, path = "/v1/sites/{site}/surveys/{id}/versions", tag = "publishing",
    security(("token" = ["read"])),
    params(("site" = String, Path), ("id" = String, Path, description = "the survey")), responses(
    (status = 200, description = "its versions", body = Versions),
    (status = 401, description = "no token", body = Refusal),
    (status = 404, description = "no such survey, or not for the sender", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn versions(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id)): PathSegment<(String, String)>,
) -> Result<Json<Versions>, Error> {
    principal.check(Scope::Read, &site)?;
    let known = collector.store.managed_survey(&site, &id).await?;
    known.ok_or(Error::NotFound)?;
    let versions = collector.store.versions(&site, &id).await?.into_iter();
    Ok(Json(Versions { versions: versions.map(|it| version_of(it, false)).collect() }))
}

/// One version, with the file as its author wrote it.
#[utoipa::path(get, path = "/v1/sites/{site}/surveys/{id}/versions/{version}", tag = "publishing",
    security(("token" = ["read"])),
    params(
        ("site" = String, Path),
        ("id" = String, Path, description = "the survey"),
        ("version" = i64, Path, description = "its number"),
    ), responses(
    (status = 200, description = "the version", body = Version),
    (status = 401, description = "no token", body = Refusal),
    (status = 404, description = "no such version, or not for the sender", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn version(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id, number)): PathSegment<(String, String, String)>,
) -> Result<Json<Version>, Error> {
    principal.check(Scope::Read, &site)?;
    let number = number.parse().map_err(|_| Error::NotFound)?;
    let found = collector.store.version(&site, &id, number).await?;
    Ok(Json(version_of(found.ok_or(Error::NotFound)?, true)))
}

/// An entity tag without its quotes.
fn bare(tag: &str) -> &str {
    tag.trim().trim_start_matches("W/").trim_matches('"')
}

fn tagged(etag: &str) -> HeaderValue {
    HeaderValue::try_from(format!("\"{etag}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// RFC 9110, section 5.6.7.
fn http_date(at: Timestamp) -> HeaderValue {
    let at = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    let text = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
