//! Pages of somebody else, who puts our tag on them.

use super::server::Server;
use super::{Collector, Endpoint, Reply};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Something to look at.
const PICTURE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="#cfe3ee"/><path d="M130 70l-70 60 30 40 20-14v104h180V156l20 14 30-40-70-60h-40a30 30 0 0 1-60 0z" fill="#2b5f8a"/></svg>"##;
/// Dark and without a ground, as most are.
const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="300" height="80"><circle cx="40" cy="40" r="30" fill="#17324d"/><text x="84" y="56" font-family="sans-serif" font-size="46" fill="#17324d">Example</text></svg>"##;
const PAGE_LOG: &str = include_str!("page-log.js");
/// What a strict policy has to allow for the page_log; our own tag never carries it.
pub(crate) const PAGE_LOG_NONCE: &str = "pageLog";

/// A page, written by a test.
#[derive(Clone, Default)]
pub(crate) struct Page {
    head: String,
    body: String,
    policy: Option<String>,
    language: Option<&'static str>,
    is_right_to_left: bool,
}

impl Page {
    /// A page with this in its head, such as the tag.
    pub(crate) fn new(head: impl Into<String>) -> Self {
        Self { head: head.into(), ..Self::default() }
    }

    /// A tag that asks after a purchase, and at once: of two equal attributes HTML takes the first.
    pub(crate) fn with_survey(collector: &Collector, endpoint: &str, attributes: &str) -> Self {
        Self::new(collector.tag(&format!(
            r#"{attributes} data-survey="post-purchase" data-endpoint="{endpoint}" data-delay="0s""#
        )))
    }

    /// A tag whose survey file, of one survey or several, stands in the page itself.
    pub(crate) fn with_file(collector: &Collector, surveys: &Json, attributes: &str) -> Self {
        // Nothing else ends a script.
        let file = surveys.to_string().replace('<', "\\u003c");
        let tag = collector
            .tag(&format!(r##"data-config="#surveys" data-endpoint="/responses" {attributes}"##));
        Self::new(format!(r#"<script type="application/json" id="surveys">{file}</script>{tag}"#))
    }

    /// In another language than English.
    pub(crate) fn language(self, language: &'static str) -> Self {
        Self { language: Some(language), ..self }
    }

    /// Written the other way round.
    pub(crate) fn right_to_left(self) -> Self {
        Self { is_right_to_left: true, ..self }
    }

    /// With this before everything else of its head.
    pub(crate) fn before(self, head: impl Into<String>) -> Self {
        Self { head: head.into() + &self.head, ..self }
    }

    pub(crate) fn body(self, body: impl Into<String>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// Its content security policy.
    pub(crate) fn policy(self, policy: impl Into<String>) -> Self {
        Self { policy: Some(policy.into()), ..self }
    }

    fn html(&self) -> String {
        let Self { head, body, .. } = self;
        let language = self.language.unwrap_or("en");
        let direction = if self.is_right_to_left { " dir=\"rtl\"" } else { "" };
        format!(
            "<!doctype html><html lang=\"{language}\"{direction}><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>A page</title>\
             <script nonce=\"{PAGE_LOG_NONCE}\">{PAGE_LOG}</script>\
             <link rel=\"icon\" href=\"data:,\">{head}</head><body>{body}</body></html>"
        )
    }
}

/// A site of its own origin: its pages, an endpoint at `/responses`, images at `/picture.svg` and `/logo.svg`, and one at
/// `/slow.svg` that arrives when a page has asked for `/let-the-image-arrive`.
pub(crate) struct Host {
    pub(crate) endpoint: Endpoint,
    server: Server,
}

struct Site {
    pages: HashMap<String, Page>,
    gate: Semaphore,
}

impl Host {
    /// A site of one page.
    pub(crate) async fn of(page: Page) -> Self {
        Self::with([("/", page)]).await
    }

    /// A site of several pages.
    pub(crate) async fn with<'a>(pages: impl IntoIterator<Item = (&'a str, Page)>) -> Self {
        Self::serving(pages, Router::new()).await
    }

    /// A site that serves something else, too.
    pub(crate) async fn serving<'a>(
        pages: impl IntoIterator<Item = (&'a str, Page)>,
        more: Router,
    ) -> Self {
        let pages = pages.into_iter().map(|(path, page)| (path.to_owned(), page)).collect();
        let site = Arc::new(Site { pages, gate: Semaphore::new(0) });
        let endpoint = Endpoint::answering([Reply::Status(201)]);
        let routes = Router::new().fallback(serve).with_state(site);
        let server = Server::start(routes.merge(endpoint.routes()).merge(more)).await;
        let endpoint = endpoint.at(format!("http://{}", server.address));
        Self { endpoint, server }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address
    }
}

async fn serve(State(site): State<Arc<Site>>, uri: Uri) -> Response {
    if uri.path() == "/slow.svg" {
        let _turn = site.gate.acquire().await;
        let image = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>"#;
        return ([(header::CONTENT_TYPE, "image/svg+xml")], image).into_response();
    }
    for (path, image) in [("/picture.svg", PICTURE), ("/logo.svg", LOGO)] {
        if uri.path() == path {
            return ([(header::CONTENT_TYPE, "image/svg+xml")], image).into_response();
        }
    }
    if uri.path() == "/let-the-image-arrive" {
        site.gate.add_permits(1_000);
        return StatusCode::NO_CONTENT.into_response();
    }
    let Some(page) = site.pages.get(uri.path()) else {
        // With words: in place of an answer without any, browsers show a page of their own.
        return (StatusCode::NOT_FOUND, Html("<!doctype html><title>None</title>None"))
            .into_response();
    };
    let mut response = Html(page.html()).into_response();
    if let Some(policy) = &page.policy {
        let policy = policy.parse().expect("a policy");
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
