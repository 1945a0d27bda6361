//! The list of all that is in the program, as CycloneDX (<https://cyclonedx.org/docs/1.5/json/>).

use std::fs;
use std::process::Command;

use super::{Release, VERSION};
use crate::package;
use crate::setup::Tools;
use crate::shell::{self, Naming, Result};

/// Writes `sondeo-collector-VERSION.cdx.json`.
pub(super) fn write(release: &Release<'_>, tools: &Tools) -> Result {
    // The program writes beside each manifest, so it gets a tree of its own: the one that is released.
    let tree = release.work.join("sources");
    package::anew(&tree)?;
    let archive = release.work.join("sources.tar");
    let root = &release.project.root;
    let mut git = Command::new("git");
    git.args(["archive", "--format=tar", "-o"]).arg(&archive).arg("HEAD").current_dir(root);
    shell::quietly(&mut git)?;
    shell::quietly(Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(&tree))?;
    let mut list = Command::new(tools.program("cargo-cyclonedx")?);
    list.args([
        "cyclonedx",
        "--format",
        "json",
        "--spec-version",
        "1.5",
        "--override-filename",
        "materials",
    ])
    .args(["--target", "x86_64-unknown-linux-gnu", "--manifest-path"])
    .arg(tree.join("crates/collector/Cargo.toml"))
    .env("SOURCE_DATE_EPOCH", &release.date)
    .current_dir(&tree);
    shell::quietly(&mut list)?;
    let made = tree.join("crates/collector/materials.json");
    let taken = release.file(&format!("sondeo-collector-{VERSION}.cdx.json"));
    // Where the tree stood is nobody's business.
    let text = fs::read_to_string(&made).naming(&made)?;
    let place = format!("file://{}", tree.display());
    package::write(
        &taken,
        text.replace(&place, "file:///sondeo").replace(&tree.display().to_string(), "/sondeo"),
    )
}
