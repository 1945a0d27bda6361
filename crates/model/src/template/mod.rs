//! Ready surveys for the moments of the customer journey, with wording and default triggers.
//!
//! A template is data, not code: the widget pays for each by its words alone.

mod ces;
mod csat;
mod faq;
mod nps;
mod post_purchase;
mod ttr;

use crate::{
    Choice, Condition, Display, Duration, Kind, Language, Look, Metric, Options, Question, Rule,
    Survey, Text, Trigger, Wording,
};
use std::borrow::Cow;

/// A ready survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// After a purchase: how was it?
    PostPurchase,
    /// At the end of an article: was it useful?
    Faq,
    /// How satisfied, at any moment.
    Csat,
    /// How easy, at any moment.
    Ces,
    /// Whether it would be recommended, and why.
    Nps,
    /// How long it took to solve a problem.
    Ttr,
}

impl Template {
    /// Every template, in the order of the customer journey.
    pub const ALL: &[Self] =
        &[Self::Faq, Self::PostPurchase, Self::Csat, Self::Ces, Self::Nps, Self::Ttr];

    /// The names of [`Self::ALL`].
    pub const NAMES: &[&str] = &["faq", "post-purchase", "csat", "ces", "nps", "ttr"];

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
            Self::Csat => "csat",
            Self::Ces => "ces",
            Self::Nps => "nps",
            Self::Ttr => "ttr",
        }
    }

    /// The survey in `language`.
    #[must_use]
    pub fn survey(self, language: Language) -> Survey {
        let sketch = match self {
            Self::PostPurchase => &post_purchase::SKETCH,
            Self::Faq => &faq::SKETCH,
            Self::Csat => &csat::SKETCH,
            Self::Ces => &ces::SKETCH,
            Self::Nps => &nps::SKETCH,
            Self::Ttr => &ttr::SKETCH,
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
    variants: &'static [(Condition, Say)],
    kind: KindSketch,
    metric: Option<Metric>,
    next: &'static [Rule],
}

enum KindSketch {
    Scale {
        points: u8,
        look: Look,
        ends: &'static [Say; 2],
    },
    Thumbs {
        yes: Say,
        no: Say,
    },
    Nps {
        ends: &'static [Say; 2],
    },
    /// Id, text, and minutes where the option stands for some.
    Choice {
        options: &'static [(&'static str, Say, Option<u32>)],
    },
    /// Free text, which is never required.
    Text,
}

/// The ends of scales, as they are called everywhere.
const SATISFACTION: [Say; 2] =
    [["Very dissatisfied", "Muy insatisfecho"], ["Very satisfied", "Muy satisfecho"]];
const AGREEMENT: [Say; 2] = [
    ["Strongly disagree", "Totalmente en desacuerdo"],
    ["Strongly agree", "Totalmente de acuerdo"],
];
const LIKELIHOOD: [Say; 2] =
    [["Not at all likely", "Nada probable"], ["Extremely likely", "Muy probable"]];

/// `text` in `language`.
fn say([english, spanish]: &Say, language: Language) -> Text {
    Cow::Borrowed(match language {
        Language::English => english,
        Language::Spanish => spanish,
    })
}

impl QuestionSketch {
    fn say(&self, language: Language) -> Question {
        let say = |text: &Say| say(text, language);
        let kind = match &self.kind {
            KindSketch::Scale { points, look, ends: [low, high] } => {
                Kind::Likert { points: *points, look: *look, low: say(low), high: say(high) }
            }
            KindSketch::Thumbs { yes, no } => {
                Kind::YesNo { look: Look::Thumbs, yes: say(yes), no: say(no) }
            }
            KindSketch::Nps { ends: [low, high] } => Kind::Nps { low: say(low), high: say(high) },
            KindSketch::Choice { options } => Kind::Choice(Options {
                list: options
                    .iter()
                    .map(|(id, text, minutes)| Choice {
                        id: Cow::Borrowed(id),
                        text: say(text),
                        minutes: *minutes,
                    })
                    .collect(),
                shuffle: false,
            }),
            KindSketch::Text => Kind::Text { lines: 3, max_length: 1_000 },
        };
        Question {
            id: Cow::Borrowed(self.id),
            text: say(&self.text),
            variants: self
                .variants
                .iter()
                .map(|(condition, text)| (condition.clone(), say(text)))
                .collect(),
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
