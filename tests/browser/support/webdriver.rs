//! W3C WebDriver, as far as the suite needs it: a session, and commands as they stand in the specification.

use super::WAIT_TIMEOUT;
use serde_json::{Value as Json, json};

/// A browser that a driver has started.
#[derive(Clone)]
pub(crate) struct Session {
    address: String,
    http: reqwest::Client,
}

impl Session {
    /// Asks the driver at this address for a browser.
    pub(crate) async fn start(driver: &str, capabilities: Json) -> Result<Self, String> {
        let http = reqwest::Client::builder().timeout(WAIT_TIMEOUT * 3).no_proxy().build();
        let http = http.map_err(|error| error.to_string())?;
        let driver = Self { address: format!("{driver}/session"), http };
        let capabilities = json!({"capabilities": {"alwaysMatch": capabilities}});
        let session = driver.post("", capabilities).await?;
        let id = session["sessionId"].as_str().ok_or_else(|| format!("no session: {session}"))?;
        Ok(Self { address: format!("{}/{id}", driver.address), http: driver.http })
    }

    /// Sends a command and gives the value of its answer.
    pub(crate) async fn post(&self, command: &str, body: Json) -> Result<Json, String> {
        self.send(self.http.post(format!("{}{command}", self.address)).json(&body)).await
    }

    /// Asks for something.
    pub(crate) async fn get(&self, command: &str) -> Result<Json, String> {
        self.send(self.http.get(format!("{}{command}", self.address))).await
    }

    /// Does away with something.
    pub(crate) async fn delete(&self, command: &str) -> Result<Json, String> {
        self.send(self.http.delete(format!("{}{command}", self.address))).await
    }

    /// Closes the browser.
    pub(crate) async fn close(self) {
        // Where the driver has lost it already, there is nothing left to close.
        let _ = self.send(self.http.delete(&self.address)).await;
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Json, String> {
        let driver = |error| format!("the driver does not answer: {error}");
        let response = request.send().await.map_err(driver)?;
        let succeeded = response.status().is_success();
        let mut answer: Json = response.json().await.map_err(driver)?;
        let value = answer["value"].take();
        if succeeded {
            return Ok(value);
        }
        let word = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Err(format!("{}: {}", word("error"), word("message")))
    }
}
