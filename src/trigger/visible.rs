use super::{Fire, Kept};
use crate::browser::Sight;

/// `visible:CSS`: such an element is half in view.
pub(super) fn listen(css: &str, fire: Fire) -> Kept {
    Box::new(Sight::new(css.to_owned(), Box::new(move || fire())))
}
