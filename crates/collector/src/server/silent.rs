//! Connections on which no request has begun: where others wait, they are the first to go.

use crate::limits::site;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long every client has for its head, however many wait.
const LEAST_AGE: Duration = Duration::from_millis(500);

/// All that have not said a whole head yet.
#[derive(Debug, Default)]
pub(super) struct Silent(Mutex<Registry>);

#[derive(Debug, Default)]
struct Registry {
    next: u64,
    /// By address (IPv6: by site), the oldest first.
    connections: HashMap<IpAddr, BTreeMap<u64, Connection>>,
}

#[derive(Debug)]
struct Connection {
    since: Instant,
    has_place: bool,
    end: watch::Sender<bool>,
}

/// One of them, until it has said a whole head.
#[derive(Debug)]
pub(super) struct Ticket {
    silent: Arc<Silent>,
    /// None where it may stay as long as it likes: it is a trusted proxy's.
    key: Option<(IpAddr, u64)>,
    end: watch::Receiver<bool>,
}

impl Silent {
    /// A new connection of this network.
    pub(super) fn join(self: &Arc<Self>, of: Option<IpAddr>) -> Ticket {
        let (sender, end) = watch::channel(false);
        let key = of.map(|network| {
            let address = site(network).unwrap_or(network);
            let mut registry = self.registry();
            registry.next += 1;
            let number = registry.next;
            let connection = Connection { since: Instant::now(), has_place: false, end: sender };
            registry.connections.entry(address).or_default().insert(number, connection);
            (address, number)
        });
        Ticket { silent: Arc::clone(self), key, end }
    }

    /// Ends the oldest connection of the address that has most of them; of those that hold a place, where one is needed.
    pub(super) fn end_one(&self, needs_place: bool) {
        let mut registry = self.registry();
        let is_meant =
            |it: &Connection| it.since.elapsed() >= LEAST_AGE && (it.has_place || !needs_place);
        let addresses = registry.connections.iter().filter_map(|(address, all)| {
            let meant = || all.iter().filter(|(_, connection)| is_meant(connection));
            let oldest = *meant().next()?.0;
            Some((meant().count(), std::cmp::Reverse(oldest), *address))
        });
        let Some((_, std::cmp::Reverse(oldest), address)) = addresses.max() else { return };
        if let Some(connection) = registry.remove((address, oldest)) {
            tracing::debug!(%address, "a connection without a request made room");
            let _ = connection.end.send(true);
        }
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Registry {
    fn remove(&mut self, (address, number): (IpAddr, u64)) -> Option<Connection> {
        let of_address = self.connections.get_mut(&address)?;
        let removed = of_address.remove(&number);
        if of_address.is_empty() {
            self.connections.remove(&address);
        }
        removed
    }
}

impl Ticket {
    /// It holds a place from now on.
    pub(super) fn takes_place(&self) {
        let Some((address, number)) = self.key else { return };
        let mut registry = self.silent.registry();
        let of_address = registry.connections.get_mut(&address);
        if let Some(connection) = of_address.and_then(|all| all.get_mut(&number)) {
            connection.has_place = true;
        }
    }

    /// It has said a whole head: nobody ends it any more.
    pub(super) fn speaks(&self) {
        if let Some(key) = self.key {
            self.silent.registry().remove(key);
        }
    }

    /// Whether it made room for others.
    pub(super) fn is_over(&self) -> bool {
        *self.end.borrow()
    }

    /// Waits until it has to make room.
    pub(super) async fn over(&self) {
        let mut end = self.end.clone();
        if end.wait_for(|is_over| *is_over).await.is_err() {
            // It has spoken.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.speaks();
    }
}

#[cfg(test)]
mod tests {
    use super::{LEAST_AGE, Silent};
    use std::net::IpAddr;
    use std::sync::Arc;

    #[test]
    fn the_oldest_of_whoever_has_most_is_the_first_to_go() {
        let silent = Arc::new(Silent::default());
        let join = |address: &str| {
            let network: IpAddr = address.parse().expect("an address");
            silent.join(Some(network))
        };
        let honest = join("203.0.113.1");
        let proxy = silent.join(None);
        // Two networks of one site.
        let greedy = ["2001:db8:1:1::", "2001:db8:1:2::", "2001:db8:1:3::"].map(join);
        silent.end_one(false);
        assert!(!greedy[0].is_over(), "each has a moment");
        std::thread::sleep(LEAST_AGE);
        silent.end_one(true);
        assert!(greedy.iter().all(|it| !it.is_over()), "none of them holds a place");
        greedy[1].takes_place();
        silent.end_one(true);
        assert!(greedy[1].is_over());
        greedy[0].speaks();
        for _ in 0..3 {
            silent.end_one(false);
        }
        let ended = [&honest, &greedy[0], &greedy[2], &proxy].map(super::Ticket::is_over);
        assert_eq!(ended, [true, false, true, false]);
    }
}
