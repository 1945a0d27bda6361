//! The names that always have a place.

use super::ScaleKey;
use sondeo_model::{Kind, Question, Template};
use std::collections::{HashMap, HashSet};

/// What the definitions of surveys name: their questions with their scales, and their options. However many names a
/// stranger makes up, answers to these are counted.
#[derive(Debug)]
pub struct ReservedNames(HashMap<String, HashMap<ScaleKey, HashSet<String>>>);

impl Default for ReservedNames {
    /// Those of the templates.
    fn default() -> Self {
        let mut reserved = Self(HashMap::new());
        for template in Template::ALL {
            let definition = template.definition();
            reserved.add(&definition.id, &definition.questions);
        }
        reserved
    }
}

impl ReservedNames {
    /// Those of a survey, in place of earlier ones of this id.
    pub fn add(&mut self, survey: &str, questions: &[Question]) {
        let scales = questions.iter().map(|question| {
            let options = match &question.kind {
                Kind::Choice(options) | Kind::Choices { options, .. } => &options.list[..],
                _ => &[],
            };
            let options = options.iter().map(|option| option.id.clone().into_owned());
            (ScaleKey::of_question(question), options.collect())
        });
        self.0.insert(survey.to_owned(), scales.collect());
    }

    pub(super) fn has_survey(&self, survey: &str) -> bool {
        self.0.contains_key(survey)
    }

    pub(super) fn has_scale(&self, survey: &str, scale: &ScaleKey) -> bool {
        self.0.get(survey).is_some_and(|scales| scales.contains_key(scale))
    }

    pub(super) fn has_option(&self, survey: &str, scale: &ScaleKey, option: &str) -> bool {
        let options = self.0.get(survey).and_then(|scales| scales.get(scale));
        options.is_some_and(|options| options.contains(option))
    }
}
