//! Where a site's script was last seen, and what was wrong there. Nothing of a visitor is kept.

use crate::access::Principal;
use crate::error::Refusal;
use crate::segment::PathSegment;
use crate::store::{MOST_PROBLEMS, Scope};
use crate::{Collector, Error};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use sondeo_api::SeenPage;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use utoipa::ToSchema;

/// How often the same page is noted, unless something else is wrong there.
const PAUSE: Duration = Duration::from_secs(3_600);
/// Pages of a site, at most, that are told apart between two notes: what is beyond is noted when there is room again.
const MOST_NOTED: usize = 300;
/// Parts of a path that are kept, and bytes of each.
const MOST_PARTS: usize = 8;
const LONGEST_PART_BYTES: usize = 40;
/// Bytes of an origin: DNS has no longer names, and an index of PostgreSQL holds no long ones.
const LONGEST_ORIGIN_BYTES: usize = 300;
/// Letters of what is wrong on a page, as far as it is kept.
const LONGEST_PROBLEM: usize = 300;

/// Which pages were noted lately: a busy site asks for its script many times a second.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    sites: Mutex<HashMap<String, HashMap<PageKey, Noted>>>,
    hashes: RandomState,
}

/// An origin and a path.
type PageKey = (String, String);

/// When a page was noted, with which surveys, and with what was wrong there, as hashes: a line is longer.
#[derive(Debug)]
struct Noted {
    at: Instant,
    surveys: Vec<String>,
    problems: HashSet<u64>,
}

impl Notes {
    /// Whether the page was not noted in the last hour as it is now. Whoever invents what is wrong there has it noted
    /// [`MOST_PROBLEMS`] times.
    pub(super) fn is_new(&self, site: &str, page: &SeenPage) -> bool {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let noted = sites.entry(site.to_owned()).or_default();
        let key = (page.origin.clone(), page.path.clone());
        let is_fresh = |it: &Noted| it.at.elapsed() < PAUSE;
        let mut problems: HashSet<u64> =
            page.problems.iter().map(|line| self.hashes.hash_one(line)).collect();
        if let Some(known) = noted.get(&key).filter(|it| is_fresh(it)) {
            if known.surveys == page.surveys
                && (known.problems.len() >= MOST_PROBLEMS || problems.is_subset(&known.problems))
            {
                return false;
            }
            problems.extend(&known.problems);
        }
        if noted.len() >= MOST_NOTED {
            noted.retain(|_, it| is_fresh(it));
            if noted.len() >= MOST_NOTED {
                return false;
            }
        }
        noted.insert(key, Noted { at: Instant::now(), surveys: page.surveys.clone(), problems });
        true
    }
}

/// The page that asks for a script, as far as its browser tells: the origin, mostly without a path.
pub(super) fn referring_page(
    headers: &HeaderMap,
    named: &BTreeSet<String>,
) -> Option<(String, String)> {
    let url = web_address(headers.get(header::REFERER)?.to_str().ok()?)?;
    let origin = url.origin().ascii_serialization();
    (origin.len() <= LONGEST_ORIGIN_BYTES).then(|| (origin, kept_path(url.path(), named)))
}

/// The origin of the page that tells something. A page without one says `null`.
pub(super) fn origin(headers: &HeaderMap) -> Option<String> {
    let url = web_address(headers.get(header::ORIGIN)?.to_str().ok()?)?;
    Some(url.origin().ascii_serialization()).filter(|it| it.len() <= LONGEST_ORIGIN_BYTES)
}

fn web_address(text: &str) -> Option<url::Url> {
    url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// A path as far as it is kept: the parts that surveys of the site name themselves, and the first one where it is a plain
/// word. A star stands for any other, which may be an order, a link that works once, or somebody's name.
pub(super) fn kept_path(path: &str, named: &BTreeSet<String>) -> String {
    let is_word =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase() || b"-_.".contains(&byte));
    // Before the first part there is the empty one before the first slash.
    let is_kept = |at: usize, part: &str| {
        part.len() <= LONGEST_PART_BYTES
            && (part.is_empty() || named.contains(part) || at <= 1 && is_word(part))
    };
    let parts = path.split('/').take(MOST_PARTS).enumerate();
    let kept = parts.map(|(at, part)| if is_kept(at, part) { part } else { "*" });
    kept.collect::<Vec<_>>().join("/")
}

/// What a page tells of itself.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Told {
    /// Where it is: `/checkout`.
    pub(super) path: String,
    /// What is wrong there, a line each: `data-delay is not a time (try "5s")`. At most ten are kept.
    #[serde(default)]
    pub(super) problems: Vec<String>,
}

impl Told {
    /// The same, as far as it is kept.
    pub(super) fn checked(self) -> Result<Self, Error> {
        if !self.path.starts_with('/') {
            return Err(Error::Invalid {
                field: "path".to_owned(),
                reason: "must be the path of a page (try \"/checkout\")".to_owned(),
            });
        }
        let line = |text: &String| -> String {
            text.chars().filter(|it| !it.is_control()).take(LONGEST_PROBLEM).collect()
        };
        let lines = self.problems.iter().map(line).filter(|line| !line.trim().is_empty());
        Ok(Self { path: self.path, problems: lines.take(MOST_PROBLEMS).collect() })
    }
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
    PathSegment(site): PathSegment,
) -> Result<Json<Vec<SeenPage>>, Error> {
    principal.check(Scope::Read, &site)?;
    super::sites::find(&collector, &site).await?;
    Ok(Json(collector.store.seen_pages(&site).await?))
}

#[cfg(test)]
mod tests {
    use super::{MOST_NOTED, Notes};
    use crate::store::MOST_PROBLEMS;
    use sondeo_api::SeenPage;
    use sondeo_model::Timestamp;

    fn page(path: &str, problems: &[&str]) -> SeenPage {
        let problems = problems.iter().map(|it| (*it).to_owned()).collect();
        let (origin, surveys) = ("https://shop.example".to_owned(), Vec::new());
        SeenPage { origin, path: path.to_owned(), at: Timestamp::from_millis(1), surveys, problems }
    }

    #[test]
    fn a_page_is_noted_once_an_hour_and_for_what_else_is_wrong_there() {
        let notes = Notes::default();
        let is_new = |problems: &[&str]| notes.is_new("shop", &page("/", problems));
        assert!(is_new(&[]) && !is_new(&[]));
        assert!(is_new(&["a"]) && !is_new(&["a"]) && !is_new(&[]));
        assert!(is_new(&["a", "b"]) && !is_new(&["b"]));
        assert!(notes.is_new("blog", &page("/", &[])), "another site's");
        let other = SeenPage { surveys: vec!["nps".to_owned()], ..page("/", &[]) };
        assert!(notes.is_new("shop", &other), "another plan");
    }

    #[test]
    fn whoever_invents_problems_has_few_of_them_noted() {
        let notes = Notes::default();
        let invented = (0..1_000).map(|number| format!("problem {number}"));
        let noted = invented.filter(|it| notes.is_new("shop", &page("/", &[it]))).count();
        assert_eq!(noted, MOST_PROBLEMS);
        let noted = (0..1_000).filter(|it| notes.is_new("shop", &page(&format!("/{it}"), &[])));
        assert_eq!(noted.count(), MOST_NOTED - 1);
        let sites = notes.sites.lock().expect("nobody has panicked");
        let known = &sites["shop"][&("https://shop.example".to_owned(), "/".to_owned())];
        assert_eq!(known.problems.len(), MOST_PROBLEMS);
    }
}
