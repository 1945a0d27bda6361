//! The survey for Leptos applications.
#![allow(
    unreachable_pub,
    reason = "the component macro writes a second function, which is private"
)]

use crate::browser::{Host, Place};
use crate::view::{self, Happening};
use leptos::html::Div;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// One survey, where the component stands: its questions one after the other, then the thank-you.
///
/// It renders an empty `<div>`, on a server too, and fills it once it stands on a page: with the same
/// element, shadow root and style sheet as the widget's, so that neither side's styles reach the other.
/// Nothing is sent; `on_happening` hears of everything, and what becomes of it is the application's.
#[component]
pub fn Survey(
    /// What to ask.
    #[prop(into)]
    survey: Rc<sondeo_model::Survey>,
    /// Called at everything that the visitor does.
    on_happening: impl Fn(Happening) + 'static,
) -> impl IntoView {
    let place = NodeRef::<Div>::new();
    // Taken by the effect, which runs in browsers only, and once.
    let given = StoredValue::new_local(Some((survey, on_happening)));
    let mounted = StoredValue::new_local(None);
    Effect::new(move || {
        let Some(place) = place.get() else { return };
        let Some((survey, on_happening)) = given.try_update_value(Option::take).flatten() else {
            return;
        };
        let host = Host::new(&survey, &Place::Inside(place.unchecked_into()));
        mounted.set_value(host.map(|host| {
            let root = host.mount_point();
            let view = leptos::mount::mount_to(root, move || {
                view::card(survey, true, Box::new(on_happening))
            });
            (view, host)
        }));
    });
    view! { <div node_ref=place></div> }
}
