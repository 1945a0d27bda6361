//! The endpoints of `docs/endpoints.md` take what the widget sends, as they stand there. A language that this machine
//! lacks is named.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const RESPONSE: &str = include_str!("../crates/model/golden/response-completed.json");
const ID: &str = "0199a3c2-5f1e-7a3b-8c4d-0123456789ab";
const PATIENCE: Duration = Duration::from_secs(20);

/// The code under a heading.
fn example(heading: &str) -> String {
    let text = include_str!("../docs/endpoints.md");
    let (_, after) = text.split_once(&format!("\n## {heading}\n")).expect("the heading");
    let (_, code) = after.split_once("```").expect("its code");
    let (code, _) = code.split_once("\n```").expect("its end");
    code.split_once('\n').expect("a language").1.to_owned()
}

struct Running {
    program: Child,
    url: String,
    folder: TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Starts an example, or says that its language is not here.
fn start(language: &str, file: &str, command: &[&str]) -> Option<Running> {
    let is_here = Command::new("sh")
        .args(["-c", &format!("command -v {}", command[0])])
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !is_here {
        // Past the test harness, which keeps to itself what a test that passes prints.
        let _ = writeln!(std::io::stderr(), "not run: this machine has no {}", command[0]);
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(file), example(language)).expect("the example");
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port().to_string();
    drop(free);
    let command: Vec<String> = command.iter().map(|word| word.replace("PORT", &port)).collect();
    let program = Command::new(&command[0])
        .args(&command[1..])
        .env("PORT", &port)
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    Some(Running { program, url: format!("http://127.0.0.1:{port}/"), folder })
}

async fn until<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What it has written, in whatever files.
fn written(folder: &Path, source: &str) -> String {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let files = entries.filter(|entry| entry.file_name() != source);
    files.map(|entry| fs::read_to_string(entry.path()).unwrap_or_default()).collect()
}

/// A preflight, a response, the same again, a later revision, and something else.
async fn check(language: &str, file: &str, command: &[&str]) {
    let Some(running) = start(language, file, command) else { return };
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let preflight = until(async || {
        let ask = http.request(reqwest::Method::OPTIONS, &running.url);
        ask.header("origin", "https://shop.example").send().await.ok()
    })
    .await;
    assert!(preflight.status().is_success(), "{language}: {}", preflight.status());
    assert_eq!(preflight.headers()["access-control-allow-headers"], "content-type");
    let compact: serde_json::Value = serde_json::from_str(RESPONSE).expect("JSON");
    let later = compact.to_string().replace("\"revision\":2", "\"revision\":3");
    for body in [compact.to_string(), compact.to_string(), later] {
        let answer = http.post(&running.url).body(body).send().await.expect("an answer");
        assert_eq!(answer.status(), 201, "{language}");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        assert!(answer.text().await.expect("a body").contains(ID), "{language}");
    }
    let broken = http.post(&running.url).body("{").send().await.expect("an answer");
    assert_eq!(broken.status(), 400, "{language}");
    let written = written(running.folder.path(), file);
    assert!(written.matches("\"revision\":2").count() <= 1, "{language}: {written}");
    assert_eq!(written.matches("\"revision\":3").count(), 1, "{language}: {written}");
}

#[tokio::test]
async fn node() {
    check("Node", "endpoint.mjs", &["node", "endpoint.mjs"]).await;
}

#[tokio::test]
async fn python() {
    check("Python", "endpoint.py", &["python3", "endpoint.py"]).await;
}

#[tokio::test]
async fn php() {
    check("PHP", "endpoint.php", &["php", "-S", "127.0.0.1:PORT", "endpoint.php"]).await;
}

#[tokio::test]
async fn a_shell() {
    let has_netcat = start("A shell", "endpoint.sh", &["nc", "-h"]).is_some();
    let Some(running) = start("A shell", "endpoint.sh", &["sh", "endpoint.sh"]) else { return };
    if !has_netcat {
        return;
    }
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let answer = until(async || http.post(&running.url).body(RESPONSE).send().await.ok()).await;
    assert_eq!(answer.status(), 200);
    until(async || written(running.folder.path(), "endpoint.sh").contains(ID).then_some(())).await;
}
