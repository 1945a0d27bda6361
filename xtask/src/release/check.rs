//! Each file of a release, used as those would who take it: `packages/check/release.mjs`.

use std::process::Command;

use super::{Release, VERSION, binary, debian};
use crate::package;
use crate::shell::{self, Result};

/// All of them; the last line of each says what was seen.
pub(super) fn all(release: &Release<'_>) -> Result {
    // The release before: this one under an older number, since it is the upgrade that is tried.
    let before = Release {
        project: release.project,
        files: release.work.join("before"),
        work: release.work.clone(),
        date: release.date.clone(),
    };
    package::anew(&before.files)?;
    let program = binary::built(release.project);
    let before = debian::pack(&before, &program, "0.0.9~before")?;
    let mut tree = shell::cargo();
    tree.args([
        "tree",
        "--locked",
        "-p",
        "sondeo-collector",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ])
    .args(["--target", "x86_64-unknown-linux-gnu", "--format", "{p}"])
    .current_dir(&release.project.root);
    let crates = shell::quietly(&mut tree)?;
    package::write(&release.work.join("crates.txt"), crates)?;
    let mut node = Command::new("node");
    node.arg(release.project.root.join("packages/check/release.mjs"))
        .env("SONDEO_RELEASE", &release.files)
        .env("SONDEO_RELEASE_BEFORE", before)
        .env("SONDEO_CRATES", release.work.join("crates.txt"))
        .env("SONDEO_WORK", release.work.join("check"))
        .env("SONDEO_VERSION", VERSION);
    shell::run(&mut node)
}
