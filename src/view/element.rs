//! One type of element for the whole view.
//!
//! `view!` gives every element a type of its own, with its attributes and children in it, and the
//! compiler a copy of Leptos' rendering for each: that is more than half of a small engine. Here every
//! element is the same type, and Leptos' rendering is compiled once.

use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::tachys::html::attribute::custom::custom_attribute;
use leptos::tachys::html::element::custom;
use leptos::tachys::html::event::{EventDescriptor, on};
use sondeo_model::Text;
use std::borrow::Cow;
use web_sys::Event;

/// An element that is not yet rendered.
#[must_use]
pub(super) struct Element {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

/// An element of this tag, which must be one of HTML's.
pub(super) fn element(tag: &'static str) -> Element {
    Element { tag, attributes: Vec::new(), children: Vec::new() }
}

impl Element {
    /// With an attribute.
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.attributes.push(custom_attribute(name, value.to_owned()).into_any_attr());
        self
    }

    /// With a listener.
    pub(super) fn on(mut self, event: &'static str, hear: Box<dyn Fn(Event)>) -> Self {
        self.attributes.push(on(Named(event), hear).into_any_attr());
        self
    }

    /// With a child after those that it has.
    pub(super) fn child(mut self, child: AnyView) -> Self {
        self.children.push(child);
        self
    }

    /// With a text after the children that it has.
    pub(super) fn text(self, text: &Text) -> Self {
        self.child(text.clone().into_owned().into_any())
    }

    /// As Leptos renders it.
    pub(super) fn view(self) -> AnyView {
        custom(self.tag).add_any_attr(self.attributes).child(self.children).into_any()
    }
}

/// An event by its name alone. Leptos' own have a type each.
#[derive(Clone)]
struct Named(&'static str);

impl EventDescriptor for Named {
    type EventType = Event;

    const BUBBLES: bool = true;

    fn name(&self) -> Cow<'static, str> {
        self.0.into()
    }

    fn event_delegation_key(&self) -> Cow<'static, str> {
        // Delegation is switched off: listeners would sit on the host's `window`.
        self.0.into()
    }
}

/// A part of the view that is made anew whenever a signal that it read has changed.
pub(super) fn dynamic(make: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    make.into_any()
}
