//! The whole of a survey as its author wrote it: in attributes, in JSON, from a template, or all of them.

mod branching;
mod ending;
mod field;
mod image;
mod key;
mod problem;
mod question;
mod reader;
mod reason;
#[cfg(feature = "schema")]
mod schema;
mod settings;

pub(crate) use branching::successors;
pub use problem::{Problem, Problems};
pub use reader::Layer;
pub use reason::{Reason, Thing, What};
#[cfg(feature = "schema")]
pub use schema::{
    custom_elements, plausible_values, schema, vscode_custom_data, web_types, with_key_tables,
};
pub use settings::{
    Confirm, Cooldown, Delivery, Mask, Per, Push, Report, RequestFormat, StorageKind, Targeting,
};

use crate::json::Json;
use crate::limits::MOST_ENTRIES;
use crate::nearest;
use crate::{
    Ending, Image, Kind, Language, LocalizedText, MessageId, Messages, Question, Survey, Template,
    Text,
};
pub(crate) use key::Key;
use reader::Reader;
use settings::Settings;
use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

/// A survey before a language is chosen, with everything that its author may say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Names the survey on its page and at the endpoint.
    pub id: Text,
    /// The template that it is made from.
    pub template: Option<Template>,
    /// What is asked; never empty.
    pub questions: Cow<'static, [Question]>,
    /// What the visitor reads at the end, where there is no ending.
    pub thanks: LocalizedText,
    /// Whose survey it is, above each question.
    pub logo: Option<Arc<Image>>,
    /// The path of its file, which relative addresses of pictures are meant by; empty where it has none.
    pub base: String,
    /// The ends of its ways.
    pub endings: Vec<Ending>,
    /// Which state of a site's survey it is, where a collector has published it.
    pub published: Option<Published>,
    /// Everything else, to be had by methods.
    settings: Settings,
}

/// The site and the version of a survey that a collector has published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The key of the site.
    pub site: String,
    /// Counts what was published of the survey, from 1.
    pub version: u32,
}

impl Published {
    #[inline(never)]
    fn rest_read(json: &Json) -> Option<Self> {
        crate::rest::gate();
        let (Json::Text(site), Json::Number(version)) = (json.get("site")?, json.get("version")?)
        else {
            return None;
        };
        Some(Self { site: site.clone(), version: *version as u32 })
    }
}

impl Definition {
    /// The keys of a survey in JSON.
    pub const KEYS: &[&str] = Key::NAMES;

    /// Keys of a survey file that say nothing of what is asked: editors find the schema by `$schema`, people in the
    /// studio read `name` and `note`, and a collector writes `published`.
    pub const KEYS_BESIDE: &[&str] = &["$schema", "name", "note", "published"];

    /// The key that an attribute with this name (without `data-`) was probably meant to be, where it is none. `others`
    /// are further attributes that are known.
    #[must_use]
    pub fn meant_attribute<'a>(name: &str, others: &[&'a str]) -> Option<&'a str> {
        let keys = Key::all().filter(|(_, spec)| !spec.is_only_in_json);
        let known: Vec<&str> = others.iter().copied().chain(keys.map(|(key, _)| key)).collect();
        if known.contains(&name) {
            return None;
        }
        let is_whole =
            |key: &&str| !Key::all().any(|(known, spec)| known == *key && !spec.is_attribute());
        nearest(name, &known).filter(is_whole)
    }

    /// Reads a survey from layers, of which the first that has a key decides, and a template's defaults
    /// below all of them.
    ///
    /// Every problem of every layer is noted, whatever becomes of the survey. `None` where it cannot be
    /// asked: without an id, with an unknown template, or with questions that cannot be asked as they
    /// stand. Of everything else the default stands.
    #[must_use]
    pub fn read(
        layers: Vec<Layer<'_>>,
        template: Option<Template>,
        problems: &mut Problems,
    ) -> Option<Self> {
        let broken = Cell::new(false);
        let mut reader = Reader { layers: &layers, problems, broken: &broken };
        let has_template = template.is_some() || reader.has(Key::Template.name());
        let template = template.or_else(|| {
            let at = reader.setting(Key::Template.name(), Key::Template.spec()).or(-1);
            Template::ALL.get(at as usize).copied()
        });
        reader.strangers(&[Self::KEYS, Self::KEYS_BESIDE].concat());
        if !has_template {
            let example = "[{\"id\": \"why\", \"kind\": \"text\", \"text\": \"Why?\"}]";
            reader.require(Key::Id.name(), "checkout");
            reader.require(Key::Questions.name(), example);
        }
        let id = match template {
            Some(template) if !reader.has(Key::Id.name()) => template.as_str().into(),
            _ => reader.name(&["checkout"]),
        };
        let endings = match reader.has(Key::Endings.name()) {
            true => ending::rest_read(&mut reader),
            false => Vec::new(),
        };
        let ids: Vec<&str> = endings.iter().map(|ending| &*ending.id).collect();
        let questions = questions(&mut reader, template, &ids);
        if !endings.is_empty() {
            ending::rest_check(&mut reader, &endings, &questions);
        }
        let thanks =
            reader.rich(Key::Thanks.name()).unwrap_or(LocalizedText::Shipped(MessageId::THANKS));
        let has_logo = reader.has(Key::Logo.name());
        let logo =
            has_logo.then(|| image::rest_read(&mut reader, Key::Logo.name(), false)).flatten();
        let settings = Settings::read(&mut reader, template);
        let is_usable = !broken.get() && template.is_some() == has_template;
        // Of a file alone: what a page says is no version.
        let mut files = layers.iter().filter(|layer| !layer.is_attributes());
        let published = files.find_map(|file| Published::rest_read(file.get("published")?));
        let base = layers.iter().map(Layer::path).find(|path| !path.is_empty());
        let base = base.unwrap_or_default().to_owned();
        is_usable.then_some(Self {
            id,
            template,
            questions,
            thanks,
            logo,
            base,
            endings,
            published,
            settings,
        })
    }

    /// The language of the words around the questions, for a visitor who wants the one of this tag.
    #[must_use]
    pub fn language(&self, wanted: &str) -> Language {
        let wanted = self.lang().unwrap_or(wanted);
        let tag = self.own_tag(wanted).unwrap_or(wanted);
        Language::from_tag(tag).unwrap_or(Language::En)
    }

    /// The tag of the language that it is asked in, for a visitor who wants the one of this tag.
    #[must_use]
    pub fn tag(&self, wanted: &str) -> &str {
        self.own_tag(self.lang().unwrap_or(wanted)).unwrap_or(self.language(wanted).tag())
    }

    /// The survey for a visitor who wants the language of this tag, with these words around.
    ///
    /// A survey is asked in one language: where its author gives texts by language, in one of theirs; else
    /// in that of the words.
    #[must_use]
    pub fn survey(&self, wanted: &str, messages: Messages) -> Survey {
        let wanted = self.lang().unwrap_or(wanted);
        let tag: Text = match self.own_tag(wanted) {
            Some(tag) => tag.to_owned().into(),
            None => messages.language().tag().into(),
        };
        Survey {
            id: self.id.clone(),
            template: self.template,
            questions: self.questions.clone(),
            appearance: self.appearance(),
            thanks: self.thanks.clone(),
            logo: self.logo.clone(),
            base: self.base.clone(),
            endings: self.endings.clone(),
            language: tag,
            messages,
        }
    }

    /// Of the languages that the author writes the questions in, the one that serves best.
    fn own_tag(&self, wanted: &str) -> Option<&str> {
        let mut given = self.questions.iter().filter_map(|question| match &question.text {
            LocalizedText::Given(texts) => Some(texts),
            LocalizedText::Shipped(_) => None,
        });
        let is_all_given = given.clone().count() == self.questions.len();
        let Some(texts) = given.find(|texts| texts.iter().all(|(tag, _)| !tag.is_empty())) else {
            // Which one it is where the texts name none, only the author knows.
            return self.lang().filter(|_| is_all_given);
        };
        let tags: Vec<&str> = texts.iter().map(|(tag, _)| tag.as_str()).collect();
        tags.get(crate::localized_text::rest_best(&tags, wanted)).copied()
    }
}

/// The survey's own questions or the template's, with the author's words for the first one.
fn questions(
    reader: &mut Reader<'_, '_>,
    template: Option<Template>,
    endings: &[&str],
) -> Cow<'static, [Question]> {
    let mut questions = match template {
        Some(template) if !reader.has(Key::Questions.name()) => Cow::Borrowed(template.questions()),
        _ if reader.has(Key::Questions.name()) => Cow::Owned(rest_own_questions(reader, endings)),
        _ => {
            reader.broken.set(true);
            Cow::default()
        }
    };
    if reader.broken.get() {
        return questions;
    }
    let [text, low, high] = [Key::Question, Key::Low, Key::High].map(|key| reader.say(key.name()));
    if text.is_none() && low.is_none() && high.is_none() {
        return questions;
    }
    let Some(first) = questions.to_mut().first_mut() else { return questions };
    first.text = text.unwrap_or_else(|| first.text.clone());
    match &mut first.kind {
        Kind::Likert { ends, .. } | Kind::Nps { ends } => {
            let [old_low, old_high] = ends.take().map_or([None, None], |ends| ends.map(Some));
            *ends = question::both_ends(reader, low.or(old_low), high.or(old_high));
        }
        _ if low.is_some() || high.is_some() => {
            let key = if low.is_some() { Key::Low } else { Key::High };
            let reason = "has no scale to stand at: the first question is of another kind";
            reader.note(key.name(), || reason.to_owned(), || Reason::NoScale);
        }
        _ => {}
    }
    questions
}

/// The questions of a survey file.
#[inline(never)]
fn rest_own_questions(reader: &mut Reader<'_, '_>, endings: &[&str]) -> Vec<Question> {
    crate::rest::gate();
    let objects = reader.objects(Key::Questions.name());
    let is_list = objects.is_some();
    let (objects, count) = reader.needed(objects);
    if is_list && !(1..=MOST_ENTRIES).contains(&count) {
        let reason = || "must be 1 to 100 questions".to_owned();
        reader.note(Key::Questions.name(), reason, || Reason::QuestionCount);
        reader.broken.set(true);
    }
    question::read(reader, &objects, count, endings)
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Definition {
    /// From one survey object. The error names every problem that keeps it from being asked, and every
    /// other one.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        let mut problems = Problems::default();
        if !matches!(json, Json::Object(_)) {
            let path = "survey".to_owned();
            let problem = Problem::unusable(path, &json, false, "an object", &[]);
            return Err(serde::de::Error::custom(problem));
        }
        let layer = Layer::object("survey", &json);
        Self::read(vec![layer], None, &mut problems).ok_or_else(|| {
            let lines: Vec<String> = problems.iter().map(Problem::line).collect();
            serde::de::Error::custom(lines.join("\n"))
        })
    }
}

#[cfg(test)]
mod tests;
