//! The task of one destination: takes what is due in hand, takes it there, writes down what became of it.
//!
//! Each destination has its own, so that one that hangs delays no other.

use super::courier::{AttemptOutcome, Courier};
use super::kind::{Content, DeliveryJob, DestinationKind};
use super::schedule::{Admission, Verdict};
use super::{Shared, delivery_id};
use crate::clock;
use crate::store::{Claimed, Store, StoreError, StoredDestinationState, Tried};
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

/// How long a delivery may take, with everything that a service needs for it.
const ATTEMPT: Duration = Duration::from_secs(40);
/// How long it is in hand: longer, so that nobody else takes one that is still on its way.
const LEASE_MS: i64 = 60_000;
/// How often one looks whether other collectors have left something.
const LOOK: Duration = Duration::from_secs(5);
/// How long one waits for what somebody else has just taken.
const SOON: Duration = Duration::from_millis(250);
/// How long one waits for a database that is gone.
const PAUSE: Duration = Duration::from_secs(1);
/// Deliveries at once to a destination of which nothing is known yet.
const FIRST_WINDOW: usize = 4;
/// Storing comes first: so many responses that wait to be stored keep deliveries back, for so long at most.
const BUSY: usize = 64;
const STEP_BACK: Duration = Duration::from_millis(10);
const STEPS_BACK: u32 = 100;
/// How long what was delivered waits to be written down together with what is on its way.
const GATHER: Duration = Duration::from_millis(10);

/// What is to be done next.
enum Look {
    /// These were taken in hand.
    Taken(Vec<Claimed>, Arc<Ready>),
    /// Nothing is to be done before.
    Nothing(Instant),
    /// The destination was removed.
    Over,
}

/// A destination with its secrets.
struct Ready {
    id: i64,
    kind: DestinationKind,
    settings: Map<String, Value>,
    secrets: Vec<String>,
}

pub(super) async fn work(
    shared: Arc<Shared>,
    store: Store,
    id: i64,
    mut ending: watch::Receiver<bool>,
) {
    let Some(kind) = kind(&store, id).await else { return };
    let pace = kind.facts().pace;
    let mut window = FIRST_WINDOW.min(pace.at_once);
    let mut on_the_way: JoinSet<Tried> = JoinSet::new();
    loop {
        let comes = store.deliveries_come();
        let mut comes = std::pin::pin!(comes);
        // From here on nothing that comes is missed.
        comes.as_mut().enable();
        let mut look_again = Instant::now() + LOOK;
        if *ending.borrow() {
            if on_the_way.is_empty() {
                return;
            }
        } else if on_the_way.len() * 2 <= window && on_the_way.len() < pace.at_once {
            step_back(&store).await;
            match look(&shared, &store, (id, kind), window - on_the_way.len()).await {
                Ok(Look::Taken(rows, ready)) => {
                    for row in rows {
                        on_the_way.spawn(deliver(Arc::clone(&shared), Arc::clone(&ready), row));
                    }
                }
                Ok(Look::Nothing(until)) => look_again = until.min(look_again),
                Ok(Look::Over) if on_the_way.is_empty() => return,
                Ok(Look::Over) => {}
                Err(error) => {
                    tracing::debug!(%error, "what is to be delivered cannot be looked at");
                    look_again = Instant::now() + PAUSE;
                }
            }
        }
        let tried = tokio::select! {
            Some(first) = on_the_way.join_next() => first,
            () = sleep_until(look_again) => continue,
            () = comes => continue,
            changed = ending.changed(), if !*ending.borrow() => match changed {
                Ok(()) => continue,
                Err(_) => return,
            },
        };
        // One that panicked is taken again when its lease is over.
        let mut done: Vec<Tried> = tried.into_iter().collect();
        let gather = Instant::now() + GATHER;
        while on_the_way.len() * 2 > window
            && let Ok(Some(next)) = timeout_at(gather, on_the_way.join_next()).await
        {
            done.extend(next);
        }
        while let Some(next) = on_the_way.try_join_next() {
            done.extend(next);
        }
        let is_well =
            done.iter().all(|it| matches!(it.verdict, Verdict::Delivered | Verdict::Refused));
        window = if is_well { (window * 2).min(pace.at_once) } else { (window / 2).max(1) };
        settle(&store, (id, kind), &done).await;
    }
}

async fn kind(store: &Store, id: i64) -> Option<DestinationKind> {
    loop {
        match store.destination(id).await {
            Ok(found) => return found?.kind.parse().ok(),
            Err(StoreError::Closed) => return None,
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// Waits for a moment while more responses come than are stored.
async fn step_back(store: &Store) {
    for _ in 0..STEPS_BACK {
        if store.waiting() < BUSY {
            return;
        }
        sleep(STEP_BACK).await;
    }
}

async fn look(
    shared: &Shared,
    store: &Store,
    (id, kind): (i64, DestinationKind),
    wanted: usize,
) -> Result<Look, StoreError> {
    // Asked of those who read: most of the time there is nothing, and nobody who stores is kept waiting for that.
    let now = clock::now().as_millis();
    match store.next_due(id).await? {
        None => return Ok(Look::Nothing(Instant::now() + LOOK)),
        Some(due) if due > now => return Ok(Look::Nothing(at(due, now))),
        Some(_) => {}
    }
    // Nor for a destination that takes nothing now.
    let pace = kind.facts().pace;
    let Some(known) = store.destination(id).await? else { return Ok(Look::Over) };
    match known.state {
        StoredDestinationState::Active => {}
        StoredDestinationState::Removed => return Ok(Look::Over),
        StoredDestinationState::Paused | StoredDestinationState::Off => {
            return Ok(Look::Nothing(Instant::now() + LOOK));
        }
    }
    if let Admission::Not(until) = known.circuit.admit(wanted, pace, LEASE_MS, now) {
        return Ok(Look::Nothing(at(until, now)));
    }
    let claim = store.claim(id, wanted, pace, LEASE_MS).await?;
    let Some(destination) = claim.destination else { return Ok(Look::Over) };
    if claim.rows.is_empty() {
        let until = claim.not_before.map_or(Instant::now() + SOON, |until| at(until, now));
        return Ok(Look::Nothing(until));
    }
    let settings = match shared.settings(&destination) {
        Ok(settings) => settings,
        Err(error) => {
            // Nothing was tried: the schedule of none goes on.
            tracing::error!(destination = destination.name, %error, "nothing is delivered");
            store.release(id, &claim.rows).await?;
            store.explain(id, &error.to_string()).await?;
            return Ok(Look::Nothing(Instant::now() + LOOK));
        }
    };
    let secrets = shared.secrets(kind, &settings);
    let ready = Ready { id, kind, settings, secrets };
    Ok(Look::Taken(claim.rows, Arc::new(ready)))
}

/// A moment of the wall clock as one to wait for.
fn at(moment: i64, now: i64) -> Instant {
    let wait = Duration::from_millis(u64::try_from(moment.saturating_sub(now)).unwrap_or(0));
    Instant::now() + wait.min(LOOK)
}

async fn deliver(shared: Arc<Shared>, ready: Arc<Ready>, claimed: Claimed) -> Tried {
    let outcome = match Content::read(&claimed.response, &claimed.body) {
        Some(content) => {
            let job = DeliveryJob {
                id: delivery_id(&claimed.response, claimed.revision, ready.id),
                body: &claimed.body,
                at: claimed.at,
                tries: claimed.tries,
                settings: &ready.settings,
            };
            let to = (ready.id, &ready.settings);
            let mut courier = Courier::new(&shared.outbound, to, ready.secrets.clone());
            let mailer = shared.mailer.as_ref();
            let delivering = ready.kind.deliver(&content, &job, &mut courier, mailer);
            let outcome = timeout(ATTEMPT, delivering).await;
            outcome.unwrap_or_else(|_| AttemptOutcome::again("it did not answer in time"))
        }
        // It was erased when it was taken: whoever erased it has taken it out of here, too.
        None => AttemptOutcome::refused("the response cannot be read"),
    };
    let AttemptOutcome { verdict, status, answer } = outcome;
    Tried { claimed, verdict, status, answer }
}

/// Writes down what became of deliveries, for as long as nobody else may take them.
async fn settle(store: &Store, of: (i64, DestinationKind), done: &[Tried]) {
    let until = Instant::now() + Duration::from_millis(LEASE_MS.unsigned_abs());
    while let Err(error) = store.settle(of, done).await {
        if matches!(error, StoreError::Closed) || Instant::now() >= until {
            tracing::warn!(%error, "what was delivered is not written down, and is delivered once more");
            return;
        }
        sleep(PAUSE).await;
    }
}
