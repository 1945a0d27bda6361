//! By how much the roll-ups change. Many responses of one day and segment become one change.

use super::connection::Connection;
use super::counted_as::{ANYONE, CountedAs};
use super::sql::{Sql, chunks};
use sondeo_model::Status;
use std::collections::BTreeMap;

/// Milliseconds of a day.
pub(super) const DAY: i64 = 86_400_000;

/// By how much each count changes. In order of the keys: two collectors that change the same counts wait
/// for each other at the first one, and never crosswise.
#[derive(Debug, Default)]
pub(super) struct DayCounts {
    /// By segment and day: shown, partial, completed, dismissed, answered.
    pub(super) statuses: BTreeMap<(i64, i64), [i64; 5]>,
    /// By segment, day, scale and value.
    pub(super) answers: BTreeMap<(i64, i64, i64, String), i64>,
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
    /// Adds a response to the counts (`sign` 1) or takes it out of them (−1).
    pub(super) fn count(&mut self, counted_as: &CountedAs, status: Status, at: i64, sign: i64) {
        self.count_many(counted_as, status, at.div_euclid(DAY), sign);
    }

    /// Adds so many responses that count for the same, or takes them out.
    pub(super) fn count_many(&mut self, counted_as: &CountedAs, status: Status, day: i64, n: i64) {
        for &segment in &counted_as.segments {
            let row = self.statuses.entry((segment, day)).or_default();
            row[column(status)] += n;
            row[4] += n * i64::from(!counted_as.answers.is_empty());
            for (scale, values) in &counted_as.answers {
                let answered = [ANYONE.to_owned()];
                for value in answered.iter().chain(values) {
                    *self.answers.entry((segment, day, *scale, value.clone())).or_default() += n;
                }
            }
        }
    }

    /// Writes the changes.
    pub(super) async fn apply(self, db: &mut Connection) -> sqlx::Result<()> {
        let statuses: Vec<_> =
            self.statuses.into_iter().filter(|(_, row)| row.iter().any(|&n| n != 0)).collect();
        for rows in chunks(&statuses) {
            let mut sql = Sql::new(
                "INSERT INTO day_status
                     (segment, day, shown, partial, completed, dismissed, answered) VALUES ",
            );
            sql.rows(rows, |sql, ((segment, day), counts)| {
                sql.bind(*segment).push(", ").bind(*day);
                for &count in counts {
                    sql.push(", ").bind(count);
                }
            });
            sql.push(
                " ON CONFLICT (segment, day) DO UPDATE SET
                     shown = day_status.shown + excluded.shown,
                     partial = day_status.partial + excluded.partial,
                     completed = day_status.completed + excluded.completed,
                     dismissed = day_status.dismissed + excluded.dismissed,
                     answered = day_status.answered + excluded.answered",
            );
            sql.execute(db).await?;
        }
        let answers: Vec<_> = self.answers.into_iter().filter(|&(_, n)| n != 0).collect();
        for rows in chunks(&answers) {
            let mut sql =
                Sql::new("INSERT INTO day_answer (segment, day, scale, value, n) VALUES ");
            sql.rows(rows, |sql, ((segment, day, scale, value), n)| {
                sql.bind(*segment).push(", ").bind(*day).push(", ").bind(*scale);
                sql.push(", ").bind(&**value).push(", ").bind(*n);
            });
            sql.push(
                " ON CONFLICT (segment, day, scale, value)
                     DO UPDATE SET n = day_answer.n + excluded.n",
            );
            sql.execute(db).await?;
        }
        Ok(())
    }
}
