//! The package `sondeo` of npm.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{VERSION, anew, folder, renamed, widget, write};
use crate::project::Project;
use crate::shell::{self, Naming, Result};

/// Puts the package together in `target/packages/npm`, and packs it beside.
pub(super) fn pack(project: &Project) -> Result<PathBuf> {
    let packages = folder(project);
    let package = packages.join("npm");
    anew(&package)?;
    let source = project.root.join("packages/npm");
    for entry in fs::read_dir(&source).naming(&source)? {
        let path = entry.naming(&source)?.path();
        let name = path.file_name().unwrap_or_default();
        // The list of files is for our own check.
        if path.is_file() && name != "files.txt" {
            fs::copy(&path, package.join(name)).naming(&path)?;
        }
    }
    for (from, to) in [
        ("loader/sondeo.d.ts", "sondeo.d.ts"),
        ("LICENSE-APACHE", "LICENSE-APACHE"),
        ("LICENSE-MIT", "LICENSE-MIT"),
    ] {
        let copy = package.join(to);
        fs::copy(project.root.join(from), &copy).naming(&copy)?;
    }

    let mut table = String::new();
    for (name, content) in widget(project)? {
        let path = package.join("embed").join(&name);
        let text = || String::from_utf8_lossy(&content).into_owned();
        match name.as_str() {
            "sondeo.js" => {
                // As it is, for pages that name it; and for `load`, which gives it the table.
                write(&path, &content)?;
                write(&path.with_file_name("load.js"), renamed::script(&name, &text())?)?;
                continue;
            }
            name if name.ends_with(".js") => write(&path, renamed::module(name, &text())?)?,
            _ => write(&path, &content)?,
        }
        table.push_str(&format!("  \"{name}\": {},\n", address(&name)));
    }
    let files = format!(
        "// `cargo xtask package npm` writes this: where a bundler has put the widget's files, by name.\n\
         // Vite must not put them into the program: a page's policy may forbid that.\n\n\
         export const loader = {};\n\nexport const files = {{\n{table}}};\n",
        address("load.js"),
    );
    write(&package.join("files.js"), files)?;

    shell::quietly(
        Command::new("npm")
            .args(["pack", "--ignore-scripts", "--silent", "--pack-destination"])
            .arg(&packages)
            .current_dir(&package),
    )?;
    Ok(packages.join(format!("sondeo-{VERSION}.tgz")))
}

/// What bundlers replace by the address of the file.
fn address(name: &str) -> String {
    format!("new URL(\"./embed/{name}?no-inline\", import.meta.url).href")
}
