//! The widget's files under the version that they are of, and those of earlier versions.
//!
//! A page that names a version (`/v/0.2.0/sondeo.js`) has the same bytes for ever, so that its tag may carry their hash
//! (<https://www.w3.org/TR/SRI/>). A page that was loaded before an update asks for files that the new version does not
//! have; an answer must not be lost for that.

use crate::static_files::StaticFiles;
use anyhow::Context;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::str::FromStr;

/// The version of this program, and of the widget that is part of it.
const OWN: &str = env!("CARGO_PKG_VERSION");
/// The hash of each file, as the attribute `integrity` has it.
const HASHES: &str = "sri.json";
const NEVER_CHANGES: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Of what the next version changes.
const CHANGES: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// `0.2.0`. The order is that in which they were released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct WidgetVersion([u32; 3]);

impl FromStr for WidgetVersion {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match numbers(text).as_deref() {
            Some(&[major, minor, patch]) => Ok(Self([major, minor, patch])),
            _ => Err(()),
        }
    }
}

impl fmt::Display for WidgetVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(formatter, "{major}.{minor}.{patch}")
    }
}

/// Numbers between dots, each written in the one way in which it can be.
fn numbers(text: &str) -> Option<Vec<u32>> {
    let number = |part: &str| part.parse().ok().filter(|number: &u32| number.to_string() == part);
    text.split('.').map(number).collect()
}

/// Every version whose files are here.
#[derive(Debug, Default)]
pub(crate) struct WidgetVersions(BTreeMap<WidgetVersion, Numbered>);

#[derive(Debug)]
struct Numbered {
    files: StaticFiles,
    hashes: String,
}

impl WidgetVersions {
    /// The files of this program and, where there is a folder for them, those of every version in it. Those of this
    /// program are written there, so that the next version finds them.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) fn new(own: &StaticFiles, folder: Option<&Path>) -> anyhow::Result<Self> {
        let mut versions = BTreeMap::new();
        let own_version = OWN.parse::<WidgetVersion>().ok().filter(|_| !own.is_empty());
        if let Some(folder) = folder {
            if let Some(version) = own_version {
                let kept = folder.join(version.to_string());
                // A full disk must not keep a new version from starting.
                if let Err(error) = own.write_to(&kept) {
                    let kept = kept.display();
                    tracing::warn!(%kept, %error, "the next version will not have this one's files");
                }
            }
            let reading = || format!("cannot read {}", folder.display());
            let entries = match fs::read_dir(folder) {
                // It could not be made, which is told.
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                entries => Some(entries.with_context(reading)?),
            };
            for entry in entries.into_iter().flatten() {
                let entry = entry.with_context(reading)?;
                let name = entry.file_name();
                let Some(version) = name.to_str().and_then(|name| name.parse().ok()) else {
                    continue;
                };
                versions.insert(version, Numbered::of(StaticFiles::widget(Some(&entry.path()))?));
            }
        }
        if let Some(version) = own_version {
            // Its own files come first: those of an earlier build of the same version lie beside them in the folder.
            let files = match versions.remove(&version) {
                Some(earlier) => own.clone().with(earlier.files),
                None => own.clone(),
            };
            versions.insert(version, Numbered::of(files));
        }
        Ok(Self(versions))
    }

    /// The answer to a `GET` or `HEAD` of `/v/VERSION/FILE`, or of a file of an earlier version whose name is that of its
    /// content; none if there is no such file. A version may leave its last numbers away: then it is the newest of those.
    pub(crate) fn respond(&self, path: &str, request: &HeaderMap) -> Option<Response> {
        let Some(rest) = path.strip_prefix("/v/") else {
            let name = path.strip_prefix('/')?;
            return self.0.values().rev().find_map(|it| it.files.respond_hashed(name, request));
        };
        let (version, name) = rest.split_once('/')?;
        let wanted = numbers(version)?;
        let (version, found) = self.0.iter().rev().find(|(it, _)| it.0.starts_with(&wanted))?;
        let mut response = if name == HASHES {
            let kind = (header::CONTENT_TYPE, "application/json");
            let everyone = (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            ([kind, everyone], found.hashes.clone()).into_response()
        } else {
            found.files.respond(name, request)?
        };
        let caching = if version.0.len() == wanted.len() { NEVER_CHANGES } else { CHANGES };
        response.headers_mut().insert(header::CACHE_CONTROL, caching);
        Some(response)
    }
}

impl Numbered {
    fn of(files: StaticFiles) -> Self {
        // Texts are always written.
        let hashes = serde_json::to_string_pretty(&files.hashes()).unwrap_or_default();
        Self { files, hashes }
    }
}

#[cfg(test)]
mod tests {
    use super::{OWN, WidgetVersion};

    #[test]
    fn versions_are_numbers_in_their_order() {
        let version = |text: &str| text.parse::<WidgetVersion>();
        assert!(version("0.9.0") < version("0.10.0") && version("0.10.0") < version("1.0.0"));
        assert_eq!(version("1.2.3").map(|it| it.to_string()), Ok("1.2.3".to_owned()));
        for text in ["", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.+3", "1.2.3-rc", "1..3", "v1.2.3"] {
            assert_eq!(version(text), Err(()), "{text}");
        }
        assert!(version(OWN).is_ok(), "{OWN}");
    }
}
