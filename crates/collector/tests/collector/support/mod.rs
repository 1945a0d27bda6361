pub(crate) mod postgres;
pub(crate) mod programs;
pub(crate) mod stand_in;

use clap::Parser;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value as Json, json};
use sondeo_collector::config::{Command, Config};
use sondeo_collector::store::{Scope, Scopes, Store};
use sondeo_collector::{Collector, DEFAULT_LABEL, Token, serve};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// A completed response, revision 2.
pub(crate) const COMPLETED: &str = include_str!("../../../../model/golden/response-completed.json");
/// Another one, partial, with every other kind of question.
pub(crate) const PARTIAL: &str = include_str!("../../../../model/golden/response-partial.json");

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    Sqlite,
    Postgres,
}

impl On {
    /// A new one, as `--database` names it; a file is in this folder.
    pub(crate) fn database(self, folder: &Path) -> String {
        match self {
            Self::Sqlite => folder.join("sondeo.db").to_str().expect("UTF-8").to_owned(),
            Self::Postgres => postgres::shared().database(),
        }
    }
}

/// Runs each of these on both databases.
macro_rules! on_both {
    ($($(#[$attribute:meta])* $test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test] $(#[$attribute])* async fn $test() {
                super::$test($crate::support::On::Sqlite).await;
            })+
        }

        mod postgres {
            $(#[tokio::test] $(#[$attribute])* async fn $test() {
                super::$test($crate::support::On::Postgres).await;
            })+
        }
    };
}
pub(crate) use on_both;

/// A name that nobody else uses.
pub(crate) fn free_name(prefix: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{prefix}-{}-{count}", std::process::id())
}

/// A collector of its own for one test.
pub(crate) struct Server {
    pub(crate) address: String,
    pub(crate) store: Store,
    /// Where it stores, as `--database` names it.
    pub(crate) database: String,
    client: reqwest::Client,
    token: String,
    _folder: TempDir,
}

impl Server {
    /// On a SQLite file.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts it with these arguments of `serve`.
    pub(crate) async fn start_with(arguments: &[&str]) -> Self {
        Self::start_on(On::Sqlite, arguments).await
    }

    /// On a new database of this kind.
    pub(crate) async fn on(on: On) -> Self {
        Self::start_on(on, &[]).await
    }

    pub(crate) async fn start_on(on: On, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = on.database(folder.path());
        Self::open(&database, arguments, folder).await
    }

    /// On a database that is there.
    pub(crate) async fn start_at(database: &str) -> Self {
        Self::open(database, &[], tempfile::tempdir().expect("a folder")).await
    }

    /// The same, with these arguments of `serve`.
    pub(crate) async fn start_at_with(database: &str, arguments: &[&str]) -> Self {
        Self::open(database, arguments, tempfile::tempdir().expect("a folder")).await
    }

    /// With a link that opens the dashboard, as a path.
    pub(crate) async fn start_with_link() -> (Self, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let database = On::Sqlite.database(folder.path());
        Self::open_with_link(&database, &[], folder).await
    }

    /// The same, on a database that is there.
    pub(crate) async fn start_at_with_link(database: &str) -> (Self, String) {
        Self::open_with_link(database, &[], tempfile::tempdir().expect("a folder")).await
    }

    async fn open(database: &str, arguments: &[&str], folder: TempDir) -> Self {
        Self::open_with_link(database, arguments, folder).await.0
    }

    async fn open_with_link(database: &str, arguments: &[&str], folder: TempDir) -> (Self, String) {
        let program = ["sondeo-collector", "serve", "--database", database];
        // Most tests are about other things than which surveys are known.
        let any = ["--accept", "any"];
        let any = if arguments.contains(&"--accept") { &[][..] } else { &any[..] };
        let arguments = program.iter().chain(any).chain(arguments);
        let Command::Serve(config) = Config::parse_from(arguments).command else {
            panic!("serve is read as something else")
        };
        let collector = Collector::open(&config).await.expect("the collector opens");
        let link = collector.link().expect("a link");
        let store = collector.store().clone();
        let token =
            Token::mint(&store, DEFAULT_LABEL, &readers()).await.expect("a token").to_string();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(serve(listener, collector.router(), std::future::pending()));
        let database = database.to_owned();
        (Self { address, store, database, client: client(), token, _folder: folder }, link)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.address))
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        send(self.request(Method::GET, path).headers(to_map(headers))).await
    }

    /// Posts what a widget would.
    pub(crate) async fn post(&self, body: impl Into<reqwest::Body>) -> Response {
        self.post_with(&[("content-type", "application/json")], body).await
    }

    pub(crate) async fn post_with(
        &self,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Response {
        let request = self.request(Method::POST, "/v1/responses");
        send(request.headers(to_map(headers)).body(body)).await
    }

    /// Reads `/v1/responses` with this query, as somebody who may.
    pub(crate) async fn read(&self, query: &str) -> Response {
        self.read_path(&format!("/v1/responses{query}")).await
    }

    /// Reads this, as somebody who may.
    pub(crate) async fn read_path(&self, path: &str) -> Response {
        send(self.request(Method::GET, path).bearer_auth(&self.token)).await
    }

    /// All responses that are stored.
    pub(crate) async fn stored(&self) -> Vec<Json> {
        let mut listing: Json = self.read("").await.json().await.expect("a listing");
        assert_eq!(listing["next"], Json::Null);
        serde_json::from_value(listing["responses"].take()).expect("an array")
    }
}

/// What reading and exporting need.
pub(crate) fn readers() -> Scopes {
    Scopes(vec![Scope::Read, Scope::Export])
}

/// A client that neither follows redirects nor decodes, so that tests see what is sent.
pub(crate) fn client() -> reqwest::Client {
    let policy = reqwest::redirect::Policy::none();
    reqwest::Client::builder().redirect(policy).no_proxy().build().expect("a client")
}

pub(crate) async fn send(request: reqwest::RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

fn to_map(headers: &[(&str, &str)]) -> HeaderMap {
    let name = |name: &str| name.parse::<HeaderName>().expect("a header's name");
    let value = |value: &str| HeaderValue::from_str(value).expect("a header's value");
    headers.iter().map(|(n, v)| (name(n), value(v))).collect()
}

/// The value of a header; empty where there is none.
pub(crate) fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("plain text"))
}

/// The response with these top-level fields set.
pub(crate) fn with(response: &str, fields: Json) -> Json {
    let mut response: Json = serde_json::from_str(response).expect("JSON");
    for (name, value) in fields.as_object().expect("an object") {
        response[name] = value.clone();
    }
    response
}

/// Expects success with the id of the response, and nothing else.
#[track_caller]
pub(crate) fn check_receipt(response: Response, status: StatusCode) -> impl Future<Output = ()> {
    assert_eq!(response.status(), status);
    assert_eq!(header(&response, "content-type"), "application/json");
    async move {
        let receipt: Json = response.json().await.expect("a receipt");
        assert_eq!(receipt, json!({"id": "0199a3c2-5f1e-7a3b-8c4d-0123456789ab", "stored": true}));
    }
}

/// Expects the error form of the contract, exactly.
#[track_caller]
pub(crate) fn check_error(
    response: Response,
    status: u16,
    code: &str,
    field: Option<&str>,
    message: &str,
) -> impl Future<Output = ()> {
    assert_eq!(response.status(), status, "{code}");
    assert_eq!(header(&response, "content-type"), "application/json");
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    let expected = json!({"error": {"code": code, "message": message, "field": field}});
    async move {
        assert_eq!(response.json::<Json>().await.expect("an error in JSON"), expected);
    }
}
