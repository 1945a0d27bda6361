//! The drivers of three browsers, each on a port of its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::http;
use crate::project::Project;
use crate::server::Server;
use crate::setup::{Tools, mini_browser};
use crate::shell::{Naming, Result};

/// Chromium as a test wants it: without a window, and quiet about anything but the page.
pub(super) const CHROMIUM: &str = r#"{"goog:chromeOptions": {"args": ["--headless=new", "--no-sandbox", "--disable-gpu",
"--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]}}
"#;

/// Running drivers. They end when this is dropped.
#[derive(Debug)]
pub(super) struct Drivers {
    environment: Vec<(&'static str, String)>,
    _servers: Vec<Server>,
}

impl Drivers {
    /// What the browser suite reads.
    pub(super) fn environment(&self) -> impl Iterator<Item = (&'static str, &String)> {
        self.environment.iter().map(|(name, value)| (*name, value))
    }
}

/// Starts all drivers and waits until each is ready.
pub(super) fn start(project: &Project, tools: &Tools) -> Result<Drivers> {
    let logs = project.target.join("drivers");
    fs::create_dir_all(&logs).naming(&logs)?;
    // WebKitGTK has no headless mode. The X server itself knows best which display is free.
    let mut screen = Command::new("Xvfb");
    screen.args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]);
    let (screen, display) = Server::start_heard(&screen)?;
    if display.is_empty() {
        return Err("Xvfb does not start: run `Xvfb -displayfd 1` to see why".to_owned());
    }
    let mini_browser = mini_browser().unwrap_or_else(|| PathBuf::from("MiniBrowser"));
    let mut drivers = Drivers {
        environment: vec![("SONDEO_WEBKIT_BROWSER", mini_browser.to_string_lossy().into_owned())],
        _servers: vec![screen],
    };
    for (variable, program, options) in [
        ("SONDEO_CHROMEDRIVER", "chromedriver", &[][..]),
        // Its default port for another protocol is the same in every run.
        // Only Firefox itself can be told to be dark, and the driver has to allow for that.
        ("SONDEO_GECKODRIVER", "geckodriver", &["--websocket-port=0", "--allow-system-access"]),
        ("SONDEO_WEBKITDRIVER", "WebKitWebDriver", &[]),
    ] {
        let port = http::free_port()?;
        let log = logs.join(format!("{program}.log"));
        let mut command = Command::new(tools.program(program)?);
        command
            .arg(format!("--port={port}"))
            .args(options)
            .env("DISPLAY", format!(":{display}"))
            .env("MOZ_HEADLESS", "1")
            .env("NO_AT_BRIDGE", "1");
        let mut server = Server::start_logged(&command, &log)?;
        let patience = Duration::from_secs(20);
        if !http::wait_for(http::local(port), "/status", patience, || server.runs()) {
            return Err(format!("{program} does not start: see {}", log.display()));
        }
        drivers.environment.push((variable, format!("http://127.0.0.1:{port}")));
        drivers._servers.push(server);
    }
    Ok(drivers)
}
