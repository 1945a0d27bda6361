use super::{PAUSE, WAIT_TIMEOUT};
use axum::Router;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A server of this process on a free port. It ends with this value.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

/// Whether nobody in this run had this port before: a browser remembers what it met there.
pub(super) fn is_new(port: u16) -> bool {
    static KNOWN: Mutex<Vec<u16>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let is_new = !known.contains(&port);
    known.push(port);
    is_new
}

impl Server {
    pub(crate) async fn start(routes: Router) -> Self {
        let (listener, address) = loop {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("an address");
            if is_new(address.port()) {
                break (listener, address);
            }
        };
        Self::on(listener, address, routes)
    }

    /// On the port of one that has ended.
    pub(crate) async fn again(address: SocketAddr, routes: Router) -> Self {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        loop {
            match TcpListener::bind(address).await {
                Ok(listener) => return Self::on(listener, address, routes),
                Err(error) => assert!(Instant::now() < deadline, "{error}"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn on(listener: TcpListener, address: SocketAddr, routes: Router) -> Self {
        let task = tokio::spawn(async move {
            // Serving ends with the task, never by itself.
            let _ = axum::serve(listener, routes).await;
        });
        Self { address, task }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
