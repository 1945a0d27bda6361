//! Reading what was counted: from the roll-ups for whole days, from the responses themselves for the
//! parts of a day at both ends of a period.

use super::connection::Connection;
use super::counted::{Counted, ENDINGS, OTHERS};
use super::day_counts::DayCounts;
use super::sql::Sql;
use super::sums::{count_rows, sum_days};
use super::{DEFAULT_SITE, Store, StoreError};
use crate::clock::{self, DAY_MS};
use sondeo_model::{KindName, Metric, Timestamp};
use sqlx::Row;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What stands for the scale `…` where it is not stored. Ids begin with 1.
const NO_SCALE: i64 = 0;

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
    pub scales: Vec<AskedScale>,
    /// Responses by state.
    pub statuses: Vec<StatusCount>,
    /// Answers by value.
    pub answers: Vec<AnswerCount>,
}

/// A question as it was asked. One whose scale, kind or metric changed has several: their answers are
/// never mixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedScale {
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

impl AskedScale {
    /// Whether it is of the endings that visitors have reached, and of no question.
    #[must_use]
    pub fn is_of_endings(&self) -> bool {
        self.question == ENDINGS
    }
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
    /// Answers to it, of all days.
    pub n: i64,
}

/// Whom a number is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Segment {
    /// One of [`CountsOf::dimensions`].
    pub dimension: String,
    /// The value there; `…` for all that are not counted by name.
    pub value: String,
}

/// Responses by their latest state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCount {
    /// Whose responses these are.
    pub segment: Segment,
    /// Of which day since 1970-01-01 (UTC), where days were asked for.
    pub day: Option<i64>,
    /// Seen, and nothing else.
    pub only_shown: i64,
    /// Begun.
    pub partial: i64,
    /// Answered to the end.
    pub completed: i64,
    /// Closed.
    pub dismissed: i64,
    /// Those with at least one answer, whatever their state.
    pub responses: i64,
}

impl StatusCount {
    /// All of them: how often the survey was shown.
    #[must_use]
    pub fn shown(&self) -> i64 {
        self.only_shown + self.partial + self.completed + self.dismissed
    }
}

/// Answers that count for the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerCount {
    /// Whose answers these are.
    pub segment: Segment,
    /// Of which day since 1970-01-01 (UTC), where days were asked for.
    pub day: Option<i64>,
    /// The [`AskedScale::id`].
    pub scale: i64,
    /// What is counted.
    pub value: Counted,
    /// How many.
    pub n: i64,
}

/// A survey of which there are responses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyRow {
    /// Its id.
    pub name: String,
    /// How often it was shown: its responses in whatever state.
    pub shown: i64,
    /// Those with at least one answer.
    pub responses: i64,
    /// The first day (UTC) for which one counts, as the moment at which it begins.
    pub first_day: Timestamp,
    /// The last day.
    pub last_day: Timestamp,
    /// What its summary can be divided by.
    pub dimensions: Vec<String>,
}

/// Surveys, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SurveyPage {
    /// The surveys of this page.
    pub rows: Vec<SurveyRow>,
    /// The id after which the following page begins, if there is one.
    pub next: Option<String>,
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
        let (from, mut to) = (of.period.from.as_millis(), of.period.to.as_millis());
        if segments.is_empty() || from >= to {
            return Ok(Counts { scales: scales.shown, ..Counts::default() });
        }
        if to > clock::now().as_millis() {
            // Nothing counts for a later moment than now: the sums of today's day hold all of it.
            to = (to - 1).div_euclid(DAY_MS).saturating_add(1).saturating_mul(DAY_MS);
        }
        // Whole days, from the first that begins in the period to the last that ends in it.
        let days = (
            from.div_euclid(DAY_MS) + i64::from(from.rem_euclid(DAY_MS) > 0),
            to.div_euclid(DAY_MS),
        );
        let mut sums = DayCounts::default();
        if days.0 < days.1 {
            sum_days(&mut db, of, &segments, days, &mut sums).await?;
            count_rows(&mut db, of, (from, days.0 * DAY_MS), &mut sums).await?;
            count_rows(&mut db, of, (days.1.saturating_mul(DAY_MS), to), &mut sums).await?;
        } else {
            count_rows(&mut db, of, (from, to), &mut sums).await?;
        }
        Ok(named(sums, scales, &segments, of.by_day))
    }

    /// The surveys of which there are responses, by key, after this one, so many at most; of these sites, or of all.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn surveys(
        &self,
        sites: Option<&[String]>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<SurveyPage, StoreError> {
        let mut sql = Sql::new(
            "SELECT survey, CAST(SUM(only_shown + partial + completed + dismissed) AS BIGINT),
                    CAST(SUM(responses) AS BIGINT), MIN(day), MAX(day)
             FROM segment JOIN day_status ON segment = id
             WHERE dimension = '' AND only_shown + partial + completed + dismissed > 0",
        );
        let mut db = self.0.readers.acquire().await?;
        // By its bytes, whatever the language of the installation.
        let by_bytes = match db.backend_name() {
            "PostgreSQL" => " COLLATE \"C\"",
            _ => "",
        };
        if let Some(sites) = sites {
            sql.push(" AND (1 = 0");
            for site in sites {
                if site == DEFAULT_SITE {
                    sql.push(" OR survey NOT LIKE '%/%'");
                } else {
                    // Neither `%` nor `_` is in the id of a site.
                    sql.push(" OR survey LIKE ").bind(format!("{site}/%"));
                }
            }
            sql.push(")");
        }
        if let Some(after) = after {
            sql.push(" AND survey").push(by_bytes).push(" > ").bind(after);
        }
        sql.push(" GROUP BY survey ORDER BY survey").push(by_bytes);
        sql.push(" LIMIT ").bind(i64::from(limit) + 1);
        let mut rows = Vec::new();
        for row in sql.all(&mut db).await? {
            let day = |index| {
                row.try_get::<i64, _>(index)
                    .map(|day| Timestamp::from_millis(day.saturating_mul(DAY_MS)))
            };
            rows.push(SurveyRow {
                name: row.try_get(0)?,
                shown: row.try_get(1)?,
                responses: row.try_get(2)?,
                first_day: day(3)?,
                last_day: day(4)?,
                dimensions: Vec::new(),
            });
        }
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| more).map(|row| row.name.clone());
        let surveys: Vec<&str> = rows.iter().map(|row| &*row.name).collect();
        let mut dimensions = dimensions(&mut db, &surveys).await?;
        for row in &mut rows {
            row.dimensions = dimensions.remove(&row.name).unwrap_or_default();
        }
        Ok(SurveyPage { rows, next })
    }

    /// Of surveys with these keys, how many responses with an answer each has.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn answers(&self, keys: &[String]) -> Result<HashMap<String, i64>, StoreError> {
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql = Sql::new(
            "SELECT survey, CAST(SUM(responses) AS BIGINT) FROM day_status
             JOIN segment ON segment = segment.id WHERE dimension = '' AND survey IN ",
        );
        sql.list(keys.iter().cloned()).push(" GROUP BY survey");
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        Ok(rows
            .iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect::<sqlx::Result<_>>()?)
    }

    /// The first day (UTC) for which a response of a survey counts, as the moment at which it begins.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn first_day(&self, survey: &str) -> Result<Option<Timestamp>, StoreError> {
        let mut sql = Sql::new(
            "SELECT MIN(day) FROM segment JOIN day_status ON segment = id
             WHERE dimension = '' AND only_shown + partial + completed + dismissed > 0
             AND survey = ",
        );
        sql.bind(survey);
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let day: Option<i64> = rows.first().map(|row| row.try_get(0)).transpose()?.flatten();
        Ok(day.map(|day| Timestamp::from_millis(day.saturating_mul(DAY_MS))))
    }

    /// The dimensions by which a survey can be counted.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn dimensions(&self, survey: &str) -> Result<Vec<String>, StoreError> {
        let mut db = self.0.readers.acquire().await?;
        Ok(dimensions(&mut db, &[survey]).await?.remove(survey).unwrap_or_default())
    }

    /// The dimensions of a survey of which some values are not counted by name, because there are too many; `custom`
    /// where it is custom fields, `question`, `option` and `wording` where it is those.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn crowded(&self, survey: &str) -> Result<Vec<String>, StoreError> {
        let mut sql = Sql::new(
            "SELECT DISTINCT dimension FROM segment WHERE (merged = 1 OR value = '…') AND survey = ",
        );
        sql.bind(survey).push(" UNION SELECT DISTINCT 'question' FROM scale");
        sql.push(" WHERE (merged = 1 OR question = '…') AND survey = ").bind(survey);
        sql.push(" UNION SELECT DISTINCT 'option' FROM scale_option JOIN scale ON scale_option.scale = scale.id");
        sql.push(" WHERE (scale_option.merged = 1 OR value = '…') AND survey = ").bind(survey);
        // One that made room is still shown; what never had a place is not.
        sql.push(
            " UNION SELECT DISTINCT 'wording' FROM wording JOIN scale ON wording.scale = scale.id",
        );
        sql.push(" WHERE language = '…' AND text = '…' AND n > 0 AND survey = ").bind(survey);
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let names = rows.iter().map(|row| row.try_get(0));
        let mut names: Vec<String> = names.collect::<sqlx::Result<_>>()?;
        names.sort_unstable();
        Ok(names)
    }
}

/// By survey, without everybody.
async fn dimensions(
    db: &mut Connection,
    surveys: &[&str],
) -> sqlx::Result<HashMap<String, Vec<String>>> {
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    if surveys.is_empty() {
        return Ok(found);
    }
    let mut sql = Sql::new(
        "SELECT DISTINCT survey, dimension FROM segment
         WHERE merged = 0 AND dimension NOT IN ('', 'crawler', 'custom') AND survey IN ",
    );
    sql.list(surveys.iter().copied());
    for row in sql.all(db).await? {
        found.entry(row.try_get(0)?).or_default().push(row.try_get(1)?);
    }
    // Here, and not in the database: PostgreSQL sorts by the language of its installation.
    found.values_mut().for_each(|dimensions| dimensions.sort_unstable());
    Ok(found)
}

async fn segments(db: &mut Connection, of: &CountsOf<'_>) -> sqlx::Result<HashMap<i64, Segment>> {
    if of.dimensions.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("SELECT id, dimension, value, merged FROM segment WHERE survey = ");
    sql.bind(of.survey).push(" AND dimension IN ").list(of.dimensions.iter().copied());
    let rows = sql.all(db).await?;
    rows.iter()
        .map(|row| {
            let is_merged = row.try_get::<i64, _>(3)? != 0;
            let value = if is_merged { OTHERS.to_owned() } else { row.try_get(2)? };
            Ok((row.try_get(0)?, Segment { dimension: row.try_get(1)?, value }))
        })
        .collect()
}

/// The scales of a survey, and what of them is not told apart.
#[derive(Debug, Default)]
struct Scales {
    shown: Vec<AskedScale>,
    /// Shown as answers to this scale.
    merged: HashSet<i64>,
    others: Option<i64>,
    /// By scale: shown as `…`.
    merged_options: HashSet<(i64, Counted)>,
}

impl Scales {
    /// Under which scale and value these answers are shown; none where they are not.
    fn shown_as(&self, scale: i64, value: Counted) -> Option<(i64, Counted)> {
        if self.merged.contains(&scale) {
            return self.others.filter(|_| value == Counted::Anyone).map(|others| (others, value));
        }
        let key = (scale, value);
        let is_merged = self.merged_options.contains(&key);
        Some(if is_merged { (scale, Counted::Others) } else { key })
    }
}

async fn scales(db: &mut Connection, survey: &str) -> sqlx::Result<Scales> {
    let mut sql = Sql::new(
        "SELECT id, question, kind, points, metric, position, merged FROM scale WHERE survey = ",
    );
    sql.bind(survey).push(" ORDER BY position, id");
    let mut scales = Scales::default();
    for row in sql.all(db).await? {
        let (kind, metric): (String, String) = (row.try_get(2)?, row.try_get(4)?);
        let Some(kind) = KindName::parse(&kind) else { continue };
        if row.try_get::<i64, _>(6)? != 0 {
            scales.merged.insert(row.try_get(0)?);
            continue;
        }
        let question: String = row.try_get(1)?;
        if question == OTHERS {
            scales.others = Some(row.try_get(0)?);
        }
        scales.shown.push(AskedScale {
            id: row.try_get(0)?,
            question,
            kind,
            points: u8::try_from(row.try_get::<i64, _>(3)?).ok().filter(|&points| points > 0),
            metric: Metric::parse(&metric),
            position: row.try_get(5)?,
            wordings: Vec::new(),
        });
    }
    if !scales.merged.is_empty() && scales.others.is_none() {
        // It has no answers of its own, and an erasure may have taken it away.
        scales.others = Some(NO_SCALE);
        scales.shown.push(AskedScale {
            id: NO_SCALE,
            question: OTHERS.to_owned(),
            kind: KindName::Text,
            points: None,
            metric: None,
            position: i64::MAX,
            wordings: Vec::new(),
        });
    }
    let mut sql = Sql::new(
        "SELECT scale, value FROM scale_option JOIN scale ON scale_option.scale = scale.id
         WHERE scale_option.merged = 1 AND survey = ",
    );
    sql.bind(survey);
    for row in sql.all(db).await? {
        scales.merged_options.insert((row.try_get(0)?, Counted::of_stored(row.try_get(1)?)));
    }
    let mut sql = Sql::new(
        "SELECT scale, language, text, first_day, last_day, n
         FROM wording JOIN scale ON wording.scale = scale.id
         WHERE n > 0 AND NOT (language = '…' AND text = '…') AND survey = ",
    );
    sql.bind(survey).push(" ORDER BY last_day, first_day, wording.id");
    let mut wordings: BTreeMap<i64, Vec<Wording>> = BTreeMap::new();
    for row in sql.all(db).await? {
        wordings.entry(row.try_get(0)?).or_default().push(Wording {
            language: row.try_get(1)?,
            text: row.try_get(2)?,
            first_day: row.try_get(3)?,
            last_day: row.try_get(4)?,
            n: row.try_get(5)?,
        });
    }
    for scale in &mut scales.shown {
        scale.wordings = wordings.remove(&scale.id).unwrap_or_default();
    }
    Ok(scales)
}

/// The sums with the names of their segments; those that were not asked for are left out.
fn named(
    sums: DayCounts,
    scales: Scales,
    segments: &HashMap<i64, Segment>,
    by_day: bool,
) -> Counts {
    let day = |day| Some(day).filter(|_| by_day);
    let statuses = sums.statuses.into_iter().filter(|(_, counts)| counts.iter().any(|&n| n != 0));
    let mut answers: BTreeMap<(Segment, Option<i64>, i64, Counted), i64> = BTreeMap::new();
    for ((segment, of_day, scale, value), n) in sums.answers {
        if let Some(segment) = segments.get(&segment)
            && let Some((scale, value)) = scales.shown_as(scale, value)
        {
            *answers.entry((segment.clone(), day(of_day), scale, value)).or_default() += n;
        }
    }
    Counts {
        statuses: statuses
            .filter_map(|((segment, of_day), counts)| {
                let [only_shown, partial, completed, dismissed, responses] = counts;
                let (segment, day) = (segments.get(&segment)?.clone(), day(of_day));
                Some(StatusCount {
                    segment,
                    day,
                    only_shown,
                    partial,
                    completed,
                    dismissed,
                    responses,
                })
            })
            .collect(),
        answers: answers
            .into_iter()
            .filter(|&(_, n)| n != 0)
            .map(|((segment, day, scale, value), n)| AnswerCount { segment, day, scale, value, n })
            .collect(),
        scales: scales.shown,
    }
}
