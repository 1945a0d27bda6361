//! What is wrong with a survey file, each problem beside its field, in the language of whoever edits.

mod spanish;

use crate::texts::Missing;
use crate::{Document, Locale, Value, pointer, texts};
use sondeo_model::json::Json;
use sondeo_model::{Definition, Layer, Problems};

/// Something in the file that cannot be used as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a JSON pointer: `/questions/1/kind`. Of what is missing, where it should stand.
    pub path: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// Every problem that the model finds, in the order of the file.
#[must_use]
pub fn problems(document: &Document, locale: Locale) -> Vec<Problem> {
    of_value(document.value(), locale)
}

pub(crate) fn of_value(survey: &Value, locale: Locale) -> Vec<Problem> {
    let json: Json = survey.into();
    let mut found = Problems::default();
    let _ = Definition::read(vec![Layer::object(String::new(), &json)], None, &mut found);
    let problem = |it: &sondeo_model::Problem| Problem {
        path: path_of(survey, &it.path),
        message: message(it, locale),
    };
    found.iter().map(problem).collect()
}

/// Every text that one of the survey's languages lacks.
#[must_use]
pub fn missing(document: &Document) -> Vec<Missing> {
    texts::missing(document.value())
}

fn message(problem: &sondeo_model::Problem, locale: Locale) -> String {
    let reason = match locale {
        Locale::English => problem.reason.clone(),
        Locale::Spanish => spanish::reason(&problem.kind).unwrap_or_else(|| problem.reason.clone()),
    };
    let found = problem.found.trim();
    // What stands there is a text in quotes, a number, or said in English words.
    let found = match (locale, found) {
        (Locale::Spanish, "(a list)") => "(una lista)".to_owned(),
        (Locale::Spanish, "(an object)") => "(un objeto)".to_owned(),
        (Locale::Spanish, "(a number)") => "(un número)".to_owned(),
        (Locale::Spanish, found) => {
            match found.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
                Some(text) => format!("«{text}»"),
                None => found.to_owned(),
            }
        }
        (Locale::English, found) => found.to_owned(),
    };
    [found.as_str(), " ", &reason].concat().trim().to_owned()
}

/// The JSON pointer of a path as the model writes it: `.questions[1].text.es`. Names may hold dots and brackets, so that
/// the file decides where one ends.
fn path_of(survey: &Value, path: &str) -> String {
    let mut found = String::new();
    let mut here = Some(survey);
    let mut rest = path;
    while !rest.is_empty() {
        if let Some((at, after)) = rest.strip_prefix('[').and_then(|it| it.split_once(']')) {
            here = here.and_then(|list| list.entries().get(at.parse::<usize>().ok()?));
            found = pointer::join(&found, at);
            rest = after;
            continue;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let members = here.map_or(&[][..], Value::members).iter();
        let fits = |name: &str| {
            rest.strip_prefix(name).is_some_and(|it| it.is_empty() || it.starts_with(['.', '[']))
        };
        let known = members.filter(|(name, _)| fits(name)).max_by_key(|(name, _)| name.len());
        let name = match known {
            Some((name, value)) => {
                here = Some(value);
                name.as_str()
            }
            None => {
                here = None;
                &rest[..rest.find(['.', '[']).unwrap_or(rest.len())]
            }
        };
        found = pointer::join(&found, name);
        rest = &rest[name.len()..];
    }
    found
}

#[cfg(test)]
mod tests;
