//! What is made anew when something has changed.
//!
//! Leptos' own triggers and render effects serve every kind of graph, and were a twentieth of what comes until a survey
//! stands there. Here nothing is derived from anything: a signal has readers, and a reader makes its content again.

use super::element::Element;
use crate::browser;
use leptos::tachys::renderer::Rndr;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

thread_local! {
    /// The content that is being made.
    static PRESENT: RefCell<Option<Weak<Content>>> = const { RefCell::new(None) };
}

/// Something that may change.
#[derive(Default)]
pub(super) struct Signal {
    readers: RefCell<Vec<Weak<Content>>>,
}

impl Signal {
    /// The content that is being made is made again when this changes.
    pub(super) fn track(&self) {
        self.readers.borrow_mut().extend(PRESENT.with_borrow(Clone::clone));
    }

    /// It has changed: what read it is made again once whoever is on the stack now is done.
    pub(super) fn notify(&self) {
        // Whoever still reads it says so again.
        for reader in self.readers.take() {
            if let Some(content) = reader.upgrade().filter(|it| !it.is_due.replace(true)) {
                let content = Rc::downgrade(&content);
                browser::defer(Box::new(move || {
                    if let Some(content) = content.upgrade() {
                        content.make();
                    }
                }));
            }
        }
    }
}

/// The content of an element.
pub(super) struct Content {
    node: web_sys::Element,
    write: Box<dyn Fn() -> Option<Element>>,
    written: RefCell<Option<Element>>,
    is_due: Cell<bool>,
}

impl Content {
    /// Content of this element, made at once.
    pub(super) fn new(node: web_sys::Element, write: Box<dyn Fn() -> Option<Element>>) -> Rc<Self> {
        let content =
            Rc::new(Self { node, write, written: RefCell::default(), is_due: Cell::new(false) });
        content.make();
        content
    }

    fn make(self: &Rc<Self>) {
        self.is_due.set(false);
        let around = PRESENT.replace(Some(Rc::downgrade(self)));
        let written = (self.write)();
        PRESENT.set(around);
        Rndr::clear_children(&self.node);
        if let Some(child) = &written {
            Rndr::insert_node(&self.node, child.dom(), None);
        }
        self.written.replace(written);
    }
}
