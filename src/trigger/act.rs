use super::{Fire, ListenerGuard};
use crate::browser::{self, Listener};
use std::cell::RefCell;
use std::rc::Rc;

/// `click:CSS`: such an element, or something inside one, is clicked.
pub(super) fn click(css: &str, fire: Fire) -> ListenerGuard {
    let css = css.to_owned();
    let hear = move |event: &_| {
        if browser::happened_to(event, &css) {
            fire(None);
        }
    };
    Box::new(browser::listen_capturing("click", Box::new(hear)))
}

/// `submit:CSS`: such a form, or one inside such an element, is submitted.
///
/// A submission is not heard outside of its shadow root. Whoever submits clicks or presses a key in there
/// before, and that is heard.
pub(super) fn submit(css: &str, fire: Fire) -> ListenerGuard {
    let css: Rc<str> = css.into();
    let inside: RefCell<Vec<(_, Listener)>> = RefCell::default();
    let hear = move |event: &browser::Event| {
        if event.type_() == "submit" {
            if browser::happened_to(event, &css) {
                fire(None);
            }
            return;
        }
        for root in browser::shadow_roots(event) {
            if inside.borrow().iter().any(|(known, _)| *known == root) {
                continue;
            }
            let (css, fire) = (Rc::clone(&css), Rc::clone(&fire));
            let hear = move |event: &browser::Event| {
                if browser::happened_to(event, &css) {
                    fire(None);
                }
            };
            let listener = browser::listen(&root, "submit", Box::new(hear));
            inside.borrow_mut().push((root, listener));
        }
    };
    Box::new(browser::listen_capturing("submit click keydown", Box::new(hear)))
}
