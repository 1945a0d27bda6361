use super::{Fire, ListenerGuard};
use crate::browser;
use std::rc::Rc;

/// So long the page may take to be as long as it will be.
const SETTLED_MS: u64 = 500;

/// `scroll:50%`: half of the way is scrolled that there is to scroll; at once where there is none.
pub(super) fn listen(share: u8, fire: Fire) -> ListenerGuard {
    let settled = Rc::clone(&fire);
    let settled = move || {
        if !browser::can_scroll() {
            settled(None);
        }
    };
    let timer = browser::after(SETTLED_MS, Box::new(settled));
    Box::new((timer, on_the_way(share, fire)))
}

/// Calls `fire` at each step from there on, and at once where the visitor has come to the middle of it.
pub(super) fn on_the_way(share: u8, fire: Fire) -> ListenerGuard {
    let look = move |event: Option<&browser::Event>| {
        let is_there = browser::scrolled(event).is_some_and(|it| {
            // Browsers round to whole pixels here and there.
            it.room > 1.0 && (it.top + 1.0) * 100.0 >= it.room * f64::from(share)
        });
        if is_there {
            fire(None);
        }
    };
    look(None);
    Box::new(browser::listen_capturing("scroll", Box::new(move |event| look(Some(event)))))
}
