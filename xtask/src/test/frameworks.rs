//! The pages of `docs/frameworks.md`, built with the frameworks that they are for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project::Project;
use crate::shell::{self, Naming, Result, program};

/// Builds them, unless they are what these sources make, and gives their folder.
///
/// It is a folder of its own, for half a gigabyte of packages and for what is built from the document.
pub(super) fn build(project: &Project) -> Result<PathBuf> {
    let source = project.root.join("tests/browser/frameworks");
    let document = project.root.join("docs/frameworks.md");
    let folder = project.target.join("frameworks");
    fs::create_dir_all(&folder).naming(&folder)?;
    let _lock = shell::lock(&folder.join("lock"))?;
    packages(&source, &folder)?;
    let wordpress = wordpress(&folder);

    let mut files = vec![document.clone()];
    every(&source, &mut files)?;
    files.sort();
    let mut content = format!("{wordpress:?}\n").into_bytes();
    for file in &files {
        content.extend(
            file.strip_prefix(&project.root).unwrap_or(file).as_os_str().as_encoded_bytes(),
        );
        content.extend(fs::read(file).naming(file)?);
    }
    let stamp = folder.join("built");
    if fs::read(&stamp).is_ok_and(|built| built == content) {
        return Ok(folder);
    }
    println!("Building the pages of docs/frameworks.md (about 30 seconds)");
    let _ = fs::remove_file(&stamp);
    for file in files.iter().filter(|file| **file != document) {
        let copy = folder.join(file.strip_prefix(&source).unwrap_or(file));
        let parent = copy.parent().unwrap_or(&folder);
        fs::create_dir_all(parent).naming(parent)?;
        fs::copy(file, &copy).naming(&copy)?;
    }
    let mut command = Command::new("node");
    command.arg("build.mjs").arg(&document).args(wordpress).current_dir(&folder);
    shell::quietly(&mut command)?;
    fs::write(&stamp, content).naming(&stamp)?;
    Ok(folder)
}

/// Installs the packages, unless they are those of the lock.
fn packages(source: &Path, folder: &Path) -> Result {
    let lock = source.join("package-lock.json");
    let wanted = fs::read(&lock).naming(&lock)?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!(
        "Installing React, Vue, Svelte, Next.js, Astro, Turbo, htmx and Alpine with npm (about 1 minute)"
    );
    for name in ["package.json", "package-lock.json"] {
        fs::copy(source.join(name), folder.join(name)).naming(&folder.join(name))?;
    }
    let ci = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    shell::quietly(Command::new("npm").args(ci).current_dir(folder))?;
    fs::write(&stamp, wanted).naming(&stamp)
}

/// Where the files of WordPress are: those of the system, or those of Debian's package. It is not installed, since it
/// would bring a web server and a database along; only its files are of use.
fn wordpress(folder: &Path) -> Option<PathBuf> {
    let inside = "usr/share/wordpress";
    let own = folder.join("wordpress-files");
    let places = [Path::new("/").join(inside), own.join(inside)];
    let find =
        || places.iter().find(|it| it.join("wp-includes/class-wp-scripts.php").is_file()).cloned();
    if program("php").is_some() && find().is_none() && program("apt-get").is_some() {
        println!("Fetching the files of WordPress with apt-get (about 10 seconds)");
        let _ = fetch(&own);
    }
    let found = find().filter(|_| program("php").is_some());
    if found.is_none() {
        println!("Not tested here, because it cannot be had: WordPress, with PHP");
    }
    found
}

fn fetch(into: &Path) -> Result {
    fs::create_dir_all(into).naming(into)?;
    let download = || {
        let mut command = Command::new("apt-get");
        shell::quietly(command.args(["download", "-q", "wordpress"]).current_dir(into))
    };
    // A new system has no list of packages yet.
    if download().is_err() {
        shell::quietly(Command::new("apt-get").args(["update", "-q"]))?;
        download()?;
    }
    for entry in fs::read_dir(into).naming(into)?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|kind| kind == "deb") {
            shell::quietly(Command::new("dpkg-deb").arg("-x").args([&path, into]))?;
        }
    }
    Ok(())
}

fn every(folder: &Path, files: &mut Vec<PathBuf>) -> Result {
    for entry in fs::read_dir(folder).naming(folder)? {
        let path = entry.naming(folder)?.path();
        // The scenarios in Rust are none of it.
        let is_scenario = path.extension().is_some_and(|kind| kind == "rs");
        if path.is_dir() {
            every(&path, files)?;
        } else if !is_scenario {
            files.push(path);
        }
    }
    Ok(())
}
