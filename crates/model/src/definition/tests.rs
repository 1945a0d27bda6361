mod branching;
mod endings;
mod images;
mod keys;
mod languages;
mod layers;
mod problems;
mod questions;

use super::{
    Confirm, Cooldown, Definition, Layer, Mask, Problem, Problems, Push, Report, RequestFormat,
    StorageKind,
};
use crate::json::Json;
use crate::limits::LONGEST_NAME;
use crate::{
    Condition, Destination, Device, Display, Duration, Format, Kind, Language, LocalizedText, Look,
    MessageId, Messages, Metric, Position, Question, Template, Text, Theme, Trigger,
};

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Reads one survey of a file, and what was said about it.
fn read(text: &str) -> (Option<Definition>, Vec<String>) {
    let mut problems = Problems::default();
    let json = json(text);
    let layers = vec![Layer::object("surveys.json[0]", &json)];
    let definition = Definition::read(layers, None, &mut problems);
    (definition, problems.iter().map(Problem::line).collect())
}

/// Expects these lines about a survey, each without the survey's path, and whether it is asked.
#[track_caller]
fn check(text: &str, is_asked: bool, expected: &[&str]) {
    let (definition, problems) = read(text);
    let place = "surveys.json[0]";
    let expected: Vec<_> = expected.iter().map(|line| format!("{place}{line}")).collect();
    assert_eq!(problems, expected, "{text}");
    assert_eq!(definition.is_some(), is_asked, "{text}");
}

/// Expects that a survey with this setting is asked, and that this is said about it.
#[track_caller]
fn targeting(setting: &str, expected: &[&str]) {
    check(&format!(r#"{{"template": "csat", {setting}}}"#), false, expected);
}

/// Expects this about a setting of a survey that is asked all the same, each line without its path.
#[track_caller]
fn setting(setting: &str, expected: &[&str]) {
    check(&format!(r#"{{"template": "csat", {setting}}}"#), true, expected);
}

/// Expects this about a question, each line without its path, and whether it is asked.
#[track_caller]
fn question(members: &str, is_asked: bool, expected: &[&str]) {
    let text = format!(r#"{{"id": "a", "questions": [{{{members}}}]}}"#);
    let expected: Vec<_> = expected.iter().map(|line| format!(".questions[0]{line}")).collect();
    check(&text, is_asked, &expected.iter().map(String::as_str).collect::<Vec<_>>());
}

fn attributes(attributes: &[(&str, &str)]) -> Layer<'static> {
    let own = |text: &str| text.to_owned();
    let pairs: Vec<_> = attributes.iter().map(|(name, value)| (own(name), own(value))).collect();
    Layer::attributes(&pairs)
}

/// Expects these lines about the attributes of a tag that asks for the template `csat`.
#[track_caller]
fn attribute(name: &str, value: &str, expected: &[&str]) {
    let mut problems = Problems::default();
    let layers = vec![attributes(&[(name, value)])];
    let definition = Definition::read(layers, Some(Template::Csat), &mut problems);
    assert!(definition.is_some());
    let problems: Vec<_> = problems.iter().map(Problem::line).collect();
    assert_eq!(problems, expected, "{name}={value}");
}

fn says(text: &str) -> LocalizedText {
    LocalizedText::always(text)
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

const DAY: u64 = crate::DAY_MS.unsigned_abs();

fn ends(definition: &Definition) -> [LocalizedText; 2] {
    match &definition.questions[0].kind {
        Kind::Likert { ends: Some(ends), .. } => ends.clone(),
        other => panic!("{other:?}"),
    }
}
