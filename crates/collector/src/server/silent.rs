//! Connections that wait for their client: no request has begun yet, the body of one does not come, an answer is not
//! read, or the last one was answered and the next may come. Where others wait, they are the first to go.

use crate::limits::site;
use hyper::body::{Body, Buf, Frame, SizeHint};
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long every client has for its head, however many wait; and for reading the end of its answer.
const LEAST_AGE: Duration = Duration::from_millis(500);
/// How long it has for the body of its request, or for each [`BODY_BYTES`] of it.
const LEAST_AGE_OF_BODY: Duration = Duration::from_secs(2);
const BODY_BYTES: usize = 16 * 1024;
/// How long it has until there is room in the system's buffers for more of an answer.
const LEAST_AGE_OF_ANSWER: Duration = Duration::from_secs(5);

/// All connections that wait for their client.
#[derive(Debug, Default)]
pub(super) struct Silent(Mutex<Registry>);

#[derive(Debug, Default)]
struct Registry {
    next: u64,
    /// By address (IPv6: by site), the longest silent first.
    connections: HashMap<IpAddr, BTreeMap<u64, WatchedConnection>>,
}

#[derive(Debug)]
struct WatchedConnection {
    since: Instant,
    least_age: Duration,
    network: IpAddr,
    has_place: bool,
    end: watch::Sender<bool>,
}

/// A connection, as long as it lasts.
#[derive(Debug)]
pub(super) struct Ticket {
    silent: Arc<Silent>,
    /// None where it may stay as long as it likes: it is a trusted proxy's.
    network: Option<IpAddr>,
    end: watch::Sender<bool>,
    state: Mutex<ConnectionState>,
}

#[derive(Debug, Default)]
struct ConnectionState {
    /// Its place in the registry, while it waits for its client.
    number: Option<u64>,
    has_place: bool,
    phase: Phase,
    /// What was answered waits for the client to read it.
    is_writing: bool,
}

/// What is going on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Phase {
    /// Nothing.
    #[default]
    Silent,
    /// The body of a request comes.
    Receiving,
    /// We have to answer.
    Answering,
}

impl ConnectionState {
    /// How long its client has for what it waits for; none where it waits for us.
    fn least_age(&self) -> Option<Duration> {
        match self.phase {
            _ if self.is_writing => Some(LEAST_AGE_OF_ANSWER),
            Phase::Silent => Some(LEAST_AGE),
            Phase::Receiving => Some(LEAST_AGE_OF_BODY),
            Phase::Answering => None,
        }
    }
}

/// Whom a connection has to make room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// One more that is accepted, and may wait.
    Slot,
    /// One that needs a place.
    Place,
    /// One of this network that needs a place of its share.
    PlaceOf(IpAddr),
}

impl Silent {
    /// A new connection of this network.
    pub(super) fn join(self: &Arc<Self>, of: Option<IpAddr>) -> Ticket {
        let (end, state) = (watch::Sender::new(false), Mutex::default());
        let ticket = Ticket { silent: Arc::clone(self), network: of, end, state };
        ticket.change(|_| true);
        ticket
    }

    /// Ends the connection that is silent for longest, of the address that has most of them; of those that hold a place,
    /// where one is needed.
    pub(super) fn end_one(&self, whom: For) {
        let mut registry = self.registry();
        let is_meant = |it: &WatchedConnection| {
            it.since.elapsed() >= it.least_age
                && match whom {
                    For::Slot => true,
                    For::Place => it.has_place,
                    For::PlaceOf(network) => it.has_place && it.network == network,
                }
        };
        let addresses = registry.connections.iter().filter_map(|(address, all)| {
            let meant = || all.iter().filter(|(_, connection)| is_meant(connection));
            let oldest = *meant().next()?.0;
            Some((meant().count(), std::cmp::Reverse(oldest), *address))
        });
        let Some((_, std::cmp::Reverse(oldest), address)) = addresses.max() else { return };
        if let Some(connection) = registry.remove(address, oldest) {
            tracing::debug!(%address, "a connection that waited for its client made room");
            connection.end.send_replace(true);
        }
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Registry {
    fn remove(&mut self, address: IpAddr, number: u64) -> Option<WatchedConnection> {
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
        self.change(|state| {
            state.has_place = true;
            false
        });
    }

    /// It has said a whole head, and what follows it, if it has no body: nobody ends it before it is answered.
    pub(super) fn speaks(&self) {
        self.enter(Phase::Answering);
    }

    /// Whether the client has yet to read what was written.
    pub(super) fn writes(&self, is_writing: bool) {
        let is_news = self.state().is_writing != is_writing;
        if is_news {
            self.change(|state| {
                state.is_writing = is_writing;
                true
            });
        }
    }

    fn enter(&self, phase: Phase) {
        self.change(|state| {
            state.phase = phase;
            true
        });
    }

    /// The phase is over, if it has not been before.
    fn leave(&self, phase: Phase, next: Phase) {
        let is_on = self.state().phase == phase;
        if is_on {
            self.enter(next);
        }
    }

    fn state(&self) -> MutexGuard<'_, ConnectionState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state. Where `change` says so, the client's time begins anew.
    fn change(&self, change: impl FnOnce(&mut ConnectionState) -> bool) {
        let Some(network) = self.network else { return };
        let address = site(network).unwrap_or(network);
        let mut state = self.state();
        let begins_anew = change(&mut state);
        let has_place = state.has_place;
        let mut registry = self.silent.registry();
        if !begins_anew {
            let of_address = registry.connections.get_mut(&address);
            let number = state.number.unwrap_or_default();
            if let Some(connection) = of_address.and_then(|all| all.get_mut(&number)) {
                connection.has_place = has_place;
            }
            return;
        }
        if let Some(number) = state.number.take() {
            registry.remove(address, number);
        }
        if let Some(least_age) = state.least_age() {
            registry.next += 1;
            let number = registry.next;
            state.number = Some(number);
            let (since, end) = (Instant::now(), self.end.clone());
            let connection = WatchedConnection { since, least_age, network, has_place, end };
            registry.connections.entry(address).or_default().insert(number, connection);
        }
    }

    /// Whether it made room for others.
    pub(super) fn is_over(&self) -> bool {
        *self.end.borrow()
    }

    /// Waits until it has to make room.
    pub(super) async fn over(&self) {
        // The sender is there as long as this is.
        let _ = self.end.subscribe().wait_for(|is_over| *is_over).await;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.speaks();
    }
}

/// The body of a request or an answer, with which a phase of its connection ends.
#[derive(Debug)]
pub(super) struct Watched<B> {
    body: B,
    /// Bytes of a request since the client's time began.
    length: usize,
    phase: OnePhase,
}

#[derive(Debug)]
struct OnePhase {
    ticket: Arc<Ticket>,
    phase: Phase,
    /// What follows; none where it has begun.
    next: Option<Phase>,
}

impl OnePhase {
    fn end(&mut self) {
        if let Some(next) = self.next.take() {
            self.ticket.leave(self.phase, next);
        }
    }
}

impl Drop for OnePhase {
    fn drop(&mut self) {
        self.end();
    }
}

impl<B: Body> Watched<B> {
    /// Of a request, whose head has come.
    pub(super) fn request(body: B, ticket: &Arc<Ticket>) -> Self {
        let next = (!body.is_end_stream()).then_some(Phase::Answering);
        let phase = if next.is_some() { Phase::Receiving } else { Phase::Answering };
        ticket.enter(phase);
        Self { body, length: 0, phase: OnePhase { ticket: Arc::clone(ticket), phase, next } }
    }

    /// Of an answer: when it is dropped, it has been handed over.
    pub(super) fn answer(body: B, ticket: &Arc<Ticket>) -> Self {
        // The rest of a request that was answered before its end is waited for no longer.
        ticket.speaks();
        let (ticket, phase) = (Arc::clone(ticket), Phase::Answering);
        let phase = OnePhase { ticket, phase, next: Some(Phase::Silent) };
        Self { body, length: 0, phase }
    }
}

impl<B: Body + Unpin> Body for Watched<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if self.phase.next == Some(Phase::Answering) {
            let data = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref());
            self.length += data.map_or(0, Buf::remaining);
            if frame.is_none() || self.body.is_end_stream() {
                self.phase.end();
            } else if self.length >= BODY_BYTES {
                self.length = 0;
                self.phase.ticket.leave(Phase::Receiving, Phase::Receiving);
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::{For, LEAST_AGE, LEAST_AGE_OF_ANSWER, LEAST_AGE_OF_BODY, Silent, Watched};
    use http_body_util::Full;
    use hyper::body::Bytes;
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
        silent.end_one(For::Slot);
        assert!(!greedy[0].is_over(), "each has a moment");
        std::thread::sleep(LEAST_AGE);
        silent.end_one(For::Place);
        assert!(greedy.iter().all(|it| !it.is_over()), "none of them holds a place");
        greedy[1].takes_place();
        silent.end_one(For::Place);
        assert!(greedy[1].is_over());
        greedy[0].speaks();
        for _ in 0..3 {
            silent.end_one(For::Slot);
        }
        let ended = [&honest, &greedy[0], &greedy[2], &proxy].map(super::Ticket::is_over);
        assert_eq!(ended, [true, false, true, false]);
    }

    #[test]
    fn whoever_waits_for_the_client_makes_room() {
        let silent = Arc::new(Silent::default());
        let network: IpAddr = "203.0.113.1".parse().expect("an address");
        let join = || {
            let ticket = Arc::new(silent.join(Some(network)));
            ticket.takes_place();
            ticket
        };
        let [waiting, resting, sending, reading] = [join(), join(), join(), join()];
        let body = |text: &'static str| Full::<Bytes>::from(text);
        let asked = Watched::request(body("a body"), &sending);
        for ticket in [&waiting, &resting, &reading] {
            drop(Watched::request(body(""), ticket));
        }
        let answer = Watched::answer(body("an answer"), &waiting);
        drop(Watched::answer(body("an answer"), &resting));
        drop(Watched::answer(body("an answer"), &reading));
        reading.writes(true);
        let end_all = |whom: For| (0..4).for_each(|_| silent.end_one(whom));
        let ended = || [&waiting, &resting, &sending, &reading].map(|ticket| ticket.is_over());
        end_all(For::Slot);
        assert_eq!(ended(), [false; 4], "each has a moment");
        std::thread::sleep(LEAST_AGE);
        end_all(For::PlaceOf("203.0.113.2".parse().expect("an address")));
        assert_eq!(ended(), [false; 4], "it is another's");
        end_all(For::PlaceOf(network));
        assert_eq!(ended(), [false, true, false, false]);
        std::thread::sleep(LEAST_AGE_OF_BODY - LEAST_AGE);
        end_all(For::Place);
        assert_eq!(ended(), [false, true, true, false]);
        std::thread::sleep(LEAST_AGE_OF_ANSWER - LEAST_AGE_OF_BODY);
        end_all(For::Place);
        assert_eq!(ended(), [false, true, true, true]);
        drop((asked, answer));
    }

    #[test]
    fn a_request_that_is_dropped_after_its_answer_changes_nothing() {
        let silent = Arc::new(Silent::default());
        let network: IpAddr = "203.0.113.1".parse().expect("an address");
        let ticket = Arc::new(silent.join(Some(network)));
        ticket.takes_place();
        let asked = Watched::request(Full::<Bytes>::from("a body"), &ticket);
        drop(Watched::answer(Full::<Bytes>::from("an answer"), &ticket));
        drop(asked);
        std::thread::sleep(LEAST_AGE);
        silent.end_one(For::Place);
        assert!(ticket.is_over());
    }
}
