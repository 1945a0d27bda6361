//! `/dashboard/`: the files of the dashboard, which is a single page.

use crate::Error;
use crate::static_files::StaticFiles;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};

/// Its scripts and styles are files of ours; charts need no style of their own.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                      img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

/// The answer to a `GET` of this path, if it is the dashboard's.
pub(crate) fn respond(
    files: &StaticFiles,
    path: &str,
    request: &HeaderMap,
) -> Option<Result<Response, Error>> {
    let rest = path.strip_prefix("/dashboard")?;
    if rest.is_empty() {
        // Relative, as everything here: a proxy may serve it below a prefix.
        return Some(Ok(Redirect::permanent("dashboard/").into_response()));
    }
    let name = rest.strip_prefix('/')?;
    let is_page = name.is_empty() || !name.rsplit('/').next().is_some_and(|it| it.contains('.'));
    // The page itself knows what its addresses mean.
    let found = if is_page { page(files, name, request) } else { files.respond(name, request) };
    Some(found.ok_or(Error::NotFound).map(|mut response| {
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "same-origin"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }))
}

/// The page, which names its files and the root of the collector relative to where it is. `name` is the part of the
/// address after `/dashboard/`.
fn page(files: &StaticFiles, name: &str, request: &HeaderMap) -> Option<Response> {
    let folder = "../".repeat(name.matches('/').count());
    let change = |page: &str| {
        page.replace("\"/dashboard/", &format!("\"{folder}"))
            .replace("data-root=\"/\"", &format!("data-root=\"{folder}../\""))
    };
    files.respond_changed("index.html", change, request)
}
