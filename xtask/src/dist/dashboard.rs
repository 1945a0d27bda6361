//! The dashboard, in `dist/dashboard/`: not on anybody's page, so it is built and compressed, and no more.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{anew, compress, inputs, remove, trunk};
use crate::project::Project;
use crate::setup::Tools;
use crate::shell::{self, Naming, Result};

/// The name of the inputs of what is there.
const STAMP: &str = "dashboard-fingerprint";

/// Whether the folder is what its inputs make.
pub(super) fn is_there(project: &Project, dist: &Path) -> Result<bool> {
    let fingerprint = inputs::dashboard(&project.root)?;
    Ok(is_of(dist, &fingerprint))
}

fn is_of(dist: &Path, fingerprint: &str) -> bool {
    dist.join("dashboard/index.html").is_file()
        && fs::read_to_string(dist.join(STAMP)).is_ok_and(|built| built == fingerprint)
}

/// Writes the folder, unless it is already what its inputs make. It has a name of its own for them: a word
/// changed here builds no widget anew.
pub(super) fn build(project: &Project, tools: &Tools, dist: &Path) -> Result {
    let fingerprint = inputs::dashboard(&project.root)?;
    if is_of(dist, &fingerprint) {
        return Ok(());
    }
    let (stamp, place) = (dist.join(STAMP), dist.join("dashboard"));
    println!("Building the dashboard (2 to 4 minutes at first, then one)");
    let next = dist.join("next-dashboard");
    anew(&next)?;
    trunk::build(project, tools, &project.root.join("crates/dashboard"), &next)?;
    shell::quietly(
        Command::new(project.node_bin().join("esbuild"))
            .args([
                "--bundle",
                "--format=esm",
                "--minify",
                "--target=es2021",
                "--log-level=warning",
            ])
            .arg("crates/dashboard/code/editor.js")
            .arg(format!("--outfile={}", next.join("code.js").display()))
            .current_dir(&project.root),
    )?;
    compress::beside(project, &[&next])?;
    let _ = fs::remove_file(&stamp);
    remove(&place)?;
    fs::rename(&next, &place).naming(&place)?;
    fs::write(&stamp, fingerprint).naming(&stamp)
}
