//! What the visitor meets: one component per kind of question, and the card that frames them.
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
