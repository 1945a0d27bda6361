//! One transaction that writes many responses: the group commit.

use super::catalog::Catalog;
use super::connection::{Connection, Pool, Transaction};
use super::counted_as::{CountedAs, SegmentNames};
use super::day_counts::DayCounts;
use super::destinations::Routes;
use super::incoming::{Incoming, Sender};
use super::rows::{self, Earlier, Erasures, StoredRow};
use super::sql::Sql;
use super::survey_key::{key_of, other_site};
use super::writer::WriteOutcome;
use super::{Dialect, StoreError, deliveries, erase, publishing};
use crate::clock::{self, DAY_MS};
use sondeo_model::{Response, Status};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What writers share and erasures have alone, in PostgreSQL.
pub(super) const ADVISORY_LOCK: i64 = 0x736f_6e64_656f;

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// To store and to count; whoever erases waits.
    Write,
    /// To erase; all others wait.
    Erase,
}

/// Begins a transaction that may write.
pub(super) async fn begin(
    writer: &Pool,
    dialect: Dialect,
    access: Access,
) -> sqlx::Result<Transaction> {
    match dialect {
        // A transaction that reads first and writes later could find that another one wrote meanwhile.
        Dialect::Sqlite => writer.begin_with("BEGIN IMMEDIATE").await,
        Dialect::Postgres => {
            let mut transaction = writer.begin().await?;
            let mut lock = Sql::new(match access {
                Access::Erase => "SELECT CAST(pg_advisory_xact_lock(",
                Access::Write => "SELECT CAST(pg_advisory_xact_lock_shared(",
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
    (catalog, routes): (&mut Catalog, &Routes),
    batch: &[Incoming],
) -> Result<BatchReport, StoreError> {
    let error = match write_new(writer, dialect, (catalog, routes), batch).await {
        Ok(written) => return Ok(written),
        Err(error) => error,
    };
    let Ok(mut db) = writer.acquire().await else { return Err(error) };
    match rows::are_known(&mut db, batch).await {
        Ok(true) => Ok(BatchReport {
            outcomes: vec![WriteOutcome::Duplicate; batch.len()],
            names: Named::default(),
            is_to_deliver: false,
            failed: Some(error),
        }),
        _ => Err(error),
    }
}

async fn write_new(
    writer: &Pool,
    dialect: Dialect,
    (catalog, routes): (&mut Catalog, &Routes),
    batch: &[Incoming],
) -> Result<BatchReport, StoreError> {
    let each = || batch.iter().map(|it| (&it.response, &it.names, it.at));
    let mut is_welcome = vec![true; batch.len()];
    if catalog.plan(each()).is_anything() {
        // What is not stored leaves no name behind: it may be what an erased person wrote, or what a stranger made up
        // about a response that is there.
        let mut db = writer.acquire().await?;
        let erased = rows::erased(&mut db, batch).await?;
        let stored = rows::stored(&mut db, batch.iter().map(|it| &*it.id)).await?;
        let (outcomes, _) = sort_out(batch, &erased, &stored);
        is_welcome = outcomes.iter().map(Option::is_none).collect();
    }
    let welcome = each().zip(&is_welcome).filter(|(_, is_welcome)| **is_welcome);
    let mut names = name(writer, dialect, catalog, welcome.map(|(it, _)| it)).await?;
    let mut brought = names.brought.into_iter();
    let of_each = is_welcome.iter().map(|it| if *it { brought.next() } else { None });
    names.brought = of_each.map(Option::unwrap_or_default).collect();
    let mut transaction = begin(writer, dialect, Access::Write).await?;
    let (outcomes, is_to_deliver) = write_in(&mut transaction, catalog, routes, batch).await?;
    transaction.commit().await?;
    // Another collector may have erased one after it was named.
    let left: BTreeSet<&str> = outcomes
        .iter()
        .zip(&names.brought)
        .zip(batch)
        .filter(|((outcome, brought), _)| **brought > 0 && **outcome == WriteOutcome::Erased)
        .map(|(_, incoming)| &*incoming.survey)
        .collect();
    if !left.is_empty() {
        let mut transaction = begin(writer, dialect, Access::Erase).await?;
        erase::forget_names_of(&mut transaction, left).await?;
        transaction.commit().await?;
        catalog.reload(&mut writer.acquire().await?).await?;
    }
    Ok(BatchReport { outcomes, names, is_to_deliver, failed: None })
}

/// What is against storing each of a batch; and of each response that may be stored, the place of its highest revision.
/// By id, so that two collectors that write the same responses wait for each other in one order.
fn sort_out<'a>(
    batch: &'a [Incoming],
    erased: &Erasures,
    stored: &HashMap<String, StoredRow>,
) -> (Vec<Option<WriteOutcome>>, BTreeMap<&'a str, usize>) {
    let mut outcomes = vec![None; batch.len()];
    let mut highest: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, incoming) in batch.iter().enumerate() {
        if erased.has(incoming) {
            outcomes[index] = Some(WriteOutcome::Erased);
            continue;
        }
        // One that is stored already decides whose the others are, and not who comes first.
        if let Some(stored) = stored.get(&incoming.id) {
            if stored.survey != incoming.survey {
                outcomes[index] = Some(WriteOutcome::OtherSurvey);
                continue;
            }
            if i64::from(incoming.response.revision) <= stored.revision {
                outcomes[index] = Some(WriteOutcome::Duplicate);
                continue;
            }
        }
        let place = highest.entry(&incoming.id).or_insert(index);
        let first = &batch[*place];
        if *place == index {
            continue;
        }
        if first.survey != incoming.survey {
            outcomes[index] = Some(WriteOutcome::OtherSurvey);
        } else if first.response.revision < incoming.response.revision {
            outcomes[*place] = Some(WriteOutcome::Duplicate);
            *place = index;
        } else {
            outcomes[index] = Some(WriteOutcome::Duplicate);
        }
    }
    (outcomes, highest)
}

/// What became of a batch.
pub(super) struct BatchReport {
    /// Of each response, in their order.
    pub(super) outcomes: Vec<WriteOutcome>,
    pub(super) names: Named,
    /// Whether a destination is to hear of any of them.
    pub(super) is_to_deliver: bool,
    /// Why nothing was written, where all of them are stored already.
    pub(super) failed: Option<StoreError>,
}

/// The names that a batch brought.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// By each response, in their order.
    pub(super) brought: Vec<u32>,
    /// How many found no place.
    pub(super) refused: u64,
    /// How many others made room.
    pub(super) merged: u64,
}

/// Gives a name to everything that these responses, which count for these moments, bring along, in one transaction.
///
/// It is not the transaction that stores them: a name is never taken back, so that two collectors that name the same
/// wait for each other for as short as can be.
pub(super) async fn name<'a>(
    writer: &Pool,
    dialect: Dialect,
    catalog: &mut Catalog,
    responses: impl Iterator<Item = (&'a Response, &'a SegmentNames, i64)> + Clone,
) -> sqlx::Result<Named> {
    let mut new = catalog.plan(responses.clone());
    let mut merged = 0;
    if !new.refused_surveys().is_empty() {
        let mut db = writer.acquire().await?;
        if catalog.admit_keyed(&mut db, new.refused_surveys()).await? {
            new = catalog.plan(responses.clone());
        }
    }
    if !new.crowded().is_empty() {
        let mut transaction = begin(writer, dialect, Access::Write).await?;
        merged = catalog.make_room(&mut transaction, new.crowded()).await?;
        transaction.commit().await?;
        if merged > 0 {
            catalog.reload(&mut writer.acquire().await?).await?;
            new = catalog.plan(responses);
        }
    }
    if !new.is_empty() {
        let mut transaction = begin(writer, dialect, Access::Write).await?;
        let written = catalog.write(&mut transaction, &new).await;
        let written = match written {
            Ok(()) => transaction.commit().await,
            Err(error) => {
                // Of SQLite, there is one connection that writes, and the next line wants it.
                drop(transaction);
                Err(error)
            }
        };
        if let Err(error) = written {
            // The catalog says more than the database knows.
            catalog.reload(&mut writer.acquire().await?).await?;
            return Err(error);
        }
    }
    Ok(Named { brought: new.brought, refused: new.refused, merged })
}

/// Writes those that have names, in this transaction; says what became of each, in their order, and whether a destination
/// is to hear of any.
pub(super) async fn write_in<'a>(
    db: &mut Connection,
    catalog: &Catalog,
    routes: &Routes,
    batch: &'a [Incoming],
) -> Result<(Vec<WriteOutcome>, bool), StoreError> {
    let erased = rows::erased(db, batch).await?;
    // Of a survey that has no name, a response may be one that is stored elsewhere.
    let nameless = batch.iter().filter(|it| !catalog.has_survey(&it.survey)).map(|it| &*it.id);
    let stored = rows::stored(db, rows::disputed(batch).into_iter().chain(nameless)).await?;
    let (sorted_out, mut highest) = sort_out(batch, &erased, &stored);
    let mut outcomes: Vec<WriteOutcome> =
        sorted_out.into_iter().map(|it| it.unwrap_or(WriteOutcome::Duplicate)).collect();
    highest.retain(|_, place| {
        let has_survey = catalog.has_survey(&batch[*place].survey);
        if !has_survey {
            outcomes[*place] = WriteOutcome::TooManySurveys;
        }
        has_survey
    });
    let candidates: Vec<Candidate<'_>> = highest
        .into_values()
        .map(|index| {
            let incoming = &batch[index];
            let counted_as = CountedAs::of(&incoming.response, &incoming.names, catalog);
            Candidate { index, incoming, counted_as, at: incoming.at }
        })
        .collect();

    let all: Vec<&Candidate<'_>> = candidates.iter().collect();
    let new = rows::insert_new(db, &all).await?;
    let (new, others): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|candidate| new.contains(&candidate.incoming.id));
    let earlier = rows::earlier(db, &others).await?;
    let mut sums = Sums::default();
    for candidate in &new {
        outcomes[candidate.index] = WriteOutcome::Inserted;
        sums.add(&candidate.counted_as, candidate.incoming.response.status, candidate.at, 1);
    }
    let mut higher = Vec::new();
    for mut candidate in others {
        let response = &candidate.incoming.response;
        let Some(earlier) = earlier.get(&candidate.incoming.id) else { continue };
        if candidate.incoming.survey != earlier.survey {
            outcomes[candidate.index] = WriteOutcome::OtherSurvey;
            continue;
        }
        if i64::from(response.revision) <= earlier.revision {
            continue;
        }
        outcomes[candidate.index] = WriteOutcome::Inserted;
        // It keeps the time that it counts for, whatever a visitor does to the clock.
        candidate.at = earlier.at;
        higher.push((candidate, earlier));
    }
    for (candidate, Earlier { status, at, counted_as, .. }) in &higher {
        sums.add(counted_as, *status, *at, -1);
        sums.add(&candidate.counted_as, candidate.incoming.response.status, candidate.at, 1);
    }
    let mut answers: BTreeMap<&str, i64> = BTreeMap::new();
    let mut count = |candidate: &Candidate<'a>, was_answered: bool| {
        let Candidate { incoming, counted_as, .. } = candidate;
        let counts = incoming.sender == Sender::Visitor && !incoming.is_imported;
        if counts && counted_as.answered && !was_answered {
            *answers.entry(&incoming.survey).or_default() += 1;
        }
    };
    new.iter().for_each(|candidate| count(candidate, false));
    higher.iter().for_each(|(candidate, earlier)| count(candidate, earlier.counted_as.answered));
    let managed = publishing::managed(db, answers.keys().copied()).await?;
    answers.retain(|key, _| managed.contains(*key));
    let counts = sums.expand();
    let higher: Vec<&Candidate<'_>> = higher.iter().map(|(candidate, _)| candidate).collect();
    let mut is_to_deliver = false;
    if !routes.is_empty() {
        let new = new.iter().map(|candidate| candidate.incoming);
        is_to_deliver = deliveries::queue_new(db, routes, new).await?;
        let higher = higher.iter().map(|candidate| candidate.incoming);
        is_to_deliver |= deliveries::queue_higher(db, routes, higher).await?;
    }
    rows::replace(db, &higher).await?;
    let ids: Vec<&str> = higher.iter().map(|it| &*it.incoming.id).collect();
    rows::delete_comments(db, &ids).await?;
    // What a crawler fills in is no comment.
    let written = new.iter().chain(higher).filter(|it| it.incoming.sender == Sender::Visitor);
    let written = written.map(|it| (&it.incoming.response, it.at));
    rows::insert_comments(db, written).await?;
    counts.apply(db).await?;
    // Last: other collectors wait for these rows until this transaction is over.
    publishing::count_answers(db, &answers, clock::now()).await?;
    Ok((outcomes, is_to_deliver))
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
        *self.0.entry((counted_as, status, at.div_euclid(DAY_MS))).or_default() += sign;
    }

    fn expand(self) -> DayCounts {
        let mut counts = DayCounts::default();
        for ((counted_as, status, day), n) in self.0 {
            counts.count_on(counted_as, status, day, n);
        }
        counts
    }
}

/// Writes the counts, columns and comments of responses that are not counted, from their bodies. Comments that earlier
/// versions stored give way to them.
pub(super) async fn count_stored(
    db: &mut Connection,
    catalog: &Catalog,
    responses: &[(Response, SegmentNames, i64)],
) -> Result<(), StoreError> {
    let mut counts = DayCounts::default();
    for (response, names, at) in responses {
        let counted_as = CountedAs::of(response, names, catalog);
        let mut sql = Sql::new("UPDATE response SET facts = ");
        sql.bind(serde_json::to_string(&counted_as)?);
        sql.push(", revision = ").bind(i64::from(response.revision));
        sql.push(", survey = ").bind(&*key_of(response));
        sql.push(", status = ").bind(response.status.as_str());
        sql.push(", shown_at = ").bind(response.shown_at.as_millis());
        sql.push(", visitor = ").bind(response.visitor.as_deref());
        sql.push(", site = ").bind(other_site(response));
        sql.push(" WHERE facts IS NULL AND id = ").bind(response.id.to_text());
        if sql.execute(db).await?.rows_affected() == 0 {
            continue;
        }
        counts.count(&counted_as, response.status, *at, 1);
        rows::delete_comments(db, &[&response.id.to_text()]).await?;
        if names.are_of_a_visitor() {
            rows::insert_comments(db, std::iter::once((response, *at))).await?;
        }
    }
    counts.apply(db).await
}
