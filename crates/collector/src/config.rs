//! The command line. Every option of `serve` is also an environment variable, and a key of a file.

mod commands;
mod database;
mod file;
mod secrets;

pub use commands::{
    Audit, Backup, Check, DestinationKey, Erase, Export, FileFormat, Healthcheck, Import, Key,
    MintToken, OfSite, Only, Publish, Seed, SiteCommand, User,
};
pub use database::{Database, InvalidDatabase, PostgresAddress};

use crate::cors::OriginRule;
use crate::limits::Proxies;
use crate::served_folders::ServedFolder;
use crate::store::Settings;
use crate::{BasePath, Inside};
use axum::http::HeaderName;
use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// Sondeo's collector: stores every response once, and says what they mean.
#[derive(Debug, Parser)]
#[command(name = "sondeo-collector", version, about, args_override_self = true)]
pub struct Config {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Take responses, serve widget and dashboard, until it is interrupted
    Serve(Box<Serve>),
    /// Make, list and revoke tokens for programs; only their hashes are kept
    Token(MintToken),
    /// Set the password of somebody who may open the dashboard
    User(User),
    /// Set, change or remove the key without which a survey takes no responses
    Key(Key),
    /// Add, change, list and remove the sites whose surveys are published here
    Site(SiteCommand),
    /// Publish a survey: a file, the draft, or an earlier version again
    Publish(Box<Publish>),
    /// Take a survey off its pages
    Pause(OfSite),
    /// Put a survey back on its pages
    Resume(OfSite),
    /// Show who published which version of a survey when
    Versions(OfSite),
    /// Write all responses to a file, or to standard output
    Export(Export),
    /// Store the responses of a file that `export` wrote, NDJSON or CSV
    Import(Import),
    /// Erase a response, a visitor, or what is older than so many days
    Erase(Erase),
    /// Show who erased, exported and changed what
    Audit(Audit),
    /// Check that the database is whole, and that every count is that of the responses
    Check(Check),
    /// Fill the database with a year of made-up responses, to see the dashboard full
    Seed(Seed),
    /// Make a key that credentials of destinations are sealed with (serve --destination-keys)
    DestinationKey(DestinationKey),
    /// Copy the database while it is in use
    Backup(Backup),
    /// Ask a running collector whether it can do its work: for containers, which have no other program
    Healthcheck(Healthcheck),
}

/// How to serve.
#[derive(Debug, Args)]
pub struct Serve {
    /// A file of settings: the options of this command, as TOML; flags and environment come first
    #[arg(long, env = "SONDEO_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "SONDEO_LISTEN", default_value = "127.0.0.1:7878")]
    pub listen: SocketAddr,

    /// The database: a SQLite file, made if there is none, or postgres://…
    #[arg(
        long,
        env = "SONDEO_DATABASE",
        hide_env_values = true,
        value_name = "FILE|URL",
        default_value = "sondeo.db",
        value_parser = database::DatabaseParser
    )]
    pub database: Database,

    /// A file that holds the database's address, which then stands in no list of processes
    #[arg(long, env = "SONDEO_DATABASE_FILE", value_name = "FILE")]
    pub database_file: Option<PathBuf>,

    /// Origins whose pages may send responses, such as https://shop.example; * for all
    #[arg(long, env = "SONDEO_ORIGIN", default_value = "*", num_args = 1.., value_delimiter = ',')]
    pub origin: Vec<OriginRule>,

    /// Visitors reach it by https: a proxy in front ends the TLS. Binds cookies to https
    #[arg(long, env = "SONDEO_HTTPS")]
    pub https: bool,

    /// Proxies that are believed about who sent a request: addresses or networks
    #[arg(long, env = "SONDEO_TRUSTED_PROXY", value_name = "NETWORK", value_parser = network, num_args = 1.., value_delimiter = ',')]
    pub trusted_proxy: Vec<IpNet>,

    /// The header in which these proxies name the sender, such as CF-Connecting-IP; without one,
    /// X-Forwarded-For, and Forwarded where that is not there
    #[arg(long, env = "SONDEO_FORWARDED_HEADER", value_name = "NAME")]
    pub forwarded_header: Option<HeaderName>,

    /// The path below which visitors reach it, such as /surveys, where a proxy serves other things beside it
    #[arg(long, env = "SONDEO_BASE_PATH", value_name = "PATH", default_value = "")]
    pub base_path: BasePath,

    /// Responses that one address may send in a minute; 0 for any number
    #[arg(long, env = "SONDEO_ADDRESS_LIMIT", value_name = "N", default_value_t = 3_000)]
    pub address_limit: u32,

    /// Responses that one survey takes in a minute; 0 for any number
    #[arg(long, env = "SONDEO_SURVEY_LIMIT", value_name = "N", default_value_t = 120_000)]
    pub survey_limit: u32,

    /// Connections that are held at once; further ones wait
    #[arg(long, env = "SONDEO_CONNECTIONS", value_name = "N", default_value_t = 2_048)]
    pub connections: usize,

    /// Of them, those of one address, a quarter where nobody says; 0 for any number
    #[arg(long, env = "SONDEO_CONNECTIONS_PER_ADDRESS", value_name = "N")]
    pub connections_per_address: Option<usize>,

    /// Erase what is older than so many days; 0 to keep it
    #[arg(long, env = "SONDEO_RETENTION", value_name = "DAYS", default_value_t = 0)]
    pub retention: u32,

    /// A folder of survey files, for hosted pages and forms
    #[arg(long, env = "SONDEO_SURVEYS", value_name = "DIR")]
    pub surveys: Option<PathBuf>,

    /// Whose responses are stored: those of surveys that are known here (templates, --surveys, those with a key), or of any
    #[arg(long, env = "SONDEO_ACCEPT", value_enum, default_value = "known")]
    pub accept: Accept,

    /// The keys that credentials of destinations are sealed with, ID:BASE64, the one in use first (see `destination-key`)
    #[arg(long, env = "SONDEO_DESTINATION_KEYS", hide_env_values = true, value_name = "KEYS")]
    pub destination_keys: Option<String>,

    /// A file that holds these keys, which then stand in no list of processes
    #[arg(
        long,
        env = "SONDEO_DESTINATION_KEYS_FILE",
        value_name = "FILE",
        conflicts_with = "destination_keys"
    )]
    pub destination_keys_file: Option<PathBuf>,

    /// Hosts and networks that destinations may lead to although they are inside, and without encryption
    #[arg(long, env = "SONDEO_ALLOW_DESTINATION", value_name = "HOST|NETWORK", num_args = 1.., value_delimiter = ',')]
    pub allow_destination: Vec<Inside>,

    /// Seconds after which an answer that nobody completes is passed on as it is
    #[arg(long, env = "SONDEO_QUIET", value_name = "SECONDS", default_value_t = 600)]
    pub quiet: u32,

    /// The server that mail of destinations leaves by: smtps://USER:PASSWORD@HOST, or smtp://HOST:587?tls=required
    #[arg(long, env = "SONDEO_SMTP", hide_env_values = true, value_name = "URL")]
    pub smtp: Option<String>,

    /// A file that holds this address, which then stands in no list of processes
    #[arg(long, env = "SONDEO_SMTP_FILE", value_name = "FILE", conflicts_with = "smtp")]
    pub smtp_file: Option<PathBuf>,

    /// Whom mail of destinations comes from
    #[arg(long, env = "SONDEO_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,

    /// Print a link that opens the dashboard once
    #[arg(long, env = "SONDEO_LINK")]
    pub link: bool,

    /// Serve the widget's files from this folder instead of those in the program
    #[arg(long, env = "SONDEO_EMBED", value_name = "DIR")]
    pub embed: Option<PathBuf>,

    /// Keep the widget's files here, by version, so that pages of before an update, and pages that name a version, have theirs
    #[arg(long, env = "SONDEO_EMBED_VERSIONS", value_name = "DIR")]
    pub embed_versions: Option<PathBuf>,

    /// Serve the dashboard's files from this folder instead of those in the program
    #[arg(long, env = "SONDEO_DASHBOARD", value_name = "DIR")]
    pub dashboard: Option<PathBuf>,

    /// Responses that may wait to be written; beyond, senders are told to come back
    #[arg(long, env = "SONDEO_QUEUE", value_name = "N", default_value_t = 1_024)]
    pub queue: usize,

    /// Pages of 4096 bytes that the SQLite file may have; 0 for no limit
    #[arg(long, env = "SONDEO_MAX_PAGES", value_name = "N", default_value_t = 0)]
    pub max_pages: u32,

    /// Write the log as JSON, a line for each event
    #[arg(long, env = "SONDEO_LOG_JSON")]
    pub log_json: bool,

    /// Further folders to serve, at the root or below a path
    #[arg(long, env = "SONDEO_SITE", value_name = "[/PREFIX=]DIR", num_args = 1.., value_delimiter = ',')]
    pub site: Vec<ServedFolder>,
}

/// Of which surveys responses are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Accept {
    /// Of those that this collector knows: the templates, the files of `--surveys`, and those with a key.
    Known,
    /// Of any survey, whatever its name.
    Any,
}

fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| address()).map_err(|_| {
        format!(
            "{text:?} is neither an address nor a network (try \"127.0.0.1\" or \"10.0.0.0/8\")"
        )
    })
}

impl Command {
    /// The database that it is about, if any.
    #[must_use]
    pub fn database(&self) -> Option<&Database> {
        Some(match self {
            Self::DestinationKey(_) | Self::Healthcheck(_) => return None,
            Self::Serve(it) => &it.database,
            Self::Check(it) => &it.only.database,
            Self::Token(it) => &it.only.database,
            Self::User(it) => &it.only.database,
            Self::Key(it) => &it.only.database,
            Self::Site(it) => &it.only.database,
            Self::Publish(it) => &it.only.database,
            Self::Pause(it) | Self::Resume(it) | Self::Versions(it) => &it.only.database,
            Self::Export(it) => &it.only.database,
            Self::Import(it) => &it.only.database,
            Self::Erase(it) => &it.only.database,
            Self::Audit(it) => &it.only.database,
            Self::Seed(it) => &it.only.database,
            Self::Backup(it) => &it.only.database,
        })
    }

    /// Where the database is named, and the file that may name it instead.
    fn database_and_file(&mut self) -> Option<(&mut Database, Option<&PathBuf>)> {
        let only = match self {
            Self::Serve(it) => return Some((&mut it.database, it.database_file.as_ref())),
            Self::DestinationKey(_) | Self::Healthcheck(_) => return None,
            Self::Check(it) => &mut it.only,
            Self::Token(it) => &mut it.only,
            Self::User(it) => &mut it.only,
            Self::Key(it) => &mut it.only,
            Self::Site(it) => &mut it.only,
            Self::Publish(it) => &mut it.only,
            Self::Pause(it) | Self::Resume(it) | Self::Versions(it) => &mut it.only,
            Self::Export(it) => &mut it.only,
            Self::Import(it) => &mut it.only,
            Self::Erase(it) => &mut it.only,
            Self::Audit(it) => &mut it.only,
            Self::Seed(it) => &mut it.only,
            Self::Backup(it) => &mut it.only,
        };
        Some((&mut only.database, only.database_file.as_ref()))
    }
}

impl Serve {
    /// How the store is to work.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings { queue: self.queue, max_pages: self.max_pages, ..Settings::default() }
    }

    /// Whose word about the sender of a request is believed.
    #[must_use]
    pub fn proxies(&self) -> Proxies {
        Proxies::new(self.trusted_proxy.clone(), self.forwarded_header.clone())
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
