//! `/studio/` and `/dashboard/`: one application for those who build surveys and those who read what they say. Its files
//! are the same at both addresses; the older one stays, since people have kept links to it.

use crate::Error;
use crate::static_files::StaticFiles;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};

/// Where it is served.
const PLACES: [&str; 2] = ["/studio", "/dashboard"];

/// The page in which the widget shows a draft, framed by the application.
const PREVIEW: &str = "preview.html";

/// Its scripts and styles are files of ours; charts need no style of their own. What it frames is the preview.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                      img-src 'self' data: https:; font-src 'self'; connect-src 'self'; \
                      frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What a page needs that holds the widget, and pictures of a draft from wherever they are. Only we frame it.
const PREVIEW_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
                              style-src 'self'; img-src 'self' data: https:; connect-src 'self'; \
                              base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// The page in which a block for e-mails is shown, with the styles that it brings along.
const LETTER: &str = "letter.html";

/// What mail programs allow, and the script that puts it there.
const LETTER_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; \
                             img-src data: https:; base-uri 'none'; form-action 'none'; \
                             frame-ancestors 'self'";

/// The answer to a `GET` of this path, if it is the application's.
pub(crate) fn respond(
    files: &StaticFiles,
    path: &str,
    request: &HeaderMap,
) -> Option<Result<Response, Error>> {
    let place = PLACES.into_iter().find(|place| {
        path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })?;
    let rest = path.strip_prefix(place)?;
    if rest.is_empty() {
        // Relative, as everything here: a proxy may serve it below a prefix.
        let place = [place.trim_start_matches('/'), "/"].concat();
        return Some(Ok(Redirect::permanent(&place).into_response()));
    }
    let name = rest.strip_prefix('/')?;
    let is_page = name.is_empty() || !name.rsplit('/').next().is_some_and(|it| it.contains('.'));
    // The page itself knows what its addresses mean.
    let found = if is_page { page(files, name, request) } else { files.respond(name, request) };
    let (policy, frames) = match name {
        PREVIEW => (PREVIEW_POLICY, "SAMEORIGIN"),
        LETTER => (LETTER_POLICY, "SAMEORIGIN"),
        _ => (POLICY, "DENY"),
    };
    Some(found.ok_or(Error::NotFound).map(|mut response| {
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::X_FRAME_OPTIONS, frames),
            (header::REFERRER_POLICY, "same-origin"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }))
}

/// The page, which names its files and the root of the collector relative to where it is. `name` is the part of the
/// address after `/studio/`.
fn page(files: &StaticFiles, name: &str, request: &HeaderMap) -> Option<Response> {
    let folder = "../".repeat(name.matches('/').count());
    let change = |page: &str| {
        page.replace("\"/dashboard/", &format!("\"{folder}"))
            .replace("data-root=\"/\"", &format!("data-root=\"{folder}../\""))
    };
    files.respond_changed("index.html", change, request)
}
