//! Folders of plain files beside the interface: the demo's studio and shop.

use crate::Error;
use anyhow::ensure;
use axum::body::Body;
use axum::extract::Request;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// One value of `--site`: a folder, and where it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedFolder {
    /// Empty for the root, otherwise with a slash in front and none behind: `/shop`.
    prefix: String,
    folder: PathBuf,
}

/// The text is neither `DIR` nor `/prefix=DIR`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidServedFolder(String);

impl fmt::Display for InvalidServedFolder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:?} is not a folder, or a path and a folder (try \"/shop=dist/shop\")",
            self.0
        )
    }
}

impl std::error::Error for InvalidServedFolder {}

impl FromStr for ServedFolder {
    type Err = InvalidServedFolder;

    fn from_str(text: &str) -> Result<Self, InvalidServedFolder> {
        let (prefix, folder) = match text.split_once('=') {
            Some((prefix, folder)) if prefix.starts_with('/') => (prefix, folder),
            _ => ("", text),
        };
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let is_plain = |segment: &str| {
            !segment.is_empty()
                && segment.chars().all(|c| c.is_ascii_alphanumeric() || "-_.~".contains(c))
        };
        if folder.is_empty() || !prefix.split('/').skip(1).all(is_plain) {
            return Err(InvalidServedFolder(text.to_owned()));
        }
        Ok(Self { prefix: prefix.to_owned(), folder: folder.into() })
    }
}

/// The sites, the longest prefix first.
#[derive(Debug, Default)]
pub(crate) struct ServedFolders(Vec<ServedFolder>);

impl ServedFolders {
    pub(crate) fn new(mut sites: Vec<ServedFolder>) -> anyhow::Result<Self> {
        for site in &sites {
            ensure!(site.folder.is_dir(), "--site {}: is not a folder", site.folder.display());
        }
        sites.sort_by_key(|site| std::cmp::Reverse(site.prefix.len()));
        Ok(Self(sites))
    }

    pub(crate) async fn respond(&self, request: Request) -> Result<Response, Error> {
        let path = request.uri().path();
        let below = |site: &&ServedFolder| {
            path.strip_prefix(&site.prefix)
                .is_some_and(|rest| matches!(rest.bytes().next(), None | Some(b'/')))
        };
        let site = self.0.iter().find(below).ok_or(Error::NotFound)?;
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(Error::MethodNotAllowed);
        }
        site.respond(request).await
    }
}

impl ServedFolder {
    async fn respond(&self, mut request: Request) -> Result<Response, Error> {
        let path = request.uri().path();
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        if path == self.prefix {
            return Ok(Redirect::permanent(&format!("{path}/{query}")).into_response());
        }
        let inside = tidied(&path[self.prefix.len()..]).ok_or(Error::NotFound)?;
        let inside = PathAndQuery::try_from(format!("{inside}{query}"));
        *request.uri_mut() = Uri::from(inside.map_err(|_| Error::NotFound)?);
        let files = ServeDir::new(&self.folder).precompressed_br();
        let Ok(response) = files.oneshot(request).await;
        self.finish(response.map(Body::new))
    }

    fn finish(&self, mut response: Response) -> Result<Response, Error> {
        match response.status() {
            StatusCode::NOT_FOUND => return Err(Error::NotFound),
            status if status.is_server_error() => {
                tracing::error!(folder = %self.folder.display(), "a site's file cannot be read");
                return Err(Error::Internal);
            }
            _ => {}
        }
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        // The folder does not know where it is served.
        let location = headers.get(header::LOCATION).and_then(|location| location.to_str().ok());
        if let Some(location) = location.map(|location| format!("{}{location}", self.prefix)) {
            let location = HeaderValue::try_from(location).map_err(|_| Error::NotFound)?;
            headers.insert(header::LOCATION, location);
        }
        Ok(response)
    }
}

/// All but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The path as the folder's files have it: decoded, so that no way to write it hides what it names, and written
/// again in the one way that there is.
///
/// None where it names what was never meant for visitors: something that starts with a dot, at whatever depth. An
/// empty segment is left out, since a redirect to `//dir/` would lead to the host `dir`.
fn tidied(path: &str) -> Option<String> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    if decoded.contains(['\\', '\0']) {
        return None;
    }
    let mut tidied = String::new();
    for segment in decoded.split('/').filter(|segment| !segment.is_empty()) {
        if segment.starts_with('.') {
            return None;
        }
        tidied.push('/');
        tidied.extend(utf8_percent_encode(segment, &RESERVED));
    }
    if decoded.ends_with('/') || tidied.is_empty() {
        tidied.push('/');
    }
    Some(tidied)
}

#[cfg(test)]
mod tests {
    use super::{ServedFolder, tidied};

    #[test]
    fn a_path_is_what_it_names_however_it_is_written() {
        for (path, expected) in [
            ("/", Some("/")),
            ("", Some("/")),
            ("/a/b.js", Some("/a/b.js")),
            ("/a%2fb", Some("/a/b")),
            ("//a//b//", Some("/a/b/")),
            ("/%2f%2fa", Some("/a")),
            ("/a%20b/%C3%A9", Some("/a%20b/%C3%A9")),
            ("/.env", None),
            ("/a%2f.env", None),
            ("/a%2F%2eenv", None),
            ("/a%2f%2fx/%2E%2e/b", None),
            ("/.git%2fconfig", None),
            ("/..", None),
            ("/%5cevil.example", None),
            ("/a\\..\\b", None),
            ("/%ff", None),
            ("/a%00b", None),
            ("/%252e%252e/a", Some("/%252e%252e/a")),
        ] {
            assert_eq!(tidied(path).as_deref(), expected, "{path}");
        }
    }

    #[track_caller]
    fn check(text: &str, prefix: &str, folder: &str) {
        let expected = ServedFolder { prefix: prefix.to_owned(), folder: folder.into() };
        assert_eq!(text.parse(), Ok(expected));
    }

    #[test]
    fn a_folder_with_or_without_a_prefix() {
        check("dist/studio", "", "dist/studio");
        check("/srv/studio", "", "/srv/studio");
        check("/shop=examples/shop", "/shop", "examples/shop");
        check("/a/b/=x=y", "/a/b", "x=y");
        check("/=/srv/a=b", "", "/srv/a=b");
        check("a=b", "", "a=b");
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in ["", "/shop=", "//=x", "/a//b=x", "/a b=x"] {
            assert!(bad.parse::<ServedFolder>().is_err(), "{bad}");
        }
    }
}
