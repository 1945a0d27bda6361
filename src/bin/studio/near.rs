//! What is made only once a person comes near it.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// How far below the window is near.
const MARGIN: &str = "400px";

/// A part of the page that is made when it is scrolled near, and stays.
#[component]
pub(crate) fn Near(children: ChildrenFn) -> impl IntoView {
    let place = NodeRef::<Div>::new();
    let is_near = RwSignal::new(false);
    Effect::new(move || {
        if let Some(place) = place.get() {
            once_near(&place, move || is_near.set(true));
        }
    });
    view! {
        <div class="near" node_ref=place>
            {move || is_near.get().then(|| children())}
        </div>
    }
}

fn once_near(element: &web_sys::Element, act: impl Fn() + 'static) {
    let look = Closure::<dyn Fn(js_sys::Array, IntersectionObserver)>::new(
        move |entries: js_sys::Array, observer: IntersectionObserver| {
            let is_in = |entry: JsValue| {
                entry.unchecked_into::<IntersectionObserverEntry>().is_intersecting()
            };
            if entries.iter().any(is_in) {
                observer.disconnect();
                act();
            }
        },
    );
    let options = IntersectionObserverInit::new();
    options.set_root_margin(MARGIN);
    // The observer holds its function, and goes with the page.
    let look = look.into_js_value().unchecked_into();
    if let Ok(observer) = IntersectionObserver::new_with_options(&look, &options) {
        observer.observe(element);
    }
}
