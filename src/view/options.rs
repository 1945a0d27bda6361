use super::element::{Element, element};
use super::icon::icon;
use crate::browser;
use sondeo_model::{Look, Options, Text};

/// One thing to choose: a native control, with what is drawn and written beside it.
#[derive(Default)]
struct Choice<'a> {
    value: &'a str,
    /// What a screen reader says, where that is not the text.
    name: Option<String>,
    drawing: Option<&'static str>,
    text: &'a str,
}

/// A scale from `first` to `last`, in numbers or drawings.
///
/// The ends are written below for everybody, and belong to the names of the first and last point.
pub(super) fn scale(
    fieldset: Element,
    name: &Text,
    [first, last]: [u8; 2],
    look: Look,
    [low, high]: [&Text; 2],
) -> Element {
    let mut points = list(look_class(look));
    for point in first..=last {
        let number = point.to_string();
        let end = match point {
            _ if point == first => [": ", low],
            _ if point == last => [": ", high],
            _ => ["", ""],
        };
        let drawing = match look {
            Look::Faces | Look::Thumbs => Some(face(point - first, last - first)),
            Look::Stars => Some(STAR),
            Look::Numbers | Look::Labels => None,
        };
        points = points.child(option(
            "radio",
            name,
            &Choice {
                value: &number,
                name: Some([&number, end[0], end[1]].concat()),
                drawing,
                text: if drawing.is_none() { &number } else { "" },
            },
        ));
    }
    let ends = element("div")
        .with("class", "ends")
        .with("aria-hidden", "true")
        .child(element("span").text(low))
        .child(element("span").text(high));
    fieldset.child(points).child(ends)
}

/// Yes and no, in the question's own words, beside a thumb where the look asks for one.
pub(super) fn yes_no(fieldset: Element, name: &Text, look: Look, yes: &Text, no: &Text) -> Element {
    let drawing = |thumb| (look == Look::Thumbs).then_some(thumb);
    let yes = Choice { value: "yes", drawing: drawing(THUMB_UP), text: yes, name: None };
    let no = Choice { value: "no", drawing: drawing(THUMB_DOWN), text: no, name: None };
    fieldset
        .child(list("pair").child(option("radio", name, &yes)).child(option("radio", name, &no)))
}

/// One option of several (`radio`), or any number of them (`checkbox`).
pub(super) fn choice(fieldset: Element, name: &Text, control: &str, options: &Options) -> Element {
    let mut list = list("list");
    // One byte for each option; they come ten at a time.
    let draws = options.list.len().div_ceil(10);
    let random: Vec<u8> = (0..draws).flat_map(|_| browser::random()).collect();
    for at in options.order(&random) {
        let Some(sondeo_model::Choice { id, text, .. }) = options.list.get(at) else { continue };
        list = list.child(option(control, name, &Choice { value: id, text, ..Choice::default() }));
    }
    fieldset.child(list)
}

fn list(class: &str) -> Element {
    element("div").with("class", &["options ", class].concat()).with("part", "options")
}

fn option(control: &str, name: &str, choice: &Choice<'_>) -> Element {
    let mut input =
        element("input").with("type", control).with("name", name).with("value", choice.value);
    if let Some(name) = &choice.name {
        input = input.with("aria-label", name);
    }
    let mut label = element("label").child(input);
    if let Some(drawing) = choice.drawing {
        label = label.child(icon(drawing));
    }
    label.text(choice.text)
}

fn look_class(look: Look) -> &'static str {
    match look {
        Look::Numbers | Look::Labels => "boxes",
        Look::Faces | Look::Thumbs => "drawn",
        Look::Stars => "drawn stars",
    }
}

/// The face of a point: the five spread over the scale.
fn face(point: u8, points: u8) -> &'static str {
    let last = FACES.len() - 1;
    let at = usize::from(point) * last / usize::from(points.max(1));
    FACES[at.min(last)]
}

/// One family: the same head and eyes, five mouths.
const FACES: [&str; 5] = [
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 10v.01M15.3 10v.01M7.8 17c.8-2 2.3-3 4.2-3s3.4 1 4.2 3",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.6v.01M15.3 9.6v.01M8.4 16.2c.9-.9 2.1-1.4 3.6-1.4s2.7.5 3.6 1.4",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.6v.01M15.3 9.6v.01M8.4 15.4h7.2",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.6v.01M15.3 9.6v.01M8.4 14.6c.9.9 2.1 1.4 3.6 1.4s2.7-.5 3.6-1.4",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.2v.01M15.3 9.2v.01M7.4 13.4h9.2c-.2 2.6-2.1 4.4-4.6 4.4s-4.4-1.8-4.6-4.4z",
];
const STAR: &str = "M12 3.2l2.7 5.6 6.1.8-4.5 4.3 1.1 6.1-5.4-3-5.4 3 1.1-6.1-4.5-4.3 6.1-.8z";
const THUMB_UP: &str = "M7.5 11v9.2M3.8 11h3.7l3.9-7.6c1.6 0 2.6 1 2.6 2.5v3.6h4.3c1.4 0 2.3 1.2 2 2.5l-1.4 6.4c-.2 1-1.1 1.8-2.2 1.8H3.8z";
const THUMB_DOWN: &str = "M16.5 13V3.8M20.2 13h-3.7l-3.9 7.6c-1.6 0-2.6-1-2.6-2.5v-3.6H5.7c-1.4 0-2.3-1.2-2-2.5l1.4-6.4c.2-1 1.1-1.8 2.2-1.8h12.9z";
