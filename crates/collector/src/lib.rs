//! Sondeo's own endpoint: takes responses over HTTP, answers when they are durable, and serves the
//! widget. One program, one file of data.
//!
//! What a response is and which are valid is the model's business; nothing here knows it better.

mod clock;
pub mod config;
mod cors;
mod error;
mod health;
mod limits;
mod origin;
mod payload;
mod responses;
mod server;
mod sites;
pub mod store;
mod summary;
mod tokens;
mod widget_files;

pub use cors::{AllowedOrigins, OriginRule};
pub use error::Error;
pub use origin::{InvalidOrigin, Origin};
pub use server::serve;
pub use sites::{InvalidSite, Site};
pub use tokens::{DEFAULT_LABEL, Token};
pub use widget_files::WidgetFiles;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use limits::within_limits;
use sites::Sites;
use std::sync::Arc;
use store::Store;
use tower_http::set_header::SetResponseHeaderLayer;

/// The most bytes that the body of a request may have.
pub const LARGEST_BODY: usize = 64 * 1024;

/// Everything that a request can need.
#[derive(Debug)]
pub struct Collector {
    store: Store,
    origins: AllowedOrigins,
    widget_files: WidgetFiles,
    sites: Sites,
}

impl Collector {
    /// Opens what the configuration names.
    ///
    /// # Errors
    /// When something of it is not there or cannot be used; the message says what.
    pub async fn open(config: &config::Serve) -> anyhow::Result<Self> {
        let origins = AllowedOrigins::new(&config.origin)?;
        let widget_files = match &config.embed {
            Some(folder) => WidgetFiles::from_folder(folder)?,
            None => WidgetFiles::embedded()?,
        };
        if widget_files.is_empty() {
            tracing::warn!("there is no widget to serve: build with dist/embed, or give --embed");
        }
        let sites = Sites::new(config.site.clone())?;
        let store = Store::open_with(&config.database, config.settings()).await?;
        Ok(Self { store, origins, widget_files, sites })
    }

    /// Where the responses are.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The whole interface.
    pub fn router(self) -> Router {
        let collector = Arc::new(self);
        // A page may read every answer to what it sends, also those that the layers inside give.
        let writing = within_limits(
            Router::new().route("/v1/responses", post(responses::create).options(cors::preflight)),
        )
        .layer(middleware::from_fn_with_state(Arc::clone(&collector), cors::guard));
        let others = within_limits(
            Router::new()
                .route("/v1/responses", get(responses::list))
                .route("/v1/surveys/{id}/summary", get(summary::show))
                .route("/v1/surveys/{id}/comments", get(summary::comments::list))
                .route("/healthz", get(health::show))
                .fallback(file),
        );
        others
            .merge(writing)
            .method_not_allowed_fallback(async || Error::MethodNotAllowed)
            .layer(if_absent(header::CACHE_CONTROL, "no-store"))
            .layer(if_absent(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .layer(if_absent(header::REFERRER_POLICY, "strict-origin-when-cross-origin"))
            .with_state(collector)
    }
}

/// A file of the widget, else of a site.
async fn file(State(collector): State<Arc<Collector>>, request: Request) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let found = match collector.widget_files.respond(request.uri().path(), request.headers()) {
        Some(_) if !reads => Err(Error::MethodNotAllowed),
        Some(response) => Ok(response),
        None => collector.sites.respond(request).await,
    };
    match found {
        Err(Error::MethodNotAllowed) => {
            ([(header::ALLOW, "GET,HEAD")], Error::MethodNotAllowed).into_response()
        }
        found => found.into_response(),
    }
}

fn if_absent(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
