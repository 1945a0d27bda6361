//! Where responses and tokens are kept. Nothing outside this module knows a database.

mod sqlite;

pub use sqlite::{Durability, Store};

use sondeo_model::{Response, ResponseId, Status};

/// What became of a revision that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is the highest of its response so far, and stored now.
    New,
    /// This one or a higher one had been stored before.
    Known,
}

/// Which responses to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Only those of this survey.
    pub survey: Option<String>,
    /// Only those that came this far.
    pub status: Option<Status>,
    /// Only those older than this one.
    pub before: Option<ResponseId>,
    /// At most so many.
    pub limit: u32,
}

/// Responses, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The responses of this page.
    pub responses: Vec<Response>,
    /// What to pass as [`Filter::before`] for the following page, if there is one.
    pub next: Option<ResponseId>,
}

/// The database did not do what it was asked. For the log, never for a visitor.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] sqlx::Error);
