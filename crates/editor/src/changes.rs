//! The difference between two versions of a survey, in words.

use crate::publishing::{asked_in, fallback};
use crate::texts::{self, Role, said_in};
use crate::words::{capital, key_name, quoted};
use crate::{Locale, Value, definition, language_name, list_of, pointer, sentences, ways};
use sondeo_model::{Definition, KindName, Language, Template};

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where, as a JSON pointer into the later version; of what is gone, what held it.
    pub path: String,
    /// What it was and what it is.
    pub sentence: String,
}

/// The difference between two files, in the order of a survey. A file that cannot be opened is one change.
#[must_use]
pub fn changes(before: &str, after: &str, locale: Locale) -> Vec<Change> {
    let open = |text: &str| crate::Document::open(text);
    match (open(before), open(after)) {
        (Ok(before), Ok(after)) => between(before.value(), after.value(), locale),
        (Err(error), _) | (_, Err(error)) if before != after => {
            vec![Change { path: String::new(), sentence: error.sentence(locale) }]
        }
        _ => Vec::new(),
    }
}

/// Keys whose meaning is said in sentences.
const WHEN: &[&str] = &["trigger", "delay", "from", "until", "consent", "priority"];
const PLACE: &[&str] = &["url", "device"];
const WHOM: &[&str] = &["when"];
const OFTEN: &[&str] = &["sample", "recontact", "snooze", "quiet", "per", "max_shows"];
/// Keys that have a comparison of their own, or are nobody's business.
const APART: &[&str] =
    &["questions", "endings", "question", "low", "high", "thanks", "$schema", "published"];

/// The difference between two surveys.
#[must_use]
pub fn between(before: &Value, after: &Value, locale: Locale) -> Vec<Change> {
    let lost = lost_languages(before, after);
    // Whoever makes a template's questions their own has not added them.
    let (before, after) = (&with_questions(before, after), &with_questions(after, before));
    let mut compare = Compare { before, after, locale, changes: Vec::new() };
    for (key, role) in
        [("question", Role::FirstQuestion), ("low", Role::FirstLow), ("high", Role::FirstHigh)]
    {
        compare.text(before.get(key), after.get(key), &pointer::join("", key), &role);
    }
    compare.questions();
    if let Some((languages, fallback)) = lost {
        let names: Vec<String> =
            languages.iter().map(|it| language_name(it.tag(), locale)).collect();
        let (names, fallback) = (list_of(&names, locale), language_name(&fallback, locale));
        let sentence = locale.pick(
            format!("No longer asked in {names}: who speaks one of them reads {fallback}."),
            format!("Ya no se pregunta en {names}: quien hable uno de ellos la lee en {fallback}."),
        );
        compare.note("/questions", sentence);
    }
    compare.endings();
    compare.text(before.get("thanks"), after.get("thanks"), "/thanks", &Role::Thanks);
    compare.meaning();
    let keys = keys(before, after, APART);
    for key in keys {
        compare.key(before.get(key), after.get(key), "", key, "");
    }
    compare.changes
}

/// The languages that a template spoke and one's own words do not, and what is read instead of them.
fn lost_languages(before: &Value, after: &Value) -> Option<(Vec<Language>, String)> {
    let own = asked_in(after).filter(|_| asked_in(before).is_none())?;
    let speaks = |it: &Language| own.iter().any(|tag| Language::from_tag(tag) == Some(*it));
    let lost: Vec<Language> = Language::ALL.iter().copied().filter(|it| !speaks(it)).collect();
    // One language for everybody is told where it is chosen.
    let is_told = after.get("lang").is_some() || lost.is_empty();
    (!is_told).then(|| (lost, fallback(&own).to_owned()))
}

/// A survey with its template's questions written out, where the other one has questions of its own.
pub(crate) fn with_questions(survey: &Value, other: &Value) -> Value {
    let template = survey.text_of("template").and_then(Template::parse);
    let is_own = survey.get("questions").is_some() || other.get("questions").is_none();
    let Some(template) = template.filter(|_| !is_own) else { return survey.clone() };
    let languages = texts::languages(other);
    let languages: Vec<Language> =
        languages.iter().filter_map(|tag| Language::from_tag(tag)).collect();
    let (questions, _) = crate::moments::questions(template, &languages);
    let mut members = survey.members().to_vec();
    members.push(("questions".to_owned(), questions));
    Value::object(members)
}

/// The keys of two objects, in the order of the later one, without some.
fn keys<'a>(before: &'a Value, after: &'a Value, without: &[&str]) -> Vec<&'a str> {
    let mut keys: Vec<&str> = Vec::new();
    for (key, _) in after.members().iter().chain(before.members()) {
        if !keys.contains(&key.as_str()) && !without.contains(&key.as_str()) {
            keys.push(key);
        }
    }
    keys
}

/// What some keys come to, in sentences.
type Says = fn(&Definition, Locale) -> Vec<String>;

struct Compare<'a> {
    before: &'a Value,
    after: &'a Value,
    locale: Locale,
    changes: Vec<Change>,
}

/// The entries of two lists that belong together: by id, where they have one.
struct Pairs<'a> {
    added: Vec<(usize, &'a Value)>,
    removed: Vec<&'a Value>,
    /// The place in the later list, the earlier entry and the later one.
    both: Vec<(usize, &'a Value, &'a Value)>,
    is_reordered: bool,
}

fn pairs<'a>(before: &'a [Value], after: &'a [Value]) -> Pairs<'a> {
    let id = |it: &'a Value| it.text_of("id");
    let mut used = vec![false; before.len()];
    let mut pairs =
        Pairs { added: Vec::new(), removed: Vec::new(), both: Vec::new(), is_reordered: false };
    let mut last = None;
    for (at, entry) in after.iter().enumerate() {
        let same = |it: &usize| !used[*it] && id(&before[*it]) == id(entry) && id(entry).is_some();
        match (0..before.len()).find(same) {
            Some(found) => {
                used[found] = true;
                pairs.is_reordered |= last.is_some_and(|last| found < last);
                last = Some(found);
                pairs.both.push((at, &before[found], entry));
            }
            None => pairs.added.push((at, entry)),
        }
    }
    pairs.removed = (0..before.len()).filter(|at| !used[*at]).map(|at| &before[at]).collect();
    // One that is at the same place is the same under another id.
    if let ([(at, new)], [old]) = (&pairs.added[..], &pairs.removed[..])
        && before.len() == after.len()
        && std::ptr::eq(&before[*at], *old)
    {
        pairs.both.push((*at, old, new));
        pairs.both.sort_by_key(|(at, ..)| *at);
        pairs.added.clear();
        pairs.removed.clear();
    }
    pairs
}

impl Compare<'_> {
    fn note(&mut self, path: &str, sentence: String) {
        self.changes.push(Change { path: path.to_owned(), sentence });
    }

    /// What something says in the survey's main language, for a sentence that names it.
    fn named(&self, thing: &Value, survey: &Value) -> String {
        let main = texts::main_language(survey);
        let text = thing.get("text");
        let first = |text: &Value| texts::said(text).first().map(|(_, text)| (*text).to_owned());
        let text =
            text.and_then(|it| said_in(it, &main, &main).map(str::to_owned).or_else(|| first(it)));
        let text = text.unwrap_or_else(|| thing.text_of("id").unwrap_or_default().to_owned());
        quoted(&text, self.locale)
    }

    fn questions(&mut self) {
        let (before, after) = (self.before, self.after);
        let list = |survey: &'_ Value| survey.get("questions").map_or(0, |it| it.entries().len());
        if list(before) == 0 && list(after) == 0 {
            return;
        }
        let locale = self.locale;
        let entries = |survey| Value::get(survey, "questions").map_or(&[][..], Value::entries);
        let pairs = pairs(entries(before), entries(after));
        for question in &pairs.removed {
            let name = self.named(question, before);
            let sentence = locale
                .pick(format!("Question {name} removed."), format!("Pregunta {name} quitada."));
            self.note("/questions", sentence);
        }
        for (at, question) in &pairs.added {
            let (n, name) = (at + 1, self.named(question, after));
            let sentence = locale.pick(
                format!("Question {n} added: {name}."),
                format!("Pregunta {n} añadida: {name}."),
            );
            self.note(&pointer::join("/questions", at), sentence);
        }
        if pairs.is_reordered {
            let sentence = locale
                .pick("The questions are in another order.", "Las preguntas están en otro orden.");
            self.note("/questions", sentence.to_owned());
        }
        for (at, old, new) in pairs.both {
            if old != new {
                self.question(at, old, new);
            }
        }
    }

    fn question(&mut self, at: usize, old: &Value, new: &Value) {
        const TEXTS: &[&str] = &["text", "description", "low", "high", "placeholder"];
        let path = pointer::join("/questions", at);
        let n = at + 1;
        let locale = self.locale;
        let prefix = locale.pick(format!("Question {n}: "), format!("Pregunta {n}: "));
        let roles = [
            Role::Question(at),
            Role::Description(at),
            Role::Low(at),
            Role::High(at),
            Role::Placeholder(at),
        ];
        for (key, role) in TEXTS.iter().zip(roles) {
            self.text(old.get(key), new.get(key), &pointer::join(&path, key), &role);
        }
        self.image(old, new, &path, &Role::Image(at), &prefix);
        let count = |it: &Value| it.get("labels").map_or(0, |labels| labels.entries().len());
        if count(old) == count(new) {
            for point in 0..count(new) {
                let label = |it: &'_ Value| it.at(&format!("/labels/{point}")).cloned();
                let place = format!("{path}/labels/{point}");
                self.text(
                    label(old).as_ref(),
                    label(new).as_ref(),
                    &place,
                    &Role::Label(at, point),
                );
            }
        } else {
            self.key(old.get("labels"), new.get("labels"), &path, "labels", &prefix);
        }
        self.options(at, old, new, &path, &prefix);
        let is_said = |it: Option<&Value>| match it {
            Some(Value::Text(text)) => text.as_ref() != "text",
            it => matches!(it, Some(Value::Object(_))),
        };
        let (old_other, new_other) = (old.get("other"), new.get("other"));
        if is_said(old_other) && is_said(new_other) {
            self.text(old_other, new_other, &pointer::join(&path, "other"), &Role::Other(at));
        } else {
            self.key(old_other, new_other, &path, "other", &prefix);
        }
        if old.get("next") != new.get("next") {
            let ways = self.ways_of(new);
            let sentence = locale.pick(
                format!("{prefix}leads on so: {ways}."),
                format!("{prefix}ahora sigue así: {ways}."),
            );
            self.note(&pointer::join(&path, "next"), sentence);
        }
        let apart = [TEXTS, &["image", "labels", "options", "other", "next"]].concat();
        for key in keys(old, new, &apart) {
            self.key(old.get(key), new.get(key), &path, key, &prefix);
        }
    }

    /// Where a question leads, in words.
    fn ways_of(&self, question: &Value) -> String {
        let locale = self.locale;
        let main = texts::main_language(self.after);
        let mut words = Vec::new();
        for rule in question.get("next").map_or(&[][..], Value::entries) {
            let go = match rule.text_of("go").unwrap_or_default() {
                "end" => locale.pick("to the end", "al final").to_owned(),
                id => {
                    let id = quoted(id, locale);
                    locale.pick(format!("to {id}"), format!("a {id}"))
                }
            };
            let condition = rule.text_of("if");
            let label = condition.map(|it| ways::label(it, question, &main, locale) + " ");
            words.push(label.unwrap_or_default() + &go);
        }
        match words.is_empty() {
            true => locale.pick("to what follows", "a lo que sigue").to_owned(),
            false => words.join("; "),
        }
    }

    fn options(&mut self, at: usize, old: &Value, new: &Value, path: &str, prefix: &str) {
        let locale = self.locale;
        let entries = |it| Value::get(it, "options").map_or(&[][..], Value::entries);
        let list = pointer::join(path, "options");
        let pairs = pairs(entries(old), entries(new));
        for option in &pairs.removed {
            let name = self.named(option, self.before);
            let sentence = locale.pick(
                format!("{prefix}option {name} removed."),
                format!("{prefix}opción {name} quitada."),
            );
            self.note(&list, sentence);
        }
        for (place, option) in &pairs.added {
            let name = self.named(option, self.after);
            let sentence = locale.pick(
                format!("{prefix}option {name} added."),
                format!("{prefix}opción {name} añadida."),
            );
            self.note(&pointer::join(&list, place), sentence);
        }
        if pairs.is_reordered {
            let sentence = locale
                .pick("the options are in another order.", "las opciones están en otro orden.");
            self.note(&list, format!("{prefix}{sentence}"));
        }
        for (place, old, new) in pairs.both {
            if old == new {
                continue;
            }
            let own = pointer::join(&list, place);
            self.text(
                old.get("text"),
                new.get("text"),
                &pointer::join(&own, "text"),
                &Role::Option(at, place),
            );
            let name = capital(&Role::Option(at, place).name(locale)) + ": ";
            self.image(old, new, &own, &Role::OptionImage(at, place), &name);
            for key in keys(old, new, &["text", "image"]) {
                self.key(old.get(key), new.get(key), &own, key, &name);
            }
        }
    }

    fn image(&mut self, old: &Value, new: &Value, path: &str, role: &Role, prefix: &str) {
        let path = pointer::join(path, "image");
        match (old.get("image"), new.get("image")) {
            (Some(before), Some(after)) => {
                self.text(before.get("alt"), after.get("alt"), &pointer::join(&path, "alt"), role);
                for key in keys(before, after, &["alt"]) {
                    self.key(before.get(key), after.get(key), &path, key, prefix);
                }
            }
            (None, Some(_)) => {
                let sentence = self.locale.pick("picture added.", "imagen añadida.");
                self.note(&path, format!("{prefix}{sentence}"));
            }
            (Some(_), None) => {
                let sentence = self.locale.pick("picture removed.", "imagen quitada.");
                self.note(&path, format!("{prefix}{sentence}"));
            }
            (None, None) => {}
        }
    }

    fn endings(&mut self) {
        let locale = self.locale;
        let (before, after) = (self.before, self.after);
        let entries = |it| Value::get(it, "endings").map_or(&[][..], Value::entries);
        let pairs = pairs(entries(before), entries(after));
        for ending in &pairs.removed {
            let name = self.named(ending, before);
            let sentence =
                locale.pick(format!("Ending {name} removed."), format!("Final {name} quitado."));
            self.note("/endings", sentence);
        }
        for (at, ending) in &pairs.added {
            let (n, name) = (at + 1, self.named(ending, after));
            let sentence = locale
                .pick(format!("Ending {n} added: {name}."), format!("Final {n} añadido: {name}."));
            self.note(&pointer::join("/endings", at), sentence);
        }
        if pairs.is_reordered {
            let sentence = locale
                .pick("The endings are in another order.", "Los finales están en otro orden.");
            self.note("/endings", sentence.to_owned());
        }
        for (at, old, new) in pairs.both {
            let path = pointer::join("/endings", at);
            let n = at + 1;
            let prefix = locale.pick(format!("Ending {n}: "), format!("Final {n}: "));
            self.text(
                old.get("text"),
                new.get("text"),
                &pointer::join(&path, "text"),
                &Role::Ending(at),
            );
            let mut apart = vec!["text"];
            if let (Some(old), Some(new)) = (old.get("button"), new.get("button")) {
                apart.push("button");
                let own = pointer::join(&path, "button");
                self.text(
                    old.get("text"),
                    new.get("text"),
                    &pointer::join(&own, "text"),
                    &Role::Button(at),
                );
                self.key(old.get("url"), new.get("url"), &own, "url", &prefix);
            }
            for key in keys(old, new, &apart) {
                self.key(old.get(key), new.get(key), &path, key, &prefix);
            }
        }
    }

    /// What the keys that have sentences come to, where both versions can be asked; else the keys by themselves.
    fn meaning(&mut self) {
        let (before, after) = (self.before, self.after);
        let groups: [(&[&str], Says); 4] = [
            (WHEN, sentences::when),
            (PLACE, sentences::place),
            (WHOM, sentences::whom),
            (OFTEN, sentences::often),
        ];
        let definitions = definition(before).zip(definition(after));
        for (keys, says) in groups {
            let Some((old, new)) = &definitions else { continue };
            let (old, new) = (says(old, self.locale), says(new, self.locale));
            let lost: Vec<&String> = old.iter().filter(|it| !new.contains(it)).collect();
            let fresh: Vec<&String> = new.iter().filter(|it| !old.contains(it)).collect();
            let changed = keys.iter().find(|key| before.get(key) != after.get(key));
            let path = pointer::join("", changed.unwrap_or(&keys[0]));
            let locale = self.locale;
            if lost.len() == fresh.len() {
                for (was, is) in lost.iter().zip(&fresh) {
                    let was = was.trim_end_matches('.');
                    let sentence = locale.pick(
                        format!("Now: {is} (Before: {was}.)"),
                        format!("Ahora: {is} (Antes: {was}.)"),
                    );
                    self.note(&path, sentence);
                }
                continue;
            }
            for is in fresh {
                self.note(&path, locale.pick(format!("Now: {is}"), format!("Ahora: {is}")));
            }
            for was in lost {
                self.note(&path, locale.pick(format!("No longer: {was}"), format!("Ya no: {was}")));
            }
        }
        // What no sentence tells apart, such as two patterns that mean the same.
        for key in [WHEN, PLACE, WHOM, OFTEN].concat() {
            let is_told = definitions.is_some() && !self.changes.is_empty();
            let (old, new) = (before.get(key), after.get(key));
            if old != new && !(is_told && self.is_told(key)) {
                self.key(old, new, "", key, "");
            }
        }
    }

    /// Whether a sentence of the group of this key is there.
    fn is_told(&self, key: &str) -> bool {
        let group = [WHEN, PLACE, WHOM, OFTEN].into_iter().find(|keys| keys.contains(&key));
        let is_of_group = |path: &str| {
            group.unwrap_or_default().iter().any(|key| path.strip_prefix('/') == Some(key))
        };
        self.changes.iter().any(|change| is_of_group(&change.path))
    }

    /// A text in each of its languages.
    fn text(&mut self, old: Option<&Value>, new: Option<&Value>, path: &str, role: &Role) {
        if old == new {
            return;
        }
        let locale = self.locale;
        let name = capital(&role.name(locale));
        let of = |text: Option<&Value>, survey: &Value| -> Vec<(String, String)> {
            let main = texts::main_language(survey);
            let own = |(tag, text): (&str, &str)| {
                let tag = if tag.is_empty() { main.as_str() } else { tag };
                (tag.to_owned(), text.to_owned())
            };
            text.map(texts::said).unwrap_or_default().into_iter().map(own).collect()
        };
        let (old, new) = (of(old, self.before), of(new, self.after));
        let mut tags: Vec<&String> = old.iter().map(|(tag, _)| tag).collect();
        tags.extend(
            new.iter().map(|(tag, _)| tag).filter(|tag| !old.iter().any(|(it, _)| it == *tag)),
        );
        let is_in_one = tags.len() < 2;
        for tag in tags {
            let find = |said: &[(String, String)]| {
                said.iter().find(|(it, _)| it == tag).map(|(_, text)| quoted(text, locale))
            };
            let language = language_name(tag, locale);
            let place = match is_in_one {
                true => name.clone(),
                false => {
                    locale.pick(format!("{name} in {language}"), format!("{name} en {language}"))
                }
            };
            let sentence = match (find(&old), find(&new)) {
                (Some(was), Some(is)) if was == is => {
                    // Cut to the same words, or not changed at all.
                    let whole = |said: &[(String, String)]| {
                        said.iter().find(|(it, _)| it == tag).map(|(_, text)| text.clone())
                    };
                    if whole(&old) == whole(&new) {
                        continue;
                    }
                    locale.pick(
                        format!("{place}: changed towards its end."),
                        format!("{place}: cambia hacia el final."),
                    )
                }
                (Some(was), Some(is)) => format!("{place}: {was} → {is}."),
                (None, Some(is)) => {
                    locale.pick(format!("{place} added: {is}."), format!("{place}, nuevo: {is}."))
                }
                (Some(was), None) => locale
                    .pick(format!("{place} removed: {was}."), format!("{place}, quitado: {was}.")),
                (None, None) => continue,
            };
            self.note(path, sentence);
        }
    }

    /// Any other key.
    fn key(
        &mut self,
        old: Option<&Value>,
        new: Option<&Value>,
        path: &str,
        key: &str,
        prefix: &str,
    ) {
        let is_told = path.is_empty()
            && self.is_told(key)
            && [WHEN, PLACE, WHOM, OFTEN].concat().contains(&key);
        if old == new || is_told {
            return;
        }
        let name = key_name(key, self.locale).unwrap_or(key);
        let [old, new] = [old, new].map(|value| self.shown(key, value));
        let name =
            if prefix.is_empty() || name == key { name.to_owned() } else { name.to_lowercase() };
        self.note(&pointer::join(path, key), format!("{prefix}{name}: {old} → {new}."));
    }

    fn shown(&self, key: &str, value: Option<&Value>) -> String {
        let locale = self.locale;
        match value {
            None | Some(Value::Null) => locale.pick("not set", "sin definir").to_owned(),
            Some(Value::Boolean(value)) => {
                if *value { locale.pick("yes", "sí") } else { locale.pick("no", "no") }.to_owned()
            }
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Text(text)) => match KindName::parse(text).filter(|_| key == "kind") {
                Some(kind) => crate::kind_name(kind, locale).to_owned(),
                None => quoted(text, locale),
            },
            Some(other) => quoted(&serde_json::to_string(other).unwrap_or_default(), locale),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::changes;
    use crate::Locale;

    #[track_caller]
    fn check(before: &str, after: &str, english: &[[&str; 2]], spanish: &[&str]) {
        let found = changes(before, after, Locale::English);
        let found: Vec<_> =
            found.iter().map(|it| [it.path.as_str(), it.sentence.as_str()]).collect();
        assert_eq!(found, english);
        let found = changes(before, after, Locale::Spanish);
        let found: Vec<_> = found.iter().map(|it| it.sentence.as_str()).collect();
        assert_eq!(found, spanish);
    }

    #[test]
    fn words_and_options() {
        check(
            r#"{"id": "a", "questions": [{"id": "q", "kind": "choice", "text": {"en": "Why?", "es": "¿Por que?"},
                "options": [{"id": "x", "text": "Slow"}, {"id": "y", "text": "Old"}]}], "thanks": "Thanks"}"#,
            r#"{"id": "a", "questions": [{"id": "q", "kind": "choices", "text": {"en": "Why?", "es": "¿Por qué?", "fr": "Pourquoi ?"},
                "options": [{"id": "x", "text": "Too slow"}, {"id": "z", "text": "Price"}, {"id": "w", "text": "Size"}], "required": false},
                {"id": "r", "kind": "text", "text": "More?"}]}"#,
            &[
                ["/questions/1", "Question 2 added: “More?”."],
                [
                    "/questions/0/text",
                    "The text of question 1 in Spanish: “¿Por que?” → “¿Por qué?”.",
                ],
                ["/questions/0/text", "The text of question 1 in French added: “Pourquoi ?”."],
                ["/questions/0/options", "Question 1: option “Old” removed."],
                ["/questions/0/options/1", "Question 1: option “Price” added."],
                ["/questions/0/options/2", "Question 1: option “Size” added."],
                ["/questions/0/options/0/text", "Option 1 of question 1: “Slow” → “Too slow”."],
                ["/questions/0/kind", "Question 1: kind: one of several → some of several."],
                ["/questions/0/required", "Question 1: required: not set → no."],
                ["/thanks", "The thanks removed: “Thanks”."],
            ],
            &[
                "Pregunta 2 añadida: «More?».",
                "El texto de la pregunta 1 en español: «¿Por que?» → «¿Por qué?».",
                "El texto de la pregunta 1 en francés, nuevo: «Pourquoi ?».",
                "Pregunta 1: opción «Old» quitada.",
                "Pregunta 1: opción «Price» añadida.",
                "Pregunta 1: opción «Size» añadida.",
                "La opción 1 de la pregunta 1: «Slow» → «Too slow».",
                "Pregunta 1: tipo: una de varias → varias de varias.",
                "Pregunta 1: obligatoria: sin definir → no.",
                "El agradecimiento, quitado: «Thanks».",
            ],
        );
    }

    #[test]
    fn when_where_and_how_often() {
        check(
            r#"{"template": "csat", "trigger": "event:purchase", "quiet": "0"}"#,
            r##"{"template": "csat", "trigger": "event:purchase", "delay": "2s", "url": "/checkout/**", "accent": "#0b7a75"}"##,
            &[
                [
                    "/delay",
                    "Now: 2 seconds after an order (“purchase”). (Before: After an order (“purchase”).)",
                ],
                ["/url", "Now: Only on all pages below /checkout/. (Before: On every page.)"],
                ["/quiet", "Now: It does not open by itself within 1 day after any other survey."],
                ["/accent", "Accent: not set → “#0b7a75”."],
            ],
            &[
                "Ahora: 2 segundos después de un pedido («purchase»). (Antes: Después de un pedido («purchase»).)",
                "Ahora: Solo en todas las páginas dentro de /checkout/. (Antes: En todas las páginas.)",
                "Ahora: No se abre sola hasta pasado 1 día desde cualquier otra encuesta.",
                "Color de realce: sin definir → «#0b7a75».",
            ],
        );
    }

    #[test]
    fn order_ways_and_endings() {
        check(
            r#"{"id": "s", "questions": [{"id": "a", "kind": "nps", "text": "A"}, {"id": "b", "kind": "text", "text": "B"}],
                "endings": [{"id": "e", "text": "Bye"}]}"#,
            r#"{"id": "s", "questions": [{"id": "b", "kind": "text", "text": "B"},
                {"id": "a", "kind": "nps", "text": "A", "next": [{"if": "<=6", "go": "f"}, {"go": "end"}]}],
                "endings": [{"id": "e", "text": "Bye"}, {"id": "f", "text": "Sorry"}]}"#,
            &[
                ["/questions", "The questions are in another order."],
                ["/questions/1/next", "Question 2: leads on so: after 0 to 6 to “f”; to the end."],
                ["/endings/1", "Ending 2 added: “Sorry”."],
            ],
            &[
                "Las preguntas están en otro orden.",
                "Pregunta 2: ahora sigue así: tras 0 a 6 a «f»; al final.",
                "Final 2 añadido: «Sorry».",
            ],
        );
    }

    #[test]
    fn a_templates_own_questions_are_not_new() {
        let (own, _) = crate::moments::questions(
            sondeo_model::Template::PostPurchase,
            &[sondeo_model::Language::En, sondeo_model::Language::Es],
        );
        let own = serde_json::to_string(&own).expect("JSON").replace("went wrong", "was wrong");
        let after = format!(r#"{{"template": "post-purchase", "questions": {own}}}"#);
        let found = changes(r#"{"template": "post-purchase"}"#, &after, Locale::English);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].sentence.starts_with("The text of question 2 in English: “"), "{found:?}");
        // The other languages were the template's.
        let lost = &found[1].sentence;
        assert!(lost.starts_with("No longer asked in ") && lost.contains("French"), "{lost}");
        assert!(lost.ends_with(": who speaks one of them reads English."), "{lost}");
        assert!(!lost.contains("Spanish"), "{lost}");
    }

    #[test]
    fn nothing_and_nothing_readable() {
        assert_eq!(changes(r#"{"id": "a"}"#, r#"{ "id":"a" }"#, Locale::English), []);
        let found = changes("{", r#"{"id": "a"}"#, Locale::English);
        assert!(found[0].sentence.starts_with("This is no JSON: line 1"), "{found:?}");
    }

    #[test]
    fn every_key_that_differs_is_told() {
        // Whatever the key: what is another value is a change, and never silent.
        let values = [
            ("sample", r#""25%""#),
            ("recontact", r#""1d""#),
            ("snooze", r#""1d""#),
            ("per", r#""page""#),
            ("max_shows", "9"),
            ("device", r#""mobile""#),
            ("when", r#""plan=pro""#),
            ("from", r#""2026-12-01""#),
            ("consent", r#""required""#),
            ("priority", "4"),
            ("display", r#""bar""#),
            ("name", r#""Mine""#),
            ("report", r#""all""#),
            ("custom", r#"{"a": "b"}"#),
            ("url", r#"["/**"]"#),
            ("quiet", r#""24h""#),
            ("lang", r#""es""#),
            ("logo", r#"{"src": "a.png", "alt": "A"}"#),
            ("trigger", r#""load""#),
        ];
        for (key, value) in values {
            let after = format!(r#"{{"template": "csat", "{key}": {value}}}"#);
            for locale in Locale::ALL {
                let found = changes(r#"{"template": "csat"}"#, &after, locale);
                assert_eq!(found.len(), 1, "{key}: {found:?}");
                assert_eq!(found[0].path, format!("/{key}"));
            }
        }
    }
}
