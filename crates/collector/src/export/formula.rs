//! Texts that no spreadsheet takes for a formula.
//!
//! A spreadsheet takes a cell that begins with `=` for a formula, and quotes do not stop it. Such a text gets an
//! apostrophe in front, which spreadsheets take for "this is text" (OWASP, CSV injection). A file that is opened with
//! another separator than it was written with has further cells, and further lines: what would begin one of them is
//! treated alike. [`unguarded`] takes exactly these apostrophes away again.

use std::borrow::Cow;

/// What a formula begins with; the last four are the same in the width of Chinese characters, which Excel reads, too.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// What spreadsheets split lines and cells at, in one country or another.
const BORDERS: [char; 6] = [',', ';', '\t', '|', '\n', '\r'];

/// Where a formula could begin, in a file whose separator is this.
fn places(text: &str, separator: char) -> impl Iterator<Item = usize> {
    let start = text.len() - text.trim_start_matches([' ', '\u{a0}']).len();
    let inside =
        text.match_indices(BORDERS).filter(move |(_, border)| !border.starts_with(separator));
    let inside = inside.map(|(place, border)| place + border.len());
    std::iter::once(start).chain(inside).filter(move |&place| {
        // Quotes in front end a quoted cell before it begins, where the separator is another one.
        let begun = text[place..].trim_start_matches(['\'', '"']);
        let is_blank = place == start && begun.starts_with(['\t', '\r', '\n']);
        begun.starts_with(FORMULA) || is_blank
    })
}

/// The text as a cell of a file with this separator.
pub(super) fn guarded(text: &str, separator: char) -> Cow<'_, str> {
    let mut guarded = String::new();
    let mut done = 0;
    for place in places(text, separator) {
        guarded.push_str(&text[done..place]);
        guarded.push('\'');
        done = place;
    }
    if guarded.is_empty() {
        return Cow::Borrowed(text);
    }
    guarded.push_str(&text[done..]);
    Cow::Owned(guarded)
}

/// The text that was written as this cell.
pub(crate) fn unguarded(cell: &str, separator: char) -> String {
    let mut text = String::new();
    let mut done = 0;
    for place in places(cell, separator) {
        if cell[place..].starts_with('\'') {
            text.push_str(&cell[done..place]);
            done = place + 1;
        }
    }
    text.push_str(&cell[done..]);
    text
}

#[cfg(test)]
mod tests {
    use super::{BORDERS, FORMULA, guarded, unguarded};
    use proptest::prelude::*;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("  -5 °C", "  '-5 °C"),
            ("'=1", "''=1"),
            ("\"=1", "'\"=1"),
            ("a;=1", "a;'=1"),
            ("a\n@b", "a\n'@b"),
            ("\tx", "'\tx"),
            ("＝1", "'＝1"),
            ("10,- Euro", "10,- Euro"),
            ("a = b; c - d", "a = b; c - d"),
            ("it's", "it's"),
            ("", ""),
        ] {
            assert_eq!(guarded(text, ','), cell);
            assert_eq!(unguarded(cell, ','), text);
        }
        assert_eq!(guarded("10,- Euro", ';'), "10,'- Euro");
        assert_eq!(unguarded("=1", ','), "=1", "a file that was not written here");
    }

    proptest! {
        #[test]
        fn no_cell_of_any_country_is_a_formula(text in "[=+@＝'\",;|\\t\\n\\r a-]{0,20}", place in 0_usize..3) {
            let separator = [',', ';', '\t'][place];
            let cell = guarded(&text, separator);
            prop_assert_eq!(unguarded(&cell, separator), text.as_str());
            prop_assert!(!cell.trim_start().trim_start_matches('"').starts_with(FORMULA));
            for border in BORDERS.into_iter().filter(|border| *border != separator) {
                for part in cell.split(border).skip(1) {
                    prop_assert!(!part.trim_start_matches('"').starts_with(FORMULA), "{cell:?}");
                }
            }
        }
    }
}
