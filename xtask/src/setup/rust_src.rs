//! The source of the standard library, which the widget compiles itself, for size.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project::Project;
use crate::shell::{self, Naming, Result, answer, program};

/// Finds the source, or fetches it: with rustup where rustup may install, else out of Debian's package.
pub(super) fn ensure(project: &Project) -> Result {
    let sysroot = answer("rustc", &["--print", "sysroot"])
        .ok_or("rustc does not run: install Rust from https://rustup.rs")?;
    let sources = Path::new(&sysroot).join("lib/rustlib/src/rust");
    let library = sources.join("library");
    if library.join("std/Cargo.toml").is_file() {
        return Ok(());
    }
    let version = compiler_version()?;
    if rustup_may_install() {
        println!("Installing the standard library's source {version} with rustup (a few seconds)");
        if shell::run(Command::new("rustup").args(["component", "add", "rust-src"])).is_ok() {
            return Ok(());
        }
    }
    let advice = format!(
        "The standard library's source is missing: run `rustup component add rust-src` (version {version})"
    );
    if program("apt-get").is_none() || program("dpkg").is_none() {
        return Err(advice);
    }
    println!(
        "Fetching the standard library's source {version} from Debian's rust-src (about 20 seconds, 45 MB)"
    );
    let scratch = project.target.join("rust-src");
    let fetched = from_debian(&version, &scratch, &sources);
    let removed = fs::remove_dir_all(&scratch).naming(&scratch);
    fetched.map_err(|failure| format!("{failure}\n{advice}"))?;
    removed
}

fn compiler_version() -> Result<String> {
    answer("rustc", &["--version"])
        .and_then(|line| Some(line.split_whitespace().nth(1)?.to_owned()))
        .ok_or_else(|| {
            "rustc does not say its version: install Rust from https://rustup.rs".to_owned()
        })
}

fn rustup_may_install() -> bool {
    program("rustup").is_some()
        && std::env::var_os("RUSTUP_AUTO_INSTALL").is_none_or(|value| value != "0")
}

/// Asks apt with a private configuration, so that the machine's own lists stay as they are and nobody has to be root.
fn from_debian(version: &str, scratch: &Path, sources: &Path) -> Result {
    let parts = scratch.join("sources.list.d");
    for folder in [&parts, &scratch.join("lists/partial"), &scratch.join("cache/archives/partial")]
    {
        fs::create_dir_all(folder).naming(folder)?;
    }
    let stanza = parts.join("backports.sources");
    fs::write(&stanza, backports(&own_sources()?)?).naming(&stanza)?;

    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        for (option, folder) in [
            ("Dir::Etc::sourceparts", &parts),
            ("Dir::State::lists", &scratch.join("lists")),
            ("Dir::Cache", &scratch.join("cache")),
        ] {
            command.arg("-o").arg(format!("{option}={}", folder.display()));
        }
        // `_apt`, the user that apt downloads as, may not enter a clone in somebody's home.
        command.args([
            "-o",
            "Dir::Etc::sourcelist=/dev/null",
            "-o",
            "APT::Sandbox::User=root",
            "-q",
        ]);
        shell::quietly(command.args(arguments).current_dir(scratch))
    };
    apt(&["update"])?;
    apt(&["download", &format!("rust-src={version}*")])?;

    let package = entries(scratch)
        .into_iter()
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .ok_or("apt-get downloaded no package")?;
    let unpacked = scratch.join("unpacked");
    shell::quietly(Command::new("dpkg").arg("-x").args([&package, &unpacked]))?;
    fs::create_dir_all(sources).naming(sources)?;
    // Copied under another name and then renamed: a broken copy must not look like the library.
    let partial = sources.join("library.partial");
    shell::quietly(
        Command::new("cp")
            .arg("-r")
            .arg(unpacked.join(format!("usr/src/rustc-{version}/library")))
            .arg(&partial),
    )?;
    fs::rename(&partial, sources.join("library")).naming(&partial)
}

/// The machine's own first package source, whichever of apt's two notations it is in.
fn own_sources() -> Result<String> {
    let folder = Path::new("/etc/apt/sources.list.d");
    let mut files = entries(folder);
    files.sort_by_key(|path| (!path.ends_with("debian.sources"), path.clone()));
    files.insert(0, PathBuf::from("/etc/apt/sources.list"));
    files
        .iter()
        .filter(|path| path.extension().is_some_and(|kind| kind == "sources" || kind == "list"))
        .filter_map(|path| fs::read_to_string(path).ok())
        .find(|text| text.contains("debian") && backports(text).is_ok())
        .ok_or_else(|| "no Debian package source in /etc/apt".to_owned())
}

/// The first source in this text, pointed at the suite that has every recent compiler.
fn backports(text: &str) -> Result<String> {
    const SUITE: &str = "trixie-backports";
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .skip_while(|line| line.trim().is_empty())
        .take_while(|line| !line.trim().is_empty())
        .collect();
    if lines.iter().any(|line| line.starts_with("URIs:")) {
        return Ok(lines
            .iter()
            .map(|line| {
                if line.starts_with("Suites:") {
                    format!("Suites: {SUITE}\n")
                } else {
                    format!("{line}\n")
                }
            })
            .collect());
    }
    let one_line = lines.iter().find_map(|line| {
        let (options, rest) = match line.strip_prefix("deb ")?.trim_start().strip_prefix('[') {
            Some(rest) => rest.split_once(']')?,
            None => ("", line.strip_prefix("deb ")?),
        };
        let address = rest.split_whitespace().next()?;
        let key = options
            .split_whitespace()
            .find_map(|option| option.strip_prefix("signed-by="))
            .map(|key| format!("Signed-By: {key}\n"))
            .unwrap_or_default();
        Some(format!("Types: deb\nURIs: {address}\nSuites: {SUITE}\nComponents: main\n{key}"))
    });
    one_line.ok_or_else(|| "not a package source".to_owned())
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(own: &str, expected: &str) {
        assert_eq!(backports(own).as_deref(), Ok(expected));
    }

    #[test]
    fn both_notations_of_apt_are_read() {
        check(
            "# note\n\nTypes: deb\n# note\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n\nTypes: deb\nURIs: http://other.example\n",
            "Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie-backports\nComponents: main\n",
        );
        check(
            "deb http://mirror.example/debian bookworm main contrib\ndeb http://other.example x main\n",
            "Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie-backports\nComponents: main\n",
        );
        check(
            "#deb cdrom:x\ndeb [arch=amd64 signed-by=/keys/a.gpg] http://mirror.example/debian bookworm main\n",
            "Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie-backports\nComponents: main\nSigned-By: /keys/a.gpg\n",
        );
    }

    #[test]
    fn what_is_no_source_is_refused() {
        assert!(backports("# nothing\n").is_err());
        assert!(backports("").is_err());
    }
}
