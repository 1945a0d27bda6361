//! The pages.

mod login;
mod overview;
mod survey;

pub(crate) use login::Login;
pub(crate) use overview::Overview;
pub(crate) use survey::Survey;
