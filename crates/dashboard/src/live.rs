//! What happens at the collector, as it happens.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource, MessageEvent};

/// The collector's events.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Live {
    /// Counts the responses that came; changes at most once a second.
    pub(crate) ticks: RwSignal<u32>,
    /// Whether events would come.
    pub(crate) connected: RwSignal<bool>,
}

impl Live {
    /// Listens for as long as the owner lives.
    pub(crate) fn start() -> Self {
        let live = Self { ticks: RwSignal::new(0), connected: RwSignal::new(false) };
        let Ok(source) = EventSource::new("/v1/events") else { return live };
        let waiting = StoredValue::new(false);
        let on_response = Closure::<dyn FnMut(MessageEvent)>::new(move |_| {
            // A busy site brings hundreds a second; a reader needs one redraw.
            if waiting.try_get_value() != Some(false) {
                return;
            }
            waiting.set_value(true);
            set_timeout(
                move || {
                    waiting.try_set_value(false);
                    let _ = live.ticks.try_update(|ticks| *ticks = ticks.wrapping_add(1));
                },
                std::time::Duration::from_millis(900),
            );
        });
        let on_open = Closure::<dyn FnMut(Event)>::new(move |_| {
            let _ = live.connected.try_set(true);
        });
        let on_error = Closure::<dyn FnMut(Event)>::new(move |_| {
            let _ = live.connected.try_set(false);
        });
        let response = on_response.as_ref().unchecked_ref();
        let _ = source.add_event_listener_with_callback("response", response);
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let held = StoredValue::new_local((source, on_response, on_open, on_error));
        on_cleanup(move || {
            let _ = held.try_with_value(|(source, ..)| source.close());
        });
        live
    }
}
