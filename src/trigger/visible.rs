use super::{Fire, ListenerGuard};
use crate::browser::SelectorVisibility;

/// `visible:CSS`: such an element is half in view.
pub(super) fn listen(css: &str, fire: Fire) -> ListenerGuard {
    Box::new(SelectorVisibility::new(css, Box::new(move || fire(None))))
}
