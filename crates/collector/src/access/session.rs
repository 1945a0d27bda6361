//! The dashboard's login: a password for a cookie that no script can read.

use super::tokens::{self, hash};
use crate::limits::Peer;
use crate::{Collector, Error, clock};
use axum::Json;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sondeo_model::Timestamp;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Seconds that a session lasts.
const LIFETIME: i64 = 7 * 24 * 3_600;

/// The login, and the way out.
pub(crate) fn routes() -> OpenApiRouter<Arc<Collector>> {
    OpenApiRouter::new().routes(routes!(log_in, show, log_out)).routes(routes!(follow))
}

/// What a person types.
#[derive(Deserialize, ToSchema)]
struct Credentials {
    /// The name that `sondeo-collector user` was given.
    user: String,
    /// The password.
    password: String,
}

/// Who is logged in.
#[derive(Debug, Serialize, ToSchema)]
struct Who {
    user: String,
}

/// Begins a session: the answer sets its cookie.
#[utoipa::path(post, path = "/v1/session", tag = "dashboard", request_body = Credentials, responses(
    (status = 204, description = "logged in; the cookie holds the session"),
    (status = 400, description = "the body is not JSON", body = crate::error::Refusal),
    (status = 401, description = "no such name and password", body = crate::error::Refusal),
    (status = 403, description = "sent by a page of another origin", body = crate::error::Refusal),
    (status = 429, description = "too many attempts", body = crate::error::Refusal),
))]
async fn log_in(
    State(collector): State<Arc<Collector>>,
    peer: Peer,
    request: Request,
) -> Result<Response, Error> {
    check_same_origin(request.headers())?;
    collector.limits.check_login(peer.address())?;
    let Json(credentials) = Json::<Credentials>::from_request(request, &collector)
        .await
        .map_err(|_| Error::InvalidLogin)?;
    let known = collector.store.password(&credentials.user).await?;
    if !collector.passwords.check(credentials.password, known).await {
        tracing::warn!(user = credentials.user, "a login failed");
        return Err(Error::WrongPassword);
    }
    let cookie = begin(&collector, &credentials.user).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Who is logged in.
#[utoipa::path(get, path = "/v1/session", tag = "dashboard", responses(
    (status = 200, description = "somebody is", body = Who),
    (status = 401, description = "nobody is", body = crate::error::Refusal),
))]
async fn show(
    State(collector): State<Arc<Collector>>,
    request: Request,
) -> Result<Json<Who>, Error> {
    let (parts, _) = request.into_parts();
    let user = person(&collector, &parts).await?.ok_or(Error::Unauthorized)?;
    Ok(Json(Who { user }))
}

/// Ends the session.
#[utoipa::path(delete, path = "/v1/session", tag = "dashboard", responses(
    (status = 204, description = "logged out"),
    (status = 403, description = "sent by a page of another origin", body = crate::error::Refusal),
))]
async fn log_out(
    State(collector): State<Arc<Collector>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    check_same_origin(&headers)?;
    if let Some(session) = cookie(&collector, &headers) {
        collector.store.end_session(&hash(session)).await?;
    }
    let expired = set_cookie(&collector, "", 0)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, expired)]).into_response())
}

/// A link that opens the dashboard once.
#[utoipa::path(get, path = "/v1/session/{code}", tag = "dashboard",
    params(("code" = String, Path, description = "what `serve --link` printed")), responses(
    (status = 303, description = "logged in, and on to the dashboard"),
    (status = 401, description = "the link was used before, or never given", body = crate::error::Refusal),
    (status = 429, description = "too many attempts", body = crate::error::Refusal),
))]
async fn follow(
    State(collector): State<Arc<Collector>>,
    peer: Peer,
    Path(code): Path<String>,
) -> Result<Response, Error> {
    collector.limits.check_login(peer.address())?;
    if !collector.links.take(&code) {
        return Err(Error::WrongLink);
    }
    let cookie = begin(&collector, "link").await?;
    let headers =
        [(header::SET_COOKIE, cookie), (header::LOCATION, HeaderValue::from_static("/dashboard/"))];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// A new session has a new id, whatever cookie came along.
async fn begin(collector: &Collector, person: &str) -> Result<HeaderValue, Error> {
    let session = tokens::random("").map_err(|error| {
        tracing::error!(%error, "no session");
        Error::Internal
    })?;
    let until = Timestamp::from_millis(clock::now().as_millis() + LIFETIME * 1_000);
    collector.store.begin_session(&hash(&session), person, until).await?;
    tracing::info!(person, "logged in");
    set_cookie(collector, &session, LIFETIME)
}

/// `__Host-` ties the cookie to https and this host; a browser refuses it on http.
fn cookie_name(collector: &Collector) -> &'static str {
    if collector.https { "__Host-sondeo" } else { "sondeo" }
}

fn set_cookie(collector: &Collector, value: &str, seconds: i64) -> Result<HeaderValue, Error> {
    let name = cookie_name(collector);
    let secure = if collector.https { "; Secure" } else { "" };
    let cookie =
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::try_from(cookie).map_err(|_| Error::Internal)
}

fn cookie<'a>(collector: &Collector, headers: &'a HeaderMap) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == cookie_name(collector) && !value.is_empty())
        .map(|(_, value)| value)
}

/// Whose session the request belongs to.
pub(super) async fn person(collector: &Collector, parts: &Parts) -> Result<Option<String>, Error> {
    match cookie(collector, &parts.headers) {
        Some(session) => Ok(collector.store.session(&hash(session)).await?),
        None => Ok(None),
    }
}

/// What changes something on the strength of a cookie, or gives one, must be sent by a page of ours.
///
/// Browsers say where a request comes from: in `Sec-Fetch-Site`, and in `Origin` for every method but
/// GET and HEAD. Whatever sends neither is no browser, and has no cookie that it was not given.
pub(super) fn check_same_origin(headers: &HeaderMap) -> Result<(), Error> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return Err(Error::ForeignPage);
    }
    match headers.get(header::ORIGIN) {
        Some(origin) if !crate::cors::is_our_own(origin, headers) => Err(Error::ForeignPage),
        _ => Ok(()),
    }
}
