//! Reading back what `export` wrote: NDJSON, or the table.

mod records;

use crate::export::unguarded;
use crate::store::{Sender, Submission};
use crate::{Error, LARGEST_BODY_BYTES, byte_order_mark, payload};
use anyhow::{Context, ensure};
use records::{Record, Records};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use sondeo_model::Timestamp;
use std::io::{BufRead, Read};

/// What one response of a file is.
pub(crate) struct Item {
    /// The line at which it begins; the first is 1.
    pub(crate) line: u64,
    /// The response, or why it is none.
    pub(crate) submission: Result<Submission, Error>,
}

/// The responses of a file, one after the other.
pub(crate) enum Items<R: BufRead> {
    /// One a line.
    Lines(Lines<R>),
    /// A row for each answer.
    Table(Box<Rows<R>>),
}

impl<R: BufRead> Items<R> {
    /// Looks at the beginning of the file, which says what it is.
    ///
    /// # Errors
    /// When it cannot be read, or is neither.
    pub(crate) fn new(mut reader: R) -> anyhow::Result<Self> {
        let start = reader.fill_buf().context("cannot read it")?;
        ensure!(
            !start.starts_with(b"\xff\xfe") && !start.starts_with(b"\xfe\xff"),
            "it is UTF-16: save it as UTF-8 (Excel calls that \"CSV UTF-8\")"
        );
        let text = byte_order_mark::without_bytes(start);
        let mark = start.len() - text.len();
        let id = text.strip_prefix(b"id").or_else(|| text.strip_prefix(b"\"id\""));
        let separator = id.and_then(|rest| rest.first().copied());
        reader.consume(mark);
        match separator {
            Some(separator @ (b',' | b';' | b'\t')) => {
                Ok(Self::Table(Box::new(Rows::new(reader, separator)?)))
            }
            _ => Ok(Self::Lines(Lines { reader, line: Vec::new(), number: 0 })),
        }
    }

    /// The next response; none at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read any further.
    pub(crate) fn next(&mut self) -> anyhow::Result<Option<Item>> {
        match self {
            Self::Lines(lines) => lines.next(),
            Self::Table(rows) => rows.next(),
        }
    }
}

/// A response a line.
pub(crate) struct Lines<R> {
    reader: R,
    line: Vec<u8>,
    number: u64,
}

/// An export says a little more than the sender of the response.
const LONGEST_LINE_BYTES: usize = LARGEST_BODY_BYTES + 1_024;

/// What an export says of a response besides what its sender said.
#[derive(Debug, Deserialize)]
struct Exported {
    counts_for: Option<Timestamp>,
    ending: Option<String>,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> anyhow::Result<Option<Item>> {
        loop {
            self.line.clear();
            self.number += 1;
            let line = self.number;
            let most = LONGEST_LINE_BYTES as u64;
            let read = (&mut self.reader).take(most).read_until(b'\n', &mut self.line);
            let read = read.with_context(|| format!("line {line}"))?;
            if read == 0 {
                return Ok(None);
            }
            if read == LONGEST_LINE_BYTES && !self.line.ends_with(b"\n") {
                self.pass_over().with_context(|| format!("line {line}"))?;
                return Ok(Some(Item {
                    line,
                    submission: Err(Error::TooLarge(LARGEST_BODY_BYTES)),
                }));
            }
            let text = match str::from_utf8(&self.line) {
                Ok(text) => text,
                Err(error) => {
                    let submission = Err(Error::NotUtf8(error.valid_up_to()));
                    return Ok(Some(Item { line, submission }));
                }
            };
            if !text.trim().is_empty() {
                let sender = Sender::of_stored(text.trim_end());
                let mut submission = parse(text, sender);
                if let Ok(submission) = &mut submission
                    && let Ok(Exported { counts_for, ending }) = serde_json::from_str(text)
                {
                    (submission.counts_for, submission.ending) = (counts_for, ending);
                }
                return Ok(Some(Item { line, submission }));
            }
        }
    }

    /// Reads to the end of a line that is too long to be kept.
    fn pass_over(&mut self) -> std::io::Result<()> {
        loop {
            let buffer = self.reader.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let length = end.map_or(buffer.len(), |end| end + 1);
            let is_over = end.is_some() || buffer.is_empty();
            self.reader.consume(length);
            if is_over {
                return Ok(());
            }
        }
    }
}

/// Bytes, at most, of a row: its quotes may be doubled.
const LONGEST_ROW_BYTES: usize = 2 * LARGEST_BODY_BYTES + 1_024;

/// A row for each answer; those of a response follow each other.
pub(crate) struct Rows<R> {
    records: Records<R>,
    columns: Vec<String>,
    separator: u8,
    /// The first row of the next response.
    ahead: Option<TableRow>,
}

/// The cells of a row by the names of their columns.
type NamedCells = Map<String, Json>;

/// A row of the table.
struct TableRow {
    line: u64,
    /// Whose row it is, as far as that can be read.
    id: Vec<u8>,
    /// Its cells, or why they cannot be read.
    cells: Result<NamedCells, Error>,
}

impl<R: BufRead> Rows<R> {
    fn new(reader: R, separator: u8) -> anyhow::Result<Self> {
        let mut records = Records::new(reader, separator, LONGEST_ROW_BYTES);
        let head = records.next()?.map(|record| cells(&record.bytes, separator));
        let head = head.context("it is empty")?.context("its first row cannot be read")?;
        let columns: Vec<String> =
            head.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        for needed in ["revision", "status", "survey", "question", "kind", "value"] {
            ensure!(
                columns.iter().any(|column| column == needed),
                "it is a table without the column {needed:?}, and no export of this program"
            );
        }
        Ok(Self { records, columns, separator, ahead: None })
    }

    fn row(&mut self) -> anyhow::Result<Option<TableRow>> {
        let record = self.records.next().context("the table cannot be read any further")?;
        let Some(Record { line, bytes, is_cut }) = record else { return Ok(None) };
        let row = cells(&bytes, self.separator);
        let id = row.as_ref().and_then(|row| row.get(0)).unwrap_or_default().to_vec();
        let cells = match &row {
            _ if is_cut => Err(Error::TooLarge(LARGEST_BODY_BYTES)),
            Some(row) => self.named(row),
            None => Err(invalid("the row cannot be read".to_owned())),
        };
        Ok(Some(TableRow { line, id, cells }))
    }

    /// The cells by the names of their columns.
    fn named(&self, row: &csv::ByteRecord) -> Result<NamedCells, Error> {
        if row.len() != self.columns.len() {
            let message =
                format!("the row has {} cells, and its table {}", row.len(), self.columns.len());
            return Err(invalid(message));
        }
        let separator = char::from(self.separator);
        let cells = self.columns.iter().zip(row).map(|(name, cell)| {
            let cell = str::from_utf8(cell).map_err(|error| Error::NotUtf8(error.valid_up_to()))?;
            Ok((name.clone(), unguarded(cell, separator).into()))
        });
        cells.collect()
    }

    /// A response with a row that cannot be read is none: without this answer, it would be another one.
    fn next(&mut self) -> anyhow::Result<Option<Item>> {
        let first = match self.ahead.take() {
            Some(first) => Some(first),
            None => self.row()?,
        };
        let Some(TableRow { line, id, cells }) = first else { return Ok(None) };
        let mut fault = cells.as_ref().err().map(|_| line);
        let mut cells = cells;
        let mut answers: Vec<Json> = cells.iter().filter_map(answer).collect();
        let mut length = 0;
        while let Some(row) = self.row()? {
            if row.id != id {
                self.ahead = Some(row);
                break;
            }
            match (row.cells, &cells) {
                (Err(error), Ok(_)) => (cells, fault) = (Err(error), Some(row.line)),
                (Ok(row), Ok(_)) => answers.extend(answer(&row)),
                (_, Err(_)) => {}
            }
            length += answers.last().map_or(0, |answer| answer.to_string().len());
            if cells.is_ok() && length > LARGEST_BODY_BYTES {
                (cells, fault) = (Err(Error::TooLarge(LARGEST_BODY_BYTES)), Some(row.line));
                answers.clear();
            }
        }
        let submission = cells.and_then(|first| {
            let is_crawler = text(&first, "crawler").eq_ignore_ascii_case("true");
            let sender = if is_crawler { Sender::Crawler } else { Sender::Visitor };
            let submission = parse(&response(&first, answers).to_string(), sender)?;
            // Exports of earlier versions have no such columns.
            let counts_for = serde_json::from_value(first.get("counts_for").cloned().into()).ok();
            let ending = Some(text(&first, "ending").to_owned()).filter(|it| !it.is_empty());
            Ok(Submission { counts_for, ending, ..submission })
        });
        Ok(Some(Item { line: fault.unwrap_or(line), submission }))
    }
}

/// The cells of a row; none where it has none.
fn cells(row: &[u8], separator: u8) -> Option<csv::ByteRecord> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).has_headers(false).from_reader(row);
    reader.byte_records().next()?.ok()
}

fn invalid(message: String) -> Error {
    Error::InvalidResponse { field: None, message }
}

fn parse(text: &str, sender: Sender) -> Result<Submission, Error> {
    payload::parse_one(text).map(|response| Submission { sender, ..response.into() })
}

fn text<'a>(row: &'a NamedCells, column: &str) -> &'a str {
    row.get(column).and_then(Json::as_str).unwrap_or_default()
}

/// A text, or null where the cell is empty.
fn optional(row: &NamedCells, column: &str) -> Json {
    Some(text(row, column)).filter(|text| !text.is_empty()).into()
}

/// A number, or the text that should be one, so that whoever checks it can say so.
fn number(text: &str) -> Json {
    text.trim().parse::<i64>().map_or_else(|_| text.into(), Json::from)
}

/// The answer of a row, if it has one.
fn answer(row: &NamedCells) -> Option<Json> {
    let kind = text(row, "kind");
    if kind.is_empty() && text(row, "question").is_empty() {
        return None;
    }
    let cell = text(row, "value");
    let value = match kind {
        "likert" | "nps" => number(cell),
        // Spreadsheets write them in capitals.
        "yes-no" => match cell.to_ascii_lowercase().as_str() {
            "true" => true.into(),
            "false" => false.into(),
            _ => cell.into(),
        },
        "choices" => options(cell),
        _ => cell.into(),
    };
    let mut answer =
        json!({"question": text(row, "question"), "text": text(row, "text"), "kind": kind});
    if !text(row, "points").is_empty() {
        answer["points"] = number(text(row, "points"));
    }
    if !text(row, "metric").is_empty() {
        answer["metric"] = text(row, "metric").into();
    }
    answer["value"] = value;
    // Exports of earlier versions have no such column.
    if !text(row, "other").is_empty() {
        answer["other"] = text(row, "other").into();
    }
    Some(answer)
}

fn options(cell: &str) -> Json {
    if let Some(list) =
        serde_json::from_str::<Vec<String>>(cell).ok().filter(|_| cell.starts_with('['))
    {
        return list.into();
    }
    if cell.is_empty() { json!([]) } else { cell.split("; ").collect::<Vec<_>>().into() }
}

fn response(row: &NamedCells, answers: Vec<Json>) -> Json {
    let custom = serde_json::from_str(text(row, "custom")).unwrap_or_else(|_| json!({}));
    // Exports of earlier versions did not say it.
    let widget = Some(text(row, "widget")).filter(|widget| !widget.is_empty()).unwrap_or("csv");
    let mut response = json!({
        "sondeo": 1,
        "id": text(row, "id"),
        "revision": number(text(row, "revision")),
        "status": text(row, "status"),
        "survey": text(row, "survey"),
        "template": optional(row, "template"),
        "trigger": text(row, "trigger"),
        "language": text(row, "language"),
        "answers": answers,
        "shown_at": text(row, "shown_at"),
        "sent_at": text(row, "sent_at"),
        "elapsed_ms": number(text(row, "elapsed_ms")),
        "page": {
            "url": text(row, "url"),
            "title": text(row, "title"),
            "referrer": text(row, "referrer"),
        },
        "client": {
            "language": text(row, "client_language"),
            "time_zone": optional(row, "time_zone"),
            "device": text(row, "device"),
            "viewport": [number(text(row, "viewport_width")), number(text(row, "viewport_height"))],
        },
        "visit": number(text(row, "visit")),
        "visitor": optional(row, "visitor"),
        "user": optional(row, "user"),
        "custom": custom,
        "widget": widget,
    });
    if !text(row, "site").is_empty() {
        response["site"] = text(row, "site").into();
    }
    if !text(row, "version").is_empty() {
        response["version"] = number(text(row, "version"));
    }
    response
}
