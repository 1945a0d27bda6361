use super::element::{Element, element};
use crate::browser::Placement;
use sondeo_model::{Display, MessageId, Survey};
use std::rc::Rc;

/// What a card is to the page around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A part of the page; its thank-you stays.
    Part,
    /// Beside the page, opened by itself.
    Region,
    /// In front of the page, which waits.
    Modal,
    /// Behind a button that the visitor presses.
    Tab,
}

impl Frame {
    /// The frame of a survey that stands there.
    pub(crate) fn of(survey: &Survey, placement: &Placement) -> Self {
        let display = survey.appearance.display;
        match placement {
            Placement::Inside(_) => Self::Part,
            Placement::Floating if placement.is_modal(display) => Self::Modal,
            Placement::Floating if display == Display::Tab => Self::Tab,
            Placement::Floating => Self::Region,
        }
    }

    /// The card's own element, empty.
    pub(super) fn root(self, survey: &Survey) -> Element {
        let root = element(match self {
            Self::Modal => "dialog class=card part=card",
            Self::Tab => "section class=card part=card role=dialog hidden",
            _ => "section class=card part=card",
        });
        root.with("aria-label", survey.messages.text(MessageId::SURVEY))
            .with("lang", &survey.language)
            .with("dir", survey.direction().attribute())
    }

    /// The card with what stands around it.
    pub(super) fn around(self, card: Element, survey: &Survey, open: Rc<dyn Fn()>) -> Element {
        if self != Self::Tab {
            return card;
        }
        let description =
            "button type=button class=tab part=tab aria-expanded=false aria-haspopup=dialog";
        let tab = element(description)
            .with("lang", &survey.language)
            .with("dir", survey.direction().attribute())
            .on("click", Box::new(move |_| open()))
            .text(survey.messages.text(MessageId::FEEDBACK));
        element("div").child(tab).child(card)
    }
}
