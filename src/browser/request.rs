use super::window;
use js_sys::{Array, Function, Promise, Reflect};
use sondeo_model::{Duration, Outcome, number};
use wasm_bindgen::prelude::*;
use web_sys::{
    Headers, ReferrerPolicy, RequestCredentials, RequestInit, RequestRedirect, Response,
};

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
pub(crate) fn post(request: &Request, done: Box<dyn FnOnce(Outcome)>) {
    let Some(raw) = build(request) else { return done(Outcome::Unreachable) };
    send(
        &raw,
        Box::new(move |response| {
            done(response.map_or(Outcome::Unreachable, |response| {
                let retry_after = response.headers().get("retry-after").ok().flatten();
                Outcome::Answered {
                    status: response.status(),
                    retry_after: retry_after.and_then(|wait| read_retry_after(wait.trim())),
                }
            }));
        }),
    );
}

fn build(request: &Request) -> Option<web_sys::Request> {
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
    web_sys::Request::new_with_str_and_init(&request.url, &init).ok()
}

/// `fetch` as it is; a library around it, or a future, would weigh more than all of this.
pub(super) fn send(request: &web_sys::Request, done: Box<dyn FnOnce(Option<Response>)>) {
    let promise = window().fetch_with_request(request);
    when(&promise, Box::new(move |response| done(response.and_then(|it| it.dyn_into().ok()))));
}

/// Calls `done` with what the promise comes to, or with `None` where it is rejected.
pub(super) fn when(promise: &Promise, done: Box<dyn FnOnce(Option<JsValue>)>) {
    // Never rejected itself: one function is enough, and is freed when it has been called.
    let settled = Promise::all_settled(&Array::of1(promise));
    let settled = settled.unchecked_ref::<Promise>();
    let hear = Closure::once_into_js(move |outcomes: JsValue| {
        let outcome = outcomes.unchecked_into::<Array>().get(0);
        let value = |key: &str| Reflect::get(&outcome, &key.into()).ok();
        let is_there = value("status").is_some_and(|status| status == "fulfilled");
        done(value("value").filter(|_| is_there));
    });
    let then = Reflect::get(settled, &"then".into()).unwrap_or_default();
    if let Some(then) = then.dyn_ref::<Function>() {
        let _ = then.call1(settled, &hear);
    }
}

/// Seconds, or a date (RFC 9110, section 10.2.3).
fn read_retry_after(text: &str) -> Option<Duration> {
    if let Some(seconds) = number(text) {
        return Some(Duration::from_millis(seconds.unsigned_abs() * 1_000));
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
