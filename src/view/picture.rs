//! Pictures of an author's.

use super::element::{Element, element};
use sondeo_model::{Display, Image, Survey};
use wasm_bindgen::JsCast;

/// A picture, whose room is held by the style sheet. One that does not come is gone; in the flow of the page its room
/// stays, or everything below would move.
pub(super) fn picture(description: &str, image: &Image, survey: &Survey) -> Element {
    let is_in_page = survey.appearance.display == Display::Inline;
    element(description)
        .with("alt", survey.text(&image.alt))
        .with("src", &survey.address(image))
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
