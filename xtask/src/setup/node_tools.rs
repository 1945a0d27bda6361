//! What comes out of the npm registry, as locked: tools, and the editor of code that the studio has.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::project::Project;
use crate::shell::{self, Naming, Result};

/// Runs `npm ci` where the installed packages are not those of the lock: of the tools, and of what the studio has from there.
pub(super) fn ensure(project: &Project) -> Result {
    install(
        &project.root.join("loader"),
        "axe-core, binaryen, esbuild, Prettier, standardwebhooks and TypeScript",
    )?;
    install(&project.root.join("crates/dashboard"), "CodeMirror")
}

fn install(folder: &Path, names: &str) -> Result {
    let lock = folder.join("package-lock.json");
    // npm's own note of what it installed leaves out other platforms' packages: a copy of the lock compares better.
    let stamp = folder.join("node_modules/.installed-lock.json");
    let wanted = fs::read(&lock).naming(&lock)?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("Installing {names} with npm (about 10 seconds)");
    let ci = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    shell::quietly(Command::new("npm").args(ci).current_dir(folder))?;
    fs::write(&stamp, wanted).naming(&stamp)
}
