//! `serve`

use super::say;
use crate::config::Serve;
use crate::store::Store;
use crate::{Collector, Token, clock, server};
use anyhow::Context;
use sondeo_model::Timestamp;
use std::time::Duration;
use tokio::net::TcpListener;

/// How often what is too old is looked for.
const SWEEP: Duration = Duration::from_secs(3_600);
/// Open files beside connections: the database, the log, the listener.
const OTHER_FILES: u64 = 128;

pub(super) async fn run(config: &Serve) -> anyhow::Result<()> {
    let shutdown = shutdown()?;
    let collector = Collector::open(config).await?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let store = collector.store().clone();
    if let Some(token) = Token::mint_first(&store).await? {
        say(&format!("read token (shown once): {token}"))?;
    }
    if config.link {
        say(&format!("dashboard (opens once): http://{address}{}", collector.link()?))?;
    }
    let sweeping =
        (config.retention > 0).then(|| tokio::spawn(sweep(store.clone(), config.retention)));
    let closing = collector.closing();
    let shutdown = async move {
        shutdown.await;
        tracing::info!("ending: what was begun is finished");
        closing.send_replace(true);
    };
    // Connections wait in the listener's queue from here on.
    say(&format!("listening on http://{address}"))?;
    let connections = connections(config.connections);
    server::serve_bounded(listener, collector.router(), shutdown, connections).await;
    if let Some(sweeping) = sweeping {
        sweeping.abort();
    }
    store.close().await;
    Ok(())
}

/// As many as were asked for, or as the system lets one process have.
fn connections(wanted: usize) -> usize {
    let needed = wanted as u64 + OTHER_FILES;
    let granted = rlimit::increase_nofile_limit(needed).unwrap_or(needed);
    let possible = usize::try_from(granted.saturating_sub(OTHER_FILES)).unwrap_or(wanted);
    if possible < wanted {
        tracing::warn!(wanted, possible, "the system allows fewer open files than connections");
    }
    wanted.min(possible).max(1)
}

/// Erases what is too old, now and every hour.
async fn sweep(store: Store, days: u32) {
    let mut hours = tokio::time::interval(SWEEP);
    loop {
        hours.tick().await;
        let border = clock::now().as_millis() - i64::from(days) * 86_400_000;
        let erased = match store.erase_before(Timestamp::from_millis(border)).await {
            Ok(0) => continue,
            Ok(erased) => erased,
            Err(error) => {
                tracing::error!(%error, "what is too old was not erased");
                continue;
            }
        };
        let subject = format!("older than {days} days");
        if let Err(error) = store.audit("retention", "erase", &subject, erased).await {
            tracing::error!(%error, "the audit was not written");
        }
    }
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
