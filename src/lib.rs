//! Sondeo asks the average visitor one small question at the right moment.
//!
//! This crate is the widget: the engine that the page's one script tag starts ([`engine::start`]), and
//! the same survey as a Leptos component ([`Survey`]). What a survey and a response *are* lives in
//! [`sondeo_model`], and who is asked when is decided by [`sondeo_session`]; neither knows a browser.

mod browser;
mod component;
mod contrast;
mod delivery;
mod driver;
pub mod engine;
mod mount;
pub mod sender;
mod trigger;
mod view;

pub use component::{Survey, SurveyProps};
pub use sondeo_model as model;

/// The version of the widget, as responses carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
