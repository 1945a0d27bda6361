//! What the loader starts: takes over the calls that wait, and follows the page from then on.

use crate::browser::{self, Observer};
use crate::page::{Page, Shared};
use std::rc::Rc;

/// Starts the engine on this page; it runs until the page goes.
///
/// Expects the loader's `window.sondeo`, and does nothing without it.
pub fn start() {
    let page = Shared::default();

    let commanded = Rc::clone(&page);
    browser::take_over(move |command| {
        let page = Rc::clone(&commanded);
        browser::spawn(async move { Page::obey(&page, command) });
    });

    browser::spawn(async move {
        follow_elements(&page);
        browser::dispatch(&browser::document(), "sondeo:ready", "{}");
    });
}

/// Surveys stand in elements that are there, and in those that come and go later.
fn follow_elements(page: &Shared) {
    let (added, removed) = (Rc::clone(page), Rc::clone(page));
    let observer = Observer::new(
        move |node| {
            for element in browser::places(node) {
                Page::add_element(&added, &element);
            }
        },
        move || removed.borrow_mut().follow_removals(),
    );
    // It watches as long as the page lives.
    std::mem::forget(observer);
    for element in
        browser::document().document_element().iter().flat_map(|root| browser::places(root))
    {
        Page::add_element(page, &element);
    }
}
