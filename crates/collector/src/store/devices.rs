//! Browsers in which people have logged in.

use super::sql::Sql;
use super::{Store, StoreError};
use crate::clock;
use sondeo_model::Timestamp;
use sqlx::Row;

/// Browsers of one person that are remembered, at most, the latest.
const MOST_OF_PERSON: i64 = 50;

impl Store {
    /// Remembers a browser, known by the hash of its cookie, in which this person has logged in; and forgets those whose
    /// time is over.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn remember_device(
        &self,
        sha256: &[u8; 32],
        person: &str,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        // As a session begins: nobody who logs in waits for an erasure.
        let mut db = self.0.writer.begin().await?;
        let mut sql = Sql::new("INSERT INTO device (sha256, person, expires_at) VALUES (");
        sql.bind(sha256.to_vec()).push(", ").bind(person).push(", ").bind(until.as_millis());
        sql.push(") ON CONFLICT (sha256) DO UPDATE SET expires_at = excluded.expires_at");
        sql.execute(&mut db).await?;
        let mut sql = Sql::new("DELETE FROM device WHERE expires_at <= ");
        sql.bind(clock::now().as_millis()).push(" OR (person = ").bind(person);
        sql.push(" AND expires_at < (SELECT expires_at FROM device WHERE person = ").bind(person);
        sql.push(" ORDER BY expires_at DESC LIMIT 1 OFFSET ").bind(MOST_OF_PERSON - 1).push("))");
        sql.execute(&mut db).await?;
        Ok(db.commit().await?)
    }

    /// Whether this person has logged in in this browser.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn knows_device(&self, sha256: &[u8; 32], person: &str) -> Result<bool, StoreError> {
        let mut sql = Sql::new("SELECT person FROM device WHERE sha256 = ");
        sql.bind(sha256.to_vec()).push(" AND person = ").bind(person);
        sql.push(" AND expires_at > ").bind(clock::now().as_millis());
        Ok(!sql.all(&mut self.0.readers.acquire().await?).await?.is_empty())
    }

    /// The hashes of all browsers.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn device_hashes(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.hashes(Sql::new("SELECT sha256 FROM device")).await
    }

    /// The hashes of all sessions, also of those that are over.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn session_hashes(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.hashes(Sql::new("SELECT sha256 FROM session")).await
    }

    /// The hashes of all invitations that nobody has used.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn invitation_hashes(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.hashes(Sql::new("SELECT sha256 FROM invitation")).await
    }

    /// The hashes of all tokens, also of those that were revoked.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn token_hashes(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.hashes(Sql::new("SELECT sha256 FROM token")).await
    }

    pub(super) async fn hashes(&self, sql: Sql) -> Result<Vec<Vec<u8>>, StoreError> {
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        Ok(rows.iter().map(|row| row.try_get(0)).collect::<sqlx::Result<_>>()?)
    }
}

/// Forgets the browsers of a person.
pub(super) fn forget_devices_of(person: &str) -> Sql {
    let mut sql = Sql::new("DELETE FROM device WHERE person = ");
    sql.bind(person);
    sql
}
