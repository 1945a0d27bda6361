//! The table of an export: RFC 4180, a row for each answer. [`crate::import`] reads it back.

use super::formula;
use crate::store::Sender;
use sondeo_model::{Answer, Response, Timestamp, Value};
use std::borrow::Cow;
use std::str::FromStr;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// What stands between two cells.
    pub separator: Separator,
    /// Whether the file begins with a byte order mark.
    pub mark: ByteOrderMark,
}

/// Whether a file begins with a byte order mark, without which Excel takes UTF-8 for the local code page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrderMark {
    /// It does: for people.
    Written,
    /// It does not: for programs that would take it for a part of the first column's name.
    Absent,
}

impl FromStr for ByteOrderMark {
    type Err = &'static str;

    /// From `bom` of a query.
    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "1" => Ok(Self::Written),
            "0" => Ok(Self::Absent),
            _ => Err("must be 0 or 1"),
        }
    }
}

/// What stands between two cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Separator {
    /// `,`
    #[default]
    Comma,
    /// `;`, which spreadsheets expect where a comma stands in decimal numbers.
    Semicolon,
    /// A tab.
    Tab,
}

impl Separator {
    /// The character.
    #[must_use]
    pub fn character(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
        }
    }
}

impl FromStr for Separator {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "," | "comma" => Ok(Self::Comma),
            ";" | "semicolon" => Ok(Self::Semicolon),
            "\t" | "tab" => Ok(Self::Tab),
            _ => Err("must be comma, semicolon or tab"),
        }
    }
}

const COLUMNS: [&str; 35] = [
    "id",
    "revision",
    "status",
    "survey",
    "template",
    "trigger",
    "language",
    "shown_at",
    "sent_at",
    "elapsed_ms",
    "question",
    "text",
    "kind",
    "points",
    "metric",
    "value",
    "other",
    "url",
    "title",
    "referrer",
    "client_language",
    "time_zone",
    "device",
    "viewport_width",
    "viewport_height",
    "visit",
    "visitor",
    "user",
    "custom",
    "widget",
    "crawler",
    "counts_for",
    "site",
    "version",
    "ending",
];

/// The names of the columns.
pub(super) fn head(table: Table) -> Vec<u8> {
    head_of(table, &COLUMNS)
}

fn head_of(table: Table, columns: &[&'static str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    if table.mark == ByteOrderMark::Written {
        bytes.extend_from_slice("\u{feff}".as_bytes());
    }
    record(&mut bytes, table, columns.iter().copied().map(Cow::Borrowed));
    bytes
}

const COMMENT_COLUMNS: [&str; 13] = [
    "survey", "response", "at", "question", "asked", "text", "rated", "score", "page", "language",
    "version", "done", "tags",
];

/// The names of the columns of a table of comments.
pub(crate) fn comments_head(table: Table) -> Vec<u8> {
    head_of(table, &COMMENT_COLUMNS)
}

/// The row of a comment; what visitors wrote is no formula.
pub(crate) fn comment(bytes: &mut Vec<u8>, table: Table, survey: &str, cells: &[String]) {
    let separator = table.separator.character();
    let guarded = cells.iter().map(|cell| formula::guarded(cell, separator));
    record(bytes, table, std::iter::once(Cow::Borrowed(survey)).chain(guarded));
}

/// What the collector says of a response beside what its sender says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Remarks<'a> {
    pub(super) sender: Sender,
    pub(super) counts_for: Timestamp,
    /// Which ending was reached, where that is known.
    pub(super) ending: Option<&'a str>,
}

/// The rows of a response; one without answers is one row.
pub(super) fn write(bytes: &mut Vec<u8>, table: Table, stored: (&Response, Remarks<'_>)) {
    let (response, _) = stored;
    if response.answers.is_empty() {
        row(bytes, table, stored, None);
    }
    for answer in &response.answers {
        row(bytes, table, stored, Some(answer));
    }
}

fn row(
    bytes: &mut Vec<u8>,
    table: Table,
    (response, Remarks { sender, counts_for, ending }): (&Response, Remarks<'_>),
    answer: Option<&Answer>,
) {
    let separator = table.separator.character();
    let text = |text: &str| formula::guarded(text, separator).into_owned();
    let optional = |value: &Option<String>| text(value.as_deref().unwrap_or_default());
    let [width, height] = response.client.viewport;
    // Numbers are written by us alone, and stay numbers.
    let of_answer = answer.map_or_else(Default::default, |answer| {
        [
            answer.question.clone(),
            text(&answer.text),
            answer.kind.as_str().to_owned(),
            answer.points.map(|points| points.to_string()).unwrap_or_default(),
            answer.metric.map(|metric| metric.as_str().to_owned()).unwrap_or_default(),
            match &answer.value {
                Value::Boolean(value) => value.to_string(),
                Value::Integer(value) => value.to_string(),
                Value::Text(value) => text(value),
                Value::Options(options) => text(&list(options)),
            },
            optional(&answer.other),
        ]
    });
    let custom: serde_json::Map<String, serde_json::Value> =
        response.custom.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    let cells = [
        response.id.to_text(),
        response.revision.to_string(),
        response.status.as_str().to_owned(),
        response.survey.clone(),
        optional(&response.template),
        text(&response.trigger),
        text(&response.language),
        response.shown_at.to_rfc3339(),
        response.sent_at.to_rfc3339(),
        response.elapsed_ms.to_string(),
    ];
    let rest = [
        text(&response.page.url),
        text(&response.page.title),
        text(&response.page.referrer),
        text(&response.client.language),
        optional(&response.client.time_zone),
        response.client.device.as_str().to_owned(),
        width.to_string(),
        height.to_string(),
        response.visit.to_string(),
        optional(&response.visitor),
        optional(&response.user),
        text(&serde_json::Value::Object(custom).to_string()),
        text(&response.widget),
        if sender == Sender::Crawler { "true".to_owned() } else { String::new() },
        counts_for.to_rfc3339(),
        optional(&response.site),
        response.survey_version.map(|version| version.to_string()).unwrap_or_default(),
        ending.unwrap_or_default().to_owned(),
    ];
    record(bytes, table, cells.into_iter().chain(of_answer).chain(rest).map(Cow::Owned));
}

/// The options with `; ` between them; as JSON where that could be read in another way.
fn list(options: &[String]) -> String {
    let is_plain = |option: &String| {
        !option.is_empty()
            && !option.contains(';')
            && !option.starts_with('[')
            && option.trim() == option
    };
    if options.iter().all(is_plain) {
        options.join("; ")
    } else {
        serde_json::Value::from(options).to_string()
    }
}

fn record<'a>(bytes: &mut Vec<u8>, table: Table, cells: impl Iterator<Item = Cow<'a, str>>) {
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .delimiter(table.separator.character() as u8)
        .from_writer(bytes);
    // Writing into memory does not fail.
    let _ = writer.write_record(cells.map(|cell| cell.into_owned()));
    let _ = writer.flush();
}

#[cfg(test)]
mod tests {
    use super::{ByteOrderMark, COLUMNS, Remarks, Separator, Table, head, write};
    use crate::store::Sender;
    use sondeo_model::Response;

    const PLAIN: Table = Table { separator: Separator::Comma, mark: ByteOrderMark::Absent };

    fn rows(change: impl FnOnce(&mut Response)) -> Vec<Vec<String>> {
        let golden = include_str!("../../../model/golden/response-completed.json");
        let mut response: Response = serde_json::from_str(golden).expect("a response");
        change(&mut response);
        let mut bytes = head(PLAIN);
        let (sender, counts_for) = (Sender::Visitor, response.shown_at);
        let remarks = Remarks { sender, counts_for, ending: Some("review") };
        write(&mut bytes, PLAIN, (&response, remarks));
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(&*bytes);
        let rows = reader.records().map(|row| row.expect("a row"));
        rows.map(|row| row.iter().map(str::to_owned).collect()).collect()
    }

    fn cell(rows: &[Vec<String>], row: usize, column: &str) -> String {
        let place = COLUMNS.iter().position(|name| *name == column).expect("a column");
        rows[row][place].clone()
    }

    #[test]
    fn a_row_for_each_answer() {
        let rows = rows(|_| {});
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|row| row.len() == COLUMNS.len()));
        assert_eq!(cell(&rows, 1, "question"), "satisfaction");
        assert_eq!(cell(&rows, 1, "value"), "4");
        assert_eq!(cell(&rows, 2, "value"), "Slow delivery, \"again\"\n\\o/ 🙁 \u{7}");
        assert_eq!(cell(&rows, 2, "custom"), "{\"order-id\":\"123\"}");
        assert_eq!([1, 2].map(|row| cell(&rows, row, "ending")), ["review"; 2]);
    }

    #[test]
    fn what_other_means_has_a_column_of_its_own() {
        let rows = rows(|response| {
            response.answers[0].kind = sondeo_model::KindName::Choice;
            response.answers[0].value = sondeo_model::Value::Text("other".to_owned());
            response.answers[0].other = Some("=a friend".to_owned());
        });
        let cells = ["value", "other"].map(|column| cell(&rows, 1, column));
        assert_eq!(cells, ["other", "'=a friend"]);
        assert_eq!(cell(&rows, 2, "other"), "");
    }

    #[test]
    fn a_response_without_answers_is_a_row() {
        let rows = rows(|response| response.answers.clear());
        assert_eq!(rows.len(), 2);
        assert_eq!(cell(&rows, 1, "value"), "");
    }

    #[test]
    fn formulas_are_texts_and_numbers_are_numbers() {
        for (formula, text) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            // What follows would be a cell, or a line, of its own where the file is read in another way.
            ("\t=1", "'\t'=1"),
            ("\r=1", "'\r'=1"),
            ("\n=1", "'\n'=1"),
            ("=\"a\"\"b\",c\r\n", "'=\"a\"\"b\",c\r\n"),
        ] {
            let rows = rows(|response| {
                response.page.title = formula.to_owned();
                response.answers[1].value = sondeo_model::Value::Text(formula.to_owned());
            });
            assert_eq!(cell(&rows, 2, "title"), text);
            assert_eq!(cell(&rows, 2, "value"), text);
            assert_eq!(cell(&rows, 1, "elapsed_ms").parse(), Ok(6_878));
        }
    }

    #[test]
    fn options_are_a_list_that_can_be_read_again() {
        let list = |options: &[&str]| {
            super::list(&options.iter().map(|&option| option.to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(list(&["a", "b c"]), "a; b c");
        assert_eq!(list(&[]), "");
        assert_eq!(list(&["a; b", "c"]), "[\"a; b\",\"c\"]");
        assert_eq!(list(&["[a"]), "[\"[a\"]");
    }
}
