//! Which ending a visitor has reached. A response does not say it: its answers are led through the survey once more, where
//! the collector knows the version that was asked.

use crate::store::{self, Store, StoreError, key_of};
use crate::{Collector, definitions, publishing};
use serde_json::Map;
use sondeo_model::{Definition, Response, Status, Survey};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Versions that are held, at most.
const MOST_VERSIONS: usize = 256;

/// A survey that has endings.
#[derive(Debug)]
pub(crate) struct Ways(Survey);

impl Ways {
    /// Those of a definition; none where it has no endings.
    pub(crate) fn of(definition: &Definition) -> Option<Self> {
        // The language changes no way.
        let survey = || definitions::in_language(definition, "en").0;
        (!definition.endings.is_empty()).then(|| Self(survey()))
    }

    /// The id of the ending to which these answers lead.
    pub(crate) fn ending(&self, response: &Response) -> Option<String> {
        Some(self.0.ending_of(&response.answers)?.id.clone().into_owned())
    }
}

/// Versions of surveys that responses came of lately.
#[derive(Debug, Default)]
pub(crate) struct KnownVersions(Mutex<VersionsAtRevision>);

#[derive(Debug, Default)]
struct VersionsAtRevision {
    /// As of which change of what is published: a site that is deleted may come again, with other surveys.
    revision: i64,
    /// By key and version; nothing for a version without endings, or one that is not there.
    ways: BTreeMap<(String, i64), Option<Arc<Ways>>>,
}

impl KnownVersions {
    /// What `find` finds of this version, as of this revision, where it is not known yet.
    async fn ways(
        &self,
        revision: i64,
        key: (String, i64),
        find: impl Future<Output = Result<Option<Ways>, StoreError>>,
    ) -> Result<Option<Arc<Ways>>, StoreError> {
        let known = self.at(revision, |held| held.ways.get(&key).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let ways = find.await?.map(Arc::new);
        self.at(revision, |held| {
            if held.ways.len() >= MOST_VERSIONS {
                held.ways.clear();
            }
            // Whoever looked as of an earlier revision may have found what is gone.
            if held.revision == revision {
                held.ways.insert(key, ways.clone());
            }
        });
        Ok(ways)
    }

    fn at<T>(&self, revision: i64, act: impl FnOnce(&mut VersionsAtRevision) -> T) -> T {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.revision < revision {
            *held = VersionsAtRevision { revision, ..VersionsAtRevision::default() };
        }
        act(&mut held)
    }
}

impl Collector {
    /// The id of the ending that the visitor of this response has reached; none where that cannot be known.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub(crate) async fn ending_of(
        &self,
        response: &Response,
    ) -> Result<Option<String>, StoreError> {
        if response.status != Status::Completed {
            return Ok(None);
        }
        let key = key_of(response);
        let published = self.publications.now();
        if !published.has(&key) {
            let ways = self.definitions.ways(&key);
            return Ok(ways.and_then(|ways| ways.ending(response)));
        }
        let Some(version) = response.survey_version.map(i64::from) else {
            // A form names no version.
            let ways = published.definition(&key).and_then(Ways::of);
            return Ok(ways.and_then(|ways| ways.ending(response)));
        };
        let find = find(&self.store, &key, version);
        let id = (key.clone().into_owned(), version);
        let ways = self.endings.ways(published.revision(), id, find).await?;
        Ok(ways.and_then(|ways| ways.ending(response)))
    }
}

/// A version as the database has it.
async fn find(store: &Store, key: &str, version: i64) -> Result<Option<Ways>, StoreError> {
    let (site, survey) = store::site_and_survey(key);
    let Some(found) = store.version(site, survey, version).await? else { return Ok(None) };
    let compiled = publishing::compile(survey, &found.body, &Map::new());
    Ok(compiled.ok().and_then(|compiled| Ways::of(&compiled.definition)))
}

#[cfg(test)]
mod tests {
    use super::{KnownVersions, MOST_VERSIONS};

    #[tokio::test]
    async fn what_is_held_is_bounded_and_of_one_revision() {
        let known = KnownVersions::default();
        let nothing = async || Ok(None);
        for version in 0..=MOST_VERSIONS {
            let version = i64::try_from(version).expect("a number");
            known.ways(1, ("a".to_owned(), version), nothing()).await.expect("nothing");
        }
        assert_eq!(known.at(1, |held| held.ways.len()), 1);
        let again = async { panic!("it is known") };
        let last = i64::try_from(MOST_VERSIONS).expect("a number");
        known.ways(1, ("a".to_owned(), last), again).await.expect("nothing");
        known.ways(2, ("a".to_owned(), 1), nothing()).await.expect("nothing");
        known.ways(1, ("a".to_owned(), 2), nothing()).await.expect("nothing");
        assert_eq!(known.at(2, |held| held.ways.keys().cloned().collect::<Vec<_>>()).len(), 1);
    }
}
