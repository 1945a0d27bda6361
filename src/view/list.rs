//! Things to choose, each a native control with what is drawn and written beside it.

use super::element::{Element, element};
use super::picture::rest_picture;
use crate::browser;
use sondeo_model::{OTHER, Options, Question, Survey};

/// One thing to choose.
#[derive(Default)]
pub(super) struct ListedOption<'a> {
    pub(super) value: &'a str,
    /// What a screen reader says, where that is not the text.
    pub(super) name: Option<String>,
    pub(super) drawing: Option<Element>,
    pub(super) text: &'a str,
}

/// One option of several (`radio`), or any number of them (`checkbox`).
#[inline(never)]
pub(super) fn rest_controls(
    fieldset: Element,
    question: &Question,
    control: &str,
    options: &Options,
    survey: &Survey,
    [chosen, other]: [&[String]; 2],
) -> Element {
    let mut list = list("list");
    // One byte for each option; they come ten at a time.
    let draws = options.list.len().div_ceil(10);
    let random: Vec<u8> = (0..draws).flat_map(|_| browser::random()).collect();
    for at in options.order(&random) {
        let Some(sondeo_model::Choice { id, text, image, .. }) = options.list.get(at) else {
            continue;
        };
        let drawing = image.as_ref().map(|image| rest_picture("img part=picture", image, survey));
        let choice = ListedOption { value: id, text: survey.text(text), drawing, name: None };
        list = list.child(option(control, question, choice, chosen));
        if options.has_other_text && id == OTHER {
            let mut field = other_field(question, survey.text(text), other);
            if !chosen.iter().any(|value| value == OTHER) {
                field = field.with("hidden", "");
            }
            list = list.child(field);
        }
    }
    fieldset.child(list)
}

/// How much may be written beside the option `other`, in UTF-16 units.
const LONGEST_OTHER: &str = "1000";

/// The field for what the visitor means by `other`, which stands there while that is chosen.
fn other_field(question: &Question, label: &str, written: &[String]) -> Element {
    element("input class=other part=other autocomplete=off")
        .with("name", &[&question.id, "-", OTHER].concat())
        .with("aria-label", label)
        .with("maxlength", LONGEST_OTHER)
        .with("value", written.first().map_or("", String::as_str))
}

/// The frame of the options in one look.
pub(super) fn list(look: &str) -> Element {
    element("div part=options").with("class", &["options ", look].concat())
}

/// One option with its control.
pub(super) fn option(
    control: &str,
    question: &Question,
    choice: ListedOption<'_>,
    chosen: &[String],
) -> Element {
    let mut input = element("input")
        .with("type", control)
        .with("name", &question.id)
        .with("value", choice.value);
    if let Some(name) = &choice.name {
        input = input.with("aria-label", name);
    }
    if chosen.iter().any(|value| value == choice.value) {
        input = input.with("checked", "");
    }
    let mut label = element("label part=option").child(input);
    if let Some(drawing) = choice.drawing {
        label = label.child(drawing);
    }
    match choice.text {
        "" => label,
        text => label.child(element("span").text(text)),
    }
}
