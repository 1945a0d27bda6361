//! Who is asked what, and when: the surveys of one page, from the attributes that ask for them to the last revision of
//! the response.
//!
//! Pure: no browser, no clock, no random source. [`Session::handle`] takes one [`Input`] (a call of the page, a trigger
//! that fired, a timer, an answer) and returns the [`Effect`]s that the driver carries out afterwards; what the session
//! has to know of the browser it reads from an [`Environment`]. No effect is carried out while the session handles an
//! input, so nothing can call the session back in the middle of a change.
//!
//! | where | what |
//! | --- | --- |
//! | [`authoring`] | attributes and survey files → [`SurveySettings`] and clear problems |
//! | `commands` | the page's calls: `show`, `hide`, `consent`, `reset` … |
//! | `input`, `effect`, `event` | what happens, what is to be done about it, what the page is told |
//! | `page` | script tags, elements, survey files |
//! | `page_view` | another page of the same document, and what is kept for the way back |
//! | `link` | a link that shows a survey and chooses answers |
//! | `sites` | sites of collectors: plans, and the surveys that they name |
//! | `survey` | one survey of the page and its [phase](survey::Phase) |
//! | `display` | from a trigger to the showing: delay, words, turns |
//! | `eligibility` | every reason against showing a survey now; `explain`, `sondeo:skipped` |
//! | `visitor`, `identity` | the visitor's record, consent; who the page says the visitor is |
//! | `rest` | which inputs need the half of the engine that comes later |
//! | `response` | the response of one showing, from `shown` to its last status |

pub mod authoring;
mod commands;
mod context;
mod display;
mod effect;
mod eligibility;
mod environment;
mod event;
mod identity;
mod input;
mod link;
mod messages;
mod page;
mod page_view;
mod response;
mod rest;
mod session;
mod sites;
mod storage_key;
mod survey;
mod visitor;

pub use authoring::{SurveyFile, SurveySettings};
pub use effect::{Effect, Placement, SeenWhen, Timer};
pub use environment::Environment;
pub use event::Event;
pub use input::{
    Command, DeliveryStatus, ElementKey, ElementSnapshot, FileKey, Input, InvalidCall,
    PageSnapshot, Properties, ReplyKey, ScriptKey, ScriptSnapshot, ShowingKey, SurveyKey,
};
pub use link::{Chosen, Link};
pub use session::Session;
pub use storage_key::STORAGE_PREFIX;
