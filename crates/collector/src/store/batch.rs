//! One transaction that writes many responses: the group commit.

use super::catalog::Catalog;
use super::deltas::Deltas;
use super::facts::Facts;
use super::sql::Sql;
use super::writer::Kept;
use super::{Dialect, Error};
use crate::clock;
use sha2::{Digest, Sha256};
use sondeo_model::{KindName, Response, Status, Timestamp, Value};
use sqlx::{AnyConnection, AnyPool, Row};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Rows that one statement writes. Always the same number, so that it is prepared once.
const ROWS: usize = 64;
/// A response that claims to have been shown longer ago than widgets keep one (30 days, and a month to
/// spare) comes from a clock that is wrong.
const OLDEST: i64 = 60 * super::deltas::DAY;
/// What writers share and erasures have alone, in PostgreSQL.
pub(super) const ADVISORY_LOCK: i64 = 0x736f_6e64_656f;

/// A response on its way into the database.
#[derive(Debug, Clone)]
pub(super) struct Incoming {
    pub(super) response: Response,
    /// When this revision came.
    pub(super) received_at: Timestamp,
    /// Whether `shown_at` is believed however long ago it is.
    pub(super) is_import: bool,
}

impl Incoming {
    /// The time that it counts for.
    fn at(&self) -> i64 {
        let (shown, received) = (self.response.shown_at.as_millis(), self.received_at.as_millis());
        if shown < received - OLDEST && !self.is_import { received } else { shown.min(received) }
    }
}

/// How a response is stored so far.
struct Earlier {
    revision: i64,
    status: Status,
    at: i64,
    facts: Facts,
}

/// Begins a transaction that may write, and holds whoever erases off until it ends.
pub(super) async fn begin(
    writer: &AnyPool,
    dialect: Dialect,
    erases: bool,
) -> sqlx::Result<sqlx::Transaction<'static, sqlx::Any>> {
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
pub(super) async fn write(
    writer: &AnyPool,
    dialect: Dialect,
    catalog: &mut Catalog,
    batch: &[Incoming],
) -> Result<Vec<Kept>, Error> {
    {
        let mut db = writer.acquire().await?;
        catalog.prepare(&mut db, batch.iter().map(|incoming| &incoming.response)).await?;
    }
    let mut transaction = begin(writer, dialect, false).await?;
    let kept = write_in(&mut transaction, catalog, batch).await?;
    transaction.commit().await?;
    Ok(kept)
}

async fn write_in(
    db: &mut AnyConnection,
    catalog: &Catalog,
    batch: &[Incoming],
) -> Result<Vec<Kept>, Error> {
    let (erased, erased_visitors) = (erased(db, batch).await?, erased_visitors(db, batch).await?);
    let mut kept = vec![Kept::Known; batch.len()];
    // Of each response, the highest revision of the batch; by id, so that two collectors that write the
    // same responses wait for each other in one order.
    let mut highest: BTreeMap<String, usize> = BTreeMap::new();
    for (index, incoming) in batch.iter().enumerate() {
        let response = &incoming.response;
        let id = response.id.to_text();
        let is_erased = erased.contains(&id)
            || response.visitor.as_deref().is_some_and(|visitor| {
                let erased_at = erased_visitors.get(visitor_hash(visitor).as_slice());
                erased_at.is_some_and(|&erased_at| response.shown_at.as_millis() <= erased_at)
            });
        if is_erased {
            kept[index] = Kept::Erased;
            continue;
        }
        let place = highest.entry(id).or_insert(index);
        if batch[*place].response.revision < response.revision {
            *place = index;
        }
    }
    let facts: BTreeMap<&str, Facts> = highest
        .iter()
        .map(|(id, &index)| (id.as_str(), Facts::of(&batch[index].response, catalog)))
        .collect();
    let rows: Vec<(&str, &Incoming, &Facts)> = highest
        .iter()
        .map(|(id, &index)| (id.as_str(), &batch[index], &facts[id.as_str()]))
        .collect();

    let mut deltas = Deltas::default();
    let mut comments = Vec::new();
    let new = insert_new(db, &rows).await?;
    let mut others = Vec::new();
    for &(id, incoming, facts) in &rows {
        if new.contains(id) {
            kept[highest[id]] = Kept::New;
            deltas.count(facts, incoming.response.status, incoming.at(), 1);
            comments.push((incoming, incoming.at()));
        } else {
            others.push((id, incoming, facts));
        }
    }
    let earlier = earlier(db, &others).await?;
    let mut higher = Vec::new();
    for (id, incoming, facts) in others {
        let Some(earlier) = earlier.get(id) else { continue };
        if i64::from(incoming.response.revision) <= earlier.revision {
            continue;
        }
        kept[highest[id]] = Kept::New;
        deltas.count(&earlier.facts, earlier.status, earlier.at, -1);
        // It keeps the time that it counts for, whatever a visitor does to the clock.
        deltas.count(facts, incoming.response.status, earlier.at, 1);
        comments.push((incoming, earlier.at));
        higher.push((id, incoming, facts, earlier.at));
    }
    replace(db, &higher).await?;
    write_comments(db, &higher, &comments).await?;
    deltas.apply(db).await?;
    Ok(kept)
}

/// What stands for a visitor's id where the id itself must be forgotten.
pub(super) fn visitor_hash(visitor: &str) -> Vec<u8> {
    Sha256::digest(visitor.as_bytes()).to_vec()
}

async fn erased(db: &mut AnyConnection, batch: &[Incoming]) -> sqlx::Result<HashSet<String>> {
    let mut sql = Sql::new("SELECT id FROM erased_response WHERE id IN ");
    sql.list(batch.iter().map(|incoming| incoming.response.id.to_text()));
    sql.all(db).await?.iter().map(|row| row.try_get(0)).collect()
}

async fn erased_visitors(
    db: &mut AnyConnection,
    batch: &[Incoming],
) -> sqlx::Result<HashMap<Vec<u8>, i64>> {
    let visitors: Vec<_> =
        batch.iter().filter_map(|i| i.response.visitor.as_deref()).map(visitor_hash).collect();
    if visitors.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("SELECT sha256, at FROM erased_visitor WHERE sha256 IN ");
    sql.list(visitors);
    sql.all(db).await?.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Inserts those that are not there, and says which these were.
///
/// In PostgreSQL this waits for another collector that inserts the same, so that afterwards every
/// response of the batch is there and can be locked.
async fn insert_new(
    db: &mut AnyConnection,
    rows: &[(&str, &Incoming, &Facts)],
) -> Result<HashSet<String>, Error> {
    let mut new = HashSet::new();
    for rows in rows.chunks(ROWS) {
        let mut sql = Sql::new(COLUMNS);
        push_rows(
            &mut sql,
            rows.iter().map(|&(id, incoming, facts)| (id, incoming, facts, incoming.at())),
        )?;
        sql.push(" ON CONFLICT (id) DO NOTHING RETURNING id");
        for row in sql.all(db).await? {
            new.insert(row.try_get::<String, _>(0)?);
        }
    }
    Ok(new)
}

const COLUMNS: &str = "INSERT INTO response
    (id, revision, survey, status, shown_at, received_at, body, at, visitor, facts) VALUES ";

fn push_rows<'a>(
    sql: &mut Sql,
    rows: impl Iterator<Item = (&'a str, &'a Incoming, &'a Facts, i64)>,
) -> Result<(), Error> {
    let rows = rows
        .map(|(id, incoming, facts, at)| Ok((id, incoming, serde_json::to_string(facts)?, at)))
        .collect::<Result<Vec<_>, Error>>()?;
    sql.rows(rows, |sql, (id, incoming, facts, at)| {
        let response = &incoming.response;
        sql.bind(id).push(", ").bind(i64::from(response.revision));
        sql.push(", ").bind(&*response.survey).push(", ").bind(response.status.word());
        sql.push(", ").bind(response.shown_at.as_millis());
        sql.push(", ").bind(incoming.received_at.as_millis());
        sql.push(", ").bind(response.to_json()).push(", ").bind(at);
        sql.push(", ").bind(response.visitor.clone()).push(", ").bind(facts);
    });
    Ok(())
}

/// Locks those that are there, and reads what they count for.
async fn earlier(
    db: &mut AnyConnection,
    rows: &[(&str, &Incoming, &Facts)],
) -> Result<HashMap<String, Earlier>, Error> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("SELECT id, revision, status, at, facts FROM response WHERE id IN ");
    sql.list(rows.iter().map(|&(id, ..)| id));
    sql.push(" ORDER BY id");
    if db.backend_name() == "PostgreSQL" {
        sql.push(" FOR UPDATE");
    }
    let mut earlier = HashMap::new();
    for row in sql.all(db).await? {
        let status: String = row.try_get(2)?;
        let facts: Option<String> = row.try_get(4)?;
        let known = Earlier {
            revision: row.try_get(1)?,
            status: super::read::status(&status)?,
            at: row.try_get(3)?,
            facts: facts.map(|facts| serde_json::from_str(&facts)).transpose()?.unwrap_or_default(),
        };
        earlier.insert(row.try_get(0)?, known);
    }
    Ok(earlier)
}

/// Puts higher revisions in the place of what is there, which is locked.
async fn replace(
    db: &mut AnyConnection,
    rows: &[(&str, &Incoming, &Facts, i64)],
) -> Result<(), Error> {
    for rows in rows.chunks(ROWS) {
        let mut sql = Sql::new(COLUMNS);
        push_rows(&mut sql, rows.iter().copied())?;
        sql.push(
            " ON CONFLICT (id) DO UPDATE SET
                 revision = excluded.revision,
                 survey = excluded.survey,
                 status = excluded.status,
                 shown_at = excluded.shown_at,
                 received_at = excluded.received_at,
                 body = excluded.body,
                 visitor = excluded.visitor,
                 facts = excluded.facts",
        );
        sql.execute(db).await?;
    }
    Ok(())
}

async fn write_comments(
    db: &mut AnyConnection,
    replaced: &[(&str, &Incoming, &Facts, i64)],
    responses: &[(&Incoming, i64)],
) -> sqlx::Result<()> {
    if !replaced.is_empty() {
        let mut sql = Sql::new("DELETE FROM comment WHERE response IN ");
        sql.list(replaced.iter().map(|&(id, ..)| id));
        sql.execute(db).await?;
    }
    let comments: Vec<_> =
        responses.iter().flat_map(|&(incoming, at)| comments(&incoming.response, at)).collect();
    for rows in comments.chunks(ROWS) {
        let mut sql =
            Sql::new("INSERT INTO comment (response, question, survey, at, text) VALUES ");
        sql.rows(rows, |sql, (response, question, text, at)| {
            sql.bind(response.id.to_text()).push(", ").bind(*question);
            sql.push(", ").bind(&*response.survey).push(", ").bind(*at).push(", ").bind(*text);
        });
        sql.execute(db).await?;
    }
    Ok(())
}

/// What a visitor wrote: each question and text.
pub(super) fn comments(
    response: &Response,
    at: i64,
) -> impl Iterator<Item = (&Response, &str, &str, i64)> {
    response.answers.iter().filter_map(move |answer| match (&answer.value, answer.kind) {
        (Value::Text(text), KindName::Text) if !text.trim().is_empty() => {
            Some((response, answer.question.as_str(), text.as_str(), at))
        }
        _ => None,
    })
}

/// Writes the counts and comments of responses that were stored before there were any.
pub(super) async fn count_stored(
    db: &mut AnyConnection,
    catalog: &Catalog,
    responses: &[(Response, i64)],
) -> Result<(), Error> {
    let mut deltas = Deltas::default();
    for (response, at) in responses {
        let facts = Facts::of(response, catalog);
        let mut sql = Sql::new("UPDATE response SET facts = ");
        sql.bind(serde_json::to_string(&facts)?).push(" WHERE facts IS NULL AND id = ");
        sql.bind(response.id.to_text());
        if sql.execute(db).await?.rows_affected() == 0 {
            continue;
        }
        deltas.count(&facts, response.status, *at, 1);
        let mut rows = comments(response, *at).peekable();
        if rows.peek().is_some() {
            let mut sql =
                Sql::new("INSERT INTO comment (response, question, survey, at, text) VALUES ");
            sql.rows(rows, |sql, (response, question, text, at)| {
                sql.bind(response.id.to_text()).push(", ").bind(question);
                sql.push(", ").bind(&*response.survey).push(", ").bind(at).push(", ").bind(text);
            });
            sql.execute(db).await?;
        }
    }
    Ok(deltas.apply(db).await?)
}

/// The present moment, for whoever brings a response.
pub(super) fn arriving(response: Response) -> Incoming {
    Incoming { response, received_at: clock::now(), is_import: false }
}

/// Whether trying this again one by one could save the others of a batch: not where the disk or the
/// connection is at fault.
pub(super) fn is_about_a_row(error: &Error) -> bool {
    let Error::Database(sqlx::Error::Database(error)) = error else {
        return matches!(error, Error::Corrupt(_));
    };
    // SQLITE_FULL, SQLITE_IOERR and its kin, SQLITE_BUSY, SQLITE_READONLY; PostgreSQL's classes of
    // connections, resources and interventions.
    let code = error.code().unwrap_or_default();
    let sqlite = code.parse::<u32>().ok().filter(|_| code.len() != 5).map(|code| code & 0xff);
    !matches!(sqlite, Some(5 | 6 | 8 | 10 | 13 | 14))
        && !["08", "53", "57", "58"].iter().any(|class| code.len() == 5 && code.starts_with(class))
}

/// A name of the catalog is no longer there: somebody erased the last response that it was about.
pub(super) fn is_stale_catalog(error: &Error) -> bool {
    matches!(error, Error::Database(sqlx::Error::Database(error)) if error.is_foreign_key_violation())
}
