//! What people may do, site by site.

use super::batch::{self, Access};
use super::connection::Connection;
use super::publishing::note;
use super::sql::Sql;
use super::{Scope, Scopes, Store, StoreError};
use crate::clock;
use sondeo_model::Timestamp;
use sqlx::Row;
use std::fmt;
use std::str::FromStr;

/// Stands for every site, also those that are added later.
pub const EVERY_SITE: &str = "*";

/// What a person does on a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Also edits drafts.
    Editor,
    /// Also publishes.
    Publisher,
    /// Also looks after people, destinations and erasing.
    Owner,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Editor, Self::Publisher, Self::Owner];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Publisher => "publisher",
            Self::Owner => "owner",
        }
    }

    /// What it allows.
    #[must_use]
    pub fn scopes(self) -> Scopes {
        let needs = |scope: &Scope| match scope {
            Scope::Read | Scope::Export => Self::Viewer,
            Scope::Edit => Self::Editor,
            Scope::Publish => Self::Publisher,
            Scope::Erase | Scope::Admin => Self::Owner,
        };
        Scopes(Scope::ALL.into_iter().filter(|scope| needs(scope) <= self).collect())
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|role| role.as_str() == word);
        found.ok_or_else(|| {
            format!("{word:?} is not a role (there are viewer, editor, publisher and owner)")
        })
    }
}

/// What somebody may do on a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub person: String,
    /// The site, or [`EVERY_SITE`].
    pub site: String,
    /// What.
    pub role: Role,
}

/// What became of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleOutcome {
    /// It is as it should be now.
    Changed,
    /// It was so before.
    Unchanged,
    /// Nobody else could look after the site.
    LastOwner,
}

/// What somebody promised goes with the right to promise it.
pub(super) fn withdraw_invitations(actor: &str) -> Sql {
    let mut sql = Sql::new("DELETE FROM invitation WHERE invited_by = ");
    sql.bind(actor.to_owned());
    sql
}

/// Writes that somebody has a role on a site from now on, or none any more.
pub(super) async fn note_role(
    db: &mut Connection,
    actor: &str,
    (person, site): (&str, &str),
    role: Option<Role>,
) -> sqlx::Result<()> {
    match role {
        Some(role) => note(db, actor, "give a role", &format!("{person} {role} {site}")).await,
        None => note(db, actor, "take a role away", &format!("{person} {site}")).await,
    }
}

impl Store {
    /// The roles of a person, by site.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn roles_of(&self, person: &str) -> Result<Vec<Membership>, StoreError> {
        let mut sql = Sql::new("SELECT person, site, role FROM person_role WHERE person = ");
        sql.bind(person);
        self.memberships(sql).await
    }

    /// Who has a role on a site, also those who have one on every site; by name.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn people_of(&self, site: &str) -> Result<Vec<Membership>, StoreError> {
        let mut sql = Sql::new("SELECT person, site, role FROM person_role WHERE site IN (");
        sql.bind(site).push(", ").bind(EVERY_SITE).push(")");
        self.memberships(sql).await
    }

    async fn memberships(&self, sql: Sql) -> Result<Vec<Membership>, StoreError> {
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let membership = |row: &sqlx::any::AnyRow| {
            let role: String = row.try_get(2)?;
            let role = role.parse().map_err(|error: String| sqlx::Error::Decode(error.into()))?;
            Ok(Membership { person: row.try_get(0)?, site: row.try_get(1)?, role })
        };
        let mut all = rows.iter().map(membership).collect::<sqlx::Result<Vec<_>>>()?;
        all.sort_unstable_by(|one, other| {
            (&one.person, &one.site).cmp(&(&other.person, &other.site))
        });
        Ok(all)
    }

    /// Gives a person a role on a site, in place of an earlier one; none takes it away. With `keeps_owner`, the last owner
    /// of a site stays one.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn set_role(
        &self,
        person: &str,
        site: &str,
        role: Option<Role>,
        (actor, keeps_owner): (&str, bool),
    ) -> Result<RoleOutcome, StoreError> {
        // Two owners who remove each other wait for each other.
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Erase).await?;
        let mut sql = Sql::new("SELECT role FROM person_role WHERE person = ");
        sql.bind(person).push(" AND site = ").bind(site);
        let rows = sql.all(&mut db).await?;
        let before: Option<String> = rows.first().map(|row| row.try_get(0)).transpose()?;
        if before.as_deref() == role.map(Role::as_str) {
            return Ok(RoleOutcome::Unchanged);
        }
        let was_owner = before.as_deref() == Some(Role::Owner.as_str());
        if keeps_owner && was_owner {
            let mut sql =
                Sql::new("SELECT person FROM person_role WHERE role = 'owner' AND site IN (");
            sql.bind(site).push(", ").bind(EVERY_SITE).push(") AND NOT (person = ").bind(person);
            sql.push(" AND site = ").bind(site).push(") LIMIT 1");
            if sql.all(&mut db).await?.is_empty() {
                return Ok(RoleOutcome::LastOwner);
            }
        }
        let mut sql;
        if let Some(role) = role {
            sql = Sql::new("INSERT INTO person_role (person, site, role) VALUES (");
            sql.bind(person).push(", ").bind(site).push(", ").bind(role.as_str());
            sql.push(") ON CONFLICT (person, site) DO UPDATE SET role = excluded.role");
        } else {
            sql = Sql::new("DELETE FROM person_role WHERE person = ");
            sql.bind(person).push(" AND site = ").bind(site);
        }
        sql.execute(&mut db).await?;
        if was_owner {
            withdraw_invitations(&format!("person:{person}")).execute(&mut db).await?;
        }
        note_role(&mut db, actor, (person, site), role).await?;
        db.commit().await?;
        Ok(RoleOutcome::Changed)
    }

    /// Keeps an invitation, known by the hash of its code.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn add_invitation(
        &self,
        sha256: &[u8; 32],
        site: &str,
        role: Role,
        (actor, until): (&str, Timestamp),
    ) -> Result<(), StoreError> {
        let mut db = self.0.writer.begin().await?;
        let mut sql = Sql::new("DELETE FROM invitation WHERE expires_at <= ");
        sql.bind(clock::now().as_millis());
        sql.execute(&mut db).await?;
        let mut sql = Sql::new(
            "INSERT INTO invitation (sha256, site, role, invited_by, expires_at) VALUES (",
        );
        sql.bind(sha256.to_vec()).push(", ").bind(site).push(", ").bind(role.as_str());
        sql.push(", ").bind(actor).push(", ").bind(until.as_millis()).push(")");
        sql.execute(&mut db).await?;
        note(&mut db, actor, "invite", &format!("{role} {site}")).await?;
        db.commit().await?;
        Ok(())
    }

    /// The site and the role of an invitation that is neither used nor over.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn invitation(
        &self,
        sha256: &[u8; 32],
    ) -> Result<Option<(String, Role)>, StoreError> {
        let mut sql = Sql::new("SELECT '', site, role FROM invitation WHERE sha256 = ");
        sql.bind(sha256.to_vec()).push(" AND expires_at > ").bind(clock::now().as_millis());
        Ok(self.memberships(sql).await?.pop().map(|it| (it.site, it.role)))
    }

    /// Makes somebody a person by an invitation, which works once. Says whether it did: the name may be taken, and the
    /// invitation used meanwhile.
    ///
    /// # Errors
    /// When the database does not answer in time or cannot write.
    pub async fn accept_invitation(
        &self,
        sha256: &[u8; 32],
        name: &str,
        password: &str,
    ) -> Result<bool, StoreError> {
        let Some((site, role)) = self.invitation(sha256).await? else { return Ok(false) };
        let mut db = self.0.writer.begin().await?;
        let mut sql = Sql::new("DELETE FROM invitation WHERE sha256 = ");
        sql.bind(sha256.to_vec());
        if sql.execute(&mut db).await?.rows_affected() == 0 {
            return Ok(false);
        }
        let mut sql = Sql::new("INSERT INTO person (name, password, created_at) VALUES (");
        sql.bind(name).push(", ").bind(password).push(", ").bind(clock::now().as_millis());
        sql.push(") ON CONFLICT (name) DO NOTHING");
        if sql.execute(&mut db).await?.rows_affected() == 0 {
            return Ok(false);
        }
        let mut sql = Sql::new("INSERT INTO person_role (person, site, role) VALUES (");
        sql.bind(name).push(", ").bind(&*site).push(", ").bind(role.as_str());
        sql.push(") ON CONFLICT (person, site) DO UPDATE SET role = excluded.role");
        sql.execute(&mut db).await?;
        let subject = format!("{name} {role} {site}");
        let actor = format!("person:{name}");
        note(&mut db, &actor, "accept an invitation", &subject).await?;
        db.commit().await?;
        Ok(true)
    }
}
