//! The dashboard, in `dist/dashboard/`: not on anybody's page, so it is built and compressed, and no more.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{anew, compress, inputs, remove, trunk};
use crate::project::Project;
use crate::setup::Tools;
use crate::shell::{self, Naming, Result};

/// Writes the folder, unless it is already what its inputs make. It has a name of its own for them: a word
/// changed here builds no widget anew.
pub(super) fn build(project: &Project, tools: &Tools, dist: &Path) -> Result {
    let stamp = dist.join("dashboard-fingerprint");
    let fingerprint = inputs::dashboard(&project.root)?;
    let place = dist.join("dashboard");
    let there = place.join("index.html").is_file();
    if there && fs::read_to_string(&stamp).is_ok_and(|built| built == fingerprint) {
        return Ok(());
    }
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
