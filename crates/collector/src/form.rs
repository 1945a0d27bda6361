//! A response that came as a form: one field for each answer, and `survey`, `id`, `status`, `url`.
//!
//! What a form leaves out is taken from what is known of the survey, or is the least that the contract
//! asks for.

use crate::payload::check;
use crate::{Error, clock, query};
use axum::http::{HeaderMap, header};
use sondeo_model::{
    Answer, Client, Device, KindName, OTHER, Page, Question, Response, ResponseId, Status, Survey,
    Template, Timestamp, Value, Version, without_query,
};
use std::collections::BTreeMap;

/// The survey of an id and its questions, in a language.
pub(crate) type Known<'a> = dyn Fn(&str, &str) -> Option<(Survey, Vec<Question>)> + 'a;

/// The survey that a form names.
pub(crate) fn survey(bytes: &[u8]) -> Option<String> {
    let mut fields = form_urlencoded::parse(bytes);
    fields.find(|(name, _)| name == "survey").map(|(_, survey)| survey.into_owned())
}

/// Reads a form.
pub(crate) fn parse(
    bytes: &[u8],
    headers: &HeaderMap,
    known: &Known<'_>,
) -> Result<Response, Error> {
    let text = str::from_utf8(bytes).map_err(|error| Error::NotUtf8(error.valid_up_to()))?;
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        fields.entry(name.into_owned()).or_default().push(value.into_owned());
    }
    let mut take = |name: &str| fields.remove(name).and_then(|values| values.into_iter().next());
    let survey = take("survey").ok_or_else(|| wrong("survey", "is missing"))?;
    let id = take("id").ok_or_else(|| wrong("id", "is missing"))?;
    let id = ResponseId::parse(&id).map_err(|error| wrong("id", &error.to_string()))?;
    let status = take("status").unwrap_or_else(|| "completed".to_owned());
    let status = status_of(&status)?;
    let revision = take("revision").map(|it| it.parse()).transpose();
    let revision = revision.map_err(|_| wrong("revision", "must be a whole number"))?;
    let url = take("url").unwrap_or_else(|| "about:blank".to_owned());
    let language = take("language").unwrap_or_else(|| "en".to_owned());
    let visitor = take("visitor").filter(|visitor| !visitor.is_empty());
    let user = take("user").filter(|user| !user.is_empty());
    let (answers, custom) = sort(fields, &survey, &language, known)?;
    let now = clock::now();
    let shown_at = shown_at(id).min(now);
    let response = Response {
        version: Version,
        id,
        revision: revision.unwrap_or_else(|| rank(status, answers.len())),
        status,
        // A question may have this name; surveys of other sites send JSON.
        site: None,
        template: Template::parse(&survey).map(|template| template.as_str().to_owned()),
        survey,
        survey_version: None,
        trigger: "form".to_owned(),
        language,
        answers,
        shown_at,
        sent_at: now,
        elapsed_ms: u64::try_from(now.as_millis() - shown_at.as_millis()).unwrap_or_default(),
        page: Page {
            url: without_query(&url).to_owned(),
            title: String::new(),
            referrer: String::new(),
        },
        client: client(headers),
        visit: 1,
        visitor,
        user,
        custom,
        widget: "form".to_owned(),
    };
    check(&response)?;
    Ok(response)
}

/// Answers to questions of the survey; what else stands in the form is passed through.
#[allow(clippy::type_complexity, reason = "it is taken apart at once")]
fn sort(
    fields: BTreeMap<String, Vec<String>>,
    survey: &str,
    language: &str,
    known: &Known<'_>,
) -> Result<(Vec<Answer>, Vec<(String, String)>), Error> {
    let Some((asked, questions)) = known(survey, language) else {
        // Of a survey that is not known here, every field may be an answer.
        let answers = fields.into_iter().map(|(question, values)| Answer {
            question,
            text: String::new(),
            kind: KindName::Text,
            points: None,
            metric: None,
            value: Value::Text(values.join("; ")),
            other: None,
        });
        return Ok((answers.collect(), Vec::new()));
    };
    let mut fields = fields;
    let mut answers = Vec::new();
    for question in &questions {
        let Some(values) = fields.remove(&*question.id) else { continue };
        if values.iter().all(String::is_empty) {
            continue;
        }
        let values: Vec<String> = match question.kind.name() {
            KindName::Choices => {
                values.iter().flat_map(|value| value.split(',')).map(str::to_owned).collect()
            }
            KindName::YesNo => values.iter().map(|value| yes_or_no(value)).collect(),
            _ => values,
        };
        let value = question.kind.read(&values);
        let value = value.ok_or_else(|| wrong(&question.id, "is no answer to this question"))?;
        let other = [&question.id, "-", OTHER].concat();
        let other = fields.remove(&other).filter(|_| value.has_option(OTHER));
        let other = other.map(|values| values.join("; ")).filter(|text| !text.trim().is_empty());
        answers.push(Answer {
            question: question.id.clone().into_owned(),
            text: asked.text(&question.text).to_owned(),
            kind: question.kind.name(),
            points: question.kind.points(),
            metric: question.metric,
            value,
            other,
        });
    }
    let custom = fields.into_iter().map(|(name, values)| (name, values.join("; ")));
    Ok((answers, custom.collect()))
}

fn yes_or_no(value: &str) -> String {
    match value {
        "true" | "1" => "yes",
        "false" | "0" => "no",
        other => other,
    }
    .to_owned()
}

/// Later states have higher revisions, and so have more answers: a form need not count.
fn rank(status: Status, answers: usize) -> u32 {
    let state = match status {
        Status::Shown => 1,
        Status::Partial => 2,
        Status::Completed | Status::Dismissed => 3,
    };
    state * 1_000 + u32::try_from(answers).unwrap_or_default()
}

/// The time that the id carries (RFC 9562, version 7).
fn shown_at(id: ResponseId) -> Timestamp {
    let digits: String = id.to_text().chars().filter(|c| *c != '-').take(12).collect();
    Timestamp::from_millis(i64::from_str_radix(&digits, 16).unwrap_or_default())
}

fn status_of(word: &str) -> Result<Status, Error> {
    word.parse()
        .map(|query::StatusParameter(status)| status)
        .map_err(|reason: &str| wrong("status", reason))
}

/// As much as a request says by itself.
fn client(headers: &HeaderMap) -> Client {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let language = text(header::ACCEPT_LANGUAGE.as_str()).unwrap_or_default();
    let language = language.split([',', ';']).next().unwrap_or_default().trim();
    let device = match text("sec-ch-ua-mobile") {
        Some("?1") => Device::Mobile,
        _ if text("user-agent").is_some_and(|agent| agent.contains("Mobile")) => Device::Mobile,
        _ => Device::Desktop,
    };
    Client { language: language.to_owned(), time_zone: None, device, viewport: [0, 0] }
}

fn wrong(field: &str, reason: &str) -> Error {
    Error::InvalidResponse { field: Some(field.to_owned()), message: format!("{field} {reason}") }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::definitions::Definitions;
    use axum::http::HeaderMap;
    use sondeo_model::{Response, Value};

    const ID: &str = "0199a3c2-5f1e-7a3b-8c4d-0123456789ab";

    fn read(form: &str) -> Result<Response, String> {
        let form = form.replace("ID", ID);
        let known = Definitions::default();
        parse(form.as_bytes(), &HeaderMap::new(), &|id, language| known.questions(id, language))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn answers_have_the_kinds_of_the_survey() {
        let form = "survey=nps&id=ID&status=completed&url=https://a.example/b?c%23d&order=7\
                    &recommendation=9";
        let template = sondeo_model::Template::Nps.definition();
        let question = template.questions[0].id.clone();
        let response = read(&form.replace("recommendation", &question)).expect("a response");
        assert_eq!(response.answers[0].value, Value::Integer(9));
        assert_eq!(response.answers[0].metric, template.questions[0].metric);
        assert!(!response.answers[0].text.is_empty());
        assert_eq!(response.page.url, "https://a.example/b");
        assert_eq!(response.custom, [("order".to_owned(), "7".to_owned())]);
        assert_eq!(response.shown_at.to_rfc3339(), "2025-10-02T07:10:48.606Z");
    }

    #[test]
    fn a_later_state_has_a_higher_revision() {
        let shown = read("survey=x&id=ID&status=shown").expect("it").revision;
        let partial = read("survey=x&id=ID&status=partial&a=1").expect("it").revision;
        let more = read("survey=x&id=ID&status=partial&a=1&b=2").expect("it").revision;
        let completed = read("survey=x&id=ID&a=1").expect("it").revision;
        assert!(shown < partial && partial < more && more < completed);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (form, message) in [
            ("id=ID", "survey is missing"),
            ("survey=x", "id is missing"),
            ("survey=x&id=7", "id is not a UUID of version 7"),
            ("survey=x&id=ID&status=done", "status must be shown, partial, completed or dismissed"),
            ("survey=x&id=ID&revision=x", "revision must be a whole number"),
            ("survey=X&id=ID", "survey must be lower case letters"),
        ] {
            let error = read(form).expect_err("must be refused");
            assert!(error.starts_with(message), "{error}");
        }
        let question = sondeo_model::Template::Nps.definition().questions[0].id.clone();
        let error = read(&format!("survey=nps&id=ID&{question}=11")).expect_err("must be refused");
        assert_eq!(error, format!("{question} is no answer to this question"));
    }
}
