//! Who did what to the data of others.

use super::sql::Sql;
use super::{Store, StoreError};
use crate::clock;
use sondeo_model::Timestamp;
use sqlx::Row;

/// A line of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When it was begun.
    pub at: Timestamp,
    /// Who: `token:LABEL`, `person:NAME`, `command` or `retention`.
    pub actor: String,
    /// What: `erase`, `export`, `import`, `token`, `password` …
    pub action: String,
    /// To what; never a visitor's id or an answer.
    pub subject: String,
    /// To how many responses; 0 while it is not finished.
    pub n: i64,
    /// When it was done; none where it was broken off, or is still going on.
    pub finished_at: Option<Timestamp>,
}

/// A line that was begun, and waits for its end.
#[derive(Debug)]
#[must_use = "the line stays open until it is finished"]
pub struct OpenEntry(i64);

impl Store {
    /// Writes a line of the audit before the deed, so that one that is broken off has one, and to the log.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn begin_audit(
        &self,
        actor: &str,
        action: &str,
        subject: &str,
    ) -> Result<OpenEntry, StoreError> {
        tracing::info!(actor, action, subject, "audit");
        let mut sql = Sql::new("INSERT INTO audit (at, actor, action, subject, n) VALUES (");
        sql.bind(clock::now().as_millis()).push(", ").bind(actor).push(", ").bind(action);
        sql.push(", ").bind(subject).push(", 0) RETURNING id");
        let rows = sql.all(&mut self.0.writer.acquire().await?).await?;
        Ok(OpenEntry(rows.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)?))
    }

    /// Closes a line: it was done to so many responses.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn finish_audit(&self, OpenEntry(id): OpenEntry, n: u64) -> Result<(), StoreError> {
        let mut sql = Sql::new("UPDATE audit SET n = ");
        sql.bind(i64::try_from(n).unwrap_or(i64::MAX)).push(", finished_at = ");
        sql.bind(clock::now().as_millis()).push(" WHERE id = ").bind(id);
        sql.execute(&mut self.0.writer.acquire().await?).await?;
        Ok(())
    }

    /// The latest lines, newest first.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn audit_entries(&self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let mut sql = Sql::new("SELECT at, actor, action, subject, n, finished_at FROM audit");
        sql.push(" ORDER BY id DESC LIMIT ").bind(i64::from(limit));
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let entry = |row: &sqlx::any::AnyRow| {
            let finished_at: Option<i64> = row.try_get(5)?;
            Ok(AuditEntry {
                at: Timestamp::from_millis(row.try_get(0)?),
                actor: row.try_get(1)?,
                action: row.try_get(2)?,
                subject: row.try_get(3)?,
                n: row.try_get(4)?,
                finished_at: finished_at.map(Timestamp::from_millis),
            })
        };
        rows.iter().map(entry).collect()
    }
}
