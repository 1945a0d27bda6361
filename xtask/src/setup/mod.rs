//! Finds what building and testing need, and installs only what is missing.
//!
//! Every step looks first and says what it installs. A second run finds everything and prints nothing.

mod cargo_tools;
mod needs;
mod node_tools;
mod rust_src;
mod system;

use std::path::PathBuf;

use crate::project::Project;
use crate::shell::{self, Result};

pub(crate) use needs::mini_browser;

/// What for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Building and serving the widget.
    Build,
    /// Testing what needs no browser.
    Native,
    /// Testing it in browsers.
    Test,
    /// Making and trying a release.
    Release,
}

/// What was found or installed.
#[derive(Debug)]
pub(crate) struct Tools {
    /// Folders to put before everything else on the PATH.
    pub(crate) path: Vec<PathBuf>,
}

impl Tools {
    /// Where a program is.
    pub(crate) fn program(&self, name: &str) -> Result<PathBuf> {
        self.path
            .iter()
            .map(|folder| folder.join(name))
            .find(|path| path.is_file())
            .or_else(|| shell::program(name))
            .ok_or_else(|| format!("`{name}` is not installed: run `cargo xtask setup`"))
    }
}

/// `cargo xtask setup`
pub(crate) fn command(arguments: &[&str]) -> Result {
    if let Some(word) = arguments.first() {
        return Err(format!("`cargo xtask setup` takes no `{word}`"));
    }
    ensure(&Project::find()?, Purpose::Test)?;
    println!("Everything that building and testing need is there.");
    Ok(())
}

/// Makes sure that everything is there. What needs root comes first: nobody should wait for a build to hear of it.
pub(crate) fn ensure(project: &Project, purpose: Purpose) -> Result<Tools> {
    let _lock = shell::lock(&project.tools.join("lock"))?;
    system::ensure(purpose)?;
    rust_src::ensure(project)?;
    node_tools::ensure(project)?;
    let mut path = cargo_tools::ensure(project, purpose)?;
    path.push(project.node_bin());
    Ok(Tools { path })
}

/// Makes sure that the tools of npm are there.
pub(crate) fn ensure_node_tools(project: &Project) -> Result {
    let _lock = shell::lock(&project.tools.join("lock"))?;
    node_tools::ensure(project)
}

/// Where a program is that only a part of the checks needs, after it was installed if it was missing.
pub(crate) fn system_program(name: &str) -> Result<PathBuf> {
    system::ensure_one(name)?;
    shell::program(name).ok_or_else(|| format!("`{name}` is not installed"))
}

/// The same of a program that cargo installs.
pub(crate) fn cargo_program(project: &Project, name: &str) -> Result<PathBuf> {
    let _lock = shell::lock(&project.tools.join("lock"))?;
    cargo_tools::ensure_one(project, name).map(|folder| folder.join(name))
}
