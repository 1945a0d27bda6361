//! What to know before publishing: who will see what, where and how often, what changed, and what is missing.

use crate::changes::between;
use crate::{Document, Locale, Value, language_name, list_of, pointer, problems, sentences, texts};
use sondeo_model::targeting::matches;

/// What the caller knows and the file does not say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// The file of the version that runs; `None` where none does.
    pub running: Option<&'a str>,
    /// The pages that the site's tag was seen on; `None` where nobody could ask.
    pub seen: Option<&'a [SeenPage]>,
    /// What became of asking the endpoint; `None` where it was not asked.
    pub endpoint: Option<Result<(), &'a str>>,
}

/// A page that the site's tag was seen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenPage {
    /// `https://shop.example`
    pub origin: String,
    /// `/checkout`
    pub path: String,
}

/// The list before the button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    /// Everything on it, by topic.
    pub entries: Vec<Entry>,
}

impl Checklist {
    /// Whether nothing keeps it from being published.
    #[must_use]
    pub fn may_publish(&self) -> bool {
        self.entries.iter().all(|entry| entry.weight != Weight::Obstacle)
    }

    /// The entries of one topic.
    pub fn of(&self, topic: Topic) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.topic == topic)
    }
}

/// One sentence of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is about.
    pub topic: Topic,
    /// Whether it is in the way.
    pub weight: Weight,
    /// The sentence.
    pub sentence: String,
    /// Where in the file, as a JSON pointer, where it is about one place.
    pub path: Option<String>,
}

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// What is asked, and in which languages.
    What,
    /// What makes it due.
    When,
    /// Pages and devices.
    Place,
    /// Who.
    Whom,
    /// How often.
    Often,
    /// What differs from the running version.
    Changes,
    /// What is wrong or missing.
    Missing,
}

impl Topic {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::What,
        Self::When,
        Self::Place,
        Self::Whom,
        Self::Often,
        Self::Changes,
        Self::Missing,
    ];

    /// Its heading.
    #[must_use]
    pub fn name(self, locale: Locale) -> &'static str {
        match self {
            Self::What => locale.pick("What is asked", "Qué se pregunta"),
            Self::When => locale.pick("When", "Cuándo"),
            Self::Place => locale.pick("Where", "Dónde"),
            Self::Whom => locale.pick("Whom", "A quién"),
            Self::Often => locale.pick("How often", "Con qué frecuencia"),
            Self::Changes => locale.pick("What changed", "Qué ha cambiado"),
            Self::Missing => locale.pick("What is missing", "Qué falta"),
        }
    }
}

/// Whether an entry is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// So it is.
    Fact,
    /// Look whether it is meant.
    Doubt,
    /// Nothing is published before it is mended.
    Obstacle,
}

/// The list of what to know before publishing.
#[must_use]
pub fn checklist(document: &Document, facts: Facts<'_>, locale: Locale) -> Checklist {
    let survey = document.value();
    let mut list = Checklist { entries: Vec::new() };
    let mut add = |topic, weight, sentence: String, path: Option<String>| {
        list.entries.push(Entry { topic, weight, sentence, path });
    };
    let definition = crate::definition(survey);
    if let Some(definition) = &definition {
        let count = definition.questions.len();
        let asked = match count {
            1 => locale.pick("One question is asked.", "Se hace una pregunta.").to_owned(),
            _ => locale.pick(
                format!("{count} questions at most are asked."),
                format!("Se hacen como máximo {count} preguntas."),
            ),
        };
        add(Topic::What, Weight::Fact, asked, None);
        add(Topic::What, Weight::Fact, languages(survey, locale), None);
        let says = sentences::sentences(definition, locale);
        for (topic, sentences) in [
            (Topic::When, says.when),
            (Topic::Place, says.place),
            (Topic::Whom, says.whom),
            (Topic::Often, says.often),
        ] {
            for sentence in sentences {
                add(topic, Weight::Fact, sentence, None);
            }
        }
        if let Some(seen) = facts.seen {
            for (sentence, path) in unseen(&definition.targeting().url, seen, locale) {
                add(Topic::Place, Weight::Doubt, sentence, path);
            }
        }
    }
    match facts.running {
        None => {
            let sentence = locale.pick("It has not run yet.", "Todavía no se ha publicado.");
            add(Topic::Changes, Weight::Fact, sentence.to_owned(), None);
        }
        Some(running) => {
            let changes = match Document::open(running) {
                Ok(running) => between(running.value(), survey, locale),
                Err(_) => crate::changes::changes(running, &document.text(), locale),
            };
            if changes.is_empty() {
                let sentence = locale.pick(
                    "Nothing differs from the running version.",
                    "No hay diferencias con la versión publicada.",
                );
                add(Topic::Changes, Weight::Doubt, sentence.to_owned(), None);
            }
            for change in changes {
                add(Topic::Changes, Weight::Fact, change.sentence, Some(change.path));
            }
            if let Ok(running) = Document::open(running) {
                // Also of questions that were the template's.
                let running = crate::changes::with_questions(running.value(), survey);
                for half in texts::half_reworded(&running, survey) {
                    let sentence = half.sentence(locale);
                    add(Topic::Changes, Weight::Doubt, sentence, Some(half.pointer));
                }
            }
        }
    }
    let problems = problems::problems(document, locale);
    let is_in_order = problems.is_empty();
    for problem in problems {
        let place = place(&problem.path, locale);
        let sentence = format!("{place}: {}.", problem.message);
        add(Topic::Missing, Weight::Obstacle, sentence, Some(problem.path));
    }
    if definition.is_none() && is_in_order {
        let sentence =
            locale.pick("This survey cannot be asked.", "Esta encuesta no se puede hacer.");
        add(Topic::Missing, Weight::Obstacle, sentence.to_owned(), None);
    }
    for missing in texts::missing(survey) {
        let path = Some(missing.pointer.clone());
        add(Topic::Missing, Weight::Doubt, missing.sentence(locale), path);
    }
    if let Some(Err(why)) = facts.endpoint {
        let sentence = locale.pick(
            format!("The endpoint does not answer: {why}."),
            format!("El destino no responde: {why}."),
        );
        add(Topic::Missing, Weight::Doubt, sentence, Some("/endpoint".to_owned()));
    }
    list
}

/// A place of the file as people call it: `Question 2, option 1, text`.
#[must_use]
pub fn place(path: &str, locale: Locale) -> String {
    let parts = pointer::parts(path);
    let mut words = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let list = at.checked_sub(1).map_or("", |before| parts[before].as_str());
        let number = part.parse::<usize>().ok().map(|at| at + 1);
        // A list is told by its entry.
        let is_told = parts.get(at + 1).is_some_and(|next| next.parse::<usize>().is_ok());
        if is_told && entry(part, 1, locale).is_some() {
            continue;
        }
        words.push(match number.and_then(|n| entry(list, n, locale)) {
            Some(name) => name,
            None => match crate::key_name(part, locale) {
                Some(name) => name.to_lowercase(),
                None if sondeo_model::Language::from_tag(part).is_some() => {
                    language_name(part, locale)
                }
                None => part.clone(),
            },
        });
    }
    if words.is_empty() {
        return locale.pick("The survey", "La encuesta").to_owned();
    }
    crate::words::capital(&words.join(", "))
}

/// What the entries of a list are called.
fn entry(list: &str, n: usize, locale: Locale) -> Option<String> {
    Some(match list {
        "questions" => locale.pick(format!("question {n}"), format!("pregunta {n}")),
        "options" => locale.pick(format!("option {n}"), format!("opción {n}")),
        "endings" => locale.pick(format!("ending {n}"), format!("final {n}")),
        "next" => locale.pick(format!("way {n}"), format!("camino {n}")),
        "labels" => locale.pick(format!("point {n}"), format!("punto {n}")),
        _ => return None,
    })
}

/// In which languages it is asked, as the model decides it: by the first question's text that names languages.
fn languages(survey: &Value, locale: Locale) -> String {
    match asked_in(survey).as_deref() {
        None => locale
            .pick(
                "In the visitor’s own language, where the template speaks it; else in English.",
                "En el idioma del visitante si la plantilla lo habla; si no, en inglés.",
            )
            .to_owned(),
        Some([only]) => {
            let name = language_name(only, locale);
            locale.pick(format!("In {name}, for everybody."), format!("En {name}, para todos."))
        }
        Some(tags) => {
            let fallback = language_name(fallback(tags), locale);
            let names: Vec<String> = tags.iter().map(|tag| language_name(tag, locale)).collect();
            let names = list_of(&names, locale);
            locale.pick(
                format!("In {names}; who speaks none of them reads {fallback}."),
                format!("En {names}; quien no hable ninguno la lee en {fallback}."),
            )
        }
    }
}

/// What a visitor reads who speaks none of these languages: English; without that, the first.
pub(crate) fn fallback(tags: &[String]) -> &str {
    let is_english = |tag: &&String| *tag == "en" || tag.starts_with("en-");
    tags.iter().find(is_english).or(tags.first()).map_or("en", String::as_str)
}

/// The languages that it is asked in, one at least; `None` where they are the template's.
pub(crate) fn asked_in(survey: &Value) -> Option<Vec<String>> {
    if let Some(tag) = survey.text_of("lang") {
        return Some(vec![tag.to_owned()]);
    }
    let is_question = |it: &texts::TextField| {
        matches!(it.role, texts::Role::Question(_) | texts::Role::FirstQuestion)
    };
    let tags = |field: texts::TextField| -> Option<Vec<&str>> {
        let tags: Vec<&str> =
            texts::said(survey.at(&field.pointer)?).into_iter().map(|(tag, _)| tag).collect();
        tags.iter().all(|tag| !tag.is_empty()).then_some(tags)
    };
    let fields = texts::fields(survey).into_iter();
    let tags = fields.filter(is_question).filter_map(tags).find(|tags| !tags.is_empty());
    match tags {
        None if survey.get("questions").is_none() => None,
        None => Some(vec![texts::main_language(survey)]),
        Some(tags) => Some(tags.into_iter().map(str::to_owned).collect()),
    }
}

/// Patterns that no page fits which the tag was seen on.
fn unseen(patterns: &[String], seen: &[SeenPage], locale: Locale) -> Vec<(String, Option<String>)> {
    if seen.is_empty() {
        let sentence = locale.pick(
            "The site’s tag was not seen on any page yet.",
            "La etiqueta del sitio todavía no se ha visto en ninguna página.",
        );
        return vec![(sentence.to_owned(), None)];
    }
    let pages: Vec<String> =
        seen.iter().map(|page| [page.origin.as_str(), &page.path].concat()).collect();
    let is_seen = |patterns: &[String]| pages.iter().any(|page| matches(patterns, page));
    let path = || Some("/url".to_owned());
    let mut unseen = Vec::new();
    for pattern in patterns.iter().filter(|it| !it.starts_with('!')) {
        if !is_seen(std::slice::from_ref(pattern)) {
            let sentence = locale.pick(
                format!("No page that fits {pattern} was seen with the site’s tag yet."),
                format!(
                    "Todavía no se ha visto la etiqueta en ninguna página que encaje con {pattern}."
                ),
            );
            unseen.push((sentence, path()));
        }
    }
    if unseen.is_empty() && !is_seen(patterns) {
        let sentence = locale.pick(
            "On none of the pages that the tag was seen on it would be asked.",
            "No se preguntaría en ninguna de las páginas donde se ha visto la etiqueta.",
        );
        unseen.push((sentence.to_owned(), path()));
    }
    unseen
}

#[cfg(test)]
mod tests {
    use super::{Facts, SeenPage, Topic, Weight, checklist, place};
    use crate::{Document, Locale};

    fn list(text: &str, facts: Facts<'_>, topic: Topic) -> Vec<(Weight, String)> {
        let document = Document::open(text).expect("JSON");
        let list = checklist(&document, facts, Locale::English);
        list.of(topic).map(|entry| (entry.weight, entry.sentence.clone())).collect()
    }

    #[track_caller]
    fn check(text: &str, facts: Facts<'_>, topic: Topic, expected: &[(Weight, &str)]) {
        let expected: Vec<_> =
            expected.iter().map(|(weight, it)| (*weight, (*it).to_owned())).collect();
        assert_eq!(list(text, facts, topic), expected);
    }

    const FILE: &str = r#"{"template": "csat", "url": "/checkout/** /cart !/cart", "thanks": {"en": "Thanks", "es": "Gracias"},
        "questions": [{"id": "a", "kind": "nps", "text": {"en": "How?"}}]}"#;

    #[test]
    fn the_languages_are_those_that_the_model_asks_in() {
        use crate::{Value, definition};
        for (members, english, reads) in [
            (
                r#""id": "a""#,
                "In the visitor’s own language, where the template speaks it; else in English.",
                ["fr", "en"],
            ),
            (
                r#""thanks": {"es": "G"}"#,
                "In the visitor’s own language, where the template speaks it; else in English.",
                ["fr", "en"],
            ),
            (
                r#""question": {"es": "Q", "de": "Q"}"#,
                "In Spanish and German; who speaks none of them reads Spanish.",
                ["es", "es"],
            ),
            (
                r#""question": {"es": "Q", "en": "Q"}"#,
                "In Spanish and English; who speaks none of them reads English.",
                ["en", "en"],
            ),
            (r#""question": {"es": "Q"}"#, "In Spanish, for everybody.", ["es", "es"]),
            (r#""lang": "de""#, "In German, for everybody.", ["de", "de"]),
        ] {
            let text = format!(r#"{{"template": "csat", {members}}}"#);
            let value: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(super::languages(&value, Locale::English), english, "{text}");
            let survey = definition(&value).expect("a survey");
            assert_eq!([survey.tag("fr"), survey.tag("xx")], reads, "{text}");
        }
    }

    fn pages(paths: &[&str]) -> Vec<SeenPage> {
        let page =
            |path: &&str| SeenPage { origin: "https://shop.example".into(), path: (*path).into() };
        paths.iter().map(page).collect()
    }

    #[test]
    fn what_is_asked_and_what_is_missing() {
        check(
            FILE,
            Facts::default(),
            Topic::What,
            &[
                (Weight::Fact, "One question is asked."),
                (Weight::Fact, "In English, for everybody."),
            ],
        );
        check(
            FILE,
            Facts::default(),
            Topic::Missing,
            &[(Weight::Doubt, "Spanish lacks the text of question 1 (“How?”).")],
        );
        let facts = Facts { endpoint: Some(Err("404")), ..Facts::default() };
        check(
            r#"{"template": "csat"}"#,
            facts,
            Topic::Missing,
            &[(Weight::Doubt, "The endpoint does not answer: 404.")],
        );
        let facts = Facts { endpoint: Some(Ok(())), ..Facts::default() };
        check(r#"{"template": "csat"}"#, facts, Topic::Missing, &[]);
    }

    #[test]
    fn a_problem_is_in_the_way() {
        let document = Document::open(r#"{"template": "csat", "delay": "soon"}"#).expect("JSON");
        let wrong = checklist(&document, Facts::default(), Locale::English);
        assert!(!wrong.may_publish());
        let entry = wrong.of(Topic::Missing).next().expect("an entry");
        assert_eq!(entry.path.as_deref(), Some("/delay"));
        assert!(entry.sentence.starts_with("Delay: "), "{}", entry.sentence);
        let document = Document::open(r#"{"template": "csat"}"#).expect("JSON");
        assert!(checklist(&document, Facts::default(), Locale::Spanish).may_publish());
    }

    #[test]
    fn pages_that_were_never_seen() {
        let seen = pages(&["/", "/checkout/done"]);
        let facts = Facts { seen: Some(&seen), ..Facts::default() };
        let found = list(FILE, facts, Topic::Place);
        let doubts: Vec<_> =
            found.iter().filter(|it| it.0 == Weight::Doubt).map(|it| &it.1).collect();
        assert_eq!(doubts, ["No page that fits /cart was seen with the site’s tag yet."]);
        let seen = pages(&["/cart"]);
        let facts = Facts { seen: Some(&seen), ..Facts::default() };
        let file = r#"{"template": "csat", "url": "/cart !/c*"}"#;
        let found = list(file, facts, Topic::Place);
        assert!(found.iter().any(|it| it.1.starts_with("On none of the pages")), "{found:?}");
        let facts = Facts { seen: Some(&[]), ..Facts::default() };
        let found = list(file, facts, Topic::Place);
        assert!(
            found.iter().any(|it| it.1.starts_with("The site’s tag was not seen")),
            "{found:?}"
        );
        let found = list(file, Facts::default(), Topic::Place);
        assert!(found.iter().all(|it| it.0 == Weight::Fact), "{found:?}");
    }

    #[test]
    fn a_text_that_is_reworded_in_one_language_alone() {
        let question = |id: &str, en: &str, es: &str| {
            format!(
                r#"{{"questions": [{{"id": "{id}", "kind": "nps", "text": {{"en": "{en}", "es": "{es}"}}}}]}}"#
            )
        };
        let running = question("how", "How?", "¿Qué tal?");
        let facts = Facts { running: Some(&running), ..Facts::default() };
        let doubts = |file: &str| {
            let found = list(file, facts, Topic::Changes);
            found.into_iter().filter(|it| it.0 == Weight::Doubt).map(|it| it.1).collect::<Vec<_>>()
        };
        assert_eq!(
            doubts(&question("how", "How was it?", "¿Qué tal?")),
            ["New words in English, the old ones in Spanish: the text of question 1."]
        );
        assert!(doubts(&question("how", "How was it?", "¿Cómo fue?")).is_empty());
        assert!(doubts(&question("other", "How was it?", "¿Qué tal?")).is_empty());
    }

    #[test]
    fn a_templates_text_that_is_reworded_in_one_language_alone() {
        let languages = [sondeo_model::Language::En, sondeo_model::Language::Es];
        let (own, _) = crate::moments::questions(sondeo_model::Template::PostPurchase, &languages);
        let own = serde_json::to_string(&own).expect("JSON").replace("went wrong", "was wrong");
        let file = format!(r#"{{"template": "post-purchase", "questions": {own}}}"#);
        let facts = Facts { running: Some(r#"{"template": "post-purchase"}"#), ..Facts::default() };
        let found = list(&file, facts, Topic::Changes);
        let half = "New words in English, the old ones in Spanish: the text of question 2.";
        assert!(found.iter().any(|it| *it == (Weight::Doubt, half.to_owned())), "{found:?}");
    }

    #[test]
    fn what_changed_since_the_running_version() {
        let facts = Facts { running: Some(r#"{"template": "csat"}"#), ..Facts::default() };
        check(
            r#"{"template": "csat"}"#,
            facts,
            Topic::Changes,
            &[(Weight::Doubt, "Nothing differs from the running version.")],
        );
        check(
            r#"{"template": "csat", "theme": "dark"}"#,
            facts,
            Topic::Changes,
            &[(Weight::Fact, "Colours: not set → “dark”.")],
        );
        check(
            r#"{"template": "csat"}"#,
            Facts::default(),
            Topic::Changes,
            &[(Weight::Fact, "It has not run yet.")],
        );
    }

    #[test]
    fn places_have_names() {
        let name = |path: &str| place(path, Locale::English);
        assert_eq!(name("/questions/0/options/1/text/es"), "Question 1, option 2, text, Spanish");
        assert_eq!(name("/questions/0/next/0/go"), "Question 1, way 1, go to");
        assert_eq!(name("/questions"), "Questions");
        assert_eq!(name("/questions/0/options"), "Question 1, options");
        assert_eq!(name("/delay"), "Delay");
        assert_eq!(name(""), "The survey");
        assert_eq!(place("/endings/1/button", Locale::Spanish), "Final 2, botón");
    }
}
