use super::observer::watch;
use super::visibility::Visibility;
use super::{Observer, document};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, IntersectionObserver, MutationObserver};

/// Watches whether elements come into view, until it is dropped.
#[must_use]
pub(crate) struct SelectorVisibility {
    _view: Visibility,
    _changes: Observer,
}

impl SelectorVisibility {
    /// Calls `seen` each time that an element that the selector means is half in view. Elements that come later
    /// count as well, those in open shadow roots, too.
    pub(crate) fn new(css: String, seen: Box<dyn Fn()>) -> Self {
        let view = Visibility::of(seen);
        let sights = view.observer();
        let look = Rc::new(move |changes: &MutationObserver| {
            if let Some(sights) = &sights {
                look(document().unchecked_ref(), &css, sights, changes);
            }
        });
        let changes = Observer::new(look.clone());
        if let Some(handle) = changes.handle() {
            look(handle);
        }
        Self { _view: view, _changes: changes }
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
