use super::problems;
use crate::{Document, Locale};

/// Expects these problems of a file, by place, in English and Spanish.
#[track_caller]
fn check(text: &str, expected: &[[&str; 3]]) {
    let document = Document::open(text).expect("JSON");
    for (at, locale) in Locale::ALL.into_iter().enumerate() {
        let found = problems(&document, locale);
        let found: Vec<_> =
            found.iter().map(|it| [it.path.as_str(), it.message.as_str()]).collect();
        let expected: Vec<_> = expected.iter().map(|it| [it[0], it[at + 1]]).collect();
        assert_eq!(found, expected, "{text}");
    }
}
