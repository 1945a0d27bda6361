//! The table of an export: RFC 4180, a row for each answer.
//!
//! A spreadsheet takes a cell that begins with `=` for a formula, and quotes do not stop it. Such a text
//! gets an apostrophe in front, which spreadsheets take for "this is text" (OWASP, CSV injection). Numbers
//! are written by us alone and stay numbers.

use sondeo_model::{Answer, Response, Value};
use std::borrow::Cow;

const COLUMNS: [&str; 27] = [
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
];

/// The names of the columns.
pub(super) fn head() -> Vec<u8> {
    let mut bytes = Vec::new();
    let columns = COLUMNS.iter().copied().chain(["custom"]);
    record(&mut bytes, columns.map(Cow::Borrowed));
    bytes
}

/// The rows of a response; one without answers is one row.
pub(super) fn write(bytes: &mut Vec<u8>, response: &Response) {
    if response.answers.is_empty() {
        row(bytes, response, None);
    }
    for answer in &response.answers {
        row(bytes, response, Some(answer));
    }
}

fn row(bytes: &mut Vec<u8>, response: &Response, answer: Option<&Answer>) {
    let optional =
        |text: &Option<String>| guarded(text.as_deref().unwrap_or_default()).into_owned();
    let [width, height] = response.client.viewport;
    let of_answer = answer.map_or_else(Default::default, |answer| {
        [
            answer.question.clone(),
            guarded(&answer.text).into_owned(),
            answer.kind.as_str().to_owned(),
            answer.points.map(|points| points.to_string()).unwrap_or_default(),
            answer.metric.map(|metric| metric.as_str().to_owned()).unwrap_or_default(),
            value(&answer.value),
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
        guarded(&response.trigger).into_owned(),
        guarded(&response.language).into_owned(),
        response.shown_at.to_rfc3339(),
        response.sent_at.to_rfc3339(),
        response.elapsed_ms.to_string(),
    ];
    let rest = [
        guarded(&response.page.url).into_owned(),
        guarded(&response.page.title).into_owned(),
        guarded(&response.page.referrer).into_owned(),
        guarded(&response.client.language).into_owned(),
        optional(&response.client.time_zone),
        response.client.device.as_str().to_owned(),
        width.to_string(),
        height.to_string(),
        response.visit.to_string(),
        optional(&response.visitor),
        optional(&response.user),
        serde_json::Value::Object(custom).to_string(),
    ];
    record(bytes, cells.into_iter().chain(of_answer).chain(rest).map(Cow::Owned));
}

fn value(value: &Value) -> String {
    match value {
        Value::Boolean(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Text(text) => guarded(text).into_owned(),
        Value::Options(options) => guarded(&options.join("; ")).into_owned(),
    }
}

/// The text as no spreadsheet takes it for a formula.
fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn record<'a>(bytes: &mut Vec<u8>, cells: impl Iterator<Item = Cow<'a, str>>) {
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(bytes);
    // Writing into memory does not fail.
    let _ = writer.write_record(cells.map(|cell| cell.into_owned()));
    let _ = writer.flush();
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, head, write};
    use sondeo_model::Response;

    fn rows(change: impl FnOnce(&mut Response)) -> Vec<Vec<String>> {
        let golden = include_str!("../../../model/golden/response-completed.json");
        let mut response: Response = serde_json::from_str(golden).expect("a response");
        change(&mut response);
        let mut bytes = head();
        write(&mut bytes, &response);
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
        assert!(rows.iter().all(|row| row.len() == COLUMNS.len() + 1));
        assert_eq!(cell(&rows, 1, "question"), "satisfaction");
        assert_eq!(cell(&rows, 1, "value"), "4");
        assert_eq!(cell(&rows, 2, "value"), "Slow delivery, \"again\"\n\\o/ 🙁 \u{7}");
        assert_eq!(rows[2].last().map(String::as_str), Some("{\"order-id\":\"123\"}"));
    }

    #[test]
    fn a_response_without_answers_is_a_row() {
        let rows = rows(|response| response.answers.clear());
        assert_eq!(rows.len(), 2);
        assert_eq!(cell(&rows, 1, "value"), "");
    }

    #[test]
    fn formulas_are_texts_and_numbers_are_numbers() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=\"a\"\"b\",c\r\n"]
        {
            let rows = rows(|response| {
                response.page.title = formula.to_owned();
                response.answers[1].value = sondeo_model::Value::Text(formula.to_owned());
            });
            assert_eq!(cell(&rows, 2, "title"), format!("'{formula}"));
            assert_eq!(cell(&rows, 2, "value"), format!("'{formula}"));
            assert_eq!(cell(&rows, 1, "elapsed_ms").parse(), Ok(6_878));
        }
    }
}
