use super::element::{Element, element};
use super::icon::icon;
use sondeo_model::Text;

/// A scale drawn as faces, from the saddest to the happiest.
///
/// The ends are written below for everybody, and belong to the names of the first and last option.
pub(super) fn controls(
    fieldset: Element,
    name: &Text,
    points: u8,
    low: &Text,
    high: &Text,
) -> Element {
    let mut options = element("div").with("class", "options").with("part", "options");
    for point in 1..=points {
        let number = point.to_string();
        let end = match point {
            1 => [": ", low],
            _ if point == points => [": ", high],
            _ => ["", ""],
        };
        let input = element("input")
            .with("type", "radio")
            .with("name", name)
            .with("value", &number)
            .with("aria-label", &[&number, end[0], end[1]].concat());
        options = options.child(element("label").child(input).child(face(point, points)));
    }
    let ends = element("div")
        .with("class", "ends")
        .with("aria-hidden", "true")
        .child(element("span").text(low))
        .child(element("span").text(high));
    fieldset.child(options).child(ends)
}

/// The face of a point: the five spread over the scale.
fn face(point: u8, points: u8) -> Element {
    let last = FACES.len() - 1;
    let at = usize::from(point.saturating_sub(1)) * last / usize::from(points.max(2) - 1);
    icon(FACES[at.min(last)])
}

/// One family: the same head and eyes, five mouths.
const FACES: [&str; 5] = [
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 10v.01M15.3 10v.01M7.8 17c.8-2 2.3-3 4.2-3s3.4 1 4.2 3",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.6v.01M15.3 9.6v.01M8.4 16.2c.9-.9 2.1-1.4 3.6-1.4s2.7.5 3.6 1.4",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.6v.01M15.3 9.6v.01M8.4 15.4h7.2",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.6v.01M15.3 9.6v.01M8.4 14.6c.9.9 2.1 1.4 3.6 1.4s2.7-.5 3.6-1.4",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.2v.01M15.3 9.2v.01M7.4 13.4h9.2c-.2 2.6-2.1 4.4-4.6 4.4s-4.4-1.8-4.6-4.4z",
];
