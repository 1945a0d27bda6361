//! The browsers: one of each engine, handed from scenario to scenario.
//!
//! Every scenario brings servers on ports of its own, and so meets empty storage and caches.

use super::{Browser, Engine, Look, Session};
use serde_json::json;
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

/// Some drivers keep no more than one session.
static SLOTS: [Mutex<Option<Session>>; 3] = [const { Mutex::const_new(None) }; 3];
/// Browsers that compete for processors miss deadlines that they would keep alone.
static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);
const AT_ONCE: usize = 2;

/// A browser that nobody else drives meanwhile.
pub(crate) struct BrowserLease {
    pub(crate) browser: Browser,
    slot: MutexGuard<'static, Option<Session>>,
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
        let mut slot = SLOTS[engine as usize].lock().await;
        let turn = TURNS.acquire_many(turns).await.map_err(|error| error.to_string())?;
        let session = match slot.take() {
            Some(session) => session,
            None => Session::start(&engine.driver()?, engine.capabilities()?).await?,
        };
        session.post("/frame", json!({"id": null})).await?;
        session.post("/url", json!({"url": "about:blank"})).await?;
        let browser = Browser::new(engine, session);
        browser.set_up(Look::PLAIN).await?;
        Ok(Self { browser, slot, _turn: turn })
    }

    /// Leaves the browser to the next scenario.
    pub(crate) fn give_back(mut self) {
        *self.slot = Some(self.browser.session().clone());
    }

    /// Closes a browser that may be in any state.
    pub(crate) async fn discard(self) {
        self.browser.session().clone().close().await;
    }
}

/// Closes every browser.
pub(crate) async fn close_all() {
    for slot in &SLOTS {
        if let Some(session) = slot.lock().await.take() {
            session.close().await;
        }
    }
}
