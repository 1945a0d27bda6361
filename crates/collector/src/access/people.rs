//! Who may do what on a site, and links by which somebody becomes one of them.

use super::browser::{check_navigation, check_same_origin};
use super::devices;
use super::session::{begin, is_name};
use super::tokens::{self, hash};
use super::{LINK, Principal, hash_password};
use crate::base_path::BasePath;
use crate::error::Refusal;
use crate::limits::Peer;
use crate::publishing::Body;
use crate::segment::PathSegment;
use crate::store::{EVERY_SITE, Role, RoleOutcome, Scope};
use crate::{Collector, Error, LARGEST_SMALL_BODY_BYTES, clock};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sondeo_model::Timestamp;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How long an invitation waits for being used.
const LIFETIME_MS: i64 = 7 * clock::DAY_MS;

pub(crate) fn routes() -> OpenApiRouter<Arc<Collector>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(change, remove))
        .routes(routes!(invite))
        .routes(routes!(invitation, accept))
}

/// What somebody may do.
#[derive(Debug, Serialize, ToSchema)]
struct Person {
    person: String,
    /// `viewer`, `editor`, `publisher` or `owner`.
    role: &'static str,
    /// Whether the role is one on every site.
    everywhere: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct People {
    people: Vec<Person>,
}

/// A role that is given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GivenRole {
    /// `viewer`, `editor`, `publisher` or `owner`.
    role: String,
}

impl GivenRole {
    fn read(&self) -> Result<Role, Error> {
        self.role
            .parse()
            .map_err(|reason: String| Error::Invalid { field: "role".to_owned(), reason })
    }
}

/// Who may do something on a site.
#[utoipa::path(get, path = "/v1/sites/{site}/people", tag = "publishing", security(("token" = ["admin"])),
    params(("site" = String, Path, description = "the site")), responses(
    (status = 200, description = "by name", body = People),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "no such site, or not for the sender", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn list(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment(site): PathSegment,
) -> Result<Json<People>, Error> {
    principal.check(Scope::Admin, &site)?;
    collector.publications.now().site(&site).ok_or(Error::NotFound)?;
    let people = collector.store.people_of(&site).await?.into_iter().map(|it| Person {
        everywhere: it.site == EVERY_SITE,
        person: it.person,
        role: it.role.as_str(),
    });
    Ok(Json(People { people: people.collect() }))
}

/// Gives somebody who is known a role on a site.
#[utoipa::path(put, path = "/v1/sites/{site}/people/{person}", tag = "publishing",
    security(("token" = ["admin"])), request_body = GivenRole,
    params(("site" = String, Path), ("person" = String, Path, description = "the name")), responses(
    (status = 204, description = "done"),
    (status = 400, description = "the body is not JSON", body = Refusal),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else, or for less than the role may", body = Refusal),
    (status = 404, description = "no such site or person, or not for the sender", body = Refusal),
    (status = 409, description = "it is the last owner", body = Refusal),
    (status = 422, description = "not a role", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn change(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, person)): PathSegment<(String, String)>,
    Body(given): Body<GivenRole>,
) -> Result<StatusCode, Error> {
    principal.check(Scope::Admin, &site)?;
    let role = given.read()?;
    let is_site = collector.publications.now().site(&site).is_some();
    if !is_site || collector.store.password(&person).await?.is_none() {
        return Err(Error::NotFound);
    }
    check_gift(&principal, role, &site)?;
    let done =
        collector.store.set_role(&person, &site, Some(role), (&principal.actor, true)).await?;
    if done == RoleOutcome::LastOwner {
        Err(last_owner(&person))
    } else {
        Ok(StatusCode::NO_CONTENT)
    }
}

/// Takes somebody's role on a site away.
#[utoipa::path(delete, path = "/v1/sites/{site}/people/{person}", tag = "publishing",
    security(("token" = ["admin"])),
    params(("site" = String, Path), ("person" = String, Path, description = "the name")), responses(
    (status = 204, description = "done"),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else", body = Refusal),
    (status = 404, description = "nobody of this name has a role on this site alone", body = Refusal),
    (status = 409, description = "it is the last owner", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn remove(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((site, person)): PathSegment<(String, String)>,
) -> Result<StatusCode, Error> {
    principal.check(Scope::Admin, &site)?;
    match collector.store.set_role(&person, &site, None, (&principal.actor, true)).await? {
        RoleOutcome::Changed => Ok(StatusCode::NO_CONTENT),
        RoleOutcome::Unchanged => Err(Error::NotFound),
        RoleOutcome::LastOwner => Err(last_owner(&person)),
    }
}

fn last_owner(person: &str) -> Error {
    Error::Conflict(format!("{person} is the last owner: make somebody else one first"))
}

/// Nobody gives away what they have not.
fn check_gift(principal: &Principal, role: Role, site: &str) -> Result<(), Error> {
    let missing = role.scopes().0.into_iter().find(|scope| !principal.sites(*scope).has(site));
    missing.map_or(Ok(()), |scope| Err(Error::ForbiddenGift(role, scope)))
}

/// A link for somebody new.
#[derive(Debug, Serialize, ToSchema)]
struct Invitation {
    /// The path of a page that asks for a name and a password. It works once, within seven days.
    link: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Makes a link by which somebody new gets a role on a site.
#[utoipa::path(post, path = "/v1/sites/{site}/invitations", tag = "publishing",
    security(("token" = ["admin"])), request_body = GivenRole,
    params(("site" = String, Path, description = "the site")), responses(
    (status = 201, description = "the link, which is shown once", body = Invitation),
    (status = 400, description = "the body is not JSON", body = Refusal),
    (status = 401, description = "no token", body = Refusal),
    (status = 403, description = "a token for something else, or for less than the role may", body = Refusal),
    (status = 404, description = "no such site, or not for the sender", body = Refusal),
    (status = 422, description = "not a role", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn invite(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    base: BasePath,
    PathSegment(site): PathSegment,
    Body(given): Body<GivenRole>,
) -> Result<(StatusCode, Json<Invitation>), Error> {
    principal.check(Scope::Admin, &site)?;
    let role = given.read()?;
    check_gift(&principal, role, &site)?;
    collector.publications.now().site(&site).ok_or(Error::NotFound)?;
    let code = tokens::random("").map_err(|error| {
        tracing::error!(%error, "no invitation");
        Error::Internal
    })?;
    let expires_at = Timestamp::from_millis(clock::now().as_millis() + LIFETIME_MS);
    let told = (&*principal.actor, expires_at);
    collector.store.add_invitation(&hash(&code), &site, role, told).await?;
    let link = format!("{}/v1/invitations/{code}", base.as_str());
    Ok((StatusCode::CREATED, Json(Invitation { link, expires_at })))
}

/// The page takes nothing from anywhere, and goes into no frame.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'";
const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:10vh auto;padding:0 1rem}\
label{display:block;margin:1rem 0 .25rem}input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem}\
button{font:inherit;margin-top:1.5rem;padding:.5rem 1.5rem;min-height:2.75rem}\
[role=alert]{border-left:.25rem solid #c0392b;padding-left:.75rem}:root{color-scheme:light dark}";

/// The page of an invitation: it asks for a name and a password.
#[utoipa::path(get, path = "/v1/invitations/{code}", tag = "dashboard",
    params(("code" = String, Path, description = "what the link ends with")), responses(
    (status = 200, description = "the page", content_type = "text/html", body = String),
    (status = 401, description = "the link was used before, is over, or was never given", content_type = "text/html", body = String),
    (status = 403, description = "not followed by a person, but loaded by a page", body = Refusal),
    (status = 429, description = "too many guesses from this address", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn invitation(
    State(collector): State<Arc<Collector>>,
    peer: Peer,
    PathSegment(code): PathSegment,
    headers: HeaderMap,
) -> Result<Response, Error> {
    check_navigation(&headers)?;
    match invitation_of(&collector, peer, &code).await? {
        Some((site, role)) => Ok(form(StatusCode::OK, &site, role, "", "")),
        None => Ok(over()),
    }
}

/// The site and the role of an invitation that is neither used nor over.
async fn invitation_of(
    collector: &Collector,
    peer: Peer,
    code: &str,
) -> Result<Option<(String, Role)>, Error> {
    let seen = &collector.secrets_seen.invitations;
    let limit = || collector.limits.check_guess(peer);
    seen.admit(code, limit, async || collector.store.invitation_hashes().await).await?;
    let found = collector.store.invitation(&hash(code)).await?;
    if found.is_some() {
        seen.add(code);
    }
    Ok(found)
}

/// Makes somebody a person, and logs them in.
#[utoipa::path(post, path = "/v1/invitations/{code}", tag = "dashboard",
    params(("code" = String, Path, description = "what the link ends with")),
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "`user` and `password`"),
    responses(
    (status = 303, description = "logged in, and on to the dashboard"),
    (status = 401, description = "the link was used before, is over, or was never given", content_type = "text/html", body = String),
    (status = 403, description = "sent by a page of another origin", body = Refusal),
    (status = 413, description = "larger than 8 KiB", body = Refusal),
    (status = 422, description = "the name is taken, or the password too short: the page says so", content_type = "text/html", body = String),
    (status = 429, description = "too many attempts from this address", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
async fn accept(
    State(collector): State<Arc<Collector>>,
    peer: Peer,
    base: BasePath,
    PathSegment(code): PathSegment,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, Error> {
    check_same_origin(&headers)?;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge(LARGEST_SMALL_BODY_BYTES),
        _ => Error::BrokenBody,
    })?;
    let Some((site, role)) = invitation_of(&collector, peer, &code).await? else {
        return Ok(over());
    };
    let field = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(&body);
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    let user = field("user").unwrap_or_default().trim().to_owned();
    let again =
        |problem: &str| Ok(form(StatusCode::UNPROCESSABLE_ENTITY, &site, role, &user, problem));
    if !is_name(&user) || user == LINK {
        return again("A name has 1 to 256 characters in one line.");
    }
    // Each costs some hundredths of a second, as a login does.
    collector.limits.check_login(peer)?;
    let password = field("password").unwrap_or_default();
    let hashed = tokio::task::spawn_blocking(move || hash_password(&password)).await;
    let hashed = match hashed.map_err(|_| Error::Internal)? {
        Ok(hashed) => hashed,
        Err(_) => return again("A password has 8 characters or more."),
    };
    if !collector.store.accept_invitation(&hash(&code), &user, &hashed).await? {
        return match collector.store.invitation(&hash(&code)).await? {
            Some(_) => again("Somebody has this name already: choose another one."),
            None => Ok(over()),
        };
    }
    let jar = begin(&collector, &base, &user, peer).await?;
    // Relative: a proxy may serve this below a prefix.
    let location = [(header::LOCATION, HeaderValue::from_static("../../dashboard/"))];
    let mut response = (StatusCode::SEE_OTHER, jar, location).into_response();
    if let Some(cookie) = devices::remember(&collector, (&base, &headers), None, &user).await {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn form(status: StatusCode, site: &str, role: Role, user: &str, problem: &str) -> Response {
    let problem = match problem {
        "" => String::new(),
        problem => format!("<p role=\"alert\">{problem}</p>"),
    };
    page(
        status,
        "You are invited",
        &format!(
            "<p>You become {role} of the site <b>{site}</b>. Choose a name and a password.</p>{problem}\
             <form method=\"post\"><label for=\"user\">Name</label>\
             <input id=\"user\" name=\"user\" value=\"{user}\" autocomplete=\"username\" maxlength=\"256\" required autofocus>\
             <label for=\"password\">Password, 8 characters or more</label>\
             <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"new-password\" minlength=\"8\" required>\
             <button>Join</button></form>",
            site = crate::hosted::escaped(site),
            user = crate::hosted::escaped(user),
        ),
    )
}

fn over() -> Response {
    let words = "<p>It was used before, or it is older than seven days. Ask whoever sent it for a new one.</p>";
    page(StatusCode::UNAUTHORIZED, "This invitation is over", words)
}

fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<main><h1>{title}</h1>{body}</main>\n</body>\n</html>\n"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        // Without one, browsers say that the form comes from nowhere (`Origin: null`), which is refused.
        (header::REFERRER_POLICY, "same-origin"),
    ];
    (status, headers, page).into_response()
}
