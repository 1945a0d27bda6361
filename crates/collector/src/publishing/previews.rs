//! Previews: a draft as it would run, for whoever has a key that an editor made, and the answers that are given to try it.
//!
//! Nothing of a draft is public without such a key, and what is answered here is no response.

use super::compile::compile;
use super::surveys::{check_managed, in_the_way, unpublishable};
use crate::access::{Principal, previews};
use crate::endings::Ways;
use crate::error::Refusal;
use crate::limits::Peer;
use crate::payload::{self, Payload, Written};
use crate::responses::{Admitted, Receipt, admit};
use crate::segment::PathSegment;
use crate::store::{Obstacle, Preview, Scope, StoreError, Submission, TestOutcome};
use crate::{Collector, Error, clock, cors, crawlers, openapi};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::RawValue;
use sondeo_api::{PreviewKey, Unpublishable};
use sondeo_model::{Status, Timestamp};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

/// How long a key works.
const LIFETIME_MS: i64 = 3_600_000;

pub(crate) fn routes() -> OpenApiRouter<Arc<Collector>> {
    OpenApiRouter::new()
        .routes(routes!(make))
        .routes(routes!(list_tests, remove_tests))
        .routes(routes!(show))
}

/// What pages send to, which needs no small body and has a preflight.
pub(crate) fn writing_routes() -> OpenApiRouter<Arc<Collector>> {
    OpenApiRouter::new().routes(routes!(receive).map(|it| it.options(cors::preflight)))
}

/// Makes a key by which the draft is read, as it is at that moment, and answered to try it. It works for an hour, and not
/// after the survey was archived or its site removed.
#[utoipa::path(post, path = "/v1/sites/{site}/surveys/{id}/preview", tag = "publishing",
    security(("token" = ["edit"])),
    params(("site" = String, Path), ("id" = String, Path, description = "the survey")), responses(
    (status = 201, description = "the key, which is shown once", body = PreviewKey),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such survey, or not for the sender", body = Refusal),
    (status = 409, description = "it is archived, or a file of `--surveys`", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn make(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id)): PathSegment<(String, String)>,
) -> Result<(StatusCode, Json<PreviewKey>), Error> {
    principal.check(Scope::Edit, &site)?;
    check_managed(&collector, &site, &id)?;
    let (key, sha256) = previews::make()?;
    let expires = Timestamp::from_millis(clock::now().as_millis() + LIFETIME_MS);
    let actor = &principal.actor;
    match collector.store.add_preview_key((&site, &id), &sha256, expires, actor).await? {
        Ok(()) => Ok((StatusCode::CREATED, Json(PreviewKey { key, expires }))),
        Err(Obstacle::State(state)) => Err(in_the_way(&id, "previewed", state)),
        Err(_) => Err(Error::NotFound),
    }
}

/// The draft as pages would read it if it were published now; the number of its version is the one that it would have.
/// Every page with the key reads it, and nothing keeps it.
#[utoipa::path(get, path = "/sites/{site}/previews/{file}", tag = "widget",
    params(
        ("site" = String, Path, description = "the site's key"),
        ("file" = String, Path, description = "the preview's key and `.json`"),
    ), responses(
    (status = 200, description = "the survey file", content_type = "application/json", body = String),
    (status = 400, description = "the address holds what no name can", body = Refusal),
    (status = 404, description = "the preview is over, or was never made", body = Refusal),
    (status = 422, description = "it cannot be asked: `problems` say why", body = Unpublishable),
    (status = 429, description = "too many guesses from this address", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn show(
    State(collector): State<Arc<Collector>>,
    peer: Peer,
    PathSegment((site, file)): PathSegment<(String, String)>,
) -> Response {
    let file = draft(&collector, peer, (&site, &file)).await;
    let mut response = file.unwrap_or_else(IntoResponse::into_response);
    let headers = response.headers_mut();
    for (name, value) in [
        // Neither a draft nor its address belongs into anybody's index.
        (HeaderName::from_static("x-robots-tag"), "noindex"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}

async fn draft(
    collector: &Collector,
    peer: Peer,
    (site, file): (&str, &str),
) -> Result<Response, Error> {
    let key = file.strip_suffix(".json").ok_or(Error::NotFound)?;
    let (_, preview) = find(collector, peer, (site, key)).await?;
    let Preview { survey, draft, version, defaults } = preview;
    Ok(match compile(&survey, &draft, &defaults) {
        Ok(compiled) => {
            let body = compiled.publish(site, version).body;
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        Err(problems) => unpublishable("shown", problems),
    })
}

/// The draft that a key opens, and the key's hash.
async fn find(
    collector: &Collector,
    peer: Peer,
    (site, key): (&str, &str),
) -> Result<([u8; 32], Preview), Error> {
    let look = async |sha256: [u8; 32]| -> Result<Option<([u8; 32], Preview)>, StoreError> {
        let found = collector.store.preview(site, &sha256).await?;
        Ok(found.map(|preview| (sha256, preview)))
    };
    previews::open(collector, peer, key, look).await
}

/// Takes an answer that is given to try the draft: a response as `/v1/responses` takes it, which counts for nothing, is in no
/// export, and goes to no destination. A showing without an answer is acknowledged and not kept.
#[utoipa::path(post, path = "/sites/{site}/previews/{key}/responses", tag = "widget",
    params(
        ("site" = String, Path, description = "the site's key"),
        ("key" = String, Path, description = "the preview's key"),
    ),
    request_body(content((openapi::Response = "application/json"), (String = "text/plain"))), responses(
    (status = 200, description = "had been stored before, or holds no answer and is not stored", body = Receipt),
    (status = 201, description = "stored", body = Receipt),
    (status = 400, description = "not UTF-8, not JSON, or broken off", body = Refusal),
    (status = 404, description = "the preview is over, or was never made", body = Refusal),
    (status = 408, description = "it took too long", body = Refusal),
    (status = 413, description = "larger than 256 KiB", body = Refusal),
    (status = 415, description = "of another type", body = Refusal),
    (status = 422, description = "not a response, or of another survey or site; `field` says where", body = Refusal),
    (status = 429, description = "too many from this address", body = Refusal),
    (status = 503, description = "too many wait, or the database does not answer", body = Refusal),
))]
async fn receive(
    State(collector): State<Arc<Collector>>,
    peer: Peer,
    PathSegment((site, key)): PathSegment<(String, String)>,
    request: Request,
) -> Result<(StatusCode, Json<Receipt>), Error> {
    let Admitted { parts, mut room, bytes } = admit(&collector, peer, request).await?;
    let (sha256, preview) = find(&collector, peer, (&site, &key)).await?;
    if payload::check_type(&parts.headers)? == Written::Form {
        return Err(Error::UnsupportedMediaType(
            "a preview takes answers as JSON: the content type must be application/json or text/plain",
        ));
    }
    let response = match payload::split(bytes?)? {
        Payload::One(bytes) => payload::parse_alone(bytes, &mut room).await?,
        Payload::Many(_) => {
            let message =
                "a preview takes one response at a time, as a JSON object; an array was sent";
            return Err(Error::InvalidResponse { field: None, message: message.to_owned() });
        }
    };
    // The address says it, too.
    let own_site = response.site.as_deref().unwrap_or(&site);
    for (field, given, wanted) in
        [("survey", &*response.survey, &*preview.survey), ("site", own_site, &*site)]
    {
        if given != wanted {
            let message =
                format!("{field} must be {wanted:?}, whose preview this is; it is {given:?}");
            return Err(Error::InvalidResponse { field: Some(field.to_owned()), message });
        }
    }
    let id = response.id;
    if matches!(response.status, Status::Shown | Status::Dismissed) {
        return Ok((StatusCode::OK, Json(Receipt::new(id, false))));
    }
    let Preview { survey, draft, defaults, .. } = preview;
    let compiled = match response.status {
        Status::Completed => compile(&survey, &draft, &defaults).ok(),
        _ => None,
    };
    let ending = compiled.and_then(|it| Ways::of(&it.definition)?.ending(&response));
    let sender = crawlers::sender(&parts.headers);
    let submission = Submission { response, sender, counts_for: None, ending };
    // In a task of its own: who has answered and left closes the connection, and the answer is here all the same.
    let keeping = tokio::spawn(async move {
        let _held = room;
        collector.store.keep_test((&site, &survey), &sha256, submission).await
    });
    let kept = keeping.await.map_err(|error| {
        tracing::error!(%error, "an answer to a preview was not kept");
        Error::Internal
    })?;
    match kept? {
        TestOutcome::Stored => Ok((StatusCode::CREATED, Json(Receipt::new(id, true)))),
        TestOutcome::Known => Ok((StatusCode::OK, Json(Receipt::new(id, true)))),
        TestOutcome::Over => Err(Error::PreviewOver),
    }
}

/// Answers that were given to try a draft.
#[derive(Debug, Serialize, ToSchema)]
struct TestListing {
    #[schema(value_type = Vec<openapi::TestResponse>)]
    responses: Vec<Box<RawValue>>,
}

/// The answers that were given to try the draft: the highest revision of each, newest first; up to 100 of the last seven days.
#[utoipa::path(get, path = "/v1/sites/{site}/surveys/{id}/test-responses", tag = "publishing",
    security(("token" = ["read"])),
    params(("site" = String, Path), ("id" = String, Path, description = "the survey")), responses(
    (status = 200, description = "all of them", body = TestListing),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such survey, or not for the sender", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn list_tests(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id)): PathSegment<(String, String)>,
) -> Result<Json<TestListing>, Error> {
    principal.check(Scope::Read, &site)?;
    let store = &collector.store;
    store.managed_survey(&site, &id).await?.ok_or(Error::NotFound)?;
    let marked = |body: String| {
        let inner = body.strip_suffix('}').unwrap_or(&body);
        RawValue::from_string(format!("{inner},\"test\":true}}"))
    };
    let responses = store.test_responses(&site, &id).await?.into_iter().map(marked);
    let responses = responses.collect::<Result<_, _>>().map_err(StoreError::from)?;
    Ok(Json(TestListing { responses }))
}

/// Removes all answers that were given to try the draft.
#[utoipa::path(delete, path = "/v1/sites/{site}/surveys/{id}/test-responses", tag = "publishing",
    security(("token" = ["edit"])),
    params(("site" = String, Path), ("id" = String, Path, description = "the survey")), responses(
    (status = 204, description = "there are none any more"),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such survey, or not for the sender", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn remove_tests(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, id)): PathSegment<(String, String)>,
) -> Result<StatusCode, Error> {
    principal.check(Scope::Edit, &site)?;
    let store = &collector.store;
    store.managed_survey(&site, &id).await?.ok_or(Error::NotFound)?;
    store.remove_test_responses((&site, &id), &principal.actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
