//! Giving names: what responses bring along for the first time is written down before it is counted, all of a batch
//! in one transaction.

use super::super::connection::Connection;
use super::super::counted::{Counted, OTHERS};
use super::super::counted_as::{AnsweredScale, SegmentNames};
use super::super::sql::{Sql, chunks};
use super::super::survey_key::key_of;
use super::{
    Catalog, KnownScale, KnownSurvey, KnownWording, OTHER_CUSTOM, ReservedNames, ScaleKey,
};
use crate::clock::{self, DAY_MS};
use sondeo_model::Response;
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Surveys, at most, besides those that the collector knows.
const MOST_SURVEYS: usize = 1_000;
/// Values, at most, that each dimension of a survey counts by name.
const MOST_PAGES: usize = 200;
const MOST_WORDS: usize = 50;
const MOST_CUSTOM_VALUES: usize = 25;
/// Custom fields of a survey, at most, that are dimensions.
const MOST_CUSTOM_NAMES: usize = 20;
/// Scales of a survey, at most, that are counted by name.
const MOST_SCALES: usize = 300;
/// Values of a scale, at most, that are counted by name.
const MOST_OPTIONS: usize = 100;
/// Languages of a scale, and wordings of each, at most, that are kept.
const MOST_LANGUAGES: usize = 50;
const MOST_WORDINGS: usize = 50;
/// Bytes, at most, of all wordings of a survey, besides those of its definition. Each is held in memory.
const MOST_WORDING_BYTES: usize = 1024 * 1024;
/// Bytes of a wording that are worth one name to whoever brings it.
const NAME_BYTES: usize = 256;
/// Bytes, at most, of a value that is counted by name: an index of PostgreSQL holds no longer ones.
const LONGEST_VALUE_BYTES: usize = 1_024;

/// Names that share a bound.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::store) enum NameGroup {
    /// Surveys.
    Surveys,
    /// Values of a dimension of a survey.
    Values { survey: String, dimension: String },
    /// Custom fields of a survey.
    CustomNames { survey: String },
    /// Scales of a survey.
    Scales { survey: String },
    /// Options of a scale of a survey.
    Options { survey: String, scale: ScaleKey },
    /// Languages in which a scale was asked.
    Languages { survey: String, scale: ScaleKey },
    /// Wordings of a scale in a language.
    Wordings { survey: String, scale: ScaleKey, language: String },
    /// Bytes of all wordings of a survey.
    WordingBytes { survey: String },
}

/// How many names a group has.
#[derive(Debug, Clone, Copy)]
enum Bound {
    /// So many at most.
    Most(usize),
    /// This one always has a place.
    Reserved,
}

impl Bound {
    fn of(most: usize, is_reserved: bool) -> Self {
        if is_reserved { Self::Reserved } else { Self::Most(most) }
    }
}

/// What a batch brings along for the first time. Sorted, so that two collectors that name the same wait for each
/// other, and never crosswise.
#[derive(Debug, Default)]
pub(in crate::store) struct NewNames {
    surveys: BTreeSet<String>,
    /// Surveys that found no place.
    refused_surveys: BTreeSet<String>,
    segments: BTreeSet<(String, String, String)>,
    /// With the place of the question among the answers.
    scales: BTreeMap<(String, ScaleKey), i64>,
    options: BTreeSet<(String, ScaleKey, String)>,
    /// By language and text, with the first and the last day.
    wordings: BTreeMap<(String, ScaleKey, String, String), (i64, i64)>,
    /// Bytes of these wordings by survey.
    wording_bytes: HashMap<String, usize>,
    /// How many of each group are among these.
    counts: HashMap<NameGroup, usize>,
    /// Where a name found no place, and the latest day of a response that brought one.
    crowded: BTreeMap<NameGroup, i64>,
    /// Names that found no place.
    pub(in crate::store) refused: u64,
    /// For each response, how many names it brought, whether they found a place or not.
    pub(in crate::store) brought: Vec<u32>,
}

impl NewNames {
    /// Where a name found no place, and the latest day of a response that brought one.
    pub(in crate::store) fn crowded(&self) -> &BTreeMap<NameGroup, i64> {
        &self.crowded
    }

    /// Surveys that found no place.
    pub(in crate::store) fn refused_surveys(&self) -> &BTreeSet<String> {
        &self.refused_surveys
    }

    /// Whether there is any name that was not known before, whether it found a place or not.
    pub(in crate::store) fn is_anything(&self) -> bool {
        !self.is_empty() || !self.crowded.is_empty() || !self.refused_surveys.is_empty()
    }

    /// Whether there is nothing to write.
    pub(in crate::store) fn is_empty(&self) -> bool {
        self.segments.is_empty()
            && self.scales.is_empty()
            && self.options.is_empty()
            && self.wordings.is_empty()
    }

    /// Whether there is a wording of the same scale in the same language.
    fn has_language(
        &self,
        (survey, scale, language, _): &(String, ScaleKey, String, String),
    ) -> bool {
        let first = (survey.clone(), scale.clone(), language.clone(), String::new());
        let next = self.wordings.range(first..).next();
        next.is_some_and(|((of, key, word, _), _)| (of, key, word) == (survey, scale, language))
    }

    /// Takes a place where there is one.
    fn take(&mut self, group: NameGroup, known: usize, bound: Bound, day: i64) -> bool {
        if let Some(brought) = self.brought.last_mut() {
            *brought += 1;
        }
        let count = self.counts.entry(group.clone()).or_default();
        let has_place = match bound {
            Bound::Reserved => true,
            Bound::Most(most) => known + *count < most,
        };
        if has_place {
            *count += 1;
            return true;
        }
        self.refuse(group, day);
        false
    }

    fn refuse(&mut self, group: NameGroup, day: i64) {
        let latest = self.crowded.entry(group).or_insert(day);
        *latest = day.max(*latest);
        self.refused += 1;
    }
}

impl Catalog {
    /// Finds out what these responses, which count for these moments in milliseconds, bring along for the first
    /// time.
    pub(in crate::store) fn plan<'a>(
        &self,
        responses: impl Iterator<Item = (&'a Response, &'a SegmentNames, i64)>,
    ) -> NewNames {
        let mut new = NewNames::default();
        let nothing = KnownSurvey::default();
        let today = clock::now().as_millis().div_euclid(DAY_MS);
        for (response, names, at) in responses {
            new.brought.push(0);
            let day = at.div_euclid(DAY_MS);
            let survey = &*key_of(response);
            let known = match self.surveys.get(survey) {
                Some(known) => known,
                None => {
                    let bound = Bound::of(MOST_SURVEYS, self.reserved.has_survey(survey));
                    if !new.surveys.contains(survey) {
                        if !new.take(NameGroup::Surveys, self.surveys.len(), bound, day) {
                            new.refused_surveys.insert(survey.to_owned());
                            continue;
                        }
                        new.surveys.insert(survey.to_owned());
                    }
                    &nothing
                }
            };
            for (dimension, value) in &names.segments {
                known.plan_segment(&mut new, &self.reserved, survey, (dimension, value), day);
            }
            for scale in &names.scales {
                self.plan_scale(&mut new, known, response, scale, (day, today));
            }
        }
        new
    }

    /// Takes those of these surveys that have a key: their operator knows them. Says whether there are any.
    pub(in crate::store) async fn admit_keyed(
        &mut self,
        db: &mut Connection,
        surveys: &BTreeSet<String>,
    ) -> sqlx::Result<bool> {
        let mut sql = Sql::new("SELECT survey FROM write_key WHERE survey IN ");
        sql.list(surveys.iter().map(String::as_str));
        let rows = sql.all(db).await?;
        for row in &rows {
            self.admit(&row.try_get::<String, _>(0)?);
        }
        Ok(!rows.is_empty())
    }

    fn plan_scale(
        &self,
        new: &mut NewNames,
        survey: &KnownSurvey,
        response: &Response,
        AnsweredScale { key, index, values }: &AnsweredScale,
        (day, today): (i64, i64),
    ) {
        let id = &*key_of(response);
        let known = survey.scales.get(key);
        if known.is_none() && !self.plan_new_scale(new, survey, id, (key, *index), day) {
            return;
        }
        for value in values {
            let Counted::Value(value) = value else { continue };
            if known.is_some_and(|known| known.options.contains(value)) {
                continue;
            }
            let option = (id.to_owned(), key.clone(), value.clone());
            if new.options.contains(&option) {
                continue;
            }
            let group = NameGroup::Options { survey: id.to_owned(), scale: key.clone() };
            let count = known.map_or(0, KnownScale::options);
            let bound = Bound::of(MOST_OPTIONS, self.reserved.has_option(id, key, value));
            if new.take(group, count, bound, day) {
                new.options.insert(option);
            } else if !known.is_some_and(|known| known.options.contains(OTHERS)) {
                // Readers are told.
                new.options.insert((id.to_owned(), key.clone(), OTHERS.to_owned()));
            }
        }
        let Some(answer) = response.answers.get(*index) else { return };
        let survey_bytes = survey.wording_bytes;
        let language = &response.language;
        let texts = known.and_then(|known| known.wordings.get(language));
        let wording = texts.and_then(|texts| texts.get(&answer.text));
        // A last day later than today is one of a clock that was ahead.
        let is_current =
            |it: &KnownWording| (it.days.0..=it.days.1).contains(&day) && it.days.1 <= today + 1;
        if wording.is_some_and(is_current) {
            return;
        }
        let named = (id.to_owned(), key.clone(), language.clone(), answer.text.clone());
        if wording.is_none() && !new.wordings.contains_key(&named) {
            let is_reserved = self.reserved.has_wording(id, key, language, &answer.text);
            let (survey, scale) = (id.to_owned(), key.clone());
            let (group, count, most) = if texts.is_some() || new.has_language(&named) {
                let group = NameGroup::Wordings { survey, scale, language: language.clone() };
                (group, texts.map_or(0, HashMap::len), MOST_WORDINGS)
            } else {
                let count = known.map_or(0, KnownScale::languages);
                (NameGroup::Languages { survey, scale }, count, MOST_LANGUAGES)
            };
            let bytes = answer.text.len();
            if let Some(brought) = new.brought.last_mut() {
                *brought =
                    brought.saturating_add(u32::try_from(bytes / NAME_BYTES).unwrap_or(u32::MAX));
            }
            let held = survey_bytes + new.wording_bytes.get(id).copied().unwrap_or_default();
            let has_room = is_reserved || held + bytes <= MOST_WORDING_BYTES;
            if !has_room {
                new.refuse(NameGroup::WordingBytes { survey: id.to_owned() }, day);
            }
            if !has_room || !new.take(group, count, Bound::of(most, is_reserved), day) {
                // Readers are told.
                if known.is_none_or(|known| known.wording_of_others().is_none()) {
                    let others = || OTHERS.to_owned();
                    let named = (id.to_owned(), key.clone(), others(), others());
                    new.wordings.entry(named).or_insert((day, day));
                }
                return;
            }
            *new.wording_bytes.entry(id.to_owned()).or_default() += bytes;
        }
        let (first, last) = new.wordings.entry(named).or_insert((day, day));
        (*first, *last) = ((*first).min(day), (*last).max(day));
    }

    /// Finds a place for a scale that is not known. Says whether there is one; otherwise it counts with others.
    fn plan_new_scale(
        &self,
        new: &mut NewNames,
        survey: &KnownSurvey,
        id: &str,
        (key, index): (&ScaleKey, usize),
        day: i64,
    ) -> bool {
        let named = (id.to_owned(), key.clone());
        if new.scales.contains_key(&named) {
            return true;
        }
        let group = NameGroup::Scales { survey: id.to_owned() };
        let bound = Bound::of(MOST_SCALES, self.reserved.has_scale(id, key));
        let has_place = new.take(group, survey.scales.len(), bound, day);
        if has_place {
            new.scales.insert(named, i64::try_from(index).unwrap_or_default());
        } else {
            let others = ScaleKey::others();
            if !survey.scales.contains_key(&others) {
                new.scales.insert((id.to_owned(), others), i64::MAX);
            }
        }
        has_place
    }

    /// Writes these names.
    pub(in crate::store) async fn write(
        &mut self,
        db: &mut Connection,
        new: &NewNames,
    ) -> sqlx::Result<()> {
        let segments: Vec<_> = new.segments.iter().collect();
        for rows in chunks(&segments) {
            let mut sql = Sql::new("INSERT INTO segment (survey, dimension, value) VALUES ");
            sql.rows(rows, |sql, (survey, dimension, value)| {
                sql.bind(&**survey).push(", ").bind(&**dimension).push(", ").bind(&**value);
            });
            sql.push(" ON CONFLICT (survey, dimension, value) DO UPDATE SET merged = 0");
            sql.push(" RETURNING survey, dimension, value, id");
            for row in sql.all(db).await? {
                let survey = self.surveys.entry(row.try_get(0)?).or_default();
                let values = survey.segments.entry(row.try_get(1)?).or_default();
                values.insert(row.try_get(2)?, row.try_get(3)?);
            }
        }
        let scales: Vec<_> = new.scales.iter().collect();
        for rows in chunks(&scales) {
            let mut sql = Sql::new(
                "INSERT INTO scale (survey, question, kind, points, metric, position) VALUES ",
            );
            sql.rows(rows, |sql, ((survey, key), position)| {
                sql.bind(&**survey).push(", ").bind(&*key.question).push(", ").bind(key.kind);
                sql.push(", ").bind(key.points).push(", ").bind(key.metric);
                sql.push(", ").bind(**position);
            });
            sql.push(" ON CONFLICT (survey, question, kind, points, metric)");
            sql.push(" DO UPDATE SET merged = 0");
            sql.push(" RETURNING survey, id, question, kind, points, metric");
            for row in sql.all(db).await? {
                let (kind, metric): (String, String) = (row.try_get(3)?, row.try_get(5)?);
                let key = ScaleKey::stored(row.try_get(2)?, &kind, row.try_get(4)?, &metric);
                let Some(key) = key else { continue };
                let (options, wordings) = (HashSet::new(), HashMap::new());
                let scale = KnownScale { id: row.try_get(1)?, options, wordings };
                self.surveys.entry(row.try_get(0)?).or_default().scales.insert(key, scale);
            }
        }
        self.write_options(db, new).await?;
        self.write_wordings(db, new).await
    }

    fn scale_mut(&mut self, survey: &str, key: &ScaleKey) -> Option<&mut KnownScale> {
        self.surveys.get_mut(survey)?.scales.get_mut(key)
    }

    async fn write_options(&mut self, db: &mut Connection, new: &NewNames) -> sqlx::Result<()> {
        let options: Vec<_> = new
            .options
            .iter()
            .filter_map(|(survey, key, value)| Some((self.scale(survey, key)?.id, value)))
            .collect();
        for rows in chunks(&options) {
            let mut sql = Sql::new("INSERT INTO scale_option (scale, value) VALUES ");
            sql.rows(rows, |sql, (scale, value)| {
                sql.bind(*scale).push(", ").bind(&***value);
            });
            sql.push(" ON CONFLICT (scale, value) DO UPDATE SET merged = 0");
            sql.execute(db).await?;
        }
        for (survey, key, value) in &new.options {
            if let Some(scale) = self.scale_mut(survey, key) {
                scale.options.insert(value.clone());
            }
        }
        Ok(())
    }

    async fn write_wordings(&mut self, db: &mut Connection, new: &NewNames) -> sqlx::Result<()> {
        let wordings: Vec<_> = new
            .wordings
            .iter()
            .filter_map(|(name, days)| Some((name, self.scale(&name.0, &name.1)?.id, *days)))
            .collect();
        let by_id: HashMap<i64, (&String, &ScaleKey)> =
            wordings.iter().map(|((survey, key, ..), id, _)| (*id, (survey, key))).collect();
        for rows in chunks(&wordings) {
            let mut sql = Sql::new(
                "INSERT INTO wording (scale, language, text, first_day, last_day, n) VALUES ",
            );
            sql.rows(rows, |sql, ((_, _, language, text), scale, (first, last))| {
                sql.bind(*scale).push(", ").bind(&**language).push(", ").bind(&**text);
                sql.push(", ").bind(*first).push(", ").bind(*last).push(", 0");
            });
            // An index of PostgreSQL holds no long text.
            sql.push(match db.backend_name() {
                "PostgreSQL" => " ON CONFLICT (scale, language, md5(text))",
                _ => " ON CONFLICT (scale, language, text)",
            });
            // One that is later than today is of a clock that was ahead.
            sql.push(
                " DO UPDATE SET
                     first_day = CASE WHEN wording.first_day < excluded.first_day
                         THEN wording.first_day ELSE excluded.first_day END,
                     last_day = CASE WHEN wording.last_day > excluded.last_day
                         AND wording.last_day <= ",
            );
            sql.bind(clock::now().as_millis().div_euclid(DAY_MS) + 1);
            sql.push(
                " THEN wording.last_day ELSE excluded.last_day END,
                     merged = 0
                 RETURNING scale, language, text, id, first_day, last_day",
            );
            for row in sql.all(db).await? {
                let Some((survey, key)) = by_id.get(&row.try_get(0)?) else { continue };
                let days = (row.try_get(4)?, row.try_get(5)?);
                let wording = KnownWording { id: row.try_get(3)?, days };
                let Some(known) = self.surveys.get_mut(survey.as_str()) else { continue };
                if let Some(scale) = known.scales.get_mut(key) {
                    let texts = scale.wordings.entry(row.try_get(1)?).or_default();
                    let text: String = row.try_get(2)?;
                    let bytes = text.len();
                    if texts.insert(text, wording).is_none() {
                        known.wording_bytes += bytes;
                    }
                }
            }
        }
        Ok(())
    }
}

impl KnownSurvey {
    fn plan_segment(
        &self,
        new: &mut NewNames,
        reserved: &ReservedNames,
        survey: &str,
        (dimension, value): (&str, &str),
        day: i64,
    ) {
        let values = self.segments.get(dimension);
        if values.is_some_and(|values| values.contains_key(value)) {
            return;
        }
        let key = |value: &str| (survey.to_owned(), dimension.to_owned(), value.to_owned());
        if new.segments.contains(&key(value)) {
            return;
        }
        let is_custom = dimension.starts_with("custom.");
        let is_new = |new: &NewNames| {
            let first = new.segments.range(key("")..).next();
            first.is_none_or(|(of, known, _)| of != survey || known != dimension)
        };
        if is_custom && values.is_none() && is_new(new) {
            let names = self.segments.keys().filter(|name| name.starts_with("custom.")).count();
            let group = NameGroup::CustomNames { survey: survey.to_owned() };
            let is_reserved = reserved.custom(survey).any(|(own, _)| own == dimension);
            if !new.take(group, names, Bound::of(MOST_CUSTOM_NAMES, is_reserved), day) {
                if !self.segments.contains_key(OTHER_CUSTOM) {
                    let others = (survey.to_owned(), OTHER_CUSTOM.to_owned(), OTHERS.to_owned());
                    new.segments.insert(others);
                }
                return;
            }
        }
        let most = match dimension {
            "page" => MOST_PAGES,
            _ if is_custom => MOST_CUSTOM_VALUES,
            _ => MOST_WORDS,
        };
        let group =
            NameGroup::Values { survey: survey.to_owned(), dimension: dimension.to_owned() };
        let count = values.map_or(0, HashMap::len);
        let is_reserved = reserved.has_value(survey, dimension, value);
        if value.len() <= LONGEST_VALUE_BYTES
            && new.take(group, count, Bound::of(most, is_reserved), day)
        {
            new.segments.insert(key(value));
        } else if !values.is_some_and(|values| values.contains_key(OTHERS)) {
            new.segments.insert(key(OTHERS));
        }
    }
}
