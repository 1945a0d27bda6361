//! Responses and answers by day: by how much the sums change, and what they add up to. Many responses of one day
//! and segment become one change.

use super::StoreError;
use super::connection::Connection;
use super::counted::Counted;
use super::counted_as::CountedAs;
use super::sql::{Sql, chunks};
use crate::clock::DAY_MS;
use sondeo_model::Status;
use std::collections::BTreeMap;

/// Counts by segment and day. In order of the keys: two collectors that change the same counts wait for each other
/// at the first one, and never crosswise.
#[derive(Debug, Default)]
pub(super) struct DayCounts {
    /// By segment and day: only shown, partial, completed, dismissed, and those with an answer.
    pub(super) statuses: BTreeMap<(i64, i64), [i64; 5]>,
    /// By segment, day, scale and value.
    pub(super) answers: BTreeMap<(i64, i64, i64, Counted), i64>,
    /// Answers by wording, of all days.
    pub(super) wordings: BTreeMap<i64, i64>,
}

/// The column of a state in [`DayCounts::statuses`].
fn column(status: Status) -> usize {
    match status {
        Status::Shown => 0,
        Status::Partial => 1,
        Status::Completed => 2,
        Status::Dismissed => 3,
    }
}

impl DayCounts {
    /// Adds so many responses that count for the same (or takes them out, where `n` is negative), at this moment in
    /// milliseconds.
    pub(super) fn count(&mut self, counted_as: &CountedAs, status: Status, at: i64, n: i64) {
        self.count_on(counted_as, status, at.div_euclid(DAY_MS), n);
    }

    /// The same, on this day since 1970-01-01.
    pub(super) fn count_on(&mut self, counted_as: &CountedAs, status: Status, day: i64, n: i64) {
        for (segment, answers) in counted_as.parts() {
            let row = self.statuses.entry((segment, day)).or_default();
            row[column(status)] += n;
            row[4] += n * i64::from(counted_as.answered);
            for (scale, values) in answers {
                for value in std::iter::once(&Counted::Anyone).chain(values) {
                    *self.answers.entry((segment, day, *scale, value.clone())).or_default() += n;
                }
            }
        }
        for wording in &counted_as.wordings {
            *self.wordings.entry(*wording).or_default() += n;
        }
    }

    /// Writes the changes.
    ///
    /// # Errors
    /// [`StoreError::StaleCatalog`] where a wording is gone; a segment or a scale that is gone violates a foreign
    /// key.
    pub(super) async fn apply(self, db: &mut Connection) -> Result<(), StoreError> {
        let statuses: Vec<_> =
            self.statuses.into_iter().filter(|(_, row)| row.iter().any(|&n| n != 0)).collect();
        for rows in chunks(&statuses) {
            let mut sql = Sql::new(
                "INSERT INTO day_status
                     (segment, day, only_shown, partial, completed, dismissed, responses) VALUES ",
            );
            sql.rows(rows, |sql, ((segment, day), counts)| {
                sql.bind(*segment).push(", ").bind(*day);
                for &count in counts {
                    sql.push(", ").bind(count);
                }
            });
            sql.push(
                " ON CONFLICT (segment, day) DO UPDATE SET
                     only_shown = day_status.only_shown + excluded.only_shown,
                     partial = day_status.partial + excluded.partial,
                     completed = day_status.completed + excluded.completed,
                     dismissed = day_status.dismissed + excluded.dismissed,
                     responses = day_status.responses + excluded.responses",
            );
            sql.execute(db).await?;
        }
        let answers: Vec<_> = self.answers.into_iter().filter(|&(_, n)| n != 0).collect();
        for rows in chunks(&answers) {
            let mut sql =
                Sql::new("INSERT INTO day_answer (segment, day, scale, value, n) VALUES ");
            sql.rows(rows, |sql, ((segment, day, scale, value), n)| {
                sql.bind(*segment).push(", ").bind(*day).push(", ").bind(*scale);
                sql.push(", ").bind(value.stored()).push(", ").bind(*n);
            });
            sql.push(
                " ON CONFLICT (segment, day, scale, value)
                     DO UPDATE SET n = day_answer.n + excluded.n",
            );
            sql.execute(db).await?;
        }
        let wordings: Vec<_> = self.wordings.into_iter().filter(|&(_, n)| n != 0).collect();
        for rows in chunks(&wordings) {
            let mut sql =
                Sql::new("UPDATE wording SET n = wording.n + change.column2 FROM (VALUES ");
            sql.rows(rows, |sql, (wording, n)| {
                sql.push("CAST(").bind(*wording).push(" AS BIGINT), CAST(").bind(*n);
                sql.push(" AS BIGINT)");
            });
            sql.push(") AS change WHERE wording.id = change.column1");
            if sql.execute(db).await?.rows_affected() < rows.len() as u64 {
                return Err(StoreError::StaleCatalog);
            }
        }
        Ok(())
    }
}
