//! The connections: how many there are, how long each may take over what, and what becomes of them at the end.

mod lingering;
pub(crate) mod shares;
mod silent;
mod write_deadline;

use crate::limits::{ConnectionAddress, Proxies, network};
use axum::Router;
use axum::http::Request;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use lingering::Lingering;
use shares::{AddressShare, HeldUnits, Member, Shares};
use silent::{For, Silent, Watched};
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt;
use write_deadline::WriteDeadline;

/// How long a client may take over the head of a request, or between two of them.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// The most bytes that the head of a request may have, and that are read ahead of a body. hyper's own bound is
/// 400 kB, which 2 000 clients would make a gigabyte of.
const LARGEST_HEAD_BYTES: usize = 16 * 1024;
/// How often those are looked for that have to make room, while somebody waits for it.
const ROOM_PAUSE: Duration = Duration::from_millis(100);
/// How long requests may take to end once the server should.
const LAST_CALL: Duration = Duration::from_secs(10);

/// How many connections are held at once.
#[derive(Debug, Clone)]
pub struct ConnectionLimits {
    /// Connections that are served. Those of others wait, and cost next to nothing meanwhile.
    pub served: usize,
    /// Of them, those of one address (IPv6: of one /64); 0 for any number.
    pub served_per_address: usize,
    /// Addresses that stand for many clients, and have no share of their own.
    pub proxies: Proxies,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self::new(2_048)
    }
}

impl ConnectionLimits {
    /// So many connections, a quarter of them for one address.
    #[must_use]
    pub fn new(served: usize) -> Self {
        let served_per_address = Self::default_per_address(served);
        Self { served, served_per_address, proxies: Proxies::default() }
    }

    /// How many one address may have where nobody says.
    pub(crate) fn default_per_address(served: usize) -> usize {
        (served / 4).max(1)
    }

    /// Connections that are accepted and wait.
    pub(crate) fn waiting(served: usize) -> usize {
        (served / 2).max(256)
    }
}

/// Serves until `shutdown` completes, then lets the requests end that have begun.
///
/// `axum::serve` would do, but sets no limit to the number of connections, to the time for a request's head, nor
/// to that for reading the answer.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    serve_bounded(listener, router, shutdown, &ConnectionLimits::default()).await;
}

/// The same, with these limits.
pub(crate) async fn serve_bounded(
    mut listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
    limits: &ConnectionLimits,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(LARGEST_HEAD_BYTES);
    // A client that has sent all it wanted may close its side, and still be owed an answer.
    http.half_close(true);
    let connections = GracefulShutdown::new();
    let closing = watch::Sender::new(false);
    let waiting = ConnectionLimits::waiting(limits.served);
    let accepted = Arc::new(Semaphore::new(limits.served + waiting));
    let each = (limits.served_per_address > 0).then(|| AddressShare {
        units: limits.served_per_address,
        members: limits.served_per_address + waiting / 2,
    });
    let places = Shares::new(limits.served, each);
    let silent = Arc::new(Silent::default());
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, address) = tokio::select! {
            next = Listener::accept(&mut listener) => next,
            () = &mut shutdown => break,
        };
        let address = address.ip();
        let of = (!limits.proxies.trust(address)).then(|| network(address));
        let Some(member) = places.join(of) else {
            tracing::debug!(%address, "an address has too many connections; one more was closed");
            continue;
        };
        let slot = tokio::select! {
            slot = slot(&accepted, &silent) => slot,
            () = &mut shutdown => break,
        };
        let ticket = Arc::new(silent.join(of));
        let router = router.clone();
        let http = http.clone();
        let silent = Arc::clone(&silent);
        let (watcher, mut is_closing) = (connections.watcher(), closing.subscribe());
        tokio::spawn(async move {
            let _slot = slot;
            let place = tokio::select! {
                place = place(&stream, (&member, of), &silent) => place,
                () = ticket.over() => None,
                // Who waits has begun nothing that would have to end.
                _ = is_closing.wait_for(|is_closing| *is_closing) => None,
            };
            let Some(place) = place else { return };
            ticket.takes_place();
            // Answers are one small packet each: there is nothing to wait for.
            let _ = stream.set_nodelay(true);
            let from = ConnectionAddress(address);
            let speaker = Arc::clone(&ticket);
            let router = router.map_request(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(from);
                request.map(|body| Watched::request(body, &speaker))
            });
            let answering = Arc::clone(&ticket);
            let router = router.map_response(move |response: axum::response::Response| {
                response.map(|body| Watched::answer(body, &answering))
            });
            let stream =
                WriteDeadline::new(Lingering::new(stream, place, member, Arc::clone(&ticket)));
            let service = TowerToHyperService::new(router);
            let connection = http.serve_connection(TokioIo::new(stream), service);
            tokio::select! {
                result = watcher.watch(connection) => if let Err(error) = result {
                    tracing::debug!(%error, "a connection broke");
                },
                () = ticket.over() => {}
            }
        });
    }
    drop(listener);
    closing.send_replace(true);
    if tokio::time::timeout(LAST_CALL, connections.shutdown()).await.is_err() {
        tracing::warn!("requests that did not end in time were cut off");
    }
}

/// A slot for one more connection; where there is none, one that is silent makes room.
async fn slot(accepted: &Arc<Semaphore>, silent: &Silent) -> Option<OwnedSemaphorePermit> {
    if let Ok(slot) = Arc::clone(accepted).try_acquire_owned() {
        return Some(slot);
    }
    loop {
        silent.end_one(For::Slot);
        let slot = Arc::clone(accepted).acquire_owned();
        if let Ok(slot) = tokio::time::timeout(ROOM_PAUSE, slot).await {
            // The semaphore is never closed.
            return slot.ok();
        }
    }
}

/// A place for this connection of a network, once its client has said something: those who are silent take none. Where
/// there is none, whoever holds one and keeps us waiting makes room.
async fn place(
    stream: &TcpStream,
    (member, of): (&Member, Option<IpAddr>),
    silent: &Silent,
) -> Option<HeldUnits> {
    // `readable` may say so of a connection that is only new; this looks at what is there.
    tokio::time::timeout(HEAD_TIMEOUT, stream.peek(&mut [0])).await.ok()?.ok()?;
    let mut held = {
        let mut own = pin!(member.take_own(1));
        loop {
            match tokio::time::timeout(ROOM_PAUSE, &mut own).await {
                Ok(held) => break held,
                // Without a network it has no share that it could wait for.
                Err(_) => of.into_iter().for_each(|of| silent.end_one(For::PlaceOf(of))),
            }
        }
    };
    {
        let mut common = pin!(member.take_common(&mut held, 1));
        while tokio::time::timeout(ROOM_PAUSE, &mut common).await.is_err() {
            silent.end_one(For::Place);
        }
    }
    Some(held)
}
