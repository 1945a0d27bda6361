//! Counts responses that are not counted: those that were stored before there were counts, and all of them where they
//! are counted anew.

use super::batch::{self, Access};
use super::connection::Connection;
use super::counted_as::SegmentNames;
use super::folding::fold;
use super::incoming::{Sender, stored_ending};
use super::sql::Sql;
use super::survey_key::key_of;
use super::{Store, StoreError};
use crate::clock::{self, DAY_MS};
use anyhow::ensure;
use sondeo_model::Response;
use sqlx::Row;
use std::time::{Duration, Instant};

/// Responses that are counted in one transaction.
const ROWS: i64 = 500;
/// By how much the clocks of collectors on one database may differ.
const SKEW_MS: i64 = DAY_MS;
/// How often whoever waits is told how far it is.
const NEWS: Duration = Duration::from_secs(10);

impl Store {
    /// Counts every response that is not counted yet. It may be broken off, and goes on the next time. What cannot be read
    /// is told and passed over: it must not keep all others from being counted, and the program from starting.
    pub(super) async fn backfill(&self) -> anyhow::Result<()> {
        let mut counted = 0_usize;
        let mut told = Instant::now();
        let mut last = String::new();
        loop {
            let mut sql =
                Sql::new("SELECT body, at, id FROM response WHERE facts IS NULL AND id > ");
            sql.bind(last.as_str()).push(" ORDER BY id LIMIT ").bind(ROWS);
            let rows = sql.all(&mut self.0.writer.acquire().await?).await?;
            let Some(row) = rows.last() else { break };
            last = row.try_get(2)?;
            let mut responses = Vec::with_capacity(rows.len());
            for row in &rows {
                let (body, id): (String, String) = (row.try_get(0)?, row.try_get(2)?);
                match readable(&id, &body) {
                    Ok((response, names)) => responses.push((response, names, row.try_get(1)?)),
                    Err(error) => tracing::error!(id, "a response cannot be counted: {error:#}"),
                }
            }
            counted += responses.len();
            let mut catalog = self.0.catalog.lock().await;
            for (response, ..) in &responses {
                catalog.admit(&key_of(response));
            }
            let each = responses.iter().map(|(response, names, at)| (response, names, *at));
            batch::name(&self.0.writer, self.0.dialect, &mut catalog, each).await?;
            let mut transaction =
                batch::begin(&self.0.writer, self.0.dialect, Access::Write).await?;
            batch::count_stored(&mut transaction, &catalog, &responses).await?;
            transaction.commit().await?;
            if told.elapsed() > NEWS {
                tracing::info!(counted, "counting what is stored anew");
                told = Instant::now();
            }
        }
        if counted > 0 {
            tracing::info!(counted, "counted the responses that were not counted");
        }
        Ok(())
    }

    /// Counts what somebody else, who took all counts and names away, did not come to count anew.
    pub(crate) async fn count_left(&self) -> anyhow::Result<()> {
        let mut catalog = self.0.catalog.lock().await;
        catalog.reload(&mut self.0.writer.acquire().await?).await?;
        drop(catalog);
        self.backfill().await
    }

    /// The first response that is not counted yet, and how many there are.
    pub(crate) async fn uncounted(&self) -> Result<Option<(String, i64)>, StoreError> {
        let sql = Sql::new("SELECT id FROM response WHERE facts IS NULL ORDER BY id LIMIT 1");
        let mut db = self.0.readers.acquire().await?;
        let Some(row) = sql.all(&mut db).await?.pop() else { return Ok(None) };
        let sql = Sql::new("SELECT COUNT(*) FROM response WHERE facts IS NULL");
        let count = sql.all(&mut db).await?.pop().ok_or(sqlx::Error::RowNotFound)?;
        Ok(Some((row.try_get(0)?, count.try_get(0)?)))
    }

    /// Folds every comment that earlier versions stored. It may be broken off, and goes on the next time.
    pub(super) async fn fold_comments(&self) -> anyhow::Result<()> {
        loop {
            let mut sql = Sql::new(
                "SELECT response, question, text FROM comment WHERE folded IS NULL LIMIT ",
            );
            sql.bind(ROWS);
            let rows = sql.all(&mut self.0.writer.acquire().await?).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Write).await?;
            for row in &rows {
                let (response, question): (String, String) = (row.try_get(0)?, row.try_get(1)?);
                let mut sql = Sql::new("UPDATE comment SET folded = ");
                sql.bind(fold(&row.try_get::<String, _>(2)?)).push(" WHERE response = ");
                sql.bind(response).push(" AND question = ").bind(question);
                sql.execute(&mut db).await?;
            }
            db.commit().await?;
        }
    }

    /// Counts every response anew, from its body, and writes the columns beside it from there. Who stores meanwhile does not wait longer than for one transaction;
    /// summaries grow until it is done. Says how many responses there are.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write. Opening it the next time goes on.
    pub async fn recount(&self) -> anyhow::Result<u64> {
        let mut catalog = self.0.catalog.lock().await;
        let total = self.forget_counts().await?;
        catalog.reload(&mut self.0.writer.acquire().await?).await?;
        drop(catalog);
        self.backfill().await?;
        // What was forgotten with them is not to be read in the log either.
        self.checkpoint().await;
        Ok(total)
    }

    /// How many responses count for a later moment than there is yet, and how many there are. They came while the clock
    /// was ahead, or it is behind now.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn share_of_the_future(&self) -> Result<(u64, u64), StoreError> {
        let mut sql = Sql::new("SELECT (SELECT COUNT(*) FROM response WHERE at > ");
        sql.bind(clock::now().as_millis() + SKEW_MS);
        sql.push("), (SELECT COUNT(*) FROM response)");
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
        let count = |index| row.try_get::<i64, _>(index).map(|n| u64::try_from(n).unwrap_or(0));
        Ok((count(0)?, count(1)?))
    }

    /// Tells the log of a clock that was ahead, and was put right: nothing else would say that numbers are missing.
    pub(crate) async fn tell_of_the_future(&self) -> Result<(), StoreError> {
        let mut sql = Sql::new("SELECT id FROM response WHERE at > ");
        sql.bind(clock::now().as_millis() + SKEW_MS).push(" LIMIT 1");
        if !sql.all(&mut self.0.readers.acquire().await?).await?.is_empty() {
            let (responses, _) = self.share_of_the_future().await?;
            tracing::warn!(
                responses,
                "responses count for a later day than this: the clock was ahead when they came, or is behind now; \
                 if it is right, `check --repair` gives them another day"
            );
        }
        Ok(())
    }

    async fn forget_counts(&self) -> Result<u64, StoreError> {
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Erase).await?;
        for table in [
            "DELETE FROM day_answer",
            "DELETE FROM day_status",
            "DELETE FROM wording",
            "DELETE FROM scale_option",
            "DELETE FROM scale",
            "DELETE FROM segment",
            "DELETE FROM comment",
        ] {
            Sql::new(table).execute(&mut db).await?;
        }
        redate(&mut db).await?;
        let all = Sql::new("UPDATE response SET facts = NULL").execute(&mut db).await?;
        db.commit().await?;
        Ok(all.rows_affected())
    }
}

/// A stored response, and what it counts under.
fn readable(id: &str, body: &str) -> anyhow::Result<(Response, SegmentNames)> {
    let response: Response = serde_json::from_str(body)?;
    let own = response.id.to_text();
    ensure!(own == id, "its body is that of the response {own}");
    let names = SegmentNames::of(&response, Sender::of_stored(body), stored_ending(body));
    Ok((response, names))
}

/// Gives another day to what came while the clock was ahead: that on which it was shown, as far as its visitor's clock can
/// be believed, else this one. What was erased meanwhile stays away, and what is answered from now on does not.
async fn redate(db: &mut Connection) -> sqlx::Result<()> {
    let now = clock::now().as_millis();
    let mut sql = Sql::new("UPDATE response SET at = CASE WHEN shown_at <= ");
    sql.bind(now).push(" THEN shown_at ELSE ").bind(now).push(" END WHERE at > ");
    sql.bind(now + SKEW_MS);
    sql.execute(db).await?;
    for later in [
        "UPDATE response SET received_at = ",
        "UPDATE erased_visitor SET at = ",
        "UPDATE erased_response SET at = ",
    ] {
        let column = if later.contains("received_at") { "received_at" } else { "at" };
        let mut sql = Sql::new(later);
        sql.bind(now).push(" WHERE ").push(column).push(" > ").bind(now + SKEW_MS);
        sql.execute(db).await?;
    }
    Ok(())
}
