//! `serve`

use super::data::{Most, erase_older};
use super::say;
use crate::clock;
use crate::config::Serve;
use crate::store::Store;
use crate::{Collector, ConnectionLimits, Token, server};
use anyhow::Context;
use sondeo_model::Timestamp;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// How often what is too old is looked for.
const SWEEP: Duration = Duration::from_secs(3_600);
/// How often responses that are not counted are looked for. Whoever counts them counts some within that time.
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);
/// By how much a clock may be put right without being doubted.
const UNEVEN: Duration = Duration::from_secs(600);
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
    let counting = tokio::spawn(count_what_was_left(store.clone()));
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
    counting.abort();
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

/// Erases what is too old, now and every hour, where anything is ever too old (0 days: never); and looks
/// whether the clock was put back.
async fn sweep(store: Store, days: u32) {
    let mut hours = tokio::time::interval(SWEEP);
    let mut swept: Option<(Timestamp, Instant)> = None;
    loop {
        hours.tick().await;
        if let Err(error) = store.tell_of_the_future().await {
            tracing::error!(%error, "it is not known whether the clock was ahead");
        }
        if let Err(error) = store.forget_previews(days).await {
            tracing::error!(%error, "previews that are over were not forgotten");
        }
        if days == 0 {
            continue;
        }
        let (now, at) = (clock::now(), Instant::now());
        let most = match swept {
            Some((then, since)) if runs_evenly(now, then, at.duration_since(since)) => {
                Most::RefusedAsOf(then)
            }
            _ => Most::Refused,
        };
        match erase_older(&store, "retention", days, now, most).await {
            Ok(_) => swept = Some((now, at)),
            Err(error) => tracing::error!("what is too old was not erased: {error:#}"),
        }
    }
}

/// Goes on where a command that counted everything anew was killed: until then, summaries have few responses. One that
/// goes on by itself is left alone, and so are responses that cannot be read.
async fn count_what_was_left(store: Store) {
    let mut looks = tokio::time::interval(BETWEEN_LOOKS);
    let (mut earlier, mut unreadable) = (None, None);
    loop {
        looks.tick().await;
        let Ok(left) = store.uncounted().await else { continue };
        if left.is_some() && left == earlier && left != unreadable {
            match store.count_left().await {
                Ok(()) => unreadable = store.uncounted().await.unwrap_or_default(),
                Err(error) => tracing::error!("what is not counted yet stays so: {error:#}"),
            }
        }
        earlier = left;
    }
}

/// Whether the clock went on by as much as time has passed.
fn runs_evenly(now: Timestamp, then: Timestamp, passed: Duration) -> bool {
    let passed = i64::try_from(passed.as_millis()).unwrap_or(i64::MAX);
    (now.as_millis() - then.as_millis()).abs_diff(passed) < UNEVEN.as_millis() as u64
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

#[cfg(test)]
mod tests {
    use super::runs_evenly;
    use crate::commands::data::{Most, erase_older};
    use crate::store::Store;
    use sondeo_model::{Response, Timestamp};
    use std::time::Duration;

    const DAY_MS: i64 = 86_400_000;

    #[test]
    fn a_clock_that_is_changed_is_noticed() {
        let hour = Duration::from_secs(3_600);
        let at = |seconds: i64| Timestamp::from_millis(1_790_000_000_000 + seconds * 1_000);
        assert!(runs_evenly(at(3_600), at(0), hour) && runs_evenly(at(4_199), at(0), hour));
        assert!(!runs_evenly(at(4_200), at(0), hour) && !runs_evenly(at(3_000), at(0), hour));
        assert!(!runs_evenly(at(-1), at(0), hour));
    }

    /// A campaign of one evening is most of what is stored, and comes of age within an hour.
    #[tokio::test]
    async fn what_came_of_age_since_the_last_sweep_may_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("it.db").to_str().expect("UTF-8").parse();
        let store = Store::open(&database.expect("a database")).await.expect("it opens");
        let now = crate::clock::now();
        let days_ago = |days: i64| Timestamp::from_millis(now.as_millis() - days * DAY_MS);
        let example = include_str!("../../../model/golden/response-completed.json");
        let mut response: Response = serde_json::from_str(example).expect("a response");
        (response.shown_at, response.sent_at) = (days_ago(31), days_ago(31));
        let responses = (0..50_u8).map(|number| {
            response.id = sondeo_model::ResponseId::new(1_767_225_600_000, [number; 10]);
            response.clone()
        });
        store.import(responses.collect::<Vec<_>>()).await.expect("stored");
        let sweep = async |most| erase_older(&store, "retention", 30, now, most).await;
        let refused = sweep(Most::Refused).await.expect_err("it is most of them").to_string();
        assert!(refused.contains("50 of 50 responses"), "{refused}");
        let late = sweep(Most::RefusedAsOf(now)).await.expect_err("they were old then").to_string();
        assert!(late.contains("50 of 50 responses"), "{late}");
        let erased = sweep(Most::RefusedAsOf(days_ago(2))).await.expect("they came of age");
        assert_eq!(erased, 50);
    }
}
