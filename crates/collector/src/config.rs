//! The command line. Every option of `serve` is also an environment variable.

use crate::cors::OriginRule;
use crate::sites::Site;
use crate::tokens::DEFAULT_LABEL;
use clap::{Args, Parser, Subcommand};
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
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

    /// The database: a SQLite file, made if there is none
    #[arg(long, env = "SONDEO_DATABASE", value_name = "FILE", default_value = "sondeo.db")]
    pub database: Database,

    /// Origins whose pages may send responses, such as https://shop.example; * for all
    #[arg(long, env = "SONDEO_ORIGIN", default_value = "*", num_args = 1.., value_delimiter = ',')]
    pub origin: Vec<OriginRule>,

    /// Serve the widget's files from this folder instead of those in the program
    #[arg(long, env = "SONDEO_EMBED", value_name = "DIR")]
    pub embed: Option<PathBuf>,

    /// Further folders to serve, at the root or below a path
    #[arg(long, env = "SONDEO_SITE", value_name = "[/PREFIX=]DIR", num_args = 1.., value_delimiter = ',')]
    pub site: Vec<Site>,
}

/// Which token to make.
#[derive(Debug, Args)]
pub struct MintToken {
    /// The database: a SQLite file, made if there is none
    #[arg(long, env = "SONDEO_DATABASE", value_name = "FILE", default_value = "sondeo.db")]
    pub database: Database,

    /// What the token is for; an earlier one of this label stops working
    #[arg(long, value_name = "NAME", default_value = DEFAULT_LABEL)]
    pub label: String,
}

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database(PathBuf);

impl Database {
    /// The SQLite file.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.0
    }
}

/// The text names a database that this program cannot use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidDatabase(String);

impl fmt::Display for InvalidDatabase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} is not the path of a SQLite file (try \"sondeo.db\")", self.0)
    }
}

impl std::error::Error for InvalidDatabase {}

impl FromStr for Database {
    type Err = InvalidDatabase;

    fn from_str(text: &str) -> Result<Self, InvalidDatabase> {
        if text.is_empty() || text.contains("://") || text.starts_with([':', '?']) {
            return Err(InvalidDatabase(text.to_owned()));
        }
        Ok(Self(text.into()))
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
        let arguments = ["sondeo-collector", "serve", "--database", "postgres://localhost/sondeo"];
        let error = Config::try_parse_from(arguments).expect_err("must be refused").to_string();
        assert!(error.contains("\"postgres://localhost/sondeo\" is not the path"), "{error}");
    }
}
