//! Emptying SQLite's write-ahead log, so that what was erased is in no file any more.
//!
//! It cannot be done while somebody reads what is older. A connection of its own, which waits for nobody, tries it; what
//! could not be done is owed, and paid beside those who write.

use super::connection::Pool;
use super::sql::Sql;
use super::{Inner, Store};
use sqlx::Row;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often it is tried before whoever erased is answered, and how long after each other.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(20);
/// How long after each other what is owed is tried.
const PAUSE_OF_DEBT: Duration = Duration::from_millis(500);
/// How often it is tried before the store is closed.
const LAST_TRIES: u32 = 10;

/// The connection that tries it, and whether somebody does.
#[derive(Debug)]
pub(super) struct Checkpoints {
    /// It waits for others for some milliseconds only. Every other one waits for seconds, which whoever writes would
    /// have to wait, too.
    impatient: Pool,
    is_owed: AtomicBool,
    /// Whether a task tries what is owed.
    is_paid: AtomicBool,
}

impl Checkpoints {
    pub(super) fn new(impatient: Pool) -> Self {
        let (is_owed, is_paid) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { impatient, is_owed, is_paid }
    }

    pub(super) async fn close(&self) {
        self.impatient.close().await;
    }
}

impl Store {
    /// Puts what was written into the file, whose freed pages are overwritten (`secure_delete`), and cuts the log off; at
    /// once, or as soon as those who read have ended.
    ///
    /// PostgreSQL's files and its log are the server's business.
    pub(super) async fn checkpoint(&self) {
        let Some(checkpoints) = &self.0.checkpoints else { return };
        checkpoints.is_owed.store(true, Ordering::SeqCst);
        for _ in 0..TRIES {
            if self.0.try_checkpoint(checkpoints).await {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        if checkpoints.is_paid.swap(true, Ordering::SeqCst) {
            return;
        }
        tracing::warn!("the log holds what was erased until whoever reads has ended");
        // The task must not hold the store itself, which would never be dropped.
        let inner = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(PAUSE_OF_DEBT).await;
                let Some(inner) = inner.upgrade() else { break };
                let Some(checkpoints) = &inner.checkpoints else { break };
                if inner.try_checkpoint(checkpoints).await {
                    checkpoints.is_paid.store(false, Ordering::SeqCst);
                    // An erasure may have come meanwhile, and left it to this task.
                    if !checkpoints.is_owed.load(Ordering::SeqCst)
                        || checkpoints.is_paid.swap(true, Ordering::SeqCst)
                    {
                        break;
                    }
                }
            }
        });
    }
}

impl Inner {
    /// Tries what is owed for the last time, for some seconds: a command has no later.
    pub(super) async fn pay_last(&self) {
        let Some(checkpoints) = &self.checkpoints else { return };
        for _ in 0..LAST_TRIES {
            if !checkpoints.is_owed.load(Ordering::SeqCst) || self.try_checkpoint(checkpoints).await
            {
                return;
            }
            tokio::time::sleep(PAUSE_OF_DEBT).await;
        }
        tracing::warn!("the log still holds what was erased: somebody reads what is older");
    }

    /// Says whether nothing is owed any more.
    async fn try_checkpoint(&self, checkpoints: &Checkpoints) -> bool {
        // Nobody else of this process writes meanwhile, for as long as the copy takes.
        let Ok(_turn) = self.writer.acquire().await else { return false };
        checkpoints.is_owed.store(false, Ordering::SeqCst);
        let is_done = match checkpoints.impatient.acquire().await {
            Ok(mut db) => {
                let rows = Sql::new("PRAGMA wal_checkpoint(TRUNCATE)").all(&mut db).await;
                // Its first column is 1 where somebody reads what is older.
                let busy = rows.ok().and_then(|rows| rows.first()?.try_get::<i64, _>(0).ok());
                busy == Some(0)
            }
            Err(_) => false,
        };
        if !is_done {
            checkpoints.is_owed.store(true, Ordering::SeqCst);
        }
        is_done
    }
}
