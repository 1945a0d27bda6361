//! Sondeo asks the average visitor one small question at the right moment.
//!
//! This crate is the widget: the engine that the page's one script tag starts ([`engine::start`]), and
//! the same survey as a Leptos component ([`Survey`]). What a survey and a response *are* lives in
//! [`sondeo_model`], which knows no browser.

mod attributes;
mod browser;
mod component;
mod contrast;
mod delivery;
pub mod engine;
mod entry;
mod events;
mod messages;
mod mount;
mod page;
pub mod sender;
mod showing;
mod trigger;
mod view;
mod visitor;

pub use component::{Survey, SurveyProps};
pub use sondeo_model as model;
pub use view::Happening;

/// The version of the widget, as responses carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
