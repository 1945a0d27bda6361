//! More than one tab, and the way back.

use super::{Browser, Engine};
use serde_json::{Value as Json, json};

impl Browser {
    /// What the present tab is called.
    pub(crate) async fn tab(&self) -> Json {
        self.session().get("/window").await.expect("a tab")
    }

    /// Opens an address in another tab, and goes on there.
    pub(crate) async fn open_in_new_tab(&self, address: &str) {
        let other = self.session().post("/window/new", json!({"type": "tab"})).await;
        self.go_to_tab(&other.expect("a tab")["handle"]).await;
        self.open(address).await;
    }

    /// Closes the present tab, and goes on in that one.
    pub(crate) async fn close_tab_for(&self, other: &Json) {
        self.session().delete("/window").await.expect("it closes");
        self.go_to_tab(other).await;
    }

    async fn go_to_tab(&self, tab: &Json) {
        self.session().post("/window", json!({"handle": tab})).await.expect("the tab is there");
    }

    /// Goes back to the page before.
    pub(crate) async fn back(&self) {
        self.session().post("/back", json!({})).await.expect("a page before");
    }

    /// Whether this is Safari's engine, which names some properties its own way.
    pub(crate) fn is_webkit(&self) -> bool {
        self.engine == Engine::WebKit
    }
}
