//! The widget as files for one's own host, with a hash of each (<https://www.w3.org/TR/SRI/>).

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Release, VERSION};
use crate::package;
use crate::shell::{self, Naming, Result};

/// Writes `sondeo-embed-VERSION.tar.gz`, `sri.json` within and beside it.
pub(super) fn pack(release: &Release<'_>) -> Result {
    let embed = release.project.root.join("dist/embed");
    let name = format!("sondeo-embed-{VERSION}");
    let folder = release.work.join(&name);
    package::anew(&folder)?;
    package::copy_all(&embed, &folder)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).naming(&folder)? {
        names.push(entry.naming(&folder)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut lines = Vec::new();
    // A server sends the compressed files, and browsers hash what they hold.
    for name in names.iter().filter(|name| !name.ends_with(".br")) {
        lines.push(format!("  \"{name}\": \"{}\"", integrity(&folder.join(name))?));
    }
    let json = format!("{{\n{}\n}}\n", lines.join(",\n"));
    package::write(&folder.join("sri.json"), &json)?;
    package::write(&release.file("sri.json"), &json)?;
    release.archive(&name)
}

/// The hash as the attribute `integrity` has it.
fn integrity(file: &Path) -> Result<String> {
    // Node.js is there for the build of the widget, and says it in one line.
    let mut node = Command::new("node");
    node.args([
        "-p",
        "'sha384-' + require('crypto').createHash('sha384').update(require('fs').readFileSync(process.argv[1])).digest('base64')",
    ])
    .arg(file);
    Ok(shell::quietly(&mut node)?.trim().to_owned())
}
