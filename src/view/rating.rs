use super::icon::icon;
use leptos::prelude::*;
use sondeo_model::Text;

/// A scale drawn as faces, from the saddest to the happiest.
///
/// The ends are written below for everybody, and belong to the names of the first and last option.
pub(super) fn controls(name: &Text, points: u8, low: &Text, high: &Text) -> AnyView {
    let option = |point: u8| {
        let end = match point {
            1 => Some(low),
            point if point == points => Some(high),
            _ => None,
        };
        let number = point.to_string();
        let label = end.map_or_else(|| number.clone(), |end| [&number, ": ", end].concat());
        let face = usize::from(point - 1) * (FACES.len() - 1) / usize::from(points.max(2) - 1);
        view! {
            <label>
                <input type="radio" name=name.clone() value=number aria-label=label/>
                {icon(FACES[face.min(FACES.len() - 1)])}
            </label>
        }
    };
    view! {
        <div class="options" part="options">{(1..=points).map(option).collect_view()}</div>
        <div class="ends" aria-hidden="true">
            <span>{low.clone()}</span>
            <span>{high.clone()}</span>
        </div>
    }
    .into_any()
}

/// One family: the same head and eyes, five mouths.
const FACES: [&str; 5] = [
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 10v.01M15.3 10v.01M7.8 17c.8-2 2.3-3 4.2-3s3.4 1 4.2 3",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.6v.01M15.3 9.6v.01M8.4 16.2c.9-.9 2.1-1.4 3.6-1.4s2.7.5 3.6 1.4",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.6v.01M15.3 9.6v.01M8.4 15.4h7.2",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.6v.01M15.3 9.6v.01M8.4 14.6c.9.9 2.1 1.4 3.6 1.4s2.7-.5 3.6-1.4",
    "M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 1 0 0-18.4M8.7 9.2v.01M15.3 9.2v.01M7.4 13.4h9.2c-.2 2.6-2.1 4.4-4.6 4.4s-4.4-1.8-4.6-4.4z",
];
