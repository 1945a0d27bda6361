//! What `--database` names.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server: `postgres://user:password@host/name`.
    Postgres(String),
}

impl fmt::Display for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(formatter, "{}", file.display()),
            Self::Postgres(url) => formatter.write_str(without_password(url)),
        }
    }
}

/// What of the address may stand in a message.
fn without_password(url: &str) -> &str {
    let rest = url.rsplit_once('@').map_or(url, |(_, rest)| rest);
    rest.split('?').next().unwrap_or(rest).trim_start_matches("postgres://")
}

/// The text names a database that this program cannot use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidDatabase(String);

impl fmt::Display for InvalidDatabase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:?} is neither the path of a SQLite file nor an address of PostgreSQL (try \"sondeo.db\" or \
             \"postgres://sondeo@localhost/sondeo\")",
            self.0
        )
    }
}

impl std::error::Error for InvalidDatabase {}

impl FromStr for Database {
    type Err = InvalidDatabase;

    fn from_str(text: &str) -> Result<Self, InvalidDatabase> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        if text.is_empty() || text.contains("://") || text.starts_with([':', '?']) {
            return Err(InvalidDatabase(text.to_owned()));
        }
        Ok(Self::Sqlite(text.into()))
    }
}
