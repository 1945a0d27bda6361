//! What the pages are made of.

mod actions;
mod comments;
mod distribution;
mod endings;
mod frame;
mod participation;
mod parts;
mod question;
mod questions;
mod score;
mod spans;
mod states;
mod trend;
mod verdict;
mod view;
mod whisker;
mod width;
mod worst;

pub(crate) use actions::Actions;
pub(crate) use comments::Comments;
pub(crate) use distribution::{Bars, Distribution};
pub(crate) use endings::Endings;
pub(crate) use frame::Frame;
pub(crate) use participation::Participation;
pub(crate) use parts::Parts;
pub(crate) use question::{asked, key, limits, lower_is_better, main_question, same};
pub(crate) use questions::Questions;
pub(crate) use score::ScoreCard;
pub(crate) use spans::Spans;
pub(crate) use states::{Empty, Loading, Problem};
pub(crate) use trend::{Trend, TrendCard};
pub(crate) use verdict::{Verdict, change_in_words};
pub(crate) use view::in_view;
pub(crate) use whisker::Whisker;
pub(crate) use worst::WorstPage;
