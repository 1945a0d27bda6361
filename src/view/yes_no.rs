use super::element::{Element, element};
use super::icon::icon;
use sondeo_model::Text;

/// Yes and no, in the question's own words beside a thumb.
pub(super) fn controls(fieldset: Element, name: &Text, yes: &Text, no: &Text) -> Element {
    let option = |value: &str, word: &Text, thumb: &'static str| {
        let input = element("input").with("type", "radio").with("name", name).with("value", value);
        element("label").child(input).child(icon(thumb)).text(word)
    };
    let options = element("div")
        .with("class", "options")
        .with("part", "options")
        .child(option("yes", yes, THUMB_UP))
        .child(option("no", no, THUMB_DOWN));
    fieldset.child(options)
}

const THUMB_UP: &str = "M7.5 11v9.2M3.8 11h3.7l3.9-7.6c1.6 0 2.6 1 2.6 2.5v3.6h4.3c1.4 0 2.3 1.2 2 2.5l-1.4 6.4c-.2 1-1.1 1.8-2.2 1.8H3.8z";
const THUMB_DOWN: &str = "M16.5 13V3.8M20.2 13h-3.7l-3.9 7.6c-1.6 0-2.6-1-2.6-2.5v-3.6H5.7c-1.4 0-2.3-1.2-2-2.5l1.4-6.4c.2-1 1.1-1.8 2.2-1.8h12.9z";
