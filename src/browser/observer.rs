use super::{Timer, after, document};
use js_sys::Array;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{MutationObserver, MutationObserverInit, Node};

/// How soon after a change of the page it is looked at again, and how often at most.
const DEBOUNCE_MS: u64 = 50;

/// Watches whether elements come to the page, leave it or ask for another survey, until it is dropped.
#[must_use]
pub(crate) struct Observer {
    observer: Option<MutationObserver>,
    _hear: Closure<dyn Fn(JsValue, MutationObserver)>,
}

impl Observer {
    /// Calls `changed` soon after that, once for however many, with what it may be extended with.
    pub(crate) fn new(changed: Rc<dyn Fn(&MutationObserver)>) -> Self {
        let pending: Rc<RefCell<Option<Timer>>> = Rc::default();
        let hear = move |_, observer: MutationObserver| {
            if pending.borrow().is_none() {
                let (changed, done) = (Rc::clone(&changed), Rc::clone(&pending));
                let look = move || {
                    done.take();
                    changed(&observer);
                };
                pending.replace(Some(after(DEBOUNCE_MS, Box::new(look))));
            }
        };
        let hear = Closure::<dyn Fn(JsValue, MutationObserver)>::new(hear);
        let observer = MutationObserver::new(hear.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            watch(observer, &document());
        }
        Self { observer, _hear: hear }
    }

    /// What watches, to be extended at once.
    pub(super) fn handle(&self) -> Option<&MutationObserver> {
        self.observer.as_ref()
    }
}

/// Has all below a document or a shadow root watched as well; twice is like once.
pub(super) fn watch(observer: &MutationObserver, root: &Node) {
    let what = MutationObserverInit::new();
    what.set_child_list(true);
    what.set_subtree(true);
    what.set_attribute_filter(&Array::of1(&"data-sondeo".into()));
    let _ = observer.observe_with_options(root, &what);
}

impl Drop for Observer {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
