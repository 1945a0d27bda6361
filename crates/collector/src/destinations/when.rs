//! Whether a response is one that a destination wants: the conditions of `data-when`, over the response.

use sondeo_model::targeting::WhenClause;
use sondeo_model::{Answer, KindName, Response, Value, nearest};

/// What conditions can be about beside questions and what the page passed along.
const FACTS: [&str; 14] = [
    "custom", "device", "language", "page", "referrer", "status", "survey", "template", "title",
    "trigger", "user", "version", "visit", "visitor",
];

/// Conditions that must all hold. None of them is none that cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct When(Vec<String>);

impl When {
    /// Reads conditions; the message completes a sentence that begins with the field.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let words = WhenClause::split(text);
        if let Some(word) = words.iter().find(|word| WhenClause::parse(word).is_none()) {
            return Err(format!(
                "has {word:?}, which is not a condition (try \"satisfaction<=2\", \"why\" or \"page*=/checkout\")"
            ));
        }
        let slip = |word: &String| {
            let name = WhenClause::parse(word)?.name;
            let (prefix, _) = name.split_once('.')?;
            // `custom.` is the only one that has names of its own; a question has `QUESTION.other`.
            let is_known = prefix == "custom" || name.ends_with(".other");
            (!is_known).then(|| match nearest(prefix, &FACTS) {
                Some(near) => format!("has {name:?}, which nothing is called (try {near:?})"),
                None => format!("has {name:?}, which nothing is called (try \"custom.plan\")"),
            })
        };
        match words.iter().find_map(slip) {
            Some(reason) => Err(reason),
            None => Ok(Self(words)),
        }
    }

    /// Whether all of them hold.
    pub(crate) fn holds(&self, response: &Response) -> bool {
        self.0.iter().all(|word| {
            let Some(clause) = WhenClause::parse(word) else { return false };
            holds(&clause, word, response)
        })
    }
}

fn holds(clause: &WhenClause<'_>, word: &str, response: &Response) -> bool {
    let name = clause.name;
    let answer = response.answers.iter().find(|answer| answer.question == name);
    match answer {
        // Alone, a question is answered: also with 0, and with no.
        Some(answer) if word == name => is_answered(answer),
        Some(answer) if word.starts_with('!') => !is_answered(answer),
        Some(answer) => match &answer.value {
            Value::Options(options) => {
                let holds = |option: &String| clause.holds(Some(option));
                // Of several, none may be what must not be.
                if word[name.len()..].starts_with("!=") {
                    options.iter().all(holds)
                } else {
                    options.iter().any(holds)
                }
            }
            Value::Text(text) => clause.holds(Some(text)),
            Value::Integer(value) => clause.holds(Some(&value.to_string())),
            Value::Boolean(value) => clause.holds(Some(if *value { "true" } else { "false" })),
        },
        None => clause.holds(fact(name, response).as_deref()),
    }
}

fn is_answered(answer: &Answer) -> bool {
    match (&answer.value, answer.kind) {
        (Value::Text(text), KindName::Text) => !text.trim().is_empty(),
        (Value::Options(options), _) => !options.is_empty(),
        _ => true,
    }
}

pub(crate) fn fact(name: &str, response: &Response) -> Option<String> {
    let custom = |name: &str| {
        let found = response.custom.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.clone())
    };
    if let Some(name) = name.strip_prefix("custom.") {
        return custom(name);
    }
    if let Some(question) = name.strip_suffix(".other") {
        let answer = response.answers.iter().find(|answer| answer.question == question)?;
        return answer.other.clone();
    }
    match name {
        "status" => Some(response.status.as_str().to_owned()),
        "survey" => Some(response.survey.clone()),
        "template" => response.template.clone(),
        "trigger" => Some(response.trigger.clone()),
        "language" => Some(response.language.clone()),
        "page" => Some(response.page.url.clone()),
        "title" => Some(response.page.title.clone()),
        "referrer" => Some(response.page.referrer.clone()),
        "device" => Some(response.client.device.as_str().to_owned()),
        "visit" => Some(response.visit.to_string()),
        "visitor" => response.visitor.clone(),
        "user" => response.user.clone(),
        "version" => response.survey_version.map(|version| version.to_string()),
        name => custom(name),
    }
}

#[cfg(test)]
mod tests {
    use super::When;
    use sondeo_model::Response;

    fn response() -> Response {
        let json = include_str!("../../../model/golden/response-completed.json");
        serde_json::from_str(json).expect("a response")
    }

    #[test]
    fn conditions_are_over_the_response() {
        let mut response = response();
        let first = &mut response.answers[0];
        first.question = "score".to_owned();
        first.value = sondeo_model::Value::Integer(0);
        response.custom = vec![("plan".to_owned(), "pro".to_owned())];
        response.page.url = "https://shop.example/checkout/done".to_owned();
        for (text, expected) in [
            ("", true),
            ("score", true),
            ("!score", false),
            ("score<=2", true),
            ("score>2", false),
            ("other-question", false),
            ("!other-question", true),
            ("page*=/checkout", true),
            ("page*=/cart", false),
            ("plan=pro|team score=0", true),
            ("custom.plan=free", false),
            ("status=completed", true),
            ("status!=completed", false),
            ("device=mobile|desktop|tablet", true),
        ] {
            let when = When::parse(text).expect(text);
            assert_eq!(when.holds(&response), expected, "{text}");
        }
    }

    #[test]
    fn several_options_are_looked_at_one_by_one() {
        let mut response = response();
        response.answers[0].question = "reasons".to_owned();
        let options = vec!["price".to_owned(), "speed".to_owned()];
        response.answers[0].value = sondeo_model::Value::Options(options);
        for (text, expected) in [
            ("reasons=price", true),
            ("reasons=support", false),
            ("reasons!=support", true),
            ("reasons!=price", false),
        ] {
            assert_eq!(When::parse(text).expect(text).holds(&response), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_named() {
        for (text, words) in [
            ("score<=low", "\"score<=low\", which is not a condition"),
            ("score==2", "\"score==2\""),
            ("pages.url*=x", "(try \"page\")"),
        ] {
            let reason = When::parse(text).expect_err(text);
            assert!(reason.contains(words), "{reason}");
        }
    }
}
