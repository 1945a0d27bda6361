use super::element::Element;
use super::icon::{THUMB, turned};
use super::list::{ListedOption, list, option};
use sondeo_model::{Look, Question};

/// Yes and no, in the question's own words, beside a thumb where the look asks for one.
pub(super) fn controls(
    fieldset: Element,
    question: &Question,
    look: Look,
    words: [&str; 2],
    chosen: &[String],
) -> Element {
    let mut pair = list("pair");
    for (value, turn, text) in [("yes", "", words[0]), ("no", THUMB_DOWN, words[1])] {
        let thumb = || turned(THUMB, turn);
        let drawing = (look == Look::Thumbs).then(thumb);
        let choice = ListedOption { value, drawing, text, name: None };
        pair = pair.child(option("radio", question, choice, chosen));
    }
    fieldset.child(pair)
}

/// The other way round.
const THUMB_DOWN: &str = "translate(24 24) scale(-1 -1)";
