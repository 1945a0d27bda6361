use super::{Fire, Kept};
use crate::browser;
use std::rc::Rc;

/// So long the page may take to be as long as it will be.
const SETTLED_MS: u64 = 500;

/// `scroll:50%`: half of the way is scrolled that there is to scroll; at once where there is none.
pub(super) fn listen(share: u8, fire: Fire) -> Kept {
    let look = {
        let fire = Rc::clone(&fire);
        Rc::new(move |event: Option<&browser::Event>| {
            let is_there = browser::scrolled(event).is_some_and(|it| {
                // Browsers round to whole pixels here and there.
                it.room > 1.0 && (it.top + 1.0) * 100.0 >= it.room * f64::from(share)
            });
            if is_there {
                fire();
            }
        })
    };
    // The visitor may have come to the middle of it.
    look(None);
    let settled = move || {
        if !browser::can_scroll() {
            fire();
        }
    };
    let timer = browser::after(SETTLED_MS, Box::new(settled));
    let hear = move |event: &_| look(Some(event));
    Box::new((timer, browser::overhear("scroll", Box::new(hear))))
}
