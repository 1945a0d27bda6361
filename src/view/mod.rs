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
mod text;
mod yes_no;

pub(crate) use card::{DeliveryNotice, SurveyEvent, card};
pub(crate) use frame::Frame;
