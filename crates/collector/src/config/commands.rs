//! The options of every command but `serve`.

use super::Database;
use super::database::DatabaseParser;
use crate::access::DEFAULT_LABEL;
use crate::export::Separator;
use crate::store::{DEFAULT_SITE, Role, Scope, Scopes};
use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Which database; everything else follows from the command.
#[derive(Debug, Args)]
pub struct Only {
    /// The database: a SQLite file, or postgres://…
    #[arg(
        long,
        env = "SONDEO_DATABASE",
        hide_env_values = true,
        value_name = "FILE|URL",
        default_value = "sondeo.db",
        value_parser = DatabaseParser
    )]
    pub database: Database,

    /// A file that holds the database's address, which then stands in no list of processes
    #[arg(long, env = "SONDEO_DATABASE_FILE", value_name = "FILE")]
    pub database_file: Option<PathBuf>,

    /// The folder of survey files that `serve` is given: what they name has a place wherever something is counted
    #[arg(long, env = "SONDEO_SURVEYS", value_name = "DIR")]
    pub surveys: Option<PathBuf>,
}

/// Which token to make, or what to do with those that there are.
#[derive(Debug, Args)]
pub struct MintToken {
    #[command(flatten)]
    /// Where.
    pub only: Only,

    /// What the token is for; an earlier one of this label stops working
    #[arg(long, value_name = "NAME", default_value = DEFAULT_LABEL, value_parser = label)]
    pub label: String,

    /// What it allows: read, export, erase, edit, publish, admin
    #[arg(long, value_name = "SCOPE", default_value = "read,export", num_args = 1.., value_delimiter = ',')]
    pub scope: Vec<Scope>,

    /// The only site that it is for; all of them without one
    #[arg(long, value_name = "ID")]
    pub site: Option<String>,

    /// List the tokens that there are
    #[arg(long, conflicts_with_all = ["label", "scope", "revoke", "site"])]
    pub list: bool,

    /// Make the token of this label stop working
    #[arg(long, value_name = "NAME", conflicts_with_all = ["label", "scope", "site"])]
    pub revoke: Option<String>,
}

/// A line of `--list` is a token.
fn label(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err("a label is a name in one line, such as \"reports\"".to_owned());
    }
    Ok(text.to_owned())
}

/// Who may open the dashboard.
#[derive(Debug, Args)]
pub struct User {
    #[command(flatten)]
    /// Where.
    pub only: Only,

    /// The name; without one, those who may are listed
    pub name: Option<String>,

    /// Take the right away; with --site, on that site alone
    #[arg(long, requires = "name")]
    pub remove: bool,

    /// What somebody may do: viewer, editor, publisher or owner. Somebody who is there keeps the password
    #[arg(long, value_name = "ROLE", requires = "name", conflicts_with = "remove")]
    pub role: Option<Role>,

    /// Where; on every site without one
    #[arg(long, value_name = "ID", requires = "name")]
    pub site: Option<String>,
}

/// The web sites whose surveys people publish here.
#[derive(Debug, Args)]
pub struct SiteCommand {
    #[command(flatten)]
    /// Where.
    pub only: Only,

    /// Its id; without one, the sites are listed
    pub id: Option<String>,

    /// What people call it
    #[arg(long, requires = "id")]
    pub name: Option<String>,

    /// An origin whose pages may send its responses, such as https://shop.example
    #[arg(long, requires = "id", num_args = 1.., value_delimiter = ',')]
    pub origin: Option<Vec<String>>,

    /// The IANA name of its time zone, such as Europe/Madrid
    #[arg(long, requires = "id", value_name = "NAME")]
    pub time_zone: Option<String>,

    /// Remove it, where nothing runs there and no response belongs to it
    #[arg(long, requires = "id", conflicts_with_all = ["name", "origin", "time_zone"])]
    pub remove: bool,
}

/// What to publish.
#[derive(Debug, Args)]
pub struct Publish {
    #[command(flatten)]
    /// Where.
    pub only: Only,

    /// The site
    #[arg(long, value_name = "ID", default_value = DEFAULT_SITE)]
    pub site: String,

    /// The survey's file, or the id of a survey whose draft is published
    pub survey: String,

    /// Put the file in the place of a draft that somebody else has saved and nobody has published
    #[arg(long)]
    pub over_draft: bool,

    /// Publish this earlier version again, instead of the draft
    #[arg(long = "version", value_name = "N", id = "edition")]
    pub edition: Option<i64>,

    /// So many answers end it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    pub answers: Option<i64>,

    /// So many answers on a day pause it until the next one
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    pub per_day: Option<i64>,
}

/// A survey of a site.
#[derive(Debug, Args)]
pub struct OfSite {
    #[command(flatten)]
    /// Where.
    pub only: Only,

    /// The site
    #[arg(long, value_name = "ID", default_value = DEFAULT_SITE)]
    pub site: String,

    /// The survey's id
    pub survey: String,
}

/// The key of a survey.
#[derive(Debug, Args)]
pub struct Key {
    #[command(flatten)]
    /// Where.
    pub only: Only,

    /// The survey
    pub survey: String,

    /// Take responses without a key again
    #[arg(long)]
    pub remove: bool,
}

/// What to export.
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    /// Where from.
    pub only: Only,

    /// csv or ndjson
    #[arg(long, value_enum, default_value = "ndjson")]
    pub format: FileFormat,

    /// What stands between the cells of a CSV: comma, semicolon or tab
    #[arg(long, default_value = "comma", value_parser = separator)]
    pub separator: Separator,

    /// Begin a CSV with a byte order mark, for Excel
    #[arg(long)]
    pub bom: bool,

    /// Only this survey
    #[arg(long)]
    pub survey: Option<String>,

    /// Only this visitor
    #[arg(long)]
    pub visitor: Option<String>,

    /// The file; standard output without one
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

fn separator(text: &str) -> Result<Separator, String> {
    text.parse().map_err(|reason| format!("{text:?} {reason}"))
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// For spreadsheets.
    Csv,
    /// A response a line.
    Ndjson,
}

/// What to import.
#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    /// Where to.
    pub only: Only,

    /// The file: what `export` wrote, NDJSON or CSV
    pub file: PathBuf,
}

/// What to erase.
#[derive(Debug, Args)]
#[group(id = "which", required = true, multiple = false, args = ["response", "visitor", "survey", "older_than"])]
pub struct Erase {
    #[command(flatten)]
    /// Where.
    pub only: Only,

    /// The id of a response
    #[arg(long, value_name = "ID")]
    pub response: Option<String>,

    /// The id of a visitor
    #[arg(long, value_name = "ID")]
    pub visitor: Option<String>,

    /// All responses of a survey
    #[arg(long, value_name = "ID")]
    pub survey: Option<String>,
    /// So many days
    #[arg(long, value_name = "DAYS")]
    pub older_than: Option<u32>,
    /// Erase what is older even where that is most of what is stored
    #[arg(long, requires = "older_than")]
    pub most: bool,
}

/// What to check.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    /// Where.
    pub only: Only,
    /// Count all responses anew, from what they say, before
    #[arg(long)]
    pub repair: bool,
    /// Also where most of what is stored has to get another day, because the clock was ahead when it came
    #[arg(long, requires = "repair")]
    pub most: bool,
}

/// How much of the audit to show.
#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    /// Where.
    pub only: Only,

    /// At most so many lines, the latest
    #[arg(long, default_value_t = 100)]
    pub limit: u32,
}

/// What to make up.
#[derive(Debug, Args)]
pub struct Seed {
    #[command(flatten)]
    /// Where to.
    pub only: Only,

    /// How many responses
    #[arg(long, default_value_t = 20_000)]
    pub responses: u64,

    /// Over how many days until now
    #[arg(long, default_value_t = 365)]
    pub days: u32,

    /// Do nothing where there are responses already
    #[arg(long, conflicts_with = "add")]
    pub if_empty: bool,
    /// Add them to responses that are there already, from which nothing tells them apart afterwards
    #[arg(long)]
    pub add: bool,
}

/// What to ask.
#[derive(Debug, Args)]
pub struct Healthcheck {
    /// Where the collector listens, as `serve` was told
    #[arg(long, env = "SONDEO_LISTEN", default_value = "127.0.0.1:7878")]
    pub listen: SocketAddr,

    /// Seconds to wait for an answer
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub timeout: u64,
}

/// What to make.
#[derive(Debug, Args)]
pub struct DestinationKey {
    /// What the key is called, so that another one can take its place later
    #[arg(value_name = "ID", default_value = "1", value_parser = name)]
    pub id: String,
}

fn name(text: &str) -> Result<String, String> {
    if sondeo_model::is_name(text) {
        return Ok(text.to_owned());
    }
    Err("an id is made of a to z, 0 to 9 and -".to_owned())
}

/// Where to copy.
#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    /// Where from.
    pub only: Only,

    /// The file to write, which must not be there yet
    pub file: PathBuf,
}

impl MintToken {
    /// What the token allows.
    #[must_use]
    pub fn scopes(&self) -> Scopes {
        Scopes(self.scope.clone())
    }
}
