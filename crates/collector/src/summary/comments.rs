//! `/v1/surveys/{id}/comments`: what visitors wrote, and what people did about it.

use super::period;
use crate::access::{Exporter, Principal, Reader};
use crate::export::{self, ByteOrderMark, Separator, Table};
use crate::publishing::Body;
use crate::query::{After, Moment, Parameters, RowLimit, parsed};
use crate::segment::PathSegment;
use crate::store::{self, CommentCursor, CommentWork, CommentsOf, Period, Scope, StoreError};
use crate::{Collector, Error};
use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response as FileResponse;
use futures_util::stream;
use serde::Deserialize;
use sondeo_api::{Comment, CommentChange, CommentState, Comments, Rating};
use sondeo_model::{Answer, KindName, Response, ResponseId, Value};
use std::cmp::Ordering;
use std::str::FromStr;
use std::sync::Arc;
use utoipa::IntoParams;

const PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 200;
/// Comments that are looked at for a page, at most, where the database cannot tell which are wanted. What is found until
/// then is the page, and `next` goes on from there.
const MOST_LOOKED_AT: usize = 5_000;

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
    PathSegment(survey): PathSegment,
    Parameters(query): Parameters<CommentsQuery>,
) -> Result<Json<Comments>, Error> {
    let survey = collector.key_of(&principal, query.site.as_deref(), &survey).await?;
    let wanted = Wanted::of(&collector, survey, query).await?;
    let (comments, next) = wanted.page(&collector.store, wanted.cursor.clone()).await?;
    let tags = collector.store.comment_tags(&wanted.survey).await?;
    let comments = comments.into_iter().map(comment).collect();
    Ok(Json(Comments { comments, next: next.map(|cursor| cursor.to_string()), tags }))
}

/// The same comments as a table, all of them.
#[utoipa::path(get, path = "/v1/surveys/{id}/comments.csv", tag = "reading", security(("token" = ["export"])),
    params(
        ("id" = String, Path, description = "the survey"),
        CommentsQuery,
    ), responses(
    (status = 200, description = "a row for each comment, newest first (RFC 4180)", content_type = "text/csv", body = String),
    (status = 400, description = "a parameter is wrong", body = crate::error::Refusal),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn as_csv(
    State(collector): State<Arc<Collector>>,
    Exporter(principal): Exporter,
    method: Method,
    PathSegment(survey): PathSegment,
    Parameters(query): Parameters<CommentsQuery>,
) -> Result<FileResponse, Error> {
    let survey = collector.key_of(&principal, query.site.as_deref(), &survey).await?;
    let site = store::site_and_survey(&survey).0.to_owned();
    principal.check(Scope::Export, &site)?;
    let table = Table {
        separator: query.separator.unwrap_or_default(),
        // Excel takes UTF-8 without the mark for the local code page, and a download is for people.
        mark: query.bom.unwrap_or(ByteOrderMark::Written),
    };
    let wanted = Wanted { limit: LARGEST_PAGE, ..Wanted::of(&collector, survey, query).await? };
    let store = collector.store.clone();
    let from = (Some(wanted.cursor.clone()), export::comments_head(table));
    let pages = stream::try_unfold(from, move |(cursor, mut bytes)| {
        let (store, wanted) = (store.clone(), wanted.clone());
        async move {
            let Some(cursor) = cursor else { return Ok::<_, StoreError>(None) };
            let (comments, next) = wanted.page(&store, cursor).await?;
            for comment in comments.into_iter().map(comment) {
                export::comment(&mut bytes, table, &wanted.survey, &cells(&comment));
            }
            Ok(Some((bytes.into(), (next.map(Some), Vec::new()))))
        }
    });
    let (deed, file) = ((&*principal.actor, "comments as CSV"), (export::CSV, "comments.csv"));
    export::send_audited(&collector.store, &method, deed, file, pages).await
}

/// Tags a comment, or says that it is done.
#[utoipa::path(patch, path = "/v1/surveys/{id}/comments/{response}/{question}", tag = "reading",
    security(("token" = ["edit"])), params(
        ("id" = String, Path, description = "the survey"),
        ("response" = String, Path, description = "the id of the response"),
        ("question" = String, Path, description = "the question that the comment answers"),
        SiteQuery,
    ), request_body = CommentChange, responses(
    (status = 200, description = "as it is now", body = CommentState),
    (status = 400, description = "the body is not JSON, or a parameter is wrong", body = crate::error::Refusal),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 404, description = "no such comment, or not for the sender", body = crate::error::Refusal),
    (status = 422, description = "a field is wrong; `field` says which", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn change(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    PathSegment((survey, response, question)): PathSegment<(String, String, String)>,
    Parameters(query): Parameters<SiteQuery>,
    Body(change): Body<CommentChange>,
) -> Result<Json<CommentState>, Error> {
    let survey = collector.key_of(&principal, query.site.as_deref(), &survey).await?;
    principal.check(Scope::Edit, store::site_and_survey(&survey).0)?;
    let response = ResponseId::parse(&response).map_err(|_| Error::NotFound)?;
    let tags = change.tags.map(tags).transpose()?;
    let (comment, change) = ((&*survey, response, &*question), (change.done, tags.as_deref()));
    let work = collector.store.work_on_comment(comment, change, &principal.actor).await?;
    let CommentWork { done, tags } = work.ok_or(Error::NotFound)?;
    Ok(Json(CommentState { done, tags }))
}

/// Tags as they are kept: without space around them, in small letters, each once.
fn tags(given: Vec<String>) -> Result<Vec<String>, Error> {
    let invalid = |reason: String| Error::Invalid { field: "tags".to_owned(), reason };
    let mut tags: Vec<String> = Vec::new();
    for tag in given {
        let tag = tag.trim().to_lowercase();
        if tag.is_empty() || tag.chars().count() > CommentWork::LONGEST_TAG_CHARS {
            let most = CommentWork::LONGEST_TAG_CHARS;
            return Err(invalid(format!("must hold 1 to {most} characters each, not {tag:?}")));
        }
        if tag.chars().any(char::is_control) {
            return Err(invalid(format!("must be of one line each, not {tag:?}")));
        }
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.len() > CommentWork::MOST_TAGS {
        return Err(invalid(format!("must be at most {}", CommentWork::MOST_TAGS)));
    }
    Ok(tags)
}

/// Which comments somebody wants, once the query is read.
#[derive(Debug, Clone)]
struct Wanted {
    survey: String,
    period: Period,
    search: Option<String>,
    question: Option<String>,
    done: Option<bool>,
    tag: Option<String>,
    score: Option<ScoreRange>,
    page: Option<String>,
    version: Option<u32>,
    cursor: Option<CommentCursor>,
    limit: u32,
}

impl Wanted {
    async fn of(
        collector: &Collector,
        survey: String,
        query: CommentsQuery,
    ) -> Result<Self, Error> {
        let moment = |at: Option<Moment>| at.map(|Moment(at)| at);
        let (from, to) = (moment(query.from), moment(query.to));
        Ok(Self {
            period: period(&collector.store, &survey, from, to).await?,
            survey,
            search: query.q.map(|Search(text)| text),
            question: query.question,
            done: query.done,
            tag: query.tag.map(|tag| tag.trim().to_lowercase()),
            score: query.score,
            page: query.page.filter(|page| !page.is_empty()),
            version: query.version,
            cursor: query.cursor.map(|After(cursor)| cursor),
            limit: query.limit.map_or(PAGE, RowLimit::rows),
        })
    }

    /// What comes after the cursor, at most a page, and where the next page begins.
    async fn page(
        &self,
        store: &store::Store,
        mut cursor: Option<CommentCursor>,
    ) -> Result<(Vec<store::StoredComment>, Option<CommentCursor>), StoreError> {
        let is_told = self.is_told_by_columns();
        let wanted = self.limit as usize;
        let mut found = Vec::new();
        let mut looked_at = 0;
        loop {
            let of = CommentsOf {
                survey: &self.survey,
                period: self.period,
                search: self.search.as_deref(),
                question: self.question.as_deref(),
                done: self.done,
                tag: self.tag.as_deref(),
                cursor: cursor.take(),
                limit: if is_told { self.limit } else { LARGEST_PAGE },
            };
            let store::CommentPage { comments, next } = store.comments(&of).await?;
            let count = comments.len();
            for (index, comment) in comments.into_iter().enumerate() {
                if self.has(&comment) {
                    found.push(comment);
                }
                if found.len() == wanted {
                    let is_last = index + 1 == count && next.is_none();
                    let next = found.last().filter(|_| !is_last).map(store::StoredComment::cursor);
                    return Ok((found, next));
                }
            }
            looked_at += count;
            if next.is_none() || looked_at >= MOST_LOOKED_AT {
                return Ok((found, next));
            }
            cursor = next;
        }
    }

    /// Whether the database itself can tell which are wanted, without the responses' bodies.
    fn is_told_by_columns(&self) -> bool {
        self.score.is_none() && self.page.is_none() && self.version.is_none()
    }

    fn has(&self, comment: &store::StoredComment) -> bool {
        let Some(whole) = &comment.whole else { return self.is_told_by_columns() };
        self.version.is_none_or(|version| whole.survey_version == Some(version))
            && self.page.as_ref().is_none_or(|page| whole.page.url.contains(page))
            && self.score.is_none_or(|range| range.has(whole))
    }
}

/// How the visitor who wrote something has rated, by the first rating of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ScoreRange {
    /// Below the middle of the scale; 0 to 6 where it is a recommendation; no.
    Low,
    /// The middle; 7 and 8.
    Middle,
    /// Above it; 9 and 10; yes.
    High,
}

impl FromStr for ScoreRange {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "low" => Ok(Self::Low),
            "middle" => Ok(Self::Middle),
            "high" => Ok(Self::High),
            _ => Err("must be low, middle or high"),
        }
    }
}

impl ScoreRange {
    fn has(self, response: &Response) -> bool {
        let Some(answer) = rated(response) else { return false };
        let of = match (&answer.value, answer.kind) {
            (Value::Integer(..=6), KindName::Nps) => Self::Low,
            (Value::Integer(7..=8), KindName::Nps) => Self::Middle,
            // Twice the distance from the middle of 1 to so many points, so that it is a whole number.
            (Value::Integer(value), KindName::Likert) => {
                let middle = i64::from(answer.points.unwrap_or_default()) + 1;
                match (2 * value).cmp(&middle) {
                    Ordering::Less => Self::Low,
                    Ordering::Equal => Self::Middle,
                    Ordering::Greater => Self::High,
                }
            }
            (Value::Boolean(false), _) => Self::Low,
            _ => Self::High,
        };
        of == self
    }
}

/// The site of the survey; may be left out where only one has it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SiteQuery {
    /// The site of the survey; may be left out where only one has it.
    site: Option<String>,
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
    /// `true`: only those that are done; `false`: only those that are not.
    done: Option<bool>,
    /// Only those with this tag.
    tag: Option<String>,
    /// How the response rates, by its first rating: `low` (below the middle of the scale, 0 to 6 of a recommendation, no),
    /// `middle` or `high`.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    score: Option<ScoreRange>,
    /// What the address of the page must hold.
    page: Option<String>,
    /// The version of the survey, where it was published on a site.
    version: Option<u32>,
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
    limit: Option<RowLimit<LARGEST_PAGE>>,
    /// Of a table: `comma`, `semicolon` or `tab`, or the character itself.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    separator: Option<Separator>,
    /// Of a table: `0` for a file without the byte order mark, for programs that do not know it.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    bom: Option<ByteOrderMark>,
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

fn comment(comment: store::StoredComment) -> Comment {
    let whole = comment.whole.as_ref();
    let answered = whole
        .and_then(|whole| whole.answers.iter().find(|answer| answer.question == comment.question));
    let asked = answered.map(|answer| answer.text.clone()).filter(|text| !text.is_empty());
    Comment {
        asked,
        score: whole.and_then(rating),
        page: whole.map(|whole| whole.page.url.clone()),
        language: whole.map(|whole| whole.language.clone()),
        version: whole.and_then(|whole| whole.survey_version),
        done: comment.work.done,
        tags: comment.work.tags,
        response: comment.response,
        question: comment.question,
        text: comment.text,
        at: comment.at,
    }
}

/// What stands in its row of a table, after the survey, in the order of the columns.
fn cells(comment: &Comment) -> [String; 12] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (asked, score) = match &comment.score {
        Some(score) => (score.asked.clone(), score.value.clone()),
        None => Default::default(),
    };
    [
        comment.response.to_text(),
        comment.at.to_rfc3339(),
        comment.question.clone(),
        text(&comment.asked),
        comment.text.clone(),
        asked,
        score,
        text(&comment.page),
        text(&comment.language),
        comment.version.map(|version| version.to_string()).unwrap_or_default(),
        if comment.done { "true".to_owned() } else { String::new() },
        comment.tags.join(", "),
    ]
}

/// The first rating of a response.
fn rated(response: &Response) -> Option<&Answer> {
    response.answers.iter().find(|answer| {
        matches!(
            (&answer.value, answer.kind),
            (Value::Integer(_), KindName::Likert | KindName::Nps) | (Value::Boolean(_), _)
        )
    })
}

fn rating(response: &Response) -> Option<Rating> {
    let answer = rated(response)?;
    let value = match &answer.value {
        Value::Integer(value) => value.to_string(),
        Value::Boolean(value) => value.to_string(),
        _ => return None,
    };
    Some(Rating { question: answer.question.clone(), asked: answer.text.clone(), value })
}
