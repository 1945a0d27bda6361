//! Tokens and write keys, as hashes.

use super::publishing::note;
use super::sql::Sql;
use super::{Store, StoreError};
use crate::clock;
use sondeo_model::Timestamp;
use sqlx::Row;
use std::fmt;
use std::str::FromStr;

/// What a token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Surveys, summaries and responses.
    Read,
    /// All responses in one file.
    Export,
    /// Erasing responses and visitors.
    Erase,
    /// Changing drafts of surveys.
    Edit,
    /// Publishing, pausing and ending surveys.
    Publish,
    /// Sites, people and destinations.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] =
        [Self::Read, Self::Export, Self::Erase, Self::Edit, Self::Publish, Self::Admin];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Export => "export",
            Self::Erase => "erase",
            Self::Edit => "edit",
            Self::Publish => "publish",
            Self::Admin => "admin",
        }
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == word);
        found.ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|scope| scope.as_str()).collect();
            format!("{word:?} is not a scope (there are {})", known.join(", "))
        })
    }
}

/// Some scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(pub Vec<Scope>);

impl Scopes {
    /// Whether this one is among them.
    #[must_use]
    pub fn allow(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    fn parse(words: &str) -> Self {
        Self(words.split(' ').filter_map(|word| word.parse().ok()).collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.0.iter().map(|scope| scope.as_str()).collect();
        formatter.write_str(&words.join(" "))
    }
}

/// A token, without the token itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// What it is for.
    pub label: String,
    /// Its SHA-256.
    pub sha256: Vec<u8>,
    /// What it allows.
    pub scopes: Scopes,
    /// The only site that it is for; none for all.
    pub site: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stopped working.
    pub revoked_at: Option<Timestamp>,
}

impl Store {
    /// Stores the hash of a token, in place of an earlier one of this label.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn replace_token(
        &self,
        label: &str,
        sha256: &[u8; 32],
        scopes: &Scopes,
        site: Option<&str>,
        actor: &str,
    ) -> Result<(), StoreError> {
        let mut sql =
            Sql::new("INSERT INTO token (label, sha256, scopes, created_at, site) VALUES (");
        sql.bind(label).push(", ").bind(sha256.to_vec()).push(", ").bind(scopes.to_string());
        sql.push(", ").bind(clock::now().as_millis()).push(", ").bind(site);
        sql.push(
            ") ON CONFLICT (label) DO UPDATE SET sha256 = excluded.sha256, site = excluded.site,
                 scopes = excluded.scopes, created_at = excluded.created_at, revoked_at = NULL",
        );
        let mut db = self.begin_change().await?;
        sql.execute(&mut db).await?;
        note(&mut db, actor, "make a token", label).await?;
        Ok(db.commit().await?)
    }

    /// Stores the hash of a token if there is no token at all; tells whether it did.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn add_first_token(
        &self,
        label: &str,
        sha256: &[u8; 32],
        scopes: &Scopes,
        actor: &str,
    ) -> Result<bool, StoreError> {
        let mut sql = Sql::new("INSERT INTO token (label, sha256, scopes, created_at) SELECT ");
        sql.push("CAST(").bind(label).push(" AS TEXT), ").bind(sha256.to_vec());
        sql.push(", CAST(").bind(scopes.to_string()).push(" AS TEXT), CAST(");
        sql.bind(clock::now().as_millis()).push(" AS BIGINT)");
        sql.push(" WHERE NOT EXISTS (SELECT 1 FROM token) ON CONFLICT DO NOTHING");
        let mut db = self.begin_change().await?;
        if sql.execute(&mut db).await?.rows_affected() == 0 {
            return Ok(false);
        }
        note(&mut db, actor, "make a token", label).await?;
        db.commit().await?;
        Ok(true)
    }

    /// Makes a token stop working, and what was promised with it; tells whether there was one of this label that worked.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn revoke_token(&self, label: &str, actor: &str) -> Result<bool, StoreError> {
        let mut sql = Sql::new("UPDATE token SET revoked_at = ");
        sql.bind(clock::now().as_millis()).push(" WHERE revoked_at IS NULL AND label = ");
        sql.bind(label);
        let mut db = self.begin_change().await?;
        let is_revoked = sql.execute(&mut db).await?.rows_affected() == 1;
        // Also where it was revoked before: an earlier version could be ended between the two.
        super::roles::withdraw_invitations(&format!("token:{label}")).execute(&mut db).await?;
        if is_revoked {
            note(&mut db, actor, "revoke a token", label).await?;
        }
        db.commit().await?;
        Ok(is_revoked)
    }

    /// All tokens, also those that were revoked, by label.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, StoreError> {
        let sql = Sql::new("SELECT label, sha256, scopes, created_at, revoked_at, site FROM token");
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let token = |row: &sqlx::any::AnyRow| {
            let scopes: String = row.try_get(2)?;
            let revoked_at: Option<i64> = row.try_get(4)?;
            Ok(TokenRow {
                label: row.try_get(0)?,
                sha256: row.try_get(1)?,
                scopes: Scopes::parse(&scopes),
                site: row.try_get(5)?,
                created_at: Timestamp::from_millis(row.try_get(3)?),
                revoked_at: revoked_at.map(Timestamp::from_millis),
            })
        };
        let mut tokens: Vec<TokenRow> = rows.iter().map(token).collect::<sqlx::Result<_>>()?;
        // PostgreSQL would sort by the language of its installation.
        tokens.sort_unstable_by(|one, other| one.label.cmp(&other.label));
        Ok(tokens)
    }

    /// Sets the key without which this survey takes no responses; `None` opens it again.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn set_write_key(
        &self,
        survey: &str,
        sha256: Option<&[u8; 32]>,
        actor: &str,
    ) -> Result<(), StoreError> {
        let mut sql;
        let deed = if sha256.is_some() { "make a key" } else { "remove a key" };
        if let Some(sha256) = sha256 {
            sql = Sql::new("INSERT INTO write_key (survey, sha256, created_at) VALUES (");
            sql.bind(survey).push(", ").bind(sha256.to_vec()).push(", ");
            sql.bind(clock::now().as_millis());
            sql.push(
                ") ON CONFLICT (survey) DO UPDATE SET
                     sha256 = excluded.sha256, created_at = excluded.created_at",
            );
        } else {
            sql = Sql::new("DELETE FROM write_key WHERE survey = ");
            sql.bind(survey);
        }
        let mut db = self.begin_change().await?;
        sql.execute(&mut db).await?;
        note(&mut db, actor, deed, survey).await?;
        Ok(db.commit().await?)
    }

    /// The hash of each survey's key, by survey.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn write_keys(&self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let sql = Sql::new("SELECT survey, sha256 FROM write_key ORDER BY survey");
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }
}
