//! Elements of the page, wherever they stand: found, and followed.

use super::document;
use js_sys::{Array, Function};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::Element;

thread_local! {
    /// The page's half (`loader/watch.js`): a search over the whole page is many steps over the border of the module.
    static WATCH: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// What looks through the page from now on.
pub(crate) fn set_watch(watch: Function) {
    WATCH.set(Some(watch));
}

/// The elements of the document that the selector means at this moment; those in shadow roots are found later.
pub(crate) fn elements(css: &str) -> Vec<Element> {
    let found = document().query_selector_all(css).ok();
    let found = found.iter().flat_map(|found| (0..found.length()).filter_map(|at| found.get(at)));
    found.map(JsCast::unchecked_into).collect()
}

/// A search for elements, until it is dropped.
#[must_use]
pub(crate) struct ElementSearch {
    end: Option<Function>,
    _found: Closure<dyn Fn(Array)>,
}

impl ElementSearch {
    /// Calls `found` with all that the selector means, in the document and its open shadow roots: at once, and with
    /// what comes later.
    pub(crate) fn find(css: &str, found: Box<dyn Fn(Vec<Element>)>) -> Self {
        Self::new(css, false, found)
    }

    /// Calls `found`, too, with nothing, soon after one of them has left or says something else in its attributes.
    pub(crate) fn follow(css: &str, found: Box<dyn Fn(Vec<Element>)>) -> Self {
        Self::new(css, true, found)
    }

    fn new(css: &str, follows: bool, found: Box<dyn Fn(Vec<Element>)>) -> Self {
        let found = Closure::<dyn Fn(Array)>::new(move |elements: Array| {
            found(elements.iter().filter_map(|it| it.dyn_into().ok()).collect());
        });
        let watch = WATCH.with_borrow(Clone::clone);
        let end = watch.and_then(|watch| {
            watch.call3(&JsValue::UNDEFINED, &css.into(), &follows.into(), found.as_ref()).ok()
        });
        Self { end: end.and_then(|end| end.dyn_into().ok()), _found: found }
    }
}

impl Drop for ElementSearch {
    fn drop(&mut self) {
        if let Some(end) = &self.end {
            let _ = end.call0(&JsValue::UNDEFINED);
        }
    }
}
