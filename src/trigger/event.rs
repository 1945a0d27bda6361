use crate::browser::{self, Listener};
use std::rc::Rc;

/// `event:NAME`, as a DOM event that reaches `document`.
pub(super) fn listen(name: &str, fire: Rc<dyn Fn()>) -> Listener {
    browser::listen(&browser::document(), name.to_owned(), Box::new(move |_| fire()))
}
