//! The browsers, handed from scenario to scenario.
//!
//! Every scenario brings servers on ports of its own, and so meets empty storage and caches.

use super::{Browser, Engine, Look, Session};
use serde_json::json;
use std::sync::{Mutex, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};

/// The browsers of an engine.
struct Pool {
    /// One for each that may be driven at once.
    places: Semaphore,
    /// Those that are open and wait for their next scenario.
    free: Mutex<Vec<Session>>,
}

impl Pool {
    const fn new(places: usize) -> Self {
        Self { places: Semaphore::const_new(places), free: Mutex::new(Vec::new()) }
    }

    fn of(engine: Engine) -> &'static Self {
        &POOLS[engine as usize]
    }

    /// One that is open.
    fn take(&self) -> Option<Session> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn put(&self, session: Session) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(session);
    }
}

/// Chromium has most to do, and would be left over alone at the end. The drivers of the others keep no more than one session.
static POOLS: [Pool; 3] = [Pool::new(2), Pool::new(1), Pool::new(1)];
/// Browsers that compete for processors miss deadlines that they would keep alone.
static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);
const AT_ONCE: usize = 3;

/// A browser that nobody else drives meanwhile.
pub(crate) struct BrowserLease {
    pub(crate) browser: Browser,
    _place: SemaphorePermit<'static>,
    _turn: SemaphorePermit<'static>,
}

impl BrowserLease {
    /// Waits for its turn, starts the browser if there is none, and puts it in its first state.
    pub(crate) async fn take(engine: Engine) -> Result<Self, String> {
        Self::take_turns(engine, 1).await
    }

    /// The same, while no other browser is driven.
    pub(crate) async fn take_alone(engine: Engine) -> Result<Self, String> {
        Self::take_turns(engine, AT_ONCE as u32).await
    }

    async fn take_turns(engine: Engine, turns: u32) -> Result<Self, String> {
        let pool = Pool::of(engine);
        let closed = |error: tokio::sync::AcquireError| error.to_string();
        let place = pool.places.acquire().await.map_err(closed)?;
        let turn = TURNS.acquire_many(turns).await.map_err(closed)?;
        let session = match pool.take() {
            Some(session) => session,
            None => Session::start(&engine.driver()?, engine.capabilities()?).await?,
        };
        session.post("/frame", json!({"id": null})).await?;
        session.post("/url", json!({"url": "about:blank"})).await?;
        let browser = Browser::new(engine, session);
        browser.set_up(Look::PLAIN).await?;
        Ok(Self { browser, _place: place, _turn: turn })
    }

    /// Leaves the browser to the next scenario.
    pub(crate) fn give_back(self) {
        Pool::of(self.browser.engine).put(self.browser.session().clone());
    }

    /// Closes a browser that may be in any state.
    pub(crate) async fn discard(self) {
        self.browser.session().clone().close().await;
    }
}

/// Closes every browser.
pub(crate) async fn close_all() {
    for pool in &POOLS {
        while let Some(session) = pool.take() {
            session.close().await;
        }
    }
}
