//! Whether what is stored is whole, and a copy of it.

use super::catalog::{OTHER_CUSTOM, ScaleKey};
use super::connection::Connection;
use super::counted::Counted;
use super::counted_as::{AnsweredScale, CountedAs, SegmentNames, is_others};
use super::day_counts::DayCounts;
use super::folding::fold;
use super::incoming::{Sender, stored_ending};
use super::sql::Sql;
use super::survey_key::{key_of, other_site};
use super::{Dialect, Store, StoreError, read, rows};
use anyhow::{Context, ensure};
use sondeo_model::Response;
use sqlx::Row;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Responses that are read at a time.
const ROWS: i64 = 1_000;
/// Faults that are told one by one, at most.
const MOST_FAULTS: usize = 100;

/// What was found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    /// The number of responses that were looked at.
    pub responses: u64,
    /// What is wrong, in sentences.
    pub faults: Vec<String>,
    /// What is right, and worth knowing: where values are not counted by name, because there are too many.
    pub notes: Vec<String>,
}

impl Store {
    /// Looks at every row: the database's own checks, every response, what it is counted under against its body, and
    /// every count against those of the responses. All of it is read as it was at one moment, so that what is written
    /// meanwhile is no fault.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verify(&self) -> Result<Report, StoreError> {
        let mut report = Report::default();
        let mut db = self.0.readers.begin_with(one_moment(self.0.dialect)).await?;
        if self.0.dialect == Dialect::Sqlite {
            for pragma in ["PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
                for row in Sql::new(pragma).all(&mut db).await? {
                    let line: String = row.try_get(0)?;
                    if line != "ok" {
                        report.faults.push(format!("{pragma}: {line}"));
                    }
                }
            }
        }
        let named = StoredNames::load(&mut db).await?;
        let mut counted = DayCounts::default();
        let mut last = String::new();
        loop {
            let mut sql = Sql::new(
                "SELECT id, revision, survey, status, at, facts, body, visitor, site, shown_at
                 FROM response WHERE id > ",
            );
            sql.bind(last.as_str()).push(" ORDER BY id LIMIT ").bind(ROWS);
            let rows = sql.all(&mut db).await?;
            let ids =
                rows.iter().map(|row| row.try_get(0)).collect::<sqlx::Result<Vec<String>>>()?;
            let mut written = WrittenComments::load(&mut db, &ids).await?;
            for (row, id) in rows.iter().zip(ids) {
                report.responses += 1;
                let comments = written.0.remove(&id).unwrap_or_default();
                if let Err(fault) = check_row(row, &named, &comments, &mut counted) {
                    report.faults.push(format!("response {id}: {fault:#}"));
                }
                last = id;
            }
            if rows.is_empty() || report.faults.len() > MOST_FAULTS {
                break;
            }
        }
        compare(&mut db, counted, &mut report).await?;
        db.rollback().await?;
        report.faults.truncate(MOST_FAULTS);
        report.notes = named.notes();
        Ok(report)
    }

    /// Copies a SQLite file as it is at one moment, while it is in use.
    ///
    /// # Errors
    /// When the copy cannot be written, or the database is another.
    pub async fn backup(&self, file: &Path) -> anyhow::Result<()> {
        ensure!(
            self.0.dialect == Dialect::Sqlite,
            "PostgreSQL has a tool of its own for this: pg_dump"
        );
        let path = file.to_str().context("the path is not UTF-8")?;
        let mut sql = Sql::new("VACUUM INTO ");
        sql.bind(path);
        sql.execute(&mut self.0.readers.acquire().await?).await?;
        // SQLite leaves the sync of this file to whoever wants it.
        std::fs::File::open(file)?.sync_all()?;
        Ok(())
    }
}

/// How a transaction begins whose statements all read what one moment left.
fn one_moment(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "BEGIN",
        Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    }
}

async fn compare(
    db: &mut Connection,
    mut counted: DayCounts,
    report: &mut Report,
) -> Result<(), StoreError> {
    let sql = Sql::new(
        "SELECT segment, day, only_shown, partial, completed, dismissed, responses
         FROM day_status",
    );
    for row in sql.all(db).await? {
        let counts = counted.statuses.entry((row.try_get(0)?, row.try_get(1)?)).or_default();
        for (index, count) in counts.iter_mut().enumerate() {
            *count -= row.try_get::<i64, _>(index + 2)?;
        }
    }
    let sql = Sql::new("SELECT segment, day, scale, value, n FROM day_answer");
    for row in sql.all(db).await? {
        let value = Counted::of_stored(row.try_get(3)?);
        let key = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, value);
        *counted.answers.entry(key).or_default() -= row.try_get::<i64, _>(4)?;
    }
    for row in Sql::new("SELECT id, n FROM wording").all(db).await? {
        *counted.wordings.entry(row.try_get(0)?).or_default() -= row.try_get::<i64, _>(1)?;
    }
    for ((segment, day), counts) in counted.statuses {
        if counts != [0; 5] {
            report.faults.push(format!("segment {segment}, day {day}: off by {counts:?}"));
        }
    }
    for ((segment, day, scale, value), n) in counted.answers {
        if n != 0 {
            report.faults.push(format!(
                "segment {segment}, day {day}, scale {scale}, value {:?}: off by {n}",
                value.stored()
            ));
        }
    }
    for (wording, n) in counted.wordings {
        if n != 0 {
            report.faults.push(format!("wording {wording}: off by {n}"));
        }
    }
    Ok(())
}

/// All names, by the ids that counts refer to.
#[derive(Debug, Default)]
struct StoredNames {
    /// Survey, dimension, value, and whether it is merged.
    segments: HashMap<i64, (String, String, String, bool)>,
    scales: HashMap<i64, (String, ScaleKey, bool)>,
    /// Scale, language and text.
    wordings: HashMap<i64, (i64, String, String)>,
    /// Scales of which some options have no place, or have made room.
    crowded_options: Vec<i64>,
}

impl StoredNames {
    async fn load(db: &mut Connection) -> sqlx::Result<Self> {
        let mut names = Self::default();
        let sql = Sql::new("SELECT id, survey, dimension, value, merged FROM segment");
        for row in sql.all(db).await? {
            let is_merged = row.try_get::<i64, _>(4)? != 0;
            let name = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, is_merged);
            names.segments.insert(row.try_get(0)?, name);
        }
        let sql = Sql::new("SELECT id, survey, question, kind, points, metric, merged FROM scale");
        for row in sql.all(db).await? {
            let (kind, metric): (String, String) = (row.try_get(3)?, row.try_get(5)?);
            let key = ScaleKey::stored(row.try_get(2)?, &kind, row.try_get(4)?, &metric);
            let is_merged = row.try_get::<i64, _>(6)? != 0;
            if let Some(key) = key {
                names.scales.insert(row.try_get(0)?, (row.try_get(1)?, key, is_merged));
            }
        }
        for row in Sql::new("SELECT id, scale, language, text FROM wording").all(db).await? {
            let wording = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
            names.wordings.insert(row.try_get(0)?, wording);
        }
        let sql =
            Sql::new("SELECT DISTINCT scale FROM scale_option WHERE merged = 1 OR value = '…'");
        for row in sql.all(db).await? {
            names.crowded_options.push(row.try_get(0)?);
        }
        Ok(names)
    }

    /// Compares what a response is counted under with what its body names.
    fn check(&self, body: &str, response: &Response, counted_as: &CountedAs) -> anyhow::Result<()> {
        let names = SegmentNames::uncut(response, Sender::of_stored(body), stored_ending(body));
        let own_survey = key_of(response);
        let everybody = names.segments.first().map(|(dimension, _)| dimension);
        let first = counted_as.segments.first().and_then(|id| self.segments.get(id));
        ensure!(
            first.map(|(_, dimension, ..)| dimension) == everybody,
            "it is not counted among all responses of its survey"
        );
        for id in &counted_as.segments {
            let named = self.segments.get(id);
            let (survey, dimension, value, _) =
                named.context("it is counted under a name that is gone")?;
            ensure!(
                *survey == own_survey,
                "it is counted for the survey {survey:?}, and belongs to {own_survey:?}"
            );
            let is_own = |own: &str| match &**dimension {
                OTHER_CUSTOM => own.starts_with("custom."),
                dimension => own == dimension,
            };
            let own = names.segments.iter().find(|(own, _)| is_own(own));
            let (_, own) =
                own.with_context(|| format!("it is counted by {dimension}, and has none"))?;
            ensure!(
                own == value || is_others(value),
                "it is counted under the {dimension} {value:?}, and its {dimension} is {own:?}"
            );
        }
        let dimensions: HashSet<&str> = counted_as
            .segments
            .iter()
            .filter_map(|id| Some(self.segments.get(id)?.1.as_str()))
            .collect();
        for (own, value) in &names.segments {
            let of_others = own.starts_with("custom.") && dimensions.contains(OTHER_CUSTOM);
            ensure!(
                dimensions.contains(own.as_str()) || of_others,
                "its {own} is {value:?}, and it is counted under none"
            );
        }
        ensure!(
            counted_as.answers.len() == names.scales.len()
                && counted_as.answered == names.is_answered(),
            "it is counted with {} answers, and has {}",
            counted_as.answers.len(),
            names.scales.len()
        );
        for ((id, values), own) in counted_as.answers.iter().zip(&names.scales) {
            let named =
                self.scales.get(id).context("it is counted under a question that is gone")?;
            let (survey, key, _) = named;
            ensure!(
                *survey == own_survey && (*key == own.key || is_others(&key.question)),
                "it is counted under the question {:?}, and answers {:?}",
                key.question,
                own.key.question
            );
            let is_own = |value: &Counted| *value == Counted::Others || own.values.contains(value);
            ensure!(
                values.iter().all(is_own),
                "it is counted with the answers {values:?} to {:?}, and gives {:?}",
                own.key.question,
                own.values
            );
            // Answers to questions that have no place are not told apart.
            if *key != own.key {
                continue;
            }
            let has_others = values.contains(&Counted::Others);
            let is_counted = |value: &&Counted| match value {
                Counted::Value(_) => has_others || values.contains(value),
                value => values.contains(value),
            };
            ensure!(
                own.values.iter().all(|value| is_counted(&value)),
                "it gives the answers {:?} to {:?}, and is counted with {values:?}",
                own.values,
                own.key.question
            );
            let is_read = |wording: &i64| self.wordings.get(wording).is_some_and(|it| it.0 == *id);
            ensure!(
                own.key.is_of_endings() || counted_as.wordings.iter().any(is_read),
                "it is counted under no wording of {:?}",
                own.key.question
            );
        }
        for id in &counted_as.wordings {
            let named =
                self.wordings.get(id).context("it is counted under a wording that is gone")?;
            let (scale, language, text) = named;
            let is_own = |((id, _), own): (&(i64, Vec<Counted>), &AnsweredScale)| {
                let answer = response.answers.get(own.index);
                id == scale
                    && (is_others(language) && is_others(text)
                        || *language == response.language
                            && answer.is_some_and(|answer| answer.text == *text))
            };
            ensure!(
                counted_as.answers.iter().zip(&names.scales).any(is_own),
                "it is counted under the wording {text:?} in {language:?}, which its visitor did not read"
            );
        }
        Ok(())
    }

    fn notes(&self) -> Vec<String> {
        let segments = self.segments.values().map(|(survey, dimension, value, is_merged)| {
            (survey, dimension.as_str(), *is_merged || is_others(value))
        });
        let scales = self.scales.values().map(|(survey, key, is_merged)| {
            (survey, "question", *is_merged || is_others(&key.question))
        });
        let of_scale = |id: &i64| self.scales.get(id).map(|(survey, ..)| survey);
        let options = self.crowded_options.iter().filter_map(of_scale);
        let options = options.map(|survey| (survey, "option", true));
        let wordings = self.wordings.values().filter_map(|(scale, language, text)| {
            Some((of_scale(scale)?, "wording", is_others(language) && is_others(text)))
        });
        let mut notes: Vec<_> = segments
            .chain(scales)
            .chain(options)
            .chain(wordings)
            .filter(|(.., is_crowded)| *is_crowded)
            .map(|(survey, what, _)| {
                format!(
                    "{survey}: there are too many values of {what}, and some count together as …"
                )
            })
            .collect();
        notes.sort_unstable();
        notes.dedup();
        notes
    }
}

/// What is found in searches, of each response, in the order of the questions.
#[derive(Debug, Default)]
struct WrittenComments(HashMap<String, Vec<WrittenComment>>);

/// A comment, as searches find it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct WrittenComment {
    question: String,
    text: String,
    survey: String,
    /// The moment that it counts for, in milliseconds.
    at: i64,
    /// In a form that knows neither case nor accents; none where an earlier version stored it.
    folded: Option<String>,
}

impl WrittenComments {
    async fn load(db: &mut Connection, ids: &[String]) -> sqlx::Result<Self> {
        let mut comments = Self::default();
        if ids.is_empty() {
            return Ok(comments);
        }
        let mut sql = Sql::new(
            "SELECT response, question, text, survey, at, folded FROM comment WHERE response IN ",
        );
        sql.list(ids.iter().map(String::as_str));
        for row in sql.all(db).await? {
            let of_response = comments.0.entry(row.try_get(0)?).or_default();
            of_response.push(WrittenComment {
                question: row.try_get(1)?,
                text: row.try_get(2)?,
                survey: row.try_get(3)?,
                at: row.try_get(4)?,
                folded: row.try_get(5)?,
            });
        }
        comments.0.values_mut().for_each(|comments| comments.sort_unstable());
        Ok(comments)
    }
}

/// Compares the comments of a response, which counts for this moment, with what its body says.
fn check_comments(
    body: &str,
    response: &Response,
    at: i64,
    found: &[WrittenComment],
) -> anyhow::Result<()> {
    let survey = key_of(response);
    let mut written: Vec<WrittenComment> = match Sender::of_stored(body) {
        Sender::Visitor => rows::comments(response, at)
            .map(|(_, question, text, at)| WrittenComment {
                question: question.to_owned(),
                text: text.to_owned(),
                survey: survey.clone().into_owned(),
                at,
                folded: Some(fold(text)),
            })
            .collect(),
        // What a crawler fills in is no comment.
        Sender::Crawler => Vec::new(),
    };
    written.sort_unstable();
    let texts = |of: &[WrittenComment]| {
        of.iter().map(|it| (it.question.clone(), it.text.clone())).collect::<Vec<_>>()
    };
    let questions =
        |of: &[WrittenComment]| of.iter().map(|it| it.question.clone()).collect::<Vec<_>>();
    ensure!(
        texts(&written) == texts(found),
        "its comments are not those of its body: there are some to {:?}, and it has some to {:?}",
        questions(found),
        questions(&written)
    );
    for (own, found) in written.iter().zip(found) {
        let is_found = own == found;
        ensure!(
            is_found,
            "its comment to {:?} is found under another survey, moment or spelling than its own",
            own.question
        );
    }
    Ok(())
}

fn check_row(
    row: &sqlx::any::AnyRow,
    named: &StoredNames,
    comments: &[WrittenComment],
    counted: &mut DayCounts,
) -> anyhow::Result<()> {
    let text = |index| row.try_get::<String, _>(index);
    let (body, at) = (text(6)?, row.try_get(4)?);
    // First: what it is counted with is so, whatever else is wrong.
    let counted_as = row.try_get::<Option<String>, _>(5)?.context("it is not counted")?;
    let counted_as: CountedAs = serde_json::from_str(&counted_as)?;
    counted.count(&counted_as, read::status(&text(3)?)?, at, 1);
    let response: Response = serde_json::from_str(&body)?;
    response.validate().map_err(|violation| anyhow::anyhow!("{violation}"))?;
    let (visitor, site): (Option<String>, Option<String>) = (row.try_get(7)?, row.try_get(8)?);
    for (column, is_same) in [
        ("id", response.id.to_text() == text(0)?),
        ("revision", i64::from(response.revision) == row.try_get::<i64, _>(1)?),
        ("survey", key_of(&response) == text(2)?),
        ("status", response.status.as_str() == text(3)?),
        ("visitor", response.visitor == visitor),
        ("site", other_site(&response) == site.as_deref()),
        ("shown_at", response.shown_at.as_millis() == row.try_get::<i64, _>(9)?),
    ] {
        ensure!(is_same, "its {column} is another one than that of its body");
    }
    check_comments(&body, &response, at, comments)?;
    named.check(&body, &response, &counted_as)
}
