//! What browsers say about who makes them send a request, and which requests nobody meant.

use crate::store::Sender;
use crate::{Error, crawlers};
use axum::http::{HeaderMap, Method, header};

/// Words in the names of programs that fetch a link to show what is behind it, or to look whether it does harm:
/// of chats, of mail, and of what scans mail. Beside those that `crawlers` knows.
const PREVIEWS: [&str; 34] = [
    "bot",
    "preview",
    "crawler",
    "spider",
    "scanner",
    "scrape",
    "scrap/",
    "unfurl",
    "externalhit",
    "imageproxy",
    "imgproxy",
    "whatsapp",
    "slack",
    "discord",
    "telegram",
    "signal",
    "skype",
    "microsoft teams",
    "mattermost",
    "rocket.chat",
    "synapse",
    "zulip",
    "viber",
    "embedly",
    "iframely",
    "microsoft office",
    "ms-office",
    "safelinks",
    "proofpoint",
    "urldefense",
    "mimecast",
    "barracuda",
    "symantec",
    "trendmicro",
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
    let is_known = || crawlers::sender(headers) == Sender::Crawler;
    let is_program =
        !is_browser && (PREVIEWS.iter().any(|name| agent.contains(name)) || is_known());
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
            ("user-agent", "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"),
            (
                "user-agent",
                "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Microsoft Teams",
            ),
            ("user-agent", "TelegramBot (like TwitterBot)"),
            ("user-agent", "Viber/13.3.0"),
            ("user-agent", "facebookexternalhit/1.1; kakaotalk-scrap/1.0"),
            ("user-agent", "Snap URL Preview Service; bot; snapchat"),
            ("user-agent", "Synapse (bot; +https://github.com/matrix-org/synapse)"),
            ("user-agent", "mattermost-9.5.0"),
            ("user-agent", "Mozilla/4.0 (compatible; ms-office; MSOffice 16)"),
            (
                "user-agent",
                "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
            ),
            ("user-agent", "Barracuda Sentinel (EE)"),
            ("user-agent", "Mozilla/5.0 (compatible; Proofpoint URL Defense)"),
            ("user-agent", "Mozilla/5.0 (X11; Linux) Chrome/126.0 Safari/537.36 DatadogSynthetics"),
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
