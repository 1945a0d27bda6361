//! `cargo xtask package`: what other ecosystems take the widget as, out of `packages/` and what `cargo xtask dist` has
//! built.

mod check;
pub(crate) mod crates;
mod npm;
mod renamed;
mod wordpress;

use std::fs;
use std::path::{Path, PathBuf};

use crate::project::Project;
use crate::shell::{Naming, Result};

pub(crate) use check::check;

/// `cargo xtask package`
pub(crate) fn command(arguments: &[&str]) -> Result {
    let project = Project::find()?;
    match arguments {
        ["npm"] => told(&npm::pack(&project)?),
        ["wordpress"] => told(&wordpress::pack(&project)?),
        ["check"] => check(&project)?,
        ["check", names @ ..] => check::some(&project, names)?,
        _ => {
            return Err("`cargo xtask package` takes `npm`, `wordpress` or `check`".to_owned());
        }
    }
    Ok(())
}

/// The packages that registries take, packed: npm's and WordPress'.
pub(crate) fn for_registries(project: &Project) -> Result<Vec<PathBuf>> {
    Ok(vec![npm::pack(project)?, wordpress::pack(project)?])
}

fn told(file: &Path) {
    println!("{}", file.display());
}

/// The version of everything that is released together.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where packages are put together.
fn folder(project: &Project) -> PathBuf {
    project.target.join("packages")
}

/// The files of the widget, by name, without what only servers need: packages are compressed as a whole.
fn widget(project: &Project) -> Result<Vec<(String, Vec<u8>)>> {
    let embed = project.root.join("dist/embed");
    if !embed.join("sondeo.js").is_file() {
        return Err("there is no widget to package: run `cargo xtask dist`".to_owned());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(&embed).naming(&embed)? {
        let path = entry.naming(&embed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // A collector makes each site's own script of that one; by itself it is none.
        let is_servers = name == "site.js" || name.ends_with(".br") || name.ends_with(".d.ts");
        if !is_servers {
            files.push((name, fs::read(&path).naming(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

/// An empty folder.
pub(crate) fn anew(folder: &Path) -> Result {
    if folder.exists() {
        fs::remove_dir_all(folder).naming(folder)?;
    }
    fs::create_dir_all(folder).naming(folder)
}

pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).naming(folder)?;
    }
    fs::write(path, content).naming(path)
}

/// Copies what is in a folder, and in those within, without what is installed there.
pub(crate) fn copy_all(from: &Path, to: &Path) -> Result {
    fs::create_dir_all(to).naming(to)?;
    for entry in fs::read_dir(from).naming(from)? {
        let path = entry.naming(from)?.path();
        let name = path.file_name().unwrap_or_default();
        let copy = to.join(name);
        if name == "node_modules" {
            continue;
        }
        if path.is_dir() {
            copy_all(&path, &copy)?;
        } else {
            fs::copy(&path, &copy).naming(&copy)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::VERSION;

    fn file(name: &str) -> String {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../packages/").to_owned() + name;
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    #[test]
    fn every_package_has_the_version_of_the_widget() {
        for (name, before, after) in [
            ("npm/package.json", "\"version\": \"", "\""),
            ("wordpress/sondeo.php", " * Version: ", "\n"),
            ("wordpress/sondeo.php", "const VERSION = '", "'"),
            ("wordpress/readme.txt", "Stable tag: ", "\n"),
            ("gtm/template.tpl", "/npm/sondeo@", "/"),
            ("shopify/blocks/surveys.liquid", "/npm/sondeo@", "/"),
            ("wordpress/blocks/sondeo/block.json", "\"version\": \"", "\""),
        ] {
            let text = file(name);
            let (_, rest) =
                text.split_once(before).unwrap_or_else(|| panic!("{name} lacks {before}"));
            assert_eq!(rest.split_once(after).map(|(version, _)| version), Some(VERSION), "{name}");
        }
    }
}
