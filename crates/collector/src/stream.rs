//! `GET /v1/events`: tells the dashboard of each response when it is stored (server-sent events).

use crate::access::{Reader, RequestCredentials, SomeSites};
use crate::query::Parameters;
use crate::store::Scope;
use crate::{Collector, Error};
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Sse};
use futures_util::StreamExt;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;
use utoipa::IntoParams;

/// Listeners at once, at most: all, and of one person or token, who would otherwise keep everybody else out.
const MOST_LISTENERS: usize = 256;
const MOST_OF_ONE: usize = 64;

/// Places for those who listen.
#[derive(Debug)]
pub(crate) struct Listeners {
    all: Arc<Semaphore>,
    by_actor: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// A place that is taken until this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _of_all: OwnedSemaphorePermit,
    _own: OwnedSemaphorePermit,
}

impl Default for Listeners {
    fn default() -> Self {
        Self { all: Arc::new(Semaphore::new(MOST_LISTENERS)), by_actor: Mutex::default() }
    }
}

impl Listeners {
    /// A place for this person or token, if there is one.
    fn join(&self, actor: &str) -> Option<Place> {
        let of_all = Arc::clone(&self.all).try_acquire_owned().ok()?;
        let mut by_actor = self.by_actor.lock().unwrap_or_else(PoisonError::into_inner);
        by_actor.retain(|_, places| places.available_permits() < MOST_OF_ONE);
        let own = by_actor.entry(actor.to_owned());
        let own = own.or_insert_with(|| Arc::new(Semaphore::new(MOST_OF_ONE)));
        let own = Arc::clone(own).try_acquire_owned().ok()?;
        Some(Place { _of_all: of_all, _own: own })
    }
}

/// How often a stream that is silent says that it is there, and every stream asks whether it still may be.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Which responses to tell of.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct EventsQuery {
    /// Only those of this site; without one, of all that the sender may read.
    site: Option<String>,
}

/// Each response when it is stored, without its answers: `event: response`, and as data its `id`,
/// `survey`, `status`, `revision` and the time `at` which it came. `event: missed` says that there were
/// more than could be told, and that whoever listens should read anew.
#[utoipa::path(get, path = "/v1/events", tag = "reading", security(("token" = ["read"])),
    params(EventsQuery), responses(
    (status = 200, description = "a stream that does not end", content_type = "text/event-stream", body = String),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "too many listen already", body = crate::error::Refusal),
))]
pub(crate) async fn listen(
    State(collector): State<Arc<Collector>>,
    Reader(principal): Reader,
    Parameters(query): Parameters<EventsQuery>,
    credentials: RequestCredentials,
) -> Result<impl IntoResponse, Error> {
    let slot = collector.listeners.join(&principal.actor).ok_or(Error::Busy)?;
    let sites = collector.chosen_sites(&principal, Scope::Read, query.site.as_deref()).await?;
    let allowed = sites.clone();
    let mut closing = collector.closing.subscribe();
    let events = BroadcastStream::new(collector.store.events()).filter_map(move |event| {
        let _held = &slot;
        let told = match event {
            Ok(stored) if !sites.has(&stored.site) => None,
            Ok(stored) => Some(Event::default().event("response").json_data(stored)),
            Err(BroadcastStreamRecvError::Lagged(missed)) => {
                Some(Ok(Event::default().event("missed").data(missed.to_string())))
            }
        };
        std::future::ready(told)
    });
    // A server that ends does not wait for those who only listen.
    let end = {
        let collector = Arc::clone(&collector);
        async move {
            tokio::select! {
                _ = closing.wait_for(|closing| *closing) => {}
                () = is_forbidden(&collector, &credentials, (query.site.as_deref(), &allowed)) => {}
            }
        }
    };
    let events = events.take_until(Box::pin(end));
    // A proxy that collects an answer before it passes it on would pass on nothing: nginx does so by default, and
    // sends not even the head before the first event. `no-transform` keeps others from compressing it, which collects
    // as well.
    let headers = [("x-accel-buffering", "no"), ("cache-control", "no-cache, no-transform")];
    Ok((headers, Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))))
}

/// Completes once these credentials do not allow to listen to just these sites any more: the token was revoked, the session
/// ended, a role was given or taken away. Who may still listen comes again.
async fn is_forbidden(
    collector: &Collector,
    credentials: &RequestCredentials,
    (site, allowed): (Option<&str>, &SomeSites),
) {
    loop {
        tokio::time::sleep(KEEP_ALIVE).await;
        match credentials.allow(collector, Scope::Read).await {
            Ok(principal)
                if principal.chosen(Scope::Read, site).is_ok_and(|now| now == *allowed) => {}
            Ok(_) => return,
            // A database that does not answer takes no right away, and has no news either.
            Err(Error::Unavailable(_) | Error::Busy | Error::TooMany(_)) => {}
            Err(_) => return,
        }
    }
}
