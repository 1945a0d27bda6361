//! What an event says of the visitor's hands and of what the page shows.

use super::{document, window};
use js_sys::{Array, Function, Reflect};
use sondeo_session::Properties;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, ShadowRoot};

/// A member of a value; undefined where there is none, or where reading it throws.
pub(super) fn member(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

fn number(of: &JsValue, name: &str) -> f64 {
    member(of, name).as_f64().unwrap_or(0.0)
}

/// Whether the browser takes this text for a selector.
pub(crate) fn is_selector(css: &str) -> bool {
    document().query_selector(css).is_ok()
}

/// Whether the page itself has dispatched the event, with something to say: the `CustomEvent` of any frame.
pub(crate) fn is_of_page(event: &Event) -> bool {
    !event.is_trusted() && Reflect::has(event, &"detail".into()).unwrap_or_default()
}

thread_local! {
    /// The page's half (`loader/properties.js`): an object of the page may throw when it is read.
    static PROPERTIES: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// What reads the properties of an event from now on.
pub(crate) fn set_properties(read: Function) {
    PROPERTIES.set(Some(read));
}

/// What an object of the page says with an event.
pub(crate) fn properties(object: &JsValue) -> Properties {
    let read = PROPERTIES.with_borrow(Clone::clone);
    let found = read.and_then(|read| read.call1(&JsValue::NULL, object).ok());
    let texts: Vec<String> = found
        .and_then(|it| it.dyn_into::<Array>().ok())
        .map_or_else(Vec::new, |it| it.iter().filter_map(|text| text.as_string()).collect());
    texts.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
}

/// What the page says with an event of its own.
pub(crate) fn detail(event: &JsValue) -> Properties {
    properties(&member(event, "detail"))
}

/// The elements that an event has passed on its way, from the innermost: through open shadow roots, too.
/// None of our own: what happens in a survey has not happened on the page.
fn path(event: &Event) -> Vec<JsValue> {
    let path: Vec<JsValue> = event.composed_path().iter().collect();
    let is_ours = |node: &JsValue| {
        node.dyn_ref::<Element>().is_some_and(|element| element.local_name() == "sondeo-widget")
    };
    if path.iter().any(is_ours) { Vec::new() } else { path }
}

/// Whether the event happened to an element that the selector means, or inside one.
pub(crate) fn happened_to(event: &Event, css: &str) -> bool {
    path(event).iter().any(|node| {
        node.dyn_ref::<Element>().is_some_and(|element| element.matches(css).unwrap_or(false))
    })
}

/// The open shadow roots that the event has passed.
pub(crate) fn shadow_roots(event: &Event) -> Vec<ShadowRoot> {
    path(event).into_iter().filter_map(|node| node.dyn_into().ok()).collect()
}

/// Whether a finger did it.
pub(crate) fn is_touch(event: &Event) -> bool {
    member(event, "pointerType").as_string().as_deref() == Some("touch")
}

/// Whether the pointer has left the window through its upper edge, and drags nothing along.
pub(crate) fn left_through_top(event: &Event) -> bool {
    member(event, "relatedTarget").is_null()
        && number(event, "clientY") <= 0.0
        && number(event, "buttons") == 0.0
}

/// Whether the visitor is inside a frame of the page now, whose input nobody else hears of.
pub(crate) fn is_in_frame() -> bool {
    document().active_element().is_some_and(|element| element.local_name() == "iframe")
}

/// Where something that scrolls stands.
pub(crate) struct Scrolled {
    /// How far it is scrolled, in CSS pixels.
    pub(crate) top: f64,
    /// How far it can be.
    pub(crate) room: f64,
    /// How much of it is in sight at once.
    pub(crate) height: f64,
}

/// Where the page stands, or what the event says is scrolled; `None` for a detail of the page.
pub(crate) fn scrolled(event: Option<&Event>) -> Option<Scrolled> {
    let target = event.and_then(Event::target).and_then(|target| target.dyn_into::<Element>().ok());
    let inner = number(&window(), "innerHeight");
    match target {
        Some(element) => {
            let scrolled = measure(&element);
            // Where the window itself does not scroll, something as large as the window is the page.
            (scrolled.height * 2.0 >= inner).then_some(scrolled)
        }
        None => document().scrolling_element().map(|element| measure(&element)),
    }
}

fn measure(element: &Element) -> Scrolled {
    let height = element.client_height().into();
    Scrolled {
        top: number(element, "scrollTop"),
        room: f64::from(element.scroll_height()) - height,
        height,
    }
}

/// Whether there is more of the page than is in sight: of the window, or of what fills its middle.
pub(crate) fn can_scroll() -> bool {
    let window = window();
    let [width, height] =
        ["innerWidth", "innerHeight"].map(|side| (number(&window, side) / 2.0) as f32);
    let mut at = document().element_from_point(width, height);
    let mut can = scrolled(None).is_some_and(|it| it.room > 1.0);
    while let Some(element) = at
        && !can
    {
        let style = window.get_computed_style(&element).ok().flatten();
        let overflow = style.and_then(|style| style.get_property_value("overflow-y").ok());
        can =
            measure(&element).room > 1.0 && matches!(overflow.as_deref(), Some("auto" | "scroll"));
        at = element.parent_element();
    }
    can
}
