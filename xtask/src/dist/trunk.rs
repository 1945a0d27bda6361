//! Trunk, with the flags that make a small widget.

use std::path::Path;
use std::process::Command;

use super::linker;
use crate::project::Project;
use crate::setup::Tools;
use crate::shell::{self, Result};

/// Lets a stable compiler build the standard library itself; nothing else may see these variables.
pub(crate) fn standard_library_from_source(command: &mut Command, project: &Project) {
    command
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_TARGET_DIR", project.wasm_target());
}

/// No messages for panics that nobody reads; and what LLVM's idea of small leaves to brotli: measured, 2.5 % of the
/// engine for functions inlined a little more than by `opt-level = "z"` alone, and loops left as they were written.
const FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none \
    -Cllvm-args=-inline-threshold=10 -Cllvm-args=-disable-lsr";

/// Builds the `index.html` of this folder (with its `Trunk.toml`), and what it names, into the other.
pub(super) fn build(project: &Project, tools: &Tools, of: &Path, into: &Path) -> Result {
    let mut trunk = Command::new("trunk");
    trunk
        .args(["build", "--release", "--cargo-profile", "widget"])
        // Trunk would fetch tools of its own choice; set-up has put the locked ones on the PATH.
        .args(["--offline", "--locked", "--dist"])
        .arg(into)
        .current_dir(of)
        .env("PATH", shell::path_with(&tools.path)?)
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
        .env("RUSTFLAGS", FLAGS)
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    standard_library_from_source(&mut trunk, project);
    let linker = linker::install(&project.wasm_target())?;
    trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    // `--offline` reaches cargo too, which may not have the packages yet: ours, and the standard library's own.
    let fetch = |arguments: &[&str]| {
        let mut fetch = shell::cargo();
        fetch.args(["fetch", "--locked", "--quiet"]).args(arguments).current_dir(&project.root);
        fetch
    };
    shell::run(&mut fetch(&[]))?;
    let mut std = fetch(&["--target", "wasm32-unknown-unknown"]);
    standard_library_from_source(&mut std, project);
    shell::run(&mut std)?;
    shell::run(&mut trunk)
}
