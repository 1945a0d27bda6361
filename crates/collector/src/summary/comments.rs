//! `/v1/surveys/{id}/comments`: what visitors wrote.

use super::period;
use crate::access::Reader;
use crate::query::{After, Limit, Moment, Parameters, parsed};
use crate::segment::Segment;
use crate::store::{self, CommentCursor, CommentsOf};
use crate::{Collector, Error};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use sondeo_model::{KindName, Response, ResponseId, Timestamp, Value};
use std::str::FromStr;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

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

/// What visitors wrote, newest first.
#[utoipa::path(get, path = "/v1/surveys/{id}/comments", tag = "reading", security(("token" = ["read"])),
    params(
        ("id" = String, Path, description = "the survey"),
        CommentsQuery,
    ), responses(
    (status = 200, description = "a page of them", body = Comments),
    (status = 400, description = "a parameter is wrong", body = crate::error::Refusal),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn list(
    State(collector): State<Arc<Collector>>,
    Reader(principal): Reader,
    Segment(survey): Segment,
    Parameters(query): Parameters<CommentsQuery>,
) -> Result<Json<Comments>, Error> {
    let survey = collector.key_of(&principal, query.site.as_deref(), &survey).await?;
    let moment = |at: Option<Moment>| at.map(|Moment(at)| at);
    let period = period(&collector.store, &survey, moment(query.from), moment(query.to)).await?;
    let of = CommentsOf {
        survey: &survey,
        period,
        search: query.q.as_ref().map(|Search(text)| text.as_str()),
        question: query.question.as_deref(),
        cursor: query.cursor.map(|After(cursor)| cursor),
        limit: query.limit.map_or(PAGE, Limit::rows),
    };
    let store::Comments { comments, next } = collector.store.comments(&of).await?;
    let comments = comments.into_iter().map(comment).collect();
    Ok(Json(Comments { comments, next: next.map(|cursor| cursor.to_string()) }))
}

/// Characters, at most, of what is searched for: SQLite's patterns end at 50 000 bytes.
const LONGEST_SEARCH_CHARS: usize = 1_000;

/// Which comments to read.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CommentsQuery {
    /// The site of the survey; may be left out where only one has it.
    site: Option<String>,
    /// What a comment must hold, in whatever case and with whatever accents.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    q: Option<Search>,
    /// The question that it must answer.
    question: Option<String>,
    /// The first moment: a date, or a date-time.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    from: Option<Moment>,
    /// The first moment after it.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    to: Option<Moment>,
    /// What `next` of an earlier page says.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    cursor: Option<After<CommentCursor>>,
    /// At most so many: 1 to 200.
    #[param(value_type = Option<u32>)]
    #[serde(deserialize_with = "parsed")]
    limit: Option<Limit<LARGEST_PAGE>>,
}

/// A text that is searched for.
#[derive(Debug)]
struct Search(String);

impl FromStr for Search {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.chars().count() > LONGEST_SEARCH_CHARS {
            return Err(format!("must be at most {LONGEST_SEARCH_CHARS} characters"));
        }
        Ok(Self(text.to_owned()))
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
