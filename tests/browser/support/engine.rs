use serde_json::{Value as Json, json};
use std::env;
use std::fmt;

/// A browser engine that visitors have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// Where its driver listens.
    pub(crate) fn driver(self) -> Result<String, String> {
        variable(match self {
            Self::Chromium => "SONDEO_CHROMEDRIVER",
            Self::Firefox => "SONDEO_GECKODRIVER",
            Self::WebKit => "SONDEO_WEBKITDRIVER",
        })
    }

    /// How its browser is to be started: without a window, quiet about anything but the page.
    pub(crate) fn capabilities(self) -> Result<Json, String> {
        let mut capabilities = match self {
            Self::Chromium => json!({"goog:chromeOptions": {"args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ]}}),
            // Whatever a server answers is a page, and no viewer with scripts of its own.
            Self::Firefox => json!({"moz:firefoxOptions": {"args": ["-headless"], "prefs": {
                "devtools.jsonview.enabled": false,
                "browser.http.blank_page_with_error_response.enabled": true,
            }}}),
            Self::WebKit => json!({"webkitgtk:browserOptions": {
                "binary": variable("SONDEO_WEBKIT_BROWSER")?, "args": ["--automation"],
            }}),
        };
        // Encrypted pages of tests are signed by nobody.
        capabilities["acceptInsecureCerts"] = true.into();
        Ok(capabilities)
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        })
    }
}

/// What `cargo xtask test` tells the suite.
pub(crate) fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set: run `cargo xtask test --browser`"))
}
