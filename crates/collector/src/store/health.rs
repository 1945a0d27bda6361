//! Whether the database takes what it is given, as far as is known: what became of the last commit.

use super::batch;
use super::catalog::Catalog;
use super::file_identity::FileIdentity;
use super::incoming::Incoming;
use super::sql::Sql;
use super::{Inner, Store, StoreError, failure};
use crate::LARGEST_BODY_BYTES;
use sondeo_model::Response;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A failed database is tried at most that often, whoever asks: each trial is a sync of its disk.
const BETWEEN_TRIALS: Duration = Duration::from_secs(2);
/// The same where responses are refused: strangers who send what cannot be stored must not keep the disk busy.
const BETWEEN_DOUBTS: Duration = Duration::from_millis(250);
/// Bytes of a trial: as many as the largest response, so that a disk without room for it fails.
const TRIAL_BYTES: usize = LARGEST_BODY_BYTES;

/// A response that touches every table that one can touch. It is never there when it is read.
const REHEARSED: &str = r#"{"sondeo": 1, "id": "00000000-0000-7000-8000-000000000000", "revision": 1,
    "status": "completed", "survey": "rehearsal", "template": null, "trigger": "load", "language": "en", "answers": [
        {"question": "choice", "text": "?", "kind": "choice", "value": "option"},
        {"question": "text", "text": "?", "kind": "text", "value": "text"}],
    "shown_at": "2026-01-01T00:00:00Z", "sent_at": "2026-01-01T00:00:00Z", "elapsed_ms": 0,
    "page": {"url": "https://rehearsal.invalid/", "title": "", "referrer": ""},
    "client": {"language": "en", "time_zone": null, "device": "desktop", "viewport": [1, 1]},
    "visit": 1, "visitor": "rehearsal", "user": null, "custom": {}, "widget": "rehearsal"}"#;

/// What became of the last commit, and of the last trial. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct StoreHealth(Arc<StoreHealthState>);

#[derive(Debug, Default)]
struct StoreHealthState {
    has_failed: AtomicBool,
    failed_at: StdMutex<Option<Instant>>,
    tried_at: Mutex<Option<Instant>>,
    /// When it was last tried because a response was refused.
    doubted_at: StdMutex<Option<Instant>>,
    /// A response at which damage was seen: others may be stored all the same.
    refused: StdMutex<Option<Box<Incoming>>>,
}

impl StoreHealth {
    /// Whether a connection of this age was made after the last failure. An older one is not used again: SQLite ends
    /// a transaction by itself where the disk is full, of which sqlx knows nothing and begins none any more; and one
    /// that was made while PostgreSQL refused writes may refuse them for ever (`default_transaction_read_only` is
    /// read when it begins).
    pub(super) fn trusts(&self, age: Duration) -> bool {
        let failed_at = *self.0.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_none_or(|at| age < at.elapsed())
    }

    fn refused(&self) -> MutexGuard<'_, Option<Box<Incoming>>> {
        self.0.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_failed(&self) -> bool {
        self.0.has_failed.load(Ordering::Relaxed)
    }

    /// Remembers what became of a commit.
    pub(super) fn note_commit(&self, error: Option<&StoreError>) {
        let Some(error) = error else {
            self.0.has_failed.store(false, Ordering::Relaxed);
            self.refused().take();
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
        self.0.check_file()?;
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
    /// Refuses where SQLite's file is not the one that was opened.
    pub(super) fn check_file(&self) -> Result<(), StoreError> {
        self.file.as_ref().map_or(Ok(()), FileIdentity::check)
    }

    /// Finds out what is at fault where no response of a batch could be written, this one among them, also one by one
    /// and with an error that could be about a row. What strangers send must not look like a database that fails.
    pub(super) async fn doubt(&self, refused: &Incoming, error: &StoreError) {
        let health = &self.health;
        if failure::is_damage(error) {
            *health.refused() = Some(Box::new(refused.clone()));
            health.0.has_failed.store(true, Ordering::Relaxed);
            return;
        }
        let doubted_at = *health.0.doubted_at.lock().unwrap_or_else(PoisonError::into_inner);
        if health.has_failed() || doubted_at.is_some_and(|at| at.elapsed() < BETWEEN_DOUBTS) {
            return;
        }
        // Whoever asks for health tries it at this moment.
        let Ok(mut tried_at) = health.0.tried_at.try_lock() else { return };
        let tried = self.try_to_write().await;
        let now = Some(Instant::now());
        *tried_at = now;
        *health.0.doubted_at.lock().unwrap_or_else(PoisonError::into_inner) = now;
        if let Err(error) = &tried {
            tracing::error!(%error, "the database takes no responses");
            health.0.has_failed.store(true, Ordering::Relaxed);
            health.note_commit(Some(error));
        }
    }

    /// Writes a response as every other one is written, and takes it back: that at which damage was seen, or one that
    /// nobody gave.
    async fn rehearse(&self) -> Result<(), StoreError> {
        let refused = self.health.refused().clone();
        let incoming = match refused {
            Some(refused) => *refused,
            None => Incoming::now(serde_json::from_str::<Response>(REHEARSED)?.into()),
        };
        let mut transaction =
            batch::begin(&self.writer, self.dialect, batch::Access::Write).await?;
        let mut catalog = Catalog::default();
        let named = (&incoming.response, &incoming.names, incoming.at);
        let new = catalog.plan(std::iter::once(named));
        catalog.write(&mut transaction, &new).await?;
        let alone = std::slice::from_ref(&incoming);
        batch::write_in(&mut transaction, &catalog, &self.routes(), alone).await?;
        transaction.rollback().await?;
        Ok(())
    }

    /// Writes a session that is over from its beginning, as large as the largest response, and takes it away again.
    ///
    /// A response is written before, and taken back: a table of its own may be at fault.
    async fn try_to_write(&self) -> Result<(), StoreError> {
        self.rehearse().await?;
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
