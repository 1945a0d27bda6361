//! What scenarios are told with: browsers, hands, the widget on a page, and servers around it.

mod accessibility;
mod base64;
mod browser;
mod collector;
mod embed;
mod endpoint;
mod engine;
pub(crate) mod evidence;
mod faulty;
mod hands;
mod host;
mod look;
mod scenario;
mod server;
mod sessions;
mod stand_in;
mod survey;
mod tabs;
mod webdriver;
mod witness;

pub(crate) use accessibility::Findings;
pub(crate) use browser::{Browser, PATIENCE, PAUSE, PROBE};
pub(crate) use collector::{Collector, widget_file, widget_files};
pub(crate) use embed::{Embed, Words};
pub(crate) use endpoint::{Endpoint, Reply, Request};
pub(crate) use engine::Engine;
pub(crate) use faulty::{Fault, Faulty};
pub(crate) use hands::{ENTER, ESCAPE, LEFT, RIGHT, TAB};
pub(crate) use host::{Host, Page, WITNESS_NONCE};
pub(crate) use look::Look;
pub(crate) use scenario::{RUNTIME, Scenario, keep_last_words, tell_times};
pub(crate) use sessions::{Seat, close_all};
pub(crate) use stand_in::StandIn;
pub(crate) use survey::Survey;
pub(crate) use webdriver::Session;
pub(crate) use witness::Witness;
