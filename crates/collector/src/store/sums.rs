//! Adding up: roll-ups of whole days, and the responses of less than a day one by one.

use super::StoreError;
use super::connection::Connection;
use super::counted::Counted;
use super::counted_as::CountedAs;
use super::counts::{CountsOf, Segment};
use super::day_counts::DayCounts;
use super::read;
use super::sql::Sql;
use sqlx::Row;
use std::collections::HashMap;

/// The day under which everything is summed where days are not told apart.
const NO_DAY: i64 = i64::MIN;

pub(super) async fn sum_days(
    db: &mut Connection,
    of: &CountsOf<'_>,
    segments: &HashMap<i64, Segment>,
    (first, end): (i64, i64),
    sums: &mut DayCounts,
) -> sqlx::Result<()> {
    let mut ids: Vec<i64> = segments.keys().copied().collect();
    ids.sort_unstable();
    // Without days, the key of the table is the order of the sum, so that nothing is sorted.
    let mut sql = Sql::new(if of.by_day {
        "SELECT segment, day, only_shown, partial, completed, dismissed, responses FROM day_status
         WHERE segment IN "
    } else {
        "SELECT segment, CAST(0 AS BIGINT), CAST(SUM(only_shown) AS BIGINT),
                CAST(SUM(partial) AS BIGINT), CAST(SUM(completed) AS BIGINT),
                CAST(SUM(dismissed) AS BIGINT), CAST(SUM(responses) AS BIGINT)
         FROM day_status WHERE segment IN "
    });
    sql.list(ids.iter().copied()).push(" AND day >= ").bind(first).push(" AND day < ").bind(end);
    if !of.by_day {
        sql.push(" GROUP BY segment");
    }
    for row in sql.all(db).await? {
        let day = if of.by_day { row.try_get(1)? } else { NO_DAY };
        let sum = sums.statuses.entry((row.try_get(0)?, day)).or_default();
        for (index, sum) in sum.iter_mut().enumerate() {
            *sum += row.try_get::<i64, _>(index + 2)?;
        }
    }
    let mut sql = Sql::new(if of.by_day {
        "SELECT segment, day, scale, value, n FROM day_answer WHERE segment IN "
    } else {
        "SELECT segment, CAST(0 AS BIGINT), scale, value, CAST(SUM(n) AS BIGINT)
         FROM day_answer WHERE segment IN "
    });
    sql.list(ids).push(" AND day >= ").bind(first).push(" AND day < ").bind(end);
    if !of.by_day {
        sql.push(" GROUP BY segment, scale, value");
    }
    for row in sql.all(db).await? {
        let day = if of.by_day { row.try_get(1)? } else { NO_DAY };
        let value = Counted::of_stored(row.try_get(3)?);
        let key = (row.try_get(0)?, day, row.try_get(2)?, value);
        *sums.answers.entry(key).or_default() += row.try_get::<i64, _>(4)?;
    }
    Ok(())
}

/// Counts the responses of less than a day one by one.
pub(super) async fn count_rows(
    db: &mut Connection,
    of: &CountsOf<'_>,
    (from, to): (i64, i64),
    sums: &mut DayCounts,
) -> Result<(), StoreError> {
    if from >= to {
        return Ok(());
    }
    let mut sql = Sql::new("SELECT at, status, facts FROM response WHERE survey = ");
    sql.bind(of.survey).push(" AND at >= ").bind(from).push(" AND at < ").bind(to);
    sql.push(" AND facts IS NOT NULL");
    let mut rows = DayCounts::default();
    for row in sql.all(db).await? {
        let (status, counted_as): (String, String) = (row.try_get(1)?, row.try_get(2)?);
        let counted_as: CountedAs = serde_json::from_str(&counted_as)?;
        rows.count(&counted_as, read::status(&status)?, row.try_get(0)?, 1);
    }
    let keyed = |day| if of.by_day { day } else { NO_DAY };
    for ((segment, day), counts) in rows.statuses {
        let sum = sums.statuses.entry((segment, keyed(day))).or_default();
        for (sum, count) in sum.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    for ((segment, day, scale, value), n) in rows.answers {
        *sums.answers.entry((segment, keyed(day), scale, value)).or_default() += n;
    }
    Ok(())
}
