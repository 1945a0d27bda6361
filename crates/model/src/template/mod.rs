//! Ready surveys for the moments of the customer journey, with wording and default triggers.
//!
//! A template is data, not code: the widget pays for each by its words alone. Ids, wordings and the moments
//! are those that the field has settled on.

mod journey;
mod metrics;

use crate::definition::Key;
use crate::keyword::keyword_enum;
use crate::{
    Choice, Condition, Definition, Destination, Duration, Format, Kind, LocalizedText, Look,
    MessageId, Messages, Metric, NextRule, Options, Problems, Question, Survey, Text, Trigger,
};
use std::borrow::Cow;

keyword_enum! {
    /// A ready survey.
    Template {
        /// On the first visit: was it found?
        FirstVisit = "first-visit",
        /// After signing up: how easy was it?
        Signup = "signup",
        /// From the welcome letter: what for, and how was the start?
        Welcome = "welcome",
        /// At the end of an article: was it useful?
        Faq = "faq",
        /// After a purchase: how was it?
        PostPurchase = "post-purchase",
        /// From the letter after a purchase: would it be recommended, and why?
        FollowUp = "follow-up",
        /// When cancelling: why?
        Cancellation = "cancellation",
        /// When leaving a full cart: why?
        CartAbandonment = "cart-abandonment",
        /// At the end of a trial: would it be missed?
        TrialEnd = "trial-end",
        /// After support: did it help?
        Support = "support",
        /// How satisfied, at any moment.
        Csat = "csat",
        /// How easy, at any moment.
        Ces = "ces",
        /// Whether it would be recommended, and why.
        Nps = "nps",
        /// How long it took to solve a problem.
        Ttr = "ttr",
    }
}

/// What a template asks, and its settings in the words of attributes.
struct Sketch {
    settings: &'static [(Key, &'static str)],
    questions: &'static [Question],
    behaviour: Behaviour,
}

/// What a template does that no key of a survey says.
pub(crate) struct Behaviour {
    /// How far a visitor has to scroll for the template's own delay to be over at once, in per cent of the page.
    pub(crate) delay_ends_at_scroll: Option<u8>,
    /// How long a visitor has to be on the page before leaving it counts.
    pub(crate) shortest_stay: Duration,
    /// The trigger of a survey that stands in an element of the page, where its author names none.
    pub(crate) trigger_in_element: Option<Trigger>,
}

impl Behaviour {
    /// Nothing of its own.
    const NONE: Self = Self {
        delay_ends_at_scroll: None,
        shortest_stay: Duration::from_millis(0),
        trigger_in_element: None,
    };
}

impl Template {
    fn sketch(self) -> &'static Sketch {
        match self {
            Self::FirstVisit => &journey::FIRST_VISIT,
            Self::Signup => &journey::SIGNUP,
            Self::Welcome => &journey::WELCOME,
            Self::Faq => &journey::FAQ,
            Self::PostPurchase => &journey::POST_PURCHASE,
            Self::FollowUp => &journey::FOLLOW_UP,
            Self::Cancellation => &journey::CANCELLATION,
            Self::CartAbandonment => &journey::CART_ABANDONMENT,
            Self::TrialEnd => &journey::TRIAL_END,
            Self::Support => &journey::SUPPORT,
            Self::Csat => &metrics::CSAT,
            Self::Ces => &metrics::CES,
            Self::Nps => &metrics::NPS,
            Self::Ttr => &metrics::TTR,
        }
    }

    pub(crate) fn settings(self) -> &'static [(Key, &'static str)] {
        self.sketch().settings
    }

    pub(crate) fn behaviour(self) -> &'static Behaviour {
        &self.sketch().behaviour
    }

    pub(crate) fn questions(self) -> &'static [Question] {
        self.sketch().questions
    }

    /// The template with all of its defaults.
    #[must_use]
    pub fn definition(self) -> Definition {
        let mut problems = Problems::default();
        let definition = Definition::read(Vec::new(), Some(self), &mut problems);
        // Every template can be asked: a test holds it.
        definition.unwrap_or_else(|| unreachable!())
    }

    /// The template's survey in the language of these words.
    #[must_use]
    pub fn survey(self, messages: Messages) -> Survey {
        self.definition().survey(messages.language().tag(), messages)
    }
}

// What most questions are made of. These are values of tables, made by the compiler.

const fn question(id: &'static str, text: MessageId, kind: Kind) -> Question {
    whole(id, text, &[], kind, None, &[])
}

/// A question that feeds a metric, and where each answer leads.
const fn rating(
    id: &'static str,
    text: MessageId,
    kind: Kind,
    metric: Metric,
    next: &'static [NextRule],
) -> Question {
    whole(id, text, &[], kind, Some(metric), next)
}

/// Free text, asked in other words after some answers.
const fn remark(
    id: &'static str,
    text: MessageId,
    variants: &'static [(Condition, LocalizedText)],
) -> Question {
    const FORMAT: Format = Format::Plain;
    let kind = Kind::Text { lines: 3, max_length: 1_000, placeholder: None, format: FORMAT };
    whole(id, text, variants, kind, None, &[])
}

const fn whole(
    id: &'static str,
    text: MessageId,
    variants: &'static [(Condition, LocalizedText)],
    kind: Kind,
    metric: Option<Metric>,
    next: &'static [NextRule],
) -> Question {
    // Free text is never required.
    let required = !matches!(kind, Kind::Text { .. });
    Question {
        id: Cow::Borrowed(id),
        text: LocalizedText::Shipped(text),
        description: None,
        image: None,
        variants: Cow::Borrowed(variants),
        kind,
        metric,
        required,
        next: Cow::Borrowed(next),
    }
}

const fn scale(points: u8, look: Look, [low, high]: [MessageId; 2]) -> Kind {
    let ends = Some([LocalizedText::Shipped(low), LocalizedText::Shipped(high)]);
    Kind::Likert { points, look, labels: Cow::Borrowed(&[]), ends }
}

const fn yes_no(look: Look, [yes, no]: [MessageId; 2]) -> Kind {
    Kind::YesNo { look, words: [LocalizedText::Shipped(yes), LocalizedText::Shipped(no)] }
}

const fn choice(list: &'static [Choice], shuffle: bool) -> Kind {
    Kind::Choice(Options { list: Cow::Borrowed(list), shuffle, has_other_text: false })
}

const fn option(id: &'static str, text: MessageId) -> Choice {
    lasting_or_not(id, text, None)
}

const fn lasting(id: &'static str, text: MessageId, minutes: u32) -> Choice {
    lasting_or_not(id, text, Some(minutes))
}

const fn lasting_or_not(id: &'static str, text: MessageId, minutes: Option<u32>) -> Choice {
    Choice { id: Cow::Borrowed(id), text: LocalizedText::Shipped(text), minutes, image: None }
}

const fn go(condition: Condition, to: &'static str) -> NextRule {
    NextRule { condition, goto: Destination::Named(Cow::Borrowed(to)) }
}

const END: NextRule = NextRule { condition: Condition::Always, goto: Destination::End };
const YES: Condition = Condition::In(Cow::Borrowed(&[Text::Borrowed("yes")]));
const NO: Condition = Condition::In(Cow::Borrowed(&[Text::Borrowed("no")]));

/// The ends of scales, as they are called everywhere.
const SATISFACTION: [MessageId; 2] = [MessageId::DISSATISFIED, MessageId::SATISFIED];
const AGREEMENT: [MessageId; 2] = [MessageId::DISAGREE, MessageId::AGREE];
const EASE: [MessageId; 2] = [MessageId::DIFFICULT, MessageId::EASY];

#[cfg(test)]
mod tests;
