//! What the visitor meets: the card, and the controls of each kind of question.
//!
//! Components render; the interview (in the model) decides. Nothing here knows delivery.

mod card;
mod element;
mod form;
mod frame;
mod icon;
mod list;
mod picture;
mod rich_text;
mod scale;
mod signal;
mod text;
mod yes_no;

pub(crate) use card::{DeliveryNotice, SurveyEvent, card};
pub(crate) use frame::Frame;

use sondeo_model::{Kind, Survey};

/// Whether what shows it comes with the rest of the engine.
pub(crate) fn needs_rest(survey: &Survey) -> bool {
    let is_rare = |kind: &Kind| matches!(kind, Kind::Choice(_) | Kind::Choices { .. });
    survey.logo.is_some()
        || !survey.endings.is_empty()
        || survey.questions.iter().any(|question| {
            is_rare(&question.kind) || question.image.is_some() || question.description.is_some()
        })
}
