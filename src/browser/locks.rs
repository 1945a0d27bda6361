use super::window;
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;

/// Runs `act` while no other tab of this origin is in here, or tells it that one is. That one is not waited for,
/// and the lock is held no longer than `act` takes, so that a frozen tab cannot keep it.
///
/// `false` where the browser has no locks (on plain `http`, for one), and `act` was not and will not be run.
pub(crate) fn exclusively(name: &str, act: Box<dyn FnOnce(bool)>) -> bool {
    let get = |object: &JsValue, key: &str| Reflect::get(object, &key.into()).unwrap_or_default();
    let navigator: JsValue = window().navigator().into();
    let locks = get(&navigator, "locks");
    // Of what is undefined, nothing can be read.
    let request = if locks.is_object() { get(&locks, "request") } else { JsValue::UNDEFINED };
    let Some(request) = request.dyn_ref::<Function>() else { return false };
    let options = Object::new();
    let _ = Reflect::set(&options, &"ifAvailable".into(), &true.into());
    let granted = Closure::once_into_js(move |lock: JsValue| act(!lock.is_null()));
    match request.call3(&locks, &name.into(), &options, &granted) {
        // In a frame without an origin it is refused.
        Ok(promise) => {
            let promise: js_sys::Promise = promise.unchecked_into();
            super::request::when(&promise, Box::new(|_| ()));
            true
        }
        Err(_) => false,
    }
}
