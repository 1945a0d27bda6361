//! The command line. Every option of `serve` is also an environment variable.

use crate::cors::OriginRule;
use crate::sites::Site;
use crate::store::{Scope, Scopes, Settings};
use crate::tokens::DEFAULT_LABEL;
use clap::{Args, Parser, Subcommand};
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// Sondeo's collector: stores every response once, and serves the widget.
#[derive(Debug, Parser)]
#[command(name = "sondeo-collector", version, about)]
pub struct Config {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Take responses and serve the widget, until it is interrupted
    Serve(Serve),
    /// Make a token for reading, and print it; only its hash is kept
    Token(MintToken),
}

/// How to serve.
#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "SONDEO_LISTEN", default_value = "127.0.0.1:7878")]
    pub listen: SocketAddr,

    /// The database: a SQLite file, made if there is none, or postgres://…
    #[arg(long, env = "SONDEO_DATABASE", value_name = "FILE|URL", default_value = "sondeo.db")]
    pub database: Database,

    /// Origins whose pages may send responses, such as https://shop.example; * for all
    #[arg(long, env = "SONDEO_ORIGIN", default_value = "*", num_args = 1.., value_delimiter = ',')]
    pub origin: Vec<OriginRule>,

    /// Serve the widget's files from this folder instead of those in the program
    #[arg(long, env = "SONDEO_EMBED", value_name = "DIR")]
    pub embed: Option<PathBuf>,

    /// Responses that may wait to be written; beyond, senders are told to come back
    #[arg(long, env = "SONDEO_QUEUE", value_name = "N", default_value_t = 4_096)]
    pub queue: usize,

    /// Pages of 4096 bytes that the SQLite file may have; 0 for no limit
    #[arg(long, env = "SONDEO_MAX_PAGES", value_name = "N", default_value_t = 0)]
    pub max_pages: u32,

    /// Further folders to serve, at the root or below a path
    #[arg(long, env = "SONDEO_SITE", value_name = "[/PREFIX=]DIR", num_args = 1.., value_delimiter = ',')]
    pub site: Vec<Site>,
}

impl Serve {
    /// How the store is to work.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings { queue: self.queue, max_pages: self.max_pages, ..Settings::default() }
    }
}

/// Which token to make.
#[derive(Debug, Args)]
pub struct MintToken {
    /// The database: a SQLite file, made if there is none, or postgres://…
    #[arg(long, env = "SONDEO_DATABASE", value_name = "FILE|URL", default_value = "sondeo.db")]
    pub database: Database,

    /// What the token is for; an earlier one of this label stops working
    #[arg(long, value_name = "NAME", default_value = DEFAULT_LABEL)]
    pub label: String,

    /// What it allows: read, export, erase
    #[arg(long, value_name = "SCOPE", default_value = "read,export", num_args = 1.., value_delimiter = ',')]
    pub scope: Vec<Scope>,
}

impl MintToken {
    /// What the token allows.
    #[must_use]
    pub fn scopes(&self) -> Scopes {
        Scopes(self.scope.clone())
    }
}

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

#[cfg(test)]
mod tests {
    use super::{Command, Config};
    use clap::{CommandFactory, Parser};

    #[test]
    fn the_command_line_is_consistent() {
        Config::command().debug_assert();
    }

    #[test]
    fn origins_may_be_repeated_or_joined() {
        let check = |arguments: &[&str]| {
            let arguments = ["sondeo-collector", "serve"].iter().chain(arguments);
            let Command::Serve(serve) = Config::parse_from(arguments).command else {
                panic!("serve is read as something else")
            };
            assert_eq!(serve.origin.len(), 2);
        };
        check(&["--origin", "https://a.example", "--origin", "https://b.example"]);
        check(&["--origin", "https://a.example", "https://b.example"]);
        check(&["--origin", "https://a.example,https://b.example"]);
    }

    #[test]
    fn another_database_is_refused_by_name() {
        let arguments = ["sondeo-collector", "serve", "--database", "mysql://localhost/sondeo"];
        let error = Config::try_parse_from(arguments).expect_err("must be refused").to_string();
        assert!(error.contains("\"mysql://localhost/sondeo\" is neither the path"), "{error}");
    }
}
