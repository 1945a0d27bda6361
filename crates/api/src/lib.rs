//! The bodies of the collector's interface: what it sends and takes, and what its dashboard reads and sends.
//!
//! Each stands here once, so that `shown`, `responses` or `answers` mean one thing from the row to the screen. What only the
//! collector knows (parameters of addresses, what its dashboard never asks for) stays there; a response is that of
//! [`sondeo_model`].
//!
//! Nothing here knows a database, a server or a browser, or how JSON is read: an object of which only its owner knows the
//! members is of whatever type its reader has for that.
//!
//! With the feature `openapi`, each is a schema of `/openapi.json`, and its comments are what is printed there.
#![allow(
    missing_docs,
    reason = "a comment of a field is a text of the OpenAPI document, where names that say all have none"
)]

mod comments;
mod destinations;
mod object;
mod publishing;
mod refusal;
#[cfg(feature = "openapi")]
pub mod schema;
mod session;
mod sites;
pub mod summary;
mod surveys;

pub use comments::{Comment, CommentChange, CommentState, Comments, Rating};
pub use destinations::{
    Deliveries, Delivery, Destination, DestinationState, Destinations, Exchange, ReplayOf,
    Replayed, Trial, TrialOf,
};
pub use publishing::{
    Changed, DraftProblem, Limit, PreviewKey, Publication, PublicationReceipt, SiteSurvey,
    SiteSurveys, StandingDraft, SurveyState, Unpublishable, Version, Versions,
};
pub use refusal::{Reason, Refusal};
pub use session::Credentials;
pub use sites::{SeenPage, Site, Sites};
pub use surveys::{Survey, Surveys, survey_key};
