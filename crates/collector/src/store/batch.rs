//! One transaction that writes many responses: the group commit.

use super::catalog::Catalog;
use super::connection::{Connection, Pool, Transaction};
use super::counted_as::{CountedAs, SegmentNames};
use super::day_counts::{DAY, DayCounts};
use super::incoming::{Incoming, Sender};
use super::rows::{self, Earlier};
use super::sql::Sql;
use super::writer::WriteOutcome;
use super::{Dialect, StoreError};
use sondeo_model::{Response, Status};
use std::collections::{BTreeMap, HashMap};

/// What writers share and erasures have alone, in PostgreSQL.
pub(super) const ADVISORY_LOCK: i64 = 0x736f_6e64_656f;

/// Begins a transaction that may write, and holds whoever erases off until it ends.
pub(super) async fn begin(
    writer: &Pool,
    dialect: Dialect,
    erases: bool,
) -> sqlx::Result<Transaction> {
    match dialect {
        // A transaction that reads first and writes later could find that another one wrote meanwhile.
        Dialect::Sqlite => writer.begin_with("BEGIN IMMEDIATE").await,
        Dialect::Postgres => {
            let mut transaction = writer.begin().await?;
            let mut lock = Sql::new(if erases {
                "SELECT CAST(pg_advisory_xact_lock("
            } else {
                "SELECT CAST(pg_advisory_xact_lock_shared("
            });
            lock.bind(ADVISORY_LOCK).push(") AS TEXT)");
            lock.all(&mut transaction).await?;
            Ok(transaction)
        }
    }
}

/// Writes all of them, or none; says what became of each, in their order.
///
/// Where nothing can be written, on a full disk, what is stored already is acknowledged all the same.
pub(super) async fn write(
    writer: &Pool,
    dialect: Dialect,
    catalog: &mut Catalog,
    batch: &[Incoming],
) -> Result<Vec<WriteOutcome>, StoreError> {
    let error = match write_new(writer, dialect, catalog, batch).await {
        Ok(kept) => return Ok(kept),
        Err(error) => error,
    };
    let Ok(mut db) = writer.acquire().await else { return Err(error) };
    match rows::are_known(&mut db, batch).await {
        Ok(true) => Ok(vec![WriteOutcome::Duplicate; batch.len()]),
        _ => Err(error),
    }
}

async fn write_new(
    writer: &Pool,
    dialect: Dialect,
    catalog: &mut Catalog,
    batch: &[Incoming],
) -> Result<Vec<WriteOutcome>, StoreError> {
    {
        let mut db = writer.acquire().await?;
        let each =
            batch.iter().map(|incoming| (&incoming.response, &incoming.names, incoming.at()));
        catalog.prepare(&mut db, each).await?;
    }
    let mut transaction = begin(writer, dialect, false).await?;
    let kept = write_in(&mut transaction, catalog, batch).await?;
    transaction.commit().await?;
    Ok(kept)
}

async fn write_in(
    db: &mut Connection,
    catalog: &Catalog,
    batch: &[Incoming],
) -> Result<Vec<WriteOutcome>, StoreError> {
    let erased = rows::erased(db, batch).await?;
    let mut kept = vec![WriteOutcome::Duplicate; batch.len()];
    // Of each response, the highest revision of the batch; by id, so that two collectors that write the
    // same responses wait for each other in one order.
    let mut highest: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, incoming) in batch.iter().enumerate() {
        if erased.has(incoming) {
            kept[index] = WriteOutcome::Erased;
            continue;
        }
        let place = highest.entry(&incoming.id).or_insert(index);
        if batch[*place].response.survey != incoming.response.survey {
            kept[index] = WriteOutcome::OtherSurvey;
            continue;
        }
        if batch[*place].response.revision < incoming.response.revision {
            *place = index;
        }
    }
    let candidates: Vec<Candidate<'_>> = highest
        .into_values()
        .map(|index| {
            let incoming = &batch[index];
            let counted_as = CountedAs::of(&incoming.response.survey, &incoming.names, catalog);
            Candidate { index, incoming, counted_as, at: incoming.at() }
        })
        .collect();

    let all: Vec<&Candidate<'_>> = candidates.iter().collect();
    let new = rows::insert_new(db, &all).await?;
    let (new, others): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|candidate| new.contains(&candidate.incoming.id));
    let earlier = rows::earlier(db, &others).await?;
    let mut sums = Sums::default();
    for candidate in &new {
        kept[candidate.index] = WriteOutcome::Inserted;
        sums.add(&candidate.counted_as, candidate.incoming.response.status, candidate.at, 1);
    }
    let mut higher = Vec::new();
    for mut candidate in others {
        let response = &candidate.incoming.response;
        let Some(earlier) = earlier.get(&candidate.incoming.id) else { continue };
        if earlier.survey != response.survey {
            kept[candidate.index] = WriteOutcome::OtherSurvey;
            continue;
        }
        if i64::from(response.revision) <= earlier.revision {
            continue;
        }
        kept[candidate.index] = WriteOutcome::Inserted;
        // It keeps the time that it counts for, whatever a visitor does to the clock.
        candidate.at = earlier.at;
        higher.push((candidate, earlier));
    }
    for (candidate, Earlier { status, at, counted_as, .. }) in &higher {
        sums.add(counted_as, *status, *at, -1);
        sums.add(&candidate.counted_as, candidate.incoming.response.status, candidate.at, 1);
    }
    let counts = sums.expand();
    let higher: Vec<&Candidate<'_>> = higher.iter().map(|(candidate, _)| candidate).collect();
    rows::replace(db, &higher).await?;
    rows::delete_comments(db, &higher).await?;
    // What a crawler fills in is no comment.
    let written = new.iter().chain(higher).filter(|it| it.incoming.sender == Sender::Visitor);
    let written = written.map(|it| (&it.incoming.response, it.at));
    rows::insert_comments(db, written).await?;
    counts.apply(db).await?;
    Ok(kept)
}

/// A response of a batch that may be stored.
pub(super) struct Candidate<'a> {
    /// Its place in the batch.
    index: usize,
    pub(super) incoming: &'a Incoming,
    pub(super) counted_as: CountedAs,
    /// The time that it counts for.
    pub(super) at: i64,
}

/// How many responses count for the same: those of a busy hour differ little, and are counted once.
#[derive(Default)]
struct Sums<'a>(HashMap<(&'a CountedAs, Status, i64), i64>);

impl<'a> Sums<'a> {
    fn add(&mut self, counted_as: &'a CountedAs, status: Status, at: i64, sign: i64) {
        *self.0.entry((counted_as, status, at.div_euclid(DAY))).or_default() += sign;
    }

    fn expand(self) -> DayCounts {
        let mut counts = DayCounts::default();
        for ((counted_as, status, day), n) in self.0 {
            counts.count_many(counted_as, status, day, n);
        }
        counts
    }
}

/// Writes the counts and comments of responses that were stored before there were any.
pub(super) async fn count_stored(
    db: &mut Connection,
    catalog: &Catalog,
    responses: &[(Response, SegmentNames, i64)],
) -> Result<(), StoreError> {
    let mut counts = DayCounts::default();
    for (response, names, at) in responses {
        let counted_as = CountedAs::of(&response.survey, names, catalog);
        let mut sql = Sql::new("UPDATE response SET facts = ");
        sql.bind(serde_json::to_string(&counted_as)?).push(" WHERE facts IS NULL AND id = ");
        sql.bind(response.id.to_text());
        if sql.execute(db).await?.rows_affected() == 0 {
            continue;
        }
        counts.count(&counted_as, response.status, *at, 1);
        rows::insert_comments(db, std::iter::once((response, *at))).await?;
    }
    Ok(counts.apply(db).await?)
}
