//! Ready surveys for the moments of the customer journey, with wording and default triggers.

mod faq;
mod post_purchase;

use crate::{Language, Survey};

/// A ready survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// After a purchase: how was it?
    PostPurchase,
    /// At the end of an article: was it useful?
    Faq,
}

impl Template {
    /// Every template, in the order of the customer journey.
    pub const ALL: &[Self] = &[Self::Faq, Self::PostPurchase];

    /// The names of [`Self::ALL`].
    pub const NAMES: &[&str] = &["faq", "post-purchase"];

    /// The template of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|template| template.name() == name)
    }

    /// The name that authors write, which is also its survey's default id.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PostPurchase => "post-purchase",
            Self::Faq => "faq",
        }
    }

    /// The survey in `language`.
    #[must_use]
    pub fn survey(self, language: Language) -> Survey {
        match self {
            Self::PostPurchase => post_purchase::survey(language),
            Self::Faq => faq::survey(language),
        }
    }
}

/// The wording in `language`, of texts given as English and Spanish.
fn say(language: Language, english: &'static str, spanish: &'static str) -> crate::Text {
    match language {
        Language::English => english,
        Language::Spanish => spanish,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::Template;
    use crate::{Goto, Language, is_name};

    #[test]
    fn names_stand_for_their_templates() {
        let names: Vec<_> = Template::ALL.iter().map(|template| template.name()).collect();
        assert_eq!(names, Template::NAMES);
        assert!(names.iter().all(|name| is_name(name)));
        assert_eq!(Template::named("faq"), Some(Template::Faq));
        assert_eq!(Template::named("fax"), None);
    }

    #[test]
    fn every_template_is_whole_in_every_language() {
        for template in Template::ALL {
            for language in [Language::English, Language::Spanish] {
                let survey = template.survey(language);
                assert_eq!(survey.id, template.name());
                assert_eq!(survey.language, language);
                assert!(!survey.questions.is_empty() && !survey.triggers.is_empty());
                assert!(!survey.thanks.is_empty());
                for question in &survey.questions {
                    assert!(is_name(&question.id) && !question.text.is_empty());
                    for rule in &question.next {
                        if let Goto::Question(id) = &rule.goto {
                            assert!(survey.questions.iter().any(|question| question.id == *id));
                        }
                    }
                }
            }
        }
    }
}
