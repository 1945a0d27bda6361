//! A page with a visitor: carries out a session's effects as a driver does, without a browser.

mod browser;
mod script;
mod world;

pub(crate) use browser::FakeBrowser;
pub(crate) use script::{play, reasons, shown, take};
pub(crate) use world::World;
