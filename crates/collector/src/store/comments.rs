//! Reading what visitors wrote.

use super::comment_work::CommentWork;
use super::counts::Period;
use super::folding::fold;
use super::sql::Sql;
use super::{Store, StoreError};
use sondeo_model::{Response, ResponseId, Timestamp};
use sqlx::Row;
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

/// Which comments to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentsOf<'a> {
    /// The survey.
    pub survey: &'a str,
    /// Only those that count for a moment of this period.
    pub period: Period,
    /// Only those that hold this text, in whatever case and with whatever accents.
    pub search: Option<&'a str>,
    /// Only those that answer this question.
    pub question: Option<&'a str>,
    /// Only those that are done, or only those that are not.
    pub done: Option<bool>,
    /// Only those that have this tag.
    pub tag: Option<&'a str>,
    /// What [`CommentPage::next`] of an earlier page says.
    pub cursor: Option<CommentCursor>,
    /// At most so many.
    pub limit: u32,
}

/// Comments, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommentPage {
    /// The comments of this page.
    pub comments: Vec<StoredComment>,
    /// The cursor of the following page, if there is one.
    pub next: Option<CommentCursor>,
}

/// A place in the order of comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentCursor {
    at: i64,
    response: ResponseId,
    question: String,
}

impl fmt::Display for CommentCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.at, self.response.to_text(), self.question)
    }
}

impl FromStr for CommentCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(());
        Ok(Self {
            at: part()?.parse().map_err(|_| ())?,
            response: ResponseId::parse(part()?).map_err(|_| ())?,
            question: part()?.to_owned(),
        })
    }
}

/// What a visitor wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredComment {
    /// In which response.
    pub response: ResponseId,
    /// The question that it answers.
    pub question: String,
    /// The text.
    pub text: String,
    /// The time that the response counts for.
    pub at: Timestamp,
    /// The response as it is now; none where it cannot be read.
    pub whole: Option<Response>,
    /// What people did about it.
    pub work: CommentWork,
}

impl StoredComment {
    /// Where the page after this comment begins.
    #[must_use]
    pub fn cursor(&self) -> CommentCursor {
        let Self { at, response, question, .. } = self;
        CommentCursor { at: at.as_millis(), response: *response, question: question.clone() }
    }
}

impl Store {
    /// Reads comments, newest first.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn comments(&self, of: &CommentsOf<'_>) -> Result<CommentPage, StoreError> {
        let mut sql = Sql::new(
            "SELECT comment.at, comment.response, comment.question, text,
                 (SELECT body FROM response WHERE id = comment.response), done, tags
             FROM comment LEFT JOIN comment_work
                 ON comment_work.response = comment.response AND comment_work.question = comment.question
             WHERE comment.survey = ",
        );
        sql.bind(of.survey).push(" AND comment.at >= ").bind(of.period.from.as_millis());
        sql.push(" AND comment.at < ").bind(of.period.to.as_millis());
        if let Some(question) = of.question {
            sql.push(" AND comment.question = ").bind(question);
        }
        match of.done {
            Some(true) => _ = sql.push(" AND done = 1"),
            Some(false) => _ = sql.push(" AND (done IS NULL OR done = 0)"),
            None => {}
        }
        if let Some(tag) = of.tag {
            sql.push(" AND tags LIKE ").bind(format!("%\n{}\n%", escaped(tag)));
            sql.push(" ESCAPE '\\'");
        }
        if let Some(search) = of.search.filter(|search| !search.is_empty()) {
            sql.push(" AND folded LIKE ").bind(format!("%{}%", escaped(&fold(search))));
            sql.push(" ESCAPE '\\'");
        }
        if let Some(CommentCursor { at, response, question }) = &of.cursor {
            sql.push(" AND (comment.at, comment.response, comment.question) < (").bind(*at);
            sql.push(", ").bind(response.to_text()).push(", ").bind(question.as_str()).push(")");
        }
        sql.push(" ORDER BY comment.at DESC, comment.response DESC, comment.question DESC LIMIT ");
        sql.bind(i64::from(of.limit) + 1);
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let mut comments = Vec::with_capacity(rows.len());
        for row in &rows {
            let (at, id): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
            let Ok(response) = ResponseId::parse(&id) else { continue };
            let at = Timestamp::from_millis(at);
            let (question, text) = (row.try_get(2)?, row.try_get(3)?);
            let body: Option<String> = row.try_get(4)?;
            let whole = body.and_then(|body| serde_json::from_str(&body).ok());
            let work = CommentWork::read(row.try_get(5)?, row.try_get(6)?);
            comments.push(StoredComment { response, question, text, at, whole, work });
        }
        let limit = of.limit as usize;
        let more = comments.len() > limit;
        comments.truncate(limit);
        let next = comments.last().filter(|_| more).map(StoredComment::cursor);
        Ok(CommentPage { comments, next })
    }
}

/// Comments that are looked at for the latest ones of some questions, at most.
const LOOKED_AT: i64 = 1_000;

impl Store {
    /// What was written last as answers to these questions, the latest first, by question. It is looked for among the
    /// latest comments of the survey alone, however many there are.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn latest_texts(
        &self,
        survey: &str,
        period: Period,
        questions: &[String],
    ) -> Result<HashMap<String, Vec<String>>, StoreError> {
        let mut sql = Sql::new(
            "SELECT question, text FROM (
                 SELECT question, text, at, response FROM comment WHERE survey = ",
        );
        sql.bind(survey).push(" AND at >= ").bind(period.from.as_millis());
        sql.push(" AND at < ").bind(period.to.as_millis());
        sql.push(" ORDER BY at DESC, response DESC, question DESC LIMIT ").bind(LOOKED_AT);
        sql.push(") AS latest WHERE question IN ").list(questions.iter().cloned());
        sql.push(" ORDER BY at DESC, response DESC");
        let mut texts: HashMap<String, Vec<String>> = HashMap::new();
        for row in sql.all(&mut self.0.readers.acquire().await?).await? {
            texts.entry(row.try_get(0)?).or_default().push(row.try_get(1)?);
        }
        Ok(texts)
    }
}

/// A text as a part of a pattern of `LIKE`.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
