//! Previews of drafts: the keys that open them, and the answers that were given to try one.
//!
//! Such an answer is in a table of its own, so that nothing that counts, exports or passes on responses can meet it. Who
//! changes something of a survey's previews locks the survey's row first, as whoever publishes does.

use super::incoming::Incoming;
use super::publishing::{Obstacle, SurveyState, locked, note, note_count};
use super::sql::Sql;
use super::{Store, StoreError, Submission};
use crate::clock::{self, DAY_MS};
use serde_json::{Map, Value};
use sondeo_model::Timestamp;
use sqlx::Row;

/// Keys of a survey, at most; the latest.
const MOST_KEYS: i64 = 100;
/// Answers of a survey that are kept, at most; the latest.
const MOST_TESTS: i64 = 100;
/// Rows beyond a bound that are removed at once.
const ROWS: i64 = 1_000;
/// How long an answer is kept.
const DAYS: u32 = 7;

/// A draft that a key opens, as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The id of the survey.
    pub survey: String,
    /// The file that is being edited.
    pub draft: String,
    /// The number that it has, or would have if it were published now.
    pub version: i64,
    /// What the site says of its surveys.
    pub defaults: Map<String, Value>,
}

/// What became of an answer that was given to try a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestOutcome {
    /// It is stored, in the place of an earlier revision.
    Stored,
    /// It was known, or a later revision was.
    Known,
    /// The preview is over.
    Over,
}

impl Store {
    /// Keeps a key, known by its hash, that opens the draft of a survey until this moment. Those that are over go.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn add_preview_key(
        &self,
        (site, id): (&str, &str),
        sha256: &[u8; 32],
        until: Timestamp,
        actor: &str,
    ) -> Result<Result<(), Obstacle>, StoreError> {
        let mut db = self.begin_change().await?;
        match locked(&mut db, site, id, self.0.dialect).await?.map(|it| it.state) {
            None => return Ok(Err(Obstacle::NotFound)),
            Some(state @ SurveyState::Archived) => return Ok(Err(Obstacle::State(state))),
            Some(_) => {}
        }
        let mut sql =
            Sql::new("INSERT INTO preview_key (sha256, site, survey, expires_at) VALUES (");
        sql.bind(sha256.to_vec()).push(", ").bind(site).push(", ").bind(id);
        sql.push(", ").bind(until.as_millis()).push(")");
        sql.execute(&mut db).await?;
        let mut sql = Sql::new("DELETE FROM preview_key WHERE site = ");
        sql.bind(site).push(" AND survey = ").bind(id).push(" AND (expires_at <= ");
        sql.bind(clock::now().as_millis());
        sql.push(" OR sha256 IN (SELECT sha256 FROM preview_key WHERE site = ").bind(site);
        sql.push(" AND survey = ").bind(id).push(" ORDER BY expires_at DESC LIMIT ").bind(ROWS);
        sql.push(" OFFSET ").bind(MOST_KEYS).push("))");
        sql.execute(&mut db).await?;
        note(&mut db, actor, "make a preview", &format!("{site}/{id}")).await?;
        db.commit().await?;
        Ok(Ok(()))
    }

    /// The draft of this site that the key of this hash opens; nothing where the preview is over, or was never made. All of
    /// it is as it is now, whichever collector changed it.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn preview(
        &self,
        site: &str,
        sha256: &[u8; 32],
    ) -> Result<Option<Preview>, StoreError> {
        let mut sql = Sql::new(
            "SELECT m.id, m.draft, m.version, m.draft_etag, m.published_etag, s.defaults
             FROM preview_key k JOIN managed_survey m ON m.site = k.site AND m.id = k.survey
             JOIN site s ON s.id = k.site WHERE m.state <> 'archived' AND k.sha256 = ",
        );
        sql.bind(sha256.to_vec()).push(" AND k.site = ").bind(site);
        sql.push(" AND k.expires_at > ").bind(clock::now().as_millis());
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let (draft_etag, published_etag): (String, String) = (row.try_get(3)?, row.try_get(4)?);
        let has_changes = draft_etag != published_etag;
        let defaults: String = row.try_get(5)?;
        Ok(Some(Preview {
            survey: row.try_get(0)?,
            draft: row.try_get(1)?,
            version: row.try_get::<i64, _>(2)? + i64::from(has_changes),
            defaults: serde_json::from_str(&defaults)?,
        }))
    }

    /// The hashes of all keys of previews, also of those that are over.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn preview_key_hashes(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.hashes(Sql::new("SELECT sha256 FROM preview_key")).await
    }

    /// Keeps an answer that was given to try the draft of a survey, by the key of this hash: of each id the highest
    /// revision. The oldest of too many go, and those whose time is over.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn keep_test(
        &self,
        (site, survey): (&str, &str),
        sha256: &[u8; 32],
        submission: Submission,
    ) -> Result<TestOutcome, StoreError> {
        let Incoming { response, id, body, received_at, .. } = Incoming::now(submission);
        let now = received_at.as_millis();
        let mut db = self.begin_change().await?;
        let known = locked(&mut db, site, survey, self.0.dialect).await?;
        if known.is_none_or(|it| it.state == SurveyState::Archived) {
            return Ok(TestOutcome::Over);
        }
        let mut sql = Sql::new("SELECT site FROM preview_key WHERE sha256 = ");
        sql.bind(sha256.to_vec()).push(" AND site = ").bind(site).push(" AND survey = ");
        sql.bind(survey).push(" AND expires_at > ").bind(now);
        if sql.all(&mut db).await?.is_empty() {
            return Ok(TestOutcome::Over);
        }
        let mut sql = Sql::new(
            "INSERT INTO test_response (site, survey, id, revision, visitor, received_at, body) VALUES (",
        );
        sql.bind(site).push(", ").bind(survey).push(", ").bind(&*id).push(", ");
        sql.bind(i64::from(response.revision)).push(", ").bind(response.visitor.as_deref());
        sql.push(", ").bind(now).push(", ").bind(&*body);
        sql.push(
            ") ON CONFLICT (site, survey, id) DO UPDATE SET revision = excluded.revision,
                 visitor = excluded.visitor, received_at = excluded.received_at, body = excluded.body
             WHERE test_response.revision < excluded.revision",
        );
        if sql.execute(&mut db).await?.rows_affected() == 0 {
            return Ok(TestOutcome::Known);
        }
        let mut sql = Sql::new("DELETE FROM test_response WHERE site = ");
        sql.bind(site).push(" AND survey = ").bind(survey).push(" AND (received_at < ");
        sql.bind(now - i64::from(DAYS) * DAY_MS);
        sql.push(" OR id IN (SELECT id FROM test_response WHERE site = ").bind(site);
        sql.push(" AND survey = ").bind(survey);
        sql.push(" ORDER BY received_at DESC, id DESC LIMIT ").bind(ROWS);
        sql.push(" OFFSET ").bind(MOST_TESTS).push("))");
        sql.execute(&mut db).await?;
        db.commit().await?;
        Ok(TestOutcome::Stored)
    }

    /// The answers that were given to try the draft of a survey, the latest first.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn test_responses(
        &self,
        site: &str,
        survey: &str,
    ) -> Result<Vec<String>, StoreError> {
        let mut sql = Sql::new("SELECT body FROM test_response WHERE site = ");
        sql.bind(site).push(" AND survey = ").bind(survey);
        // Also where nothing came since that would have made room.
        sql.push(" AND received_at >= ").bind(clock::now().as_millis() - i64::from(DAYS) * DAY_MS);
        sql.push(" ORDER BY received_at DESC, id DESC LIMIT ").bind(MOST_TESTS);
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        Ok(rows.iter().map(|row| row.try_get(0)).collect::<sqlx::Result<_>>()?)
    }

    /// Removes all answers that were given to try the draft of a survey; says how many there were.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn remove_test_responses(
        &self,
        (site, survey): (&str, &str),
        actor: &str,
    ) -> Result<u64, StoreError> {
        let mut db = self.begin_change().await?;
        locked(&mut db, site, survey, self.0.dialect).await?;
        let mut sql = Sql::new("DELETE FROM test_response WHERE site = ");
        sql.bind(site).push(" AND survey = ").bind(survey);
        let removed = sql.execute(&mut db).await?.rows_affected();
        let subject = format!("test answers of {site}/{survey}");
        note_count(&mut db, actor, "erase", (&subject, removed)).await?;
        db.commit().await?;
        self.checkpoint().await;
        Ok(removed)
    }

    /// Removes keys that are over, and answers that were given to try a draft longer ago than they are kept: a week, or as
    /// many days as responses are (0: for ever), where that is less.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn forget_previews(&self, days: u32) -> Result<(), StoreError> {
        let now = clock::now().as_millis();
        let days = if days == 0 { DAYS } else { days.min(DAYS) };
        let mut db = self.begin_change().await?;
        let mut sql = Sql::new("DELETE FROM preview_key WHERE expires_at <= ");
        sql.bind(now);
        sql.execute(&mut db).await?;
        let mut sql = Sql::new("DELETE FROM test_response WHERE received_at < ");
        sql.bind(now - i64::from(days) * DAY_MS);
        sql.execute(&mut db).await?;
        Ok(db.commit().await?)
    }
}
