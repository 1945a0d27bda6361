//! Emptying SQLite's write-ahead log, so that what was erased is in no file any more.

use super::sql::Sql;
use super::{Dialect, Inner};
use sqlx::Row;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long whoever reads may keep an erasure waiting. Later it is tried again with every batch.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

impl Inner {
    /// Puts what was written into the file, whose freed pages are overwritten (`secure_delete`), and cuts the log off.
    ///
    /// PostgreSQL's files and its log are the server's business.
    pub(super) async fn checkpoint(&self) {
        if self.dialect == Dialect::Postgres {
            return;
        }
        self.owes_checkpoint.store(true, Ordering::Relaxed);
        for _ in 0..TRIES {
            if self.try_checkpoint().await {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        tracing::warn!("the log holds what was erased until whoever reads has ended");
    }

    /// Tries again what was kept waiting.
    pub(super) async fn checkpoint_if_owed(&self) {
        if self.owes_checkpoint.load(Ordering::Relaxed) {
            self.try_checkpoint().await;
        }
    }

    async fn try_checkpoint(&self) -> bool {
        let Ok(mut db) = self.writer.acquire().await else { return false };
        let rows = Sql::new("PRAGMA wal_checkpoint(TRUNCATE)").all(&mut db).await;
        // Its first column is 1 where somebody reads what is older.
        let busy = rows.ok().and_then(|rows| rows.first()?.try_get::<i64, _>(0).ok());
        let is_done = busy == Some(0);
        if is_done {
            self.owes_checkpoint.store(false, Ordering::Relaxed);
        }
        is_done
    }
}
