//! The only place that touches the browser's interfaces, apart from what Leptos does for the view.
//!
//! Thin: plain Rust types at the face, and every listener, timer, observer and element an owned value
//! that undoes itself when dropped.

mod chat;
mod dom_events;
mod element_search;
mod environment;
mod files;
mod focus_avoidance;
mod host;
mod intl;
mod listener;
mod locks;
mod push;
mod queue;
mod request;
mod rest;
mod selector_visibility;
mod sender_link;
mod storage;
mod theming;
mod visibility;

pub(crate) use chat::{subscribe, visibility};
pub(crate) use dom_events::{
    Scrolled, can_scroll, detail, happened_to, is_in_frame, is_of_page, is_selector, is_touch,
    left_through_top, properties, scrolled, set_properties, shadow_roots,
};
pub(crate) use element_search::{ElementSearch, elements, set_watch};
pub(crate) use environment::{
    address, client, device, has_room, is_coarse, is_crawler, languages, link, moment, monotonic,
    navigate, now, page, privacy_signal, query, random, readable, set_crawler, time_zone,
};
pub(crate) use files::{fetch, parse, text_of};
pub(crate) use host::{Host, Placement};
pub(crate) use intl::{number, plural};
pub(crate) use listener::{Listener, Timer, after, listen, listen_capturing, on_refusal};
pub(crate) use locks::exclusively;
pub(crate) use push::push;
pub(crate) use queue::{Call, asked, take_over};
pub(crate) use request::{End, is_online, origin, post, probe};
pub(crate) use rest::{fetch_rest, has_rest, set_rest};
pub(crate) use selector_visibility::SelectorVisibility;
pub(crate) use sender_link::{Message, StatusListener, set_sender, take_messages};
pub(crate) use storage::Storage;
pub(crate) use theming::is_css;
pub(crate) use visibility::Visibility;

use wasm_bindgen::prelude::*;
pub(crate) use web_sys::Event;
pub(crate) use web_sys::EventTarget as Target;
use web_sys::{Document, Element, EventTarget, Window};

/// What another script on the page says.
pub(crate) type Told = JsValue;

/// The page's `window`: the engine is never run in a worker.
pub(crate) fn window() -> Window {
    js_sys::global().unchecked_into()
}

/// The page's `document`, which every window has.
pub(crate) fn document() -> Document {
    window().document().unwrap_or_else(|| JsValue::NULL.unchecked_into())
}

/// Whether the page is in sight, in a window that has room for it.
pub(crate) fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible && has_room()
}

/// Whether the page asks something that must be answered first: all else is out of reach meanwhile.
pub(crate) fn is_modal_open() -> bool {
    // Each by itself: a browser that does not know one of them knows the others.
    [
        ":modal",
        // By hand, as most libraries have it; hidden ones wait for their turn.
        "[aria-modal=true]",
        // Menus, which close at the next click. What is toggled by hand may stay for ever.
        "[popover]:not([popover=manual]):popover-open",
        "body[inert]",
    ]
    .iter()
    .any(|css| {
        let found: Option<Element> = document().query_selector(css).ok().flatten();
        found.is_some_and(|it| it.get_client_rects().length() > 0)
    })
}

/// Calls `act` once whoever is on the stack now, the page included, is done.
pub(crate) fn defer(act: Box<dyn FnOnce()>) {
    wasm_bindgen_futures::spawn_local(async move { act() });
}

/// One line on the console, for the page's author.
pub(crate) fn console_warn(line: &str) {
    web_sys::console::warn_1(&["sondeo: ", line].concat().into());
}

/// One line on the console for who looks for it.
pub(crate) fn console_log(line: &str) {
    web_sys::console::log_1(&["sondeo: ", line].concat().into());
}

/// Calls a function of the page's with the value that this JSON is.
pub(crate) fn call(function: &js_sys::Function, json: &str) {
    let value = js_sys::JSON::parse(json).unwrap_or_default();
    let _ = function.call1(&JsValue::UNDEFINED, &value);
}

/// Hears what other tabs of the site change in the storage that they share: the key and its value now;
/// no key where everything is gone.
pub(crate) fn follow_storage(hear: Box<dyn Fn(Option<String>, Option<String>)>) -> Listener {
    let changed = move |event: &web_sys::Event| {
        let event: &web_sys::StorageEvent = event.unchecked_ref();
        hear(event.key(), event.new_value());
    };
    listen(&window(), "storage", Box::new(changed))
}

/// Dispatches a `CustomEvent` whose `detail` is this JSON; it bubbles.
pub(crate) fn dispatch(target: &EventTarget, name: &str, detail: &str) {
    let init = web_sys::CustomEventInit::new();
    init.set_bubbles(true);
    // An inline survey stands in a shadow root.
    init.set_composed(true);
    init.set_detail(&js_sys::JSON::parse(detail).unwrap_or_default());
    if let Ok(event) = web_sys::CustomEvent::new_with_event_init_dict(name, &init) {
        let _ = target.dispatch_event(&event);
    }
}

/// The `data-*` attributes of an element, names and values.
pub(crate) fn data_attributes(element: &Element) -> Vec<(String, String)> {
    let names = element.get_attribute_names();
    names
        .iter()
        .filter_map(|name| name.as_string())
        .filter(|name| name.starts_with("data-"))
        .filter_map(|name| element.get_attribute(&name).map(|value| (name, value)))
        .collect()
}

/// The absolute `http(s)` address that `reference` means on this page.
pub(crate) fn resolve(reference: &str) -> Option<String> {
    resolve_at(reference, &document().base_uri().ok().flatten()?)
}

/// The absolute `http(s)` address that `reference` means at this one.
pub(crate) fn resolve_at(reference: &str, base: &str) -> Option<String> {
    let url = web_sys::Url::new_with_base(reference, base).ok()?;
    // A browser makes no request whose address holds a password.
    let is_usable =
        matches!(url.protocol().as_str(), "http:" | "https:") && url.username().is_empty();
    is_usable.then(|| url.href())
}
