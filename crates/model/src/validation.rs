//! What a response must be beyond its form, checked by whoever receives one.

use crate::limits::{LONGEST_NAME, LONGEST_TEXT, LONGEST_URL, MOST_ENTRIES};
use crate::{Answer, KindName, OTHER, Response, Status, Value, is_name};
use std::fmt;

/// The first thing about a response that the contract does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The path of the field: `answers[0].value`.
    pub field: String,
    /// What is wrong with it, and what would be right.
    pub reason: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.field, self.reason)
    }
}

impl Response {
    /// Checks everything that the types do not already guarantee.
    ///
    /// # Errors
    /// The first violation, in the order of the fields.
    pub fn validate(&self) -> Result<(), Violation> {
        require(self.revision >= 1, "revision", "must be at least 1")?;
        if let Some(site) = &self.site {
            require(is_name(site), "site", NOT_A_NAME)?;
        }
        require(is_name(&self.survey), "survey", NOT_A_NAME)?;
        require(self.survey_version != Some(0), "version", "must be at least 1")?;
        if let Some(template) = &self.template {
            require(is_name(template), "template", NOT_A_NAME)?;
        }
        text("trigger", &self.trigger, 1, LONGEST_NAME)?;
        text("language", &self.language, 1, LONGEST_NAME)?;
        self.validate_answers()?;
        require(
            self.elapsed_ms <= LONGEST_SHOWING_MS,
            "elapsed_ms",
            "must be at most 3155760000000 (a hundred years)",
        )?;
        address("page.url", &self.page.url)?;
        text("page.title", &self.page.title, 0, LONGEST_TEXT)?;
        if !self.page.referrer.is_empty() {
            address("page.referrer", &self.page.referrer)?;
        }
        text("client.language", &self.client.language, 0, LONGEST_NAME)?;
        optional_text("client.time_zone", self.client.time_zone.as_deref())?;
        require(self.visit >= 1, "visit", "must be at least 1")?;
        optional_text("visitor", self.visitor.as_deref())?;
        optional_text("user", self.user.as_deref())?;
        require(self.custom.len() <= MOST_ENTRIES, "custom", "must hold at most 100 names")?;
        for (name, value) in &self.custom {
            text("custom", name, 1, LONGEST_NAME)?;
            text(&format!("custom.{name}"), value, 0, LONGEST_TEXT)?;
        }
        text("widget", &self.widget, 1, LONGEST_NAME)
    }

    fn validate_answers(&self) -> Result<(), Violation> {
        let answers = &self.answers;
        require(answers.len() <= MOST_ENTRIES, "answers", "must hold at most 100 answers")?;
        match self.status {
            Status::Shown => {
                require(answers.is_empty(), "answers", "must be empty while status is \"shown\"")?
            }
            Status::Partial => require(
                !answers.is_empty(),
                "answers",
                "must not be empty when status is \"partial\"",
            )?,
            Status::Completed | Status::Dismissed => {}
        }
        for (index, answer) in answers.iter().enumerate() {
            let at = |field: &str| format!("answers[{index}].{field}");
            require(is_name(&answer.question), &at("question"), NOT_A_NAME)?;
            require(
                answers[..index].iter().all(|earlier| earlier.question != answer.question),
                &at("question"),
                "is answered twice",
            )?;
            text(&at("text"), &answer.text, 0, LONGEST_TEXT)?;
            answer.validate_points(&at("points"))?;
            answer.validate_metric(&at("metric"))?;
            answer.validate_value(&at("value"))?;
            answer.validate_other(&at("other"))?;
        }
        Ok(())
    }
}

impl Answer {
    fn validate_points(&self, field: &str) -> Result<(), Violation> {
        match (self.kind, self.points) {
            (KindName::Likert, Some(2..=11)) => Ok(()),
            (KindName::Likert, _) => violated(field, "must be 2 to 11 on a likert question"),
            (_, None) => Ok(()),
            (_, Some(_)) => violated(field, "belongs to likert questions alone"),
        }
    }

    fn validate_metric(&self, field: &str) -> Result<(), Violation> {
        let needs = self.metric.and_then(|metric| metric.needs(self.kind, self.points));
        needs.map_or(Ok(()), |needs| violated(field, needs))
    }

    fn validate_other(&self, field: &str) -> Result<(), Violation> {
        let Some(other) = &self.other else { return Ok(()) };
        let is_choice = matches!(self.kind, KindName::Choice | KindName::Choices);
        let is_chosen = is_choice && self.value.has_option(OTHER);
        require(is_chosen, field, "belongs to a choice of the option \"other\" alone")?;
        text(field, other, 0, LONGEST_TEXT)
    }

    fn validate_value(&self, field: &str) -> Result<(), Violation> {
        match (self.kind, &self.value) {
            (KindName::Likert, Value::Integer(value)) => {
                let points = self.points.unwrap_or_default();
                let inside = (1..=i64::from(points)).contains(value);
                require(inside, field, &format!("must be 1 to {points}"))
            }
            (KindName::Likert, _) => violated(field, "must be a whole number on a likert question"),
            (KindName::YesNo, Value::Boolean(_)) => Ok(()),
            (KindName::YesNo, _) => violated(field, "must be true or false on a yes-no question"),
            (KindName::Nps, Value::Integer(0..=10)) => Ok(()),
            (KindName::Nps, _) => violated(field, "must be 0 to 10 on an nps question"),
            (KindName::Choice, Value::Text(option)) => text(field, option, 1, LONGEST_TEXT),
            (KindName::Choice, _) => violated(field, "must be an option's id on a choice question"),
            (KindName::Choices, Value::Options(options)) => {
                require(options.len() <= MOST_ENTRIES, field, "must hold at most 100 options")?;
                options.iter().try_for_each(|option| text(field, option, 1, LONGEST_TEXT))
            }
            (KindName::Choices, _) => {
                violated(field, "must be an array of option ids on a choices question")
            }
            (KindName::Text, Value::Text(value)) => text(field, value, 0, LONGEST_TEXT),
            (KindName::Text, _) => violated(field, "must be a text on a text question"),
        }
    }
}

/// Milliseconds, at most, from showing to sending: what no visitor takes, and every number can hold.
const LONGEST_SHOWING_MS: u64 = 3_155_760_000_000;

const NOT_A_NAME: &str =
    "must be lower case letters, digits and hyphens, at most 64 (try \"post-purchase\")";

fn violated(field: &str, reason: &str) -> Result<(), Violation> {
    Err(Violation { field: field.to_owned(), reason: reason.to_owned() })
}

fn require(holds: bool, field: &str, reason: &str) -> Result<(), Violation> {
    if holds { Ok(()) } else { violated(field, reason) }
}

fn text(field: &str, value: &str, least: usize, most: usize) -> Result<(), Violation> {
    let length = value.chars().count();
    require(length >= least, field, "must not be empty")?;
    require(length <= most, field, &format!("must be at most {most} characters"))?;
    // PostgreSQL cannot hold it in a text, and no visitor types it.
    require(!value.contains('\0'), field, "must not hold the character U+0000")
}

fn optional_text(field: &str, value: Option<&str>) -> Result<(), Violation> {
    value.map_or(Ok(()), |value| text(field, value, 1, LONGEST_NAME))
}

fn address(field: &str, url: &str) -> Result<(), Violation> {
    text(field, url, 1, LONGEST_URL)?;
    require(!url.contains(['?', '#']), field, "must be without query and fragment")?;
    require(
        url.contains(':'),
        field,
        "must be an absolute address (try \"https://shop.example/checkout\")",
    )
}
