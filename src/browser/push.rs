use super::window;
use js_sys::{Array, Function, JSON, Object, Reflect};
use sondeo_model::Push;
use wasm_bindgen::prelude::*;

/// Tells a tool on the page of an event, with this JSON object about it, where the tool is there. Whatever it does
/// with that, nothing is thrown.
pub(crate) fn push(tool: Push, event: &str, detail: &str) {
    let window: JsValue = window().into();
    let get = |of: &JsValue, key: &str| Reflect::get(of, &key.into()).unwrap_or_default();
    let detail = JSON::parse(detail).unwrap_or_default();
    // The tools' queues are arrays of the page's, made by whoever comes first.
    let entry = || {
        let entry = Object::assign(&Object::new(), detail.unchecked_ref());
        let _ = Reflect::set(&entry, &"event".into(), &event.into());
        entry.into()
    };
    let (name, method, arguments) = match tool {
        Push::DataLayer => ("dataLayer", "push", Array::of1(&entry())),
        Push::Gtag => ("", "gtag", Array::of3(&"event".into(), &event.into(), &detail)),
        Push::Posthog => ("posthog", "capture", Array::of2(&event.into(), &detail)),
        Push::Segment => ("analytics", "track", Array::of2(&event.into(), &detail)),
        Push::Adobe => ("adobeDataLayer", "push", Array::of1(&entry())),
    };
    let mut of = if name.is_empty() { window.clone() } else { get(&window, name) };
    if method == "push" && !of.is_object() {
        of = Array::new().into();
        let _ = Reflect::set(&window, &name.into(), &of);
    }
    if of.is_object()
        && let Some(function) = get(&of, method).dyn_ref::<Function>()
    {
        let _ = function.apply(&of, &arguments);
    }
}
