use super::document;
use wasm_bindgen::prelude::*;
use web_sys::{MutationObserver, MutationObserverInit, MutationRecord, Node};

/// Watches what is added to and removed from the page, until it is dropped.
#[must_use]
pub(crate) struct Observer {
    observer: Option<MutationObserver>,
    _hear: Closure<dyn Fn(js_sys::Array)>,
}

impl Observer {
    /// Calls `added` for each node added anywhere to the page, with the nodes below it unvisited, and
    /// `removed` once after something was removed.
    pub(crate) fn new(added: impl Fn(&Node) + 'static, removed: impl Fn() + 'static) -> Self {
        let hear = Closure::<dyn Fn(js_sys::Array)>::new(move |records: js_sys::Array| {
            let mut any_removed = false;
            for record in records.iter() {
                let record: MutationRecord = record.unchecked_into();
                any_removed |= record.removed_nodes().length() > 0;
                let nodes = record.added_nodes();
                (0..nodes.length()).filter_map(|at| nodes.get(at)).for_each(|node| added(&node));
            }
            if any_removed {
                removed();
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
