//! Whether what is stored is whole, and a copy of it.

use super::counted_as::CountedAs;
use super::day_counts::DayCounts;
use super::sql::Sql;
use super::{Dialect, Store, StoreError, read};
use anyhow::Context;
use sondeo_model::Response;
use sqlx::Row;
use std::path::Path;

/// Responses that are read at a time.
const ROWS: i64 = 1_000;
/// Faults that are told one by one, at most.
const MOST_FAULTS: usize = 100;

/// What was found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    /// The number of responses that were looked at.
    pub responses: u64,
    /// What is wrong, in sentences.
    pub faults: Vec<String>,
}

impl Store {
    /// Looks at every row: the database's own checks, every response, and every count against those of
    /// the responses. What is written meanwhile can look like a fault of the counts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verify(&self) -> Result<Report, StoreError> {
        let mut report = Report::default();
        if self.0.dialect == Dialect::Sqlite {
            for pragma in ["PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
                for row in Sql::new(pragma).all(&mut self.0.readers.acquire().await?).await? {
                    let line: String = row.try_get(0)?;
                    if line != "ok" {
                        report.faults.push(format!("{pragma}: {line}"));
                    }
                }
            }
        }
        let mut counted = DayCounts::default();
        let mut last = String::new();
        loop {
            let mut sql = Sql::new(
                "SELECT id, revision, survey, status, at, facts, body FROM response WHERE id > ",
            );
            sql.bind(last.as_str()).push(" ORDER BY id LIMIT ").bind(ROWS);
            let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
            for row in &rows {
                last = row.try_get(0)?;
                report.responses += 1;
                if let Err(fault) = check_row(row, &mut counted) {
                    report.faults.push(format!("response {last}: {fault:#}"));
                }
            }
            if rows.is_empty() || report.faults.len() > MOST_FAULTS {
                break;
            }
        }
        self.compare(counted, &mut report).await?;
        report.faults.truncate(MOST_FAULTS);
        Ok(report)
    }

    async fn compare(&self, mut counted: DayCounts, report: &mut Report) -> Result<(), StoreError> {
        let sql = Sql::new(
            "SELECT segment, day, shown, partial, completed, dismissed, answered FROM day_status",
        );
        for row in sql.all(&mut self.0.readers.acquire().await?).await? {
            let counts = counted.statuses.entry((row.try_get(0)?, row.try_get(1)?)).or_default();
            for (index, count) in counts.iter_mut().enumerate() {
                *count -= row.try_get::<i64, _>(index + 2)?;
            }
        }
        let sql = Sql::new("SELECT segment, day, scale, value, n FROM day_answer");
        for row in sql.all(&mut self.0.readers.acquire().await?).await? {
            let key = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
            *counted.answers.entry(key).or_default() -= row.try_get::<i64, _>(4)?;
        }
        for ((segment, day), counts) in counted.statuses {
            if counts != [0; 5] {
                report.faults.push(format!("segment {segment}, day {day}: off by {counts:?}"));
            }
        }
        for ((segment, day, scale, value), n) in counted.answers {
            if n != 0 {
                report.faults.push(format!(
                    "segment {segment}, day {day}, scale {scale}, value {value:?}: off by {n}"
                ));
            }
        }
        Ok(())
    }

    /// Copies a SQLite file as it is at one moment, while it is in use.
    ///
    /// # Errors
    /// When the copy cannot be written, or the database is another.
    pub async fn backup(&self, file: &Path) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.0.dialect == Dialect::Sqlite,
            "PostgreSQL has a tool of its own for this: pg_dump"
        );
        let path = file.to_str().context("the path is not UTF-8")?;
        let mut sql = Sql::new("VACUUM INTO ");
        sql.bind(path);
        sql.execute(&mut self.0.readers.acquire().await?).await?;
        // SQLite leaves the sync of this file to whoever wants it.
        std::fs::File::open(file)?.sync_all()?;
        Ok(())
    }
}

fn check_row(row: &sqlx::any::AnyRow, counted: &mut DayCounts) -> anyhow::Result<()> {
    let text = |index| row.try_get::<String, _>(index);
    let response: Response = serde_json::from_str(&text(6)?)?;
    response.validate().map_err(|violation| anyhow::anyhow!("{violation}"))?;
    let is_same = response.id.to_text() == text(0)?
        && i64::from(response.revision) == row.try_get::<i64, _>(1)?
        && response.survey == text(2)?
        && response.status.as_str() == text(3)?;
    anyhow::ensure!(is_same, "its columns are not those of its body");
    let counted_as: CountedAs = serde_json::from_str(&text(5)?)?;
    counted.count(&counted_as, read::status(&text(3)?)?, row.try_get(4)?, 1);
    Ok(())
}
