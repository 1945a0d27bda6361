//! What the loader starts: takes over the calls that wait, and follows the page from then on.

use crate::browser::{self, Observer};
use crate::page::{self, Page};
use std::rc::Rc;

/// Starts the engine on this page; it runs until the page goes.
///
/// Expects the loader's `window.sondeo`, and does nothing without it.
pub fn start() {
    let page = page::start();
    let commanded = Rc::clone(&page);
    browser::take_over(Box::new(move |command| {
        let page = Rc::clone(&commanded);
        browser::defer(Box::new(move || Page::obey(&page, command)));
    }));
    // After the commands that waited: elements inherit from the script tags among them.
    browser::defer(Box::new(move || {
        Page::follow_elements(&page);
        let followed = Rc::clone(&page);
        let observer = Observer::new(Rc::new(move |_| Page::follow_elements(&followed)));
        // It watches as long as the page lives.
        std::mem::forget(observer);
        let going = Rc::clone(&page);
        let asleep = move |_: &_| going.borrow().fall_asleep();
        std::mem::forget(browser::listen_capturing("pagehide visibilitychange", Box::new(asleep)));
        browser::dispatch(&browser::document(), "sondeo:ready", "{}");
    }));
}
