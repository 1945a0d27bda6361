//! Which pages may send responses (the Fetch standard's CORS protocol).
//!
//! It covers the writing endpoint and what is open to every page: they take no credentials, so that any origin may be let in.
//! Reading has no headers of this kind, which keeps every page of another origin out.

use crate::{Collector, Error, Origin};
use anyhow::ensure;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::str::FromStr;
use std::sync::Arc;

/// One value of `--origin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OriginRule {
    /// `*`
    Any,
    /// This origin, exactly.
    Exactly(Origin),
}

impl FromStr for OriginRule {
    type Err = <Origin as FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "*" { Ok(Self::Any) } else { text.parse().map(Self::Exactly) }
    }
}

/// The origins whose pages may send responses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// All there are.
    Any,
    /// These, and the collector's own.
    Listed(Vec<Origin>),
}

impl AllowedOrigins {
    /// Joins the rules of a command line.
    ///
    /// # Errors
    /// When `*` stands beside others, which would be meant to restrict it and would not.
    pub fn new(rules: &[OriginRule]) -> anyhow::Result<Self> {
        let mut listed = Vec::new();
        for rule in rules {
            match rule {
                OriginRule::Exactly(origin) => listed.push(origin.clone()),
                OriginRule::Any => {
                    ensure!(
                        rules.len() == 1,
                        "--origin * allows every origin: leave out the others"
                    );
                    return Ok(Self::Any);
                }
            }
        }
        Ok(Self::Listed(listed))
    }

    /// Whether pages of this origin may send where no site says otherwise.
    pub(crate) fn have(&self, origin: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(listed) => listed.iter().any(|listed| listed.as_str() == origin),
        }
    }

    /// The value of `Access-Control-Allow-Origin`; an error for a page that may not send.
    fn judge(
        &self,
        headers: &HeaderMap,
        is_of_a_site: impl FnOnce(&str) -> bool,
    ) -> Result<Option<HeaderValue>, Error> {
        let Self::Listed(listed) = self else { return Ok(Some(HeaderValue::from_static("*"))) };
        let Some(origin) = headers.get(header::ORIGIN) else { return Ok(None) };
        let known = listed.iter().any(|listed| listed.as_str().as_bytes() == origin.as_bytes());
        if known || is_our_own(origin, headers) || origin.to_str().is_ok_and(is_of_a_site) {
            return Ok(Some(origin.clone()));
        }
        Err(Error::ForbiddenOrigin(String::from_utf8_lossy(origin.as_bytes()).into_owned()))
    }
}

/// A page that this collector served sends its origin with a POST as well.
///
/// A proxy may put a name of its own into `Host` (nginx and Apache do, by default). Browsers that say
/// `Sec-Fetch-Site` compared the origins before that; what a proxy took away it may name in `X-Forwarded-Host`. No page
/// can send either of these headers here by itself.
pub(crate) fn is_our_own(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let parts = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    let Some(("http" | "https", authority)) = parts else { return false };
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let forwarded = text("x-forwarded-host").and_then(|hosts| hosts.split(',').next());
    text("host") == Some(authority) || forwarded.map(str::trim) == Some(authority)
}

/// Lets pass what comes from an allowed origin or from no page at all; refuses the rest unread.
pub(crate) async fn guard(
    State(collector): State<Arc<Collector>>,
    request: Request,
    next: Next,
) -> Response {
    let judge = |headers: &HeaderMap| {
        let published = collector.publications.now();
        collector.origins.judge(headers, |origin| published.names_origin(origin))
    };
    let mut verdict = judge(request.headers());
    // Another collector may have made a site of it a moment ago. Where nobody can say, it is not known.
    if verdict.is_err() && collector.look_before_refusing().await.is_ok() {
        verdict = judge(request.headers());
    }
    let (allowed, mut response) = match verdict {
        Ok(allowed) => (allowed, next.run(request).await),
        Err(_) if request.method() == Method::OPTIONS => (None, preflight().await),
        Err(refusal) => (None, refusal.into_response()),
    };
    let headers = response.headers_mut();
    if let Some(allowed) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        // Without this word, no page of another origin reads when it may come again.
        headers
            .insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Retry-After"));
    }
    if matches!(collector.origins, AllowedOrigins::Listed(_)) {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    response
}

/// For what pages of every origin may send, which [`crate::publishing::is_public`] lets them read: also when they may come
/// again.
pub(crate) async fn open(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let exposed = HeaderValue::from_static("Retry-After");
    response.headers_mut().insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    response
}

/// `OPTIONS`: what a page may send, once its origin is allowed.
pub(crate) async fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        // The star is for headers of the page's own (`data-header-NAME`), which older browsers cannot send.
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type, idempotency-key, x-sondeo-key, *"),
        // Two hours, the longest that Chromium remembers.
        (header::ACCESS_CONTROL_MAX_AGE, "7200"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
