use super::element::{Element, element};
use super::icon::{FACES, STAR, THUMB, icon, turned};
use super::list::{ListedOption, list, option};
use crate::browser;
use sondeo_model::{Kind, Look, Question, Survey, format_int};

/// A scale, in numbers, words or drawings.
///
/// Its ends are written below for everybody; they describe the group, and belong to the names of the first
/// and last point.
pub(super) fn controls(
    fieldset: Element,
    question: &Question,
    survey: &Survey,
    chosen: &[String],
) -> Element {
    let (first, last, look, labels, ends) = match &question.kind {
        Kind::Likert { points, look, labels, ends } => (1, *points, *look, &labels[..], ends),
        Kind::Nps { ends } => (0, 10, Look::Numbers, &[][..], ends),
        _ => return fieldset,
    };
    let mut points = list(match look {
        Look::Numbers => "boxes",
        Look::Labels => "words",
        Look::Faces => "drawn faces",
        Look::Stars => "drawn stars",
        Look::Thumbs => "drawn thumbs",
    });
    for point in first..=last {
        let number = browser::number(point.into(), &survey.language);
        let end = match ends {
            Some([low, _]) if point == first => Some(low),
            Some([_, high]) if point == last => Some(high),
            _ => None,
        };
        let meaning = labels.get(usize::from(point - first)).or(end);
        let meaning = meaning.map(|meaning| survey.text(meaning));
        let drawing = draw(look, point - first, last - first);
        let text = match (look, meaning) {
            (Look::Labels, Some(label)) => label,
            (Look::Labels | Look::Numbers, _) => number.as_str(),
            _ => "",
        };
        // Where the words are written, they are the name.
        let name = (look != Look::Labels).then(|| match meaning {
            Some(meaning) => [&number, ": ", meaning].concat(),
            None => number.clone(),
        });
        let value = format_int(point.into());
        let choice = ListedOption { value: &value, name, drawing, text };
        points = points.child(option("radio", question, choice, chosen));
    }
    let fieldset = fieldset.child(points);
    match ends {
        Some(ends) if look != Look::Labels => {
            fieldset.child(written(ends.each_ref().map(|end| survey.text(end))))
        }
        _ => fieldset,
    }
}

fn written([low, high]: [&str; 2]) -> Element {
    let line = element("div class=ends part=ends id=ends aria-hidden=true");
    line.child(element("span").text(low))
        // A description is read in one breath.
        .text(" ")
        .child(element("span").text(high))
}

/// What is drawn for a point of a scale, of which the last is `points` after the first.
fn draw(look: Look, point: u8, points: u8) -> Option<Element> {
    let points = points.max(1);
    match look {
        Look::Numbers | Look::Labels => None,
        Look::Stars => Some(icon(STAR)),
        Look::Faces => {
            let at = usize::from(point) * (FACES.len() - 1) / usize::from(points);
            FACES.get(at).map(|face| icon(face))
        }
        Look::Thumbs => {
            // From down over sideways to up.
            let angle = 180 - 180 * u32::from(point) / u32::from(points);
            let turn = ["rotate(", &format_int(angle.into()), " 12 12)"].concat();
            Some(turned(THUMB, &turn))
        }
    }
}
