//! Who did what to the data of others.

use super::sql::Sql;
use super::{Store, StoreError};
use crate::clock;
use sondeo_model::Timestamp;
use sqlx::Row;

/// A line of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who: `token:LABEL`, `person:NAME`, `command` or `retention`.
    pub actor: String,
    /// What: `erase`, `export`, `import`, `token`, `password` …
    pub action: String,
    /// To what; never a visitor's id or an answer.
    pub subject: String,
    /// To how many responses.
    pub n: i64,
}

impl Store {
    /// Writes a line of the audit, and to the log.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn audit(
        &self,
        actor: &str,
        action: &str,
        subject: &str,
        n: u64,
    ) -> Result<(), StoreError> {
        tracing::info!(actor, action, subject, n, "audit");
        let mut sql = Sql::new("INSERT INTO audit (at, actor, action, subject, n) VALUES (");
        sql.bind(clock::now().as_millis()).push(", ").bind(actor).push(", ").bind(action);
        sql.push(", ")
            .bind(subject)
            .push(", ")
            .bind(i64::try_from(n).unwrap_or(i64::MAX))
            .push(")");
        sql.execute(&mut self.0.writer.acquire().await?).await?;
        Ok(())
    }

    /// The latest lines, newest first.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn audit_entries(&self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let mut sql =
            Sql::new("SELECT at, actor, action, subject, n FROM audit ORDER BY id DESC LIMIT ");
        sql.bind(i64::from(limit));
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let entry = |row: &sqlx::any::AnyRow| {
            Ok(AuditEntry {
                at: Timestamp::from_millis(row.try_get(0)?),
                actor: row.try_get(1)?,
                action: row.try_get(2)?,
                subject: row.try_get(3)?,
                n: row.try_get(4)?,
            })
        };
        rows.iter().map(entry).collect()
    }
}
