//! `/v1/export.csv` and `/v1/export.ndjson`: all responses in one file, read and sent page by page.

mod csv;
mod formula;

pub use csv::{ByteOrderMark, Separator, Table};
pub(crate) use csv::{comment, comments_head};
pub(crate) use formula::unguarded;

use crate::access::Exporter;
use crate::query::{After, Moment, Parameters, StatusParameter, parsed};
use crate::responses::ResponsesQuery;
use crate::store::{Cursor, Filter, Scope, Store, stored_ending};
use crate::{Collector, Error};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;
use utoipa::IntoParams;

/// Responses that are read at a time.
const PAGE: u32 = 500;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A row for each answer, for spreadsheets.
    Csv(Table),
    /// A response a line, as the contract has it, and the moment that it counts for (`counts_for`), which an import
    /// keeps.
    Ndjson,
}

/// All responses as a table.
#[utoipa::path(get, path = "/v1/export.csv", tag = "reading", security(("token" = ["export"])),
    params(TableQuery), responses(
    (status = 200, description = "a row for each answer, newest first (RFC 4180)", content_type = "text/csv", body = String),
    (status = 400, description = "a parameter is wrong", body = crate::error::Refusal),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn as_csv(
    State(collector): State<Arc<Collector>>,
    Exporter(principal): Exporter,
    method: Method,
    Parameters(query): Parameters<TableQuery>,
) -> Result<Response, Error> {
    let (table, query) = query.read();
    let filter = query.filter(&collector, &principal, Scope::Export).await?;
    let deed = (&*principal.actor, "all as CSV");
    send(collector, &method, deed, Format::Csv(table), filter).await
}

/// Which responses, and how the table is to be written.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TableQuery {
    /// `comma`, `semicolon` or `tab`, or the character itself. Spreadsheets expect a semicolon where decimal
    /// numbers have a comma.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    separator: Option<Separator>,
    /// `0` for a file without the byte order mark, for programs that do not know it.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    bom: Option<ByteOrderMark>,
    /// Only those of this site; without one, of all that the sender may read.
    site: Option<String>,
    /// Only those of this survey.
    survey: Option<String>,
    /// `shown`, `partial`, `completed` or `dismissed`.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    status: Option<StatusParameter>,
    /// Only those that count for this moment or a later one: a date, or a date-time.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    from: Option<Moment>,
    /// Only those that count for an earlier moment.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    to: Option<Moment>,
    /// What `next` of a page of `/v1/responses` says: only what comes after it.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    cursor: Option<After<Cursor>>,
}

/// Which responses.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LinesQuery {
    /// Only those of this site; without one, of all that the sender may read.
    site: Option<String>,
    /// Only those of this survey.
    survey: Option<String>,
    /// `shown`, `partial`, `completed` or `dismissed`.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    status: Option<StatusParameter>,
    /// Only those that count for this moment or a later one: a date, or a date-time.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    from: Option<Moment>,
    /// Only those that count for an earlier moment.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    to: Option<Moment>,
    /// What `next` of a page of `/v1/responses` says: only what comes after it.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "parsed")]
    cursor: Option<After<Cursor>>,
}

impl TableQuery {
    fn read(self) -> (Table, ResponsesQuery) {
        // Excel takes UTF-8 without the mark for the local code page, and a download is for people.
        let mark = self.bom.unwrap_or(ByteOrderMark::Written);
        let Self { site, survey, status, from, to, cursor, .. } = self;
        let table = Table { separator: self.separator.unwrap_or_default(), mark };
        (table, LinesQuery { site, survey, status, from, to, cursor }.read())
    }
}

impl LinesQuery {
    fn read(self) -> ResponsesQuery {
        let Self { site, survey, status, from, to, cursor } = self;
        ResponsesQuery { site, survey, status, from, to, cursor, limit: None }
    }
}

/// All responses, one a line.
#[utoipa::path(get, path = "/v1/export.ndjson", tag = "reading", security(("token" = ["export"])),
    params(LinesQuery), responses(
    (status = 200, description = "a response a line, newest first, with the moment that it counts for (`counts_for`)", content_type = "application/x-ndjson", body = String),
    (status = 400, description = "a parameter is wrong", body = crate::error::Refusal),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn as_ndjson(
    State(collector): State<Arc<Collector>>,
    Exporter(principal): Exporter,
    method: Method,
    Parameters(query): Parameters<LinesQuery>,
) -> Result<Response, Error> {
    let filter = query.read().filter(&collector, &principal, Scope::Export).await?;
    let deed = (&*principal.actor, "all as NDJSON");
    send(collector, &method, deed, Format::Ndjson, filter).await
}

/// Answers with a file of responses.
pub(crate) async fn send(
    collector: Arc<Collector>,
    method: &Method,
    deed: (&str, &str),
    format: Format,
    filter: Filter,
) -> Result<Response, Error> {
    let (content_type, name) = match format {
        Format::Csv(_) => (CSV, "responses.csv"),
        Format::Ndjson => ("application/x-ndjson", "responses.ndjson"),
    };
    let chunks = chunks(collector.store.clone(), format, filter);
    send_audited(&collector.store, method, deed, (content_type, name), chunks).await
}

pub(crate) const CSV: &str = "text/csv; charset=utf-8; header=present";

/// Answers with a file, once the audit knows who does what, and its first page is there. The line of the audit is closed
/// when all of it was read: a file that was broken off has one that is open.
pub(crate) async fn send_audited(
    store: &Store,
    method: &Method,
    (actor, subject): (&str, &str),
    (content_type, name): (&str, &str),
    chunks: impl Stream<Item = Result<Bytes, crate::store::StoreError>> + Send + 'static,
) -> Result<Response, Error> {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    if method == Method::HEAD {
        // Nothing goes out, so that nothing is read and noted. A stream has no length that would be told.
        let nothing = stream::empty::<Result<Bytes, Infallible>>();
        return Ok((headers, Body::from_stream(nothing)).into_response());
    }
    let store = store.clone();
    let entry = store.begin_audit(actor, "export", subject).await?;
    let mut chunks = Box::pin(chunks);
    let first = chunks.next().await.transpose()?.unwrap_or_default();
    let end = stream::once(async move {
        if let Err(error) = store.finish_audit(entry, 0).await {
            tracing::error!(%error, "the audit does not know that an export was finished");
        }
    });
    let end = end.filter_map(async |()| None);
    let body = Body::from_stream(stream::iter([Ok(first)]).chain(chunks).chain(end));
    Ok((headers, body).into_response())
}

/// The file, page by page. A page that cannot be read breaks it off, so that half a file is not taken
/// for a whole one.
pub fn chunks(
    store: Store,
    format: Format,
    filter: Filter,
) -> impl Stream<Item = Result<Bytes, crate::store::StoreError>> {
    let filter = Filter { limit: PAGE, ..filter };
    let head = match format {
        Format::Csv(table) => csv::head(table),
        Format::Ndjson => Vec::new(),
    };
    stream::try_unfold((store, Some(filter), head), move |(store, filter, mut bytes)| async move {
        let Some(mut filter) = filter else { return Ok(None) };
        let page = store.responses(&filter).await?;
        for row in &page.rows {
            match format {
                Format::Csv(table) => {
                    let remarks = csv::Remarks {
                        sender: row.sender(),
                        counts_for: row.cursor.at(),
                        ending: stored_ending(&row.body),
                    };
                    csv::write(&mut bytes, table, (&row.response()?, remarks));
                }
                Format::Ndjson => {
                    // First, so that what marks a crawler's response stays last.
                    let rest = row.body.strip_prefix('{').unwrap_or(&row.body);
                    let at = row.cursor.at().to_rfc3339();
                    let line = format!("{{\"counts_for\":\"{at}\",{rest}\n");
                    bytes.extend_from_slice(line.as_bytes());
                }
            }
        }
        filter.after = page.next;
        let following = page.next.map(|_| filter);
        Ok(Some((Bytes::from(bytes), (store, following, Vec::new()))))
    })
}
