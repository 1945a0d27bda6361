//! What a question is when it is new, and when its kind changes.

use super::texts::texts;
use sondeo_editor::Value;

/// Every kind, with what it is called.
pub(crate) fn kinds() -> Vec<(String, String)> {
    [
        ("likert", texts().kind_likert),
        ("nps", texts().kind_nps),
        ("yes-no", texts().kind_yes_no),
        ("choice", texts().kind_choice),
        ("choices", texts().kind_choices),
        ("text", texts().kind_text),
    ]
    .map(|(kind, name)| (kind.to_owned(), name.to_owned()))
    .into()
}

/// The metrics that a kind can feed.
pub(crate) fn metrics(kind: &str) -> Vec<(String, String)> {
    let names: &[&str] = match kind {
        "likert" => &["csat", "ces", "helpful"],
        "nps" => &["nps"],
        "yes-no" => &["helpful"],
        "choice" => &["ttr"],
        _ => &[],
    };
    let none = (String::new(), texts().metric_none.to_owned());
    let known = names.iter().map(|name| {
        let words = match *name {
            "csat" => &crate::words::words().csat,
            "ces" => &crate::words::words().ces,
            "nps" => &crate::words::words().nps,
            "ttr" => &crate::words::words().ttr,
            _ => &crate::words::words().helpful,
        };
        ((*name).to_owned(), format!("{} ({})", words.long, words.short))
    });
    std::iter::once(none).chain(known).collect()
}

/// What is kept of a question whatever its kind.
const COMMON: [&str; 6] = ["id", "text", "description", "image", "required", "next"];

fn own(kind: &str) -> &'static [&'static str] {
    match kind {
        "likert" => &["points", "look", "labels", "low", "high"],
        "nps" => &["low", "high"],
        "yes-no" => &["look"],
        "choice" => &["options", "other", "shuffle"],
        "choices" => &["options", "other", "shuffle", "min", "max"],
        "text" => &["lines", "max_length", "placeholder", "format"],
        _ => &[],
    }
}

/// The question as one of another kind: what makes no sense there is left out, what it needs is there.
pub(crate) fn with_kind(question: &Value, kind: &str, language: &str) -> Value {
    let before = question.text_of("kind").unwrap_or_default();
    let looks: &[&str] = match kind {
        "likert" => &["numbers", "labels", "faces", "stars", "thumbs"],
        "yes-no" => &["labels", "thumbs"],
        _ => &[],
    };
    let mut members: Vec<(String, Value)> = Vec::new();
    for (key, value) in question.members() {
        let is_kept = COMMON.contains(&&**key) || own(kind).contains(&&**key);
        let fits = match &**key {
            "look" => value.as_text().is_some_and(|look| looks.contains(&look)),
            // Ways that ask for an answer ask for one of the kind before.
            "next" => before == kind || value.entries().iter().all(|it| it.get("if").is_none()),
            _ => true,
        };
        match &**key {
            "kind" => members.push((key.clone(), kind.into())),
            _ if is_kept && fits => members.push((key.clone(), value.clone())),
            _ => {}
        }
    }
    let has = |members: &[(String, Value)], key: &str| members.iter().any(|(name, _)| name == key);
    if !has(&members, "kind") {
        members.push(("kind".to_owned(), kind.into()));
    }
    if matches!(kind, "choice" | "choices") && !has(&members, "options") {
        members.push(("options".to_owned(), options(language)));
    }
    if kind == "likert" && !has(&members, "points") {
        members.push(("points".to_owned(), 5_i64.into()));
    }
    if kind == "nps" {
        members.push(("metric".to_owned(), "nps".into()));
    }
    Value::object(members)
}

fn options(language: &str) -> Value {
    let option = |at: i64| {
        let words = if language.starts_with("es") { "Opción" } else { "Option" };
        let text = Value::from(format!("{words} {at}"));
        Value::object([
            ("id", Value::from(format!("option-{at}"))),
            ("text", Value::object([(language, text)])),
        ])
    };
    vec![option(1), option(2)].into()
}

/// A new question.
pub(crate) fn fresh(id: &str, kind: &str, language: &str) -> Value {
    let question = Value::object([
        ("id", Value::from(id)),
        ("kind", kind.into()),
        ("text", Value::object([(language, Value::from(texts().first_question))])),
    ]);
    with_kind(&question, kind, language)
}

/// The same one under another id.
pub(crate) fn with_id(question: &Value, id: &str) -> Value {
    let members = question.members().iter().map(|(key, value)| {
        let value = if key == "id" { id.into() } else { value.clone() };
        (key.clone(), value)
    });
    Value::object(members)
}

/// An id that no question has.
pub(crate) fn fresh_id(survey: &Value) -> String {
    let questions = survey.at("/questions").map(Value::entries).unwrap_or_default();
    let known: Vec<&str> = questions.iter().filter_map(|it| it.text_of("id")).collect();
    unused(&format!("question-{}", questions.len() + 1), &known)
}

/// This name, or the next one like it that is none of those.
pub(crate) fn unused(name: &str, known: &[&str]) -> String {
    if !known.contains(&name) {
        return name.to_owned();
    }
    let stem = name.trim_end_matches(|it: char| it.is_ascii_digit()).trim_end_matches('-');
    let numbered = (2..).map(|number| format!("{stem}-{number}"));
    numbered.into_iter().find(|name| !known.contains(&&**name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{fresh, unused, with_kind};
    use sondeo_editor::{Document, Value};

    #[test]
    fn what_another_kind_cannot_have_is_left_out() {
        let text = r#"{"id": "q", "kind": "likert", "text": "?", "points": 7, "look": "stars", "metric": "ces",
                       "required": true, "next": [{"if": "<=2", "go": "end"}]}"#;
        let question = Document::open(text).expect("JSON").value().clone();
        let choice = with_kind(&question, "choice", "en");
        let keys: Vec<&str> = choice.members().iter().map(|(key, _)| &**key).collect();
        assert_eq!(keys, ["id", "kind", "text", "required", "options"]);
        let same = with_kind(&question, "yes-no", "en");
        assert!(same.get("look").is_none(), "a yes has no stars");
    }

    #[test]
    fn every_kind_can_be_asked_when_it_is_new() {
        for kind in ["likert", "nps", "yes-no", "choice", "choices", "text"] {
            let questions = Value::from(vec![fresh("q", kind, "en")]);
            let survey = Value::object([("id", Value::from("x")), ("questions", questions)]);
            assert!(sondeo_editor::definition(&survey).is_some(), "{kind}");
        }
    }

    #[test]
    fn names_are_numbered_on() {
        assert_eq!(unused("nps", &[]), "nps");
        assert_eq!(unused("nps", &["nps", "nps-2"]), "nps-3");
        assert_eq!(unused("question-2", &["question-2"]), "question-3");
    }
}
