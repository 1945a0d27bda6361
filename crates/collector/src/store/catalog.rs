//! The names of everything that is counted, in memory: a response costs no look-up in the database
//! unless it brings a new one.
//!
//! How many names there are is bounded. What comes beyond counts under `…`, so that a page that
//! puts an order's number into a custom field, or its address, does not make a segment of each order. What the
//! survey's own definition names always has a place ([`ReservedNames`]); of the others, those that nobody was
//! counted under lately make room for new ones (`catalog/merging.rs`).

mod merging;
mod naming;
mod reserved;

pub(super) use naming::NameGroup;
pub use reserved::ReservedNames;

use super::connection::Connection;
use super::counted::{Counted, ENDINGS, OTHERS};
use super::sql::Sql;
use sondeo_model::{Answer, KindName, Metric, Question};
use sqlx::Row;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

/// The dimension of responses with custom fields that have no place. A field of a page is called `custom.NAME`.
pub(super) const OTHER_CUSTOM: &str = "custom";

/// A question as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
        Self::from(answer.question.clone(), answer.kind, answer.points, answer.metric)
    }

    /// As a definition asks it.
    fn of_question(question: &Question) -> Self {
        let id = question.id.clone().into_owned();
        Self::from(id, question.kind.name(), question.kind.points(), question.metric)
    }

    /// Of all questions that find no place.
    fn others() -> Self {
        Self::from(OTHERS.to_owned(), KindName::Text, None, None)
    }

    /// Of the endings of a survey.
    pub(super) fn endings() -> Self {
        Self::from(ENDINGS.to_owned(), KindName::Choice, None, None)
    }

    /// Whether it is of the endings, and of no question.
    pub(super) fn is_of_endings(&self) -> bool {
        self.question == ENDINGS
    }

    fn from(question: String, kind: KindName, points: Option<u8>, metric: Option<Metric>) -> Self {
        Self {
            question,
            kind: kind.as_str(),
            points: points.unwrap_or_default().into(),
            metric: metric.map(Metric::as_str).unwrap_or_default(),
        }
    }

    /// From what the database holds; none for a kind that a newer version wrote: it counts its own.
    pub(super) fn stored(question: String, kind: &str, points: i64, metric: &str) -> Option<Self> {
        let kind = KindName::parse(kind)?.as_str();
        let metric = Metric::parse(metric).map(Metric::as_str).unwrap_or_default();
        Some(Self { question, kind, points, metric })
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
    /// What this value counts as.
    pub(super) fn counted_as(&self, value: &Counted) -> Counted {
        match value {
            Counted::Value(value) if !self.options.contains(value) => Counted::Others,
            value => value.clone(),
        }
    }

    /// The id of a wording; of those that have no place, where this one has none.
    pub(super) fn wording(&self, language: &str, text: &str) -> Option<i64> {
        let known = self.wordings.get(language).and_then(|texts| texts.get(text));
        Some(known.or_else(|| self.wording_of_others())?.id)
    }

    /// How many options have a place.
    fn options(&self) -> usize {
        self.options.len() - usize::from(self.options.contains(OTHERS))
    }

    /// In how many languages it was asked.
    fn languages(&self) -> usize {
        self.wordings.len() - usize::from(self.wordings.contains_key(OTHERS))
    }

    fn wording_of_others(&self) -> Option<&KnownWording> {
        self.wordings.get(OTHERS)?.get(OTHERS)
    }

    fn wording_bytes(&self) -> usize {
        self.wordings.values().flat_map(HashMap::keys).map(String::len).sum()
    }
}

/// A text in which a question was asked.
#[derive(Debug, Clone, Copy)]
struct KnownWording {
    id: i64,
    /// The first and the last day for which an answer to it counts.
    days: (i64, i64),
}

/// By language and text.
type Wordings = HashMap<String, HashMap<String, KnownWording>>;

#[derive(Debug, Default)]
struct KnownSurvey {
    /// By dimension, then by value.
    segments: HashMap<String, HashMap<String, i64>>,
    scales: HashMap<ScaleKey, KnownScale>,
    /// Bytes of all wordings that have a place.
    wording_bytes: usize,
}

/// All names that are counted.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    surveys: HashMap<String, KnownSurvey>,
    reserved: Arc<ReservedNames>,
    /// When room was last looked for among these names, which takes a query each time, and of names that nobody was
    /// counted under since which day.
    looked_for_room: HashMap<NameGroup, (Instant, i64)>,
}

impl Catalog {
    /// Reads what the database knows.
    pub(super) async fn load(
        db: &mut Connection,
        reserved: Arc<ReservedNames>,
    ) -> sqlx::Result<Self> {
        let mut catalog = Self { reserved, ..Self::default() };
        let all = Sql::new("SELECT survey, dimension, value, id FROM segment WHERE merged = 0");
        for row in all.all(db).await? {
            let survey = catalog.surveys.entry(row.try_get(0)?).or_default();
            let values = survey.segments.entry(row.try_get(1)?).or_default();
            values.insert(row.try_get(2)?, row.try_get(3)?);
        }
        let mut options: HashMap<i64, HashSet<String>> = HashMap::new();
        let all = Sql::new("SELECT scale, value FROM scale_option WHERE merged = 0");
        for row in all.all(db).await? {
            options.entry(row.try_get(0)?).or_default().insert(row.try_get(1)?);
        }
        let mut wordings: HashMap<i64, Wordings> = HashMap::new();
        let all = Sql::new(
            "SELECT scale, language, text, id, first_day, last_day FROM wording WHERE merged = 0",
        );
        for row in all.all(db).await? {
            let texts = wordings.entry(row.try_get(0)?).or_default();
            let texts = texts.entry(row.try_get(1)?).or_default();
            let days = (row.try_get(4)?, row.try_get(5)?);
            texts.insert(row.try_get(2)?, KnownWording { id: row.try_get(3)?, days });
        }
        let all = Sql::new(
            "SELECT survey, id, question, kind, points, metric FROM scale WHERE merged = 0",
        );
        for row in all.all(db).await? {
            let id: i64 = row.try_get(1)?;
            let (kind, metric): (String, String) = (row.try_get(3)?, row.try_get(5)?);
            let key = ScaleKey::stored(row.try_get(2)?, &kind, row.try_get(4)?, &metric);
            let Some(key) = key else { continue };
            let scale = KnownScale {
                id,
                options: options.remove(&id).unwrap_or_default(),
                wordings: wordings.remove(&id).unwrap_or_default(),
            };
            let survey = catalog.surveys.entry(row.try_get(0)?).or_default();
            survey.wording_bytes += scale.wording_bytes();
            survey.scales.insert(key, scale);
        }
        Ok(catalog)
    }

    /// Reads it anew: another process changed what the database knows.
    pub(super) async fn reload(&mut self, db: &mut Connection) -> sqlx::Result<()> {
        let looked_for_room = std::mem::take(&mut self.looked_for_room);
        *self = Self::load(db, Arc::clone(&self.reserved)).await?;
        self.looked_for_room = looked_for_room;
        Ok(())
    }

    /// From now on, these names always have a place.
    pub(super) fn reserve(&mut self, reserved: ReservedNames) {
        self.reserved = Arc::new(reserved);
    }

    /// Takes a survey that is stored already, however many there are.
    pub(super) fn admit(&mut self, survey: &str) {
        if !self.surveys.contains_key(survey) {
            self.surveys.insert(survey.to_owned(), KnownSurvey::default());
        }
    }

    /// Whether responses of this survey can be counted.
    pub(super) fn has_survey(&self, survey: &str) -> bool {
        self.surveys.contains_key(survey)
    }

    /// The segment that this value counts in.
    pub(super) fn segment(&self, survey: &str, dimension: &str, value: &str) -> Option<i64> {
        let segments = &self.surveys.get(survey)?.segments;
        let id = match segments.get(dimension) {
            Some(values) => values.get(value).or_else(|| values.get(OTHERS)),
            None if dimension.starts_with("custom.") => segments.get(OTHER_CUSTOM)?.get(OTHERS),
            None => None,
        };
        id.copied()
    }

    pub(super) fn scale(&self, survey: &str, key: &ScaleKey) -> Option<&KnownScale> {
        self.surveys.get(survey)?.scales.get(key)
    }

    /// The scale under which answers to all questions count that have no place.
    pub(super) fn other_scales(&self, survey: &str) -> Option<i64> {
        Some(self.scale(survey, &ScaleKey::others())?.id)
    }
}
