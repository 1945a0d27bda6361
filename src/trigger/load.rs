use super::{Fire, Kept};
use crate::browser;

/// `load`: the page has loaded (the engine is only started then) and is visible.
pub(super) fn listen(fire: Fire) -> Option<Kept> {
    if browser::is_visible() {
        fire();
        return None;
    }
    let look = move |_: &_| {
        if browser::is_visible() {
            fire();
        }
    };
    Some(Box::new(browser::overhear("visibilitychange", Box::new(look))))
}
