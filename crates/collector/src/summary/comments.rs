//! `/v1/surveys/{id}/comments`: what visitors wrote.

use super::{period, request};
use crate::access::Reader;
use crate::segment::Segment;
use crate::store::{self, CommentsOf};
use crate::{Collector, Error};
use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Serialize;
use sondeo_model::{KindName, Response, ResponseId, Timestamp, Value};
use std::sync::Arc;
use utoipa::ToSchema;

const PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 200;

/// Comments, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Comments {
    comments: Vec<Comment>,
    /// The `cursor` of the following page.
    next: Option<String>,
}

/// What a visitor wrote, and what it is about.
#[derive(Debug, Serialize, ToSchema)]
struct Comment {
    #[schema(value_type = String, format = Uuid)]
    response: ResponseId,
    question: String,
    /// What the visitor read there.
    asked: Option<String>,
    text: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The page where it was written.
    page: Option<String>,
    /// The language of the survey.
    language: Option<String>,
    /// The first rating of the same response.
    score: Option<Rating>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Rating {
    question: String,
    /// What the visitor read there.
    asked: String,
    value: String,
}

/// What visitors wrote, newest first: `q` is what a comment must hold, `question` what it must answer; `from`, `to`, `cursor` and
/// `limit` as elsewhere.
#[utoipa::path(get, path = "/v1/surveys/{id}/comments", tag = "reading", security(("token" = ["read"])),
    params(
        ("id" = String, Path, description = "the survey"),
        ("from" = Option<String>, Query, description = "the first moment: a date, or a date-time"),
        ("to" = Option<String>, Query, description = "the first moment after it"),
        ("q" = Option<String>, Query, description = "what a comment must hold"),
        ("question" = Option<String>, Query, description = "what it must answer"),
        ("cursor" = Option<String>, Query, description = "what `next` of an earlier page says"),
        ("limit" = Option<u32>, Query, description = "at most so many"),
    ), responses(
    (status = 200, description = "a page of them", body = Comments),
    (status = 400, description = "a parameter is wrong", body = crate::error::Refusal),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn list(
    State(collector): State<Arc<Collector>>,
    _: Reader,
    Segment(survey): Segment,
    RawQuery(query): RawQuery,
) -> Result<Json<Comments>, Error> {
    let query = query.unwrap_or_default();
    let wanted = CommentsQuery::read(&query)?;
    let period = period(&collector.store, &survey, wanted.from, wanted.to).await?;
    let of = CommentsOf {
        survey: &survey,
        period,
        search: wanted.search.as_deref(),
        question: wanted.question.as_deref(),
        cursor: wanted.cursor.as_deref(),
        limit: wanted.limit,
    };
    let store::Comments { comments, next } = collector.store.comments(&of).await?;
    Ok(Json(Comments { comments: comments.into_iter().map(comment).collect(), next }))
}

/// Characters, at most, of what is searched for.
const LONGEST_SEARCH: usize = 1_000;

#[derive(Debug, Default)]
struct CommentsQuery {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    search: Option<String>,
    question: Option<String>,
    cursor: Option<String>,
    limit: u32,
}

impl CommentsQuery {
    fn read(query: &str) -> Result<Self, Error> {
        let mut wanted = Self { limit: PAGE, ..Self::default() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let wrong =
                |reason: String| Error::InvalidQuery { field: name.clone().into_owned(), reason };
            let moment = || {
                request::moment(&value).map(Some).ok_or_else(|| wrong(request::MOMENT.to_owned()))
            };
            match &*name {
                "from" => wanted.from = moment()?,
                "to" => wanted.to = moment()?,
                // SQLite's patterns end at 50 000 bytes.
                "q" if value.chars().count() > LONGEST_SEARCH => {
                    return Err(wrong(format!("must be at most {LONGEST_SEARCH} characters")));
                }
                "q" => wanted.search = Some(value.into_owned()),
                "question" => wanted.question = Some(value.into_owned()),
                "cursor" => wanted.cursor = Some(value.into_owned()),
                "limit" => {
                    let limit =
                        value.parse().ok().filter(|limit| (1..=LARGEST_PAGE).contains(limit));
                    wanted.limit =
                        limit.ok_or_else(|| wrong(format!("must be 1 to {LARGEST_PAGE}")))?;
                }
                _ => {
                    let known =
                        "is not a parameter (there are q, question, from, to, cursor and limit)";
                    return Err(wrong(known.to_owned()));
                }
            }
        }
        Ok(wanted)
    }
}

fn comment(comment: store::Comment) -> Comment {
    let whole = comment.whole.as_ref();
    let answered = whole
        .and_then(|whole| whole.answers.iter().find(|answer| answer.question == comment.question));
    let asked = answered.map(|answer| answer.text.clone()).filter(|text| !text.is_empty());
    Comment {
        asked,
        score: whole.and_then(rating),
        page: whole.map(|whole| whole.page.url.clone()),
        language: whole.map(|whole| whole.language.clone()),
        response: comment.response,
        question: comment.question,
        text: comment.text,
        at: comment.at,
    }
}

fn rating(response: &Response) -> Option<Rating> {
    response.answers.iter().find_map(|answer| {
        let value = match (&answer.value, answer.kind) {
            (Value::Integer(value), KindName::Likert | KindName::Nps) => value.to_string(),
            (Value::Boolean(value), _) => value.to_string(),
            _ => return None,
        };
        Some(Rating { question: answer.question.clone(), asked: answer.text.clone(), value })
    })
}
