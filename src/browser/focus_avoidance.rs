use super::{Listener, Timer, after, defer, document, listen, window};
use sondeo_model::Position;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

/// By then, every browser has scrolled to what has the focus.
const SCROLLED_MS: u64 = 100;

/// Keeps a floating survey off whatever has the focus on the page (WCAG 2.2, 2.4.11): it moves to the
/// opposite edge, and shrinks where that is not enough.
pub(crate) struct FocusAvoidance {
    _listeners: [Listener; 2],
}

impl FocusAvoidance {
    /// Watches the focus and the window for as long as it lives.
    pub(crate) fn new(host: &HtmlElement, wanted: Position) -> Self {
        let host = host.clone();
        let look = Rc::new(move || clear(&host, wanted));
        look();
        let clock: Rc<RefCell<Option<Timer>>> = Rc::default();
        let hear = || {
            let (look, clock) = (Rc::clone(&look), Rc::clone(&clock));
            Box::new(move |_: &web_sys::Event| {
                // The browser scrolls to what gets the focus after it has told of it; WebKit takes its time.
                let [now, later] = [0, 1].map(|_| Rc::clone(&look));
                defer(Box::new(move || now()));
                clock.replace(Some(after(SCROLLED_MS, Box::new(move || later()))));
            })
        };
        let on_focus = listen(&document(), "focusin", hear());
        let on_resize = listen(&window(), "resize", hear());
        Self { _listeners: [on_focus, on_resize] }
    }
}

fn clear(host: &HtmlElement, wanted: Position) {
    let focused = document().active_element().filter(|element| {
        element.as_ref() as &JsValue != host.as_ref() as &JsValue && element.local_name() != "body"
    });
    let mirrored = match wanted {
        Position::BottomRight => Position::TopRight,
        Position::BottomLeft => Position::TopLeft,
        Position::TopRight => Position::BottomRight,
        Position::TopLeft => Position::BottomLeft,
        Position::Top => Position::Bottom,
        Position::Bottom | Position::Center => Position::Top,
    };
    for is_aside in [false, true] {
        for position in [wanted, mirrored] {
            let _ = host.set_attribute("data-position", position.as_str());
            let _ = host.toggle_attribute_with_force("data-aside", is_aside);
            if focused.as_ref().is_none_or(|element| !covers(host, element)) {
                return;
            }
        }
    }
}

/// Whether any part of the element lies under the survey.
fn covers(host: &Element, element: &Element) -> bool {
    let element = element.get_bounding_client_rect();
    let parts = host.shadow_root().and_then(|root| root.query_selector_all(".card,.tab").ok());
    let parts = parts.iter().flat_map(|parts| (0..parts.length()).filter_map(|at| parts.get(at)));
    parts.into_iter().any(|part| {
        let part = part.unchecked_into::<Element>().get_bounding_client_rect();
        part.left() < element.right()
            && element.left() < part.right()
            && part.top() < element.bottom()
            && element.top() < part.bottom()
    })
}
