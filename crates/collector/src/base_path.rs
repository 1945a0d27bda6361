//! Below which path visitors reach the collector, where a proxy gives it a part of a host.
//!
//! Pages and redirects need no such path: all of their addresses are relative. A cookie does, so that no other
//! application of the host is sent it; and a proxy may leave the path in what it passes on.

use crate::Collector;
use crate::limits::ConnectionAddress;
use axum::Router;
use axum::extract::{FromRequestParts, Request};
use axum::http::Uri;
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use tower::ServiceExt;

/// A path without a slash at its end, such as `/surveys`; empty for the root of a host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BasePath(String);

/// The text is no path below which something can be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidBasePath(String);

impl fmt::Display for InvalidBasePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} is not a path (try \"/surveys\")", self.0)
    }
}

impl std::error::Error for InvalidBasePath {}

impl FromStr for BasePath {
    type Err = InvalidBasePath;

    fn from_str(text: &str) -> Result<Self, InvalidBasePath> {
        let path = text.trim_end_matches('/');
        // A part that is empty could make another host of what begins with it, and one of dots another path.
        let is_plain = |part: &str| {
            let is_word = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
            !part.is_empty() && part.chars().all(is_word) && !part.chars().all(|c| c == '.')
        };
        let parts = path.strip_prefix('/').map(|parts| parts.split('/').all(is_plain));
        match parts {
            Some(true) => Ok(Self(path.to_owned())),
            None if text.is_empty() => Ok(Self::default()),
            None | Some(false) if text == "/" => Ok(Self::default()),
            _ => Err(InvalidBasePath(text.to_owned())),
        }
    }
}

impl BasePath {
    /// The path; empty for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the root of the host.
    pub(crate) fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The address without this path in front; none where it does not stand there.
    fn strip(&self, uri: &Uri) -> Option<Uri> {
        let rest = uri.path().strip_prefix(&self.0)?;
        if self.is_root() || !(rest.is_empty() || rest.starts_with('/')) {
            return None;
        }
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        let rest = if rest.is_empty() { "/" } else { rest };
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(format!("{rest}{query}")).ok()?);
        Uri::from_parts(parts).ok()
    }
}

impl FromRequestParts<Arc<Collector>> for BasePath {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        collector: &Arc<Collector>,
    ) -> Result<Self, Infallible> {
        Ok(of(parts, collector))
    }
}

/// What `--base-path` says, else the `X-Forwarded-Prefix` of a proxy that is trusted.
pub(crate) fn of(parts: &Parts, collector: &Collector) -> BasePath {
    if !collector.base_path.is_root() {
        return collector.base_path.clone();
    }
    let sender = parts.extensions.get::<ConnectionAddress>();
    let prefix = sender
        .filter(|ConnectionAddress(address)| collector.proxies.trust(*address))
        .and_then(|_| parts.headers.get("x-forwarded-prefix"));
    prefix.and_then(|prefix| prefix.to_str().ok()?.parse().ok()).unwrap_or_default()
}

/// The same interface below the path as well, for proxies that leave it in what they pass on.
pub(crate) fn below(path: &BasePath, router: Router) -> Router {
    if path.is_root() {
        return router;
    }
    let path = path.clone();
    let router = router.map_request(move |mut request: Request| {
        if let Some(uri) = path.strip(request.uri()) {
            *request.uri_mut() = uri;
        }
        request
    });
    // Outside of the other router: its own layers are asked after it has looked at the path.
    Router::new().fallback_service(router)
}

#[cfg(test)]
mod tests {
    use super::BasePath;

    #[test]
    fn a_path_is_one() {
        for (text, path) in [("/surveys", "/surveys"), ("/a/b.c/", "/a/b.c"), ("/", ""), ("", "")] {
            assert_eq!(text.parse::<BasePath>().map(|it| it.0), Ok(path.to_owned()));
        }
        for text in ["surveys", "//evil.example", "/a//b", "/..", "/a/../b", "/a b", "/a?b", "/\"x"]
        {
            let error = text.parse::<BasePath>().expect_err(text).to_string();
            assert_eq!(error, format!("{text:?} is not a path (try \"/surveys\")"));
        }
    }

    #[test]
    fn what_stands_below_it_loses_it() {
        let base: BasePath = "/surveys".parse().expect("a path");
        let strip = |uri: &str| base.strip(&uri.parse().expect("a URI")).map(|uri| uri.to_string());
        assert_eq!(strip("/surveys/v1/x?a=b").as_deref(), Some("/v1/x?a=b"));
        assert_eq!(strip("/surveys").as_deref(), Some("/"));
        assert_eq!(strip("/surveys?a").as_deref(), Some("/?a"));
        assert_eq!(strip("/surveysx/v1"), None);
        assert_eq!(strip("/v1/surveys/"), None);
    }
}
