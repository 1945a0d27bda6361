//! Chromium, driven by WebDriver: when does a reader of the dashboard see something?

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Waits in the page, for the moment counts and not when it is asked for.
const MOMENTS: &str = "const [selector, done] = arguments;
    const look = () => {
        if (!document.querySelector(selector)) return setTimeout(look, 4);
        const paint = performance.getEntriesByName('first-contentful-paint')[0];
        if (!paint) return setTimeout(look, 4);
        done([paint.startTime, performance.now()]);
    };
    look();";

/// A browser; it ends with this value.
pub(crate) struct Browser {
    client: reqwest::Client,
    session: String,
    driver: Child,
}

impl Browser {
    /// None where there is no chromedriver. `CHROMEDRIVER` says where it is.
    pub(crate) async fn start() -> Option<Self> {
        let program = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
        let mut command = Command::new(program);
        command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut driver = command.spawn().ok()?;
        let lines = BufReader::new(driver.stdout.take()?).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let port = line.split(" on port ").nth(1)?.trim_end_matches('.').to_owned();
            // It first repeats the 0 that it was asked for.
            port.parse::<u16>().ok().filter(|port| *port > 0)
        });
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let mut browser = Self { client, session: String::new(), driver };
        let root = format!("http://127.0.0.1:{}/session", port.expect("the driver's port"));
        let options = json!({"args": ["--headless=new", "--no-sandbox", "--disable-gpu",
            "--window-size=1280,900", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]});
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}});
        let session = browser.post(&root, &wanted).await;
        browser.session = format!("{root}/{}", session["sessionId"].as_str().expect("a session"));
        Some(browser)
    }

    /// Opens a page; the milliseconds until its first paint, and until this stands there.
    pub(crate) async fn open(&self, url: &str, selector: &str) -> [f64; 2] {
        self.post(&format!("{}/url", self.session), &json!({"url": url})).await;
        let script = json!({"script": MOMENTS, "args": [selector]});
        let moments = self.post(&format!("{}/execute/async", self.session), &script).await;
        serde_json::from_value(moments).expect("two moments")
    }

    async fn post(&self, url: &str, body: &Value) -> Value {
        let answer = self.client.post(url).json(body).send().await.expect("the driver answers");
        let mut answer: Value = answer.json().await.expect("JSON");
        let value = answer["value"].take();
        assert!(value["error"].is_null(), "{url}: {value}");
        value
    }

    /// Closes it.
    pub(crate) async fn close(self) {
        let _ = self.client.delete(&self.session).send().await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
