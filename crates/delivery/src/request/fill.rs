//! The places in a format's document, and what they are filled with.
//!
//! | place | is |
//! | --- | --- |
//! | `{id}`, `{page.url}`, … | a member of the response; alone in its text it keeps its type, and where there is none, the member that it stands for is left out |
//! | `{question}`, `{text}`, `{value}` … | of one answer; a member whose name holds `{question}` stands for every answer |
//! | `{field}`, `{renamed}` | the name that the author has given to this question, or else the question; or else nothing |
//! | `{@NAME}` | the name that the author has given to NAME |
//! | `{first}`, `{lines}`, `{email}`, `{completed}` | the value of the first answer; all answers, a line each; an answer that is an address; whether it is at its end |
//! | `{endpoint}`, `{base}`, `{stem}`, `{?NAME}` | the endpoint's address, without its query, up to its last `/`; a value of its query |
//! | `{born}` | when the response was written, in milliseconds |
//! | `{}` | nothing: what stands beside it becomes a text |
//! | `{a\|b\|'c}` | the first of them that there is; after `'`, the words themselves |
//!
//! A member whose name begins with `?` is there only where the author has renamed it. `{"if": …, "each": …}` in a
//! list stands for every answer, `{"if": …, "one": …}` once, where there is what `if` asks for.

use super::text;
use crate::QueuedResponse;
use sondeo_model::json::Json;
use sondeo_model::{find_substring, is_email, without_query};

pub(super) struct Fill<'a> {
    pub(super) queued: &'a QueuedResponse,
    pub(super) response: &'a Json,
}

impl Fill<'_> {
    /// The node with everything filled; `None` where there is nothing to fill it with.
    pub(super) fn expand(&self, node: &Json, answer: Option<&Json>) -> Option<Json> {
        Some(match node {
            Json::Text(text) => return self.value(text, answer),
            Json::List(list) => {
                let mut filled = Vec::new();
                for entry in list {
                    self.expand_entry(entry, answer, &mut filled);
                }
                Json::List(filled)
            }
            Json::Object(members) => {
                let mut filled = Vec::new();
                for (name, value) in members {
                    if find_substring(name, "{question}").is_some() {
                        for answer in self.answers() {
                            self.expand_member(name, value, Some(answer), &mut filled);
                        }
                    } else {
                        self.expand_member(name, value, answer, &mut filled);
                    }
                }
                Json::Object(filled)
            }
            other => other.clone(),
        })
    }

    fn expand_entry(&self, entry: &Json, answer: Option<&Json>, filled: &mut Vec<Json>) {
        let fits = |answer| match entry.get("if") {
            Some(condition) => self.expand(condition, answer).is_some(),
            None => true,
        };
        if let Some(node) = entry.get("each") {
            let answers = self.answers().iter().map(Some).filter(|it| fits(*it));
            filled.extend(answers.filter_map(|answer| self.expand(node, answer)));
        } else if let Some(node) = entry.get("one") {
            filled.extend(self.expand(node, answer).filter(|_| fits(answer)));
        } else {
            filled.extend(self.expand(entry, answer));
        }
    }

    fn expand_member(
        &self,
        name: &str,
        value: &Json,
        answer: Option<&Json>,
        filled: &mut Vec<(String, Json)>,
    ) {
        let name = self.text(name, answer);
        let (is_optional, name) = match name.strip_prefix('?') {
            Some(name) => (true, name),
            None => (false, name.as_str()),
        };
        let renamed = self.renamed(name);
        if is_optional && renamed.is_none() {
            return;
        }
        if let Some(value) = self.expand(value, answer) {
            filled.push((renamed.unwrap_or(name).to_owned(), value));
        }
    }

    /// A text with its places filled.
    pub(super) fn text(&self, template: &str, answer: Option<&Json>) -> String {
        let mut filled = String::new();
        for (at, piece) in template.split(['{', '}']).enumerate() {
            if at % 2 == 0 {
                filled.push_str(piece);
            } else if let Some(value) = self.find(piece, answer) {
                filled.push_str(&text(&value));
            }
        }
        filled
    }

    /// What stands for a text: a single place keeps its type.
    fn value(&self, template: &str, answer: Option<&Json>) -> Option<Json> {
        let single = template.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
        match single {
            Some(place) if !place.contains('{') => self.find(place, answer),
            _ => Some(Json::Text(self.text(template, answer))),
        }
    }

    fn find(&self, places: &str, answer: Option<&Json>) -> Option<Json> {
        places.split('|').find_map(|place| self.find_one(place, answer))
    }

    fn find_one(&self, place: &str, answer: Option<&Json>) -> Option<Json> {
        let own = |text: &str| Some(Json::Text(text.to_owned()));
        if let Some(words) = place.strip_prefix('\'') {
            return own(words);
        }
        if let Some(name) = place.strip_prefix('@') {
            return own(self.renamed(name)?);
        }
        let endpoint = &self.queued.endpoint;
        if let Some(name) = place.strip_prefix('?') {
            return Some(Json::Text(query(endpoint, name)?));
        }
        let base = without_query(endpoint);
        let question = answer.map(|answer| answer.get("question").map(text).unwrap_or_default());
        match place {
            "" => None,
            "endpoint" => own(endpoint),
            "base" => own(base),
            "stem" => own(&base[..=base.rfind('/')?]),
            "born" => Some(Json::Number(self.queued.born_ms as f64)),
            "renamed" => own(self.renamed(&question?)?),
            "field" => question.map(|it| Json::Text(self.renamed(&it).unwrap_or(&it).to_owned())),
            "completed" => {
                let status = self.response.get("status").map(text);
                Some(Json::Boolean(status.as_deref() == Some("completed")))
            }
            "first" => self.answers().first()?.get("value").cloned(),
            "email" => {
                let mut values = self.answers().iter().filter_map(|answer| answer.get("value"));
                let is_address = |it: &&Json| matches!(it, Json::Text(text) if is_email(text));
                values.find(is_address).cloned()
            }
            "lines" => {
                let mut lines = String::new();
                for answer in self.answers() {
                    for piece in ["text", "value", "other"].map(|name| answer.get(name)) {
                        let Some(piece) = piece else { continue };
                        lines.push_str(&text(piece));
                        lines.push('\n');
                    }
                    lines.push('\n');
                }
                Some(Json::Text(lines))
            }
            path => {
                let of_answer = answer.and_then(|answer| answer.get(path));
                let in_response =
                    || path.split('.').try_fold(self.response, |it, name| it.get(name));
                of_answer.or_else(in_response).filter(|it| **it != Json::Null).cloned()
            }
        }
    }

    fn answers(&self) -> &[Json] {
        match self.response.get("answers") {
            Some(Json::List(answers)) => answers,
            _ => &[],
        }
    }

    fn renamed(&self, name: &str) -> Option<&str> {
        let found = self.queued.fields.iter().find(|(question, _)| question == name);
        found.map(|(_, field)| field.as_str())
    }
}

/// A value of an address' query.
fn query(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let pairs = query.split(['&', '#']).filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(known, _)| *known == name)?;
    Some(decode(value))
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let nibble = |at: usize| char::from(*after.get(at)?).to_digit(16);
        rest = after;
        match (first, nibble(0), nibble(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            (b'+', ..) => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}
