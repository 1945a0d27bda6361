//! A database's address holds a password. It can come from a file, and stands in no message.

use super::database::{may_be_address, redacted, shown_path};
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
                format!("cannot read the database's address {}", shown_path(file))
            })?;
            let parsed = byte_order_mark::without(&text).trim().parse();
            *database = parsed.with_context(|| file.display().to_string())?;
        }
        Ok(())
    }
}

/// clap repeats what it cannot read: a value, and also what it takes for an option, an argument or a command.
fn without_secrets(mut error: clap::Error) -> clap::Error {
    let told: Vec<(ContextKind, ContextValue)> =
        error.context().map(|(kind, value)| (kind, value.clone())).collect();
    let safe = |text: &String| if may_be_address(text) { redacted(text) } else { text.clone() };
    for (kind, value) in told {
        let value = match value {
            ContextValue::String(text) => ContextValue::String(safe(&text)),
            ContextValue::Strings(texts) => ContextValue::Strings(texts.iter().map(safe).collect()),
            // A tip repeats what was written, and says no more than the error does.
            ContextValue::StyledStr(text) if may_be_address(&text.to_string()) => {
                error.remove(kind);
                continue;
            }
            ContextValue::StyledStrs(texts)
                if texts.iter().any(|text| may_be_address(&text.to_string())) =>
            {
                error.remove(kind);
                continue;
            }
            _ => continue,
        };
        error.insert(kind, value);
    }
    error
}
