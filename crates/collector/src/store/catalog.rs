//! The names of everything that is counted, in memory: a response costs no look-up in the database
//! unless it brings a new one.
//!
//! How many names there are is bounded. What comes beyond counts under [`OTHERS`], so that a page that
//! puts an order's number into a custom field, or its address, does not make a segment of each order.

use super::deltas::DAY;
use super::facts::{Names, OTHERS};
use super::sql::Sql;
use sondeo_model::{Answer, KindName, Metric, Response};
use sqlx::{AnyConnection, Row};
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

/// A question as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ScaleKey {
    pub(super) question: String,
    /// The word of a [`KindName`].
    kind: &'static str,
    /// 0 where the kind has none.
    points: i64,
    /// The word of a [`Metric`]; empty where there is none.
    metric: &'static str,
}

impl ScaleKey {
    pub(super) fn new(answer: &Answer) -> Self {
        Self {
            question: answer.question.clone(),
            kind: answer.kind.word(),
            points: answer.points.unwrap_or_default().into(),
            metric: answer.metric.map(Metric::word).unwrap_or_default(),
        }
    }
}

/// What is known of a scale.
#[derive(Debug)]
pub(super) struct KnownScale {
    pub(super) id: i64,
    options: HashSet<String>,
    wordings: Wordings,
}

impl KnownScale {
    /// The name under which this value is counted.
    pub(super) fn counted_as<'a>(&self, value: &'a str) -> &'a str {
        if self.options.contains(value) { value } else { OTHERS }
    }
}

/// By language and text: the first and the last day for which an answer to it counts.
type Wordings = HashMap<String, HashMap<String, (i64, i64)>>;

#[derive(Debug, Default)]
struct KnownSurvey {
    /// By dimension, then by value.
    segments: HashMap<String, HashMap<String, i64>>,
    scales: HashMap<ScaleKey, KnownScale>,
}

/// All names that are counted.
#[derive(Debug, Default)]
pub(super) struct Catalog(HashMap<String, KnownSurvey>);

impl Catalog {
    /// Reads what the database knows.
    pub(super) async fn load(db: &mut AnyConnection) -> sqlx::Result<Self> {
        let mut catalog = Self::default();
        let all = Sql::new("SELECT survey, dimension, value, id FROM segment");
        for row in all.all(db).await? {
            let survey = catalog.0.entry(row.try_get(0)?).or_default();
            let values = survey.segments.entry(row.try_get(1)?).or_default();
            values.insert(row.try_get(2)?, row.try_get(3)?);
        }
        let mut options: HashMap<i64, HashSet<String>> = HashMap::new();
        for row in Sql::new("SELECT scale, value FROM scale_option").all(db).await? {
            options.entry(row.try_get(0)?).or_default().insert(row.try_get(1)?);
        }
        let mut wordings: HashMap<i64, Wordings> = HashMap::new();
        let all = Sql::new("SELECT scale, language, text, first_day, last_day FROM wording");
        for row in all.all(db).await? {
            let texts = wordings.entry(row.try_get(0)?).or_default();
            let texts = texts.entry(row.try_get(1)?).or_default();
            texts.insert(row.try_get(2)?, (row.try_get(3)?, row.try_get(4)?));
        }
        let all = Sql::new("SELECT survey, id, question, kind, points, metric FROM scale");
        for row in all.all(db).await? {
            let id: i64 = row.try_get(1)?;
            let (kind, metric): (String, String) = (row.try_get(3)?, row.try_get(5)?);
            // A word that is not known was written by a newer version: it counts its own.
            let Some(kind) = KindName::parse(&kind) else { continue };
            let key = ScaleKey {
                question: row.try_get(2)?,
                kind: kind.word(),
                points: row.try_get(4)?,
                metric: Metric::parse(&metric).map(Metric::word).unwrap_or_default(),
            };
            let scale = KnownScale {
                id,
                options: options.remove(&id).unwrap_or_default(),
                wordings: wordings.remove(&id).unwrap_or_default(),
            };
            catalog.0.entry(row.try_get(0)?).or_default().scales.insert(key, scale);
        }
        Ok(catalog)
    }

    /// The segment that this value counts in.
    pub(super) fn segment(&self, survey: &str, dimension: &str, value: &str) -> Option<i64> {
        let values = self.0.get(survey)?.segments.get(dimension)?;
        values.get(value).or_else(|| values.get(OTHERS)).copied()
    }

    pub(super) fn scale(&self, survey: &str, key: &ScaleKey) -> Option<&KnownScale> {
        self.0.get(survey)?.scales.get(key)
    }

    /// Gives a name to everything that these responses, which count for these moments, bring along.
    ///
    /// To be called outside of a transaction: a name is never taken back, so that it cannot hang
    /// between two collectors that wait for each other.
    pub(super) async fn prepare<'a>(
        &mut self,
        db: &mut AnyConnection,
        responses: impl Iterator<Item = (&'a Response, &'a Names, i64)>,
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
        db: &mut AnyConnection,
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
        db: &mut AnyConnection,
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
        db: &mut AnyConnection,
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
    db: &mut AnyConnection,
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

async fn first(select: Sql, db: &mut AnyConnection) -> sqlx::Result<i64> {
    select.all(db).await?.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)
}
