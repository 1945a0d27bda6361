//! `cargo xtask package check`: each package, as those who take it would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{anew, copy_all, folder, npm, wordpress};
use crate::project::Project;
use crate::shell::{self, Naming, Result, program};

/// The checks, each a program of `packages/check`, and what it is about.
const CHECKS: &[(&str, &str)] = &[
    ("npm", "the package of npm: entries, types, files, weight"),
    ("editors", "what editors complete"),
    ("behaviour", "load and the components, in Chromium"),
    ("samples", "applications built from the packed file, in Chromium"),
    ("gtm", "the template of Tag Manager"),
    ("wordpress", "the plugin, in WordPress"),
    ("shopify", "the theme app extension"),
];

/// All of them.
pub(crate) fn check(project: &Project) -> Result {
    some(project, &[])
}

/// Those of these names, or all.
pub(super) fn some(project: &Project, names: &[&str]) -> Result {
    if let Some(name) = names.iter().find(|name| CHECKS.iter().all(|(known, _)| known != *name)) {
        return Err(format!("`cargo xtask package check` knows no `{name}`"));
    }
    let place = folder(project).join("check");
    let _lock = shell::lock(&place.join("lock"))?;
    let tarball = npm::pack(project)?;
    wordpress::pack(project)?;
    install(&project.root.join("packages/check"), &place)?;
    // As npm would install it.
    let installed = place.join("node_modules/sondeo");
    anew(&installed)?;
    let mut unpack = Command::new("tar");
    unpack.arg("-xzf").arg(&tarball).arg("--strip-components=1").arg("-C").arg(&installed);
    shell::quietly(&mut unpack)?;

    let chromium = chromium()?;
    let failed: Vec<&str> = CHECKS
        .iter()
        .filter(|(name, _)| names.is_empty() || names.contains(name))
        .filter(|(name, about)| {
            println!("\n{name}: {about}");
            let mut command = Command::new("node");
            command
                .arg(format!("{name}.mjs"))
                .env("SONDEO_ROOT", &project.root)
                .env("SONDEO_PACKAGES", folder(project))
                .env("SONDEO_TARBALL", &tarball)
                .env("SONDEO_CHROMIUM", &chromium)
                .current_dir(&place);
            shell::run(&mut command).is_err()
        })
        .map(|(name, _)| *name)
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!("not as it should be: {}", failed.join(", ")))
}

/// The browser that packages are opened in.
pub(super) fn chromium() -> Result<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = names.into_iter().find_map(program);
    found.ok_or_else(|| "Chromium is not installed: run `cargo xtask setup`".to_owned())
}

/// Copies the checks, and installs what they run with, unless it is what the lock says.
pub(super) fn install(source: &Path, place: &Path) -> Result {
    let lock = source.join("package-lock.json");
    let wanted = fs::read(&lock).naming(&lock)?;
    copy_all(source, place)?;
    let stamp = place.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("Installing bundlers, frameworks and checkers with npm (about 1 minute)");
    let ci = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    shell::quietly(Command::new("npm").args(ci).current_dir(place))?;
    fs::write(&stamp, wanted).naming(&stamp)
}
