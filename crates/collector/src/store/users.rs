//! Who may open the dashboard, and who has.

use super::devices::forget_devices_of;
use super::publishing::{note, note_count};
use super::roles::{note_role, withdraw_invitations};
use super::sql::Sql;
use super::{EVERY_SITE, Role, Store, StoreError};
use crate::clock;
use crate::commands::ACTOR;
use sondeo_model::Timestamp;
use sqlx::Row;

/// By how much the clocks of collectors on one database may differ.
const SKEW_MS: i64 = 3_600_000;

impl Store {
    /// Sets the password (Argon2id, in the PHC string format) of a person, and ends their sessions. Who is new may do
    /// everything on every site, until somebody says otherwise.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn set_password(&self, name: &str, password: &str) -> Result<(), StoreError> {
        self.set_password_and_first_role(name, password, (EVERY_SITE, Role::Owner), ACTOR).await
    }

    /// The same; who is new has this role on this site, and no other.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn set_password_and_first_role(
        &self,
        name: &str,
        password: &str,
        (site, role): (&str, Role),
        actor: &str,
    ) -> Result<(), StoreError> {
        let mut db = self.begin_change().await?;
        let mut sql = Sql::new("INSERT INTO person_role (person, site, role) SELECT CAST(");
        sql.bind(name).push(" AS TEXT), CAST(").bind(site).push(" AS TEXT), CAST(");
        sql.bind(role.as_str()).push(" AS TEXT) WHERE NOT EXISTS (SELECT 1 FROM person");
        sql.push(" WHERE name = ").bind(name).push(") ON CONFLICT DO NOTHING");
        let is_given = sql.execute(&mut db).await?.rows_affected() == 1;
        let mut sql = Sql::new("INSERT INTO person (name, password, created_at) VALUES (");
        sql.bind(name).push(", ").bind(password).push(", ").bind(clock::now().as_millis());
        sql.push(") ON CONFLICT (name) DO UPDATE SET password = excluded.password");
        sql.execute(&mut db).await?;
        end_sessions_of(name).execute(&mut db).await?;
        // Whoever knew the earlier one may have logged in, too.
        forget_devices_of(name).execute(&mut db).await?;
        note(&mut db, actor, "set a password", name).await?;
        if is_given {
            note_role(&mut db, actor, (name, site), Some(role)).await?;
        }
        Ok(db.commit().await?)
    }

    /// Removes a person, and ends their sessions; also of somebody who is no person and has sessions, by links. Tells
    /// whether there was anything.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn remove_user(&self, name: &str, actor: &str) -> Result<bool, StoreError> {
        let mut db = self.begin_change().await?;
        let ended = end_sessions_of(name).execute(&mut db).await?.rows_affected();
        forget_devices_of(name).execute(&mut db).await?;
        withdraw_invitations(&format!("person:{name}")).execute(&mut db).await?;
        let mut sql = Sql::new("DELETE FROM person_role WHERE person = ");
        sql.bind(name).push(" RETURNING site");
        for row in sql.all(&mut db).await? {
            note_role(&mut db, actor, (name, &row.try_get::<String, _>(0)?), None).await?;
        }
        let mut sql = Sql::new("DELETE FROM person WHERE name = ");
        sql.bind(name);
        let is_removed = sql.execute(&mut db).await?.rows_affected() > 0;
        if is_removed || ended > 0 {
            let deed = if is_removed { "remove a user" } else { "end sessions" };
            note_count(&mut db, actor, deed, (name, ended)).await?;
        }
        db.commit().await?;
        Ok(is_removed || ended > 0)
    }

    /// The names of all who may open the dashboard.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn users(&self) -> Result<Vec<String>, StoreError> {
        let sql = Sql::new("SELECT name FROM person");
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let names = rows.iter().map(|row| row.try_get(0));
        let mut names: Vec<String> = names.collect::<sqlx::Result<_>>()?;
        // PostgreSQL would sort by the language of its installation.
        names.sort_unstable();
        Ok(names)
    }

    /// The password of a person, as it was set.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn password(&self, name: &str) -> Result<Option<String>, StoreError> {
        let mut sql = Sql::new("SELECT password FROM person WHERE name = ");
        sql.bind(name);
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
    }

    /// Begins a session, known by the hash of its cookie, and forgets those that are over.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn begin_session(
        &self,
        sha256: &[u8; 32],
        person: &str,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let now = clock::now().as_millis();
        let mut db = self.0.writer.begin().await?;
        let mut sql = Sql::new("DELETE FROM session WHERE expires_at <= ");
        sql.bind(now);
        sql.execute(&mut db).await?;
        let mut sql =
            Sql::new("INSERT INTO session (sha256, person, created_at, expires_at) VALUES (");
        sql.bind(sha256.to_vec()).push(", ").bind(person).push(", ").bind(now);
        sql.push(", ").bind(until.as_millis()).push(")");
        sql.execute(&mut db).await?;
        Ok(db.commit().await?)
    }

    /// Whose session this is, if it is not over.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn session(&self, sha256: &[u8; 32]) -> Result<Option<String>, StoreError> {
        let mut sql = Sql::new("SELECT person FROM session WHERE sha256 = ");
        sql.bind(sha256.to_vec()).push(" AND expires_at > ").bind(clock::now().as_millis());
        // One that begins later than now was begun by a clock that was ahead, and would last for as much longer.
        sql.push(" AND created_at <= ").bind(clock::now().as_millis() + SKEW_MS);
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
    }

    /// Whose sessions there are, and how many of each, by name.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn sessions(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let mut sql = Sql::new("SELECT person, count(*) FROM session WHERE expires_at > ");
        sql.bind(clock::now().as_millis()).push(" AND created_at <= ");
        sql.bind(clock::now().as_millis() + SKEW_MS).push(" GROUP BY person ORDER BY person");
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// Ends all sessions of a person; tells how many there were.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn end_sessions(&self, name: &str) -> Result<u64, StoreError> {
        let ended = end_sessions_of(name).execute(&mut self.0.writer.acquire().await?).await?;
        Ok(ended.rows_affected())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn end_session(&self, sha256: &[u8; 32]) -> Result<(), StoreError> {
        let mut sql = Sql::new("DELETE FROM session WHERE sha256 = ");
        sql.bind(sha256.to_vec());
        sql.execute(&mut self.0.writer.acquire().await?).await?;
        Ok(())
    }
}

fn end_sessions_of(name: &str) -> Sql {
    let mut sql = Sql::new("DELETE FROM session WHERE person = ");
    sql.bind(name);
    sql
}
