//! Where responses, tokens and users are kept. Nothing outside this module knows a database.
//!
//! SQLite in one file, or PostgreSQL: the same statements run on both. Where they differ, a comment
//! says why.

mod audit;
mod backfill;
mod batch;
mod catalog;
mod checkpoint;
mod comment_work;
mod comments;
mod connection;
mod counted;
mod counted_as;
mod counts;
mod day_counts;
mod deliveries;
mod destinations;
mod devices;
mod erase;
mod failure;
mod file_identity;
mod folding;
mod health;
mod incoming;
mod metrics;
mod open;
mod postgres;
mod previews;
mod publishing;
mod read;
mod roles;
mod rows;
mod seen;
mod sql;
mod sums;
mod survey_key;
mod tokens;
mod users;
mod verify;
mod writer;

pub use audit::{AuditEntry, OpenEntry};
pub use catalog::ReservedNames;
pub use comment_work::CommentWork;
pub use comments::{CommentCursor, CommentPage, CommentsOf, StoredComment};
pub use counted::Counted;
pub use counts::{
    AnswerCount, AskedScale, Counts, CountsOf, Period, Segment, StatusCount, SurveyPage, SurveyRow,
    Wording,
};
pub use deliveries::SentTo;
pub use destinations::{Passes, StoredDestinationState};
pub use erase::Erasure;
pub(crate) use incoming::stored_ending;
pub use incoming::{Sender, Submission};
pub use open::Durability;
pub use previews::{Preview, TestOutcome};
pub use publishing::{
    AnswerLimit, Draft, DraftOutcome, Edition, ManagedSurvey, Obstacle, PublishedSurvey,
    PublishedVersion, Removal, Step, StoredSite, SurveyState, etag,
};
pub use read::{Cursor, Filter, ResponsePage, ResponseRow};
pub use roles::{EVERY_SITE, Membership, Role, RoleOutcome};
pub(crate) use seen::MOST_PROBLEMS;
pub use sondeo_api::SeenPage;
pub(crate) use survey_key::key_of;
pub use survey_key::{DEFAULT_SITE, site_and_survey, survey_key};
pub use tokens::{Scope, Scopes, TokenRow};
pub use verify::Report;
pub use writer::{Settings, Stored, WriteOutcome, WriteReport};

pub(crate) use metrics::WriterMetrics;

pub(crate) use counted_as::CRAWLERS;
pub(crate) use deliveries::{
    Backlog, Claimed, DeliveryCursor, DeliveryRow, DeliveryState, Replay, Tried,
};
pub(crate) use destinations::{Route, Routes, StoredDestination, new_id};

use catalog::Catalog;
use connection::Pool;
use std::sync::{Arc, RwLock};
use tokio::sync::{Mutex, Notify, broadcast};

/// How many there are, of a count that the databases hold with a sign.
pub(crate) fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// Responses, what they count for, and who may see them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    dialect: Dialect,
    /// One connection: SQLite has one writer anyway, and waiting here is fair, in its lock it is not.
    writer: Pool,
    readers: Pool,
    /// Everything that segments, scales and options are called; held by whoever counts.
    catalog: Mutex<Catalog>,
    queue: writer::Queue,
    /// Of SQLite: what cuts its log off.
    checkpoints: Option<checkpoint::Checkpoints>,
    /// Of SQLite: its file.
    file: Option<file_identity::FileIdentity>,
    events: broadcast::Sender<Stored>,
    health: health::StoreHealth,
    metrics: WriterMetrics,
    /// Where responses are passed on to.
    routes: RwLock<Arc<destinations::Routes>>,
    /// Told when something is to be delivered.
    deliveries: Notify,
}

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Sqlite,
    Postgres,
}

/// Why the store did not do what it was asked. For the log, never for a visitor.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, or did not do it.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// More responses wait to be written than the store takes.
    #[error("more responses wait to be written than can be held")]
    Busy,
    /// The last commit failed, and none has succeeded since.
    #[error("the database took nothing when it was last given something")]
    Unwritable,
    /// SQLite's file was removed, or another one stands in its place.
    #[error(
        "the database's file is not the one that was opened: it was removed or replaced; put it back, or restart the \
         collector"
    )]
    Moved,
    /// The store was closed, or its writer ended.
    #[error("the store is closed")]
    Closed,
    /// Another process erased a name that this one still knows; it is tried again with those that there are.
    #[error("a name that is counted was erased meanwhile")]
    StaleCatalog,
    /// A row holds what this program never wrote.
    #[error("a stored response cannot be read: {0}")]
    Corrupt(#[from] serde_json::Error),
}

impl Store {
    /// Every response that is stored from now on, with its latest state.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Stored> {
        self.0.events.subscribe()
    }

    /// From now on, these names always have a place among those that are counted.
    pub async fn reserve_names(&self, reserved: ReservedNames) {
        self.0.catalog.lock().await.reserve(reserved);
    }

    pub(crate) fn metrics(&self) -> &WriterMetrics {
        &self.0.metrics
    }

    /// Asks the database for next to nothing, to see that it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let any = sql::Sql::new("SELECT id FROM response LIMIT 1");
        any.all(&mut self.0.readers.acquire().await?).await?;
        Ok(())
    }

    /// Waits for what is being written and closes the database.
    pub async fn close(&self) {
        self.0.queue.close().await;
        self.0.pay_last().await;
        self.0.readers.close().await;
        if let Some(checkpoints) = &self.0.checkpoints {
            checkpoints.close().await;
        }
        self.0.writer.close().await;
    }
}
