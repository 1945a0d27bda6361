use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// Watches whether an element is half in view, until it is dropped.
#[must_use]
pub(crate) struct Visibility {
    observer: Option<IntersectionObserver>,
    _hear: Closure<dyn Fn(Array)>,
}

impl Visibility {
    /// Calls `seen` each time that half of the element, or half of the window where it is larger than that,
    /// comes into view; at once where it is.
    pub(crate) fn new(element: &Element, seen: Box<dyn Fn()>) -> Self {
        let view = Self::of(seen);
        if let Some(observer) = &view.observer {
            observer.observe(element);
        }
        view
    }

    /// The same of elements that are yet to come.
    pub(super) fn of(seen: Box<dyn Fn()>) -> Self {
        let hear = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
            let is_seen = entries.iter().any(|entry| {
                let entry: IntersectionObserverEntry = entry.unchecked_into();
                let all = entry.bounding_client_rect();
                let height = entry.root_bounds().map_or(f64::MAX, |root| root.height());
                let shown = entry.intersection_rect().height();
                entry.is_intersecting() && shown * 2.0 >= all.height().min(height)
            });
            if is_seen {
                seen();
            }
        });
        let init = IntersectionObserverInit::new();
        // In steps that half a window takes many of, even where the element is as high as twenty.
        let thresholds: Array =
            (0..=50).map(|step| JsValue::from_f64(f64::from(step) / 100.0)).collect();
        init.set_threshold(&thresholds);
        let observer =
            IntersectionObserver::new_with_options(hear.as_ref().unchecked_ref(), &init).ok();
        Self { observer, _hear: hear }
    }

    /// What takes them.
    pub(super) fn observer(&self) -> Option<IntersectionObserver> {
        self.observer.clone()
    }
}

impl Drop for Visibility {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
