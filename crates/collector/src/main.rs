//! Boots the collector: reads the command line, opens the database, listens.

use anyhow::Context;
use clap::Parser;
use sondeo_collector::config::{Command, Config, MintToken, Serve};
use sondeo_collector::store::Store;
use sondeo_collector::{Collector, Token, serve};
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let config = Config::parse();
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into());
    tracing_subscriber::fmt()
        .with_env_filter(filter.from_env_lossy())
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    let outcome = match config.command {
        Command::Serve(config) => run(&config).await,
        Command::Token(config) => mint(&config).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "sondeo-collector: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(config: &Serve) -> anyhow::Result<()> {
    let shutdown = shutdown()?;
    let collector = Collector::open(config).await?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let store = collector.store().clone();
    if let Some(token) = Token::mint_first(&store).await? {
        say(&format!("read token (shown once): {token}"))?;
    }
    // Connections wait in the listener's queue from here on.
    say(&format!("listening on http://{}", listener.local_addr()?))?;
    serve(listener, collector.router(), shutdown).await;
    store.close().await;
    Ok(())
}

async fn mint(config: &MintToken) -> anyhow::Result<()> {
    let store = Store::open(&config.database).await?;
    let token = Token::mint(&store, &config.label, &config.scopes()).await?;
    store.close().await;
    say(&token.to_string())
}

/// Writes a line for whoever started this, at once.
fn say(line: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}").and_then(|()| stdout.flush()).context("cannot write to stdout")
}

/// Completes at Ctrl-C, or when the system asks to end.
#[cfg(unix)]
fn shutdown() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Completes at Ctrl-C.
#[cfg(not(unix))]
fn shutdown() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
