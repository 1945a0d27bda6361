use super::{Error, Filter, Kept, Page};
use crate::clock;
use anyhow::{Context, ensure};
use sondeo_model::Response;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::types::Json;
use sqlx::{QueryBuilder, Row};
use std::path::Path;
use std::time::Duration;

/// How long a request waits for its turn at the database before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// Before this version, two connections to one file could corrupt it when the write-ahead log was
/// reset (<https://sqlite.org/wal.html#walresetbug>); the pool holds several, `token` adds another.
const FIRST_SAFE_VERSION: [u32; 3] = [3, 51, 3];

/// Responses and tokens in one SQLite file.
#[derive(Debug, Clone)]
pub struct Store {
    /// One connection: SQLite has one writer anyway, and waiting here is fair, in its lock it is not.
    writer: SqlitePool,
    readers: SqlitePool,
}

/// What the database promises about a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durability {
    /// `PRAGMA journal_mode`.
    pub journal_mode: String,
    /// `PRAGMA synchronous`: 2 is FULL.
    pub synchronous: i64,
}

impl Store {
    /// Opens the file, makes it if there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, or could not be trusted with an answer.
    pub async fn open(file: &Path) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // Without it, macOS acknowledges a sync that only reached the drive's cache.
            .pragma("fullfsync", "1")
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let pool = SqlitePoolOptions::new()
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None);
        let opening = || format!("cannot open the database {}", file.display());
        let writer = pool
            .clone()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .with_context(opening)?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await.with_context(opening)?;
        let readers = pool
            .max_connections(4)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await
            .with_context(opening)?;
        let store = Self { writer, readers };
        store.check().await.with_context(opening)?;
        Ok(store)
    }

    /// Refuses to run on what could lose an acknowledged response.
    async fn check(&self) -> anyhow::Result<()> {
        let version: String =
            sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&self.writer).await?;
        let parts: Vec<u32> = version.split('.').map_while(|part| part.parse().ok()).collect();
        ensure!(
            parts.as_slice() >= FIRST_SAFE_VERSION.as_slice(),
            "SQLite {version} can corrupt a file that two connections write; 3.51.3 or later is needed"
        );
        // A file system without shared memory refuses WAL silently. With a rollback journal, FULL
        // does not sync the directory, and a power cut could undo the last commit.
        let Durability { journal_mode, synchronous } = self.durability().await?;
        ensure!(
            journal_mode == "wal" && synchronous >= 2,
            "it is in journal mode {journal_mode}, synchronous {synchronous}, and a power cut could \
             undo what was acknowledged; put it on a local disk"
        );
        Ok(())
    }

    /// What the connection that writes promises about a commit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn durability(&self) -> Result<Durability, Error> {
        let mut connection = self.writer.acquire().await?;
        Ok(Durability {
            journal_mode: sqlx::query_scalar("PRAGMA journal_mode")
                .fetch_one(&mut *connection)
                .await?,
            synchronous: sqlx::query_scalar("PRAGMA synchronous")
                .fetch_one(&mut *connection)
                .await?,
        })
    }

    /// Stores the response, unless this revision or a higher one is stored. When it returns, what is
    /// stored survives a power cut.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn keep(&self, response: &Response) -> Result<Kept, Error> {
        // One statement, so that repeats at the same moment cannot come between reading and writing.
        let result = sqlx::query(
            "INSERT INTO response (id, revision, survey, status, shown_at, received_at, body)
             VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET
                 revision = excluded.revision,
                 survey = excluded.survey,
                 status = excluded.status,
                 shown_at = excluded.shown_at,
                 received_at = excluded.received_at,
                 body = excluded.body
             WHERE excluded.revision > response.revision",
        )
        .bind(response.id.to_text())
        .bind(response.revision)
        .bind(&response.survey)
        .bind(response.status.word())
        .bind(response.shown_at.as_millis())
        .bind(clock::now().as_millis())
        .bind(Json(response))
        .execute(&self.writer)
        .await?;
        Ok(if result.rows_affected() == 0 { Kept::Known } else { Kept::New })
    }

    /// Reads responses, newest first.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn responses(&self, filter: &Filter) -> Result<Page, Error> {
        let mut query = QueryBuilder::new("SELECT body FROM response WHERE TRUE");
        if let Some(survey) = &filter.survey {
            query.push(" AND survey = ").push_bind(survey);
        }
        if let Some(status) = filter.status {
            query.push(" AND status = ").push_bind(status.word());
        }
        if let Some(before) = filter.before {
            query.push(" AND id < ").push_bind(before.to_text());
        }
        // One more than asked for tells whether there is a following page.
        query.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(filter.limit) + 1);
        let mut responses = query
            .build()
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(|row| row.try_get(0).map(|Json(response)| response))
            .collect::<Result<Vec<Response>, _>>()?;
        let limit = filter.limit as usize;
        let more = responses.len() > limit;
        responses.truncate(limit);
        let next = responses.last().filter(|_| more).map(|response| response.id);
        Ok(Page { responses, next })
    }

    /// Stores the hash of a token, in place of an earlier one of this label.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn replace_token(&self, label: &str, sha256: &[u8; 32]) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO read_token (label, sha256, created_at) VALUES (?, ?, ?)
             ON CONFLICT (label) DO UPDATE SET
                 sha256 = excluded.sha256, created_at = excluded.created_at",
        )
        .bind(label)
        .bind(sha256.as_slice())
        .bind(clock::now().as_millis())
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Stores the hash of a token if there is no token at all; tells whether it did.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn add_first_token(&self, label: &str, sha256: &[u8; 32]) -> Result<bool, Error> {
        let result = sqlx::query(
            "INSERT INTO read_token (label, sha256, created_at)
             SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM read_token)",
        )
        .bind(label)
        .bind(sha256.as_slice())
        .bind(clock::now().as_millis())
        .execute(&self.writer)
        .await?;
        Ok(result.rows_affected() == 1)
    }

    /// The hashes of all tokens that may read.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn token_hashes(&self) -> Result<Vec<Vec<u8>>, Error> {
        Ok(sqlx::query_scalar("SELECT sha256 FROM read_token").fetch_all(&self.readers).await?)
    }

    /// Asks the database for next to nothing, to see that it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        sqlx::query("SELECT 1 FROM response LIMIT 1").fetch_optional(&self.readers).await?;
        Ok(())
    }

    /// Waits for what is being written and closes the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
