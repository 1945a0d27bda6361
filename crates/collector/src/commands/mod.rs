//! What the program does, a module for each command.

mod access;
mod data;
mod healthcheck;
mod publishing;
mod seed;
mod serve;

pub use seed::made_up;

use crate::config::Command;
use crate::store::Step;
use anyhow::Context;
use std::io::{self, Write};

/// Does what the command line says.
///
/// # Errors
/// When it cannot; the message is for whoever typed it.
pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(config) => serve::run(&config).await,
        Command::Token(config) => access::token(&config).await,
        Command::User(config) => access::user(&config).await,
        Command::Key(config) => access::key(&config).await,
        Command::Site(config) => publishing::site(&config).await,
        Command::Publish(config) => publishing::publish(&config).await,
        Command::Pause(config) => publishing::step(&config, Step::Pause).await,
        Command::Resume(config) => publishing::step(&config, Step::Resume).await,
        Command::Versions(config) => publishing::versions(&config).await,
        Command::Export(config) => data::export(&config).await,
        Command::Import(config) => data::import(&config).await,
        Command::Erase(config) => data::erase(&config).await,
        Command::Audit(config) => data::audit(&config).await,
        Command::Check(config) => data::check(&config).await,
        Command::Seed(config) => seed::run(&config).await,
        Command::DestinationKey(config) => say(&crate::destinations::new_key(&config.id)?),
        Command::Backup(config) => data::backup(&config).await,
        Command::Healthcheck(config) => healthcheck::run(&config).await,
    }
}

/// Who is named by the audit.
pub(crate) const ACTOR: &str = "command";

/// Writes a line for whoever started this, at once.
fn say(line: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}").and_then(|()| stdout.flush()).context("cannot write to stdout")
}
