//! What the visitor meets: the card, and the controls of each kind of question: options, or a text.
//!
//! Components render; the interview (in the model) decides. Nothing here knows delivery.

mod card;
mod element;
mod form;
mod icon;
mod options;
mod text;

pub use card::Happening;
pub(crate) use card::card;
