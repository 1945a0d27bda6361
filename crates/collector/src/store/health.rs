//! Whether the database takes what it is given, as far as is known: what became of the last commit.

use super::batch;
use super::sql::Sql;
use super::{Inner, Store, StoreError, failure};
use crate::LARGEST_BODY_BYTES;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A failed database is tried at most that often, whoever asks: each trial is a sync of its disk.
const BETWEEN_TRIALS: Duration = Duration::from_secs(2);
/// Bytes of a trial: as many as the largest response, so that a disk without room for it fails.
const TRIAL_BYTES: usize = LARGEST_BODY_BYTES;

/// What became of the last commit, and of the last trial. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Health(Arc<State>);

#[derive(Debug, Default)]
struct State {
    has_failed: AtomicBool,
    failed_at: StdMutex<Option<Instant>>,
    tried_at: Mutex<Option<Instant>>,
}

impl Health {
    /// Whether a connection of this age was made after the last failure. An older one is not used again: SQLite ends
    /// a transaction by itself where the disk is full, of which sqlx knows nothing and begins none any more; and one
    /// that was made while PostgreSQL refused writes may refuse them for ever (`default_transaction_read_only` is
    /// read when it begins).
    pub(super) fn trusts(&self, age: Duration) -> bool {
        let failed_at = *self.0.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_none_or(|at| age < at.elapsed())
    }

    fn has_failed(&self) -> bool {
        self.0.has_failed.load(Ordering::Relaxed)
    }

    /// Remembers what became of a commit.
    pub(super) fn note_commit(&self, error: Option<&StoreError>) {
        let Some(error) = error else {
            self.0.has_failed.store(false, Ordering::Relaxed);
            return;
        };
        if !failure::is_about_a_row(error) {
            self.0.has_failed.store(true, Ordering::Relaxed);
            let mut failed_at = self.0.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
            *failed_at = Some(Instant::now());
        }
    }
}

impl Store {
    /// Whether responses can be stored and read. After a commit that failed, the database is tried by writing
    /// something, so that this says so as soon as it works again, also where nobody sends anything meanwhile.
    ///
    /// # Errors
    /// When the database does not answer, or does not take anything.
    pub async fn check_ready(&self) -> Result<(), StoreError> {
        self.ping().await?;
        let health = &self.0.health;
        if !health.has_failed() {
            return Ok(());
        }
        let mut tried_at = health.0.tried_at.lock().await;
        if !health.has_failed() {
            return Ok(());
        }
        if tried_at.is_some_and(|at| at.elapsed() < BETWEEN_TRIALS) {
            return Err(StoreError::Unwritable);
        }
        let tried = self.0.try_to_write().await;
        *tried_at = Some(Instant::now());
        health.note_commit(tried.as_ref().err());
        tried
    }
}

impl Inner {
    /// Writes a session that is over from its beginning, as large as the largest response, and takes it away again.
    async fn try_to_write(&self) -> Result<(), StoreError> {
        let mut transaction =
            batch::begin(&self.writer, self.dialect, batch::Access::Write).await?;
        let id = vec![0_u8; 32];
        let mut sql =
            Sql::new("INSERT INTO session (sha256, person, created_at, expires_at) VALUES (");
        sql.bind(id.clone()).push(", ").bind("x".repeat(TRIAL_BYTES)).push(", 0, 0)");
        sql.push(" ON CONFLICT (sha256) DO UPDATE SET person = excluded.person");
        sql.execute(&mut transaction).await?;
        transaction.commit().await?;
        let mut sql = Sql::new("DELETE FROM session WHERE sha256 = ");
        sql.bind(id);
        sql.execute(&mut self.writer.acquire().await?).await?;
        Ok(())
    }
}
