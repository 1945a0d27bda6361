//! How wide an element is, as it changes.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

/// The width in CSS pixels; 0 before the element is on the page.
pub(crate) fn width(of: NodeRef<Div>) -> RwSignal<u32> {
    let width = RwSignal::new(0);
    Effect::new(move || {
        let Some(element) = of.get() else { return };
        let measured = element.clone();
        let measure = move || {
            let found = u32::try_from(measured.client_width()).unwrap_or(0);
            if width.try_get_untracked().is_some_and(|known| known != found) {
                let _ = width.try_set(found);
            }
        };
        measure();
        let changed = Closure::<dyn FnMut()>::new(measure);
        if let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) {
            observer.observe(&element);
            let held = StoredValue::new_local((observer, changed));
            on_cleanup(move || {
                let _ = held.try_with_value(|(observer, _)| observer.disconnect());
            });
        }
    });
    width
}
