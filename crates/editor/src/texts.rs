//! Every text of a survey that visitors read, and in which languages it stands.

use crate::words::quoted;
use crate::{Locale, Value, language_name, list_of, pointer};

/// A text of the file, where it stands and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextField {
    /// Where: `/questions/0/text`.
    pub pointer: String,
    /// What.
    pub role: Role,
}

/// What a text is. Questions, options, points and endings count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The words of a question.
    Question(usize),
    /// What stands below them.
    Description(usize),
    /// What is read of a question's picture by who does not see it.
    Image(usize),
    /// The low end of its scale.
    Low(usize),
    /// The high end of its scale.
    High(usize),
    /// A point of its scale.
    Label(usize, usize),
    /// An option.
    Option(usize, usize),
    /// What is read of an option's picture.
    OptionImage(usize, usize),
    /// The option for all else.
    Other(usize),
    /// The example in an empty field.
    Placeholder(usize),
    /// An ending.
    Ending(usize),
    /// The button of an ending.
    Button(usize),
    /// The thanks.
    Thanks,
    /// What is read of the logo.
    Logo,
    /// Other words for the first question of the template.
    FirstQuestion,
    /// Other words for the low end of its scale.
    FirstLow,
    /// Other words for the high end of its scale.
    FirstHigh,
}

impl Role {
    /// Where it stands in the file, as a JSON pointer.
    #[must_use]
    pub fn pointer(self) -> String {
        let of = |at: usize, key: &str| format!("/questions/{at}/{key}");
        match self {
            Self::Question(at) => of(at, "text"),
            Self::Description(at) => of(at, "description"),
            Self::Image(at) => of(at, "image/alt"),
            Self::Low(at) => of(at, "low"),
            Self::High(at) => of(at, "high"),
            Self::Label(at, point) => format!("/questions/{at}/labels/{point}"),
            Self::Option(at, option) => format!("/questions/{at}/options/{option}/text"),
            Self::OptionImage(at, option) => {
                format!("/questions/{at}/options/{option}/image/alt")
            }
            Self::Other(at) => of(at, "other"),
            Self::Placeholder(at) => of(at, "placeholder"),
            Self::Ending(at) => format!("/endings/{at}/text"),
            Self::Button(at) => format!("/endings/{at}/button/text"),
            Self::Thanks => "/thanks".to_owned(),
            Self::Logo => "/logo/alt".to_owned(),
            Self::FirstQuestion => "/question".to_owned(),
            Self::FirstLow => "/low".to_owned(),
            Self::FirstHigh => "/high".to_owned(),
        }
    }

    /// What it is called: `the text of question 2`.
    #[must_use]
    pub fn name(&self, locale: Locale) -> String {
        let one = |at: &usize| at + 1;
        match self {
            Self::Question(at) => {
                let n = one(at);
                locale.pick(
                    format!("the text of question {n}"),
                    format!("el texto de la pregunta {n}"),
                )
            }
            Self::Description(at) => {
                let n = one(at);
                locale.pick(
                    format!("the description of question {n}"),
                    format!("la descripción de la pregunta {n}"),
                )
            }
            Self::Image(at) => {
                let n = one(at);
                locale.pick(
                    format!("the alternative text of the picture of question {n}"),
                    format!("el texto alternativo de la imagen de la pregunta {n}"),
                )
            }
            Self::Low(at) => {
                let n = one(at);
                locale.pick(
                    format!("the low end of question {n}"),
                    format!("el extremo bajo de la pregunta {n}"),
                )
            }
            Self::High(at) => {
                let n = one(at);
                locale.pick(
                    format!("the high end of question {n}"),
                    format!("el extremo alto de la pregunta {n}"),
                )
            }
            Self::Label(at, point) => {
                let (n, point) = (one(at), one(point));
                locale.pick(
                    format!("point {point} of question {n}"),
                    format!("el punto {point} de la pregunta {n}"),
                )
            }
            Self::Option(at, option) => {
                let (n, option) = (one(at), one(option));
                locale.pick(
                    format!("option {option} of question {n}"),
                    format!("la opción {option} de la pregunta {n}"),
                )
            }
            Self::OptionImage(at, option) => {
                let (n, option) = (one(at), one(option));
                locale.pick(
                    format!(
                        "the alternative text of the picture of option {option} of question {n}"
                    ),
                    format!(
                        "el texto alternativo de la imagen de la opción {option} de la pregunta {n}"
                    ),
                )
            }
            Self::Other(at) => {
                let n = one(at);
                locale.pick(
                    format!("the option “other” of question {n}"),
                    format!("la opción «otro» de la pregunta {n}"),
                )
            }
            Self::Placeholder(at) => {
                let n = one(at);
                locale.pick(
                    format!("the example in the field of question {n}"),
                    format!("el ejemplo del campo de la pregunta {n}"),
                )
            }
            Self::Ending(at) => {
                let n = one(at);
                locale.pick(format!("the text of ending {n}"), format!("el texto del final {n}"))
            }
            Self::Button(at) => {
                let n = one(at);
                locale.pick(format!("the button of ending {n}"), format!("el botón del final {n}"))
            }
            Self::Thanks => locale.pick("the thanks", "el agradecimiento").to_owned(),
            Self::Logo => locale
                .pick("the alternative text of the logo", "el texto alternativo del logotipo")
                .to_owned(),
            Self::FirstQuestion => Self::Question(0).name(locale),
            Self::FirstLow => Self::Low(0).name(locale),
            Self::FirstHigh => Self::High(0).name(locale),
        }
    }
}

/// A text that one of the survey's languages lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Where it should stand: `/questions/1/text/es`.
    pub pointer: String,
    /// The tag of the language.
    pub language: String,
    /// What the text is.
    pub role: Role,
    /// What it says in the survey's main language.
    pub original: String,
}

impl Missing {
    /// `Spanish lacks the text of question 2 (“Why?”).`
    #[must_use]
    pub fn sentence(&self, locale: Locale) -> String {
        let language = crate::words::capital(&crate::language_name(&self.language, locale));
        let (what, original) = (self.role.name(locale), quoted(&self.original, locale));
        locale.pick(
            format!("{language} lacks {what} ({original})."),
            format!("{language}: falta {what} ({original})."),
        )
    }
}

/// Every text of the survey, in the order in which visitors meet them.
#[must_use]
pub fn fields(survey: &Value) -> Vec<TextField> {
    let mut fields = Vec::new();
    visit(survey, &mut |role, _| fields.push(TextField { pointer: role.pointer(), role }));
    fields
}

/// Calls with every text of the survey, in that order. Each key that is pressed asks for all of them, so nothing is
/// looked up twice.
pub(crate) fn visit<'a>(survey: &'a Value, call: &mut dyn FnMut(Role, &'a Value)) {
    let mut say = |role: Role, text: Option<&'a Value>| match text {
        // `true` and the word `text` are no words for visitors, and a list is none that can be used.
        Some(Value::Text(word)) if matches!(role, Role::Other(_)) && word.as_ref() == "text" => {}
        Some(text @ (Value::Text(_) | Value::Object(_))) => call(role, text),
        _ => {}
    };
    let alt = |thing: &'a Value, key: &str| thing.get(key).and_then(|image| image.get("alt"));
    let entries = |thing: &'a Value, key: &str| {
        thing.get(key).map_or(&[][..], Value::entries).iter().enumerate()
    };
    say(Role::Logo, alt(survey, "logo"));
    say(Role::FirstQuestion, survey.get("question"));
    say(Role::FirstLow, survey.get("low"));
    say(Role::FirstHigh, survey.get("high"));
    for (at, question) in entries(survey, "questions") {
        say(Role::Question(at), question.get("text"));
        say(Role::Description(at), question.get("description"));
        say(Role::Image(at), alt(question, "image"));
        say(Role::Low(at), question.get("low"));
        say(Role::High(at), question.get("high"));
        for (point, label) in entries(question, "labels") {
            say(Role::Label(at, point), Some(label));
        }
        for (place, option) in entries(question, "options") {
            say(Role::Option(at, place), option.get("text"));
            say(Role::OptionImage(at, place), alt(option, "image"));
        }
        say(Role::Other(at), question.get("other"));
        say(Role::Placeholder(at), question.get("placeholder"));
    }
    for (at, ending) in entries(survey, "endings") {
        say(Role::Ending(at), ending.get("text"));
        say(Role::Button(at), ending.get("button").and_then(|button| button.get("text")));
    }
    say(Role::Thanks, survey.get("thanks"));
}

/// What a text says, by language; under an empty tag, in all of them.
#[must_use]
pub fn said(text: &Value) -> Vec<(&str, &str)> {
    match text {
        Value::Text(text) => vec![("", text)],
        _ => text
            .members()
            .iter()
            .filter_map(|(tag, it)| Some((tag.as_str(), it.as_text()?)))
            .collect(),
    }
}

/// What a text says in a language, without looking for another one.
#[must_use]
pub fn said_in<'a>(text: &'a Value, language: &str, main: &str) -> Option<&'a str> {
    let said = said(text);
    let found = said.iter().find(|(tag, _)| *tag == language);
    let found = found.or_else(|| said.iter().find(|(tag, _)| tag.is_empty() && language == main));
    found.map(|(_, text)| *text).filter(|text| !text.trim().is_empty())
}

/// The tag of the language that texts without one are written in: what `lang` says, else the first that a text names,
/// else English.
#[must_use]
pub fn main_language(survey: &Value) -> String {
    main_of(survey, &tags(survey))
}

fn main_of(survey: &Value, tags: &[&str]) -> String {
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let wanted = survey.text_of("lang");
    let same = wanted.and_then(|wanted| {
        let exact = tags.iter().find(|tag| **tag == wanted);
        exact.or_else(|| tags.iter().find(|tag| primary(tag) == primary(wanted)))
    });
    let main = match wanted {
        Some(wanted) => same.copied().unwrap_or(wanted),
        None => tags.first().copied().unwrap_or("en"),
    };
    main.to_owned()
}

/// The languages that the survey's own texts are in, the main one first. None where it has no texts of its own: those
/// of templates are there in every language.
#[must_use]
pub fn languages(survey: &Value) -> Vec<String> {
    let mut has_texts = false;
    visit(survey, &mut |_, _| has_texts = true);
    if !has_texts {
        return Vec::new();
    }
    let tags = tags(survey);
    let main = main_of(survey, &tags);
    let others = tags.into_iter().filter(|tag| *tag != main).map(str::to_owned);
    std::iter::once(main.clone()).chain(others).collect()
}

/// The tags that texts name, in the order of the file.
fn tags(survey: &Value) -> Vec<&str> {
    let mut tags: Vec<&str> = Vec::new();
    visit(survey, &mut |_, text| {
        for (tag, said) in text.members() {
            if said.as_text().is_some() && !tag.is_empty() && !tags.contains(&tag.as_str()) {
                tags.push(tag);
            }
        }
    });
    tags
}

/// Every text that one of the survey's languages lacks. What has no letters reads the same in all of them.
#[must_use]
pub fn missing(survey: &Value) -> Vec<Missing> {
    let languages = languages(survey);
    let Some(main) = languages.first() else { return Vec::new() };
    let mut missing = Vec::new();
    for language in &languages {
        visit(survey, &mut |role, text| {
            if said_in(text, language, main).is_some() {
                return;
            }
            let first = || said(text).first().map(|(_, text)| *text);
            let original = said_in(text, main, main).or_else(first).unwrap_or_default();
            let is_for_all =
                matches!(text, Value::Text(_)) && !original.contains(char::is_alphabetic);
            if !is_for_all {
                missing.push(Missing {
                    pointer: pointer::join(&role.pointer(), language),
                    language: language.clone(),
                    original: original.to_owned(),
                    role,
                });
            }
        });
    }
    missing
}

/// A text that was reworded in some of its languages, and not in the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HalfReworded {
    /// The place of the text.
    pub pointer: String,
    role: Role,
    /// The tags of the languages that say something else now.
    reworded: Vec<String>,
    /// The tags of those that say what they said before.
    kept: Vec<String>,
}

impl HalfReworded {
    /// What its author may have forgotten.
    #[must_use]
    pub fn sentence(&self, locale: Locale) -> String {
        let names = |tags: &[String]| {
            let names: Vec<String> = tags.iter().map(|tag| language_name(tag, locale)).collect();
            list_of(&names, locale)
        };
        let (what, reworded, kept) =
            (self.role.name(locale), names(&self.reworded), names(&self.kept));
        locale.pick(
            format!("New words in {reworded}, the old ones in {kept}: {what}."),
            format!("Palabras nuevas en {reworded}, las de antes en {kept}: {what}."),
        )
    }
}

/// Every text of the survey that was reworded since an earlier state of it in one language, and in another one not. Those of
/// questions that stand elsewhere now are left out.
#[must_use]
pub fn half_reworded(before: &Value, survey: &Value) -> Vec<HalfReworded> {
    let mut known: Vec<(Role, &Value)> = Vec::new();
    visit(before, &mut |role, text| known.push((role, text)));
    let main = main_language(survey);
    let id_of = |survey: &Value, pointer: &str| {
        let question = pointer::question_of(pointer)?;
        survey.at(&format!("/questions/{question}/id")).cloned()
    };
    let mut found = Vec::new();
    visit(survey, &mut |role, text| {
        let pointer = role.pointer();
        if id_of(before, &pointer) != id_of(survey, &pointer) {
            return;
        }
        let Some((_, earlier)) = known.iter().find(|(it, _)| *it == role) else { return };
        let of_both = said(text).into_iter().filter_map(|(tag, words)| {
            let tag = if tag.is_empty() { &*main } else { tag };
            Some((tag, said_in(earlier, tag, &main)? == words))
        });
        let (kept, reworded): (Vec<_>, Vec<_>) = of_both.partition(|(_, is_kept)| *is_kept);
        if !kept.is_empty() && !reworded.is_empty() {
            let tags =
                |of: Vec<(&str, bool)>| of.into_iter().map(|(tag, _)| tag.to_owned()).collect();
            found.push(HalfReworded { pointer, role, reworded: tags(reworded), kept: tags(kept) });
        }
    });
    found
}

/// A text with its words in one language set; `null` where nothing is left.
pub(crate) fn with_text(
    text: Option<&Value>,
    main: &str,
    is_in_one: bool,
    language: &str,
    words: &str,
) -> Value {
    let mut members: Vec<(String, Value)> = match text {
        Some(Value::Object(members)) => members.to_vec(),
        Some(Value::Text(_)) | None if language == main && (is_in_one || text.is_some()) => {
            return words.into();
        }
        Some(Value::Text(known)) if !known.trim().is_empty() => {
            if words.trim().is_empty() {
                return Value::Text(known.clone());
            }
            vec![(main.to_owned(), Value::Text(known.clone()))]
        }
        _ => Vec::new(),
    };
    let at = members.iter().position(|(tag, _)| tag == language);
    match (at, words.trim().is_empty()) {
        (Some(at), true) => {
            members.remove(at);
        }
        (Some(at), false) => members[at].1 = words.into(),
        (None, true) => {}
        // The main language stands first.
        (None, false) => {
            let at = if language == main { 0 } else { members.len() };
            members.insert(at, (language.to_owned(), words.into()));
        }
    }
    if members.is_empty() { Value::Null } else { Value::object(members) }
}

#[cfg(test)]
mod tests {
    use super::{languages, main_language, missing, with_text};
    use crate::{Locale, Value};

    fn survey(text: &str) -> Value {
        serde_json::from_str(text).expect("JSON")
    }

    #[test]
    fn the_languages_of_a_survey() {
        assert_eq!(languages(&survey(r#"{"template": "nps"}"#)), [""; 0]);
        assert_eq!(languages(&survey(r#"{"thanks": "Hi"}"#)), ["en"]);
        assert_eq!(languages(&survey(r#"{"lang": "es-MX", "thanks": "Hola"}"#)), ["es-MX"]);
        let both = survey(r#"{"thanks": {"en": "Hi", "es": "Hola"}, "question": "Why?"}"#);
        assert_eq!(languages(&both), ["en", "es"]);
        let both = survey(r#"{"lang": "es-MX", "thanks": {"en": "Hi", "es": "Hola"}}"#);
        assert_eq!((main_language(&both).as_str(), languages(&both).len()), ("es", 2));
    }

    #[test]
    fn what_a_language_lacks_is_named() {
        let survey = survey(
            r#"{"questions": [
                {"id": "a", "kind": "nps", "text": {"en": "How?", "es": "¿Cómo?"}},
                {"id": "b", "kind": "choice", "text": "Why?", "other": "text", "options": [
                    {"id": "x", "text": {"en": "Price", "es": "Precio"}},
                    {"id": "y", "text": {"es": "Otra"}}, {"id": "z", "text": "10–20"}]}]}"#,
        );
        let missing = missing(&survey);
        let english: Vec<_> = missing.iter().map(|it| it.sentence(Locale::English)).collect();
        assert_eq!(
            english,
            [
                "English lacks option 2 of question 2 (“Otra”).",
                "Spanish lacks the text of question 2 (“Why?”).",
            ]
        );
        assert_eq!(
            missing[1].sentence(Locale::Spanish),
            "Español: falta el texto de la pregunta 2 («Why?»)."
        );
        assert_eq!(missing[1].pointer, "/questions/1/text/es");
    }

    #[test]
    fn a_text_keeps_its_words_when_another_language_comes() {
        let one = Value::from("Why?");
        let with = |text: Option<&Value>, language, words| {
            serde_json::to_string(&with_text(text, "en", true, language, words)).expect("JSON")
        };
        assert_eq!(with(Some(&one), "en", "How?"), r#""How?""#);
        assert_eq!(with(Some(&one), "es", "¿Por qué?"), r#"{"en":"Why?","es":"¿Por qué?"}"#);
        assert_eq!(with(Some(&one), "es", ""), r#""Why?""#);
        let both = survey(r#"{"es": "¿Por qué?"}"#);
        assert_eq!(with(Some(&both), "en", "Why?"), r#"{"en":"Why?","es":"¿Por qué?"}"#);
        assert_eq!(with(Some(&both), "es", " "), "null");
        assert_eq!(with(None, "es", "Hola"), r#"{"es":"Hola"}"#);
        assert_eq!(with(None, "en", "Hi"), r#""Hi""#);
    }
}
