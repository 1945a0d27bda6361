//! More than one tab, and what only Chromium's driver can do to one.

use super::{Browser, PAUSE, Session, WAIT_TIMEOUT};
use serde_json::{Value as Json, json};
use std::time::Instant;

impl Browser {
    /// Makes another, empty tab, and stays in this one.
    pub(crate) async fn another_tab(&self) -> Json {
        let other = self.session().post("/window/new", json!({"type": "tab"})).await;
        other.expect("a tab")["handle"].clone()
    }

    /// The present tab, to come back to.
    pub(crate) async fn present_tab(&self) -> Json {
        self.session().get("/window").await.expect("a tab")
    }

    /// Opens a page in a tab of its own, beside the present one, and goes there. Both, to come back to.
    pub(crate) async fn open_beside(&self, address: &str) -> (Json, Json) {
        let first = self.present_tab().await;
        let second = self.another_tab().await;
        self.go_to_tab(&second).await;
        self.open(address).await;
        (first, second)
    }

    /// Closes the present tab.
    pub(crate) async fn close_tab(&self) {
        self.session().delete("/window").await.expect("it closes");
    }

    /// Waits until the page has opened another tab beside this one, and goes there.
    pub(crate) async fn go_to_another_tab(&self, this: &Json) {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        loop {
            let tabs: Json = self.session().get("/window/handles").await.expect("the tabs");
            let tabs = tabs.as_array().cloned().unwrap_or_default();
            if let Some(other) = tabs.iter().find(|it| *it != this) {
                return self.go_to_tab(other).await;
            }
            assert!(Instant::now() < deadline, "waited in vain for another tab");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Goes on in that tab.
    pub(crate) async fn go_to_tab(&self, tab: &Json) {
        self.session().post("/window", json!({"handle": tab})).await.expect("the tab is there");
    }

    /// A Chromium of its own, started with one more argument. To be closed by whoever asked for it.
    pub(crate) async fn of_its_own(&self, argument: &str) -> Self {
        let mut capabilities = self.engine.capabilities().expect("capabilities");
        let arguments = capabilities["goog:chromeOptions"]["args"].as_array_mut();
        arguments.expect("Chromium's list").push(argument.into());
        let driver = self.engine.driver().expect("a driver");
        let session = Session::start(&driver, capabilities).await.expect("a browser");
        Self::new(self.engine, session)
    }

    /// Takes Chromium off the network, or puts it back.
    pub(crate) async fn offline(&self, is_offline: bool) {
        let conditions = json!({"offline": is_offline, "latency": 0, "throughput": -1});
        let command = json!({"network_conditions": conditions});
        let done = self.session().post("/chromium/network_conditions", command).await;
        done.expect("the network's switch");
    }

    /// Tells Chromium's present tab something in the language of its developer tools.
    pub(crate) async fn tell_chromium(
        &self,
        command: &str,
        parameters: Json,
    ) -> Result<Json, String> {
        let command = json!({"cmd": command, "params": parameters});
        self.session().post("/goog/cdp/execute", command).await
    }
}
