use super::{Fire, ListenerGuard};
use crate::browser::{self, Event, Scrolled};
use std::cell::Cell;

/// Half a window in this time is a fast scroll: nobody reads on the way.
const FAST_MS: f64 = 250.0;

/// `exit`: the pointer leaves through the top, to the tabs and the address. A finger does not; where there is
/// one, it is a fast scroll up, with which browsers show their buttons, or the return from another tab.
pub(super) fn listen(stay: f64, fire: Fire) -> ListenerGuard {
    let began = browser::monotonic();
    let touches = Cell::new(browser::is_coarse());
    // Where the page stood a moment ago, and when that was.
    let before = Cell::new((0.0, began));
    let hear = move |event: &Event| {
        let now = browser::monotonic();
        let leaves = match event.type_().as_str() {
            "pointerdown" => {
                touches.set(browser::is_touch(event));
                false
            }
            "mouseout" => browser::left_through_top(event),
            "scroll" => {
                let Some(it) = browser::scrolled(Some(event)) else { return };
                let (from, since) = before.get();
                let is_new = now - since > FAST_MS || it.top > from;
                before.set(if is_new { (it.top, now) } else { (from, since) });
                touches.get() && !is_new && is_half(&it, from)
            }
            _ => touches.get() && browser::is_visible(),
        };
        if leaves && now - began >= stay {
            fire(None);
        }
    };
    let names = "mouseout pointerdown scroll visibilitychange";
    Box::new(browser::listen_capturing(names, Box::new(hear)))
}

fn is_half(it: &Scrolled, from: f64) -> bool {
    (from - it.top) * 2.0 >= it.height
}
