use crate::browser::{self, Listener};
use std::rc::Rc;

/// `load`: the page has loaded (the engine is only started then) and is visible.
pub(super) fn listen(fire: Rc<dyn Fn()>) -> Option<Listener> {
    if browser::is_visible() {
        fire();
        return None;
    }
    Some(browser::listen(
        &browser::document(),
        "visibilitychange",
        Box::new(move |_| {
            if browser::is_visible() {
                fire();
            }
        }),
    ))
}
