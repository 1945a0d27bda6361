//! Forgetting: a response, a visitor, or all that is older than the operator keeps it.

use super::batch;
use super::catalog::Catalog;
use super::connection::Connection;
use super::day_counts::DayCounts;
use super::rows::visitor_hash;
use super::sql::Sql;
use super::{Store, StoreError, read};
use crate::clock;
use sondeo_model::{ResponseId, Timestamp};
use sqlx::Row;

/// Responses that are erased in one transaction, so that those who write are not kept waiting.
const ROWS: i64 = 500;

impl Store {
    /// Erases a response, and keeps it from coming back. Says whether it was there.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn erase_response(&self, id: ResponseId) -> Result<bool, StoreError> {
        let mut catalog = self.0.catalog.lock().await;
        let mut db = batch::begin(&self.0.writer, self.0.dialect, true).await?;
        remember(&mut db, &[id.to_text()]).await?;
        let erased = erase(&mut db, Which::Response(&id.to_text())).await?;
        forget_names(&mut db).await?;
        db.commit().await?;
        self.reload(&mut catalog).await?;
        Ok(erased > 0)
    }

    /// Erases all responses of a visitor, and keeps away what the visitor answered before now and has
    /// not delivered yet. Says how many there were.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write; what was erased until then stays so,
    /// and a repeat does the rest.
    pub async fn erase_visitor(&self, visitor: &str) -> Result<u64, StoreError> {
        let mut catalog = self.0.catalog.lock().await;
        let mut total = 0;
        loop {
            let mut db = batch::begin(&self.0.writer, self.0.dialect, true).await?;
            let mut sql = Sql::new("INSERT INTO erased_visitor (sha256, at) VALUES (");
            sql.bind(visitor_hash(visitor)).push(", ").bind(clock::now().as_millis());
            sql.push(") ON CONFLICT (sha256) DO UPDATE SET at = excluded.at");
            sql.execute(&mut db).await?;
            let erased = erase(&mut db, Which::Visitor(visitor)).await?;
            if erased == 0 {
                forget_names(&mut db).await?;
            }
            db.commit().await?;
            total += erased;
            if erased == 0 {
                break;
            }
        }
        self.reload(&mut catalog).await?;
        Ok(total)
    }

    /// Erases what counts for an earlier moment than this. Says how many there were.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn erase_before(&self, moment: Timestamp) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let mut catalog = self.0.catalog.lock().await;
            let mut db = batch::begin(&self.0.writer, self.0.dialect, true).await?;
            let erased = erase(&mut db, Which::Before(moment)).await?;
            if erased == 0 && total > 0 {
                forget_names(&mut db).await?;
            }
            db.commit().await?;
            total += erased;
            if erased == 0 {
                if total > 0 {
                    self.reload(&mut catalog).await?;
                }
                return Ok(total);
            }
        }
    }

    async fn reload(&self, catalog: &mut Catalog) -> Result<(), StoreError> {
        *catalog = Catalog::load(&mut self.0.writer.acquire().await?).await?;
        Ok(())
    }
}

enum Which<'a> {
    Response(&'a str),
    Visitor(&'a str),
    Before(Timestamp),
}

/// Erases up to [`ROWS`] responses with all that they count for, and says how many.
async fn erase(db: &mut Connection, which: Which<'_>) -> Result<u64, StoreError> {
    let mut sql = Sql::new("SELECT id, status, at, facts FROM response WHERE ");
    match which {
        Which::Response(id) => sql.push("id = ").bind(id),
        Which::Visitor(visitor) => sql.push("visitor = ").bind(visitor),
        Which::Before(moment) => sql.push("at < ").bind(moment.as_millis()),
    };
    sql.push(" LIMIT ").bind(ROWS);
    let rows = sql.all(db).await?;
    let mut counts = DayCounts::default();
    let mut ids: Vec<String> = Vec::with_capacity(rows.len());
    for row in &rows {
        let (status, counted_as): (String, Option<String>) = (row.try_get(1)?, row.try_get(3)?);
        if let Some(counted_as) = counted_as {
            let counted_as = serde_json::from_str(&counted_as)?;
            counts.count(&counted_as, read::status(&status)?, row.try_get(2)?, -1);
        }
        ids.push(row.try_get(0)?);
    }
    if ids.is_empty() {
        return Ok(0);
    }
    // What is merely old cannot come back: widgets do not keep it that long.
    if !matches!(which, Which::Before(_)) {
        remember(db, &ids).await?;
    }
    let mut sql = Sql::new("DELETE FROM comment WHERE response IN ");
    sql.list(ids.iter().map(String::as_str));
    sql.execute(db).await?;
    let mut sql = Sql::new("DELETE FROM response WHERE id IN ");
    sql.list(ids.iter().map(String::as_str));
    let erased = sql.execute(db).await?.rows_affected();
    counts.apply(db).await?;
    Ok(erased)
}

/// Leaves a tombstone for each.
async fn remember(db: &mut Connection, ids: &[String]) -> sqlx::Result<()> {
    let now = clock::now().as_millis();
    let mut sql = Sql::new("INSERT INTO erased_response (id, at) VALUES ");
    sql.rows(ids, |sql, id| {
        sql.bind(id.as_str()).push(", ").bind(now);
    });
    sql.push(" ON CONFLICT DO NOTHING");
    sql.execute(db).await?;
    Ok(())
}

/// Removes the counts that are 0, and the segments that nobody is in: their names can be what a page
/// said of the one visitor that is gone.
async fn forget_names(db: &mut Connection) -> sqlx::Result<()> {
    Sql::new("DELETE FROM day_answer WHERE n = 0").execute(db).await?;
    Sql::new(
        "DELETE FROM day_status
         WHERE shown = 0 AND partial = 0 AND completed = 0 AND dismissed = 0 AND answered = 0",
    )
    .execute(db)
    .await?;
    Sql::new(
        "DELETE FROM segment
         WHERE NOT EXISTS (SELECT 1 FROM day_status d WHERE d.segment = segment.id)
           AND NOT EXISTS (SELECT 1 FROM day_answer a WHERE a.segment = segment.id)",
    )
    .execute(db)
    .await?;
    Ok(())
}
