//! Reads the command line and the settings, and does what they say.

use sondeo_collector::commands;
use sondeo_collector::config::{Command, Config};
use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// What a response is made of is allocated by one thread and freed by another, which the system's allocator is
/// slow at: a fifth of the time went there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    #[cfg(unix)]
    if let Err(error) = keep_to_ourselves() {
        return fail(&error);
    }
    let config = match Config::read(env::args_os().collect()) {
        Ok(config) => config,
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
    #[cfg(unix)]
    if let Some(database) = config.command.database()
        && let Err(error) = database.make_private()
    {
        tracing::warn!(%error, "everybody on this machine can read the database's file");
    }
    match commands::run(config.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

/// What this process writes (the database and its log, copies, exports) is its user's alone. A file that reaches the
/// size that the system allows is an error of that write, and not the end of the process (SIGXFSZ).
#[cfg(unix)]
fn keep_to_ourselves() -> anyhow::Result<()> {
    use rustix::fs::Mode;
    use rustix::process::{Signal, umask};
    use tokio::signal::unix::{SignalKind, signal};
    umask(Mode::RWXG | Mode::RWXO);
    // The handler stays when the listener is dropped.
    drop(signal(SignalKind::from_raw(Signal::XFSZ.as_raw()))?);
    Ok(())
}

fn fail(error: &anyhow::Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "sondeo-collector: {error:#}");
    ExitCode::FAILURE
}
