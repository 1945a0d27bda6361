//! Surveys that people manage here: what runs on which site, and the files that its pages read.
//!
//! Everything that pages ask for is made when something changes, and kept in memory: a page view costs no query. Other
//! collectors on the same database are heard of by one number, looked at once a second.

mod compile;
mod duplicate_keys;
mod older;
mod previews;
mod public;
mod seen;
mod sites;
mod surveys;

pub(crate) use compile::{check_id, compile, compile_to_publish};
pub(crate) use previews::{routes as preview_routes, writing_routes as preview_writing_routes};
pub(crate) use public::{is_public, routes as public_routes};
pub(crate) use sites::{checked as checked_site, routes as site_routes};
pub(crate) use surveys::routes as survey_routes;

use crate::clock::{self, DAY_MS};
use crate::query::Moment;
use crate::static_files::File;
use crate::store::{
    self, DEFAULT_SITE, ManagedSurvey, ReservedNames, SeenPage, Store, StoreError, StoredSite,
    SurveyState,
};
use crate::{Error, byte_order_mark};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use sondeo_api::DraftProblem;
use sondeo_model::{Definition, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How often other collectors on the same database are asked for news.
const NEWS: Duration = Duration::from_secs(1);
/// How often they are asked out of turn, by whoever wants a version that is not known yet.
const NEWS_OUT_OF_TURN: Duration = Duration::from_millis(100);
/// How often what depends on the time is made anew: surveys that begin or end, and days that are over.
const MINUTE_MS: i64 = 60_000;
/// How long before its beginning and after its end a survey is in the plan. A date is one of the visitor's time zone,
/// clocks are wrong, and a page may keep a plan for some minutes: the widget knows the moment.
const MARGIN_MS: i64 = 2 * DAY_MS;
/// Why a survey of the folder cannot be changed; begins with its id.
pub(crate) const IS_A_FILE: &str =
    "is a file of --surveys: change it there, or give the draft another id";
/// How long pages may keep a plan; while the collector does not answer, a day.
const FOR_A_MINUTE: &str = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400";

/// What runs where, as of the latest look at the database.
#[derive(Debug, Default)]
pub(crate) struct Publications {
    now: RwLock<Arc<Snapshot>>,
    seen: seen::Notes,
    older: older::OlderVersions,
    /// When somebody looked for news out of turn.
    looked: tokio::sync::Mutex<Option<Instant>>,
}

/// The same, at one moment.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    revision: i64,
    /// When it was made, in minutes: what depends on the time was that of this minute.
    minute: i64,
    sites: BTreeMap<String, SiteSnapshot>,
}

/// One site.
#[derive(Debug)]
pub(crate) struct SiteSnapshot {
    pub(crate) site: StoredSite,
    surveys: BTreeMap<String, SurveySnapshot>,
    /// The ids of those that run.
    planned: Vec<String>,
    plan_text: String,
    plan: Arc<File>,
    script: Arc<File>,
    /// The parts of paths that its surveys name.
    path_parts: BTreeSet<String>,
}

/// A survey that was published at least once.
#[derive(Debug, Clone)]
struct SurveySnapshot {
    managed: ManagedSurvey,
    latest: Arc<Latest>,
}

/// The latest version of a survey, which never changes.
#[derive(Debug)]
struct Latest {
    version: i64,
    definition: Option<Definition>,
    plan: String,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    /// As pages read it.
    body: String,
    /// The same, as it is sent with and without its number; made when it is first asked for.
    file: OnceLock<File>,
    passing_file: OnceLock<File>,
}

impl Latest {
    fn new(id: &str, version: store::PublishedVersion) -> Self {
        // What an older program cannot read is asked as it stands all the same, and counted without its names.
        let definition = compile(id, &version.body, &Map::new()).ok().map(|it| it.definition);
        let targeting = definition.as_ref().map(Definition::targeting);
        Self {
            version: version.version,
            from: moment(targeting.as_ref().and_then(|it| it.from.as_deref())),
            until: moment(targeting.as_ref().and_then(|it| it.until.as_deref())),
            definition,
            plan: version.plan,
            body: version.body,
            file: OnceLock::new(),
            passing_file: OnceLock::new(),
        }
    }

    fn passing_file(&self) -> &File {
        let make = || File::made(SURVEY_FILE, self.body.clone(), FOR_A_MINUTE);
        self.passing_file.get_or_init(make)
    }

    fn file(&self) -> &File {
        self.file.get_or_init(|| File::made(SURVEY_FILE, self.body.clone(), FOR_EVER))
    }
}

impl Publications {
    /// What there is now.
    pub(crate) fn now(&self) -> Arc<Snapshot> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes that a page asked for the script of a site.
    pub(crate) fn note_seen(&self, store: &Store, site: &SiteSnapshot, headers: &HeaderMap) {
        let Some((origin, path)) = seen::referring_page(headers, &site.path_parts) else { return };
        let page = SeenPage {
            origin,
            path,
            at: clock::now(),
            surveys: site.planned.clone(),
            problems: Vec::new(),
        };
        self.note(store, site, page, false);
    }

    /// Notes what a page told of itself.
    fn note_told(&self, store: &Store, site: &SiteSnapshot, headers: &HeaderMap, told: seen::Told) {
        let Some(origin) = seen::origin(headers) else { return };
        let surveys = site.planned.clone();
        let seen::Told { path, problems } = told;
        let path = seen::kept_path(&path, &site.path_parts);
        self.note(
            store,
            site,
            SeenPage { origin, path, at: clock::now(), surveys, problems },
            true,
        );
    }

    fn note(&self, store: &Store, site: &SiteSnapshot, page: SeenPage, is_told: bool) {
        // Its own pages are allowed to everything and prove nothing; those of others are nobody's site.
        let origins = &site.site.origins;
        if (!origins.is_empty() && !origins.contains(&page.origin))
            || !self.seen.is_new(&site.site.id, &page)
        {
            return;
        }
        let (store, id) = (store.clone(), site.site.id.clone());
        // Nobody waits for it.
        tokio::spawn(async move {
            let noted = match is_told {
                true => store.note_told(&id, &page).await,
                false => store.note_seen(&id, &page).await,
            };
            if let Err(error) = noted {
                tracing::warn!(%error, "where a site's script was seen is not noted");
            }
        });
    }

    /// Looks at the database, and says whether there was anything new. `loader` is the site's script without a plan.
    pub(crate) async fn refresh(&self, store: &Store, loader: &str) -> Result<bool, StoreError> {
        let revision = store.publication_revision().await?;
        let now = clock::now();
        let minute = now.as_millis().div_euclid(MINUTE_MS);
        let before = self.now();
        if before.revision == revision && before.minute == minute {
            return Ok(false);
        }
        let sites: Vec<(StoredSite, BTreeMap<String, SurveySnapshot>)> =
            if before.revision == revision {
                // Another minute, and nothing else: what is due now may be another one, out of what is known.
                before.sites.values().map(|it| (it.site.clone(), it.surveys.clone())).collect()
            } else {
                before.read_anew(store).await?
            };
        let sites = sites.into_iter().map(|(site, surveys)| {
            let earlier = before.site(&site.id);
            (site.id.clone(), SiteSnapshot::new(site, surveys, (loader, earlier), now))
        });
        let next = Snapshot { revision, minute, sites: sites.collect() };
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        // One that began to look earlier may end later, and must not take back what the other one saw.
        if now.revision <= next.revision {
            *now = Arc::new(next);
        }
        drop(now);
        Ok(before.revision != revision)
    }
}

impl Snapshot {
    /// The number of the latest change that it knows.
    pub(crate) fn revision(&self) -> i64 {
        self.revision
    }

    /// What the database holds now. A version that is known already is not compiled once more.
    async fn read_anew(
        &self,
        store: &Store,
    ) -> Result<Vec<(StoredSite, BTreeMap<String, SurveySnapshot>)>, StoreError> {
        let sites = store.sites().await?;
        let managed = store.managed_surveys(None).await?;
        let versions = store.latest_versions().await?;
        let mut versions: BTreeMap<(String, String), store::PublishedVersion> =
            versions.into_iter().map(|(site, id, version)| ((site, id), version)).collect();
        let mut of_site: BTreeMap<String, BTreeMap<String, SurveySnapshot>> = BTreeMap::new();
        for managed in managed {
            let key = (managed.site.clone(), managed.id.clone());
            let Some(version) = versions.remove(&key) else { continue };
            let known = self.survey(&key.0, &key.1).map(|it| Arc::clone(&it.latest));
            let known = known.filter(|it| it.version == version.version && it.body == version.body);
            let latest = known.unwrap_or_else(|| Arc::new(Latest::new(&key.1, version)));
            let survey = SurveySnapshot { managed, latest };
            of_site.entry(key.0).or_default().insert(key.1, survey);
        }
        let with_surveys = |site: StoredSite| {
            let surveys = of_site.remove(&site.id).unwrap_or_default();
            (site, surveys)
        };
        Ok(sites.into_iter().map(with_surveys).collect())
    }

    pub(crate) fn site(&self, id: &str) -> Option<&SiteSnapshot> {
        self.sites.get(id)
    }

    fn survey(&self, site: &str, id: &str) -> Option<&SurveySnapshot> {
        self.sites.get(site)?.surveys.get(id)
    }

    /// The ids of all sites.
    pub(crate) fn sites(&self) -> impl Iterator<Item = &str> {
        self.sites.keys().map(String::as_str)
    }

    /// The survey of this key, as it was published last.
    pub(crate) fn definition(&self, key: &str) -> Option<&Definition> {
        let (site, id) = store::site_and_survey(key);
        self.survey(site, id)?.latest.definition.as_ref()
    }

    /// Whether responses of the survey of this key are taken: it was published once, so that pages may still ask it.
    pub(crate) fn has(&self, key: &str) -> bool {
        let (site, id) = store::site_and_survey(key);
        self.survey(site, id).is_some()
    }

    /// The file of a survey of the site `default` that runs.
    pub(crate) fn running_file(&self, id: &str) -> Option<&str> {
        let survey = self.survey(DEFAULT_SITE, id)?;
        (survey.managed.state == SurveyState::Running).then_some(&*survey.latest.body)
    }

    /// What all of them name, which always has a place among what is counted, beside these.
    pub(crate) fn add_names(&self, names: &mut ReservedNames) {
        for (site, snapshot) in &self.sites {
            for (id, survey) in &snapshot.surveys {
                if let Some(definition) = &survey.latest.definition {
                    names.add_published((site, id), survey.managed.version, definition.clone());
                }
            }
        }
    }

    /// Whether pages of this origin may send responses of this site; `None` where the site says nothing of its own.
    pub(crate) fn allows(&self, site: &str, origin: &str) -> Option<bool> {
        let origins = &self.sites.get(site)?.site.origins;
        (!origins.is_empty()).then(|| origins.iter().any(|own| own == origin))
    }

    /// Whether some site names this origin.
    pub(crate) fn names_origin(&self, origin: &str) -> bool {
        self.sites.values().any(|it| it.site.origins.iter().any(|own| own == origin))
    }
}

impl SiteSnapshot {
    fn new(
        site: StoredSite,
        surveys: BTreeMap<String, SurveySnapshot>,
        (loader, earlier): (&str, Option<&Self>),
        now: Timestamp,
    ) -> Self {
        let today = clock::day_in(&site.time_zone, now);
        let is_near = |survey: &&SurveySnapshot| {
            survey.managed.runs_on(today)
                && survey
                    .latest
                    .from
                    .is_none_or(|from| from.as_millis() < now.as_millis() + MARGIN_MS)
                && survey
                    .latest
                    .until
                    .is_none_or(|until| now.as_millis() < until.as_millis() + MARGIN_MS)
        };
        let running = || surveys.values().filter(is_near);
        let entries: Vec<Box<RawValue>> = running()
            .filter_map(|survey| RawValue::from_string(survey.latest.plan.clone()).ok())
            .collect();
        let mut plan = json!({ "site": site.id, "version": site.version });
        // Also where no survey says so, since none runs: what its script tells of a page obeys both.
        for key in ["consent", "storage"] {
            if let Some(word) = site.defaults.get(key) {
                plan[key] = word.clone();
            }
        }
        // Members of a map are sorted; the surveys stand last in either case.
        let head = plan.to_string();
        let list = serde_json::to_string(&entries).unwrap_or_else(|_| "[]".to_owned());
        let plan = format!("{},\"surveys\":{list}}}", head.trim_end_matches('}'));
        // Most of the time nothing has changed but the minute.
        let files = earlier.filter(|it| it.plan_text == plan);
        let files = files.map(|it| (Arc::clone(&it.plan), Arc::clone(&it.script)));
        let (file, script) = files.unwrap_or_else(|| {
            let script = loader.replacen(PLACE_OF_PLAN, &plan, 1);
            let script = File::made("sondeo.js", script, FOR_A_MINUTE);
            (Arc::new(File::made("plan.json", plan.clone(), FOR_A_MINUTE)), Arc::new(script))
        });
        let definitions = surveys.values().filter_map(|it| it.latest.definition.as_ref());
        let pages = definitions.flat_map(|definition| definition.targeting().url);
        let parts = pages.flat_map(|page| page.split('/').map(str::to_owned).collect::<Vec<_>>());
        Self {
            path_parts: parts.filter(|part| !part.contains('*')).collect(),
            planned: running().map(|survey| survey.managed.id.clone()).collect(),
            plan_text: plan,
            plan: file,
            script,
            site,
            surveys,
        }
    }
}

/// A date or date-time of an author, in UTC where it names no other time zone.
fn moment(text: Option<&str>) -> Option<Timestamp> {
    let Moment(at) = text?.parse().ok()?;
    Some(at)
}

/// The site's script in `dist/embed`, without a plan.
pub(crate) const LOADER: &str = "site.js";
/// A version never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const SURVEY_FILE: &str = "survey.json";

/// Stands in the loader where the plan goes.
pub(crate) const PLACE_OF_PLAN: &str = "SONDEO_PLAN";

/// Looks for news as long as there is a collector.
pub(crate) fn follow(collector: &Arc<crate::Collector>) {
    let collector = Arc::downgrade(collector);
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(NEWS);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut is_told = false;
        loop {
            ticks.tick().await;
            let Some(collector) = collector.upgrade() else { break };
            match collector.refresh_publications().await {
                Ok(()) => is_told = false,
                // What is known is still served.
                Err(error) if !is_told => {
                    tracing::warn!(%error, "the sites' surveys cannot be looked at; those known are served");
                    is_told = true;
                }
                Err(_) => {}
            }
        }
    });
}

impl crate::Collector {
    /// Waits for a look at the database that begins from now on: before something is refused for good that another
    /// collector may have published a moment ago. All who wait share one, so that strangers cause ten a second.
    pub(crate) async fn look_before_refusing(&self) -> Result<(), StoreError> {
        let asked_at = Instant::now();
        let mut looked = self.publications.looked.lock().await;
        if looked.is_some_and(|at| at >= asked_at) {
            return Ok(());
        }
        if let Some(at) = *looked {
            tokio::time::sleep(NEWS_OUT_OF_TURN.saturating_sub(at.elapsed())).await;
        }
        *looked = Some(Instant::now());
        self.refresh_publications().await
    }
}

/// A JSON object, for what is only known when it runs.
pub(crate) type Object = Map<String, Value>;

/// A JSON body, whose faults are told by their field.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<crate::Collector>> for Body<T> {
    type Rejection = Error;

    async fn from_request(
        request: Request,
        collector: &Arc<crate::Collector>,
    ) -> Result<Self, Error> {
        let bytes = Bytes::from_request(request, collector).await;
        let bytes = bytes.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge(crate::LARGEST_SMALL_BODY_BYTES),
            _ => Error::BrokenBody,
        })?;
        let text = str::from_utf8(byte_order_mark::without_bytes(&bytes))
            .map_err(|error| Error::NotUtf8(error.valid_up_to()))?;
        let value: Value = serde_json::from_str(text).map_err(Error::NotJson)?;
        if !value.is_object() {
            // An array would be taken for the values of an object in their order.
            let message = "must be a JSON object".to_owned();
            return Err(Error::from(DraftProblem { path: "body".to_owned(), message }));
        }
        serde_path_to_error::deserialize(value).map(Self).map_err(|error| {
            let path = error.path().to_string();
            let path = if path == "." { "body".to_owned() } else { path };
            let mut message = format!("is wrong: {}", error.inner());
            for (ours, plain) in [("i64", "a whole number"), ("u32", "a whole number")] {
                message =
                    message.replace(&format!("expected {ours}"), &format!("expected {plain}"));
            }
            Error::from(DraftProblem { path, message })
        })
    }
}

/// The same; an empty one says nothing.
#[derive(Debug)]
pub(crate) struct OptionalBody<T>(pub(crate) T);

impl<T: DeserializeOwned + Default> FromRequest<Arc<crate::Collector>> for OptionalBody<T> {
    type Rejection = Error;

    async fn from_request(
        request: Request,
        collector: &Arc<crate::Collector>,
    ) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let bytes = Bytes::from_request(Request::from_parts(parts, body), collector).await;
        let bytes = bytes.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge(crate::LARGEST_SMALL_BODY_BYTES),
            _ => Error::BrokenBody,
        })?;
        if bytes.trim_ascii().is_empty() {
            return Ok(Self(T::default()));
        }
        let request = Request::new(axum::body::Body::from(bytes));
        Body::from_request(request, collector).await.map(|Body(value)| Self(value))
    }
}
