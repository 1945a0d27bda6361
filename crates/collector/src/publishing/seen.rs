//! Where a site's script was last seen, and what was wrong there. Nothing of a visitor is kept.

use crate::access::Principal;
use crate::error::Refusal;
use crate::segment::Segment;
use crate::store::{self, Scope};
use crate::{Collector, Error};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use serde::Serialize;
use sondeo_model::Timestamp;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use utoipa::ToSchema;

/// How often the same page is noted.
const PAUSE: Duration = Duration::from_secs(3_600);
/// Pages of a site, at most, that are told apart between two notes: what is beyond is noted when there is room again.
const MOST_NOTED: usize = 300;
/// Parts of a path that are kept, and bytes of each.
const MOST_PARTS: usize = 8;
const LONGEST_PART_BYTES: usize = 40;
/// Bytes of an origin: DNS has no longer names, and an index of PostgreSQL holds no long ones.
const LONGEST_ORIGIN_BYTES: usize = 300;

/// Which pages were noted lately: a busy site asks for its script many times a second.
#[derive(Debug, Default)]
pub(crate) struct Notes(Mutex<HashMap<String, HashMap<PageKey, Noted>>>);

/// An origin and a path.
type PageKey = (String, String);

/// When a page was noted, and with which surveys.
#[derive(Debug)]
struct Noted {
    at: Instant,
    surveys: Vec<String>,
}

impl Notes {
    /// Whether the page was not noted in the last hour as it is now.
    pub(super) fn is_new(&self, site: &str, page: &store::SeenPage) -> bool {
        let mut sites = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let noted = sites.entry(site.to_owned()).or_default();
        let key = (page.origin.clone(), page.path.clone());
        let is_fresh = |it: &Noted| it.at.elapsed() < PAUSE;
        if noted.get(&key).is_some_and(|it| is_fresh(it) && it.surveys == page.surveys) {
            return false;
        }
        if noted.len() >= MOST_NOTED {
            noted.retain(|_, it| is_fresh(it));
            if noted.len() >= MOST_NOTED {
                return false;
            }
        }
        noted.insert(key, Noted { at: Instant::now(), surveys: page.surveys.clone() });
        true
    }
}

/// The page that asks for a script, as far as its browser tells: the origin, mostly without a path. Of a path, what the
/// site's surveys name themselves is kept.
pub(super) fn page(headers: &HeaderMap, named: &BTreeSet<String>) -> Option<(String, String)> {
    let referrer = headers.get(header::REFERER)?.to_str().ok()?;
    let url =
        url::Url::parse(referrer).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let origin = url.origin().ascii_serialization();
    if origin.len() > LONGEST_ORIGIN_BYTES {
        return None;
    }
    // Any other part may be an order, a link that works once, or somebody's name.
    let is_kept =
        |part: &str| part.is_empty() || part.len() <= LONGEST_PART_BYTES && named.contains(part);
    let parts = url.path().split('/').take(MOST_PARTS).map(|it| if is_kept(it) { it } else { "*" });
    Some((origin, parts.collect::<Vec<_>>().join("/")))
}

/// A page with the site's script.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeenPage {
    origin: String,
    path: String,
    /// When it was last seen.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The surveys that the script knew there.
    surveys: Vec<String>,
    /// What was wrong there, a line each.
    problems: Vec<String>,
}

/// The pages where the site's script was seen in the last days, the latest first.
#[utoipa::path(get, path = "/v1/sites/{site}/seen", tag = "publishing", security(("token" = ["read"])),
    params(("site" = String, Path, description = "the site")), responses(
    (status = 200, description = "at most 200 pages", body = Vec<SeenPage>),
    (status = 401, description = "no token", body = Refusal),
    (status = 404, description = "no such site, or not for the sender", body = Refusal),
    (status = 503, description = "the database does not answer", body = Refusal),
))]
pub(crate) async fn list(
    State(collector): State<Arc<Collector>>,
    principal: Principal,
    Segment(site): Segment,
) -> Result<Json<Vec<SeenPage>>, Error> {
    principal.check(Scope::Read, &site)?;
    super::sites::find(&collector, &site).await?;
    let pages = collector.store.seen_pages(&site).await?.into_iter();
    Ok(Json(
        pages
            .map(|it| SeenPage {
                origin: it.origin,
                path: it.path,
                at: it.at,
                surveys: it.surveys,
                problems: it.problems,
            })
            .collect(),
    ))
}
