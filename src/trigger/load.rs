use super::{Fire, ListenerGuard};
use crate::browser;

/// `load`: the page has loaded (the engine is only started then) and is visible, in a window that has room for it.
pub(super) fn listen(fire: Fire) -> Option<ListenerGuard> {
    if browser::is_visible() {
        fire(None);
        return None;
    }
    let look = move |_: &_| {
        if browser::is_visible() {
            fire(None);
        }
    };
    Some(Box::new(browser::listen_capturing("visibilitychange resize", Box::new(look))))
}
