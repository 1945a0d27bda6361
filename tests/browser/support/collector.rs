//! The real collector, as a program with a database of its own.

use super::engine::variable;
use super::server::is_new;
use super::{PAUSE, WAIT_TIMEOUT};
use serde_json::Value as Json;
use sondeo_model::{Response, Status};
use std::future::Future;
use std::panic::Location;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Instant;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

/// A running collector that serves widget, studio and shop. It ends with this value.
pub(crate) struct Collector {
    origin: String,
    token: String,
    link: String,
    _process: Child,
    _folder: TempDir,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With these further arguments of `serve`.
    pub(crate) async fn start_with(arguments: &[&str]) -> Self {
        loop {
            let collector = Self::launch(arguments).await;
            let port = collector.origin.rsplit(':').next().and_then(|it| it.parse().ok());
            if is_new(port.expect("a port")) {
                return collector;
            }
        }
    }

    async fn launch(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let built = built_files();
        let mut process = Command::new(said(variable("SONDEO_COLLECTOR")))
            .args(["serve", "--accept", "any", "--listen", "127.0.0.1:0", "--database"])
            .arg(folder.path().join("sondeo.db"))
            .arg("--embed")
            .arg(built.join("embed"))
            .arg("--site")
            .arg(built.join("studio"))
            .args(["--site", "/shop=examples/shop", "--link", "--dashboard"])
            .arg(built.join("dashboard"))
            .args(arguments)
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the collector starts");
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let (mut token, mut origin, mut link) = (None, None, None);
        while token.is_none() || origin.is_none() {
            let line = lines.next_line().await.expect("text");
            let line = line.expect("the collector ended before it listened");
            let after = |words| line.strip_prefix(words).map(|rest: &str| rest.trim().to_owned());
            token = token.or_else(|| after("read token (shown once): "));
            link = link.or_else(|| after("dashboard (opens once): "));
            origin = origin.or_else(|| after("listening on "));
        }
        let (origin, token) = (origin.unwrap_or_default(), token.unwrap_or_default());
        let link = link.unwrap_or_default();
        Self { origin, token, link, _process: process, _folder: folder }
    }

    /// The link that signs in to the dashboard, once.
    pub(crate) fn link(&self) -> &str {
        &self.link
    }

    /// Lets this person sign in to the dashboard.
    pub(crate) async fn welcome(&self, name: &str, password: &str) {
        let mut user = Command::new(said(variable("SONDEO_COLLECTOR")))
            .args(["user", name, "--database"])
            .arg(self._folder.path().join("sondeo.db"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the collector starts");
        let mut input = user.stdin.take().expect("its input");
        input.write_all(format!("{password}\n").as_bytes()).await.expect("it reads");
        drop(input);
        assert!(user.wait().await.expect("it ends").success());
    }

    /// With the shop's surveys published, which its pages ask for by the site's script alone.
    pub(crate) async fn start_shop() -> Self {
        let collector = Self::start().await;
        for survey in ["post-purchase", "cart-abandonment"] {
            collector.command(&["publish", &format!("examples/shop/surveys/{survey}.json")]).await;
        }
        let versions = serde_json::json!([1, 1]);
        collector.until_planned("default", versions).await;
        collector
    }

    /// Runs a command of the program on its database.
    pub(crate) async fn command(&self, words: &[&str]) {
        let mut command = Command::new(said(variable("SONDEO_COLLECTOR")));
        command.arg(words[0]).arg("--database").arg(self._folder.path().join("sondeo.db"));
        let output = command.args(&words[1..]).output().await.expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}");
    }

    /// Waits until the plan of a site names surveys of these versions: another program has published them.
    pub(crate) async fn until_planned(&self, site: &str, versions: Json) {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        loop {
            let answer = reqwest::get(self.url(&format!("/sites/{site}/plan.json"))).await;
            let plan = answer.expect("an answer").json::<Json>().await.expect("JSON");
            let surveys = plan["surveys"].as_array().cloned().unwrap_or_default();
            let planned: Json = surveys.iter().map(|it| it["version"].clone()).collect();
            if planned == versions {
                return;
            }
            assert!(Instant::now() < deadline, "waited in vain for {versions}: {plan}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Stores a response, as a widget would send it.
    pub(crate) async fn keep(&self, response: &Json) {
        let answer = reqwest::Client::new().post(self.endpoint()).json(response).send().await;
        assert_eq!(answer.expect("an answer").status(), 201);
    }

    /// Reads this of the interface, with the token.
    pub(crate) async fn read(&self, path: &str) -> Json {
        let request = reqwest::Client::new().get(self.url(path)).bearer_auth(&self.token);
        request.send().await.expect("an answer").json().await.expect("JSON")
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Where responses go.
    pub(crate) fn endpoint(&self) -> String {
        self.url("/v1/responses")
    }

    /// The one tag.
    pub(crate) fn tag(&self, attributes: &str) -> String {
        format!(r#"<script async src="{}/sondeo.js" {attributes}></script>"#, self.origin)
    }

    /// What is stored, read with the token; every response has to validate.
    pub(crate) async fn responses(&self) -> Vec<Response> {
        let request = reqwest::Client::new().get(self.endpoint()).bearer_auth(&self.token);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "reading needs no more than the token");
        let mut listing: Json = answer.json().await.expect("a listing");
        let responses: Vec<Response> =
            serde_json::from_value(listing["responses"].take()).expect("responses");
        for response in &responses {
            response.validate().unwrap_or_else(|violation| panic!("{violation}"));
        }
        responses
    }

    /// Waits until one response is stored with this status, and gives it: there must be no other.
    #[track_caller]
    pub(crate) fn only_response(&self, status: Status) -> impl Future<Output = Response> {
        let caller = Location::caller();
        async move {
            let deadline = Instant::now() + WAIT_TIMEOUT;
            loop {
                let mut responses = self.responses().await;
                if responses.iter().any(|response| response.status == status) {
                    assert_eq!(responses.len(), 1, "at {caller}: {responses:#?}");
                    return responses.remove(0);
                }
                assert!(
                    Instant::now() < deadline,
                    "at {caller}: waited in vain for {status:?}: {responses:#?}"
                );
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// A file of the widget, as it is deployed.
pub(crate) fn widget_file(name: &str) -> Vec<u8> {
    let path = built_files().join("embed").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of all of them.
pub(crate) fn widget_files() -> Vec<String> {
    let folder = built_files().join("embed");
    let entries =
        std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn built_files() -> PathBuf {
    said(variable("SONDEO_DIST")).into()
}

fn said(value: Result<String, String>) -> String {
    value.unwrap_or_else(|missing| panic!("{missing}"))
}
