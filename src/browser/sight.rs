use super::gesture::member;
use super::observer::watch;
use super::{Observer, document, window};
use js_sys::Array;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{
    Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit,
    MutationObserver,
};

/// Watches whether an element comes into view, until it is dropped.
#[must_use]
pub(crate) struct Sight {
    observer: Option<IntersectionObserver>,
    _hear: Closure<dyn Fn(Array)>,
    _changes: Observer,
}

/// At so many steps of its height an element is looked at again.
const STEPS: u8 = 50;

impl Sight {
    /// Calls `seen` each time that an element that the selector means is half in view: half of it, or half
    /// of the window. Elements that come later count as well, those in open shadow roots, too.
    pub(crate) fn new(css: String, seen: Rc<dyn Fn()>) -> Self {
        let hear = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
            if entries.iter().any(|entry| is_half(entry.unchecked_ref())) {
                seen();
            }
        });
        let options = IntersectionObserverInit::new();
        // The first pixel, and then some: of something much larger than the window, half the window is
        // less than half of the thing.
        let steps = (0..=STEPS).map(|step| f64::from(step) / f64::from(STEPS));
        options.set_threshold(&steps.map(JsValue::from).collect::<Array>());
        let function = hear.as_ref().unchecked_ref();
        let observer = IntersectionObserver::new_with_options(function, &options).ok();
        let sights = observer.clone();
        let look = Rc::new(move |changes: &MutationObserver| {
            if let Some(sights) = &sights {
                look(document().unchecked_ref(), &css, sights, changes);
            }
        });
        let changes = Observer::new(look.clone());
        if let Some(handle) = changes.handle() {
            look(handle);
        }
        Self { observer, _hear: hear, _changes: changes }
    }
}

/// Observes what is there now. What is observed already stays as it is.
fn look(root: &Element, css: &str, observer: &IntersectionObserver, changes: &MutationObserver) {
    each(root, css, &|element| observer.observe(element));
    each(root, "*", &|element| {
        if let Some(root) = element.shadow_root()
            && element.local_name() != "sondeo-widget"
        {
            watch(changes, &root);
            look(root.unchecked_ref(), css, observer, changes);
        }
    });
}

/// A document or a shadow root is asked like an element.
fn each(root: &Element, css: &str, act: &dyn Fn(&Element)) {
    let Ok(found) = root.query_selector_all(css) else { return };
    for at in 0..found.length() {
        if let Some(element) = found.get(at) {
            act(element.unchecked_ref());
        }
    }
}

fn is_half(entry: &IntersectionObserverEntry) -> bool {
    let window = member(&window(), "innerHeight").as_f64().unwrap_or(0.0);
    // An empty mark has no half: it is in view, or it is not.
    entry.is_intersecting()
        && (entry.intersection_ratio() >= 0.5 || entry.intersection_rect().height() * 2.0 >= window)
}

impl Drop for Sight {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
