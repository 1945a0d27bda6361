use super::{Timer, after, document};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{MutationObserver, MutationObserverInit};

/// How soon after a change of the page it is looked at again, and how often at most.
const PATIENCE_MS: u64 = 50;

/// Watches whether elements come to the page or leave it, until it is dropped.
#[must_use]
pub(crate) struct Observer {
    observer: Option<MutationObserver>,
    _hear: Closure<dyn Fn()>,
}

impl Observer {
    /// Calls `changed` soon after elements were added or removed, once for however many.
    pub(crate) fn new(changed: Rc<dyn Fn()>) -> Self {
        let pending: Rc<RefCell<Option<Timer>>> = Rc::default();
        let hear = Closure::<dyn Fn()>::new(move || {
            if pending.borrow().is_none() {
                let (changed, done) = (Rc::clone(&changed), Rc::clone(&pending));
                let look = move || {
                    done.take();
                    changed();
                };
                pending.replace(Some(after(PATIENCE_MS, Box::new(look))));
            }
        });
        let observer = MutationObserver::new(hear.as_ref().unchecked_ref()).ok();
        let what = MutationObserverInit::new();
        what.set_child_list(true);
        what.set_subtree(true);
        if let Some(observer) = &observer {
            let _ = observer.observe_with_options(&document(), &what);
        }
        Self { observer, _hear: hear }
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
