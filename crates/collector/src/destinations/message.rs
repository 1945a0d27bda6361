//! A response in words that people read, and in values that fields of other services take.

use serde::{Deserialize, Serialize};
use sondeo_model::{Answer, KindName, Response, Value};

/// What people are sent to read: one response, or what a digest or a notice says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    /// One line, which repeats nothing that a visitor wrote.
    pub(crate) title: String,
    pub(crate) said: Vec<Said>,
    /// Where and when, in one line.
    pub(crate) context: String,
    /// All of it as plain text.
    pub(crate) text: String,
}

impl Message {
    pub(crate) fn of(response: &Response) -> Self {
        Self {
            title: title(response),
            said: said(response),
            context: context(response),
            text: text(response),
        }
    }
}

/// What a question asked, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    pub(crate) question: String,
    pub(crate) answer: String,
}

/// One line that names the survey and its first score, and nothing that a visitor wrote.
pub(crate) fn title(response: &Response) -> String {
    let score = response
        .answers
        .iter()
        .find(|answer| matches!(answer.kind, KindName::Likert | KindName::Nps | KindName::YesNo));
    match score {
        Some(answer) => format!("{}: {}", response.survey, value(answer)),
        None => format!("{}: {}", response.survey, response.status.as_str()),
    }
}

/// All answers, in the words that the visitor read.
pub(crate) fn said(response: &Response) -> Vec<Said> {
    let said = |answer: &Answer| {
        let mut text = value(answer);
        if let Some(other) = answer.other.as_deref().filter(|it| !it.trim().is_empty()) {
            text = format!("{text} ({other})");
        }
        Said { question: answer.text.clone(), answer: text }
    };
    response.answers.iter().map(said).collect()
}

/// Where and when, in one line.
fn context(response: &Response) -> String {
    let mut parts = vec![response.page.url.clone(), response.client.device.as_str().to_owned()];
    parts.extend(response.user.clone());
    // People read it: `2026-11-30 09:47 UTC`.
    let shown_at = response.shown_at.to_rfc3339();
    parts.push(format!("{} UTC", shown_at[..16].replace('T', " ")));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// All of it as plain text.
pub(crate) fn text(response: &Response) -> String {
    let mut lines = Vec::new();
    for Said { question, answer } in said(response) {
        lines.push(format!("{question}\n{answer}\n"));
    }
    lines.push(context(response));
    lines.push(format!("Response {}", response.id.to_text()));
    lines.join("\n")
}

fn value(answer: &Answer) -> String {
    match (&answer.value, answer.kind) {
        (Value::Integer(value), KindName::Nps) => format!("{value} of 10"),
        (Value::Integer(value), _) => match answer.points {
            Some(points) => format!("{value} of {points}"),
            None => value.to_string(),
        },
        (Value::Boolean(true), _) => "yes".to_owned(),
        (Value::Boolean(false), _) => "no".to_owned(),
        (Value::Text(text), _) => text.clone(),
        (Value::Options(options), _) => options.join(", "),
    }
}

/// What a field of another service is filled with: the value of a question by its id, or what is known beside.
pub(crate) fn field(response: &Response, source: &str) -> Option<String> {
    if let Some(answer) = response.answers.iter().find(|answer| answer.question == source) {
        return Some(match &answer.value {
            Value::Integer(value) => value.to_string(),
            Value::Boolean(value) => value.to_string(),
            Value::Text(text) => text.clone(),
            Value::Options(options) => options.join(";"),
        });
    }
    match source {
        "id" => Some(response.id.to_text()),
        "revision" => Some(response.revision.to_string()),
        "title" => Some(title(response)),
        "text" => Some(text(response)),
        "email" => email(response).map(str::to_owned),
        "shown_at" => Some(response.shown_at.to_rfc3339()),
        name => super::when::fact(name, response),
    }
}

/// The address of the visitor, where the page or an answer says it.
pub(crate) fn email(response: &Response) -> Option<&str> {
    let custom = response.custom.iter().filter(|(name, _)| name == "email").map(|(_, it)| &**it);
    let answers = response.answers.iter().filter_map(|answer| match (&answer.value, answer.kind) {
        (Value::Text(text), KindName::Text) => Some(text.as_str()),
        _ => None,
    });
    response
        .user
        .as_deref()
        .into_iter()
        .chain(custom)
        .chain(answers)
        .map(str::trim)
        .find(|it| sondeo_model::is_email(it))
}

/// At most so many characters; where some are left out, the last one says so.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response() -> Response {
        let json = include_str!("../../../model/golden/response-completed.json");
        serde_json::from_str(json).expect("a response")
    }

    #[test]
    fn a_title_repeats_nothing_that_was_written() {
        let mut response = response();
        response.answers.retain(|answer| answer.kind == KindName::Text);
        response.answers.truncate(1);
        let written = said(&response)[0].answer.clone();
        assert!(!title(&response).contains(&written), "{}", title(&response));
    }

    #[test]
    fn people_read_when_it_was() {
        assert!(text(&response()).contains(" · 2026-11-21 18:40 UTC\n"), "{}", text(&response()));
    }

    #[test]
    fn an_address_is_found_where_one_stands() {
        let mut response = response();
        response.user = Some("42".to_owned());
        assert_eq!(email(&response), None);
        response.custom.push(("email".to_owned(), "ana@shop.example".to_owned()));
        assert_eq!(email(&response), Some("ana@shop.example"));
        assert_eq!(field(&response, "email").as_deref(), Some("ana@shop.example"));
    }

    #[test]
    fn what_is_long_is_cut_between_characters() {
        assert_eq!(shortened("añb", 3), "añb");
        assert_eq!(shortened("añbc", 3), "añ…");
    }
}
