//! The one type of view that the widget is made of.
//!
//! `view!` gives every element a type of its own, with its attributes and children in it, and the
//! compiler a copy of Leptos' rendering for each: that was half of the engine. Here an element is made by
//! Leptos' renderer as soon as it is described, always the same type, and what changes in it is made
//! anew ([`super::signal`]). No markup is ever parsed, so a host that requires Trusted Types has nothing to refuse.

use super::signal::Content;
use crate::browser::{self, Listener};
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::no_attrs;
use leptos::tachys::renderer::Rndr;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};
use send_wrapper::SendWrapper;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Event, Node};

/// An element of the page, and what must live as long as it stands there.
#[must_use]
pub(crate) struct Element(Box<SendWrapper<Inner>>);

struct Inner {
    node: web_sys::Element,
    _listeners: Vec<Listener>,
    _children: Vec<Element>,
    _content: Option<Rc<Content>>,
}

/// An element of HTML, as `tag name=value name …`: attributes whose values are one word each.
pub(super) fn element(description: &str) -> Element {
    Element::new(description, None)
}

/// An element of SVG.
pub(super) fn drawing(description: &str) -> Element {
    Element::new(description, Some("http://www.w3.org/2000/svg"))
}

impl Element {
    fn new(description: &str, namespace: Option<&str>) -> Self {
        let mut words = description.split(' ');
        let node = Rndr::create_element(words.next().unwrap_or_default(), namespace);
        for word in words {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            Rndr::set_attribute(&node, name, value);
        }
        Self(Box::new(SendWrapper::new(Inner {
            node,
            _listeners: Vec::new(),
            _children: Vec::new(),
            _content: None,
        })))
    }

    /// With an attribute.
    pub(super) fn with(self, name: &str, value: &str) -> Self {
        Rndr::set_attribute(&self.0.node, name, value);
        self
    }

    /// With a property of style, which no policy of the host forbids.
    pub(super) fn styled(self, name: &str, value: &str) -> Self {
        let node: &web_sys::HtmlElement = self.0.node.unchecked_ref();
        let _ = node.style().set_property(name, value);
        self
    }

    /// The element itself.
    pub(super) fn node(&self) -> web_sys::HtmlElement {
        self.0.node.clone().unchecked_into()
    }

    /// The same, for whoever puts it somewhere.
    pub(super) fn dom(&self) -> &web_sys::Element {
        &self.0.node
    }

    /// With a listener.
    pub(super) fn on(mut self, event: &'static str, hear: Box<dyn Fn(&Event)>) -> Self {
        let listener = browser::listen(&self.0.node, event, hear);
        self.0._listeners.push(listener);
        self
    }

    /// With a child after those that it has.
    pub(super) fn child(mut self, child: Self) -> Self {
        Rndr::insert_node(&self.0.node, &child.0.node, None);
        self.0._children.push(child);
        self
    }

    /// With a text after the children that it has. It is never read as markup.
    pub(super) fn text(self, text: &str) -> Self {
        Rndr::insert_node(&self.0.node, &Rndr::create_text_node(text), None);
        self
    }

    /// With content that is made anew whenever a signal that it read has changed.
    pub(super) fn content(mut self, make: Box<dyn Fn() -> Option<Self>>) -> Self {
        self.0._content = Some(Content::new(self.0.node.clone(), make));
        self
    }
}

impl Render for Element {
    type State = Self;

    fn build(self) -> Self {
        self
    }

    fn rebuild(self, state: &mut Self) {
        let mut old = std::mem::replace(state, self);
        old.insert_before_this(state);
        old.unmount();
    }
}

impl Mountable for Element {
    fn unmount(&mut self) {
        self.0.node.remove();
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&Node>) {
        Rndr::insert_node(parent, &self.0.node, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.node.insert_before_this(child)
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        vec![self.0.node.clone()]
    }
}

no_attrs!(Element);

/// Elements of the widget exist in browsers only. [`crate::Survey`] is what a server may render.
impl RenderHtml for Element {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        _: &mut String,
        _: &mut Position,
        _: bool,
        _: bool,
        _: Vec<AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Self {
        self
    }

    fn into_owned(self) -> Self {
        self
    }
}
