//! The dashboard's login: a password for a cookie that no script can read.

use super::browser::{check_navigation, check_same_origin, is_preview};
use super::devices;
use super::password::Caller;
use super::tokens::{self, hash};
use crate::base_path::BasePath;
use crate::limits::Peer;
use crate::query::{Parameters, parsed};
use crate::segment::PathSegment;
use crate::store::{EVERY_SITE, Role};
use crate::{Collector, Error, LARGEST_SMALL_BODY_BYTES, clock};
use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use serde::{Deserialize, Serialize};
use sondeo_api::Credentials;
use sondeo_model::Timestamp;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How long a session lasts.
const LIFETIME: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Bytes that a user's name may have.
pub(crate) const LONGEST_NAME_BYTES: usize = 256;
/// Whose the sessions are that a link began.
pub(crate) const LINK: &str = "link";

/// The login, and the way out.
pub(crate) fn routes() -> OpenApiRouter<Arc<Collector>> {
    OpenApiRouter::new().routes(routes!(log_in, show, log_out)).routes(routes!(follow))
}

/// Who is logged in, and what for.
#[derive(Debug, Serialize, ToSchema)]
struct Who {
    user: String,
    roles: Vec<SiteRole>,
}

/// What somebody may do on a site.
#[derive(Debug, Serialize, ToSchema)]
struct SiteRole {
    /// `*` for every site.
    site: String,
    /// `viewer`, `editor`, `publisher` or `owner`.
    role: &'static str,
}

/// Which sessions to end.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
struct LogOutQuery {
    /// `1` ends all sessions of the same person, on every device.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    everywhere: Option<Everywhere>,
}

/// All sessions of a person.
#[derive(Debug, Clone, Copy)]
struct Everywhere;

impl FromStr for Everywhere {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        (text == "1").then_some(Self).ok_or("must be 1; leave it out to end this session alone")
    }
}

/// Begins a session: the answer sets its cookie.
#[utoipa::path(post, path = "/v1/session", tag = "dashboard", request_body = Credentials, responses(
    (status = 204, description = "logged in; the cookie holds the session"),
    (status = 400, description = "the body is not JSON", body = crate::error::Refusal),
    (status = 401, description = "no such name and password", body = crate::error::Refusal),
    (status = 403, description = "sent by a page of another origin", body = crate::error::Refusal),
    (status = 413, description = "larger than 8 KiB", body = crate::error::Refusal),
    (status = 429, description = "too many attempts, from this address or for this user", body = crate::error::Refusal),
    (status = 503, description = "too many log in at once, or the database does not answer", body = crate::error::Refusal),
))]
async fn log_in(
    State(collector): State<Arc<Collector>>,
    peer: Peer,
    base: BasePath,
    request: Request,
) -> Result<Response, Error> {
    // First of all: a page of somebody else's must not use up what its visitors may try.
    check_same_origin(request.headers())?;
    let cookies = cookies_of(request.headers());
    let Json(Credentials { user, password }) =
        Json::<Credentials>::from_request(request, &collector).await.map_err(|rejection| {
            match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge(LARGEST_SMALL_BODY_BYTES),
                _ => Error::InvalidLogin,
            }
        })?;
    // Nobody else uses up what is tried from a browser in which this user has logged in before: neither strangers from
    // everywhere nor those behind the same address. Those do not use up what its users may try either.
    let device = devices::known(&collector, (&base, &cookies), peer, &user).await?;
    let caller = if let Some(device) = &device {
        collector.limits.check_device(device)?;
        Caller::Familiar
    } else if collector.familiar.knows(&user, peer.network()) {
        collector.limits.check_familiar(&user, peer)?;
        Caller::Familiar
    } else {
        collector.limits.check_login(peer)?;
        collector.limits.check_account(shortened(&user))?;
        Caller::Stranger
    };
    let known = match is_name(&user) {
        true => collector.store.password(&user).await?,
        false => None,
    };
    let exists = known.is_some();
    if !collector.passwords.check(caller, password, known).await? {
        // Passwords are typed in the place of names; what is nobody's name is not written down.
        let user = if exists { user.as_str() } else { "(unknown)" };
        tracing::warn!(user, address = %peer.ip(), "a login failed");
        return Err(Error::WrongPassword);
    }
    collector.familiar.remember(&user, peer.network());
    let jar = begin(&collector, &base, &user, peer).await?;
    let mut response = (StatusCode::NO_CONTENT, jar).into_response();
    if let Some(cookie) = devices::remember(&collector, (&base, &cookies), device, &user).await {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// What is left of a request when its body is read.
fn cookies_of(headers: &HeaderMap) -> HeaderMap {
    let cookies = headers.get_all(header::COOKIE).iter();
    cookies.map(|value| (header::COOKIE, value.clone())).collect()
}

/// Whether the command `user` takes it.
pub(super) fn is_name(user: &str) -> bool {
    (1..=LONGEST_NAME_BYTES).contains(&user.len()) && !user.chars().any(char::is_control)
}

/// As much of it as is worth counting by.
fn shortened(user: &str) -> &str {
    user.get(..LONGEST_NAME_BYTES).unwrap_or(if user.len() > LONGEST_NAME_BYTES {
        ""
    } else {
        user
    })
}

/// Who is logged in.
#[utoipa::path(get, path = "/v1/session", tag = "dashboard", responses(
    (status = 200, description = "somebody is", body = Who),
    (status = 401, description = "nobody is", body = crate::error::Refusal),
))]
async fn show(
    State(collector): State<Arc<Collector>>,
    peer: Peer,
    base: BasePath,
    headers: HeaderMap,
) -> Result<Json<Who>, Error> {
    let user = person(&collector, (&base, &headers), peer).await?.ok_or(Error::Unauthorized)?;
    let mut roles: Vec<SiteRole> = Vec::new();
    if user == LINK {
        roles.push(SiteRole { site: EVERY_SITE.to_owned(), role: Role::Owner.as_str() });
    }
    for it in collector.store.roles_of(&user).await? {
        roles.push(SiteRole { site: it.site, role: it.role.as_str() });
    }
    Ok(Json(Who { user, roles }))
}

/// Ends the session.
#[utoipa::path(delete, path = "/v1/session", tag = "dashboard", params(LogOutQuery), responses(
    (status = 204, description = "logged out"),
    (status = 403, description = "sent by a page of another origin", body = crate::error::Refusal),
))]
async fn log_out(
    State(collector): State<Arc<Collector>>,
    peer: Peer,
    base: BasePath,
    Parameters(query): Parameters<LogOutQuery>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    check_same_origin(&headers)?;
    if query.everywhere.is_some()
        && let Some(person) = person(&collector, (&base, &headers), peer).await?
    {
        collector.store.end_sessions(&person).await?;
    } else if let Some(session) = session_of(&collector, &base, &headers) {
        collector.store.end_session(&hash(&session)).await?;
    }
    let expired = session_cookie(&collector, &base, String::new(), Duration::ZERO);
    Ok((StatusCode::NO_CONTENT, CookieJar::new().add(expired)).into_response())
}

/// A link that opens the dashboard once.
#[utoipa::path(get, path = "/v1/session/{code}", tag = "dashboard",
    params(("code" = String, Path, description = "what `serve --link` printed")), responses(
    (status = 204, description = "a program looks ahead: the link is good, and stays so"),
    (status = 303, description = "logged in, and on to the dashboard"),
    (status = 400, description = "the code is no text", body = crate::error::Refusal),
    (status = 401, description = "the link was used before, or never given", body = crate::error::Refusal),
    (status = 403, description = "not followed by a person, but loaded by a page", body = crate::error::Refusal),
))]
async fn follow(
    State(collector): State<Arc<Collector>>,
    peer: Peer,
    base: BasePath,
    PathSegment(code): PathSegment,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Error> {
    check_navigation(&headers)?;
    // A code has 192 random bits and is compared in memory: there is nothing to guess, and so no limit that a
    // stranger could use up.
    if is_preview(&method, &headers) {
        let known = collector.links.knows(&code);
        return if known {
            Ok(StatusCode::NO_CONTENT.into_response())
        } else {
            Err(Error::WrongLink)
        };
    }
    if !collector.links.take(&code) {
        return Err(Error::WrongLink);
    }
    let jar = begin(&collector, &base, LINK, peer).await?;
    // Relative: a proxy may serve this below a prefix.
    let location = [(header::LOCATION, HeaderValue::from_static("../../dashboard/"))];
    Ok((StatusCode::SEE_OTHER, jar, location).into_response())
}

/// A new session has a new id, whatever cookie came along.
pub(super) async fn begin(
    collector: &Collector,
    base: &BasePath,
    person: &str,
    peer: Peer,
) -> Result<CookieJar, Error> {
    let session = tokens::random("").map_err(|error| {
        tracing::error!(%error, "no session");
        Error::Internal
    })?;
    let until = clock::now().as_millis() + i64::try_from(LIFETIME.as_millis()).unwrap_or_default();
    let until = Timestamp::from_millis(until);
    collector.store.begin_session(&hash(&session), person, until).await?;
    collector.secrets_seen.sessions.add(&session);
    tracing::info!(person, address = %peer.ip(), "logged in");
    Ok(CookieJar::new().add(session_cookie(collector, base, session, LIFETIME)))
}

/// The value of the cookie of this name. Of several, the first: browsers send that of the longest path first (RFC 6265, 5.4), and
/// another collector at the root of the host may have set one of the same name.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = sent.flat_map(|text| text.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(known, value)| (known.trim() == name).then(|| value.trim()))
}

/// `__Host-` ties the cookie to https and this host; a browser refuses it on http. It is for whole hosts: below a
/// path, `__Secure-` ties it to https, and its path to ours.
fn cookie_name(collector: &Collector, base: &BasePath) -> &'static str {
    match (collector.https, base.is_root()) {
        (true, true) => "__Host-sondeo",
        (true, false) => "__Secure-sondeo",
        (false, _) => "sondeo",
    }
}

fn session_cookie(
    collector: &Collector,
    base: &BasePath,
    value: String,
    lifetime: Duration,
) -> Cookie<'static> {
    let path = if base.is_root() { "/".to_owned() } else { base.as_str().to_owned() };
    let max_age = i64::try_from(lifetime.as_secs()).unwrap_or_default();
    Cookie::build((cookie_name(collector, base), value))
        .path(path)
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(time::Duration::seconds(max_age))
        .secure(collector.https)
        .build()
}

fn session_of(collector: &Collector, base: &BasePath, headers: &HeaderMap) -> Option<String> {
    let session = cookie(headers, cookie_name(collector, base))?;
    (!session.is_empty()).then(|| session.to_owned())
}

/// Whose session the request belongs to.
pub(super) async fn person(
    collector: &Collector,
    (base, headers): (&BasePath, &HeaderMap),
    peer: Peer,
) -> Result<Option<String>, Error> {
    let Some(session) = session_of(collector, base, headers) else { return Ok(None) };
    let seen = &collector.secrets_seen.sessions;
    let limit = || collector.limits.check_guess(peer);
    match seen.admit(&session, limit, async || collector.store.session_hashes().await).await {
        Ok(()) => {}
        // There was none a second ago: somebody's session that is over is so too where a neighbour guesses.
        Err(Error::TooMany(_)) => return Ok(None),
        Err(error) => return Err(error),
    }
    let person = collector.store.session(&hash(&session)).await?;
    if person.is_some() {
        seen.add(&session);
    }
    Ok(person)
}
