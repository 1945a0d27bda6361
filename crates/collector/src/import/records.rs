//! The rows of a table one by one, as bytes: a row that cannot be read is no end of the table, and none takes more memory
//! than it may.

use std::io::{self, BufRead};

/// The rows of a table that is being read.
pub(super) struct Records<R> {
    reader: R,
    separator: u8,
    longest: usize,
    /// Of the next byte; the first line is 1.
    line: u64,
}

/// A row as it is written, without its end.
pub(super) struct Record {
    /// The line at which it begins.
    pub(super) line: u64,
    pub(super) bytes: Vec<u8>,
    /// It is longer than that.
    pub(super) is_cut: bool,
}

/// Where in a row a byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    CellStart,
    Plain,
    Quoted,
    /// After a quote in a quoted cell: a second one is a letter, anything else follows the end of the quotes.
    QuoteEnd,
}

impl<R: BufRead> Records<R> {
    /// Of each row, so many bytes are kept.
    pub(super) fn new(reader: R, separator: u8, longest: usize) -> Self {
        Self { reader, separator, longest, line: 1 }
    }

    /// The next row that is not empty; none at the end of the table.
    pub(super) fn next(&mut self) -> io::Result<Option<Record>> {
        let mut record = Record { line: self.line, bytes: Vec::new(), is_cut: false };
        let mut at = At::CellStart;
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(Some(record).filter(|it| !it.bytes.is_empty()));
            }
            let mut used = 0;
            let mut is_over = false;
            for &byte in buffer {
                used += 1;
                self.line += u64::from(byte == b'\n');
                at = match (at, byte) {
                    (At::Quoted, b'"') => At::QuoteEnd,
                    (At::Quoted, _) | (At::QuoteEnd | At::CellStart, b'"') => At::Quoted,
                    (_, b'\n' | b'\r') => {
                        is_over = true;
                        break;
                    }
                    (_, byte) if byte == self.separator => At::CellStart,
                    _ => At::Plain,
                };
                if record.bytes.len() < self.longest {
                    record.bytes.push(byte);
                } else {
                    record.is_cut = true;
                }
            }
            self.reader.consume(used);
            if is_over && record.bytes.is_empty() {
                record.line = self.line;
            } else if is_over {
                return Ok(Some(record));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Records;

    #[test]
    fn rows_are_told_apart_as_they_are_written() {
        let table = "a;\"b\r\n\"\"c\"\r\n\n\nd;5\" e\nlonger than ten\n\"x\" \"y;\nlast";
        let mut records = Records::new(table.as_bytes(), b';', 10);
        let mut found = Vec::new();
        while let Some(record) = records.next().expect("a row") {
            let text = String::from_utf8(record.bytes).expect("UTF-8");
            found.push((record.line, text, record.is_cut));
        }
        let row = |line, text: &str, is_cut| (line, text.to_owned(), is_cut);
        let expected = [
            row(1, "a;\"b\r\n\"\"c\"", false),
            row(5, "d;5\" e", false),
            row(6, "longer tha", true),
            row(7, "\"x\" \"y;", false),
            row(8, "last", false),
        ];
        assert_eq!(found, expected);
    }
}
