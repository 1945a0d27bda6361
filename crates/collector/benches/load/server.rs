//! The servers that are measured, each a process of its own.

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};
use sondeo_model::Response;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// All of the load comes from one address.
const NO_LIMITS: [&str; 6] =
    ["--address-limit", "0", "--survey-limit", "0", "--connections-per-address", "0"];

/// A running server; it ends with this value.
pub(crate) struct Server {
    pub(crate) address: String,
    /// From its start until it listened.
    pub(crate) started_in: Duration,
    /// Opens the dashboard once; empty where there is none.
    pub(crate) link: String,
    token: String,
    process: Child,
}

impl Server {
    /// The collector on a file in this folder, as it is delivered but for the limits of one address.
    pub(crate) fn sqlite(folder: &Path) -> Self {
        Self::collector(Command::new(env!("CARGO_BIN_EXE_sondeo-collector")), folder, &NO_LIMITS)
    }

    /// The same, with a site of five surveys. Where the widget is not built, a script of its size stands for it.
    pub(crate) fn of_a_site(folder: &Path) -> Self {
        let database = folder.join("sondeo.db");
        let command = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_sondeo-collector"));
            command.args(arguments).arg("--database").arg(&database).env("RUST_LOG", "error");
            let status = command.stdout(Stdio::null()).status();
            assert!(status.expect("it runs").success(), "{arguments:?}");
        };
        command(&["site", "shop"]);
        for number in 0..5 {
            let survey = json!({
                "id": format!("survey-{number}"), "template": "post-purchase", "url": format!("/part-{number}/**"),
            });
            let file = folder.join("survey.json");
            fs::write(&file, survey.to_string()).expect("a file");
            command(&["publish", &file.to_string_lossy(), "--site", "shop"]);
        }
        let mut embed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist/embed");
        if !embed.join("site.js").is_file() {
            println!(
                "a site's script             stands for itself: `cargo xtask dist` builds the real one"
            );
            embed = folder.join("embed");
            fs::create_dir(&embed).expect("a folder");
            let words = include_str!("client.rs").get(..3_000).unwrap_or_default();
            fs::write(embed.join("site.js"), format!("let plan=SONDEO_PLAN;/*{words}"))
                .expect("a file");
        }
        let embed = embed.display().to_string();
        let options = [&NO_LIMITS[..], &["--embed", &embed]].concat();
        Self::collector(Command::new(env!("CARGO_BIN_EXE_sondeo-collector")), folder, &options)
    }

    /// The same, with the limits that it is delivered with.
    pub(crate) fn sqlite_with_limits(folder: &Path) -> Self {
        Self::collector(Command::new(env!("CARGO_BIN_EXE_sondeo-collector")), folder, &[])
    }

    /// The same on a disk whose sync takes so long; none where there is no strace to slow it down.
    pub(crate) fn on_slow_disk(folder: &Path, milliseconds: u32) -> Option<Self> {
        Command::new("strace").arg("-V").stdout(Stdio::null()).status().ok()?;
        let mut command = Command::new("strace");
        // Only syncs are stopped at; the tracer is a grandchild, so that ours is the collector.
        command.args(["-D", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null"]);
        command.args(["-e", "trace=fdatasync,fsync", "-e"]);
        command.arg(format!("inject=fdatasync,fsync:delay_exit={milliseconds}ms"));
        command.arg(env!("CARGO_BIN_EXE_sondeo-collector"));
        Some(Self::collector(command, folder, &NO_LIMITS))
    }

    fn collector(mut command: Command, folder: &Path, limits: &[&str]) -> Self {
        command
            .args(["serve", "--accept", "any", "--listen", "127.0.0.1:0", "--link"])
            .args(limits);
        let dashboard = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist/dashboard");
        if dashboard.is_dir() {
            command.arg("--dashboard").arg(dashboard);
        }
        command.arg("--database").arg(folder.join("sondeo.db")).env("RUST_LOG", "off");
        let token = Command::new(env!("CARGO_BIN_EXE_sondeo-collector"))
            .args(["token", "--label", "bench", "--database"])
            .arg(folder.join("sondeo.db"))
            .env("RUST_LOG", "error")
            .output()
            .expect("a token");
        let token = String::from_utf8_lossy(&token.stdout).trim().to_owned();
        Self::start(command, token)
    }

    /// The same server and the same reading of a response, which is then thrown away.
    pub(crate) fn discard() -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg("discard");
        Self::start(command, String::new())
    }

    fn start(mut command: Command, token: String) -> Self {
        let begun = Instant::now();
        let mut process = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let out = BufReader::new(process.stdout.take().expect("its output"));
        let (mut address, mut link) = (None, String::new());
        for line in out.lines().map_while(Result::ok) {
            if let Some(opens) = line.strip_prefix("dashboard (opens once): ") {
                opens.clone_into(&mut link);
            }
            address = line.strip_prefix("listening on ").map(str::to_owned);
            if address.is_some() {
                break;
            }
        }
        let address = address.expect("it listens");
        Self { address, link, token, started_in: begun.elapsed(), process }
    }

    /// Reads a path, as somebody who may, to its end.
    pub(crate) async fn read(&self, path: &str) {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let request = client.get(format!("{}{path}", self.address)).bearer_auth(&self.token);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer.bytes().await.expect("a body");
    }

    /// The most memory that it had, in MB.
    pub(crate) fn peak_memory(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        kilobytes.unwrap_or(f64::NAN) / 1_024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Fills a file in this folder.
pub(crate) fn seed(folder: &Path, responses: u64) {
    let status = Command::new(env!("CARGO_BIN_EXE_sondeo-collector"))
        .args(["seed", "--responses", &responses.to_string(), "--database"])
        .arg(folder.join("sondeo.db"))
        .env("RUST_LOG", "error")
        .status();
    assert!(status.expect("it runs").success());
}

/// What [`Server::discard`] starts.
pub(crate) fn discard() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let router = Router::new().route(
            "/v1/responses",
            post(async |body: Bytes| {
                let Ok(response) = serde_json::from_slice::<Response>(&body) else {
                    return (StatusCode::BAD_REQUEST, Json(Value::Null));
                };
                match response.validate() {
                    Ok(()) => {
                        (StatusCode::CREATED, Json(json!({"id": response.id, "stored": true})))
                    }
                    Err(_) => (StatusCode::UNPROCESSABLE_ENTITY, Json(Value::Null)),
                }
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("listening on http://{}", listener.local_addr().expect("an address"));
        sondeo_collector::serve(listener, router, std::future::pending()).await;
    });
}
