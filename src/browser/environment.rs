//! What the browser says of itself, the page and the time.

use super::{document, window};
use sondeo_model::limits::{LONGEST_NAME, LONGEST_URL, clip};
use sondeo_model::{Client, Device, Page, Timestamp, find_substring, without_query};
use sondeo_session::Link;
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// The wall clock.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

/// Milliseconds by a clock that nobody sets, from an arbitrary start.
pub(crate) fn monotonic() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Random bytes, of the browser's best source; of `Math.random` where a page has broken that.
pub(crate) fn random() -> [u8; 10] {
    let mut bytes = [0; 10];
    let filled = window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes))
        .is_ok();
    if !filled {
        bytes = bytes.map(|_| (js_sys::Math::random() * 256.0) as u8);
    }
    bytes
}

/// The languages that decide when the author names none: the page's at `element`, then the browser's.
pub(crate) fn languages(element: &Element) -> Vec<String> {
    let mut at = Some(element.clone());
    let mut page = None;
    while let Some(element) = at.filter(|_| page.is_none()) {
        let said = element.closest("[lang]").ok().flatten();
        page = said.and_then(|said| said.get_attribute("lang"));
        // Out of a shadow root, to what it is the root of.
        at = element.get_root_node().dyn_into().ok().map(|root: web_sys::ShadowRoot| root.host());
    }
    vec![page.unwrap_or_default(), window().navigator().language().unwrap_or_default()]
}

/// The page as the response tells it.
pub(crate) fn page() -> Page {
    let url = window().location().href().unwrap_or_default();
    Page {
        url: clip(without_query(&url), LONGEST_URL).to_owned(),
        title: clip(&document().title(), LONGEST_NAME).to_owned(),
        referrer: clip(without_query(&document().referrer()), LONGEST_URL).to_owned(),
    }
}

/// The smallest side of a window in which a survey can be read, in CSS pixels. Frames that count visits have one.
const LEAST_SIDE: u32 = 64;

/// Whether the window is large enough for anybody to read something in it.
pub(crate) fn has_room() -> bool {
    viewport().iter().all(|side| *side >= LEAST_SIDE)
}

thread_local! {
    static IS_CRAWLER: Cell<bool> = const { Cell::new(false) };
}

/// Whether the browser is a program that reads pages by itself, as the page's half says (`loader/crawler.js`).
pub(crate) fn set_crawler(is_crawler: bool) {
    IS_CRAWLER.set(is_crawler);
}

/// Whether the browser is a program that reads pages by itself, as far as it says so.
pub(crate) fn is_crawler() -> bool {
    IS_CRAWLER.get()
}

/// Whether the visitor points with a finger.
pub(crate) fn is_coarse() -> bool {
    window().match_media("(pointer:coarse)").ok().flatten().is_some_and(|query| query.matches())
}

/// The visitor's browser as the response tells it, but for the time zone: [`time_zone`].
pub(crate) fn client() -> Client {
    let language = window().navigator().language().unwrap_or_default();
    Client { language, time_zone: None, device: device(), viewport: viewport() }
}

fn viewport() -> [u32; 2] {
    let side =
        |side: Result<JsValue, _>| side.ok().and_then(|side| side.as_f64()).unwrap_or(0.0) as u32;
    [side(window().inner_width()), side(window().inner_height())]
}

/// What the visitor holds.
pub(crate) fn device() -> Device {
    Device::classify(is_coarse(), viewport())
}

/// The page's address without query and fragment, in readable characters: [`readable`].
pub(crate) fn address() -> String {
    readable(without_query(&window().location().href().unwrap_or_default()))
}

/// The characters that an address has escaped, so that an author may write them either way.
pub(crate) fn readable(address: &str) -> String {
    js_sys::decode_uri(address).map_or_else(|_| address.to_owned(), String::from)
}

/// The moment of a date or date-time in milliseconds since 1970, in the visitor's time zone where it names
/// none; a date is its first moment. `None` where the calendar has no such day.
pub(crate) fn moment(date: &str) -> Option<i64> {
    let is_date = !date.contains('T');
    let moment = js_sys::Date::parse(&[date, if is_date { "T00:00" } else { "" }].concat());
    (!moment.is_nan()).then_some(moment as i64)
}

/// Whether the visitor's browser asks not to be followed: by Global Privacy Control or Do Not Track.
pub(crate) fn privacy_signal() -> bool {
    let says = |name: &str| js_sys::Reflect::get(&window().navigator(), &name.into());
    says("globalPrivacyControl").is_ok_and(|it| it.is_truthy())
        || says("doNotTrack").is_ok_and(|it| it == "1" || it == "yes")
}

/// Leads the window to another address.
pub(crate) fn navigate(url: &str) {
    let _ = window().location().assign(url);
}

/// The first value of this name in the query of the page's address.
pub(crate) fn query(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// What the page's address asks for by `?sondeo=<survey>&sondeo-<question>=<value>`.
pub(crate) fn link() -> Option<Link> {
    let search =
        window().location().search().ok().filter(|it| find_substring(it, "sondeo=").is_some())?;
    let parameters = web_sys::UrlSearchParams::new_with_str(&search).ok()?;
    let survey = parameters.get("sondeo")?;
    let mut answers = Vec::new();
    for entry in js_sys::Array::from(&parameters).iter() {
        let entry: js_sys::Array = entry.unchecked_into();
        let text = |at| entry.get(at).as_string().unwrap_or_default();
        if let Some(question) = text(0).strip_prefix("sondeo-") {
            answers.push((question.to_owned(), text(1)));
        }
    }
    Some(Link { survey, answers })
}

/// The name of the visitor's time zone.
///
/// To be asked for when a response is written, and not before the survey stands there: where the browser has no
/// `Temporal`, its first `Intl.DateTimeFormat` reads the tables of a whole locale (measured in Chromium: 20 ms, 100 ms
/// on a slow phone).
pub(crate) fn time_zone() -> Option<String> {
    // Of what is undefined, nothing can be read, which throws.
    let get =
        |object: &JsValue, key: &str| js_sys::Reflect::get(object, &key.into()).unwrap_or_default();
    let now = get(&get(&js_sys::global(), "Temporal"), "Now");
    let ask = get(&now, "timeZoneId");
    let name = ask.dyn_ref::<js_sys::Function>().and_then(|ask| ask.call0(&now).ok()?.as_string());
    name.or_else(|| {
        let format = js_sys::Intl::DateTimeFormat::default();
        get(&format.resolved_options(), "timeZone").as_string()
    })
}
