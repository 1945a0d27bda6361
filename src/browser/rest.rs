//! The half of the engine that comes later; `loader/rest.js` has it come.

use js_sys::Function;
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;

thread_local! {
    /// What has it come, and calls back with whether it is there.
    static COMING: RefCell<Option<Function>> = const { RefCell::new(None) };
    static IS_THERE: Cell<bool> = const { Cell::new(false) };
}

/// What has it come from now on.
pub(crate) fn set_rest(coming: Function) {
    COMING.set(Some(coming));
}

/// Whether it is there.
pub(crate) fn has_rest() -> bool {
    IS_THERE.get()
}

/// Has it come, and calls `done` once it is there, or cannot be had now. Never calls back at once.
pub(crate) fn fetch_rest(done: Box<dyn FnOnce(bool)>) {
    let hear = Closure::once_into_js(move |is_there: JsValue| {
        IS_THERE.set(is_there.is_truthy());
        done(is_there.is_truthy());
    });
    if let Some(coming) = COMING.with_borrow(Clone::clone) {
        let _ = coming.call1(&JsValue::UNDEFINED, &hear);
    }
}
