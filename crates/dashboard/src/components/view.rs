//! Whether an element is in view, as its reader scrolls.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{IntersectionObserver, IntersectionObserverEntry};

/// Whether some of the element can be seen; it can before anybody has looked.
pub(crate) fn in_view(of: NodeRef<Div>) -> RwSignal<bool> {
    let is_in_view = RwSignal::new(true);
    Effect::new(move || {
        let Some(element) = of.get() else { return };
        let look = move |entries: js_sys::Array| {
            // The latest stands last.
            let latest = entries.pop().unchecked_into::<IntersectionObserverEntry>();
            let found = latest.is_intersecting();
            if is_in_view.try_get_untracked().is_some_and(|known| known != found) {
                let _ = is_in_view.try_set(found);
            }
        };
        let changed = Closure::<dyn FnMut(js_sys::Array)>::new(look);
        if let Ok(observer) = IntersectionObserver::new(changed.as_ref().unchecked_ref()) {
            observer.observe(&element);
            let held = StoredValue::new_local((observer, changed));
            on_cleanup(move || {
                let _ = held.try_with_value(|(observer, _)| observer.disconnect());
            });
        }
    });
    is_in_view
}
