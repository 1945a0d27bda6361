//! Surveys and responses: the types and rules that Sondeo's widget and collector share.
//!
//! Nothing here knows a browser, a server, a clock or a random source: whoever calls passes the time
//! and the random bytes in. That makes every rule testable natively, and keeps a payload from meaning
//! one thing to the widget that writes it and another to the collector that reads it.

mod answer;
mod branch;
mod definition;
mod display;
mod duration;
mod ending;
mod endpoint;
mod image;
mod integer;
mod interview;
pub mod json;
mod keyword;
mod language;
pub mod limits;
mod localized_text;
mod mask;
mod messages;
#[cfg(feature = "metric")]
pub mod metric;
mod name;
mod nearest;
#[cfg(feature = "serde")]
mod object;
mod question;
mod response;
mod response_id;
pub mod rest;
pub mod rich_text;
mod survey;
pub mod targeting;
pub mod template;
mod timestamp;
mod trigger;
mod validation;

pub use answer::{Answer, KindName, Metric, Value};
pub use branch::{Condition, Destination, NextRule};
pub use definition::{
    Confirm, Cooldown, Definition, Delivery, Layer, Mask, Per, Problem, Problems, Published, Push,
    Reason, Report, RequestFormat, StorageKind, Targeting, Thing, What,
};
#[cfg(feature = "schema")]
pub use definition::{
    custom_elements, plausible_values, schema, vscode_custom_data, web_types, with_key_tables,
};
pub use display::{Appearance, Display, Position, Theme};
pub use duration::Duration;
pub use ending::{Ending, EndingButton, Redirect};
pub use endpoint::{recognise, secret};
pub use image::Image;
pub use integer::{find_substring, format_int, parse_int};
pub use interview::Interview;
pub use language::{Direction, Language};
pub use localized_text::LocalizedText;
pub use mask::mask;
pub use messages::{MessageId, Messages};
pub use name::is_name;
pub use nearest::nearest;
pub use question::{Choice, Format, Kind, Look, OTHER, Options, Question, is_email};
pub use response::{Client, Device, Page, Response, Status, Version, without_query};
pub use response_id::{InvalidId, ResponseId};
pub use survey::Survey;
pub use template::Template;
pub use timestamp::{DAY_MS, InvalidTimestamp, Timestamp};
pub use trigger::Trigger;
pub use validation::Violation;

/// A text that is either part of the program (a template's wording) or given by the page's author.
pub type Text = std::borrow::Cow<'static, str>;

/// The version of the payload that this crate reads and writes: the number under `"sondeo"`.
pub const CONTRACT_VERSION: u8 = 1;
