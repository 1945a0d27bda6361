use crate::support::{COMPLETED, client, send, with};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sondeo-collector"));
    command.kill_on_drop(true).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

/// The real program, ready.
pub(crate) struct Process {
    pub(crate) child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    pub(crate) address: String,
    /// What it printed before it was ready.
    pub(crate) token: Option<String>,
    /// The link that opens the dashboard, where one was asked for.
    pub(crate) link: Option<String>,
}

impl Process {
    pub(crate) async fn start(database: &Path) -> Self {
        Self::start_with(database.to_str().expect("UTF-8"), &[]).await
    }

    pub(crate) async fn start_with(database: &str, arguments: &[&str]) -> Self {
        let mut command = program();
        command.args(["serve", "--accept", "any", "--listen", "127.0.0.1:0"]);
        command.args(["--database", database]);
        command.args(arguments);
        Self::spawn(command).await
    }

    pub(crate) async fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its stdout")).lines();
        let (mut token, mut link) = (None, None);
        loop {
            let line = lines.next_line().await.expect("stdout is read").expect("a line more");
            if let Some(minted) = line.strip_prefix("read token (shown once): ") {
                token = Some(minted.to_owned());
            } else if let Some(given) = line.strip_prefix("dashboard (opens once): ") {
                link = Some(given.to_owned());
            } else {
                let address = line.strip_prefix("listening on ").expect("no other line").to_owned();
                return Self { child, lines, address, token, link };
            }
        }
    }

    pub(crate) async fn post(&self, body: Json) -> reqwest::Response {
        send(client().post(format!("{}/v1/responses", self.address)).json(&body)).await
    }

    pub(crate) async fn read(&self, token: &str) -> reqwest::Response {
        let url = format!("{}/v1/responses?limit=500", self.address);
        send(client().get(url).bearer_auth(token)).await
    }

    async fn stored_ids(&self, token: &str) -> BTreeSet<String> {
        let listing: Json = self.read(token).await.json().await.expect("a listing");
        let responses = listing["responses"].as_array().expect("an array");
        responses.iter().map(|r| r["id"].as_str().expect("an id").to_owned()).collect()
    }
}

fn database() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sondeo.db");
    (folder, file)
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_kill() {
    let (_folder, file) = database();
    let mut process = Process::start(&file).await;
    let token = process.token.clone().expect("a token at first start");
    let mut acknowledged = BTreeSet::new();
    for number in 0..60 {
        let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}");
        let response = process.post(with(COMPLETED, json!({"id": id}))).await;
        assert_eq!(response.status(), 201);
        acknowledged.insert(id);
        if number % 20 == 19 {
            process.child.kill().await.expect("SIGKILL");
            process = Process::start(&file).await;
            assert_eq!(process.token, None, "only the first start makes a token");
            assert_eq!(process.stored_ids(&token).await, acknowledged);
        }
    }
}

#[tokio::test]
async fn a_token_is_made_beside_a_running_collector() {
    let (_folder, file) = database();
    let process = Process::start(&file).await;
    let first = process.token.clone().expect("a token at first start");
    let mint = async |arguments: &[&str]| {
        let mut command = program();
        let command = command.arg("token").arg("--database").arg(&file).args(arguments);
        let Output { status, stdout, .. } = command.output().await.expect("the program runs");
        assert!(status.success());
        let stdout = String::from_utf8(stdout).expect("UTF-8");
        let token = stdout.strip_suffix('\n').expect("a line").to_owned();
        assert!(token.starts_with("sondeo_") && !token.contains('\n'), "{token}");
        token
    };
    let reports = mint(&["--label", "reports"]).await;
    assert_eq!(process.read(&first).await.status(), 200);
    assert_eq!(process.read(&reports).await.status(), 200);
    let second = mint(&[]).await;
    assert_eq!(process.read(&first).await.status(), 401, "it had no label either");
    assert_eq!(process.read(&second).await.status(), 200);
}

#[cfg(unix)]
#[tokio::test]
async fn it_ends_well_when_it_is_asked_to() {
    for signal in ["-TERM", "-INT"] {
        let (_folder, file) = database();
        let mut process = Process::start(&file).await;
        assert_eq!(process.post(with(COMPLETED, json!({}))).await.status(), 201);
        let pid = process.child.id().expect("it runs").to_string();
        let kill = Command::new("kill").args([signal, &pid]).status().await;
        assert!(kill.expect("kill runs").success());
        assert!(process.child.wait().await.expect("it ends").success());
        assert_eq!(process.lines.next_line().await.expect("stdout is read"), None);
        assert!(!file.with_extension("db-wal").exists(), "everything is in one file");
    }
}

#[tokio::test]
async fn what_it_cannot_use_is_named_at_start() {
    let (folder, file) = database();
    let folder = folder.path().to_str().expect("a path in UTF-8");
    let file = file.to_str().expect("a path in UTF-8");
    for (arguments, message) in [
        (&["--origin", "https://shop.example/"][..], "(try \"https://shop.example\")"),
        (&["--origin", "*", "https://a.example"], "leave out the others"),
        (&["--site", "/shop=missing"], "--site missing: is not a folder"),
        (&["--embed", "missing"], "the widget's files: cannot read missing"),
        (&["--database", folder], "cannot open the database"),
    ] {
        let mut command = program();
        command.args(["serve", "--accept", "any", "--listen", "127.0.0.1:0"]);
        if !arguments.contains(&"--database") {
            command.args(["--database", file]);
        }
        let output = command.args(arguments).stderr(Stdio::piped()).output().await;
        let Output { status, stdout, stderr } = output.expect("the program runs");
        let stderr = String::from_utf8(stderr).expect("UTF-8");
        assert!(!status.success() && stdout.is_empty(), "{arguments:?}");
        assert!(stderr.contains(message), "{arguments:?}: {stderr}");
    }
}
