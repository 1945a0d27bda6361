//! Trunk, wasm-bindgen, geckodriver and what writes the list of materials, each of one version, built from source.

use std::fs;
use std::path::{Path, PathBuf};

use super::Purpose;
use crate::project::Project;
use crate::shell::{self, Naming, Result, answer, program};

struct Tool {
    package: &'static str,
    program: &'static str,
    version: String,
    minutes: &'static str,
    /// `None` for what only a part of the checks runs.
    purpose: Option<Purpose>,
    options: &'static [&'static str],
    /// How far the compiler optimises it.
    level: &'static str,
}

/// What it does takes no time beside its own compilation, which is minutes shorter this way.
const NOT_AT_ALL: &str = "0";
/// It works through megabytes.
const BARELY: &str = "1";

/// Finds or installs each tool and gives the folders that hold them.
pub(super) fn ensure(project: &Project, purpose: Purpose) -> Result<Vec<PathBuf>> {
    ensure_those(project, |tool| tool.purpose.is_some_and(|it| it <= purpose))
}

/// The same of one program, whatever it is for.
pub(super) fn ensure_one(project: &Project, program: &str) -> Result<PathBuf> {
    let folders = ensure_those(project, |tool| tool.program == program)?;
    folders.into_iter().next().ok_or_else(|| format!("`{program}` is no tool of ours"))
}

fn ensure_those(project: &Project, is_wanted: impl Fn(&Tool) -> bool) -> Result<Vec<PathBuf>> {
    let lock = project.root.join("Cargo.lock");
    let lock = fs::read_to_string(&lock).naming(&lock)?;
    let tools = [
        Tool {
            package: "trunk",
            program: "trunk",
            version: "0.21.14".to_owned(),
            minutes: "2 to 6 minutes",
            purpose: Some(Purpose::Build),
            options: &["--locked", "--no-default-features", "--features", "rustls"],
            level: NOT_AT_ALL,
        },
        Tool {
            package: "wasm-bindgen-cli",
            program: "wasm-bindgen",
            // Program and crate speak a private format, so they have to be of the very same version.
            version: locked(&lock, "wasm-bindgen")
                .ok_or("Cargo.lock names no wasm-bindgen: is it committed?")?
                .to_owned(),
            minutes: "2 to 4 minutes",
            purpose: Some(Purpose::Build),
            // Not `--locked`: its lock names a dependency that was withdrawn.
            options: &[],
            level: BARELY,
        },
        Tool {
            package: "geckodriver",
            program: "geckodriver",
            version: "0.37.1".to_owned(),
            minutes: "1 to 4 minutes",
            purpose: Some(Purpose::Test),
            options: &["--locked"],
            level: NOT_AT_ALL,
        },
        Tool {
            package: "mdbook",
            program: "mdbook",
            version: "0.5.4".to_owned(),
            minutes: "2 to 6 minutes",
            purpose: Some(Purpose::Release),
            options: &["--locked", "--no-default-features", "--features", "search"],
            level: BARELY,
        },
        Tool {
            package: "cargo-deny",
            program: "cargo-deny",
            version: "0.20.2".to_owned(),
            minutes: "2 to 6 minutes",
            purpose: None,
            options: &["--locked"],
            level: NOT_AT_ALL,
        },
        Tool {
            package: "cargo-cyclonedx",
            program: "cargo-cyclonedx",
            version: "0.5.9".to_owned(),
            minutes: "1 to 4 minutes",
            purpose: Some(Purpose::Release),
            options: &["--locked"],
            level: NOT_AT_ALL,
        },
    ];
    let mut folders = Vec::new();
    let mut built = false;
    for tool in &tools {
        if !is_wanted(tool) {
            continue;
        }
        let own = project.tools.join(format!("{}-{}", tool.package, tool.version));
        if own.join("bin").join(tool.program).is_file() {
            folders.push(own.join("bin"));
        } else if let Some(folder) = on_path(tool) {
            folders.push(folder);
        } else {
            println!("Installing {} {} (once, {})", tool.package, tool.version, tool.minutes);
            install(project, tool, &own)?;
            built = true;
            folders.push(own.join("bin"));
        }
    }
    if built {
        // Some hundred megabytes that nothing will ask for again.
        let scratch = scratch(project);
        fs::remove_dir_all(&scratch).naming(&scratch)?;
    }
    Ok(folders)
}

fn scratch(project: &Project) -> PathBuf {
    project.target.join("tools")
}

fn on_path(tool: &Tool) -> Option<PathBuf> {
    let path = program(tool.program)?;
    let version = answer(&path, &["--version"])?;
    let found = version.split_whitespace().nth(1)? == tool.version;
    found.then(|| path.parent().map(PathBuf::from))?
}

fn install(project: &Project, tool: &Tool, own: &Path) -> Result {
    // These programs run for seconds and are compiled for minutes.
    shell::run(
        shell::cargo()
            .args(["install", tool.package, "--version", &tool.version])
            .args(tool.options)
            .arg("--root")
            .arg(own)
            // Cargo would advise to put the folder on the PATH, which is what we do.
            .env("PATH", shell::path_with(&[own.join("bin")])?)
            .env("CARGO_TARGET_DIR", scratch(project))
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.level)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_STRIP", "true")
            // Without a lock, take no dependency that is too new for our compiler.
            .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback"),
    )
}

/// The version of a package in a Cargo.lock.
fn locked<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    lock.split("[[package]]")
        .find(|entry| entry.contains(&format!("\nname = \"{package}\"\n")))?
        .split_once("\nversion = \"")?
        .1
        .split('"')
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_says_the_version() {
        let lock = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-shared\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(lock, "wasm"), None);
    }
}
