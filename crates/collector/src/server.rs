use crate::limits::Connection;
use axum::Router;
use axum::http::Request;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// How long a client may take over the head of a request, or between two of them.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// How long requests may take to end once the server should.
const LAST_CALL: Duration = Duration::from_secs(10);
/// How many connections are held at once where nobody says; more wait in the system's queue.
const MOST_CONNECTIONS: usize = 2_048;

/// Serves until `shutdown` completes, then lets the requests end that have begun.
///
/// `axum::serve` would do, but sets no limit to the time for a request's head or to the number of
/// connections.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    serve_bounded(listener, router, shutdown, MOST_CONNECTIONS).await;
}

/// The same, with so many connections at once.
pub(crate) async fn serve_bounded(
    mut listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
    connections_at_once: usize,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    // A client that has sent all it wanted may close its side, and still be owed an answer.
    http.half_close(true);
    let connections = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(connections_at_once));
    let mut shutdown = pin!(shutdown);
    loop {
        let next = async {
            // The semaphore is never closed.
            let slot = Arc::clone(&slots).acquire_owned().await.ok();
            (slot, Listener::accept(&mut listener).await)
        };
        let (slot, (stream, address)) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
        };
        // Answers are one small packet each: there is nothing to wait for.
        let _ = stream.set_nodelay(true);
        let from = Connection(address.ip());
        let router = router.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(from);
            request
        });
        let service = TowerToHyperService::new(router);
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
            drop(slot);
        });
    }
    drop(listener);
    if tokio::time::timeout(LAST_CALL, connections.shutdown()).await.is_err() {
        tracing::warn!("requests that did not end in time were cut off");
    }
}
