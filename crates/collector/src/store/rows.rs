//! The rows of responses and of what visitors wrote.

use super::StoreError;
use super::batch::Candidate;
use super::connection::Connection;
use super::counted_as::CountedAs;
use super::folding::fold;
use super::incoming::Incoming;
use super::sql::{Sql, chunks};
use super::survey_key::{key_of, other_site};
use sha2::{Digest, Sha256};
use sondeo_model::{KindName, Response, Status, Value};
use sqlx::Row;
use std::collections::{HashMap, HashSet};

/// Which responses and visitors of a batch were erased.
pub(super) struct Erasures {
    responses: HashSet<String>,
    /// By the hash of their id.
    visitors: HashMap<Vec<u8>, ErasedVisitor>,
}

impl Erasures {
    /// Whether this response has to stay away.
    pub(super) fn has(&self, incoming: &Incoming) -> bool {
        if !self.responses.is_empty() && self.responses.contains(&incoming.id) {
            return true;
        }
        let Some(visitor) = incoming.response.visitor.as_deref() else { return false };
        !self.visitors.is_empty()
            && self
                .visitors
                .get(visitor_hash(visitor).as_slice())
                .is_some_and(|erased| erased.covers(incoming))
    }
}

/// A visitor who was erased.
struct ErasedVisitor {
    /// When, in milliseconds by our clock.
    at: i64,
    /// By how much the visitor's clock was ahead of ours, as far as that was seen.
    ahead_ms: i64,
}

impl ErasedVisitor {
    /// Whether this was shown before: by the visitor's clock, put right where it is known to be ahead. Where it is
    /// behind, or may have been ahead without being seen, the response stays away. So it does where the clock was put
    /// back meanwhile: nothing is shown after it was sent, so that nobody knows when that was.
    fn covers(&self, incoming: &Incoming) -> bool {
        let shown_at = incoming.response.shown_at.as_millis();
        let ahead_ms = self.ahead_ms.max(incoming.clock_ahead_ms());
        shown_at > incoming.response.sent_at.as_millis() || shown_at - ahead_ms <= self.at
    }
}

/// What stands for a visitor's id where the id itself must be forgotten.
pub(super) fn visitor_hash(visitor: &str) -> Vec<u8> {
    Sha256::digest(visitor.as_bytes()).to_vec()
}

/// Looks up what was erased.
pub(super) async fn erased(db: &mut Connection, batch: &[Incoming]) -> sqlx::Result<Erasures> {
    // Mostly nothing ever was, and hundreds of ids need not be looked for.
    let any = Sql::new("SELECT id FROM erased_response LIMIT 1").all(db).await?;
    let responses = if any.is_empty() {
        HashSet::new()
    } else {
        let mut sql = Sql::new("SELECT id FROM erased_response WHERE id IN ");
        sql.list(batch.iter().map(|incoming| &*incoming.id));
        sql.all(db).await?.iter().map(|row| row.try_get(0)).collect::<sqlx::Result<_>>()?
    };
    let visitors: Vec<_> =
        batch.iter().filter_map(|i| i.response.visitor.as_deref()).map(visitor_hash).collect();
    if visitors.is_empty() {
        return Ok(Erasures { responses, visitors: HashMap::new() });
    }
    let mut sql = Sql::new("SELECT sha256, at, ahead_ms FROM erased_visitor WHERE sha256 IN ");
    sql.list(visitors);
    let rows = sql.all(db).await?;
    let visitors = rows.iter().map(|row| {
        let erased = ErasedVisitor { at: row.try_get(1)?, ahead_ms: row.try_get(2)? };
        Ok((row.try_get(0)?, erased))
    });
    Ok(Erasures { responses, visitors: visitors.collect::<sqlx::Result<_>>()? })
}

/// Whether each of them is stored, in this revision or a higher one.
pub(super) async fn are_known(db: &mut Connection, batch: &[Incoming]) -> sqlx::Result<bool> {
    let mut sql = Sql::new("SELECT id, revision FROM response WHERE id IN ");
    sql.list(batch.iter().map(|incoming| &*incoming.id));
    let rows = sql.all(db).await?;
    let revisions: HashMap<String, i64> = rows
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect::<sqlx::Result<_>>()?;
    let is_known = |it: &Incoming| {
        revisions.get(&it.id).is_some_and(|stored| *stored >= i64::from(it.response.revision))
    };
    Ok(batch.iter().all(is_known))
}

/// A response that is stored.
pub(super) struct StoredRow {
    pub(super) survey: String,
    pub(super) revision: i64,
}

/// What is stored of the responses of these ids.
pub(super) async fn stored<'a>(
    db: &mut Connection,
    ids: impl Iterator<Item = &'a str>,
) -> sqlx::Result<HashMap<String, StoredRow>> {
    let ids: Vec<&str> = ids.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("SELECT id, survey, revision FROM response WHERE id IN ");
    sql.list(ids);
    let rows = sql.all(db).await?;
    let row = |row: &sqlx::any::AnyRow| {
        Ok((row.try_get(0)?, StoredRow { survey: row.try_get(1)?, revision: row.try_get(2)? }))
    };
    rows.iter().map(row).collect()
}

/// The responses that the batch puts under several surveys.
pub(super) fn disputed(batch: &[Incoming]) -> Vec<&str> {
    let mut first: HashMap<&str, &str> = HashMap::with_capacity(batch.len());
    let mut disputed = Vec::new();
    for Incoming { id, survey, .. } in batch {
        if *first.entry(id).or_insert(survey) != survey {
            disputed.push(&**id);
        }
    }
    disputed
}

/// Inserts those that are not there, and says which these were.
pub(super) async fn insert_new(
    db: &mut Connection,
    candidates: &[&Candidate<'_>],
) -> Result<HashSet<String>, StoreError> {
    if db.backend_name() == "PostgreSQL" {
        return insert_and_see(db, candidates).await;
    }
    // Nobody else writes meanwhile. The few that are there are looked for, and not the many that are new
    // returned: each row that SQLite returns wakes a thread.
    let known: HashSet<String> = if candidates.is_empty() {
        HashSet::new()
    } else {
        let mut sql = Sql::new("SELECT id FROM response WHERE id IN ");
        sql.list(candidates.iter().map(|candidate| &*candidate.incoming.id));
        sql.all(db).await?.iter().map(|row| row.try_get(0)).collect::<sqlx::Result<_>>()?
    };
    let new: Vec<&Candidate<'_>> = candidates
        .iter()
        .copied()
        .filter(|candidate| !known.contains(&candidate.incoming.id))
        .collect();
    for candidates in chunks(&new) {
        let mut sql = Sql::new(COLUMNS);
        push_rows(&mut sql, candidates)?;
        sql.execute(db).await?;
    }
    Ok(new.iter().map(|candidate| candidate.incoming.id.clone()).collect())
}

/// In PostgreSQL this waits for another collector that inserts the same, so that afterwards every
/// response of the batch is there and can be locked.
async fn insert_and_see(
    db: &mut Connection,
    candidates: &[&Candidate<'_>],
) -> Result<HashSet<String>, StoreError> {
    let mut new = HashSet::new();
    for candidates in chunks(candidates) {
        let mut sql = Sql::new(COLUMNS);
        push_rows(&mut sql, candidates)?;
        sql.push(" ON CONFLICT (id) DO NOTHING RETURNING id");
        for row in sql.all(db).await? {
            new.insert(row.try_get::<String, _>(0)?);
        }
    }
    Ok(new)
}

const COLUMNS: &str = "INSERT INTO response
    (id, revision, survey, status, shown_at, received_at, body, at, visitor, facts, site) VALUES ";

fn push_rows(sql: &mut Sql, candidates: &[&Candidate<'_>]) -> Result<(), StoreError> {
    let counted_as =
        candidates.iter().map(|candidate| serde_json::to_string(&candidate.counted_as));
    let counted_as = counted_as.collect::<Result<Vec<_>, _>>()?;
    sql.rows(candidates.iter().zip(counted_as), |sql, (candidate, counted_as)| {
        let (incoming, response) = (candidate.incoming, &candidate.incoming.response);
        sql.bind(&*incoming.id).push(", ").bind(i64::from(response.revision));
        sql.push(", ").bind(&*incoming.survey).push(", ").bind(response.status.as_str());
        sql.push(", ").bind(response.shown_at.as_millis());
        sql.push(", ").bind(incoming.received_at.as_millis());
        sql.push(", ").bind(&*incoming.body).push(", ").bind(candidate.at);
        sql.push(", ").bind(response.visitor.as_deref()).push(", ").bind(counted_as);
        sql.push(", ").bind(other_site(response));
    });
    Ok(())
}

/// How a response is stored so far.
pub(super) struct Earlier {
    pub(super) survey: String,
    pub(super) revision: i64,
    pub(super) status: Status,
    pub(super) at: i64,
    pub(super) counted_as: CountedAs,
}

/// Locks those that are there, and reads what they count for.
pub(super) async fn earlier(
    db: &mut Connection,
    candidates: &[Candidate<'_>],
) -> Result<HashMap<String, Earlier>, StoreError> {
    if candidates.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql =
        Sql::new("SELECT id, revision, status, at, facts, survey FROM response WHERE id IN ");
    sql.list(candidates.iter().map(|candidate| &*candidate.incoming.id));
    sql.push(" ORDER BY id");
    if db.backend_name() == "PostgreSQL" {
        sql.push(" FOR UPDATE");
    }
    let mut earlier = HashMap::new();
    for row in sql.all(db).await? {
        let status: String = row.try_get(2)?;
        let counted_as: Option<String> = row.try_get(4)?;
        let known = Earlier {
            survey: row.try_get(5)?,
            revision: row.try_get(1)?,
            status: super::read::status(&status)?,
            at: row.try_get(3)?,
            counted_as: counted_as
                .map(|counted_as| serde_json::from_str(&counted_as))
                .transpose()?
                .unwrap_or_default(),
        };
        earlier.insert(row.try_get(0)?, known);
    }
    Ok(earlier)
}

/// Puts higher revisions in the place of what is there, which is locked.
pub(super) async fn replace(
    db: &mut Connection,
    candidates: &[&Candidate<'_>],
) -> Result<(), StoreError> {
    for candidates in chunks(candidates) {
        let mut sql = Sql::new(COLUMNS);
        push_rows(&mut sql, candidates)?;
        sql.push(
            " ON CONFLICT (id) DO UPDATE SET
                 revision = excluded.revision,
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

/// Deletes what was written in earlier revisions of these responses.
pub(super) async fn delete_comments(db: &mut Connection, ids: &[&str]) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("DELETE FROM comment WHERE response IN ");
    sql.list(ids.iter().copied());
    sql.execute(db).await?;
    Ok(())
}

/// Stores what was written in these responses, which count for these moments, and of which there is none yet: a
/// second comment on one question of one response is a fault, and no reason to keep the first one.
pub(super) async fn insert_comments(
    db: &mut Connection,
    responses: impl Iterator<Item = (&Response, i64)>,
) -> sqlx::Result<()> {
    let comments: Vec<_> = responses.flat_map(|(response, at)| comments(response, at)).collect();
    for rows in chunks(&comments) {
        let mut sql =
            Sql::new("INSERT INTO comment (response, question, survey, at, text, folded) VALUES ");
        sql.rows(rows, |sql, (response, question, text, at)| {
            sql.bind(response.id.to_text()).push(", ").bind(*question);
            sql.push(", ").bind(&*key_of(response)).push(", ").bind(*at).push(", ").bind(*text);
            sql.push(", ").bind(fold(text));
        });
        sql.execute(db).await?;
    }
    Ok(())
}

/// What a visitor wrote: each question and text. What is meant by the option `other` is written, too.
pub(super) fn comments(
    response: &Response,
    at: i64,
) -> impl Iterator<Item = (&Response, &str, &str, i64)> {
    response.answers.iter().filter_map(move |answer| match (&answer.value, answer.kind) {
        (Value::Text(text), KindName::Text) if !text.trim().is_empty() => {
            Some((response, answer.question.as_str(), text.as_str(), at))
        }
        _ => {
            let other = answer.other.as_deref().filter(|other| !other.trim().is_empty())?;
            Some((response, answer.question.as_str(), other, at))
        }
    })
}
