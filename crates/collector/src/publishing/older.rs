//! Versions of surveys that are no longer the latest. A page that was open, or is cached, asks for one, and so may
//! everybody else: those that were asked for lately are kept in memory.

use super::{FOR_EVER, SURVEY_FILE};
use crate::static_files::File;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of their files that are kept, at most.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// Files that are kept, at most: each is looked for among all of them.
const MOST_FILES: usize = 256;

/// Files that were asked for lately, the latest last.
#[derive(Debug, Default)]
pub(super) struct OlderVersions(Mutex<VecDeque<Older>>);

#[derive(Debug)]
struct Older {
    site: String,
    survey: String,
    version: i64,
    bytes: usize,
    file: Arc<File>,
}

impl Older {
    fn is(&self, site: &str, survey: &str, version: i64) -> bool {
        self.version == version && self.survey == survey && self.site == site
    }
}

impl OlderVersions {
    /// One that is kept.
    pub(super) fn get(&self, site: &str, survey: &str, version: i64) -> Option<Arc<File>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|it| it.is(site, survey, version))?;
        let found = kept.remove(place)?;
        let file = Arc::clone(&found.file);
        kept.push_back(found);
        Some(file)
    }

    /// Keeps one, which never changes. It is sent as it is, without the work of making it small.
    pub(super) fn keep(&self, site: &str, survey: &str, version: i64, body: String) -> Arc<File> {
        let bytes = body.len();
        let file = Arc::new(File::plain(SURVEY_FILE, body, FOR_EVER));
        let (site, survey) = (site.to_owned(), survey.to_owned());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|it| !it.is(&site, &survey, version));
        kept.push_back(Older { site, survey, version, bytes, file: Arc::clone(&file) });
        let mut held: usize = kept.iter().map(|it| it.bytes).sum();
        while held > MOST_BYTES || kept.len() > MOST_FILES {
            let Some(oldest) = kept.pop_front() else { break };
            held -= oldest.bytes;
        }
        file
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, MOST_FILES, OlderVersions};

    #[test]
    fn the_latest_are_kept_within_bounds() {
        let older = OlderVersions::default();
        older.keep("shop", "nps", 1, "{}".to_owned());
        older.keep("shop", "nps", 2, "{}".to_owned());
        assert!(older.get("shop", "nps", 1).is_some() && older.get("blog", "nps", 1).is_none());
        for version in 3..(MOST_FILES + 2) {
            let version = i64::try_from(version).expect("a number");
            older.keep("shop", "nps", version, "{}".to_owned());
        }
        assert!(older.get("shop", "nps", 1).is_some(), "it was asked for after the second one");
        assert!(older.get("shop", "nps", 2).is_none());
        older.keep("shop", "large", 1, "x".repeat(MOST_BYTES / 2));
        older.keep("shop", "large", 2, "x".repeat(MOST_BYTES / 2));
        assert!(older.get("shop", "nps", 1).is_none() && older.get("shop", "large", 1).is_some());
        older.keep("shop", "large", 3, "x".repeat(MOST_BYTES + 1));
        assert!(older.get("shop", "large", 1).is_none(), "one that is too large is not kept");
    }
}
