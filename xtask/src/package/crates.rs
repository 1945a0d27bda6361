//! `cargo xtask ci crates`: the component's crates as they would be published, in an application outside the tree.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::check::{chromium, install};
use super::{anew, folder};
use crate::dist;
use crate::project::Project;
use crate::setup::{self, Purpose};
use crate::shell::{self, Naming, Result};

/// What the application has of us.
const CRATES: &[&str] = &["sondeo", "sondeo-model", "sondeo-session", "sondeo-delivery"];
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Packs them, builds the application of `packages/check/rust` with them in each way, and opens it.
pub(crate) fn check(project: &Project) -> Result {
    let tools = setup::ensure(project, Purpose::Build)?;
    let place = folder(project).join("check");
    let _lock = shell::lock(&place.join("lock"))?;
    install(&project.root.join("packages/check"), &place)?;
    let crates = place.join("crates");
    unpack(project, &crates)?;

    let application = place.join("rust");
    // Its versions are the tree's, so that the tree's tools fit.
    let lock = application.join("Cargo.lock");
    fs::copy(project.root.join("Cargo.lock"), &lock).naming(&lock)?;
    let built = place.join("built-rust");
    anew(&built)?;
    let target = place.join("rust-target");
    let cargo = |feature: &str| {
        let mut command = shell::cargo();
        command.args(["build", "--features", feature]);
        for name in CRATES {
            let path = crates.join(name);
            command.arg("--config").arg(format!("patch.crates-io.{name}.path={path:?}"));
        }
        command.current_dir(&application);
        command
    };
    println!("Building every crate from its archive");
    let mut package = shell::cargo();
    package.args(["package", "--workspace", "--locked", "--allow-dirty", "--quiet"]);
    shell::run(package.current_dir(&project.root))?;
    println!("Building the application for a server and for browsers (about 5 minutes at first)");
    shell::run(cargo("ssr").arg("--target-dir").arg(&target))?;
    let program = built.join("outside");
    fs::copy(target.join("debug/outside"), &program).naming(&program)?;
    for feature in ["hydrate", "csr"] {
        let mut command = cargo(feature);
        command.args(["--lib", "--target", "wasm32-unknown-unknown"]);
        dist::standard_library_from_source(&mut command, project);
        shell::run(command.arg("--target-dir").arg(&target))?;
        let mut bind = Command::new(tools.program("wasm-bindgen")?);
        bind.args(["--target", "web", "--out-name", "outside", "--out-dir"]);
        bind.arg(built.join(feature));
        shell::run(bind.arg(target.join("wasm32-unknown-unknown/debug/outside.wasm")))?;
    }
    let mut node = Command::new("node");
    node.arg("rust.mjs")
        .env("SONDEO_ROOT", &project.root)
        .env("SONDEO_PACKAGES", folder(project))
        .env("SONDEO_CHROMIUM", chromium()?)
        .env("SONDEO_BUILT", &built)
        .current_dir(&place);
    shell::run(&mut node)
}

/// The crates, out of their archives.
fn unpack(project: &Project, crates: &Path) -> Result {
    let target = crates.with_extension("archives");
    let mut pack = shell::cargo();
    pack.args(["package", "--locked", "--no-verify", "--allow-dirty", "--target-dir"]).arg(&target);
    for name in CRATES {
        pack.args(["-p", name]);
    }
    shell::run(pack.current_dir(&project.root))?;
    for name in CRATES {
        let into = crates.join(name);
        anew(&into)?;
        let mut unpack = Command::new("tar");
        unpack.arg("-xzf").arg(target.join(format!("package/{name}-{VERSION}.crate")));
        shell::quietly(unpack.arg("--strip-components=1").arg("-C").arg(&into))?;
    }
    Ok(())
}
