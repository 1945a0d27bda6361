//! Reading what was counted: from the roll-ups for whole days, from the responses themselves for the
//! parts of a day at both ends of a period.

use super::connection::Connection;
use super::counted_as::CRAWLERS;
use super::day_counts::{DAY, DayCounts};
use super::sql::Sql;
use super::sums::{count_rows, sum_days};
use super::{Store, StoreError};
use sondeo_model::{KindName, Metric, Timestamp};
use sqlx::Row;
use std::collections::{BTreeMap, HashMap};

/// From the first moment up to, and without, the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first moment of it.
    pub from: Timestamp,
    /// The first moment after it.
    pub to: Timestamp,
}

/// What to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountsOf<'a> {
    /// The survey.
    pub survey: &'a str,
    /// The responses that count for a moment of this period.
    pub period: Period,
    /// `""` for everybody, `device`, `language`, `trigger`, `page`, `custom.NAME`.
    pub dimensions: &'a [&'a str],
    /// Whether each day (UTC) is counted for itself.
    pub by_day: bool,
}

/// What was counted. Whatever is not there is 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Every scale of the survey that was ever answered.
    pub scales: Vec<Scale>,
    /// Responses by state.
    pub statuses: Vec<StatusCount>,
    /// Answers by value.
    pub answers: Vec<AnswerCount>,
}

/// A question as it was asked. One whose scale, kind or metric changed has several: their answers are
/// never mixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    /// What [`AnswerCount::scale`] refers to.
    pub id: i64,
    /// The id of the question.
    pub question: String,
    /// Its kind.
    pub kind: KindName,
    /// The number of points of a likert scale.
    pub points: Option<u8>,
    /// The metric that it feeds.
    pub metric: Option<Metric>,
    /// Its place among the answers when it was first seen.
    pub position: i64,
    /// Every wording, the latest last.
    pub wordings: Vec<Wording>,
}

/// What visitors read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The language.
    pub language: String,
    /// The text.
    pub text: String,
    /// The first day (since 1970-01-01, UTC) for which an answer to it counts.
    pub first_day: i64,
    /// The last one.
    pub last_day: i64,
}

/// Whom a number is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Segment {
    /// One of [`CountsOf::dimensions`].
    pub dimension: String,
    /// The value there; `…` for all that are not counted by name.
    pub value: String,
}

/// Responses by their latest state; the sum of the four states is all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCount {
    /// Whose.
    pub segment: Segment,
    /// Of which day since 1970-01-01 (UTC), where days were asked for.
    pub day: Option<i64>,
    /// Seen, and nothing else.
    pub shown: i64,
    /// Begun.
    pub partial: i64,
    /// Answered to the end.
    pub completed: i64,
    /// Closed.
    pub dismissed: i64,
    /// Those with at least one answer.
    pub answered: i64,
}

/// Answers of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerCount {
    /// Whose.
    pub segment: Segment,
    /// Of which day since 1970-01-01 (UTC), where days were asked for.
    pub day: Option<i64>,
    /// The [`Scale::id`].
    pub scale: i64,
    /// The value; empty for the number of those who answered at all, `…` for what is not counted by name.
    pub value: String,
    /// How many.
    pub n: i64,
}

/// A survey of which there are responses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyRow {
    /// Its id.
    pub name: String,
    /// Its responses, in whatever state.
    pub responses: i64,
    /// Those with at least one answer.
    pub answered: i64,
    /// The first day (UTC) for which one counts, as the moment at which it begins.
    pub first_day: Timestamp,
    /// The last day.
    pub last_day: Timestamp,
}

impl Store {
    /// Counts responses and answers.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn counts(&self, of: &CountsOf<'_>) -> Result<Counts, StoreError> {
        let mut db = self.0.readers.acquire().await?;
        let segments = segments(&mut db, of).await?;
        let scales = scales(&mut db, of.survey).await?;
        let (from, to) = (of.period.from.as_millis(), of.period.to.as_millis());
        if segments.is_empty() || from >= to {
            return Ok(Counts { scales, ..Counts::default() });
        }
        // Whole days, from the first that begins in the period to the last that ends in it.
        let days = (from.div_euclid(DAY) + i64::from(from.rem_euclid(DAY) > 0), to.div_euclid(DAY));
        let mut sums = DayCounts::default();
        if days.0 < days.1 {
            sum_days(&mut db, of, &segments, days, &mut sums).await?;
            count_rows(&mut db, of, (from, days.0 * DAY), &mut sums).await?;
            count_rows(&mut db, of, (days.1 * DAY, to), &mut sums).await?;
        } else {
            count_rows(&mut db, of, (from, to), &mut sums).await?;
        }
        Ok(named(sums, scales, &segments, of.by_day))
    }

    /// The surveys of which there are responses, by name.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn surveys(&self) -> Result<Vec<SurveyRow>, StoreError> {
        let sql = Sql::new(
            "SELECT survey, CAST(SUM(shown + partial + completed + dismissed) AS BIGINT),
                    CAST(SUM(answered) AS BIGINT), MIN(day), MAX(day)
             FROM segment JOIN day_status ON segment = id
             WHERE dimension = '' AND shown + partial + completed + dismissed > 0
             GROUP BY survey",
        );
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let survey = |row: &sqlx::any::AnyRow| {
            let day = |index| {
                row.try_get::<i64, _>(index)
                    .map(|day| Timestamp::from_millis(day.saturating_mul(DAY)))
            };
            Ok(SurveyRow {
                name: row.try_get(0)?,
                responses: row.try_get(1)?,
                answered: row.try_get(2)?,
                first_day: day(3)?,
                last_day: day(4)?,
            })
        };
        let mut surveys: Vec<SurveyRow> = rows.iter().map(survey).collect::<sqlx::Result<_>>()?;
        // Here, and not in the database: PostgreSQL sorts by the language of its installation.
        surveys.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(surveys)
    }

    /// The dimensions by which a survey can be counted.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn dimensions(&self, survey: &str) -> Result<Vec<String>, StoreError> {
        let mut sql = Sql::new("SELECT DISTINCT dimension FROM segment WHERE survey = ");
        sql.bind(survey).push(" AND dimension <> ").bind(CRAWLERS);
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let dimensions = rows.iter().map(|row| row.try_get(0));
        let mut dimensions: Vec<String> = dimensions.collect::<sqlx::Result<_>>()?;
        dimensions.sort_unstable();
        Ok(dimensions)
    }
}

async fn segments(db: &mut Connection, of: &CountsOf<'_>) -> sqlx::Result<HashMap<i64, Segment>> {
    if of.dimensions.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("SELECT id, dimension, value FROM segment WHERE survey = ");
    sql.bind(of.survey).push(" AND dimension IN ").list(of.dimensions.iter().copied());
    let rows = sql.all(db).await?;
    rows.iter()
        .map(|row| {
            let segment = Segment { dimension: row.try_get(1)?, value: row.try_get(2)? };
            Ok((row.try_get(0)?, segment))
        })
        .collect()
}

async fn scales(db: &mut Connection, survey: &str) -> sqlx::Result<Vec<Scale>> {
    let mut sql =
        Sql::new("SELECT id, question, kind, points, metric, position FROM scale WHERE survey = ");
    sql.bind(survey).push(" ORDER BY position, id");
    let mut scales = Vec::new();
    for row in sql.all(db).await? {
        let (kind, metric): (String, String) = (row.try_get(2)?, row.try_get(4)?);
        let Some(kind) = KindName::parse(&kind) else { continue };
        scales.push(Scale {
            id: row.try_get(0)?,
            question: row.try_get(1)?,
            kind,
            points: u8::try_from(row.try_get::<i64, _>(3)?).ok().filter(|&points| points > 0),
            metric: Metric::parse(&metric),
            position: row.try_get(5)?,
            wordings: Vec::new(),
        });
    }
    let mut sql = Sql::new(
        "SELECT scale, language, text, first_day, last_day
         FROM wording JOIN scale ON wording.scale = scale.id WHERE survey = ",
    );
    sql.bind(survey).push(" ORDER BY last_day, first_day, wording.id");
    let mut wordings: BTreeMap<i64, Vec<Wording>> = BTreeMap::new();
    for row in sql.all(db).await? {
        wordings.entry(row.try_get(0)?).or_default().push(Wording {
            language: row.try_get(1)?,
            text: row.try_get(2)?,
            first_day: row.try_get(3)?,
            last_day: row.try_get(4)?,
        });
    }
    for scale in &mut scales {
        scale.wordings = wordings.remove(&scale.id).unwrap_or_default();
    }
    Ok(scales)
}

/// The sums with the names of their segments; those that were not asked for are left out.
fn named(
    sums: DayCounts,
    scales: Vec<Scale>,
    segments: &HashMap<i64, Segment>,
    by_day: bool,
) -> Counts {
    let day = |day| Some(day).filter(|_| by_day);
    let statuses = sums.statuses.into_iter().filter(|(_, counts)| counts.iter().any(|&n| n != 0));
    let answers = sums.answers.into_iter().filter(|&(_, n)| n != 0);
    Counts {
        scales,
        statuses: statuses
            .filter_map(|((segment, of_day), [shown, partial, completed, dismissed, answered])| {
                let segment = segments.get(&segment)?.clone();
                let day = day(of_day);
                Some(StatusCount { segment, day, shown, partial, completed, dismissed, answered })
            })
            .collect(),
        answers: answers
            .filter_map(|((segment, of_day, scale, value), n)| {
                let segment = segments.get(&segment)?.clone();
                Some(AnswerCount { segment, day: day(of_day), scale, value, n })
            })
            .collect(),
    }
}
