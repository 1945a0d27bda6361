use super::window;
use js_sys::Reflect;
use sondeo_model::{Duration, Outcome};
use web_sys::{Headers, ReferrerPolicy, RequestCredentials, RequestInit, RequestRedirect};

/// One attempt to deliver.
pub(crate) struct Request {
    /// An absolute address.
    pub(crate) url: String,
    /// The id that makes a repeat recognisable.
    pub(crate) id: String,
    /// JSON.
    pub(crate) body: String,
}

/// Posts once and says what became of it.
///
/// `keepalive` lets it survive a navigation or a closed tab. A redirect is a failure: a browser would
/// turn the POST into a GET and lose the answer.
pub(crate) async fn post(request: &Request) -> Outcome {
    attempt(request).await.unwrap_or(Outcome::Unreachable)
}

async fn attempt(request: &Request) -> Option<Outcome> {
    let headers = Headers::new().ok()?;
    headers.set("content-type", "application/json").ok()?;
    if is_same_origin(&request.url) {
        headers.set("idempotency-key", &request.id).ok()?;
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&request.body.as_str().into());
    init.set_headers(&headers);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    init.set_referrer_policy(ReferrerPolicy::StrictOriginWhenCrossOrigin);
    Reflect::set(&init, &"keepalive".into(), &true.into()).ok()?;
    let raw = web_sys::Request::new_with_str_and_init(&request.url, &init).ok()?;
    let response = gloo_net::http::Request::from(raw).send().await.ok()?;
    let retry_after = response.headers().get("retry-after");
    Some(Outcome::Answered {
        status: response.status(),
        retry_after: retry_after.and_then(|wait| read_retry_after(wait.trim())),
    })
}

/// Seconds, or a date (RFC 9110, section 10.2.3).
fn read_retry_after(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Duration::from_millis(u64::from(seconds) * 1_000));
    }
    let moment = js_sys::Date::parse(text);
    (!moment.is_nan())
        .then(|| Duration::from_millis((moment - js_sys::Date::now()).max(0.0) as u64))
}

fn is_same_origin(url: &str) -> bool {
    window().location().origin().is_ok_and(|origin| {
        url.strip_prefix(origin.as_str()).is_some_and(|rest| rest.starts_with('/'))
    })
}
