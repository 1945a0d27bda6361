//! Forgetting: a response, a visitor, a survey, or all that is older than the operator keeps it.

use super::batch::{self, Access};
use super::catalog::Catalog;
use super::connection::Connection;
use super::day_counts::DayCounts;
use super::rows::visitor_hash;
use super::sql::{Sql, chunks};
use super::{SentTo, Store, StoreError, deliveries, read, site_and_survey};
use crate::clock::{self, DAY_MS};
use sondeo_model::{Response, ResponseId, Timestamp};
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet};

/// How long what was erased for its age is kept away. Widgets keep a copy for 30 days, by a clock that may be wrong.
const KEPT_AWAY_MS: i64 = 400 * DAY_MS;

/// Responses that are erased in one transaction, so that those who write are not kept waiting.
const ROWS: i64 = 500;

impl Store {
    /// Erases a response, and keeps it from coming back. Says whether it was there.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn erase_response(&self, id: ResponseId) -> Result<bool, StoreError> {
        Ok(self.erase_response_everywhere(id).await?.count > 0)
    }

    /// The same, and says where it had gone.
    ///
    /// # Errors
    /// As [`Store::erase_response`].
    pub async fn erase_response_everywhere(&self, id: ResponseId) -> Result<Erasure, StoreError> {
        let mut catalog = self.0.catalog.lock().await;
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Erase).await?;
        remember(&mut db, &[id.to_text()], None).await?;
        let erased = erase(&mut db, Which::Response(&id.to_text())).await?;
        forget_left_names(&mut db).await?;
        db.commit().await?;
        self.reload(&mut catalog).await?;
        drop(catalog);
        self.checkpoint().await;
        let count = erased.count + erased.tests;
        Ok(Erasure { count, sent_to: erased.sent_to.into_values().collect() })
    }

    /// Erases all responses of a visitor, and keeps away what the visitor answered before now and has
    /// not delivered yet. Says how many there were.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write; what was erased until then stays so,
    /// and a repeat does the rest.
    pub async fn erase_visitor(&self, visitor: &str) -> Result<u64, StoreError> {
        Ok(self.erase_visitor_everywhere(visitor).await?.count)
    }

    /// The same, and says where they had gone.
    ///
    /// # Errors
    /// As [`Store::erase_visitor`].
    pub async fn erase_visitor_everywhere(&self, visitor: &str) -> Result<Erasure, StoreError> {
        let mut sent_to = BTreeMap::new();
        let mut catalog = self.0.catalog.lock().await;
        let mut total = 0;
        loop {
            let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Erase).await?;
            let mut erased = erase(&mut db, Which::Visitor(visitor)).await?;
            add(&mut sent_to, std::mem::take(&mut erased.sent_to));
            let mut sql = Sql::new("INSERT INTO erased_visitor (sha256, at, ahead_ms) VALUES (");
            sql.bind(visitor_hash(visitor)).push(", ").bind(clock::now().as_millis());
            sql.push(", ").bind(erased.clock_ahead_ms);
            sql.push(
                ") ON CONFLICT (sha256) DO UPDATE SET at = excluded.at,
                     ahead_ms = CASE WHEN erased_visitor.ahead_ms > excluded.ahead_ms
                         THEN erased_visitor.ahead_ms ELSE excluded.ahead_ms END",
            );
            sql.execute(&mut db).await?;
            if erased.count == 0 {
                forget_left_names(&mut db).await?;
            }
            db.commit().await?;
            total += erased.count + erased.tests;
            if erased.count == 0 {
                break;
            }
        }
        self.reload(&mut catalog).await?;
        drop(catalog);
        self.checkpoint().await;
        Ok(Erasure { count: total, sent_to: sent_to.into_values().collect() })
    }

    /// Erases all responses of a survey, and keeps them from coming back. Says how many there were.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write; what was erased until then stays so,
    /// and a repeat does the rest.
    pub async fn erase_survey(&self, survey: &str) -> Result<u64, StoreError> {
        self.erase_many(Which::Survey(survey)).await
    }

    /// Erases what counts for an earlier moment than this, and keeps it from coming back for as long as a browser may
    /// hold a copy. Says how many there were.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn erase_before(&self, moment: Timestamp) -> Result<u64, StoreError> {
        let mut sql = Sql::new("DELETE FROM erased_response WHERE until < ");
        sql.bind(clock::now().as_millis());
        sql.execute(&mut self.0.writer.acquire().await?).await?;
        self.erase_many(Which::Before(moment)).await
    }

    /// Those who write have their turn after every [`ROWS`] responses.
    async fn erase_many(&self, which: Which<'_>) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let mut catalog = self.0.catalog.lock().await;
            let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Erase).await?;
            let erased = erase(&mut db, which).await?;
            let are_forgotten = erased.count == 0 && forget_left_names(&mut db).await?;
            db.commit().await?;
            total += erased.count + erased.tests;
            if erased.count == 0 {
                if are_forgotten || erased.tests > 0 {
                    self.reload(&mut catalog).await?;
                    drop(catalog);
                    self.checkpoint().await;
                }
                return Ok(total);
            }
        }
    }

    /// Does the rest of an erasure that was broken off: removes the names that nobody is counted under any more.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub(super) async fn finish_erasures(&self) -> Result<(), StoreError> {
        let any = Sql::new("SELECT survey FROM unforgotten LIMIT 1");
        if any.all(&mut self.0.writer.acquire().await?).await?.is_empty() {
            return Ok(());
        }
        let mut catalog = self.0.catalog.lock().await;
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Erase).await?;
        forget_left_names(&mut db).await?;
        db.commit().await?;
        self.reload(&mut catalog).await?;
        drop(catalog);
        self.checkpoint().await;
        Ok(())
    }

    /// Whether the response of this id was erased.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn is_erased(&self, id: ResponseId) -> Result<bool, StoreError> {
        let mut sql = Sql::new("SELECT id FROM erased_response WHERE id = ");
        sql.bind(id.to_text());
        Ok(!sql.all(&mut self.0.readers.acquire().await?).await?.is_empty())
    }

    /// How many responses count for an earlier moment than this and came before it, and how many there are. One that
    /// comes now and says that it was shown long ago is not among them: whoever may send could make most of a database
    /// old.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn share_before(&self, moment: Timestamp) -> Result<(u64, u64), StoreError> {
        let moment = moment.as_millis();
        let mut sql = Sql::new("SELECT (SELECT COUNT(*) FROM response WHERE at < ");
        sql.bind(moment).push(" AND received_at < ").bind(moment);
        sql.push("), (SELECT COUNT(*) FROM response)");
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
        let count = |index| row.try_get::<i64, _>(index).map(|n| u64::try_from(n).unwrap_or(0));
        Ok((count(0)?, count(1)?))
    }

    /// Whether a response counts for an earlier moment than this.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub(crate) async fn has_before(&self, moment: Timestamp) -> Result<bool, StoreError> {
        let mut sql = Sql::new("SELECT id FROM response WHERE at < ");
        sql.bind(moment.as_millis()).push(" LIMIT 1");
        Ok(!sql.all(&mut self.0.readers.acquire().await?).await?.is_empty())
    }

    async fn reload(&self, catalog: &mut Catalog) -> Result<(), StoreError> {
        catalog.reload(&mut self.0.writer.acquire().await?).await?;
        Ok(())
    }
}

/// What was erased.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erasure {
    /// How many responses.
    pub count: u64,
    /// Where they had gone, or may have: nothing here can erase them there.
    pub sent_to: Vec<SentTo>,
}

fn add(all: &mut BTreeMap<i64, SentTo>, more: BTreeMap<i64, SentTo>) {
    for (id, sent) in more {
        match all.get_mut(&id) {
            Some(known) => known.responses += sent.responses,
            None => drop(all.insert(id, sent)),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Which<'a> {
    Response(&'a str),
    Visitor(&'a str),
    Survey(&'a str),
    Before(Timestamp),
}

/// What one transaction erased.
#[derive(Debug, Default)]
struct ErasedRows {
    count: u64,
    /// How many answers that were given to try a draft, which are in a table of their own.
    tests: u64,
    /// By how much the clock of one of them was ahead of ours, in milliseconds.
    clock_ahead_ms: i64,
    /// By destination.
    sent_to: BTreeMap<i64, SentTo>,
}

/// Erases up to [`ROWS`] responses with all that they count for.
async fn erase(db: &mut Connection, which: Which<'_>) -> Result<ErasedRows, StoreError> {
    let mut sql =
        Sql::new("SELECT id, status, at, facts, survey, received_at, body FROM response WHERE ");
    match which {
        Which::Response(id) => sql.push("id = ").bind(id),
        Which::Visitor(visitor) => sql.push("visitor = ").bind(visitor),
        Which::Survey(survey) => sql.push("survey = ").bind(survey),
        Which::Before(moment) => sql.push("at < ").bind(moment.as_millis()),
    };
    sql.push(" LIMIT ").bind(ROWS);
    let rows = sql.all(db).await?;
    let mut counts = DayCounts::default();
    let mut ids: Vec<String> = Vec::with_capacity(rows.len());
    let mut erased = ErasedRows { tests: erase_tests(db, which).await?, ..Default::default() };
    let mut surveys: BTreeSet<String> = BTreeSet::new();
    for row in &rows {
        let (status, counted_as): (String, Option<String>) = (row.try_get(1)?, row.try_get(3)?);
        if let Some(counted_as) = counted_as {
            let counted_as = serde_json::from_str(&counted_as)?;
            counts.count(&counted_as, read::status(&status)?, row.try_get(2)?, -1);
        }
        ids.push(row.try_get(0)?);
        surveys.insert(row.try_get(4)?);
        if matches!(which, Which::Visitor(_)) {
            let (received_at, body): (i64, String) = (row.try_get(5)?, row.try_get(6)?);
            // What cannot be read any more is erased all the same.
            if let Ok(response) = serde_json::from_str::<Response>(&body) {
                let ahead_ms = response.sent_at.as_millis() - received_at;
                erased.clock_ahead_ms = erased.clock_ahead_ms.max(ahead_ms);
            }
        }
    }
    if ids.is_empty() {
        return Ok(erased);
    }
    let until = match which {
        Which::Before(_) => Some(clock::now().as_millis() + KEPT_AWAY_MS),
        _ => None,
    };
    remember(db, &ids, until).await?;
    // In the same transaction, so that whoever comes after one that was broken off forgets the names, too.
    let surveys: Vec<String> = surveys.into_iter().collect();
    for surveys in chunks(&surveys) {
        let mut sql = Sql::new("INSERT INTO unforgotten (survey) VALUES ");
        sql.rows(surveys, |sql, survey| {
            sql.bind(survey.as_str());
        });
        sql.push(" ON CONFLICT DO NOTHING");
        sql.execute(db).await?;
    }
    deliveries::cancel(db, &ids, &mut erased.sent_to).await?;
    for text in
        ["DELETE FROM comment WHERE response IN ", "DELETE FROM comment_work WHERE response IN "]
    {
        let mut sql = Sql::new(text);
        sql.list(ids.iter().map(String::as_str));
        sql.execute(db).await?;
    }
    let mut sql = Sql::new("DELETE FROM response WHERE id IN ");
    sql.list(ids.iter().map(String::as_str));
    erased.count = sql.execute(db).await?.rows_affected();
    counts.apply(db).await?;
    Ok(erased)
}

/// Erases what was answered to try a draft; says how many answers there were. There are few of them, so that no index is
/// needed to find them. None is kept away: it goes within days, and counts for nothing.
async fn erase_tests(db: &mut Connection, which: Which<'_>) -> sqlx::Result<u64> {
    let mut sql = Sql::new("DELETE FROM test_response WHERE ");
    match which {
        Which::Response(id) => sql.push("id = ").bind(id),
        Which::Visitor(visitor) => sql.push("visitor = ").bind(visitor),
        Which::Survey(key) => {
            let (site, survey) = site_and_survey(key);
            sql.push("site = ").bind(site).push(" AND survey = ").bind(survey)
        }
        Which::Before(moment) => sql.push("received_at < ").bind(moment.as_millis()),
    };
    Ok(sql.execute(db).await?.rows_affected())
}

/// Leaves a tombstone for each, until this moment or for ever.
async fn remember(db: &mut Connection, ids: &[String], until: Option<i64>) -> sqlx::Result<()> {
    let now = clock::now().as_millis();
    for ids in chunks(ids) {
        let mut sql = Sql::new("INSERT INTO erased_response (id, at, until) VALUES ");
        sql.rows(ids, |sql, id| {
            sql.bind(id.as_str()).push(", ").bind(now).push(", ").bind(until);
        });
        sql.push(match until {
            Some(_) => " ON CONFLICT DO NOTHING",
            None => " ON CONFLICT (id) DO UPDATE SET until = NULL",
        });
        sql.execute(db).await?;
    }
    Ok(())
}

/// Forgets the names of all surveys of which something was erased. Says whether there are any.
async fn forget_left_names(db: &mut Connection) -> sqlx::Result<bool> {
    let rows = Sql::new("SELECT survey FROM unforgotten").all(db).await?;
    let surveys: BTreeSet<String> =
        rows.iter().map(|row| row.try_get(0)).collect::<sqlx::Result<_>>()?;
    forget_names_of(db, surveys.iter().map(String::as_str).collect()).await?;
    Sql::new("DELETE FROM unforgotten").execute(db).await?;
    Ok(!surveys.is_empty())
}

/// Removes, of these surveys, the counts that are 0, and all names that nobody is counted under any more (pages,
/// questions, options, wordings): they can be what a page said of the one visitor that is gone.
pub(super) async fn forget_names_of(
    db: &mut Connection,
    surveys: BTreeSet<&str>,
) -> sqlx::Result<()> {
    if surveys.is_empty() {
        return Ok(());
    }
    let of = |before: &'static str, after: &'static str| {
        let mut sql = Sql::new(before);
        sql.list(surveys.iter().copied()).push(after);
        sql
    };
    // The scales and values that somebody answered, of everybody; each other segment is a part of that.
    const ANSWERED: &str =
        "FROM day_answer JOIN segment ON segment = segment.id WHERE dimension = '' AND survey IN ";
    for statement in [
        of(
            "DELETE FROM day_answer WHERE n = 0
             AND segment IN (SELECT id FROM segment WHERE survey IN ",
            ")",
        ),
        of(
            "DELETE FROM day_status
             WHERE only_shown = 0 AND partial = 0 AND completed = 0 AND dismissed = 0
             AND segment IN (SELECT id FROM segment WHERE survey IN ",
            ")",
        ),
    ] {
        statement.execute(db).await?;
    }
    let mut options = of(
        "DELETE FROM scale_option WHERE scale IN (SELECT id FROM scale WHERE survey IN ",
        ") AND (scale, value) NOT IN (SELECT scale, day_answer.value ",
    );
    options.push(ANSWERED).list(surveys.iter().copied()).push(")");
    options.execute(db).await?;
    let mut wordings = of(
        "DELETE FROM wording WHERE scale IN (SELECT id FROM scale WHERE survey IN ",
        ") AND (n <= 0 OR scale NOT IN (SELECT scale ",
    );
    wordings.push(ANSWERED).list(surveys.iter().copied()).push("))");
    wordings.execute(db).await?;
    let mut scales = of("DELETE FROM scale WHERE survey IN ", " AND id NOT IN (SELECT scale ");
    scales.push(ANSWERED).list(surveys.iter().copied()).push(")");
    scales.execute(db).await?;
    let segments = of(
        "DELETE FROM segment WHERE survey IN ",
        " AND NOT EXISTS (SELECT 1 FROM day_status d WHERE d.segment = segment.id)
          AND NOT EXISTS (SELECT 1 FROM day_answer a WHERE a.segment = segment.id)",
    );
    segments.execute(db).await?;
    Ok(())
}
