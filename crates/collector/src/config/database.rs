//! What `--database` names.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Which database. Shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server: `postgres://user:password@host/name`.
    Postgres(String),
}

impl Database {
    /// Takes the right to read its files from strangers on this machine: whoever made them with an earlier version
    /// let everybody read answers and hashes. A right that its group has was given on purpose.
    ///
    /// # Errors
    /// When the files belong to somebody else.
    #[cfg(unix)]
    pub fn make_private(&self) -> std::io::Result<()> {
        use std::fs::{Permissions, metadata, set_permissions};
        use std::os::unix::fs::PermissionsExt;
        let Self::Sqlite(file) = self else { return Ok(()) };
        for suffix in ["", "-wal", "-shm"] {
            let mut name = file.clone().into_os_string();
            name.push(suffix);
            let open_to_all = metadata(&name)
                .is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o007 != 0);
            if open_to_all {
                set_permissions(&name, Permissions::from_mode(0o600))?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(formatter, "{}", file.display()),
            Self::Postgres(url) => formatter.write_str(without_password(url)),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

/// What of an address may stand in a message: host and name.
fn without_password(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.split('?').next().unwrap_or(rest)
}

/// A text that was meant for a database, as it may stand in a message.
pub(super) fn redacted(text: &str) -> String {
    match text.split_once("://") {
        Some((scheme, _)) => format!("{scheme}://{}", without_password(text)),
        // `postgres:u:secret@host` and the like.
        None => text.rsplit_once('@').map_or(text, |(_, rest)| rest).to_owned(),
    }
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
            redacted(&self.0)
        )
    }
}

impl std::error::Error for InvalidDatabase {}

impl FromStr for Database {
    type Err = InvalidDatabase;

    fn from_str(text: &str) -> Result<Self, InvalidDatabase> {
        // A scheme has no case (RFC 3986, section 3.1).
        if let Some((scheme, rest)) = text.split_once("://")
            && let scheme = scheme.to_ascii_lowercase()
            && matches!(&*scheme, "postgres" | "postgresql")
        {
            return Ok(Self::Postgres(format!("{scheme}://{rest}")));
        }
        if text.is_empty() || text.contains("://") || text.starts_with([':', '?']) {
            return Err(InvalidDatabase(text.to_owned()));
        }
        Ok(Self::Sqlite(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::Database;

    #[test]
    fn no_message_holds_a_password() {
        for text in [
            "Postgres://u:s3cret@db.example/sondeo",
            "POSTGRESQL://u:s3cret@db.example/sondeo",
            "postgres://u:s3cr@t-s3cret@db.example/sondeo?password=s3cret",
            "postgres://db.example/sondeo?user=u&password=s3cret",
            "mysql://u:s3cret@db.example/sondeo",
            ":u:s3cret@db.example/sondeo",
        ] {
            let said = match text.parse::<Database>() {
                Ok(database) => format!("{database} {database:?}"),
                Err(error) => error.to_string(),
            };
            assert!(said.contains("db.example/sondeo") && !said.contains("s3cret"), "{said}");
        }
    }
}
