//! Making room among names: what nobody was counted under lately is told apart no longer, and shown as `…`.
//!
//! A name that is merged keeps its id and its counts. Only readers put them under `…`, so that a revision or an erasure
//! of what was counted under it still finds it, and it comes back as it was when somebody is counted under it and there
//! is room. Names of today are never merged: a stranger who makes up hundreds takes no honest one away.

use super::super::connection::Connection;
use super::super::counted::OTHERS;
use super::super::sql::Sql;
use super::{Catalog, NameGroup, ScaleKey};
use crate::clock::{self, DAY_MS};
use sqlx::Row;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Days without a response, before that of the name that needs room, after which a name makes it. What is imported
/// later than it was counted makes no room among what is newer.
const IDLE_DAYS: i64 = 30;
/// Ids in one statement.
const IDS: usize = 1_024;
/// How often room is looked for among the same names, of names that are idle since the same day.
const PAUSE: Duration = Duration::from_secs(3_600);

/// The days, both inclusive, on which a name was used that makes no room.
#[derive(Debug, Clone, Copy)]
struct RecentDays {
    first: i64,
    last: i64,
}

impl Catalog {
    /// Makes room among these names, where some of them are idle on the day of the one that needs it. Says how many were
    /// merged.
    pub(in crate::store) async fn make_room(
        &mut self,
        db: &mut Connection,
        crowded: &BTreeMap<NameGroup, i64>,
    ) -> sqlx::Result<u64> {
        let mut merged = 0;
        let today = clock::now().as_millis().div_euclid(DAY_MS);
        for (group, day) in crowded {
            let border = day - IDLE_DAYS;
            // A day later than that is one of a clock that was ahead, and says nothing of when a name was last used.
            let lately = RecentDays { first: border, last: today.max(*day) + 1 };
            // A response says for which day it counts: an earlier one finds no more than was found, a later one may.
            let looked = self.looked_for_room.get(group);
            if looked.is_some_and(|(at, of)| at.elapsed() < PAUSE && border <= *of) {
                continue;
            }
            self.looked_for_room.retain(|_, (at, _)| at.elapsed() < PAUSE);
            self.looked_for_room.insert(group.clone(), (Instant::now(), border));
            merged += match group {
                NameGroup::Surveys => 0,
                NameGroup::Values { survey, dimension } => {
                    self.merge_segments(db, survey, dimension, lately).await?
                }
                NameGroup::CustomNames { survey } => {
                    let own = self.reserved.custom(survey).map(|(dimension, _)| dimension);
                    merge_custom(db, survey, own.collect(), lately).await?
                }
                NameGroup::Scales { survey } => self.merge_scales(db, survey, lately).await?,
                NameGroup::Options { survey, scale } => {
                    self.merge_options(db, survey, scale, lately).await?
                }
                NameGroup::Languages { survey, scale }
                | NameGroup::Wordings { survey, scale, .. } => {
                    let scales = std::slice::from_ref(scale);
                    self.merge_wordings(db, survey, scales, lately).await?
                }
                NameGroup::WordingBytes { survey } => {
                    let known = self.surveys.get(survey);
                    let scales = known.into_iter().flat_map(|it| it.scales.keys());
                    let scales: Vec<ScaleKey> = scales.cloned().collect();
                    self.merge_wordings(db, survey, &scales, lately).await?
                }
            };
        }
        Ok(merged)
    }

    async fn merge_segments(
        &self,
        db: &mut Connection,
        survey: &str,
        dimension: &str,
        lately: RecentDays,
    ) -> sqlx::Result<u64> {
        let mut sql = Sql::new(
            "SELECT id, value FROM segment WHERE merged = 0 AND value <> '…' AND survey = ",
        );
        sql.bind(survey).push(" AND dimension = ").bind(dimension);
        sql.push(" AND NOT EXISTS (SELECT 1 FROM day_status WHERE segment = segment.id");
        sql.push(" AND day BETWEEN ").bind(lately.first).push(" AND ").bind(lately.last).push(")");
        let mut idle: Vec<i64> = Vec::new();
        for row in sql.all(db).await? {
            if !self.reserved.has_value(survey, dimension, &row.try_get::<String, _>(1)?) {
                idle.push(row.try_get(0)?);
            }
        }
        if idle.is_empty() {
            return Ok(0);
        }
        let mut sql = Sql::new("UPDATE segment SET merged = 1 WHERE id IN ");
        sql.list(idle);
        Ok(sql.execute(db).await?.rows_affected())
    }

    async fn merge_scales(
        &self,
        db: &mut Connection,
        survey: &str,
        lately: RecentDays,
    ) -> sqlx::Result<u64> {
        let mut sql = Sql::new(
            "SELECT id, question, kind, points, metric FROM scale
             WHERE merged = 0 AND question <> '…' AND survey = ",
        );
        sql.bind(survey).push(
            " AND id NOT IN (SELECT scale FROM day_answer JOIN segment ON segment = segment.id
                 WHERE dimension = '' AND n > 0 AND survey = ",
        );
        sql.bind(survey).push(" AND day BETWEEN ").bind(lately.first);
        sql.push(" AND ").bind(lately.last).push(")");
        let mut idle: Vec<i64> = Vec::new();
        for row in sql.all(db).await? {
            let (kind, metric): (String, String) = (row.try_get(2)?, row.try_get(4)?);
            let key = ScaleKey::stored(row.try_get(1)?, &kind, row.try_get(3)?, &metric);
            if key.is_some_and(|key| !self.reserved.has_scale(survey, &key)) {
                idle.push(row.try_get(0)?);
            }
        }
        if idle.is_empty() {
            return Ok(0);
        }
        // Readers show what is merged as answers to "…".
        let mut sql = Sql::new(
            "INSERT INTO scale (survey, question, kind, points, metric, position) VALUES (",
        );
        sql.bind(survey).push(", ").bind(OTHERS).push(", 'text', 0, '', ").bind(i64::MAX);
        sql.push(") ON CONFLICT DO NOTHING");
        sql.execute(db).await?;
        let mut sql = Sql::new("UPDATE scale SET merged = 1 WHERE id IN ");
        sql.list(idle);
        Ok(sql.execute(db).await?.rows_affected())
    }

    async fn merge_options(
        &self,
        db: &mut Connection,
        survey: &str,
        key: &ScaleKey,
        lately: RecentDays,
    ) -> sqlx::Result<u64> {
        let Some(scale) = self.scale(survey, key) else { return Ok(0) };
        let mut sql = Sql::new(
            "SELECT value FROM scale_option WHERE merged = 0 AND value <> '…' AND scale = ",
        );
        sql.bind(scale.id).push(
            " AND value NOT IN (SELECT day_answer.value FROM day_answer JOIN segment ON segment = segment.id
                 WHERE dimension = '' AND n > 0 AND survey = ",
        );
        sql.bind(survey).push(" AND scale = ").bind(scale.id);
        sql.push(" AND day BETWEEN ").bind(lately.first).push(" AND ").bind(lately.last);
        sql.push(")");
        let mut idle: Vec<String> = Vec::new();
        for row in sql.all(db).await? {
            idle.push(row.try_get(0)?);
        }
        idle.retain(|option| !self.reserved.has_option(survey, key, option));
        if idle.is_empty() {
            return Ok(0);
        }
        let mut sql = Sql::new("UPDATE scale_option SET merged = 1 WHERE scale = ");
        sql.bind(scale.id).push(" AND value IN ").list(idle.iter().map(String::as_str));
        Ok(sql.execute(db).await?.rows_affected())
    }

    /// Readers still show them for the days on which they were read; they take no place any more.
    async fn merge_wordings(
        &self,
        db: &mut Connection,
        survey: &str,
        keys: &[ScaleKey],
        lately: RecentDays,
    ) -> sqlx::Result<u64> {
        let mut idle: Vec<i64> = Vec::new();
        for key in keys {
            let Some(scale) = self.scale(survey, key) else { continue };
            for (language, texts) in &scale.wordings {
                for (text, wording) in texts {
                    if !(lately.first..=lately.last).contains(&wording.days.1)
                        && (language != OTHERS || text != OTHERS)
                        && !self.reserved.has_wording(survey, key, language, text)
                    {
                        idle.push(wording.id);
                    }
                }
            }
        }
        let mut merged = 0;
        for ids in idle.chunks(IDS) {
            // Another collector may have counted somebody under it meanwhile.
            let mut sql = Sql::new(
                "UPDATE wording SET merged = 1 WHERE merged = 0 AND NOT last_day BETWEEN ",
            );
            sql.bind(lately.first).push(" AND ").bind(lately.last);
            sql.push(" AND id IN ").list(ids.iter().copied());
            merged += sql.execute(db).await?.rows_affected();
        }
        Ok(merged)
    }
}

/// Folds whole custom fields.
async fn merge_custom(
    db: &mut Connection,
    survey: &str,
    own: Vec<String>,
    lately: RecentDays,
) -> sqlx::Result<u64> {
    let mut sql = Sql::new(
        "UPDATE segment SET merged = 1
         WHERE merged = 0 AND dimension LIKE 'custom.%' AND survey = ",
    );
    sql.bind(survey).push(
        " AND dimension NOT IN (SELECT dimension FROM segment JOIN day_status ON segment = id
             WHERE survey = ",
    );
    sql.bind(survey).push(" AND day BETWEEN ").bind(lately.first);
    sql.push(" AND ").bind(lately.last).push(")");
    if !own.is_empty() {
        sql.push(" AND dimension NOT IN ").list(own.iter().map(String::as_str));
    }
    Ok(sql.execute(db).await?.rows_affected())
}
