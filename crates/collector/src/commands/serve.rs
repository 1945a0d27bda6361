//! `serve`

use super::data::erase_older;
use super::say;
use crate::config::Serve;
use crate::store::Store;
use crate::{Collector, ConnectionLimits, Token, server};
use anyhow::Context;
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
    let sweeping = tokio::spawn(sweep(store.clone(), config.retention));
    let closing = collector.closing();
    let forwarder = collector.forwarder();
    let shutdown = async move {
        shutdown.await;
        tracing::info!("ending: what was begun is finished");
        closing.send_replace(true);
    };
    // Connections wait in the listener's queue from here on.
    say(&format!("listening on http://{address}"))?;
    let limits = connection_limits(config);
    server::serve_bounded(listener, collector.router(), shutdown, &limits).await;
    sweeping.abort();
    forwarder.close().await;
    store.close().await;
    Ok(())
}

/// As many as were asked for, or as the system lets one process have.
fn connection_limits(config: &Serve) -> ConnectionLimits {
    let wanted = config.connections.max(1);
    let files = |served: usize| (served + ConnectionLimits::waiting(served)) as u64 + OTHER_FILES;
    let granted = rlimit::increase_nofile_limit(files(wanted)).unwrap_or(u64::MAX);
    let mut served = wanted;
    while served > 1 && files(served) > granted {
        served -= served.div_ceil(16);
    }
    if served < wanted {
        tracing::warn!(wanted, served, "the system allows fewer open files than connections need");
    }
    let mut limits = ConnectionLimits::new(served);
    limits.proxies = config.proxies();
    if let Some(per_address) = config.connections_per_address {
        limits.served_per_address = per_address;
    }
    limits
}

/// Erases what is too old, now and every hour, where anything is ever too old (0 days: never); and looks whether the
/// clock was put back.
async fn sweep(store: Store, days: u32) {
    let mut hours = tokio::time::interval(SWEEP);
    loop {
        hours.tick().await;
        if let Err(error) = store.tell_of_the_future().await {
            tracing::error!(%error, "it is not known whether the clock was ahead");
        }
        if days == 0 {
            continue;
        }
        if let Err(error) = erase_older(&store, "retention", days, false).await {
            tracing::error!("what is too old was not erased: {error:#}");
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
