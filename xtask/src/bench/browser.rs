//! What the widget costs a page, beside a widget written by hand and beside its peers: measured in Chromium, in one
//! run, by the scripts in `browser/`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::project::Project;
use crate::setup::{self, Purpose};
use crate::shell::{self, Naming, Result};

/// Where the page says what was measured.
const PAGE: &str = "docs/performance.md";
/// What the measured part of that page begins and ends with.
const MARKS: [&str; 2] = ["<!-- measured -->", "<!-- /measured -->"];

/// Measures and prints the tables; writes them into the documentation, too, where that is wanted.
pub(super) fn report(project: &Project, arguments: &[&str]) -> Result {
    let writes = arguments.contains(&"--write");
    let arguments = arguments.iter().filter(|word| **word != "--write");
    setup::ensure(project, Purpose::Test)?;
    let folder = project.target.join("bench");
    copy(&project.root.join("xtask/src/bench/browser"), &folder)?;
    install(&folder)?;
    println!("Measuring in Chromium, about seven minutes for each of the runs");
    let mut bench = Command::new("node");
    bench
        .arg("bench.mjs")
        .args(arguments)
        .env("SONDEO_EMBED", project.root.join("dist/embed"))
        .current_dir(&folder)
        .stderr(std::process::Stdio::inherit());
    let output = bench.output().map_err(|error| format!("node: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{}` failed ({})", shell::line(&bench), output.status));
    }
    let tables = String::from_utf8_lossy(&output.stdout);
    println!("{tables}");
    if writes { write(&project.root.join(PAGE), &tables) } else { Ok(()) }
}

/// Puts the tables in the place of those that the page has.
fn write(page: &Path, tables: &str) -> Result {
    let text = fs::read_to_string(page).naming(page)?;
    let text = replaced(&text, tables)
        .ok_or_else(|| format!("{PAGE} has no `{}` before its `{}`", MARKS[0], MARKS[1]))?;
    fs::write(page, text).naming(page)
}

fn replaced(text: &str, tables: &str) -> Option<String> {
    let (before, rest) = text.split_once(MARKS[0])?;
    let (_, after) = rest.split_once(MARKS[1])?;
    Some([before, MARKS[0], "\n", tables.trim(), "\n", MARKS[1], after].concat())
}

/// Copies the scripts beside the packages that they import, so that nothing of npm's comes to the sources.
fn copy(from: &Path, to: &Path) -> Result {
    fs::create_dir_all(to).naming(to)?;
    for entry in fs::read_dir(from).naming(from)? {
        let entry = entry.naming(from)?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to)?;
        } else {
            fs::copy(&path, &to).naming(&path)?;
        }
    }
    Ok(())
}

/// Runs `npm ci` unless the installed packages are those of the lock.
fn install(folder: &Path) -> Result {
    let lock = folder.join("package-lock.json");
    let stamp = folder.join("node_modules/.installed-lock.json");
    let wanted = fs::read(&lock).naming(&lock)?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("Installing the peers with npm (about 20 seconds)");
    let ci = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    shell::quietly(Command::new("npm").args(ci).current_dir(folder))?;
    fs::write(&stamp, wanted).naming(&stamp)
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn only_what_was_measured_is_written_anew() {
        let page = "Words.\n<!-- measured -->\nold\n<!-- /measured -->\nMore.\n";
        let expected = "Words.\n<!-- measured -->\nnew\n<!-- /measured -->\nMore.\n";
        assert_eq!(replaced(page, "\nnew\n").as_deref(), Some(expected));
        assert_eq!(replaced(expected, "new").as_deref(), Some(expected));
        assert_eq!(replaced("Words.\n", "new"), None);
    }
}
