//! Whether SQLite's file is still the one that was opened. Somebody may remove it, or move another one in its place, under
//! the running program: what is written goes into a file that has no name any more then, and is lost with the process.

use super::StoreError;
use std::io;
use std::path::{Path, PathBuf};

/// The file that was opened.
#[derive(Debug)]
pub(super) struct FileIdentity {
    path: PathBuf,
    id: Option<(u64, u64)>,
}

impl FileIdentity {
    /// Of the file that is there now.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        // Whoever starts it may go elsewhere.
        let path = std::path::absolute(path)?;
        let id = id(&path)?;
        Ok(Self { path, id })
    }

    /// Refuses where the path leads to another file, or to none.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        if id(&self.path).is_ok_and(|now| now == self.id) { Ok(()) } else { Err(StoreError::Moved) }
    }
}

/// Device and number of a file, where there is such a thing.
#[cfg(unix)]
fn id(path: &Path) -> io::Result<Option<(u64, u64)>> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(path)?;
    Ok(Some((metadata.dev(), metadata.ino())))
}

#[cfg(not(unix))]
fn id(path: &Path) -> io::Result<Option<(u64, u64)>> {
    std::fs::metadata(path).map(|_| None)
}
