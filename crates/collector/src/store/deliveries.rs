//! What is on its way to destinations: a row for each response, revision and destination, written in the transaction
//! that stores the revision.
//!
//! A row that a collector has in hand is due when its lease is over, so that a collector that dies loses nothing: another
//! one takes it then. A revision waits for the earlier ones of its response.

use super::batch::{self, Access};
use super::connection::Connection;
use super::destinations::{self, Passes, Route, Routes, StoredDestination, StoredDestinationState};
use super::incoming::{Incoming, Sender};
use super::sql::{Sql, chunks};
use super::{Cursor, Dialect, Inner, Store, StoreError};
use crate::clock;
use crate::destinations::{
    Admission, Circuit, DestinationKind, Facts, Next, Pace, Verdict, next, subject_of,
};
use serde::Serialize;
use sondeo_model::{Response, ResponseId, Timestamp};
use sqlx::Row;
use sqlx::any::AnyRow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;
use tokio::sync::futures::Notified;

/// Characters of an answer that are kept.
const LONGEST_ANSWER_CHARS: usize = 500;
/// Deliveries that are counted where a destination is shown; `/metrics` counts all of them.
pub(crate) const MOST_COUNTED: i64 = 10_000;
/// Deliveries that one call sends once more, at most.
pub(crate) const MOST_REPLAYED: i64 = 5_000;
/// Responses that one call looks at for it, at most: each is read while nobody stores.
pub(crate) const MOST_READ: i64 = 200;

/// Rows that one statement writes.
const MOST_WRITTEN: usize = 5_000;

/// A delivery that was taken in hand.
#[derive(Debug, Clone)]
pub(crate) struct Claimed {
    pub(crate) response: String,
    pub(crate) revision: i64,
    /// Before this one.
    pub(crate) tries: i64,
    /// When it was written.
    pub(crate) at: i64,
    /// The revision, as it was stored.
    pub(crate) body: String,
    /// Whether it goes ahead alone, to see whether a destination that failed takes something again.
    pub(crate) is_probe: bool,
    holder: i64,
}

/// What was taken in hand.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) rows: Vec<Claimed>,
    /// The destination as it is now; none where it was removed.
    pub(crate) destination: Option<StoredDestination>,
    /// Nothing more can be taken before, in milliseconds.
    pub(crate) not_before: Option<i64>,
}

/// What became of a delivery.
#[derive(Debug, Clone)]
pub(crate) struct Tried {
    pub(crate) claimed: Claimed,
    pub(crate) verdict: Verdict,
    pub(crate) status: Option<u16>,
    /// What was answered, or why nothing was; without anything secret.
    pub(crate) answer: String,
}

/// Where a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeliveryState {
    Waiting,
    Delivered,
    Failed,
}

impl DeliveryState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for DeliveryState {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let all = [Self::Waiting, Self::Delivered, Self::Failed];
        let found = all.into_iter().find(|state| state.as_str() == word);
        found.ok_or("must be waiting, delivered or failed")
    }
}

/// A delivery, as people look at it.
#[derive(Debug, Clone)]
pub(crate) struct DeliveryRow {
    pub(crate) response: String,
    pub(crate) revision: i64,
    pub(crate) at: Timestamp,
    /// Of one that waits: when it is tried.
    pub(crate) due: Timestamp,
    pub(crate) tries: i64,
    pub(crate) done_at: Option<Timestamp>,
    pub(crate) status: Option<i64>,
    pub(crate) answer: Option<String>,
}

/// A place in a list of deliveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeliveryCursor {
    moment: i64,
    response: String,
    revision: i64,
}

impl fmt::Display for DeliveryCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.moment, self.response, self.revision)
    }
}

impl FromStr for DeliveryCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(());
        let moment = part()?.parse().map_err(|_| ())?;
        let response = subject_of(part()?).ok_or(())?;
        Ok(Self { moment, response, revision: part()?.parse().map_err(|_| ())? })
    }
}

/// How much waits for a destination.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Backlog {
    pub(crate) waiting: i64,
    /// When the oldest of them was written.
    pub(crate) oldest: Option<i64>,
    pub(crate) failed: i64,
}

/// Where responses that were erased had gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SentTo {
    /// The destination's id.
    pub destination: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// How many of them went there, or may have: one that was on its way counts.
    pub responses: u64,
}

/// What is sent once more.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) count: u64,
    /// Whether the same call finds more.
    pub(crate) has_more: bool,
    /// Behind which place it goes on, of those since a moment.
    pub(crate) next: Option<Cursor>,
}

/// What is to be sent once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Replay {
    /// This one.
    One(String, i64),
    /// What failed.
    Failed,
    /// Every response that counts for this moment or a later one, also such as came before the destination was there;
    /// of them, those behind this place.
    Since(Timestamp, Option<Cursor>),
}

impl Inner {
    pub(super) fn routes(&self) -> std::sync::Arc<Routes> {
        let routes = self.routes.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        std::sync::Arc::clone(&routes)
    }
}

/// Whether destinations hear of it: imports and crawlers are no news.
fn is_news(incoming: &Incoming) -> bool {
    incoming.sender == Sender::Visitor && !incoming.is_imported
}

/// A row that is to be written.
struct NewRow<'a> {
    response: &'a str,
    destination: i64,
    revision: i64,
    due: i64,
}

/// Writes what is to be delivered of responses that are stored for the first time. Says whether there is any.
pub(super) async fn queue_new<'a>(
    db: &mut Connection,
    routes: &Routes,
    new: impl Iterator<Item = &'a Incoming>,
) -> sqlx::Result<bool> {
    let now = clock::now().as_millis();
    let mut rows = Vec::new();
    for incoming in new.filter(|incoming| is_news(incoming)) {
        for route in routes.of(&incoming.response) {
            if let Some(wait) = route.wants(&incoming.response) {
                rows.push(NewRow {
                    response: &incoming.id,
                    destination: route.destination,
                    revision: incoming.response.revision.into(),
                    due: now + wait,
                });
            }
        }
    }
    insert(db, &rows, now).await?;
    Ok(!rows.is_empty())
}

/// All rows are one parameter, so that one prepared statement writes any number of them: a statement of six hundred
/// parameters cost more than the rows.
async fn insert(db: &mut Connection, rows: &[NewRow<'_>], now: i64) -> sqlx::Result<u64> {
    let mut count = 0;
    for rows in rows.chunks(MOST_WRITTEN) {
        let rows: Vec<_> =
            rows.iter().map(|it| (it.response, it.destination, it.revision, it.due)).collect();
        let rows =
            serde_json::to_string(&rows).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let (columns, source) = if db.backend_name() == "SQLite" {
            ("value ->> 0, value ->> 1, value ->> 2, value ->> 3", " FROM json_each(")
        } else {
            (
                "value ->> 0, CAST(value ->> 1 AS BIGINT), CAST(value ->> 2 AS BIGINT), CAST(value ->> 3 AS BIGINT)",
                " FROM json_array_elements(CAST(",
            )
        };
        let mut sql = Sql::new(
            "INSERT INTO delivery (response, destination, revision, due, state, at) SELECT ",
        );
        sql.push(columns).push(", 'waiting', CAST(").bind(now).push(" AS BIGINT)").push(source);
        sql.bind(rows).push(if db.backend_name() == "SQLite" { ")" } else { " AS json))" });
        // SQLite takes `ON` for a part of the join without a condition before it.
        sql.push(" WHERE TRUE ON CONFLICT DO NOTHING");
        count += sql.execute(db).await?.rows_affected();
    }
    Ok(count)
}

/// The same of higher revisions, whose earlier ones are still there. Before they are replaced.
pub(super) async fn queue_higher<'a>(
    db: &mut Connection,
    routes: &Routes,
    higher: impl Iterator<Item = &'a Incoming>,
) -> sqlx::Result<bool> {
    let now = clock::now().as_millis();
    let higher: Vec<&Incoming> = higher.filter(|it| !routes.of(&it.response).is_empty()).collect();
    if higher.is_empty() {
        return Ok(false);
    }
    // A later state of what only its end is wanted of, or of what is told once, takes the place of an earlier one that
    // nobody has in hand.
    let passing: Vec<(&str, i64)> = higher
        .iter()
        .flat_map(|it| routes.of(&it.response).iter().map(move |route| (it, route)))
        .filter(|(it, route)| {
            let is_told_once = route.is_once && is_news(it) && route.wants(&it.response).is_some();
            route.passes == Passes::Completed || is_told_once
        })
        .map(|(it, route)| (&*it.id, route.destination))
        .collect();
    for pairs in chunks(&passing) {
        let mut sql = Sql::new(
            "DELETE FROM delivery WHERE state = 'waiting' AND holder = 0 AND (response, destination) IN (VALUES ",
        );
        sql.rows(pairs, |sql, (response, destination)| {
            sql.push("CAST(").bind(*response).push(" AS TEXT), CAST(");
            sql.bind(*destination).push(" AS BIGINT)");
        });
        sql.push(")");
        sql.execute(db).await?;
    }
    // What is still to be sent of an earlier one has to be kept: its place in `response` is taken.
    let mut sql = Sql::new(
        "UPDATE delivery SET body = (SELECT body FROM response WHERE id = delivery.response)
         WHERE body IS NULL AND state <> 'delivered' AND response IN ",
    );
    sql.list(higher.iter().map(|it| &*it.id));
    sql.execute(db).await?;
    let mut sql = Sql::new(
        "SELECT response, destination, state, holder, due FROM delivery WHERE response IN ",
    );
    sql.list(higher.iter().map(|it| &*it.id));
    let mut known: HashMap<(String, i64), (bool, i64)> = HashMap::new();
    // One that is in hand may fail: what came after it waits for that (`settle`).
    for row in sql.all(db).await? {
        let (state, holder): (String, i64) = (row.try_get(2)?, row.try_get(3)?);
        let is_heard = state == "delivered";
        // Of one that is in hand, that is the end of its lease, and it may be done at any moment.
        let due = if state == "waiting" && holder == 0 { row.try_get(4)? } else { 0 };
        let entry = known.entry((row.try_get(0)?, row.try_get(1)?)).or_default();
        *entry = (entry.0 || is_heard, entry.1.max(due));
    }
    let mut rows = Vec::new();
    for incoming in higher.iter().filter(|it| is_news(it)) {
        for route in routes.of(&incoming.response) {
            let Some(wait) = route.wants(&incoming.response) else { continue };
            let key = (incoming.id.clone(), route.destination);
            let (is_heard, earlier_due) = known.get(&key).copied().unwrap_or_default();
            if route.is_once && is_heard {
                continue;
            }
            rows.push(NewRow {
                response: &incoming.id,
                destination: route.destination,
                revision: incoming.response.revision.into(),
                // Not before an earlier one, so that nobody looks at it in vain.
                due: earlier_due.max(now + wait),
            });
        }
    }
    insert(db, &rows, now).await?;
    Ok(!rows.is_empty())
}

/// Forgets what is on its way of these responses, and adds to `sent` where they had gone.
pub(super) async fn cancel(
    db: &mut Connection,
    ids: &[String],
    sent: &mut BTreeMap<i64, SentTo>,
) -> sqlx::Result<()> {
    let any = Sql::new("SELECT destination FROM delivery LIMIT 1").all(db).await?;
    if any.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new(
        "SELECT d.id, d.name, d.kind, COUNT(DISTINCT response) FROM delivery JOIN destination d ON d.id = destination
         WHERE (delivery.state = 'delivered' OR holder <> 0 OR done_at IS NOT NULL) AND response IN ",
    );
    sql.list(ids.iter().map(String::as_str)).push(" GROUP BY d.id, d.name, d.kind");
    for row in sql.all(db).await? {
        let id: i64 = row.try_get(0)?;
        let n: i64 = row.try_get(3)?;
        let entry = sent.entry(id).or_insert(SentTo {
            destination: crate::destinations::id_text(id),
            name: row.try_get(1)?,
            kind: row.try_get(2)?,
            responses: 0,
        });
        entry.responses += u64::try_from(n).unwrap_or(0);
    }
    let mut sql = Sql::new("DELETE FROM delivery WHERE response IN ");
    sql.list(ids.iter().map(String::as_str));
    sql.execute(db).await?;
    Ok(())
}

impl Store {
    /// Completes when something is to be delivered that was not before.
    pub(crate) fn deliveries_come(&self) -> Notified<'_> {
        self.0.deliveries.notified()
    }

    /// When the next delivery to a destination is due, in milliseconds.
    pub(crate) async fn next_due(&self, destination: i64) -> Result<Option<i64>, StoreError> {
        let mut sql =
            Sql::new("SELECT due FROM delivery WHERE state = 'waiting' AND destination = ");
        sql.bind(destination).push(" ORDER BY due LIMIT 1");
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
    }

    /// Takes up to so many deliveries in hand, for so long.
    pub(crate) async fn claim(
        &self,
        id: i64,
        wanted: usize,
        pace: Pace,
        lease_ms: i64,
    ) -> Result<Claim, StoreError> {
        let now = clock::now().as_millis();
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Write).await?;
        let known = destinations::locked(&mut db, id, self.0.dialect).await?;
        let Some(known) = known.filter(|it| it.state != StoredDestinationState::Removed) else {
            return Ok(Claim { rows: Vec::new(), destination: None, not_before: None });
        };
        if known.state != StoredDestinationState::Active {
            let destination = Some(known);
            return Ok(Claim { rows: Vec::new(), destination, not_before: Some(i64::MAX) });
        }
        let (limit, until) = match known.circuit.admit(wanted, pace, lease_ms, now) {
            Admission::Not(until) => {
                let destination = Some(known);
                return Ok(Claim { rows: Vec::new(), destination, not_before: Some(until) });
            }
            Admission::Some(limit, until) => (limit, until),
        };
        let holder = fastrand::i64(1..i64::MAX);
        if self.0.dialect == Dialect::Postgres {
            // A queue changes faster than its statistics. By those of an empty table, it is sorted as a whole for each
            // hundred that are taken: they are to come in the order of the index, and then one by one.
            let sql = Sql::new(
                "SELECT set_config('enable_sort', 'off', TRUE), set_config('enable_bitmapscan', 'off', TRUE),
                        set_config('enable_seqscan', 'off', TRUE), set_config('enable_hashjoin', 'off', TRUE),
                        set_config('enable_mergejoin', 'off', TRUE)",
            );
            sql.all(&mut db).await?;
        }
        let mut sql = Sql::new(
            "WITH picked AS MATERIALIZED (
                 SELECT response, destination, revision FROM delivery d
                 WHERE d.state = 'waiting' AND d.destination = ",
        );
        sql.bind(id).push(" AND d.due <= ").bind(now);
        sql.push(
            " AND NOT EXISTS (SELECT 1 FROM delivery e WHERE e.response = d.response
                     AND e.destination = d.destination AND e.revision < d.revision
                     AND e.state <> 'delivered' AND e.state <> 'failed')
                 ORDER BY d.due LIMIT ",
        );
        sql.bind(i64::try_from(limit).unwrap_or(i64::MAX));
        if self.0.dialect == Dialect::Postgres {
            sql.push(" FOR UPDATE SKIP LOCKED");
        }
        sql.push(") UPDATE delivery SET due = ").bind(now + lease_ms).push(", holder = ");
        sql.bind(holder);
        sql.push(
            " WHERE (response, destination, revision) IN (SELECT response, destination, revision FROM picked)
             RETURNING response, revision, tries, at, body",
        );
        let rows = sql.all(&mut db).await?;
        if rows.is_empty() {
            db.rollback().await?;
            return Ok(Claim { rows: Vec::new(), destination: Some(known), not_before: None });
        }
        if let Some(until) = until {
            let circuit = Circuit { blocked_until: until, ..known.circuit };
            destinations::update_circuit(&mut db, id, circuit, (known.state, &known.reason))
                .await?;
        }
        let mut missing = Vec::new();
        let mut claimed = Vec::with_capacity(rows.len());
        for row in &rows {
            let body: Option<String> = row.try_get(4)?;
            let response: String = row.try_get(0)?;
            if body.is_none() {
                missing.push(response.clone());
            }
            claimed.push(Claimed {
                response,
                revision: row.try_get(1)?,
                tries: row.try_get(2)?,
                at: row.try_get(3)?,
                body: body.unwrap_or_default(),
                is_probe: known.circuit.is_failing(),
                holder,
            });
        }
        if !missing.is_empty() {
            let mut sql = Sql::new("SELECT id, body FROM response WHERE id IN ");
            sql.list(missing.iter().map(String::as_str));
            let mut bodies: HashMap<String, String> = HashMap::with_capacity(missing.len());
            for row in sql.all(&mut db).await? {
                bodies.insert(row.try_get(0)?, row.try_get(1)?);
            }
            for row in claimed.iter_mut().filter(|row| row.body.is_empty()) {
                row.body = bodies.remove(&row.response).unwrap_or_default();
            }
        }
        db.commit().await?;
        // In the order in which they came.
        claimed.sort_by_key(|row| row.at);
        Ok(Claim { rows: claimed, destination: Some(known), not_before: until })
    }

    /// Writes down what became of deliveries to a destination. What somebody else has in hand by now is left alone.
    pub(crate) async fn settle(
        &self,
        (id, kind): (i64, DestinationKind),
        tried: &[Tried],
    ) -> Result<(), StoreError> {
        let &Facts { pace, is_once, .. } = kind.facts();
        let now = clock::now().as_millis();
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Write).await?;
        // Those that went as they should are most of them, and one statement.
        let went: Vec<&Tried> = tried
            .iter()
            .filter(|it| it.verdict == Verdict::Delivered && it.answer.is_empty())
            .collect();
        let mut of_lease: BTreeMap<(i64, Option<u16>), Vec<&str>> = BTreeMap::new();
        for it in went {
            let key = (it.claimed.holder, it.status);
            of_lease.entry(key).or_default().push(&it.claimed.response);
        }
        for ((holder, status), responses) in of_lease {
            let mut sql =
                Sql::new("UPDATE delivery SET state = 'delivered', holder = 0, done_at = ");
            sql.bind(now).push(", tries = tries + 1, answer = NULL, body = NULL, status = ");
            sql.bind(status.map(i64::from));
            // Not `state = 'waiting'`: that would be looked up among all that wait.
            sql.push(" WHERE state <> 'delivered' AND state <> 'failed' AND destination = ");
            sql.bind(id).push(" AND holder = ").bind(holder).push(" AND response IN ");
            sql.list(responses);
            sql.execute(&mut db).await?;
        }
        for it in tried {
            if it.verdict != Verdict::Delivered || !it.answer.is_empty() {
                settle_one(&mut db, (id, is_once), it, now).await?;
            }
        }
        if is_once {
            // Who has heard of a response hears of it no more: what came while it was on its way goes nowhere.
            let mut sql = Sql::new(
                "DELETE FROM delivery WHERE state = 'waiting' AND holder = 0 AND EXISTS (SELECT 1 FROM delivery e
                     WHERE e.response = delivery.response AND e.destination = delivery.destination
                     AND e.revision < delivery.revision AND e.state = 'delivered') AND destination = ",
            );
            let heard = tried.iter().filter(|it| it.verdict == Verdict::Delivered);
            let heard: Vec<&str> = heard.map(|it| &*it.claimed.response).collect();
            if !heard.is_empty() {
                sql.bind(id).push(" AND response IN ").list(heard);
                sql.execute(&mut db).await?;
            }
        }
        let is_quiet = tried.iter().all(|it| it.verdict == Verdict::Delivered);
        let known =
            if is_quiet { None } else { destinations::locked(&mut db, id, self.0.dialect).await? };
        let known = match known {
            Some(known) => Some(known),
            // Nothing to write where nothing was wrong before: most of the time.
            None => {
                let mut sql = Sql::new(
                    "SELECT id FROM destination WHERE (failures > 0 OR reason <> '') AND id = ",
                );
                sql.bind(id);
                if sql.all(&mut db).await?.is_empty() {
                    None
                } else {
                    destinations::locked(&mut db, id, self.0.dialect).await?
                }
            }
        };
        if let Some(known) = known.filter(|it| it.state != StoredDestinationState::Removed) {
            let mut circuit = known.circuit;
            let (mut state, mut reason) = (known.state, known.reason.clone());
            for it in tried {
                circuit = circuit.after(it.verdict, it.claimed.is_probe, pace, now);
                match it.verdict {
                    Verdict::Delivered | Verdict::Refused => reason.clear(),
                    Verdict::Again(_) => reason = word(it),
                    Verdict::Gone => {
                        state = StoredDestinationState::Off;
                        reason = format!("it said that it is gone: {}", word(it));
                    }
                }
            }
            if state == StoredDestinationState::Active && circuit.is_hopeless(now) {
                state = StoredDestinationState::Off;
                reason = format!("it has taken nothing for five days: {reason}");
            }
            if state == StoredDestinationState::Off && known.state != state {
                tracing::warn!(destination = known.name, reason, "a destination is switched off");
            }
            destinations::update_circuit(&mut db, id, circuit, (state, &reason)).await?;
        }
        db.commit().await?;
        Ok(())
    }

    /// Gives back what was taken in hand and not tried.
    pub(crate) async fn release(&self, id: i64, rows: &[Claimed]) -> Result<(), StoreError> {
        let now = clock::now().as_millis();
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Write).await?;
        for row in rows {
            let mut sql = Sql::new("UPDATE delivery SET holder = 0, due = ");
            sql.bind(now).push(" WHERE destination = ").bind(id).push(" AND response = ");
            sql.bind(&*row.response).push(" AND holder = ").bind(row.holder);
            sql.execute(&mut db).await?;
        }
        db.commit().await?;
        Ok(())
    }

    /// How much waits for each destination.
    pub(crate) async fn backlogs(&self) -> Result<BTreeMap<i64, Backlog>, StoreError> {
        let mut db = self.0.readers.acquire().await?;
        let mut backlogs: BTreeMap<i64, Backlog> = BTreeMap::new();
        let sql = Sql::new(
            "SELECT destination, COUNT(*), MIN(at) FROM delivery WHERE state = 'waiting' GROUP BY destination",
        );
        for row in sql.all(&mut db).await? {
            let backlog = backlogs.entry(row.try_get(0)?).or_default();
            (backlog.waiting, backlog.oldest) = (row.try_get(1)?, row.try_get(2)?);
        }
        let sql = Sql::new(
            "SELECT destination, COUNT(*) FROM delivery WHERE state = 'failed' GROUP BY destination",
        );
        for row in sql.all(&mut db).await? {
            backlogs.entry(row.try_get(0)?).or_default().failed = row.try_get(1)?;
        }
        Ok(backlogs)
    }

    /// How much waits for one destination, as far as [`MOST_COUNTED`]: a list is no reason to count a million rows.
    pub(crate) async fn backlog(&self, id: i64) -> Result<Backlog, StoreError> {
        // One statement, which sees one moment: what has just failed does not wait as well.
        let mut sql = Sql::new(
            "SELECT COUNT(*), MIN(at), (SELECT COUNT(*) FROM (SELECT done_at FROM delivery
                 WHERE state = 'failed' AND destination = ",
        );
        sql.bind(id).push(" LIMIT ").bind(MOST_COUNTED).push(
            ") AS failed) FROM (SELECT at FROM delivery WHERE state = 'waiting' AND destination = ",
        );
        sql.bind(id).push(" ORDER BY due LIMIT ").bind(MOST_COUNTED).push(") AS waiting");
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let Some(row) = rows.first() else { return Ok(Backlog::default()) };
        Ok(Backlog { waiting: row.try_get(0)?, oldest: row.try_get(1)?, failed: row.try_get(2)? })
    }

    /// The deliveries of a destination in this state: what waits by when it is due, the others with the latest first.
    pub(crate) async fn deliveries(
        &self,
        id: i64,
        state: DeliveryState,
        after: Option<&DeliveryCursor>,
        limit: u32,
    ) -> Result<(Vec<DeliveryRow>, Option<DeliveryCursor>), StoreError> {
        let mut sql = Sql::new(
            "SELECT response, revision, at, due, tries, done_at, status, answer FROM delivery WHERE ",
        );
        // Written out, so that the database knows which index has them.
        let (select, compare, order) = match state {
            DeliveryState::Waiting => (
                "state = 'waiting' AND destination = ",
                " AND (due, response, revision) > (",
                " ORDER BY due, response, revision LIMIT ",
            ),
            DeliveryState::Delivered => (
                "state = 'delivered' AND destination = ",
                " AND (done_at, response, revision) < (",
                " ORDER BY done_at DESC, response DESC, revision DESC LIMIT ",
            ),
            DeliveryState::Failed => (
                "state = 'failed' AND destination = ",
                " AND (done_at, response, revision) < (",
                " ORDER BY done_at DESC, response DESC, revision DESC LIMIT ",
            ),
        };
        sql.push(select).bind(id);
        if let Some(after) = after {
            sql.push(compare).bind(after.moment).push(", ").bind(&*after.response);
            sql.push(", ").bind(after.revision).push(")");
        }
        sql.push(order).bind(i64::from(limit) + 1);
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let mut rows = rows.iter().map(delivery_row).collect::<sqlx::Result<Vec<_>>>()?;
        let has_more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| has_more).map(|row| DeliveryCursor {
            moment: match state {
                DeliveryState::Waiting => row.due.as_millis(),
                _ => row.done_at.map_or(0, Timestamp::as_millis),
            },
            response: row.response.clone(),
            revision: row.revision,
        });
        Ok((rows, next))
    }

    /// Sends once more, up to [`MOST_REPLAYED`] with one call, or of [`MOST_READ`] responses. Says how many, and whether
    /// there are more. Without a route no response is wanted.
    pub(crate) async fn replay(
        &self,
        destination: &StoredDestination,
        route: Option<&Route>,
        replay: &Replay,
        actor: &str,
    ) -> Result<Sent, StoreError> {
        let (id, now) = (destination.id, clock::now().as_millis());
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Write).await?;
        let again = |select: &'static str| {
            let mut sql = Sql::new(
                "UPDATE delivery SET state = 'waiting', holder = 0, tries = 0, done_at = NULL, due = ",
            );
            sql.bind(now).push(", at = ").bind(now).push(select);
            sql
        };
        // Where a record is put in its own place, an earlier state must not take that of a later one.
        let not_overtaken = if DestinationKind::Salesforce.as_str() == destination.kind {
            " AND NOT EXISTS (SELECT 1 FROM delivery l WHERE l.response = delivery.response
                 AND l.destination = delivery.destination AND l.revision > delivery.revision AND l.state = 'delivered')"
        } else {
            ""
        };
        let (count, has_more, next) = match replay {
            Replay::One(response, revision) => {
                let mut sql = again(" WHERE (state <> 'waiting' OR holder = 0) AND destination = ");
                sql.bind(id).push(" AND response = ").bind(&**response).push(" AND revision = ");
                sql.bind(*revision);
                // What was delivered is not kept: it is in `response`, as long as no later one took its place.
                sql.push(
                    " AND (body IS NOT NULL
                          OR revision = (SELECT r.revision FROM response r WHERE r.id = delivery.response))",
                );
                sql.push(not_overtaken);
                (sql.execute(&mut db).await?.rows_affected(), false, None)
            }
            Replay::Failed => {
                let mut sql = again(
                    " WHERE (response, destination, revision) IN (
                          SELECT response, destination, revision FROM delivery
                          WHERE state = 'failed' AND destination = ",
                );
                sql.bind(id).push(not_overtaken);
                sql.push(" ORDER BY done_at LIMIT ").bind(MOST_REPLAYED).push(")");
                let count = sql.execute(&mut db).await?.rows_affected();
                (count, count == MOST_REPLAYED.unsigned_abs(), None)
            }
            Replay::Since(since, after) => {
                let mut sql = Sql::new("SELECT id, revision, body, at FROM response WHERE at >= ");
                sql.bind(since.as_millis());
                if let Some(after) = after {
                    sql.push(" AND (at, id) > (").bind(after.at().as_millis()).push(", ");
                    sql.bind(after.id().to_text()).push(")");
                }
                if destination.site == super::DEFAULT_SITE {
                    sql.push(" AND site IS NULL");
                } else {
                    sql.push(" AND site = ").bind(&*destination.site);
                }
                sql.push(" ORDER BY at, id LIMIT ").bind(MOST_READ);
                let found = sql.all(&mut db).await?;
                let mut wanted: Vec<(String, i64)> = Vec::new();
                for row in &found {
                    let body: String = row.try_get(2)?;
                    if Sender::of_stored(&body) == Sender::Crawler {
                        continue;
                    }
                    let response: Response = serde_json::from_str(&body)?;
                    if route.is_some_and(|route| route.wants(&response).is_some()) {
                        wanted.push((row.try_get(0)?, row.try_get(1)?));
                    }
                }
                let mut count = 0;
                for rows in chunks(&wanted) {
                    let mut sql = again(
                        " WHERE (state <> 'waiting' OR holder = 0)
                             AND (response, destination, revision) IN (VALUES ",
                    );
                    sql.rows(rows, |sql, (response, revision)| {
                        sql.push("CAST(").bind(&**response).push(" AS TEXT), CAST(").bind(id);
                        sql.push(" AS BIGINT), CAST(").bind(*revision).push(" AS BIGINT)");
                    });
                    sql.push(")");
                    count += sql.execute(&mut db).await?.rows_affected();
                }
                let rows: Vec<NewRow<'_>> = wanted
                    .iter()
                    .map(|(response, revision)| NewRow {
                        response,
                        destination: id,
                        revision: *revision,
                        due: now,
                    })
                    .collect();
                count += insert(&mut db, &rows, now).await?;
                let has_more = found.len() as i64 == MOST_READ;
                let last = found.last().filter(|_| has_more);
                let next = last.map(|row| {
                    let id: String = row.try_get(0)?;
                    let id = ResponseId::parse(&id)
                        .map_err(|error| sqlx::Error::Decode(error.to_string().into()))?;
                    Ok::<_, sqlx::Error>(Cursor::new(row.try_get(3)?, id))
                });
                (count, has_more, next.transpose()?)
            }
        };
        if destination.circuit.failures > 0 {
            let mut sql = Sql::new("UPDATE destination SET blocked_until = 0 WHERE id = ");
            sql.bind(id);
            sql.execute(&mut db).await?;
        }
        let subject = format!("{count} to {} of {}", destination.name, destination.site);
        super::publishing::note(&mut db, actor, "replay", &subject).await?;
        db.commit().await?;
        self.0.deliveries.notify_waiters();
        Ok(Sent { count, has_more, next })
    }
}

/// The last word of a try.
fn word(tried: &Tried) -> String {
    match tried.status {
        Some(status) => format!("{status} {}", shortened(&tried.answer)).trim_end().to_owned(),
        None => shortened(&tried.answer).to_owned(),
    }
}

fn shortened(text: &str) -> &str {
    let end = text.char_indices().nth(LONGEST_ANSWER_CHARS).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

async fn settle_one(
    db: &mut Connection,
    (id, is_once): (i64, bool),
    tried: &Tried,
    now: i64,
) -> sqlx::Result<()> {
    let Tried { claimed, verdict, status, answer } = tried;
    let next = next(*verdict, claimed.tries + 1, now, fastrand::f64());
    let (state, due) = match next {
        Next::Delivered => ("delivered", now),
        Next::Waits(until) => ("waiting", until),
        Next::Failed => ("failed", now),
    };
    let mut sql = Sql::new("UPDATE delivery SET holder = 0, tries = tries + 1, state = ");
    sql.bind(state).push(", due = ").bind(due).push(", status = ").bind(status.map(i64::from));
    sql.push(", answer = ").bind(shortened(answer)).push(", done_at = ").bind(now);
    sql.push(" WHERE state = 'waiting' AND destination = ").bind(id).push(" AND response = ");
    sql.bind(&*claimed.response).push(" AND revision = ").bind(claimed.revision);
    sql.push(" AND holder = ").bind(claimed.holder);
    sql.execute(db).await?;
    if matches!(next, Next::Waits(_)) {
        // Those that wait for it need not be looked at before.
        let mut sql = Sql::new("UPDATE delivery SET due = ");
        sql.bind(due).push(" WHERE state = 'waiting' AND holder = 0 AND destination = ").bind(id);
        sql.push(" AND response = ").bind(&*claimed.response).push(" AND revision > ");
        sql.bind(claimed.revision).push(" AND due < ").bind(due);
        sql.execute(db).await?;
        if is_once {
            // What people hear of once, they hear as it is by then, with as many tries behind it.
            let later = " WHERE state = 'waiting' AND holder = 0 AND destination = ";
            let mut sql = Sql::new("UPDATE delivery SET tries = ");
            sql.bind(claimed.tries + 1).push(later).bind(id).push(" AND response = ");
            sql.bind(&*claimed.response).push(" AND revision > ").bind(claimed.revision);
            if sql.execute(db).await?.rows_affected() > 0 {
                let mut sql = Sql::new("DELETE FROM delivery");
                sql.push(later).bind(id).push(" AND response = ").bind(&*claimed.response);
                sql.push(" AND revision = ").bind(claimed.revision);
                sql.execute(db).await?;
            }
        }
    }
    Ok(())
}

fn delivery_row(row: &AnyRow) -> sqlx::Result<DeliveryRow> {
    let done_at: Option<i64> = row.try_get(5)?;
    Ok(DeliveryRow {
        response: row.try_get(0)?,
        revision: row.try_get(1)?,
        at: Timestamp::from_millis(row.try_get(2)?),
        due: Timestamp::from_millis(row.try_get(3)?),
        tries: row.try_get(4)?,
        done_at: done_at.map(Timestamp::from_millis),
        status: row.try_get(6)?,
        answer: row.try_get(7)?,
    })
}
