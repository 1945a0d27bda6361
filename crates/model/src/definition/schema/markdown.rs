//! The documentation's tables of keys.

use super::about::{About, Group, Shape, Usual};
use super::survey_keys;
use crate::Language;
use crate::definition::key::{Key, SURVEY};

/// What begins a table that is generated; the name of the table and ` -->` follow.
const BEGIN: &str = "<!-- keys: ";
const END: &str = "<!-- end of keys -->";

/// A document of the documentation with its tables of keys as they are now: each stands between `<!-- keys: NAME -->`
/// and `<!-- end of keys -->`, where `NAME` is `attributes`, `languages`, `all languages` or one of the groups of keys. What stands between a name
/// that is unknown and the end is left as it is.
#[must_use]
pub fn with_key_tables(document: &str) -> String {
    let mut pieces = document.split(BEGIN);
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text.push_str(BEGIN);
        let Some((name, rest)) = piece.split_once(" -->\n") else {
            text.push_str(piece);
            continue;
        };
        match (table(name), rest.split_once(END)) {
            (Some(table), Some((_, after))) => {
                text.push_str(&[name, " -->\n", &table, END, after].concat());
            }
            _ => text.push_str(piece),
        }
    }
    text
}

fn table(name: &str) -> Option<String> {
    let group = match name {
        "attributes" => return Some(attributes()),
        "languages" => return Some(languages()),
        "all languages" => return Some(all_languages()),
        "asked" => Group::Asked,
        "when" => Group::When,
        "who" => Group::Who,
        "looks" => Group::Looks,
        "sent" => Group::Sent,
        "privacy" => Group::Privacy,
        _ => return None,
    };
    let mut table = "| key | value | default |\n| --- | --- | --- |\n".to_owned();
    for (entry, about) in SURVEY.iter().zip(survey_keys()) {
        if entry.group == group {
            let (value, usual) = (value(&about), usual(&about));
            table.push_str(&format!("| `{}` | {value} | {usual} |\n", about.key));
        }
    }
    Some(table)
}

/// Every language that there are words in.
fn languages() -> String {
    let mut table = "| tag | language | own name |\n| --- | --- | --- |\n".to_owned();
    for language in Language::ALL {
        let (name, own_name) = language.names();
        table.push_str(&format!("| `{}` | {name} | {own_name} |\n", language.tag()));
    }
    table
}

/// The same as a sentence.
fn all_languages() -> String {
    let names: Vec<_> = Language::ALL.iter().map(|language| language.names().0).collect();
    let Some((last, others)) = names.split_last() else { return String::new() };
    format!("All speak {} and {last}.\n", others.join(", "))
}

/// Every attribute that stands for a key.
fn attributes() -> String {
    let mut table = "| attribute | meaning | default |\n| --- | --- | --- |\n".to_owned();
    for (about, spec) in survey_keys().zip(Key::SPECS) {
        let name = match spec.prefix() {
            Some(prefix) => format!("{prefix}NAME"),
            None => about.key.replace('_', "-"),
        };
        if !spec.is_only_in_json {
            let (value, usual) = (value(&about), usual(&about));
            table.push_str(&format!("| `data-{name}` | {value} | {usual} |\n"));
        }
    }
    table
}

/// What a key is for, with all words that it may hold.
fn value(about: &About) -> String {
    let (begin, words) = match about.shape {
        Shape::Word(words) => ("One of", words),
        Shape::Words(words) => ("Any of", words),
        _ => return about.text.to_owned(),
    };
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    format!("{} {begin} {}.", about.text, words.join(" "))
}

fn usual(about: &About) -> String {
    match about.usual {
        Usual::Required | Usual::Default => "required".to_owned(),
        Usual::Words(words) => words.to_owned(),
        Usual::Text(text) => format!("`{text}`"),
        Usual::Number(number) => format!("`{number}`"),
        Usual::Truth(truth) => format!("`{truth}`"),
    }
}
