//! Ready surveys for the moments of the customer journey, with wording and default triggers.
//!
//! A template is data, not code: the widget pays for each by its words alone.

mod faq;
mod post_purchase;

use crate::{
    Display, Duration, Kind, Language, Look, Metric, Question, Rule, Survey, Trigger, Wording,
};
use std::borrow::Cow;

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
        let sketch = match self {
            Self::PostPurchase => &post_purchase::SKETCH,
            Self::Faq => &faq::SKETCH,
        };
        Survey {
            id: self.name().into(),
            template: Some(self),
            language,
            questions: sketch.questions.iter().map(|question| question.say(language)).collect(),
            triggers: Cow::Borrowed(sketch.triggers),
            delay: sketch.delay,
            display: Display::Popover,
            thanks: Wording::of(language).thanks.into(),
        }
    }
}

/// A text in English and Spanish.
type Say = [&'static str; 2];

/// A survey before a language is chosen.
struct Sketch {
    questions: &'static [QuestionSketch],
    triggers: &'static [Trigger],
    delay: Duration,
}

struct QuestionSketch {
    id: &'static str,
    text: Say,
    kind: KindSketch,
    metric: Option<Metric>,
    next: &'static [Rule],
}

enum KindSketch {
    Faces {
        low: Say,
        high: Say,
    },
    Thumbs {
        yes: Say,
        no: Say,
    },
    /// Free text, which is never required.
    Text,
}

impl QuestionSketch {
    fn say(&self, language: Language) -> Question {
        let say = |[english, spanish]: Say| match language {
            Language::English => Cow::Borrowed(english),
            Language::Spanish => Cow::Borrowed(spanish),
        };
        let kind = match self.kind {
            KindSketch::Faces { low, high } => {
                Kind::Likert { points: 5, look: Look::Faces, low: say(low), high: say(high) }
            }
            KindSketch::Thumbs { yes, no } => {
                Kind::YesNo { look: Look::Thumbs, yes: say(yes), no: say(no) }
            }
            KindSketch::Text => Kind::Text { lines: 3, max_length: 1_000 },
        };
        Question {
            id: Cow::Borrowed(self.id),
            text: say(self.text),
            required: !matches!(kind, Kind::Text { .. }),
            kind,
            metric: self.metric,
            next: Cow::Borrowed(self.next),
        }
    }
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
                    for rule in question.next.iter() {
                        if let Goto::Question(id) = &rule.goto {
                            assert!(survey.questions.iter().any(|question| question.id == *id));
                        }
                    }
                }
            }
        }
    }
}
