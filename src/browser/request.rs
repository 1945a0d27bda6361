use super::{after, window};
use js_sys::{Array, Function, Promise, Reflect};
use sondeo_delivery::{HttpRequest, HttpResult, Probe, retry_after};
use sondeo_model::Duration;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{
    AbortController, Headers, ReferrerPolicy, RequestCredentials, RequestInit, RequestMode,
    RequestRedirect, Response, ResponseType,
};

/// Longer than this, no endpoint is waited for.
const REQUEST_TIMEOUT_MS: u64 = 15_000;
/// What all requests of a page that may outlive it share, less some room for headers.
const MOST_KEPT_ALIVE: usize = 60 * 1_024;

/// Posts once and says what came of it, once the answer has been read to its end.
///
/// `survives` lets it outlive the page. Browsers keep few such bytes, and refuse more; so whoever tries again
/// does it without. A redirect is no answer, unless the call expects one: a browser would turn the POST into a
/// GET and lose what it holds. Gives what ends it before its time.
pub(crate) fn post(call: &HttpRequest, survives: bool, done: Done) -> Option<End> {
    let done = Once::new(done);
    let control = AbortController::new().ok();
    let Some(raw) = build(call, survives, control.as_ref()) else {
        done.call(HttpResult::NoAnswer);
        return None;
    };
    let (late, end) = (done.clone(), control.clone());
    // The whole address, as the browser reads it.
    let asked = (!call.follows).then(|| raw.url());
    let answers_page = call.answers_page;
    let clock = after(
        REQUEST_TIMEOUT_MS,
        Box::new(move || {
            if let Some(control) = control {
                control.abort();
            }
            late.call(HttpResult::NoAnswer);
        }),
    );
    send(
        &raw,
        Box::new(move |response| {
            let Some(response) = response else { return done.call(HttpResult::NoAnswer) };
            match response.type_() {
                ResponseType::Opaque => return done.call(HttpResult::Opaque),
                ResponseType::Opaqueredirect => return done.call(HttpResult::Redirected),
                _ => {}
            }
            let is_elsewhere = asked.is_some_and(|asked| is_elsewhere(&asked, &response.url()));
            let is_page = !answers_page && is_page(&response);
            let Ok(text) = response.text() else { return done.call(HttpResult::NoAnswer) };
            when(
                &text,
                Box::new(move |text| {
                    drop(clock);
                    done.call(match text.and_then(|text| text.as_string()) {
                        Some(body) => {
                            let status = response.status();
                            let retry_after = read_retry_after(&response);
                            // Some servers call everything a page, also nothing.
                            let is_foreign = is_elsewhere || is_page && !body.trim().is_empty();
                            HttpResult::Answered { status, retry_after, body, is_foreign }
                        }
                        None => HttpResult::NoAnswer,
                    });
                }),
            );
        }),
    );
    end
}

/// Whether an answer comes from another address than the one that was asked. A policy of the page may have made `https`
/// of `http`; what a script of the page makes by itself has no address.
fn is_elsewhere(asked: &str, answered: &str) -> bool {
    let rest = |url: &str| {
        let url = url.split('#').next().unwrap_or_default();
        url.strip_prefix("https").or(url.strip_prefix("http")).unwrap_or(url).to_owned()
    };
    !answered.is_empty() && rest(asked) != rest(answered)
}

/// Whether an answer is a page for people.
fn is_page(response: &Response) -> bool {
    let content_type = response.headers().get("content-type").ok().flatten().unwrap_or_default();
    content_type.to_ascii_lowercase().starts_with("text/html")
}

/// Ends a request.
pub(crate) type End = AbortController;

type Done = Box<dyn FnOnce(HttpResult)>;

/// Calls back once, whoever comes first.
#[derive(Clone)]
struct Once(Rc<RefCell<Option<Done>>>);

impl Once {
    fn new(done: Done) -> Self {
        Self(Rc::new(RefCell::new(Some(done))))
    }

    fn call(&self, result: HttpResult) {
        let done = self.0.borrow_mut().take();
        if let Some(done) = done {
            done(result);
        }
    }
}

fn build(
    call: &HttpRequest,
    survives: bool,
    control: Option<&AbortController>,
) -> Option<web_sys::Request> {
    let headers = Headers::new().ok()?;
    for (name, value) in &call.headers {
        headers.set(name, value).ok()?;
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&call.body.as_str().into());
    init.set_headers(&headers);
    if call.is_opaque {
        init.set_mode(RequestMode::NoCors);
    } else if !call.follows {
        init.set_redirect(RequestRedirect::Manual);
    }
    init.set_referrer_policy(ReferrerPolicy::StrictOriginWhenCrossOrigin);
    init.set_signal(control.map(AbortController::signal).as_ref());
    let survives = survives && call.body.len() < MOST_KEPT_ALIVE;
    Reflect::set(&init, &"keepalive".into(), &survives.into()).ok()?;
    request(&call.url, &init)
}

fn request(url: &str, init: &RequestInit) -> Option<web_sys::Request> {
    init.set_credentials(RequestCredentials::Omit);
    web_sys::Request::new_with_str_and_init(url, init).ok()
}

/// `fetch` as it is; a library around it, or a future, would weigh more than all of this. A page may have put
/// something of its own in its place, which throws or gives nothing.
pub(super) fn send(request: &web_sys::Request, done: Box<dyn FnOnce(Option<Response>)>) {
    let window = window();
    let fetch = Reflect::get(&window, &"fetch".into()).unwrap_or_default();
    let promise = fetch.dyn_ref::<Function>().and_then(|it| it.call1(&window, request).ok());
    let Some(promise) = promise else { return done(None) };
    when(
        &Promise::resolve(&promise),
        Box::new(move |response| done(response.and_then(|it| it.dyn_into().ok()))),
    );
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

fn read_retry_after(response: &Response) -> Option<Duration> {
    let text = response.headers().get("retry-after").ok().flatten()?;
    retry_after(&text, js_sys::Date::parse(&text), js_sys::Date::now())
}

/// Asks an address, without anything that concerns a visitor, what it does with us.
pub(crate) fn probe(url: &str, done: Box<dyn FnOnce(Probe)>) {
    let ask = |mode, redirect| {
        let init = RequestInit::new();
        init.set_mode(mode);
        init.set_redirect(redirect);
        request(url, &init)
    };
    let open = ask(RequestMode::Cors, RequestRedirect::Manual);
    let closed = ask(RequestMode::NoCors, RequestRedirect::Follow);
    let (Some(open), Some(closed)) = (open, closed) else { return done(Probe::Silent) };
    send(
        &open,
        Box::new(move |response| match response.map(|it| it.type_()) {
            Some(ResponseType::Opaqueredirect) => done(Probe::Redirects),
            Some(_) => done(Probe::Readable),
            None => send(
                &closed,
                Box::new(move |response| {
                    done(response.map_or(Probe::Silent, |_| Probe::Closed));
                }),
            ),
        }),
    );
}

/// The page's origin, `https://shop.example`.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// What the browser believes; it may be wrong both ways.
pub(crate) fn is_online() -> bool {
    window().navigator().on_line()
}
