//! Reading responses, newest first.

use super::incoming::Sender;
use super::sql::Sql;
use super::{DEFAULT_SITE, Store, StoreError};
use sondeo_model::{Response, ResponseId, Status, Timestamp};
use sqlx::Row as _;
use std::fmt;
use std::str::FromStr;

/// Which responses to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those of these surveys, by key.
    pub surveys: Option<Vec<String>>,
    /// Only those of these sites.
    pub sites: Option<Vec<String>>,
    /// Only those that came this far.
    pub status: Option<Status>,
    /// Only those that count for this moment or a later one.
    pub from: Option<Timestamp>,
    /// Only those that count for an earlier moment.
    pub to: Option<Timestamp>,
    /// Only those of this visitor.
    pub visitor: Option<String>,
    /// Only those that come after this one, newest first.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: u32,
}

/// A place in the order of responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    at: i64,
    id: ResponseId,
}

impl Cursor {
    pub(super) fn new(at: i64, id: ResponseId) -> Self {
        Self { at, id }
    }

    pub(super) fn id(&self) -> ResponseId {
        self.id
    }

    /// The moment that the response counts for.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        Timestamp::from_millis(self.at)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.at, self.id.to_text())
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, id) = text.split_once('.').ok_or(())?;
        let id = ResponseId::parse(id).map_err(|_| ())?;
        Ok(Self { at: at.parse().map_err(|_| ())?, id })
    }
}

/// A response as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseRow {
    /// The payload of the contract, as it is stored.
    pub body: String,
    /// Its place.
    pub cursor: Cursor,
}

impl ResponseRow {
    /// The response.
    ///
    /// # Errors
    /// When the row holds what this program never wrote.
    pub fn response(&self) -> Result<Response, StoreError> {
        Ok(serde_json::from_str(&self.body)?)
    }

    /// Who sent it.
    pub(crate) fn sender(&self) -> Sender {
        Sender::of_stored(&self.body)
    }
}

/// Responses, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponsePage {
    /// The responses of this page.
    pub rows: Vec<ResponseRow>,
    /// What to pass as [`Filter::after`] for the following page, if there is one.
    pub next: Option<Cursor>,
}

impl Store {
    /// Reads responses, newest first: by the time that they count for, then by id.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn responses(&self, filter: &Filter) -> Result<ResponsePage, StoreError> {
        let mut sql = Sql::new("SELECT body, at, id FROM response WHERE at < ");
        // The end of the year 9999 is past every response.
        let end = filter.to.map_or(i64::MAX, Timestamp::as_millis);
        sql.bind(end);
        match filter.surveys.as_deref() {
            None => {}
            Some([survey]) => {
                sql.push(" AND survey = ").bind(survey.clone());
            }
            // Also of none, which is nothing.
            Some(surveys) => {
                sql.push(" AND survey IN ").list(surveys.iter().cloned().chain([String::new()]));
            }
        }
        if let Some(sites) = &filter.sites {
            let others = sites.iter().filter(|site| *site != DEFAULT_SITE).cloned();
            // No site has an empty name.
            sql.push(" AND (site IN ").list(others.chain([String::new()]));
            sql.push(if sites.iter().any(|site| site == DEFAULT_SITE) {
                " OR site IS NULL)"
            } else {
                ")"
            });
        }
        if let Some(status) = filter.status {
            sql.push(" AND status = ").bind(status.as_str());
        }
        if let Some(from) = filter.from {
            sql.push(" AND at >= ").bind(from.as_millis());
        }
        if let Some(visitor) = &filter.visitor {
            sql.push(" AND visitor = ").bind(visitor.clone());
        }
        if let Some(after) = filter.after {
            sql.push(" AND (at, id) < (").bind(after.at);
            sql.push(", ").bind(after.id.to_text()).push(")");
        }
        // One more than asked for tells whether there is a following page.
        sql.push(" ORDER BY at DESC, id DESC LIMIT ").bind(i64::from(filter.limit) + 1);
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let mut rows = rows
            .iter()
            .map(|row| {
                let id: String = row.try_get(2)?;
                let id = ResponseId::parse(&id).map_err(|error| decoding(error.to_string()))?;
                let cursor = Cursor { at: row.try_get(1)?, id };
                Ok(ResponseRow { body: row.try_get(0)?, cursor })
            })
            .collect::<sqlx::Result<Vec<_>>>()?;
        let limit = filter.limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| row.cursor);
        Ok(ResponsePage { rows, next })
    }
}

impl Store {
    /// The site that a stored response belongs to.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn site_of(&self, id: ResponseId) -> Result<Option<String>, StoreError> {
        let mut sql = Sql::new("SELECT site FROM response WHERE id = ");
        sql.bind(id.to_text());
        let rows = sql.all(&mut self.0.readers.acquire().await?).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let site: Option<String> = row.try_get(0)?;
        Ok(Some(site.unwrap_or_else(|| DEFAULT_SITE.to_owned())))
    }
}

/// The state of a stored word.
pub(super) fn status(word: &str) -> sqlx::Result<Status> {
    Status::parse(word).ok_or_else(|| decoding(format!("{word:?} is no state of a response")))
}

fn decoding(message: String) -> sqlx::Error {
    sqlx::Error::Decode(message.into())
}
