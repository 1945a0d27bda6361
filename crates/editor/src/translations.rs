//! All texts of a survey as a table, and that table as CSV, out and in again.

use crate::texts::{self, Role, said_in};
use crate::{Document, Locale, Value};
use std::fmt;

/// A row for each text, a column for each language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The tags of the columns, the main language first.
    pub languages: Vec<String>,
    /// The texts, in the order in which visitors meet them.
    pub rows: Vec<Row>,
}

/// One text in all languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Names the text by ids, so that a survey may be rearranged while somebody translates it:
    /// `questions/satisfaction/text`.
    pub key: String,
    /// Where it stands in the file.
    pub pointer: String,
    /// What it is.
    pub role: Role,
    /// What it says, for each of the languages; `None` where that is missing.
    pub texts: Vec<Option<String>>,
}

/// Why a table cannot be taken. Nothing of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError {
    /// The row as a spreadsheet counts them, from 1, the heading included.
    pub row: usize,
    /// The column, from 1; 0 where the whole row is meant.
    pub column: usize,
    /// What is wrong.
    pub reason: TableProblem,
}

/// What can be wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableProblem {
    /// There is nothing in it.
    Empty,
    /// The heading does not begin with the column of the keys.
    NoKeys(String),
    /// A heading is no tag of a language.
    NoLanguage(String),
    /// Two columns are of the same language.
    RepeatedLanguage(String),
    /// No text of the survey has this key.
    UnknownKey(String),
    /// Two rows are of the same text.
    RepeatedKey(String),
    /// The row has another number of cells than the heading.
    Cells {
        /// How many there are.
        found: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// It is no table, or not in UTF-8.
    Unreadable(String),
}

impl TableError {
    fn at(row: usize, column: usize, reason: TableProblem) -> Self {
        Self { row, column, reason }
    }

    /// Where and what, and what would be right.
    #[must_use]
    pub fn sentence(&self, locale: Locale) -> String {
        let (row, column) = (self.row, self.column);
        let place = match column {
            0 => locale.pick(format!("Row {row}"), format!("Fila {row}")),
            _ => locale.pick(
                format!("Row {row}, column {column}"),
                format!("Fila {row}, columna {column}"),
            ),
        };
        let reason = match &self.reason {
            TableProblem::Empty => locale
                .pick("the file is empty (export the table first)", "el archivo está vacío (exporta antes la tabla)")
                .to_owned(),
            TableProblem::NoKeys(found) => locale.pick(
                format!("“{found}” should be “{KEY}”, the heading of the first column"),
                format!("«{found}» debería ser «{KEY}», el encabezado de la primera columna"),
            ),
            TableProblem::NoLanguage(found) => locale.pick(
                format!("“{found}” is no language tag (try “es”)"),
                format!("«{found}» no es una etiqueta de idioma (prueba «es»)"),
            ),
            TableProblem::RepeatedLanguage(tag) => locale.pick(
                format!("“{tag}” has a column already"),
                format!("«{tag}» ya tiene una columna"),
            ),
            TableProblem::UnknownKey(key) => locale.pick(
                format!("“{key}” is no text of this survey (it may be removed or have another id now)"),
                format!("«{key}» no es un texto de esta encuesta (puede que ya no exista o tenga otro id)"),
            ),
            TableProblem::RepeatedKey(key) => {
                locale.pick(format!("“{key}” has a row already"), format!("«{key}» ya tiene una fila"))
            }
            TableProblem::Cells { found, wanted } => locale.pick(
                format!("there are {found} cells, but {wanted} headings"),
                format!("hay {found} celdas, pero {wanted} encabezados"),
            ),
            TableProblem::Unreadable(why) => locale.pick(
                format!("this cannot be read as a table: {why}"),
                format!("esto no se puede leer como tabla (en inglés: {why})"),
            ),
        };
        format!("{place}: {reason}.")
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence(Locale::English))
    }
}

impl std::error::Error for TableError {}

/// The heading of the first column.
const KEY: &str = "text";
/// The heading of the second column, which is for people and not read again.
const WHAT: &str = "what";
/// By this spreadsheets know that a file is in UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The table of a survey's texts, with columns for further languages that are to come.
#[must_use]
pub fn table(survey: &Value, further: &[&str]) -> Table {
    let mut languages = texts::languages(survey);
    if languages.is_empty() {
        languages.push(texts::main_language(survey));
    }
    for tag in further {
        if !languages.iter().any(|known| known == tag) {
            languages.push((*tag).to_owned());
        }
    }
    let main = texts::main_language(survey);
    let row = |field: texts::TextField| {
        let text = survey.at(&field.pointer);
        let said = |tag: &String| Some(said_in(text?, tag, &main)?.to_owned());
        Row {
            key: key(survey, &field.pointer),
            texts: languages.iter().map(said).collect(),
            pointer: field.pointer,
            role: field.role,
        }
    };
    let rows = texts::fields(survey).into_iter().map(row).collect();
    Table { languages, rows }
}

/// The pointer with ids in place of numbers, where things have ids.
fn key(survey: &Value, pointer: &str) -> String {
    let mut here = survey;
    let mut key = Vec::new();
    for part in crate::pointer::parts(pointer) {
        let is_entry = matches!(here, Value::List(_));
        let next = if is_entry {
            part.parse::<usize>().ok().and_then(|at| here.entries().get(at))
        } else {
            here.get(&part)
        };
        let Some(next) = next else { break };
        let same =
            |id: &str| here.entries().iter().filter(|it| it.text_of("id") == Some(id)).count();
        key.push(match next.text_of("id").filter(|id| is_entry && same(id) == 1) {
            Some(id) => id.to_owned(),
            // People count from one.
            None if is_entry => format!("#{}", part.parse::<usize>().unwrap_or_default() + 1),
            None => part,
        });
        here = next;
    }
    key.join("/")
}

/// The table as CSV: for spreadsheets, and for translators' tools.
#[must_use]
pub fn to_csv(survey: &Value, further: &[&str], locale: Locale) -> String {
    let table = table(survey, further);
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let heading = [KEY, WHAT].into_iter().chain(table.languages.iter().map(String::as_str));
    let mut rows = vec![heading.map(str::to_owned).collect::<Vec<_>>()];
    for row in table.rows {
        let texts = row.texts.into_iter().map(|text| guarded(&text.unwrap_or_default()));
        rows.push([row.key, row.role.name(locale)].into_iter().chain(texts).collect());
    }
    for row in rows {
        // Into memory, and all rows have the same number of cells: nothing can fail.
        let _ = writer.write_record(row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    [BYTE_ORDER_MARK.to_string(), String::from_utf8_lossy(&bytes).into_owned()].concat()
}

/// A spreadsheet takes texts that begin so for formulas, and runs them.
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '\''];

fn guarded(text: &str) -> String {
    if text.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() }
}

fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| text.starts_with(FORMULA)).unwrap_or(cell)
}

/// Takes the texts of a table, as one step of undo. An empty cell leaves its text as it is. Returns how many texts were
/// changed.
///
/// # Errors
/// The first thing that is wrong, with its place; nothing is taken then.
pub fn from_csv(document: &mut Document, text: &str) -> Result<usize, TableError> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let heading = text.lines().next().unwrap_or_default();
    // Spreadsheets write what is usual where they run.
    let count = |byte: u8| heading.bytes().filter(|it| *it == byte).count();
    let delimiter =
        [b',', b';', b'\t'].into_iter().rev().max_by_key(|it| count(*it)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut records = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let unreadable = |error: csv::Error| {
            TableError::at(at + 1, 0, TableProblem::Unreadable(error.to_string()))
        };
        records.push(record.map_err(unreadable)?);
    }
    // A spreadsheet leaves empty rows behind.
    let is_blank = |record: &csv::StringRecord| record.iter().all(|cell| cell.trim().is_empty());
    let Some(heading) = records.first().filter(|it| !is_blank(it)) else {
        return Err(TableError::at(1, 0, TableProblem::Empty));
    };
    let columns = columns(heading)?;
    let main = texts::main_language(document.value());
    let table = table(document.value(), &[]);
    let mut seen: Vec<&str> = Vec::new();
    let mut changes = Vec::new();
    for (at, record) in records.iter().enumerate().skip(1).filter(|(_, record)| !is_blank(record)) {
        let error = |column, reason| TableError::at(at + 1, column, reason);
        if record.len() != heading.len() {
            let (found, wanted) = (record.len(), heading.len());
            return Err(error(0, TableProblem::Cells { found, wanted }));
        }
        let key = record.get(0).unwrap_or_default().trim();
        let Some(row) = table.rows.iter().find(|row| row.key == key) else {
            return Err(error(1, TableProblem::UnknownKey(key.to_owned())));
        };
        if seen.contains(&key) {
            return Err(error(1, TableProblem::RepeatedKey(key.to_owned())));
        }
        seen.push(key);
        for (column, tag) in &columns {
            let cell = unguarded(record.get(*column).unwrap_or_default());
            let known = document.get(&row.pointer).and_then(|text| said_in(text, tag, &main));
            if !cell.trim().is_empty() && known != Some(cell) {
                changes.push((row.pointer.clone(), tag.clone(), cell.to_owned()));
            }
        }
    }
    let count = changes.len();
    let taken = document.change(|root| {
        let is_in_one = texts::languages(root).len() < 2;
        for (pointer, tag, words) in changes {
            let text = texts::with_text(root.at(&pointer), &main, is_in_one, &tag, &words);
            crate::document::put(root, &pointer, text)?;
        }
        Ok::<_, crate::EditError>(Vec::new())
    });
    // Every pointer was just found in the file.
    Ok(taken.map_or(0, |_| count))
}

/// The columns of languages, with their tags.
fn columns(heading: &csv::StringRecord) -> Result<Vec<(usize, String)>, TableError> {
    let first = heading.get(0).unwrap_or_default().trim();
    if first != KEY {
        return Err(TableError::at(1, 1, TableProblem::NoKeys(first.to_owned())));
    }
    let mut columns: Vec<(usize, String)> = Vec::new();
    for (at, tag) in heading.iter().enumerate().skip(1) {
        let tag = tag.trim();
        if tag == WHAT {
            continue;
        }
        let reason = if !sondeo_model::Language::is_tag(tag) {
            TableProblem::NoLanguage(tag.to_owned())
        } else if columns.iter().any(|(_, known)| known == tag) {
            TableProblem::RepeatedLanguage(tag.to_owned())
        } else {
            columns.push((at, tag.to_owned()));
            continue;
        };
        return Err(TableError::at(1, at + 1, reason));
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::{from_csv, table, to_csv};
    use crate::{Document, Locale};
    use proptest::prelude::*;

    const FILE: &str = r#"{"id": "a", "questions": [
  {"id": "why", "kind": "choice", "text": {"en": "Why, \"exactly\"?", "es": "¿Por qué?"}, "options": [
    {"id": "price", "text": {"en": "=Price", "es": "Precio;\nalto"}}, {"id": "z", "text": {"en": "Other"}}]},
  {"id": "how", "kind": "likert", "text": {"en": "How?"}, "labels": ["Bad", "Good"], "points": 2}],
  "thanks": {"en": "'Thanks", "es": "Gracias"}}
"#;

    #[test]
    fn a_table_marks_what_is_missing() {
        let document = Document::open(FILE).expect("JSON");
        let table = table(document.value(), &["fr"]);
        assert_eq!(table.languages, ["en", "es", "fr"]);
        let rows: Vec<_> = table
            .rows
            .iter()
            .map(|row| {
                (row.key.as_str(), row.texts.iter().map(Option::is_some).collect::<Vec<_>>())
            })
            .collect();
        let (both, english) = (vec![true, true, false], vec![true, false, false]);
        assert_eq!(
            rows,
            [
                ("questions/why/text", both.clone()),
                ("questions/why/options/price/text", both.clone()),
                ("questions/why/options/z/text", english.clone()),
                ("questions/how/text", english.clone()),
                ("questions/how/labels/#1", english.clone()),
                ("questions/how/labels/#2", english),
                ("thanks", both),
            ]
        );
    }

    #[test]
    fn out_and_in_again_is_the_same_file() {
        let mut document = Document::open(FILE).expect("JSON");
        for locale in Locale::ALL {
            let csv = to_csv(document.value(), &["fr"], locale);
            assert!(csv.contains("\r\n") && csv.contains("'=Price"), "{csv}");
            assert_eq!(from_csv(&mut document, &csv), Ok(0));
            // As spreadsheets write it where the comma is for decimals.
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
            let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
            for record in reader.records() {
                writer.write_record(&record.expect("a row")).expect("a row");
            }
            let csv = String::from_utf8(writer.into_inner().expect("bytes")).expect("UTF-8");
            assert_eq!(from_csv(&mut document, &csv), Ok(0));
        }
        assert_eq!(document.text(), FILE);
        assert!(!document.can_undo());
    }

    #[test]
    fn translations_come_in_as_one_step() {
        let mut document = Document::open(FILE).expect("JSON");
        let csv = "text,fr,es\nthanks,Merci,\nquestions/how/text,Comment ?,¿Cómo?\n,,\n";
        assert_eq!(from_csv(&mut document, csv), Ok(3));
        assert_eq!(document.text_at("/thanks/fr"), "Merci");
        assert_eq!(document.text_at("/thanks/es"), "Gracias");
        assert_eq!(document.text_at("/questions/1/text/es"), "¿Cómo?");
        assert!(document.undo());
        assert_eq!(document.text(), FILE);
    }

    #[track_caller]
    fn refused(csv: &str, english: &str, spanish: &str) {
        let mut document = Document::open(FILE).expect("JSON");
        let error = from_csv(&mut document, csv).expect_err("an error");
        assert_eq!(error.sentence(Locale::English), english);
        assert_eq!(error.sentence(Locale::Spanish), spanish);
        assert_eq!(document.text(), FILE);
    }

    #[test]
    fn a_wrong_table_changes_nothing_and_says_where() {
        refused(
            "",
            "Row 1: the file is empty (export the table first).",
            "Fila 1: el archivo está vacío (exporta antes la tabla).",
        );
        refused(
            "key,en\n",
            "Row 1, column 1: “key” should be “text”, the heading of the first column.",
            "Fila 1, columna 1: «key» debería ser «text», el encabezado de la primera columna.",
        );
        refused(
            "text,what,Spanish!\n",
            "Row 1, column 3: “Spanish!” is no language tag (try “es”).",
            "Fila 1, columna 3: «Spanish!» no es una etiqueta de idioma (prueba «es»).",
        );
        refused(
            "text,es,es\n",
            "Row 1, column 3: “es” has a column already.",
            "Fila 1, columna 3: «es» ya tiene una columna.",
        );
        refused(
            "text,es\nthanks,Hola\ngone,x\n",
            "Row 3, column 1: “gone” is no text of this survey (it may be removed or have another id now).",
            "Fila 3, columna 1: «gone» no es un texto de esta encuesta (puede que ya no exista o tenga otro id).",
        );
        refused(
            "text,es\nthanks,Hola\nthanks,x\n",
            "Row 3, column 1: “thanks” has a row already.",
            "Fila 3, columna 1: «thanks» ya tiene una fila.",
        );
        refused(
            "text,es\nthanks,Hola,y más\n",
            "Row 2: there are 3 cells, but 2 headings.",
            "Fila 2: hay 3 celdas, pero 2 encabezados.",
        );
    }

    proptest! {
        #[test]
        fn every_text_survives_a_spreadsheet(text in "\\PC{1,20}", other in "[=+@'\",;\\n\\t -]{0,4}[a-z]") {
            let mut document = Document::new(crate::Value::object([("thanks", crate::Value::object([("en", text), ("es", other)]))]));
            let before = document.text();
            let csv = to_csv(document.value(), &[], Locale::English);
            prop_assert_eq!(from_csv(&mut document, &csv), Ok(0), "{}", csv);
            prop_assert_eq!(document.text(), before);
        }
    }
}
