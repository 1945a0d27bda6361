//! A database's address holds a password. It can come from a file, and stands in no message.

use super::database::redacted;
use super::{Config, file};
use crate::byte_order_mark;
use anyhow::{Context, ensure};
use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::fs;

impl Config {
    /// Reads the command line, the environment and the files that they name. Ends the program where there is
    /// nothing to do, and where it is asked for help.
    ///
    /// # Errors
    /// When a file cannot be read, or says what cannot be used.
    pub fn read(arguments: Vec<OsString>) -> anyhow::Result<Self> {
        let arguments = file::with_file(arguments)?;
        let matches = Self::command()
            .try_get_matches_from(arguments)
            .unwrap_or_else(|error| without_secrets(error).exit());
        let mut config = Self::from_arg_matches(&matches)?;
        if let Some((_, matches)) = matches.subcommand() {
            config.read_database_file(matches)?;
        }
        Ok(config)
    }

    fn read_database_file(&mut self, matches: &ArgMatches) -> anyhow::Result<()> {
        let (database, Some(file)) = self.command.database_and_file() else { return Ok(()) };
        let rank = |name| match matches.value_source(name) {
            Some(ValueSource::CommandLine) => 2,
            Some(ValueSource::EnvVariable) => 1,
            _ => 0,
        };
        let (by_address, by_file) = (rank("database"), rank("database_file"));
        ensure!(by_address != by_file, "--database and --database-file: give one of them");
        if by_file > by_address {
            let text = fs::read_to_string(file).with_context(|| {
                format!("cannot read the database's address {}", file.display())
            })?;
            let parsed = byte_order_mark::without(&text).trim().parse();
            *database = parsed.with_context(|| file.display().to_string())?;
        }
        Ok(())
    }
}

/// clap repeats what it cannot read.
fn without_secrets(mut error: clap::Error) -> clap::Error {
    if let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue)
        && (value.contains('@') || value.contains("://"))
    {
        let value = redacted(value);
        error.insert(ContextKind::InvalidValue, ContextValue::String(value));
    }
    error
}
