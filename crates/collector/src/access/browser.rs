//! What browsers say about who makes them send a request, and which requests nobody meant.

use crate::Error;
use axum::http::{HeaderMap, Method, header};

/// Words in the names of programs that fetch a link to show what is behind it.
const PREVIEWS: [&str; 8] = [
    "bot",
    "preview",
    "crawler",
    "spider",
    "facebookexternalhit",
    "whatsapp",
    "embedly",
    "skypeuripreview",
];

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// What changes something on the strength of a cookie, or gives one, must be sent by a page of ours.
///
/// Browsers say where a request comes from: in `Sec-Fetch-Site`, and in `Origin` for every method but
/// GET and HEAD. Whatever sends neither is no browser, and has no cookie that it was not given.
pub(super) fn check_same_origin(headers: &HeaderMap) -> Result<(), Error> {
    // What browsers compare themselves holds also where a proxy puts a name of its own into `Host`.
    match text(headers, "sec-fetch-site") {
        Some("same-origin") => return Ok(()),
        Some(_) => return Err(Error::ForeignPage),
        None => {}
    }
    match headers.get(header::ORIGIN) {
        Some(origin) if !crate::cors::is_our_own(origin, headers) => Err(Error::ForeignPage),
        _ => Ok(()),
    }
}

/// A link is followed by somebody who sees where it leads: not by an image, a frame or a script of a page.
pub(super) fn check_navigation(headers: &HeaderMap) -> Result<(), Error> {
    let is = |name, wanted: &str| text(headers, name).is_none_or(|value| value == wanted);
    if is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document") {
        Ok(())
    } else {
        Err(Error::ForeignPage)
    }
}

/// Whether nobody has followed the link yet: a program looks ahead, or shows what would come.
pub(super) fn is_preview(method: &Method, headers: &HeaderMap) -> bool {
    let looks_ahead = ["sec-purpose", "purpose", "x-purpose", "x-moz"].iter().any(|name| {
        text(headers, name).is_some_and(|purpose| {
            let purpose = purpose.to_ascii_lowercase();
            purpose.contains("prefetch")
                || purpose.contains("prerender")
                || purpose.contains("preview")
        })
    });
    // A browser says so itself; the makers of its device may have a name of this kind (Cubot).
    let is_browser = headers.contains_key("sec-fetch-dest");
    let agent = text(headers, "user-agent").unwrap_or_default().to_ascii_lowercase();
    let is_program = !is_browser && PREVIEWS.iter().any(|name| agent.contains(name));
    *method == Method::HEAD || looks_ahead || is_program
}

#[cfg(test)]
mod tests {
    use super::{check_navigation, is_preview};
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        let header =
            |&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        all.iter().map(header).collect()
    }

    #[test]
    fn people_follow_links_and_pages_do_not() {
        let navigates =
            |all: &[(&'static str, &'static str)]| check_navigation(&headers(all)).is_ok();
        assert!(navigates(&[]), "no browser");
        assert!(navigates(&[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")]));
        assert!(!navigates(&[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")]));
        assert!(!navigates(&[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")]));
        assert!(!navigates(&[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")]));
    }

    #[test]
    fn who_looks_ahead_is_told_from_who_goes() {
        let previews = |method: Method, all: &[(&'static str, &'static str)]| {
            is_preview(&method, &headers(all))
        };
        assert!(previews(Method::HEAD, &[]));
        for preview in [
            ("sec-purpose", "prefetch;prerender"),
            ("purpose", "prefetch"),
            ("x-moz", "prefetch"),
            ("user-agent", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"),
            ("user-agent", "facebookexternalhit/1.1"),
            ("user-agent", "WhatsApp/2.23"),
            ("user-agent", "Mozilla/5.0 (compatible; Discordbot/2.0)"),
        ] {
            assert!(previews(Method::GET, &[preview]), "{preview:?}");
        }
        let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert!(!previews(Method::GET, &[("user-agent", browser)]));
        assert!(!previews(Method::GET, &[]));
        let phone = "Mozilla/5.0 (Linux; Android 13; CUBOT P80) AppleWebKit/537.36 Chrome/140.0";
        let navigates = [("user-agent", phone), ("sec-fetch-dest", "document")];
        assert!(!previews(Method::GET, &navigates));
    }
}
