//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

use crate::shell::Result;

/// The folders that the commands work in. None of them is ever written into a file of the repository.
#[derive(Debug)]
pub(crate) struct Project {
    /// The clone.
    pub(crate) root: PathBuf,
    /// Cargo's target folder for native builds.
    pub(crate) target: PathBuf,
    /// Build tools of pinned versions: shared by clones, apart from what the user installed.
    pub(crate) tools: PathBuf,
}

impl Project {
    /// Finds the folders, or says which one it cannot find.
    pub(crate) fn find() -> Result<Self> {
        // Cargo sets the variable at run time, where a clone that was moved is already known by its new name.
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .parent()
            .ok_or("xtask is not inside the repository: run `cargo xtask` in a clone")?
            .to_path_buf();
        Ok(Self { target: target_folder(&root), tools: tools_folder()?, root })
    }

    /// What the widget's build writes: the flags differ from the native ones, so a shared folder would thrash.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// What npm installed.
    pub(crate) fn node_modules(&self) -> PathBuf {
        self.root.join("loader/node_modules")
    }

    /// Programs among it.
    pub(crate) fn node_bin(&self) -> PathBuf {
        self.node_modules().join(".bin")
    }
}

/// This program lies in `<target>/debug/`, whatever a configuration or variable made of `<target>`.
fn target_folder(root: &Path) -> PathBuf {
    env::current_exe()
        .ok()
        .and_then(|program| Some(program.parent()?.parent()?.to_path_buf()))
        .unwrap_or_else(|| root.join("target"))
}

fn tools_folder() -> Result<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(tools) = set("SONDEO_TOOLS") {
        return Ok(tools.into());
    }
    let cache = set("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| Path::new(&home).join(".cache")))
        .ok_or("neither HOME nor XDG_CACHE_HOME is set: set SONDEO_TOOLS to a folder for the build tools")?;
    Ok(cache.join("sondeo/tools"))
}
