//! The names of everything that is counted, in memory: a response costs no look-up in the database
//! unless it brings a new one.
//!
//! How many names there are is bounded. What comes beyond counts under [`OTHERS`], so that a page that
//! puts an order's number into a custom field, or its address, does not make a segment of each order.

use super::facts::{self, OTHERS};
use super::sql::Sql;
use sondeo_model::{Answer, KindName, Metric, Response};
use sqlx::{AnyConnection, Row};
use std::collections::{HashMap, HashSet};

/// Values, at most, that each dimension of a survey counts by name.
const MOST_PAGES: usize = 200;
const MOST_WORDS: usize = 50;
const MOST_CUSTOM_VALUES: usize = 25;
/// Custom fields of a survey, at most, that are dimensions.
const MOST_CUSTOM_NAMES: usize = 20;
/// Scales of a survey, at most, that are counted.
const MOST_SCALES: usize = 300;
/// Values of a scale, at most, that are counted by name.
const MOST_OPTIONS: usize = 100;
/// Characters, at most, of a value that is counted by name.
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
    /// By language.
    wordings: HashMap<String, String>,
}

impl KnownScale {
    /// The name under which this value is counted.
    pub(super) fn counted_as(&self, value: String) -> String {
        if self.options.contains(&value) { value } else { OTHERS.to_owned() }
    }
}

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
        let mut wordings: HashMap<i64, HashMap<String, String>> = HashMap::new();
        for row in Sql::new("SELECT scale, language, text FROM wording").all(db).await? {
            wordings.entry(row.try_get(0)?).or_default().insert(row.try_get(1)?, row.try_get(2)?);
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

    /// Gives a name to everything that these responses bring along.
    ///
    /// To be called outside of a transaction: a name is never taken back, so that it cannot hang
    /// between two collectors that wait for each other.
    pub(super) async fn prepare<'a>(
        &mut self,
        db: &mut AnyConnection,
        responses: impl Iterator<Item = &'a Response>,
    ) -> sqlx::Result<()> {
        for response in responses {
            for (dimension, value) in facts::segments(response) {
                self.prepare_segment(db, &response.survey, dimension, value).await?;
            }
            let scales = facts::scales(response);
            for (key, values) in scales {
                self.prepare_scale(db, response, key, values).await?;
            }
        }
        Ok(())
    }

    async fn prepare_segment(
        &mut self,
        db: &mut AnyConnection,
        survey: &str,
        dimension: String,
        value: String,
    ) -> sqlx::Result<()> {
        let known = self.0.entry(survey.to_owned()).or_default();
        let names = known.segments.keys().filter(|name| name.starts_with("custom.")).count();
        let is_custom = dimension.starts_with("custom.");
        let most = match &*dimension {
            "page" => MOST_PAGES,
            _ if is_custom => MOST_CUSTOM_VALUES,
            _ => MOST_WORDS,
        };
        let is_new = !known.segments.contains_key(&dimension);
        if is_new && is_custom && names >= MOST_CUSTOM_NAMES {
            return Ok(());
        }
        let values = known.segments.entry(dimension.clone()).or_default();
        if values.contains_key(&value) {
            return Ok(());
        }
        let too_many = values.len() >= most || value.chars().count() > LONGEST_VALUE;
        let value = if too_many { OTHERS.to_owned() } else { value };
        if values.contains_key(&value) {
            return Ok(());
        }
        let mut insert = Sql::new("INSERT INTO segment (survey, dimension, value) VALUES ");
        insert.rows([()], |sql, ()| {
            sql.bind(survey).push(", ").bind(&*dimension).push(", ").bind(&*value);
        });
        insert.push(" ON CONFLICT DO NOTHING");
        insert.execute(db).await?;
        let mut select = Sql::new("SELECT id FROM segment WHERE survey = ");
        select.bind(survey).push(" AND dimension = ").bind(&*dimension);
        select.push(" AND value = ").bind(&*value);
        let id = first(select, db).await?;
        values.insert(value, id);
        Ok(())
    }

    async fn prepare_scale(
        &mut self,
        db: &mut AnyConnection,
        response: &Response,
        key: ScaleKey,
        values: Vec<String>,
    ) -> sqlx::Result<()> {
        let known = self.0.entry(response.survey.clone()).or_default();
        let place = response.answers.iter().position(|answer| answer.question == key.question);
        if !known.scales.contains_key(&key) {
            if known.scales.len() >= MOST_SCALES {
                return Ok(());
            }
            let id = insert_scale(db, &response.survey, &key, place.unwrap_or_default()).await?;
            let (options, wordings) = (HashSet::new(), HashMap::new());
            known.scales.insert(key.clone(), KnownScale { id, options, wordings });
        }
        let Some(scale) = known.scales.get_mut(&key) else { return Ok(()) };
        for value in values {
            if scale.options.contains(&value) {
                continue;
            }
            let value = if scale.options.len() < MOST_OPTIONS { value } else { OTHERS.to_owned() };
            let mut insert = Sql::new("INSERT INTO scale_option (scale, value) VALUES (");
            insert.bind(scale.id).push(", ").bind(&*value).push(") ON CONFLICT DO NOTHING");
            insert.execute(db).await?;
            scale.options.insert(value);
        }
        let text = place.and_then(|place| response.answers.get(place)).map(|answer| &answer.text);
        let Some(text) = text else { return Ok(()) };
        let is_known = scale.wordings.get(&response.language) == Some(text);
        let is_full =
            scale.wordings.len() >= MOST_WORDS && !scale.wordings.contains_key(&response.language);
        if !is_known && !is_full {
            let mut insert = Sql::new("INSERT INTO wording (scale, language, text) VALUES (");
            insert.bind(scale.id).push(", ").bind(&*response.language);
            insert.push(", ").bind(&**text);
            insert.push(") ON CONFLICT (scale, language) DO UPDATE SET text = excluded.text");
            insert.execute(db).await?;
            scale.wordings.insert(response.language.clone(), text.clone());
        }
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
