//! Counts responses that were stored before there were counts.

use super::Store;
use super::batch;
use super::counted_as::SegmentNames;
use super::folding::fold;
use super::incoming::Sender;
use super::sql::Sql;
use sondeo_model::Response;
use sqlx::Row;

/// Responses that are counted in one transaction.
const ROWS: i64 = 500;

impl Store {
    /// Counts every response that is not counted yet. It may be broken off, and goes on the next time.
    pub(super) async fn backfill(&self) -> anyhow::Result<()> {
        let mut counted = 0_usize;
        loop {
            let mut sql = Sql::new("SELECT body, at FROM response WHERE facts IS NULL LIMIT ");
            sql.bind(ROWS);
            let rows = sql.all(&mut self.0.writer.acquire().await?).await?;
            let responses = rows
                .iter()
                .map(|row| {
                    let body: String = row.try_get(0)?;
                    let response: Response = serde_json::from_str(&body)?;
                    let names = SegmentNames::of(&response, Sender::of_stored(&body));
                    Ok((response, names, row.try_get(1)?))
                })
                .collect::<anyhow::Result<Vec<(Response, SegmentNames, i64)>>>()?;
            if responses.is_empty() {
                break;
            }
            counted += responses.len();
            let mut catalog = self.0.catalog.lock().await;
            let each = responses.iter().map(|(response, names, at)| (response, names, *at));
            catalog.prepare(&mut self.0.writer.acquire().await?, each).await?;
            let mut transaction = batch::begin(&self.0.writer, self.0.dialect, false).await?;
            batch::count_stored(&mut transaction, &catalog, &responses).await?;
            transaction.commit().await?;
        }
        if counted > 0 {
            tracing::info!(
                counted,
                "counted the responses that were stored before there were counts"
            );
        }
        Ok(())
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
            let mut db = batch::begin(&self.0.writer, self.0.dialect, false).await?;
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
}
