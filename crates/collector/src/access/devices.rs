//! Browsers in which somebody has logged in before, known by a cookie of their own (what OWASP calls a device cookie).
//! Neither strangers from many addresses nor neighbours behind the same one use up the logins of such a browser.

use super::tokens::{self, hash};
use crate::base_path::BasePath;
use crate::limits::Peer;
use crate::{Collector, Error, clock};
use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::{Cookie, SameSite};
use sondeo_model::Timestamp;

/// How long a browser keeps the cookie after a login; browsers keep none for longer.
const DAYS: i64 = 400;

/// As the session's: `__Host-` ties the cookie to https and this host, `__Secure-` to https.
fn cookie_name(collector: &Collector, base: &BasePath) -> &'static str {
    match (collector.https, base.is_root()) {
        (true, true) => "__Host-sondeo-device",
        (true, false) => "__Secure-sondeo-device",
        (false, _) => "sondeo-device",
    }
}

fn given(collector: &Collector, base: &BasePath, headers: &HeaderMap) -> Option<String> {
    let device = super::session::cookie(headers, cookie_name(collector, base))?;
    (!device.is_empty()).then(|| device.to_owned())
}

/// The browser that a login comes from, by its hash, where this person has logged in there before.
pub(super) async fn known(
    collector: &Collector,
    (base, headers): (&BasePath, &HeaderMap),
    peer: Peer,
    person: &str,
) -> Result<Option<[u8; 32]>, Error> {
    let Some(device) = given(collector, base, headers) else { return Ok(None) };
    let seen = &collector.secrets_seen.devices;
    let limit = || collector.limits.check_guess(peer);
    match seen.admit(&device, limit, async || collector.store.device_hashes().await).await {
        Ok(()) => {}
        // It is none, and whoever sends it logs in as a stranger.
        Err(Error::TooMany(_)) => return Ok(None),
        Err(error) => return Err(error),
    }
    let sha256 = hash(&device);
    if !collector.store.knows_device(&sha256, person).await? {
        return Ok(None);
    }
    seen.add(&device);
    Ok(Some(sha256))
}

/// The cookie of a browser in which somebody has logged in just now. One that this person has already stays what it is; a
/// value that somebody else could have put there does not become one.
pub(super) async fn remember(
    collector: &Collector,
    (base, headers): (&BasePath, &HeaderMap),
    known: Option<[u8; 32]>,
    person: &str,
) -> Option<HeaderValue> {
    let device = match known.and_then(|_| given(collector, base, headers)) {
        Some(device) => device,
        None => tokens::random("").ok()?,
    };
    let until = Timestamp::from_millis(clock::now().as_millis() + DAYS * clock::DAY_MS);
    if let Err(error) = collector.store.remember_device(&hash(&device), person, until).await {
        tracing::warn!(%error, "a browser is not remembered");
        return None;
    }
    let path = if base.is_root() { "/".to_owned() } else { base.as_str().to_owned() };
    let cookie = Cookie::build((cookie_name(collector, base), device))
        .path(path)
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(time::Duration::days(DAYS))
        .secure(collector.https)
        .build();
    HeaderValue::from_str(&cookie.to_string()).ok()
}
