//! Reads the command line and the settings, and does what they say.

use clap::Parser;
use sondeo_collector::commands;
use sondeo_collector::config::{Command, Config, with_file};
use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let config = match with_file(env::args_os().collect()) {
        Ok(arguments) => Config::parse_from(arguments),
        Err(error) => return fail(&error),
    };
    let is_json = matches!(&config.command, Command::Serve(serve) if serve.log_json);
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter.from_env_lossy())
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    if is_json {
        log.json().init()
    } else {
        log.init()
    }
    match commands::run(config.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "sondeo-collector: {error:#}");
    ExitCode::FAILURE
}
