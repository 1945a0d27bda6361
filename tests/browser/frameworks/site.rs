//! The built pages of `docs/frameworks.md`, on a site of their own, with the addresses of ours in place of the examples'.

use crate::support::{Collector, Host, PAUSE, WAIT_TIMEOUT};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Instant;
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

const PAGE_LOG: &str = include_str!("../support/page-log.js");

/// One of the sites, running.
pub(super) struct Site {
    pub(super) host: Host,
    gate: Arc<Semaphore>,
    _collector: Collector,
    _program: Option<Child>,
}

/// Where its pages come from.
enum Source {
    Folder(PathBuf),
    /// Another server, at this origin.
    Server(String),
}

struct Pages {
    source: Source,
    script: String,
    /// What has this in its name comes only once the gate is open.
    held: &'static str,
    gate: Arc<Semaphore>,
}

impl Site {
    /// The site of this name.
    pub(super) async fn of(name: &str) -> Self {
        Self::holding(name, "/").await
    }

    /// The same, where scripts with this in their names wait for [`Self::let_come`].
    pub(super) async fn holding(name: &str, held: &'static str) -> Self {
        Self::serving(Source::Folder(built().join("site").join(name)), held, None).await
    }

    /// The pages that Next.js serves itself.
    pub(super) async fn of_next() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port().to_string();
        drop(free);
        let program = Command::new("node")
            .args(["../node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", &port])
            .env("NEXT_TELEMETRY_DISABLED", "1")
            .current_dir(built().join("next"))
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Node.js");
        let origin = format!("http://127.0.0.1:{port}");
        let deadline = Instant::now() + WAIT_TIMEOUT;
        while reqwest::get(&origin).await.is_err() {
            assert!(Instant::now() < deadline, "Next.js does not start");
            tokio::time::sleep(PAUSE).await;
        }
        Self::serving(Source::Server(origin), "/", Some(program)).await
    }

    async fn serving(source: Source, held: &'static str, program: Option<Child>) -> Self {
        let collector = Collector::start().await;
        let gate = Arc::new(Semaphore::new(0));
        let script = collector.url("/sondeo.js");
        let pages = Arc::new(Pages { source, script, held, gate: Arc::clone(&gate) });
        let routes = Router::new().route("/", get(serve)).route("/{*path}", get(serve));
        let host = Host::serving([], routes.with_state(pages)).await;
        Self { host, gate, _collector: collector, _program: program }
    }

    pub(super) fn url(&self, path: &str) -> String {
        self.host.url(path)
    }

    /// Lets the scripts come that were held.
    pub(super) fn let_come(&self) {
        self.gate.add_permits(1_000);
    }
}

/// A page or a script, as it was built.
pub(super) fn built_file(name: &str) -> Option<String> {
    std::fs::read_to_string(built().join("site").join(name)).ok()
}

fn built() -> PathBuf {
    let folder = std::env::var("SONDEO_FRAMEWORKS");
    folder.expect("SONDEO_FRAMEWORKS: run `cargo xtask test --browser frameworks`").into()
}

async fn serve(State(pages): State<Arc<Pages>>, uri: Uri, headers: HeaderMap) -> Response {
    if uri.path().contains(pages.held) && pages.held != "/" {
        let _turn = pages.gate.acquire().await;
    }
    let found = match &pages.source {
        Source::Folder(folder) => from_folder(folder, uri.path()),
        Source::Server(origin) => from_server(origin, &uri, &headers).await,
    };
    let Some((kind, text)) = found else { return StatusCode::NOT_FOUND.into_response() };
    let mut text = text
        .replace("https://cdn.example.com/sondeo.js", &pages.script)
        .replace("https://example.com/responses", "/responses");
    if kind.starts_with("text/html") {
        text = text.replacen("<head>", &format!("<head><script>{PAGE_LOG}</script>"), 1);
    }
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// The file of this path, with or without its ending. What is no file is a route of a page with a router.
fn from_folder(folder: &std::path::Path, path: &str) -> Option<(String, String)> {
    let path = path.trim_start_matches('/');
    let names = [path.to_owned(), format!("{path}.html"), "index.html".to_owned()];
    let file = names.into_iter().map(|name| folder.join(name)).find(|file| file.is_file())?;
    let kind = match file.extension()?.to_str()? {
        "html" => "text/html; charset=utf-8",
        "js" | "jsx" => "text/javascript",
        _ => "application/octet-stream",
    };
    Some((kind.to_owned(), std::fs::read_to_string(&file).ok()?))
}

async fn from_server(origin: &str, uri: &Uri, headers: &HeaderMap) -> Option<(String, String)> {
    let mut request = reqwest::Client::new().get(format!("{origin}{uri}"));
    // What Next.js' router asks with.
    for (name, value) in headers {
        if name.as_str().starts_with("next-") || matches!(name.as_str(), "rsc" | "accept") {
            request = request.header(name.as_str(), value.as_bytes());
        }
    }
    let answer = request.send().await.ok()?;
    let kind = answer.headers().get(header::CONTENT_TYPE)?.to_str().ok()?.to_owned();
    Some((kind, answer.text().await.ok()?))
}
