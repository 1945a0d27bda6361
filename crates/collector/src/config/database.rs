//! What `--database` names.
//!
//! An address holds a password. No message repeats a part of it, and none of it is ever looked up as a host: an
//! address that can be read in two ways is refused before anything is asked of a network.

use clap::builder::{StringValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command};
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use url::Url;

/// Which database. Shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(PostgresAddress),
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

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

/// Whether a text could be the address of a database, with a password in it.
pub(super) fn may_be_address(text: &str) -> bool {
    text.contains('@') || text.contains("://")
}

/// What connections of libpq are told in words.
const LIBPQ_WORDS: [&str; 8] =
    ["host", "hostaddr", "port", "user", "password", "pgpassword", "dbname", "service"];

/// Whether a text without `://` begins as an address does, or is in libpq's words (`host=db password=…`): a slip, and no
/// file's name.
fn is_half_an_address(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut words = lower.split_whitespace().filter_map(|word| word.split_once('='));
    if words.any(|(name, _)| LIBPQ_WORDS.contains(&name)) {
        return true;
    }
    let rest = lower.strip_prefix("postgresql").or_else(|| lower.strip_prefix("postgres"));
    rest.is_some_and(|rest| {
        rest.starts_with(':') || rest.starts_with("//") || rest.starts_with(";//")
    })
}

/// A path, as it may stand in a message: what looks like a user and a password before an `@` is left out.
pub(super) fn shown_path(path: &Path) -> String {
    let text = path.display().to_string();
    match text.rsplit_once('@') {
        _ if text.contains("://") => redacted(&text),
        Some((before, _)) if before.contains(':') => redacted(&text),
        _ => text,
    }
}

/// A text that was meant for a database, as it may stand in a message.
pub(super) fn redacted(text: &str) -> String {
    let of_address = |rest: &str| {
        let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
        rest.split('?').next().unwrap_or(rest).to_owned()
    };
    // The words of libpq, and of others: half of them is a password.
    let lower = text.to_ascii_lowercase();
    if ["password", "pwd"].iter().any(|word| lower.contains(word)) {
        return "…".to_owned();
    }
    match text.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", of_address(rest)),
        // `postgres:u:secret@host` and the like.
        None => text.rsplit_once('@').map_or(text, |(_, rest)| rest).to_owned(),
    }
}

/// The address of a PostgreSQL database: `postgres://user:password@host/name`.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresAddress(Url);

impl PostgresAddress {
    /// The whole address, with the password.
    pub(crate) fn with_password(&self) -> &Url {
        &self.0
    }

    /// The socket's folder or the host and port that the address names, without a word about the user.
    #[must_use]
    pub fn server(&self) -> String {
        let of_query = |name: &str| {
            let found = self.0.query_pairs().find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned())
        };
        let host = of_query("host").or_else(|| of_query("hostaddr"));
        let host = host.or_else(|| self.0.host_str().map(decoded)).filter(|host| !host.is_empty());
        let host = host.unwrap_or_else(|| "localhost".to_owned());
        if host.starts_with('/') {
            return host;
        }
        let port = of_query("port").or_else(|| self.0.port().map(|port| port.to_string()));
        port.map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PostgresAddress({self})")
    }
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.server(), decoded(self.0.path()))
    }
}

impl fmt::Display for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => formatter.write_str(&shown_path(file)),
            Self::Postgres(address) => fmt::Display::fmt(address, formatter),
        }
    }
}

/// The text names a database that this program cannot use. The message holds no password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidDatabase(String);

impl fmt::Display for InvalidDatabase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for InvalidDatabase {}

impl FromStr for Database {
    type Err = InvalidDatabase;

    fn from_str(text: &str) -> Result<Self, InvalidDatabase> {
        // A scheme has no case (RFC 3986, section 3.1).
        if let Some((scheme, rest)) = text.split_once("://")
            && matches!(&*scheme.to_ascii_lowercase(), "postgres" | "postgresql")
        {
            return postgres(rest).map(Self::Postgres);
        }
        if text.is_empty()
            || text.contains("://")
            || text.starts_with([':', '?'])
            || is_half_an_address(text)
        {
            return Err(InvalidDatabase(format!(
                "{:?} is neither the path of a SQLite file nor an address of PostgreSQL (try \"sondeo.db\" or \
                 \"postgres://sondeo@localhost/sondeo\")",
                redacted(text)
            )));
        }
        Ok(Self::Sqlite(text.into()))
    }
}

/// Reads what follows `postgres://`.
fn postgres(rest: &str) -> Result<PostgresAddress, InvalidDatabase> {
    let (authority, after) = match rest.find(['/', '?', '#']) {
        Some(end) => rest.split_at(end),
        None => (rest, ""),
    };
    let (path, query) = after.split_once('?').unwrap_or((after, ""));
    if rest.contains('#') {
        return Err(ambiguous("holds a \"#\""));
    }
    // Whatever ends the user's part too early leaves the "@" behind.
    if path.contains('@') {
        return Err(ambiguous("holds an \"@\" after a \"/\""));
    }
    if query.contains('@') {
        return Err(ambiguous("holds an \"@\" after a \"?\""));
    }
    if let Some(place) = rest.find(|c: char| c.is_ascii_control()) {
        return Err(ambiguous(&format!("holds a control character at place {place}")));
    }
    if let Some(broken) = broken_escape(rest) {
        return Err(ambiguous(&format!("holds a \"%\" that begins no \"%XX\", {broken}")));
    }
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    if percent_encoding::percent_decode_str(user).decode_utf8().is_err() {
        return Err(ambiguous("has percent-encoded bytes that are not UTF-8"));
    }
    let url = Url::parse(&format!("postgres://{rest}"));
    url.map(PostgresAddress).map_err(|_| ambiguous("has no host and port that can be read"))
}

/// Where a `%` is that two hexadecimal digits do not follow.
fn broken_escape(text: &str) -> Option<&'static str> {
    let (user, rest) = text.rsplit_once('@').unwrap_or(("", text));
    let is_broken = |text: &str| {
        let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
        let bytes = text.as_bytes();
        bytes.iter().enumerate().any(|(place, byte)| {
            *byte == b'%' && !(is_digit(bytes.get(place + 1)) && is_digit(bytes.get(place + 2)))
        })
    };
    if is_broken(user) {
        return Some("before the \"@\"");
    }
    is_broken(rest).then_some("in its host, name or options")
}

fn ambiguous(what: &str) -> InvalidDatabase {
    InvalidDatabase(format!(
        "the address of PostgreSQL {what}: write a user and a password percent-encoded (\"%23\" for \"#\", \"%25\" \
         for \"%\", \"%2F\" for \"/\", \"%3F\" for \"?\", \"%40\" for \"@\"), as in \
         \"postgres://sondeo:p%40ss@localhost/sondeo\""
    ))
}

/// Reads the option without repeating it in an error, as clap would.
#[derive(Debug, Clone, Copy)]
pub(super) struct DatabaseParser;

impl TypedValueParser for DatabaseParser {
    type Value = Database;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Database, clap::Error> {
        let text = StringValueParser::new().parse_ref(command, argument, value)?;
        text.parse().map_err(|error: InvalidDatabase| {
            let message = format!("--database: {error}\n");
            clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Database;
    use proptest::prelude::*;

    #[test]
    fn no_message_holds_a_password() {
        for text in [
            "Postgres://u:s3cret@db.example/sondeo",
            "POSTGRESQL://u:s3cret@db.example/sondeo",
            "postgres://u:s3cr@t-s3cret@db.example/sondeo?password=s3cret",
            "postgres://db.example/sondeo?user=u&password=s3cret",
            "mysql://u:s3cret@db.example/sondeo",
            ":u:s3cret@db.example/sondeo",
            "postgres:u:s3cret@db.example/sondeo",
            "Postgres//u:s3cret@db.example/sondeo",
            "u:s3cret@db.example/sondeo",
            "postgre:/u:s3cr@t-s3cret@db.example/sondeo",
        ] {
            let said = match text.parse::<Database>() {
                Ok(database) => format!("{database} {database:?}"),
                Err(error) => error.to_string(),
            };
            assert!(said.contains("db.example/sondeo") && !said.contains("s3cret"), "{said}");
        }
    }

    #[track_caller]
    fn check(text: &str, shown: &str) {
        let database: Database = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(database.to_string(), shown);
    }

    #[test]
    fn files_and_addresses_are_told_apart() {
        check("sondeo.db", "sondeo.db");
        check("/var/lib/sondeo/a#b@c?.db", "/var/lib/sondeo/a#b@c?.db");
        check("postgres://sondeo@localhost/sondeo", "localhost/sondeo");
        check("postgresql://ana:secret@db.example:6432/x?sslmode=require", "db.example:6432/x");
        check("postgres://ana:p%40ss%2F@db.example/x", "db.example/x");
        check("postgres://ana:p@ss@db.example/x", "db.example/x");
        check("postgres://sondeo@localhost/x?host=%2Frun%2Fpostgresql", "/run/postgresql/x");
        check("postgres://%2Frun%2Fpostgresql/x", "/run/postgresql/x");
        check("postgres:///x?user=ana%40azure&host=db.example&port=99", "db.example:99/x");
        check("postgres://ana:[s]:e c^r|e`t\\@db.example/x", "db.example/x");
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused_without_a_word_of_the_password() {
        for password in [
            "s#cret", "s/cret", "12/cret", "s?cret", "12?cret", "@/cret", "12@?cret", "#", "%",
            "%zz", "100%", "%ff%fe", "@?a=b", "@h?a=b", "se\tcret", "a@b/c@d", "?a=b", "/?a#@",
        ] {
            let text = format!("postgres://ana:{password}@db.example/x");
            let error = text.parse::<Database>().expect_err(&text).to_string();
            assert!(error.contains("percent-encoded"), "{text}: {error}");
            assert!(!error.contains("cret"), "{text}: {error}");
        }
        for text in ["", ":memory:", "mysql://ana:cret@db/x", "?x"] {
            let error = text.parse::<Database>().expect_err(text).to_string();
            assert!(error.contains("(try \"sondeo.db\" or") && !error.contains("cret"), "{error}");
        }
    }

    proptest! {
        /// Any password either is taken as it is, or is refused; no part of it becomes a host.
        #[test]
        fn no_part_of_a_password_is_a_host(password in "[ -~é\\t]{0,12}") {
            let text = format!("postgres://ana:{password}@db.example/x");
            if let Ok(Database::Postgres(address)) = text.parse() {
                prop_assert_eq!(address.server(), "db.example");
            }
        }

        /// Encoded, every password is taken.
        #[test]
        fn an_encoded_password_is_taken(password in "\\PC{1,12}") {
            let encoded: String =
                percent_encoding::utf8_percent_encode(&password, percent_encoding::NON_ALPHANUMERIC).collect();
            let Ok(Database::Postgres(address)) =
                format!("postgres://ana:{encoded}@db.example/x").parse()
            else {
                panic!("{encoded} is refused")
            };
            let taken = address.with_password().password().map(super::decoded);
            prop_assert_eq!(taken.as_deref(), Some(&*password));
            // What is shown is the same for every password: one letter may stand in the rest of the address, too.
            let Ok(Database::Postgres(other)) = "postgres://ana:other@db.example/x".parse() else {
                panic!("it is refused")
            };
            prop_assert_eq!(address.to_string(), other.to_string());
        }
    }
}
