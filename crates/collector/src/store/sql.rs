//! Statements put together from parts.

use super::connection::Connection;
use sqlx::any::{AnyArguments, AnyQueryResult, AnyRow};
use sqlx::{Any, Arguments, Encode, Type};
use std::fmt::Write;

/// Rows that one statement writes, the largest first. Few sizes, so that each is prepared once and found
/// again.
const SIZES: [usize; 8] = [128, 64, 32, 16, 8, 4, 2, 1];

/// A statement with parameters. What comes from outside is only ever bound: the text is made of constants
/// of this program.
///
/// Parameters are written `?` for SQLite and `$1` for PostgreSQL. SQLite reads `$1`, too, but as a name that
/// it looks for among all others, each time that a value is bound: of a thousand values, that is most of
/// the time.
pub(super) struct Sql {
    text: String,
    arguments: AnyArguments,
}

impl Sql {
    pub(super) fn new(text: &'static str) -> Self {
        Self { text: text.to_owned(), arguments: AnyArguments::default() }
    }

    pub(super) fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Writes a parameter and binds its value.
    pub(super) fn bind<'t>(&mut self, value: impl Encode<'t, Any> + Type<Any>) -> &mut Self {
        // Texts, numbers and bytes are always encoded.
        let _ = self.arguments.add(value);
        self.text.push('?');
        self
    }

    /// Writes `(…), (…)`, a bracket for each row.
    pub(super) fn rows<R>(
        &mut self,
        rows: impl IntoIterator<Item = R>,
        mut row: impl FnMut(&mut Self, R),
    ) -> &mut Self {
        for (index, values) in rows.into_iter().enumerate() {
            self.push(if index == 0 { "(" } else { ", (" });
            row(self, values);
            self.push(")");
        }
        self
    }

    /// Writes `(…, …)`. The last value may stand there several times: see [`SIZES`] for why.
    pub(super) fn list<'t, T: Clone + Encode<'t, Any> + Type<Any>>(
        &mut self,
        values: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        self.push("(");
        let (mut count, mut last) = (0_usize, None);
        let mut bind = |sql: &mut Self, value: T| {
            if count > 0 {
                sql.push(", ");
            }
            sql.bind(value);
            count += 1;
        };
        for value in values {
            bind(self, value.clone());
            last = Some(value);
        }
        if let Some(last) = last {
            for _ in count..count.next_power_of_two() {
                self.push(", ").bind(last.clone());
            }
        }
        self.push(")")
    }

    pub(super) async fn execute(self, db: &mut Connection) -> sqlx::Result<AnyQueryResult> {
        let text = self.text_for(db);
        db.execute(text, self.arguments).await
    }

    pub(super) async fn all(self, db: &mut Connection) -> sqlx::Result<Vec<AnyRow>> {
        let text = self.text_for(db);
        db.all(text, self.arguments).await
    }

    fn text_for(&self, db: &Connection) -> String {
        if db.backend_name() == "SQLite" {
            return self.text.clone();
        }
        let mut text = String::with_capacity(self.text.len() * 2);
        for (index, part) in self.text.split('?').enumerate() {
            if index > 0 {
                let _ = write!(text, "${index}");
            }
            text.push_str(part);
        }
        text
    }
}

/// The rows in chunks of few sizes, one for each statement.
pub(super) fn chunks<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|&size| size <= rows.len())?;
        let (chunk, rest) = rows.split_at(size);
        rows = rest;
        Some(chunk)
    })
}
