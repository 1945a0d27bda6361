//! Sondeo's own endpoint: takes responses over HTTP, answers when they are durable, and says what they
//! mean. One program; one file of data, or PostgreSQL.
//!
//! What a response is and which are valid is the model's business; nothing here knows it better.

mod access;
mod base_path;
mod byte_order_mark;
mod clock;
pub mod commands;
pub mod config;
mod cors;
mod crawlers;
mod dashboard;
mod definitions;
mod destinations;
mod endings;
mod error;
pub mod export;
mod form;
mod health;
mod hosted;
mod import;
mod limits;
mod metrics;
mod openapi;
mod origin;
mod payload;
mod publishing;
mod query;
mod responses;
mod segment;
mod served_folders;
mod server;
mod static_files;
pub mod store;
mod stream;
mod summary;
mod surveys;
mod visitors;
mod widget_versions;

pub use access::{DEFAULT_LABEL, Token, WriteKey, hash_password};
pub use base_path::{BasePath, InvalidBasePath};
pub use cors::{AllowedOrigins, OriginRule};
pub use destinations::Inside;
pub use error::Error;
pub use limits::Proxies;
pub use origin::{InvalidOrigin, Origin};
pub use served_folders::{InvalidServedFolder, ServedFolder};
pub use server::{ConnectionLimits, serve};
pub use static_files::StaticFiles;

use access::{Familiar, Links, Passwords, Principal, SecretsSeen, SomeSites, WriteKeys};
use anyhow::Context;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use config::Accept;
use definitions::Definitions;
use destinations::Forwarder;
use endings::KnownVersions;
use limits::{ConnectionAddress, Limits, within_limits};
use metrics::Metrics;
use payload::Bodies;
use publishing::Publications;
use served_folders::ServedFolders;
use sondeo_model::{Definition, Question, Survey, is_name};
use std::sync::{Arc, Once};
use std::time::Duration;
use store::{DEFAULT_SITE, Scope, Store, survey_key};
use tokio::sync::watch;
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;
use widget_versions::WidgetVersions;

/// The most bytes that the body of a request may have; an array of responses may have more. Several texts of the length
/// that the contract allows have room, also in Chinese.
pub const LARGEST_BODY_BYTES: usize = 256 * 1024;

/// The most bytes that every other body may have: a login is the only one, and nobody has shown a password before it.
pub(crate) const LARGEST_SMALL_BODY_BYTES: usize = 8 * 1024;

/// Everything that a request can need.
#[derive(Debug)]
pub struct Collector {
    store: Store,
    origins: AllowedOrigins,
    widget: StaticFiles,
    widget_versions: WidgetVersions,
    dashboard: StaticFiles,
    folders: ServedFolders,
    definitions: Definitions,
    publications: Publications,
    endings: KnownVersions,
    forwarder: Arc<Forwarder>,
    limits: Limits,
    bodies: Bodies,
    proxies: Proxies,
    base_path: BasePath,
    passwords: Passwords,
    familiar: Familiar,
    links: Links,
    secrets_seen: SecretsSeen,
    write_keys: WriteKeys,
    metrics: Metrics,
    /// Places for those who listen to events.
    listeners: stream::Listeners,
    /// Becomes true when the server should end.
    closing: watch::Sender<bool>,
    /// Whether visitors reach it by https: cookies are bound to it.
    https: bool,
    accept: Accept,
}

impl Collector {
    /// Opens what the configuration names.
    ///
    /// # Errors
    /// When something of it is not there or cannot be used; the message says what.
    pub async fn open(config: &config::Serve) -> anyhow::Result<Self> {
        let origins = AllowedOrigins::new(&config.origin)?;
        let widget = StaticFiles::widget(config.embed.as_deref())?;
        if widget.is_empty() {
            tracing::warn!("there is no widget to serve: build with dist/embed, or give --embed");
        }
        let dashboard = StaticFiles::dashboard(config.dashboard.as_deref())?;
        let folders = ServedFolders::new(config.site.clone())?;
        let definitions = match &config.surveys {
            Some(folder) => Definitions::read(folder)?,
            None => Definitions::default(),
        };
        let store =
            Store::open_with(&config.database, config.settings(), definitions.names()).await?;
        if config.accept == Accept::Any {
            tracing::warn!(
                "responses of any survey are stored, also of those that nobody registered (--accept any)"
            );
        }
        let collector = Self {
            origins,
            widget_versions: WidgetVersions::new(&widget, config.embed_versions.as_deref())?,
            widget,
            dashboard,
            folders,
            definitions,
            publications: Publications::default(),
            endings: KnownVersions::default(),
            forwarder: Arc::new(Forwarder::new(config)?),
            limits: Limits::new(config.address_limit, config.survey_limit),
            bodies: Bodies::new(config.address_limit > 0),
            proxies: config.proxies(),
            base_path: config.base_path.clone(),
            passwords: Passwords::new(),
            familiar: Familiar::default(),
            links: Links::default(),
            secrets_seen: SecretsSeen::default(),
            write_keys: WriteKeys::default(),
            metrics: Metrics::new(&store),
            listeners: stream::Listeners::default(),
            closing: watch::Sender::new(false),
            https: config.https,
            accept: config.accept,
            store,
        };
        collector.look_for_publications().await?;
        collector.store.reserve_names(collector.names()).await;
        Ok(collector)
    }

    /// Looks for sites and surveys that were changed, here or by another collector. Says whether there were any.
    async fn look_for_publications(&self) -> Result<bool, store::StoreError> {
        let loader = self.widget.text(publishing::LOADER).unwrap_or_default();
        let is_new = self.publications.refresh(&self.store, loader).await?;
        // Also where nothing is new: it may have failed after an earlier change.
        self.forwarder.follow_up(&self.store, || self.publications.now().revision()).await?;
        Ok(is_new)
    }

    /// What always has a place among what is counted.
    fn names(&self) -> store::ReservedNames {
        let mut names = self.definitions.names();
        self.publications.now().add_names(&mut names);
        names
    }

    /// The same, and has the names that came along reserved. Nobody waits for that: who erases holds all names.
    async fn refresh_publications(&self) -> Result<(), store::StoreError> {
        if self.look_for_publications().await? {
            let (store, names) = (self.store.clone(), self.names());
            tokio::spawn(async move { store.reserve_names(names).await });
        }
        Ok(())
    }

    /// Hears of a change that is done. Where that fails, the next look a second later hears of it.
    async fn hear_of_change(&self) {
        if let Err(error) = self.refresh_publications().await {
            tracing::warn!(%error, "a change is done, and pages have it a second later");
        }
    }

    /// The definition of the survey of this key, as it was published, or as the folder or a template has it.
    fn definition(&self, key: &str) -> Option<Definition> {
        let published = self.publications.now().definition(key).cloned();
        published.or_else(|| self.definitions.get(key))
    }

    /// The survey of this key and its questions, in this language or the one that it is written in.
    fn questions(&self, key: &str, language: &str) -> Option<(Survey, Vec<Question>)> {
        Some(definitions::in_language(&self.definition(key)?, language))
    }

    /// The key of a survey that somebody may read, given by its id or its key. Without a site it is the one that has it.
    async fn key_of(
        &self,
        principal: &Principal,
        site: Option<&str>,
        survey: &str,
    ) -> Result<String, Error> {
        // As the store's keys have it: ids hold no slash.
        let (site, survey) = match survey.split_once('/') {
            Some((own, survey)) if site.is_none_or(|site| site == own) => (Some(own), survey),
            _ => (site, survey),
        };
        // Otherwise what stands behind the slash of one site would be the key of another one.
        if survey.contains('/') {
            return Err(Error::NotFound);
        }
        if let Some(site) = site {
            principal.check(Scope::Read, site)?;
            self.check_site(site).await?;
            return Ok(survey_key(site, survey).into_owned());
        }
        let theirs = principal.sites(Scope::Read);
        let published = self.publications.now();
        let mut having: Vec<&str> = published
            .sites()
            .filter(|site| theirs.has(site) && published.has(&survey_key(site, survey)))
            .collect();
        // What belongs to no site may be asked by pages that nobody publishes here.
        if theirs.has(DEFAULT_SITE)
            && !having.contains(&DEFAULT_SITE)
            && (having.is_empty() || self.store.first_day(survey).await?.is_some())
        {
            having.insert(0, DEFAULT_SITE);
        }
        match having[..] {
            [] => Err(Error::NotFound),
            [site] => Ok(survey_key(site, survey).into_owned()),
            [first, ..] => Err(Error::InvalidQuery {
                field: "site".to_owned(),
                reason: format!(
                    "must be given: {} have a survey {survey} (try site={first})",
                    having.join(" and ")
                ),
            }),
        }
    }

    /// Which surveys, by key, and which sites a request is about, of those that somebody may read.
    #[allow(clippy::type_complexity, reason = "two parts of a filter")]
    async fn chosen(
        &self,
        principal: &Principal,
        scope: Scope,
        site: Option<&str>,
        survey: Option<&str>,
    ) -> Result<(Option<Vec<String>>, Option<Vec<String>>), Error> {
        let (site, survey) = match survey.and_then(|survey| survey.split_once('/')) {
            Some((own, survey)) if site.is_none_or(|site| site == own) => (Some(own), Some(survey)),
            _ => (site, survey),
        };
        if survey.is_some_and(|survey| survey.contains('/')) {
            return Err(Error::NotFound);
        }
        let sites = self.chosen_sites(principal, scope, site).await?;
        let keys = survey.map(|survey| match &sites {
            SomeSites::All => {
                let published = self.publications.now();
                published.sites().map(|site| survey_key(site, survey).into_owned()).collect()
            }
            SomeSites::Only(sites) => {
                sites.iter().map(|site| survey_key(site, survey).into_owned()).collect()
            }
        });
        Ok((keys, sites.into_filter()))
    }

    /// Of the sites where this is allowed, the one that a request names, or all.
    async fn chosen_sites(
        &self,
        principal: &Principal,
        scope: Scope,
        site: Option<&str>,
    ) -> Result<SomeSites, Error> {
        let sites = principal.chosen(scope, site)?;
        if let Some(site) = site {
            self.check_site(site).await?;
        }
        Ok(sites)
    }

    /// Refuses the name of a site that is none: no answers would be taken for none given. A site that nobody has added may
    /// have responses all the same (`--accept any`).
    async fn check_site(&self, site: &str) -> Result<(), Error> {
        let is_known = || self.publications.now().site(site).is_some();
        if is_known() {
            return Ok(());
        }
        self.look_before_refusing().await?;
        let own = [site.to_owned()];
        if is_known()
            || is_name(site) && !self.store.surveys(Some(&own), None, 1).await?.rows.is_empty()
        {
            return Ok(());
        }
        Err(Error::InvalidQuery {
            field: "site".to_owned(),
            reason: format!(
                "is none that this collector knows: {site:?} (GET /v1/sites lists them)"
            ),
        })
    }

    /// Whether responses of this survey are stored.
    fn accepts(&self, key: &str) -> bool {
        self.accept == Accept::Any || self.knows(key) || self.write_keys.has(key)
    }

    /// Whether there is a definition of this survey.
    fn knows(&self, key: &str) -> bool {
        self.definitions.has(key) || self.publications.now().has(key)
    }

    /// Where the responses are.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The path of a link that opens the dashboard once.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn link(&self) -> anyhow::Result<String> {
        let code = self.links.make().context("no link")?;
        Ok(format!("{}/v1/session/{code}", self.base_path.as_str()))
    }

    /// Ends the streams of those who listen, when true is sent.
    #[must_use]
    pub fn closing(&self) -> watch::Sender<bool> {
        self.closing.clone()
    }

    /// What passes responses on; to be closed before the store is.
    pub(crate) fn forwarder(&self) -> Arc<Forwarder> {
        Arc::clone(&self.forwarder)
    }

    /// The whole interface.
    pub fn router(self) -> Router {
        let collector = Arc::new(self);
        let base_path = collector.base_path.clone();
        tidy_up(&collector);
        publishing::follow(&collector);
        destinations::follow(&collector);
        // A page may read every answer to what it sends, also those that the layers inside give.
        let writing = OpenApiRouter::with_openapi(openapi::Document::openapi())
            .routes(routes!(responses::create).map(|it| it.options(cors::preflight)));
        let (writing, mut document) = writing.split_for_parts();
        let writing = within_limits(writing)
            .layer(middleware::from_fn_with_state(Arc::clone(&collector), cors::guard));
        let (trying, trying_paths) = publishing::preview_writing_routes().split_for_parts();
        document.merge(trying_paths);
        let trying = within_limits(trying).layer(middleware::from_fn(cors::open));
        let others = OpenApiRouter::new()
            .routes(routes!(responses::list))
            .routes(routes!(visitors::erase_response))
            .routes(routes!(visitors::erase, visitors::export))
            .routes(routes!(surveys::list))
            .routes(routes!(summary::show))
            .routes(routes!(summary::show_several))
            .routes(routes!(summary::comments::list))
            .routes(routes!(summary::comments::as_csv))
            .routes(routes!(summary::comments::change))
            .routes(routes!(export::as_csv))
            .routes(routes!(export::as_ndjson))
            .routes(routes!(stream::listen))
            .routes(routes!(hosted::page))
            .routes(routes!(hosted::definition))
            .merge(publishing::public_routes())
            .merge(publishing::site_routes())
            .merge(publishing::survey_routes())
            .merge(publishing::preview_routes())
            .merge(destinations::routes())
            .routes(routes!(health::show))
            .routes(routes!(health::is_alive))
            .routes(routes!(metrics::show))
            .routes(routes!(openapi::show))
            .merge(access::routes())
            .merge(access::people_routes());
        let (others, other_paths) = others.split_for_parts();
        document.merge(other_paths);
        openapi::publish(&document);
        // Responses have bounds of their own; whatever reads another body reads no more than this.
        let small = DefaultBodyLimit::max(LARGEST_SMALL_BODY_BYTES);
        let router = within_limits(others.fallback(file).layer(small))
            .merge(writing)
            .merge(trying)
            .method_not_allowed_fallback(async || Error::MethodNotAllowed)
            // One layer and not five: each costs every request its share.
            .layer(middleware::from_fn_with_state(Arc::clone(&collector), finish))
            .with_state(collector);
        base_path::below(&base_path, router)
    }
}

/// Once a minute, forgets those who sent nothing lately.
fn tidy_up(collector: &Arc<Collector>) {
    let collector = Arc::downgrade(collector);
    tokio::spawn(async move {
        let mut minutes = tokio::time::interval(Duration::from_secs(60));
        loop {
            minutes.tick().await;
            let Some(collector) = collector.upgrade() else { break };
            collector.limits.tidy();
        }
    });
}

/// Counts every answer and gives it what all have. Whoever came by https once comes by https from then on.
async fn finish(
    State(collector): State<Arc<Collector>>,
    request: Request,
    next: middleware::Next,
) -> Response {
    warn_of_a_stranger(&collector, &request);
    let method = metrics::method(&request);
    let is_public = publishing::is_public(request.uri().path());
    let mut response = next.run(request).await;
    collector.metrics.count(method, response.status());
    let headers = response.headers_mut();
    if is_public {
        // Also what is refused: a page's developer is told what it says, and not that it may not be read.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    let mut if_absent = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    if_absent(header::CACHE_CONTROL, "no-store");
    if_absent(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if_absent(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    if collector.https {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// Says once that a proxy is in front which is not believed: all visitors are one address to the limits then.
fn warn_of_a_stranger(collector: &Collector, request: &Request) {
    static ONCE: Once = Once::new();
    if ONCE.is_completed() || !request.headers().contains_key("x-forwarded-for") {
        return;
    }
    let Some(ConnectionAddress(address)) = request.extensions().get::<ConnectionAddress>() else {
        return;
    };
    if !collector.proxies.trust(*address) {
        ONCE.call_once(|| {
            tracing::warn!(
                %address,
                "a proxy names visitors, and is not believed: if it is yours, give --trusted-proxy {address}"
            );
        });
    }
}

/// A file of the widget or the dashboard, else of a site.
async fn file(State(collector): State<Arc<Collector>>, request: Request) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let path = request.uri().path();
    let name = path.strip_prefix('/').unwrap_or_default();
    let ours = collector
        .widget
        .respond(name, request.headers())
        .or_else(|| collector.widget_versions.respond(path, request.headers()))
        .map(Ok)
        .or_else(|| dashboard::respond(&collector.dashboard, path, request.headers()));
    let found = match ours {
        Some(Ok(_)) if !reads => Err(Error::MethodNotAllowed),
        Some(response) => response,
        None => collector.folders.respond(request).await,
    };
    match found {
        Err(Error::MethodNotAllowed) => {
            ([(header::ALLOW, "GET,HEAD")], Error::MethodNotAllowed).into_response()
        }
        found => found.into_response(),
    }
}
