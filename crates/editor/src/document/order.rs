//! Where a new key goes: keys that belong together stand together, and what was there keeps its place.

use crate::pointer;

/// Of a survey: what it is, what it asks, when, whom, how it looks, where the answers go.
pub(super) const SURVEY: &[&str] = &[
    "$schema",
    "id",
    "name",
    "note",
    "template",
    "lang",
    "logo",
    "questions",
    "question",
    "low",
    "high",
    "endings",
    "thanks",
    "trigger",
    "delay",
    "from",
    "until",
    "url",
    "device",
    "when",
    "sample",
    "recontact",
    "snooze",
    "quiet",
    "per",
    "max_shows",
    "priority",
    "display",
    "position",
    "theme",
    "accent",
    "radius",
    "font",
    "endpoint",
    "format",
    "headers",
    "fields",
    "report",
    "confirm",
    "push",
    "mask",
    "user",
    "custom",
    "visitor",
    "storage",
    "consent",
    "privacy_signal",
    "debug",
    "preview",
    "published",
];
pub(super) const QUESTION: &[&str] = &[
    "id",
    "kind",
    "points",
    "text",
    "description",
    "image",
    "look",
    "labels",
    "low",
    "high",
    "options",
    "other",
    "shuffle",
    "min",
    "max",
    "lines",
    "max_length",
    "placeholder",
    "format",
    "metric",
    "required",
    "next",
];
const OPTION: &[&str] = &["id", "text", "minutes", "image"];
const RULE: &[&str] = &["if", "go"];
const ENDING: &[&str] = &["id", "text", "button", "redirect", "after"];
const BUTTON: &[&str] = &["text", "url"];
const IMAGE: &[&str] = &["src", "alt"];

/// The order of the keys of the object at this pointer; empty where new ones come last.
fn order_at(parent: &str) -> &'static [&'static str] {
    let parts = pointer::parts(parent);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts[..] {
        [] => SURVEY,
        ["questions", _] => QUESTION,
        ["questions", _, "options", _] => OPTION,
        ["questions", _, "next", _] => RULE,
        ["endings", _] => ENDING,
        ["endings", _, "button"] => BUTTON,
        ["logo"] | [.., "image"] => IMAGE,
        _ => &[],
    }
}

/// The place of a new key among those of the object at `parent`.
pub(super) fn place_of<'a>(parent: &str, key: &str, there: impl Iterator<Item = &'a str>) -> usize {
    let order = order_at(parent);
    let rank = |key: &str| order.iter().position(|known| *known == key);
    let there: Vec<&str> = there.collect();
    let Some(own) = rank(key) else { return there.len() };
    let before = there.iter().rposition(|it| rank(it).is_some_and(|rank| rank < own));
    before.map_or(0, |at| at + 1)
}
