//! A database's address holds a password. It can come from a file, and stands in no message.

use super::database::{may_be_address, redacted, shown_path};
use super::{Config, file};
use crate::byte_order_mark;
use anyhow::{Context, ensure};
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::io::{self, Write};
use std::{env, fs};

impl Config {
    /// Reads the command line, the environment and the files that they name. Ends the program where there is
    /// nothing to do, and where it is asked for help.
    ///
    /// # Errors
    /// When a file cannot be read, or says what cannot be used.
    pub fn read(arguments: Vec<OsString>) -> anyhow::Result<Self> {
        let arguments = file::with_file(arguments)?;
        let given: Vec<_> = arguments.iter().map(|it| it.to_string_lossy().into_owned()).collect();
        let matches = Self::command()
            .try_get_matches_from(arguments)
            .unwrap_or_else(|error| exit(&error, &given));
        let mut config = Self::from_arg_matches(&matches)?;
        if let Some((_, matches)) = matches.subcommand() {
            config.read_database_file(matches)?;
        }
        Ok(config)
    }

    fn read_database_file(&mut self, matches: &ArgMatches) -> anyhow::Result<()> {
        let Some((database, Some(file))) = self.command.database_and_file() else { return Ok(()) };
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

/// Ends the program with what is wrong. What was written is repeated in many words (a value, an option or a command that
/// there is not, a reason, a tip), and without what may be a password.
fn exit(error: &clap::Error, given: &[String]) -> ! {
    if !error.use_stderr() {
        error.exit()
    }
    let mut text = error.render().to_string();
    let variables =
        env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SONDEO_"));
    let variables = variables.map(|(_, value)| value.to_string_lossy().into_owned());
    for value in given.iter().cloned().chain(variables) {
        let values = [value.as_str(), value.split_once('=').map_or("", |(_, value)| value)];
        for value in values.into_iter().filter(|value| may_be_address(value)) {
            // As it is, and as texts in quotes have it.
            let escaped = format!("{value:?}");
            for written in [value, escaped.trim_matches('"')] {
                text = text.replace(written, &redacted(value));
            }
        }
    }
    let _ = io::stderr().write_all(text.as_bytes());
    std::process::exit(error.exit_code())
}
