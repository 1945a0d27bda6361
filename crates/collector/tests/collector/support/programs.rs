//! Programs that an operator puts in front of the collector, started for one test and gone after it.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long a program may need until it listens.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Where a program is. `cargo xtask test` installs those that Debian has; without it, the test says that it is not run.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    if found.is_none() {
        // Past the test harness, which keeps to itself what a test that passes prints.
        let _ = writeln!(std::io::stderr(), "not run: this machine has no {name}");
    }
    found
}

/// A port that nobody uses, and that no test is given twice. Not one of those that the system gives to whoever asks for any: until
/// the program listens, another test would be given it.
pub(crate) fn free_port() -> u16 {
    const FIRST: u16 = 20_000;
    const MOST: u32 = 10_000;
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    // Another run of the tests begins elsewhere.
    let start = std::process::id();
    loop {
        let at = start.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed)) % MOST;
        let port = FIRST + u16::try_from(at).expect("below the most");
        if TcpListener::bind(("0.0.0.0", port)).is_ok() {
            return port;
        }
    }
}

/// The block of this language below a heading of a page of `docs/`.
pub(crate) fn block(page: &str, heading: &str, language: &str) -> String {
    let (_, after) = page.split_once(&format!("\n## {heading}\n")).expect("the heading");
    let section = after.split("\n## ").next().expect("a section");
    let (_, code) = section.split_once(&format!("```{language}\n")).expect("the block");
    code.split_once("```").expect("its end").0.to_owned()
}

/// A program that runs until this is dropped.
pub(crate) struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts it, and waits until it takes connections at this port.
    pub(crate) fn start(mut command: Command, log: &Path, port: u16) -> Self {
        let file = fs::File::create(log).expect("a log");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
        let child = command.spawn().expect("it starts");
        let running = Self { child, log: log.to_owned() };
        let deadline = Instant::now() + START_TIMEOUT;
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "it does not start:\n{}", running.said());
            std::thread::sleep(Duration::from_millis(20));
        }
        running
    }

    /// What it wrote about itself.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // With a word first: a program that is killed leaves its workers behind.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let deadline = Instant::now() + Duration::from_secs(5);
        while self.child.try_wait().is_ok_and(|status| status.is_none()) {
            if Instant::now() > deadline {
                let _ = self.child.kill();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
