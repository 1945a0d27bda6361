//! The package of Debian and what comes from it: the program, its unit, its settings. It depends on nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Release;
use crate::package;
use crate::shell::{self, Naming, Result};

const CONTROL: &str = "\
Package: sondeo-collector
Version: VERSION-1
Architecture: amd64
Maintainer: The Sondeo project <sondeo@localhost>
Section: web
Priority: optional
Installed-Size: SIZE
Description: collects answers of Sondeo's micro-surveys, and serves them
 One program with everything inside: the endpoint that stores each answer once, the
 widget that asks on pages, the studio and the dashboard. It keeps a SQLite file, or
 uses a PostgreSQL server.
";

/// Writes `sondeo-collector_VERSION-1_amd64.deb`.
pub(super) fn pack(release: &Release<'_>, program: &Path, version: &str) -> Result<PathBuf> {
    let root = release.work.join("deb");
    package::anew(&root)?;
    let sources = release.project.root.join("packages/debian");
    let docs = "usr/share/doc/sondeo-collector";
    put(program, &root.join("usr/bin/sondeo-collector"), 0o755)?;
    let unit = "lib/systemd/system/sondeo-collector.service";
    put(&sources.join("sondeo-collector.service"), &root.join(unit), 0o644)?;
    put(&sources.join("collector.toml"), &root.join("etc/sondeo/collector.toml"), 0o644)?;
    put(&release.project.root.join("LICENSE-MIT"), &root.join(docs).join("copyright"), 0o644)?;
    for page in ["collector.md", "deploy.md"] {
        put(&release.project.root.join("docs").join(page), &root.join(docs).join(page), 0o644)?;
    }
    for script in ["postinst", "prerm", "postrm"] {
        put(&sources.join(script), &root.join("DEBIAN").join(script), 0o755)?;
    }
    let kilobytes = fs::metadata(program).naming(program)?.len().div_ceil(1_024);
    let control = CONTROL.replace("VERSION", version).replace("SIZE", &kilobytes.to_string());
    package::write(&root.join("DEBIAN/control"), control)?;
    // What an administrator changed there is kept.
    package::write(&root.join("DEBIAN/conffiles"), "/etc/sondeo/collector.toml\n")?;
    let packed = release.file(&format!("sondeo-collector_{version}-1_amd64.deb"));
    let mut build = Command::new("dpkg-deb");
    build
        .args(["--root-owner-group", "-Zxz", "--build"])
        .arg(&root)
        .arg(&packed)
        .env("SOURCE_DATE_EPOCH", &release.date);
    shell::quietly(&mut build)?;
    Ok(packed)
}

fn put(from: &Path, to: &Path, mode: u32) -> Result {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).naming(folder)?;
    }
    fs::copy(from, to).naming(from)?;
    fs::set_permissions(to, fs::Permissions::from_mode(mode)).naming(to)
}
