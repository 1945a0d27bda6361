//! Destinations: what they are, and which of them want a response.
//!
//! Every change counts up the number that other collectors look at (`publication.revision`), as changes of sites do.

use super::batch::{self, Access};
use super::connection::Connection;
use super::publishing::{note, publish_change};
use super::sql::Sql;
use super::{DEFAULT_SITE, Dialect, Store, StoreError};
use crate::clock;
use crate::destinations::{Circuit, When};
use serde_json::{Map, Value};
use sondeo_model::{Response, Status};
use sqlx::Row;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

/// Which revisions of a response are passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passes {
    /// The one with which the visitor is done.
    Completed,
    /// Each one.
    Each,
}

impl Passes {
    /// The word of the contract.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Each => "each",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Completed, Self::Each].into_iter().find(|it| it.as_str() == word)
    }
}

/// Whether a destination takes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredDestinationState {
    /// It does.
    Active,
    /// Somebody holds it back: what comes waits.
    Paused,
    /// It said that it is gone, or failed for days: what comes waits until somebody looks at it.
    Off,
    /// It is known only as where responses have gone.
    Removed,
}

impl StoredDestinationState {
    const ALL: [Self; 4] = [Self::Active, Self::Paused, Self::Off, Self::Removed];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Off => "off",
            Self::Removed => "removed",
        }
    }

    fn parse(word: &str) -> sqlx::Result<Self> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == word);
        found.ok_or_else(|| {
            sqlx::Error::Decode(format!("{word:?} is no state of a destination").into())
        })
    }
}

/// Where responses are passed on to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredDestination {
    pub(crate) id: i64,
    pub(crate) site: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    /// By id; empty for all of the site.
    pub(crate) surveys: Vec<String>,
    /// As it was written.
    pub(crate) when: String,
    pub(crate) passes: Passes,
    /// Without anything secret.
    pub(crate) settings: Map<String, Value>,
    /// Which key seals the secrets; empty where there are none.
    pub(crate) key_id: String,
    pub(crate) secrets: Vec<u8>,
    pub(crate) state: StoredDestinationState,
    /// Why it is off, or what it said last while it fails.
    pub(crate) reason: String,
    pub(crate) circuit: Circuit,
    /// For which it was looked last what there is to tell, in days since 1970-01-01.
    pub(crate) digest_day: i64,
    /// Which changes of scores it was told of, as JSON.
    pub(crate) told: String,
    pub(crate) created_at: i64,
}

/// Which responses go to one destination.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) destination: i64,
    pub(crate) site: String,
    pub(crate) surveys: Vec<String>,
    pub(crate) when: When,
    pub(crate) passes: Passes,
    /// Whether it hears of a response once only: people read it.
    pub(crate) is_once: bool,
    /// How long a response that is not completed is waited for, in milliseconds.
    pub(crate) quiet_ms: i64,
}

impl Route {
    /// How long this revision waits before it is passed on; nothing where it is not wanted.
    pub(crate) fn wants(&self, response: &Response) -> Option<i64> {
        if !self.surveys.is_empty() && !self.surveys.contains(&response.survey) {
            return None;
        }
        let is_answered = !response.answers.is_empty();
        let wait = match (self.passes, response.status) {
            (Passes::Each, _) if is_answered || !self.is_once => 0,
            (Passes::Completed, Status::Completed) => 0,
            (Passes::Completed, Status::Partial | Status::Dismissed) if is_answered => {
                self.quiet_ms
            }
            _ => return None,
        };
        self.when.holds(response).then_some(wait)
    }
}

/// Every route, by site.
#[derive(Debug, Default)]
pub(crate) struct Routes(BTreeMap<String, Vec<Route>>);

impl Routes {
    pub(crate) fn new(routes: Vec<Route>) -> Self {
        let mut of_site: BTreeMap<String, Vec<Route>> = BTreeMap::new();
        for route in routes {
            of_site.entry(route.site.clone()).or_default().push(route);
        }
        Self(of_site)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn of(&self, response: &Response) -> &[Route] {
        let site = response.site.as_deref().unwrap_or(DEFAULT_SITE);
        self.0.get(site).map_or(&[], Vec::as_slice)
    }
}

const DESTINATION: &str = "SELECT id, site, kind, name, surveys, condition, passes, settings, key_id, secrets, state, \
                           reason, failures, failing_since, blocked_until, created_at, digest_day, told FROM \
                           destination";

pub(super) fn destination(row: &AnyRow) -> Result<StoredDestination, StoreError> {
    let (surveys, settings): (String, String) = (row.try_get(4)?, row.try_get(7)?);
    let (passes, state): (String, String) = (row.try_get(6)?, row.try_get(10)?);
    let passes = Passes::parse(&passes)
        .ok_or_else(|| sqlx::Error::Decode(format!("{passes:?} is passed on by nobody").into()))?;
    Ok(StoredDestination {
        id: row.try_get(0)?,
        site: row.try_get(1)?,
        kind: row.try_get(2)?,
        name: row.try_get(3)?,
        surveys: serde_json::from_str(&surveys)?,
        when: row.try_get(5)?,
        passes,
        settings: serde_json::from_str(&settings)?,
        key_id: row.try_get(8)?,
        secrets: row.try_get(9)?,
        state: StoredDestinationState::parse(&state)?,
        reason: row.try_get(11)?,
        circuit: Circuit {
            failures: row.try_get(12)?,
            failing_since: row.try_get(13)?,
            blocked_until: row.try_get(14)?,
        },
        created_at: row.try_get(15)?,
        digest_day: row.try_get(16)?,
        told: row.try_get(17)?,
    })
}

/// One destination, which nobody else changes until the transaction is over.
pub(super) async fn locked(
    db: &mut Connection,
    id: i64,
    dialect: Dialect,
) -> Result<Option<StoredDestination>, StoreError> {
    let mut sql = Sql::new(DESTINATION);
    sql.push(" WHERE id = ").bind(id);
    if dialect == Dialect::Postgres {
        sql.push(" FOR UPDATE");
    }
    sql.all(db).await?.first().map(destination).transpose()
}

impl Store {
    /// What is stored from now on goes these ways.
    pub(crate) fn set_routes(&self, routes: Routes) {
        let mut now = self.0.routes.write().unwrap_or_else(PoisonError::into_inner);
        *now = Arc::new(routes);
    }

    /// All destinations, also those that were removed, of a site or of all; the oldest first.
    pub(crate) async fn destinations(
        &self,
        site: Option<&str>,
    ) -> Result<Vec<StoredDestination>, StoreError> {
        let mut sql = Sql::new(DESTINATION);
        if let Some(site) = site {
            sql.push(" WHERE site = ").bind(site);
        }
        sql.push(" ORDER BY created_at, id");
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        rows.iter().map(destination).collect()
    }

    /// One destination, also one that was removed.
    pub(crate) async fn destination(
        &self,
        id: i64,
    ) -> Result<Option<StoredDestination>, StoreError> {
        locked(&mut self.0.readers.acquire().await?, id, Dialect::Sqlite).await
    }

    /// Adds a destination.
    pub(crate) async fn add_destination(
        &self,
        new: &StoredDestination,
        actor: &str,
    ) -> Result<(), StoreError> {
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Write).await?;
        let mut sql = Sql::new(
            "INSERT INTO destination (id, site, kind, name, surveys, condition, passes, settings, key_id, secrets,
                 state, reason, created_at, digest_day) VALUES (",
        );
        sql.bind(new.id).push(", ").bind(&*new.site).push(", ").bind(&*new.kind);
        sql.push(", ").bind(&*new.name).push(", ").bind(serde_json::to_string(&new.surveys)?);
        sql.push(", ").bind(&*new.when).push(", ").bind(new.passes.as_str());
        sql.push(", ").bind(serde_json::to_string(&new.settings)?).push(", ").bind(&*new.key_id);
        sql.push(", ").bind(new.secrets.clone()).push(", ").bind(new.state.as_str());
        sql.push(", '', ").bind(new.created_at).push(", ").bind(new.digest_day).push(")");
        sql.execute(&mut db).await?;
        note(&mut db, actor, "add a destination", &subject(new)).await?;
        publish_change(&mut db, None).await?;
        db.commit().await?;
        Ok(())
    }

    /// Changes a destination, of which nobody else changes anything meanwhile. Says what it is now; none where there is
    /// none of this id on this site.
    pub(crate) async fn change_destination<E>(
        &self,
        (site, id): (&str, i64),
        actor: &str,
        change: impl FnOnce(StoredDestination) -> Result<StoredDestination, E>,
    ) -> Result<Option<Result<StoredDestination, E>>, StoreError> {
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Write).await?;
        let known = locked(&mut db, id, self.0.dialect).await?;
        let is_there =
            |it: &StoredDestination| it.site == site && it.state != StoredDestinationState::Removed;
        let Some(known) = known.filter(is_there) else { return Ok(None) };
        let next = match change(known) {
            Ok(next) => next,
            Err(error) => return Ok(Some(Err(error))),
        };
        update(&mut db, &next).await?;
        note(&mut db, actor, "change a destination", &subject(&next)).await?;
        publish_change(&mut db, None).await?;
        db.commit().await?;
        self.0.deliveries.notify_waiters();
        Ok(Some(Ok(next)))
    }

    /// Notes that it was looked for this day what there is to tell, and which changes were told by then; and writes down
    /// a notice, by its id and its body, that is to be delivered. Of several collectors that looked, one does.
    pub(crate) async fn queue_notice(
        &self,
        before: &StoredDestination,
        (day, told): (i64, &str),
        notice: Option<(&str, &str)>,
    ) -> Result<(), StoreError> {
        let now = clock::now().as_millis();
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Write).await?;
        let mut sql = Sql::new("UPDATE destination SET digest_day = ");
        sql.bind(day).push(", told = ").bind(told).push(" WHERE state = 'active' AND id = ");
        sql.bind(before.id).push(" AND digest_day = ").bind(before.digest_day);
        if sql.execute(&mut db).await?.rows_affected() == 0 {
            db.rollback().await?;
            return Ok(());
        }
        if let Some((id, body)) = notice {
            let mut sql = Sql::new(
                "INSERT INTO delivery (response, destination, revision, state, due, at, body) VALUES (",
            );
            sql.bind(id).push(", ").bind(before.id).push(", 1, 'waiting', ").bind(now).push(", ");
            sql.bind(now).push(", ").bind(body).push(") ON CONFLICT DO NOTHING");
            sql.execute(&mut db).await?;
        }
        db.commit().await?;
        if notice.is_some() {
            self.0.deliveries.notify_waiters();
        }
        Ok(())
    }

    /// Seals the secrets of a destination with another key. Nothing else of it changes.
    pub(crate) async fn reseal_destination(
        &self,
        before: &StoredDestination,
        (key_id, secrets): (&str, Vec<u8>),
    ) -> Result<(), StoreError> {
        let mut sql = Sql::new("UPDATE destination SET key_id = ");
        sql.bind(key_id).push(", secrets = ").bind(secrets).push(" WHERE id = ").bind(before.id);
        sql.push(" AND secrets = ").bind(before.secrets.clone());
        sql.execute(&mut self.0.writer.acquire().await?).await?;
        Ok(())
    }

    /// Notes why nothing goes to a destination.
    pub(crate) async fn explain(&self, id: i64, reason: &str) -> Result<(), StoreError> {
        let mut sql = Sql::new("UPDATE destination SET reason = ");
        sql.bind(reason).push(" WHERE id = ").bind(id).push(" AND reason <> ").bind(reason);
        sql.execute(&mut self.0.writer.acquire().await?).await?;
        Ok(())
    }

    /// Removes a destination with what waits for it and its secrets. Where responses have gone stays known. Says whether
    /// there was one of this id on this site.
    pub(crate) async fn remove_destination(
        &self,
        (site, id): (&str, i64),
        actor: &str,
    ) -> Result<bool, StoreError> {
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Write).await?;
        let known = locked(&mut db, id, self.0.dialect).await?;
        let is_there =
            |it: &StoredDestination| it.site == site && it.state != StoredDestinationState::Removed;
        let Some(known) = known.filter(is_there) else { return Ok(false) };
        let mut sql = Sql::new(
            "UPDATE destination SET state = 'removed', settings = '{}', key_id = '', reason = '', secrets = ",
        );
        sql.bind(Vec::<u8>::new()).push(" WHERE id = ").bind(id);
        sql.execute(&mut db).await?;
        for text in [
            // What is on its way, or was tried, may be there: whoever erases it later is told so.
            "UPDATE delivery SET state = 'delivered', holder = 0, body = NULL, answer = NULL
             WHERE state <> 'delivered' AND (holder <> 0 OR done_at IS NOT NULL) AND destination = ",
            "DELETE FROM delivery WHERE state <> 'delivered' AND destination = ",
        ] {
            let mut sql = Sql::new(text);
            sql.bind(id);
            sql.execute(&mut db).await?;
        }
        note(&mut db, actor, "remove a destination", &subject(&known)).await?;
        publish_change(&mut db, None).await?;
        db.commit().await?;
        Ok(true)
    }
}

async fn update(db: &mut Connection, next: &StoredDestination) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE destination SET name = ");
    sql.bind(&*next.name).push(", surveys = ").bind(serde_json::to_string(&next.surveys)?);
    sql.push(", condition = ").bind(&*next.when).push(", passes = ").bind(next.passes.as_str());
    sql.push(", settings = ").bind(serde_json::to_string(&next.settings)?);
    sql.push(", key_id = ").bind(&*next.key_id).push(", secrets = ").bind(next.secrets.clone());
    sql.push(", state = ").bind(next.state.as_str()).push(", reason = ").bind(&*next.reason);
    sql.push(", failures = ").bind(next.circuit.failures);
    sql.push(", failing_since = ").bind(next.circuit.failing_since);
    sql.push(", blocked_until = ").bind(next.circuit.blocked_until);
    sql.push(", digest_day = ").bind(next.digest_day).push(", told = ").bind(&*next.told);
    sql.push(" WHERE id = ").bind(next.id);
    sql.execute(db).await?;
    Ok(())
}

/// What the circuit says now, and what it means for the destination.
pub(super) async fn update_circuit(
    db: &mut Connection,
    id: i64,
    circuit: Circuit,
    (state, reason): (StoredDestinationState, &str),
) -> sqlx::Result<()> {
    let mut sql = Sql::new("UPDATE destination SET failures = ");
    sql.bind(circuit.failures).push(", failing_since = ").bind(circuit.failing_since);
    sql.push(", blocked_until = ").bind(circuit.blocked_until).push(", state = ");
    sql.bind(state.as_str()).push(", reason = ").bind(reason).push(" WHERE id = ").bind(id);
    sql.execute(db).await?;
    Ok(())
}

/// What the audit calls it.
fn subject(destination: &StoredDestination) -> String {
    let now = crate::destinations::id_text(destination.id);
    format!("{} {} {now} of {}", destination.kind, destination.name, destination.site)
}

/// A number that no other destination has, nor ever had.
pub(crate) fn new_id() -> i64 {
    let mut bytes = [0; 8];
    // Without randomness, the time is as good: nobody gains anything by guessing it.
    if getrandom::fill(&mut bytes[2..]).is_err() {
        return clock::now().as_millis();
    }
    i64::from_be_bytes(bytes).max(1)
}
