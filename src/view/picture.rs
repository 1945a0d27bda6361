//! Pictures of an author's.

use super::element::{Element, element};
use crate::browser;
use sondeo_model::{Display, Image, Survey};
use wasm_bindgen::JsCast;

/// A picture, whose room is held by the style sheet. One that does not come is gone; in the flow of the page its room
/// stays, or everything below would move.
#[inline(never)]
pub(super) fn rest_picture(description: &str, image: &Image, survey: &Survey) -> Element {
    // Beside the survey's file, where there is one.
    let src =
        browser::resolve(&survey.base).and_then(|base| browser::resolve_at(&image.src, &base));
    let is_in_page = survey.appearance.display == Display::Inline;
    element(description)
        .with("alt", survey.text(&image.alt))
        .with("src", src.as_ref().unwrap_or(&image.src))
        .on(
            "error",
            Box::new(move |event| {
                if let Some(target) = event.target() {
                    let picture: web_sys::Element = target.unchecked_into();
                    let _ =
                        picture.set_attribute(if is_in_page { "data-gone" } else { "hidden" }, "");
                }
            }),
        )
}
