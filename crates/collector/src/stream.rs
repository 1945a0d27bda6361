//! `GET /v1/events`: tells the dashboard of each response when it is stored (server-sent events).

use crate::access::{Credentials, Reader, SomeSites};
use crate::query::Parameters;
use crate::store::Scope;
use crate::{Collector, Error};
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Sse};
use futures_util::StreamExt;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;
use utoipa::IntoParams;

/// Listeners at once, at most.
pub(crate) const MOST_LISTENERS: usize = 256;

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
    credentials: Credentials,
) -> Result<impl IntoResponse, Error> {
    let slot = Arc::clone(&collector.listeners).try_acquire_owned().map_err(|_| Error::Busy)?;
    let sites = principal.chosen(Scope::Read, query.site.as_deref())?;
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
    credentials: &Credentials,
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
