//! Statements put together from pieces.

use sqlx::any::{AnyArguments, AnyQueryResult, AnyRow};
use sqlx::{Any, AnyConnection, Arguments, AssertSqlSafe, Encode, Type};
use std::fmt::Write;

/// A statement with numbered parameters (`$1`), which both databases read. What comes from outside is
/// only ever bound: the text is made of constants of this program.
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
        let _ = write!(self.text, "${}", self.arguments.len());
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

    /// Writes `(…, …)`.
    pub(super) fn list<'t, T: Encode<'t, Any> + Type<Any>>(
        &mut self,
        values: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        self.push("(");
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self.push(")")
    }

    pub(super) async fn execute(self, db: &mut AnyConnection) -> sqlx::Result<AnyQueryResult> {
        sqlx::query_with(AssertSqlSafe(self.text), self.arguments).execute(db).await
    }

    pub(super) async fn all(self, db: &mut AnyConnection) -> sqlx::Result<Vec<AnyRow>> {
        sqlx::query_with(AssertSqlSafe(self.text), self.arguments).fetch_all(db).await
    }
}
