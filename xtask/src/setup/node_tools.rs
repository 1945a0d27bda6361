//! axe-core, binaryen, esbuild, Prettier, standardwebhooks and TypeScript, out of the npm registry, as locked.

use std::fs;
use std::process::Command;

use crate::project::Project;
use crate::shell::{self, Naming, Result};

/// Runs `npm ci` unless the installed packages are those of the lock.
pub(super) fn ensure(project: &Project) -> Result {
    let loader = project.root.join("loader");
    let lock = loader.join("package-lock.json");
    // npm's own note of what it installed leaves out other platforms' packages: a copy of the lock compares better.
    let stamp = loader.join("node_modules/.installed-lock.json");
    let wanted = fs::read(&lock).naming(&lock)?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!(
        "Installing axe-core, binaryen, esbuild, Prettier, standardwebhooks and TypeScript with npm (about 10 seconds)"
    );
    let ci = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    shell::quietly(Command::new("npm").args(ci).current_dir(&loader))?;
    fs::write(&stamp, wanted).naming(&stamp)
}
