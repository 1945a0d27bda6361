use super::{Fire, Kept};
use crate::browser;

/// `event:NAME`, as a DOM event that reaches `document`.
pub(super) fn listen(name: &str, fire: Fire) -> Kept {
    Box::new(browser::listen(&browser::document(), name.to_owned(), Box::new(move |_| fire())))
}
