//! Whether anything changed that the widget is made of.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Naming, Result};

/// What no build of the widget reads. A list of what it does read would be forgotten when a file is added.
const NOT_READ: [&str; 25] = [
    "target",
    "dist",
    "docs",
    "tests",
    "examples",
    "benches",
    "loader/node_modules",
    "crates/api",
    "crates/collector",
    "crates/dashboard",
    "crates/editor",
    "packages",
    "xtask/Cargo.toml",
    "xtask/weights.tsv",
    "xtask/src/bench",
    "xtask/src/book.rs",
    "xtask/src/ci.rs",
    "xtask/src/demo",
    "xtask/src/demo.rs",
    "xtask/src/dist/size.rs",
    "xtask/src/package",
    "xtask/src/pictures",
    "xtask/src/release",
    "xtask/src/test",
    "xtask/src/weights.rs",
];

/// What the dashboard is made of.
const DASHBOARD: [&str; 7] = [
    "crates/api",
    "crates/dashboard",
    "crates/editor",
    "crates/model",
    "docs/survey.schema.json",
    "Cargo.lock",
    "xtask/src/dist",
];

/// A name for the content of all inputs of the widget.
pub(super) fn fingerprint(root: &Path) -> Result<String> {
    let mut files = Vec::new();
    collect(root, root, &mut files)?;
    of(root, files)
}

/// A name for the content of all inputs of the dashboard.
pub(super) fn dashboard(root: &Path) -> Result<String> {
    let mut files = Vec::new();
    for name in DASHBOARD {
        let path = root.join(name);
        if path.is_dir() { every(&path, &mut files)? } else { files.push(path) }
    }
    of(root, files)
}

fn every(folder: &Path, files: &mut Vec<PathBuf>) -> Result {
    for entry in fs::read_dir(folder).naming(folder)? {
        let path = entry.naming(folder)?.path();
        if path.ends_with("node_modules") {
            continue;
        }
        if path.is_dir() { every(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

fn of(root: &Path, mut files: Vec<PathBuf>) -> Result<String> {
    files.sort();
    let mut hash = Hash::default();
    for file in files {
        let content = fs::read(&file).naming(&file)?;
        let name = file.strip_prefix(root).unwrap_or(&file);
        hash.add(name.to_string_lossy().as_bytes());
        hash.add(&content.len().to_le_bytes());
        hash.add(&content);
    }
    Ok(hash.hex())
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result {
    for entry in fs::read_dir(folder).naming(folder)? {
        let path = entry.naming(folder)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let read = !NOT_READ.iter().any(|name| path == root.join(name));
        let prose = path.extension().is_some_and(|kind| kind == "md");
        if hidden || prose || !read {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// FNV-1a: names content, guards nothing.
pub(super) struct Hash(u64);

impl Default for Hash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    /// Takes in more bytes.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// The name of all bytes so far.
    pub(super) fn hex(&self) -> String {
        format!("{:016x}", self.0)
    }

    /// The name of these bytes.
    pub(super) fn of(bytes: &[u8]) -> String {
        let mut hash = Self::default();
        hash.add(bytes);
        hash.hex()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vectors() {
        assert_eq!(Hash::of(b""), "cbf29ce484222325");
        assert_eq!(Hash::of(b"a"), "af63dc4c8601ec8c");
        assert_eq!(Hash::of(b"foobar"), "85944171f73967e8");
    }
}
