use super::window;
use std::borrow::Cow;
use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, Event, EventTarget};

/// Listens to an event until it is dropped.
#[must_use]
pub(crate) struct Listener {
    target: EventTarget,
    name: Cow<'static, str>,
    hear: Closure<dyn Fn(&Event)>,
}

/// Calls `hear` at each event of this name, until the listener is dropped. It may prevent what the
/// browser would do. Boxed, here and below: one body compiled once, rather than one for each caller.
pub(crate) fn listen(
    target: &EventTarget,
    name: impl Into<Cow<'static, str>>,
    hear: Box<dyn Fn(&Event)>,
) -> Listener {
    let (name, hear) = (name.into(), Closure::wrap(hear));
    let function = hear.as_ref().unchecked_ref();
    let _ = target.add_event_listener_with_callback(&name, function);
    Listener { target: target.clone(), name, hear }
}

impl Listener {
    /// Lets it listen as long as the page lives.
    pub(crate) fn forget(self) {
        // Dropping would end it.
        std::mem::forget(self);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.hear.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(&self.name, function);
    }
}

/// Keeps these events, which spaces separate, from everything outside of the target, until it is dropped.
#[must_use]
pub(crate) struct Containment {
    target: EventTarget,
    names: &'static str,
    stop: Closure<dyn Fn(&Event)>,
}

impl Containment {
    pub(crate) fn new(target: &EventTarget, names: &'static str) -> Self {
        let stop = Closure::<dyn Fn(&Event)>::new(|event: &Event| event.stop_propagation());
        for name in names.split(' ') {
            let function = stop.as_ref().unchecked_ref();
            let _ = target.add_event_listener_with_callback(name, function);
        }
        Self { target: target.clone(), names, stop }
    }
}

impl Drop for Containment {
    fn drop(&mut self) {
        for name in self.names.split(' ') {
            let function = self.stop.as_ref().unchecked_ref();
            let _ = self.target.remove_event_listener_with_callback(name, function);
        }
    }
}

/// Listens to several events, wherever on the page, until it is dropped.
#[must_use]
pub(crate) struct CapturingListener {
    names: &'static str,
    hear: Closure<dyn Fn(&Event)>,
}

/// Calls `hear` at each event of these names, which spaces separate: before anybody on the page may stop
/// it, and without ever keeping the page from scrolling.
pub(crate) fn listen_capturing(
    names: &'static str,
    hear: Box<dyn Fn(&Event)>,
) -> CapturingListener {
    let listener = CapturingListener { names, hear: Closure::wrap(hear) };
    let options = AddEventListenerOptions::new();
    options.set_capture(true);
    options.set_passive(true);
    let function = listener.hear.as_ref().unchecked_ref();
    for name in names.split(' ') {
        let window = window();
        let _ = window.add_event_listener_with_callback_and_add_event_listener_options(
            name, function, &options,
        );
    }
    listener
}

impl Drop for CapturingListener {
    fn drop(&mut self) {
        let function = self.hear.as_ref().unchecked_ref();
        for name in self.names.split(' ') {
            let window = window();
            let _ = window.remove_event_listener_with_callback_and_bool(name, function, true);
        }
    }
}

/// Calls `hear` with each address that the page's policy has kept a script from reaching, for as long as the page
/// lives.
pub(crate) fn on_refusal(hear: Box<dyn Fn(String)>) {
    let name = "securitypolicyviolation";
    let note = move |event: &Event| {
        let word = |key: &str| js_sys::Reflect::get(event, &key.into()).ok()?.as_string();
        let is_refused = word("effectiveDirective").is_some_and(|it| it == "connect-src")
            && word("disposition").is_none_or(|it| it == "enforce");
        if let Some(blocked) = word("blockedURI").filter(|it| is_refused && !it.is_empty()) {
            hear(blocked);
        }
    };
    listen(&super::document(), name, Box::new(note)).forget();
}

/// Rings once, unless it is dropped before.
#[must_use]
pub(crate) struct Timer {
    id: i32,
    /// The browser calls it until the timer is cleared.
    _ring: Closure<dyn FnMut()>,
}

/// Calls `ring` after so many milliseconds, unless the timer is dropped before.
pub(crate) fn after(milliseconds: u64, ring: Box<dyn FnOnce()>) -> Timer {
    let mut ring = Some(ring);
    let ring = Closure::<dyn FnMut()>::wrap(Box::new(move || {
        if let Some(ring) = ring.take() {
            ring();
        }
    }));
    // Browsers keep the time in 31 bits, and fire at once beyond.
    let milliseconds = milliseconds.min(0x7fff_ffff) as i32;
    let function = ring.as_ref().unchecked_ref();
    let id = window().set_timeout_with_callback_and_timeout_and_arguments_0(function, milliseconds);
    Timer { id: id.unwrap_or(0), _ring: ring }
}

impl Timer {
    /// Lets it ring, whatever becomes of its owner.
    pub(crate) fn forget(self) {
        // Dropping would clear it.
        std::mem::forget(self);
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.id);
    }
}
