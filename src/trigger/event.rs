use super::{Fire, ListenerGuard};
use crate::browser;

/// `event:NAME`, as a DOM event that reaches `document`.
pub(super) fn listen(name: &str, fire: Fire) -> ListenerGuard {
    Box::new(browser::listen(&browser::document(), name.to_owned(), Box::new(move |_| fire())))
}
