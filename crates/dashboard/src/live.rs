//! What happens at the collector, as it happens.

use crate::root::at;
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
        let listeners = StoredValue::new_local((on_response, on_open, on_error));
        let source = StoredValue::new_local(None::<EventSource>);
        let open = move || {
            let Ok(opened) = EventSource::new(&at("/v1/events")) else { return };
            let _ = listeners.try_with_value(|(response, open, error)| {
                let response = response.as_ref().unchecked_ref();
                let _ = opened.add_event_listener_with_callback("response", response);
                opened.set_onopen(Some(open.as_ref().unchecked_ref()));
                opened.set_onerror(Some(error.as_ref().unchecked_ref()));
            });
            source.try_set_value(Some(opened));
        };
        let close = move || {
            if let Some(Some(opened)) = source.try_update_value(Option::take) {
                opened.close();
            }
        };
        open();
        // A page that the browser keeps for the way back would keep its connection as well, and browsers have six for
        // a site.
        let hidden = window_event_listener_untyped("pagehide", move |_| close());
        let shown = window_event_listener_untyped("pageshow", move |_| {
            if source.try_with_value(Option::is_none) == Some(true) {
                open();
            }
        });
        on_cleanup(move || {
            hidden.remove();
            shown.remove();
            close();
        });
        live
    }
}
