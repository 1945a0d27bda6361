//! The names of everything that is counted, in memory: a response costs no look-up in the database
//! unless it brings a new one.
//!
//! How many names there are is bounded. What comes beyond counts under [`OTHERS`], so that a page that
//! puts an order's number into a custom field, or its address, does not make a segment of each order.

mod naming;

use super::connection::Connection;
use super::counted_as::OTHERS;
use super::sql::Sql;
use sondeo_model::{Answer, KindName, Metric};
use sqlx::Row;
use std::collections::{HashMap, HashSet};

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
            kind: answer.kind.as_str(),
            points: answer.points.unwrap_or_default().into(),
            metric: answer.metric.map(Metric::as_str).unwrap_or_default(),
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
    pub(super) async fn load(db: &mut Connection) -> sqlx::Result<Self> {
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
                kind: kind.as_str(),
                points: row.try_get(4)?,
                metric: Metric::parse(&metric).map(Metric::as_str).unwrap_or_default(),
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
}
