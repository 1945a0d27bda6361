//! The page's words, read once: `data-*` attributes in, settings of surveys and clear problems out.
//!
//! Pure: whoever calls brings the attributes, the languages and a way to resolve addresses.

use sondeo_model::limits::{LONGEST_NAME, LONGEST_TEXT, MOST_ENTRIES, clip};
use sondeo_model::{Display, Duration, Kind, Language, Survey, Template, Text, Trigger, nearest};
use std::rc::Rc;

/// One survey as the page wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) survey: Rc<Survey>,
    /// An absolute `http(s)` address.
    pub(crate) endpoint: String,
    pub(crate) user: Option<String>,
    /// By the attribute's name after `data-custom-`.
    pub(crate) custom: Vec<(String, String)>,
    /// Whether nothing is sent.
    pub(crate) is_preview: bool,
}

/// Where attributes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// On the loader's script tag.
    Script,
    /// On an element of the page, which the survey will stand in.
    Element,
}

/// What the page brings along.
pub(crate) struct Surroundings<'a> {
    /// The page's language, then the browser's; the first that is not empty decides.
    pub(crate) languages: &'a [String],
    /// The absolute `http(s)` address that a reference means on this page.
    pub(crate) resolve: &'a dyn Fn(&str) -> Option<String>,
}

/// The attributes that have a meaning now, without `data-`.
const NAMES: &[&str] = &[
    "survey", "endpoint", "trigger", "delay", "lang", "display", "question", "low", "high",
    "thanks", "user", "preview",
];

/// The contract's other attributes, which this version does not obey yet.
const LATER: &[&str] = &[
    "config",
    "url",
    "device",
    "sample",
    "recontact",
    "snooze",
    "quiet",
    "max-shows",
    "from",
    "until",
    "priority",
    "position",
    "theme",
    "accent",
    "radius",
    "font",
    "format",
    "report",
    "push",
    "visitor",
    "mask",
    "confirm",
    "debug",
    "storage",
    "privacy-signal",
];

/// Reads the attributes of one script tag or element.
///
/// `own` are its own `data-*` attributes; `inherited` are the script tag's, for an element. Names
/// come with `data-`. Every attribute that cannot be used gives one problem and leaves the default; a
/// survey that cannot be asked at all is left out.
pub(crate) fn read(
    place: Place,
    own: &[(String, String)],
    inherited: &[(String, String)],
    around: &Surroundings<'_>,
) -> (Vec<Settings>, Vec<String>) {
    let mut reader = Reader { own, inherited, problems: Vec::new() };
    reader.report_names();

    let names_attribute = if place == Place::Script { "survey" } else { "sondeo" };
    let names = reader.own(names_attribute).unwrap_or_default();
    let mut templates = Vec::new();
    for word in names.split_ascii_whitespace() {
        match Template::named(word) {
            Some(template) if !templates.contains(&template) => templates.push(template),
            Some(_) => {}
            None => reader.unusable(names_attribute, word, "a survey", Template::NAMES),
        }
    }
    if names.trim().is_empty() && (place == Place::Element || reader.own("survey").is_some()) {
        reader.missing(names_attribute, "faq");
    }
    if place == Place::Script && reader.own("sondeo").is_some() {
        reader.unknown("data-sondeo", "survey");
    }
    if templates.is_empty() {
        return (Vec::new(), reader.problems);
    }

    if reader.get("consent") == Some("required") {
        // Asked before consent, a visitor would be wronged: better not at all.
        reader
            .problems
            .push("data-consent=\"required\" is not known yet, so nothing is asked".into());
        return (Vec::new(), reader.problems);
    }
    let Some(endpoint) = reader.endpoint(around) else {
        return (Vec::new(), reader.problems);
    };
    let language = reader.language(around);
    let triggers = reader.triggers();
    let delay = reader.parsed("delay", "a time", &["5s"], Duration::parse);
    let display = reader.display(place);
    let user = reader.passed_through("user", reader.get("user"), LONGEST_NAME);
    let custom = reader.custom();
    let is_preview = reader.get("preview").is_some();

    let settings = templates
        .into_iter()
        .map(|template| {
            let mut survey = template.survey(language);
            if let Some(triggers) = &triggers {
                survey.triggers = triggers.clone().into();
            }
            survey.delay = delay.unwrap_or(survey.delay);
            survey.display = display.unwrap_or(survey.display);
            reader.override_texts(&mut survey);
            Settings {
                survey: Rc::new(survey),
                endpoint: endpoint.clone(),
                user: user.clone(),
                custom: custom.clone(),
                is_preview,
            }
        })
        .collect();
    (settings, reader.problems)
}

struct Reader<'a> {
    own: &'a [(String, String)],
    inherited: &'a [(String, String)],
    problems: Vec<String>,
}

impl<'a> Reader<'a> {
    fn own(&self, name: &str) -> Option<&'a str> {
        find(self.own, name)
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.own(name).or_else(|| find(self.inherited, name))
    }

    fn parsed<T>(
        &mut self,
        name: &str,
        what: &str,
        examples: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(name)?;
        let parsed = parse(value.trim());
        if parsed.is_none() {
            self.unusable(name, value, what, examples);
        }
        parsed
    }

    fn endpoint(&mut self, around: &Surroundings<'_>) -> Option<String> {
        const EXAMPLE: &str = "https://example.com/responses";
        match self.get("endpoint").map(str::trim) {
            None | Some("") => {
                self.missing("endpoint", EXAMPLE);
                None
            }
            Some(_) => self.parsed("endpoint", "an http(s) address", &[EXAMPLE], around.resolve),
        }
    }

    fn language(&mut self, around: &Surroundings<'_>) -> Language {
        let wanted = self.parsed("lang", "a language tag", &["es-MX"], |tag| {
            Language::is_tag(tag).then(|| tag.to_owned())
        });
        let first = wanted.as_ref().or(around.languages.iter().find(|tag| !tag.is_empty()));
        Language::best(first.map(String::as_str))
    }

    fn triggers(&mut self) -> Option<Vec<Trigger>> {
        let words = self.get("trigger")?;
        let mut triggers = Vec::new();
        for word in words.split_ascii_whitespace() {
            match Trigger::parse(word) {
                Some(trigger) => triggers.push(trigger),
                None => self.unusable("trigger", word, "a trigger", Trigger::WORDS),
            }
        }
        (!triggers.is_empty()).then_some(triggers)
    }

    /// An element is where its survey stands, whatever the script tag says of the page's other surveys.
    fn display(&mut self, place: Place) -> Option<Display> {
        let inherited = std::mem::take(&mut self.inherited);
        let display = self.parsed("display", "a display", Display::WORDS, Display::parse);
        self.inherited = inherited;
        match place {
            Place::Script if display == Some(Display::Inline) => {
                self.unusable("display", "inline", "a display of a script tag", &["popover"]);
                None
            }
            Place::Script => display,
            Place::Element => display.or(Some(Display::Inline)),
        }
    }

    fn override_texts(&self, survey: &mut Survey) {
        let text = |name| {
            let given = self.get(name).filter(|text| !text.trim().is_empty())?;
            Some(Text::from(clip(given, LONGEST_TEXT).to_owned()))
        };
        if let Some(thanks) = text("thanks") {
            survey.thanks = thanks;
        }
        let Some(question) = survey.questions.first_mut() else { return };
        if let Some(wording) = text("question") {
            question.text = wording;
        }
        if let Kind::Likert { low, high, .. } | Kind::Nps { low, high } = &mut question.kind {
            *low = text("low").unwrap_or_else(|| low.clone());
            *high = text("high").unwrap_or_else(|| high.clone());
        }
    }

    /// A value that goes into the response as it is; empty (a placeholder that was not filled) is none.
    fn passed_through(&mut self, name: &str, value: Option<&str>, most: usize) -> Option<String> {
        let value = value.filter(|value| !value.is_empty())?;
        if value.chars().count() > most {
            self.problems.push(["data-", name, " is too long, and left out"].concat());
            return None;
        }
        Some(value.to_owned())
    }

    fn custom(&mut self) -> Vec<(String, String)> {
        let mut custom: Vec<(String, String)> = Vec::new();
        for (full_name, value) in self.own.iter().chain(self.inherited) {
            let Some(name) = full_name.strip_prefix("data-custom-") else { continue };
            if name.is_empty() || custom.iter().any(|(known, _)| known == name) {
                continue;
            }
            if let Some(value) = self.passed_through(&full_name[5..], Some(value), LONGEST_TEXT) {
                custom.push((clip(name, LONGEST_NAME).to_owned(), value));
            }
        }
        custom.truncate(MOST_ENTRIES);
        custom
    }

    /// Attributes that mean nothing now. A stranger's attribute is none of our business, unless it is
    /// one slip away from ours.
    fn report_names(&mut self) {
        for (full_name, _) in self.own {
            let Some(name) = full_name.strip_prefix("data-") else { continue };
            if NAMES.contains(&name)
                || name == "sondeo"
                || name == "consent"
                || name.starts_with("custom-")
            {
                continue;
            }
            let later =
                LATER.contains(&name) || name.starts_with("header-") || name.starts_with("field-");
            if later {
                self.problems.push([full_name, " has no effect in this version"].concat());
            } else if let Some(meant) = nearest(name, NAMES) {
                self.unknown(full_name, meant);
            }
        }
    }

    fn unknown(&mut self, full_name: &str, meant: &str) {
        let problem = [full_name, " is not an attribute of this tag (try \"data-", meant, "\")"];
        self.problems.push(problem.concat());
    }

    fn missing(&mut self, name: &str, example: &str) {
        self.problems.push(["data-", name, " is missing (try \"", example, "\")"].concat());
    }

    fn unusable(&mut self, name: &str, value: &str, what: &str, examples: &[&str]) {
        let example = nearest(value, examples).or(examples.first().copied()).unwrap_or_default();
        let problem = ["data-", name, "=\"", value, "\" is not ", what, " (try \"", example, "\")"];
        self.problems.push(problem.concat());
    }
}

fn find<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes
        .iter()
        .find(|(full_name, _)| full_name.strip_prefix("data-") == Some(name))
        .map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests;
