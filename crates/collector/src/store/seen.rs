//! Where the scripts of sites were last seen.

use super::batch::{self, Access};
use super::sql::Sql;
use super::{Store, StoreError};
use crate::clock::{self, DAY_MS};
use serde::{Deserialize, Serialize};
use sondeo_api::SeenPage;
use sondeo_model::Timestamp;
use sqlx::Row;
use std::collections::HashMap;

/// How long a page is remembered.
const KEPT_MS: i64 = 14 * DAY_MS;
/// Pages of a site that are remembered, at most: addresses with a number in them are as many as there are orders.
const MOST_PAGES: i64 = 200;
/// What is wrong on a page, at most.
pub(crate) const MOST_PROBLEMS: usize = 10;
/// How long it is wrong there after somebody said so. A visitor's browser says so once a day, and who has mended it does
/// not wait for longer than that.
const WRONG_MS: i64 = DAY_MS;

/// As it is stored: the line, and when it was told last.
#[derive(Debug, Serialize, Deserialize)]
struct StoredProblem(String, i64);

impl Store {
    /// The pages of a site, the latest first.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn seen_pages(&self, site: &str) -> Result<Vec<SeenPage>, StoreError> {
        let mut sql =
            Sql::new("SELECT origin, path, at, surveys, problems FROM seen_page WHERE site = ");
        // Also where nothing came since that would have made room.
        sql.bind(site).push(" AND at >= ").bind(clock::now().as_millis() - KEPT_MS);
        sql.push(" ORDER BY at DESC, origin, path LIMIT ").bind(MOST_PAGES);
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let page = |row: &sqlx::any::AnyRow| {
            let (surveys, problems): (String, String) = (row.try_get(3)?, row.try_get(4)?);
            let problems: Vec<StoredProblem> = serde_json::from_str(&problems)?;
            Ok(SeenPage {
                origin: row.try_get(0)?,
                path: row.try_get(1)?,
                at: Timestamp::from_millis(row.try_get(2)?),
                surveys: serde_json::from_str(&surveys)?,
                problems: problems.into_iter().map(|StoredProblem(line, _)| line).collect(),
            })
        };
        rows.iter().map(page).collect()
    }

    /// When each survey of a site was last seen on a page.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn seen_surveys(&self, site: &str) -> Result<HashMap<String, Timestamp>, StoreError> {
        let mut seen = HashMap::new();
        for page in self.seen_pages(site).await? {
            for survey in page.surveys {
                // The latest page comes first.
                seen.entry(survey).or_insert(page.at);
            }
        }
        Ok(seen)
    }

    /// Notes that a page asked for the script of a site. Nothing is known of what is wrong there.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn note_seen(&self, site: &str, page: &SeenPage) -> Result<(), StoreError> {
        self.write_seen(site, page, false).await
    }

    /// Notes what a page told of itself: what was told there within a day is still wrong, unless nobody says so any more.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn note_told(&self, site: &str, page: &SeenPage) -> Result<(), StoreError> {
        self.write_seen(site, page, true).await
    }

    /// Notes that a page was seen, and forgets those that were not for long.
    async fn write_seen(
        &self,
        site: &str,
        page: &SeenPage,
        is_told: bool,
    ) -> Result<(), StoreError> {
        let now = page.at.as_millis();
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Write).await?;
        let mut sql = Sql::new("SELECT problems FROM seen_page WHERE site = ");
        sql.bind(site).push(" AND origin = ").bind(&*page.origin);
        sql.push(" AND path = ").bind(&*page.path);
        let known: Option<String> =
            sql.all(&mut db).await?.first().map(|row| row.try_get(0)).transpose()?;
        let known: Vec<StoredProblem> =
            known.map_or(Ok(Vec::new()), |it| serde_json::from_str(&it))?;
        let is_still = |it: &StoredProblem| {
            !is_told || (now - it.1 < WRONG_MS && page.problems.iter().all(|line| *line != it.0))
        };
        let told = page.problems.iter().map(|line| StoredProblem(line.clone(), now));
        let problems: Vec<StoredProblem> =
            told.chain(known.into_iter().filter(is_still)).take(MOST_PROBLEMS).collect();
        let mut sql =
            Sql::new("INSERT INTO seen_page (site, origin, path, at, surveys, problems) VALUES (");
        sql.bind(site).push(", ").bind(&*page.origin).push(", ").bind(&*page.path).push(", ");
        sql.bind(now).push(", ").bind(serde_json::to_string(&page.surveys)?);
        sql.push(", ").bind(serde_json::to_string(&problems)?);
        sql.push(
            ") ON CONFLICT (site, origin, path) DO UPDATE SET
                 at = excluded.at, surveys = excluded.surveys, problems = excluded.problems",
        );
        sql.execute(&mut db).await?;
        let mut sql = Sql::new("DELETE FROM seen_page WHERE site = ");
        sql.bind(site).push(" AND (at < ").bind(now - KEPT_MS);
        sql.push(" OR at < (SELECT at FROM seen_page WHERE site = ").bind(site);
        sql.push(" ORDER BY at DESC LIMIT 1 OFFSET ").bind(MOST_PAGES).push("))");
        sql.execute(&mut db).await?;
        Ok(db.commit().await?)
    }
}
