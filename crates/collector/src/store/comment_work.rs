//! What people did about what visitors wrote: tags, and whether it is done.

use super::batch::{self, Access};
use super::sql::Sql;
use super::{Store, StoreError};
use crate::clock;
use sondeo_model::ResponseId;
use sqlx::Row;
use std::collections::BTreeSet;

/// What people did about a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommentWork {
    /// Whether nothing is left to do about it.
    pub done: bool,
    /// In the order in which they were given, in small letters, each at most [`CommentWork::LONGEST_TAG_CHARS`] long.
    pub tags: Vec<String>,
}

impl CommentWork {
    /// Characters of a tag, at most.
    pub const LONGEST_TAG_CHARS: usize = 40;
    /// Tags of a comment, at most.
    pub const MOST_TAGS: usize = 20;

    pub(super) fn read(done: Option<i64>, tags: Option<String>) -> Self {
        let tags = tags.unwrap_or_default();
        let tags = tags.lines().filter(|tag| !tag.is_empty()).map(str::to_owned);
        Self { done: done.is_some_and(|done| done != 0), tags: tags.collect() }
    }

    fn written(tags: &[String]) -> String {
        if tags.is_empty() { String::new() } else { format!("\n{}\n", tags.join("\n")) }
    }
}

impl Store {
    /// Changes what was done about a comment of this survey; what is `None` stays. Nothing where there is no such
    /// comment.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn work_on_comment(
        &self,
        (survey, response, question): (&str, ResponseId, &str),
        (done, tags): (Option<bool>, Option<&[String]>),
        actor: &str,
    ) -> Result<Option<CommentWork>, StoreError> {
        let id = response.to_text();
        let mut db = batch::begin(&self.0.writer, self.0.dialect, Access::Write).await?;
        let mut sql = Sql::new("SELECT 1 FROM comment WHERE response = ");
        sql.bind(&*id).push(" AND question = ").bind(question);
        sql.push(" AND survey = ").bind(survey);
        if sql.all(&mut db).await?.is_empty() {
            return Ok(None);
        }
        let mut sql = Sql::new("SELECT done, tags FROM comment_work WHERE response = ");
        sql.bind(&*id).push(" AND question = ").bind(question);
        let known = sql.all(&mut db).await?;
        let mut work = match known.first() {
            Some(row) => CommentWork::read(row.try_get(0)?, row.try_get(1)?),
            None => CommentWork::default(),
        };
        work.done = done.unwrap_or(work.done);
        if let Some(tags) = tags {
            work.tags = tags.to_vec();
        }
        let mut sql = Sql::new(
            "INSERT INTO comment_work (response, question, survey, done, tags, actor, at) VALUES (",
        );
        sql.bind(&*id).push(", ").bind(question).push(", ").bind(survey);
        sql.push(", ").bind(i64::from(work.done)).push(", ").bind(CommentWork::written(&work.tags));
        sql.push(", ").bind(actor).push(", ").bind(clock::now().as_millis());
        sql.push(
            ") ON CONFLICT (response, question) DO UPDATE SET
                 done = excluded.done, tags = excluded.tags, actor = excluded.actor, at = excluded.at",
        );
        sql.execute(&mut db).await?;
        db.commit().await?;
        Ok(Some(work))
    }

    /// The tags that comments of this survey have, in the order of their letters.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn comment_tags(&self, survey: &str) -> Result<Vec<String>, StoreError> {
        let mut sql =
            Sql::new("SELECT DISTINCT tags FROM comment_work WHERE tags <> '' AND survey = ");
        sql.bind(survey);
        let mut all = BTreeSet::new();
        for row in sql.all(&mut self.0.readers.acquire().await?).await? {
            all.extend(CommentWork::read(None, Some(row.try_get(0)?)).tags);
        }
        Ok(all.into_iter().collect())
    }
}
