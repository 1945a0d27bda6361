//! The names that always have a place.

use super::super::survey_key::survey_key;
use super::ScaleKey;
use sondeo_model::{Definition, Kind, Messages, Published, Question, Template};
use std::collections::{HashMap, HashSet};

/// What the definitions of surveys name: their questions with their scales, the wordings of these, their options, their
/// endings, their custom fields, triggers and languages, and the versions that were published. However many names a stranger makes up,
/// these are counted.
#[derive(Debug)]
pub struct ReservedNames(HashMap<String, ReservedSurvey>);

#[derive(Debug)]
struct ReservedSurvey {
    definition: Definition,
    /// With the options of each.
    scales: HashMap<ScaleKey, HashSet<String>>,
}

impl Default for ReservedNames {
    /// Those of the templates.
    fn default() -> Self {
        let mut reserved = Self(HashMap::new());
        for template in Template::ALL {
            let definition = template.definition();
            reserved.add(&definition.id.clone(), definition);
        }
        reserved
    }
}

impl ReservedNames {
    /// Those of a survey, in place of earlier ones of this id.
    pub fn add(&mut self, survey: &str, definition: Definition) {
        let scales = definition.questions.iter().map(|question| {
            let options = match &question.kind {
                Kind::Choice(options) | Kind::Choices { options, .. } => &options.list[..],
                _ => &[],
            };
            let options = options.iter().map(|option| option.id.clone().into_owned());
            (ScaleKey::of_question(question), options.collect())
        });
        let endings = definition.endings.iter().map(|ending| ending.id.clone().into_owned());
        let endings = (ScaleKey::endings(), endings.collect());
        let scales = scales.chain([endings]).collect();
        self.0.insert(survey.to_owned(), ReservedSurvey { definition, scales });
    }

    /// Those of a survey that was published on a site in so many versions, the latest of which this is.
    pub(crate) fn add_published(
        &mut self,
        (site, id): (&str, &str),
        version: i64,
        mut definition: Definition,
    ) {
        let version = u32::try_from(version).unwrap_or_default();
        definition.published = Some(Published { site: site.to_owned(), version });
        self.add(&survey_key(site, id), definition);
    }

    pub(super) fn has_survey(&self, survey: &str) -> bool {
        self.0.contains_key(survey)
    }

    pub(super) fn has_scale(&self, survey: &str, scale: &ScaleKey) -> bool {
        // Also of one whose definition is gone: endings would be shown as answers to questions that nobody knows.
        scale.is_of_endings() || self.0.get(survey).is_some_and(|it| it.scales.contains_key(scale))
    }

    pub(super) fn has_option(&self, survey: &str, scale: &ScaleKey, option: &str) -> bool {
        let options = self.0.get(survey).and_then(|it| it.scales.get(scale));
        options.is_some_and(|options| options.contains(option))
    }

    /// The custom fields that the definition sends along, as dimensions.
    pub(super) fn custom(&self, survey: &str) -> impl Iterator<Item = (String, &str)> {
        let custom = self.0.get(survey).map_or(&[][..], |it| it.definition.custom());
        custom.iter().map(|(name, value)| (format!("custom.{name}"), value.as_str()))
    }

    /// Whether the definition itself may bring this value of a dimension.
    pub(super) fn has_value(&self, survey: &str, dimension: &str, value: &str) -> bool {
        if dimension.is_empty() {
            return true;
        }
        let Some(ReservedSurvey { definition, .. }) = self.0.get(survey) else { return false };
        match dimension {
            "language" => definition.tag(value) == value,
            // Calls of the page and links show any survey.
            "trigger" => {
                let mut own = definition.triggers();
                own.extend(definition.triggers_in_element());
                ["manual", "link"].contains(&value) || own.iter().any(|it| it.to_text() == value)
            }
            "version" => definition.published.as_ref().is_some_and(|published| {
                value.parse().is_ok_and(|version: u32| (1..=published.version).contains(&version))
            }),
            _ => self.custom(survey).any(|(own, of)| own == dimension && of == value),
        }
    }

    /// Whether the definition asks this scale in this language, and in these words.
    pub(super) fn has_wording(
        &self,
        survey: &str,
        scale: &ScaleKey,
        language: &str,
        text: &str,
    ) -> bool {
        let Some(ReservedSurvey { definition, .. }) = self.0.get(survey) else { return false };
        let is_own = |question: &&Question| ScaleKey::of_question(question) == *scale;
        let question = definition.questions.iter().find(is_own);
        question.is_some_and(|question| {
            definition.tag(language) == language
                && question.text.text(language, Messages::of(definition.language(language))) == text
        })
    }
}
