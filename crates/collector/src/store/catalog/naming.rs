//! Giving names: what a response brings along for the first time is written down before it is counted.

use super::super::connection::Connection;
use super::super::counted_as::{OTHERS, SegmentNames};
use super::super::day_counts::DAY;
use super::super::sql::Sql;
use super::{Catalog, KnownScale, KnownSurvey, ScaleKey};
use sondeo_model::Response;
use sqlx::Row;
use std::collections::{HashMap, HashSet};

/// Values, at most, that each dimension of a survey counts by name.
const MOST_PAGES: usize = 200;
const MOST_WORDS: usize = 50;
/// Wordings of a scale in one language, at most, that are kept.
const MOST_WORDINGS: usize = 50;
const MOST_CUSTOM_VALUES: usize = 25;
/// Custom fields of a survey, at most, that are dimensions.
const MOST_CUSTOM_NAMES: usize = 20;
/// Scales of a survey, at most, that are counted.
const MOST_SCALES: usize = 300;
/// Values of a scale, at most, that are counted by name.
const MOST_OPTIONS: usize = 100;
/// Bytes, at most, of a value that is counted by name: an index of PostgreSQL holds no longer ones.
const LONGEST_VALUE: usize = 1_024;

impl Catalog {
    /// Gives a name to everything that these responses, which count for these moments, bring along.
    ///
    /// To be called outside of a transaction: a name is never taken back, so that it cannot hang
    /// between two collectors that wait for each other.
    pub(in crate::store) async fn prepare<'a>(
        &mut self,
        db: &mut Connection,
        responses: impl Iterator<Item = (&'a Response, &'a SegmentNames, i64)>,
    ) -> sqlx::Result<()> {
        for (response, names, at) in responses {
            let survey = &*response.survey;
            let known = self.0.entry(survey.to_owned()).or_default();
            for (dimension, value) in &names.segments {
                known.prepare_segment(db, survey, dimension, value).await?;
            }
            for (key, place, values) in &names.scales {
                let scale = known.prepare_scale(db, survey, key, *place, values).await?;
                let answer = response.answers.get(*place);
                if let (Some(scale), Some(answer)) = (scale, answer) {
                    let day = at.div_euclid(DAY);
                    scale.prepare_wording(db, &response.language, &answer.text, day).await?;
                }
            }
        }
        Ok(())
    }
}

impl KnownSurvey {
    async fn prepare_segment(
        &mut self,
        db: &mut Connection,
        survey: &str,
        dimension: &str,
        value: &str,
    ) -> sqlx::Result<()> {
        let is_custom = dimension.starts_with("custom.");
        let values = match self.segments.get_mut(dimension) {
            Some(values) => values,
            None => {
                let names = self.segments.keys().filter(|name| name.starts_with("custom."));
                if is_custom && names.count() >= MOST_CUSTOM_NAMES {
                    return Ok(());
                }
                self.segments.entry(dimension.to_owned()).or_default()
            }
        };
        if values.contains_key(value) {
            return Ok(());
        }
        let most = match dimension {
            "page" => MOST_PAGES,
            _ if is_custom => MOST_CUSTOM_VALUES,
            _ => MOST_WORDS,
        };
        let too_many = values.len() >= most || value.len() > LONGEST_VALUE;
        let value = if too_many { OTHERS } else { value };
        if values.contains_key(value) {
            return Ok(());
        }
        let mut insert = Sql::new("INSERT INTO segment (survey, dimension, value) VALUES ");
        insert.rows([()], |sql, ()| {
            sql.bind(survey).push(", ").bind(dimension).push(", ").bind(value);
        });
        insert.push(" ON CONFLICT DO NOTHING");
        insert.execute(db).await?;
        let mut select = Sql::new("SELECT id FROM segment WHERE survey = ");
        select.bind(survey).push(" AND dimension = ").bind(dimension);
        select.push(" AND value = ").bind(value);
        let id = first(select, db).await?;
        values.insert(value.to_owned(), id);
        Ok(())
    }

    /// Gives a scale and these values of it their names; none where the survey has too many scales.
    async fn prepare_scale(
        &mut self,
        db: &mut Connection,
        survey: &str,
        key: &ScaleKey,
        place: usize,
        values: &[String],
    ) -> sqlx::Result<Option<&mut KnownScale>> {
        if !self.scales.contains_key(key) {
            if self.scales.len() >= MOST_SCALES {
                return Ok(None);
            }
            let id = insert_scale(db, survey, key, place).await?;
            let (options, wordings) = (HashSet::new(), HashMap::new());
            self.scales.insert(key.clone(), KnownScale { id, options, wordings });
        }
        let Some(scale) = self.scales.get_mut(key) else { return Ok(None) };
        for value in values {
            if scale.options.contains(value) {
                continue;
            }
            let value = if scale.options.len() < MOST_OPTIONS { value } else { OTHERS };
            if scale.options.contains(value) {
                continue;
            }
            let mut insert = Sql::new("INSERT INTO scale_option (scale, value) VALUES (");
            insert.bind(scale.id).push(", ").bind(value).push(") ON CONFLICT DO NOTHING");
            insert.execute(db).await?;
            scale.options.insert(value.to_owned());
        }
        Ok(Some(scale))
    }
}

impl KnownScale {
    /// Keeps that it was asked in these words on this day.
    async fn prepare_wording(
        &mut self,
        db: &mut Connection,
        language: &str,
        text: &str,
        day: i64,
    ) -> sqlx::Result<()> {
        let texts = self.wordings.get(language);
        let known = texts.and_then(|texts| texts.get(text)).copied();
        let is_full = match texts {
            Some(texts) => texts.len() >= MOST_WORDINGS,
            None => self.wordings.len() >= MOST_WORDS,
        };
        match known {
            Some((first, last)) if (first..=last).contains(&day) => return Ok(()),
            None if is_full => return Ok(()),
            _ => {}
        }
        let mut insert =
            Sql::new("INSERT INTO wording (scale, language, text, first_day, last_day) VALUES (");
        insert.bind(self.id).push(", ").bind(language).push(", ").bind(text);
        insert.push(", ").bind(day).push(", ").bind(day).push(") ON CONFLICT DO NOTHING");
        if insert.execute(db).await?.rows_affected() == 0 {
            let mut update = Sql::new("UPDATE wording SET first_day = CASE WHEN first_day > ");
            update.bind(day).push(" THEN ").bind(day).push(" ELSE first_day END, ");
            update.push("last_day = CASE WHEN last_day < ").bind(day);
            update.push(" THEN ").bind(day).push(" ELSE last_day END WHERE scale = ").bind(self.id);
            update.push(" AND language = ").bind(language).push(" AND text = ").bind(text);
            update.execute(db).await?;
        }
        let (first, last) = known.unwrap_or((day, day));
        let texts = self.wordings.entry(language.to_owned()).or_default();
        texts.insert(text.to_owned(), (first.min(day), last.max(day)));
        Ok(())
    }
}

async fn insert_scale(
    db: &mut Connection,
    survey: &str,
    key: &ScaleKey,
    position: usize,
) -> sqlx::Result<i64> {
    let mut insert =
        Sql::new("INSERT INTO scale (survey, question, kind, points, metric, position) VALUES (");
    insert.bind(survey).push(", ").bind(&*key.question).push(", ").bind(key.kind);
    insert.push(", ").bind(key.points).push(", ").bind(key.metric);
    insert.push(", ").bind(i64::try_from(position).unwrap_or_default());
    insert.push(") ON CONFLICT DO NOTHING");
    insert.execute(db).await?;
    let mut select = Sql::new("SELECT id FROM scale WHERE survey = ");
    select.bind(survey).push(" AND question = ").bind(&*key.question);
    select.push(" AND kind = ").bind(key.kind).push(" AND points = ").bind(key.points);
    select.push(" AND metric = ").bind(key.metric);
    first(select, db).await
}

async fn first(select: Sql, db: &mut Connection) -> sqlx::Result<i64> {
    select.all(db).await?.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)
}
