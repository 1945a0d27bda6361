use super::{Fire, ListenerGuard};
use crate::browser;

/// `event:NAME`, as a `CustomEvent` that reaches `document`. What the browser sends under such a name (`cancel`, `search`,
/// `reset`) is no event of the page (issue 12, point 3).
pub(super) fn listen(name: &str, fire: Fire) -> ListenerGuard {
    let hear = move |event: &browser::Event| {
        if browser::is_of_page(event) {
            fire(Some(browser::detail(event)));
        }
    };
    Box::new(browser::listen(&browser::document(), name.to_owned(), Box::new(hear)))
}
