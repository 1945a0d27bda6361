//! The script on the page.

use std::path::Path;
use std::process::Command;

use super::engine::Names;
use crate::project::Project;
use crate::shell::{self, Result};

/// Writes `sondeo.js`, which knows the engine's files by name.
pub(super) fn write(project: &Project, names: &Names, embed: &Path) -> Result {
    check_types(project)?;
    let mut output = std::ffi::OsString::from("--outfile=");
    output.push(embed.join("sondeo.js"));
    let define = |name: &str, text: &str| format!("--define:{name}=\"{text}\"");
    shell::quietly(
        Command::new(project.node_bin().join("esbuild"))
            .args(["loader/sondeo.js", "--bundle", "--minify", "--format=iife"])
            // The oldest syntax with `import()`: a browser that lacks it could not run the engine either.
            .args(["--target=es2020", "--legal-comments=none", "--log-level=warning"])
            .arg(define("ENGINE_JS", &names.script))
            .arg(define("ENGINE_WASM", &names.wasm))
            .arg(define("VERSION", env!("CARGO_PKG_VERSION")))
            .arg(output)
            .current_dir(&project.root),
    )?;
    Ok(())
}

/// Lets TypeScript read the hand-written JavaScript.
pub(crate) fn check_types(project: &Project) -> Result {
    shell::quietly(
        Command::new(project.node_bin().join("tsc"))
            .args(["--noEmit", "-p", "loader"])
            .current_dir(&project.root),
    )?;
    Ok(())
}
