//! What only the system's package manager can install: Node.js, PostgreSQL and the browsers.

use std::process::Command;

use super::Purpose;
use super::needs::{CHECKS, EXAMPLES, NEEDS, Need};
use crate::shell::{self, Result, answer, program};

/// A package manager, and how a person asks it to install.
pub(super) struct Manager {
    program: &'static str,
    install: &'static str,
    as_root: bool,
}

const fn manager(program: &'static str, install: &'static str, as_root: bool) -> Manager {
    Manager { program, install, as_root }
}

/// Those whose package names [`NEEDS`] gives, in its order.
pub(super) const MANAGERS: [Manager; 5] = [
    manager("apt-get", "apt-get install -y --no-install-recommends", true),
    manager("dnf", "dnf install -y", true),
    manager("pacman", "pacman -S --needed --noconfirm", true),
    manager("zypper", "zypper install -y", true),
    manager("brew", "brew install", false),
];
const APT: usize = 0;

/// Installs what is missing in one go, or says in one line how the user can.
pub(super) fn ensure(purpose: Purpose) -> Result {
    let is_wanted = |need: &&Need| need.purpose <= purpose && !(need.present)();
    let needed = NEEDS.iter().filter(is_wanted).collect();
    install_missing(needed, EXAMPLES.iter().filter(is_wanted).collect(), purpose)
}

/// The same of one program that only a part of the checks needs.
pub(super) fn ensure_one(what: &str) -> Result {
    let is_missing = |need: &&Need| need.what == what && !(need.present)();
    install_missing(CHECKS.iter().filter(is_missing).collect(), Vec::new(), Purpose::Native)
}

fn install_missing(
    needed: Vec<&'static Need>,
    examples: Vec<&'static Need>,
    purpose: Purpose,
) -> Result {
    if needed.is_empty() && examples.is_empty() {
        return Ok(());
    }
    let found = MANAGERS.iter().position(|manager| program(manager.program).is_some());
    let Some(sudo) = rights().filter(|_| found == Some(APT)) else {
        if needed.is_empty() {
            println!("Not tested here, because it is not installed: {}", list(&examples));
            return Ok(());
        }
        return Err(instruction(&needed, found));
    };
    let time = if purpose == Purpose::Test { "1 minute" } else { "20 seconds" };
    println!("Installing {} with apt-get (about {time})", list(&[&*needed, &*examples].concat()));
    apt(&sudo, &["update", "-q"])?;
    if !needed.is_empty() {
        install(&sudo, &packages(&needed, APT))?;
    }
    // One after the other: a release of the system may lack one of them.
    for example in examples {
        if install(&sudo, &packages(&[example], APT)).is_err() {
            println!("Not tested here, because it cannot be installed: {}", example.what);
        }
    }
    match needed.iter().find(|need| !(need.present)()) {
        None => Ok(()),
        Some(need) => Err(format!(
            "{} is still missing after `apt-get install {}`: install it by hand",
            need.what,
            packages(&needed, APT).join(" ")
        )),
    }
}

fn install(sudo: &[&str], packages: &[&str]) -> Result {
    apt(sudo, &[&["install", "-q", "-y", "--no-install-recommends"], packages].concat())
}

/// Runs apt-get as somebody who may.
fn apt(sudo: &[&str], arguments: &[&str]) -> Result {
    let mut command = Command::new(sudo.first().unwrap_or(&"apt-get"));
    command.args(sudo.get(1..).unwrap_or_default());
    if !sudo.is_empty() {
        command.arg("apt-get");
    }
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    shell::quietly(&mut command)?;
    Ok(())
}

/// The words that turn a command into one that may install: none as root, `sudo -n` where it asks for no password.
fn rights() -> Option<Vec<&'static str>> {
    if answer("id", &["-u"]).as_deref() == Some("0") {
        Some(Vec::new())
    } else if answer("sudo", &["-n", "true"]).is_some() {
        Some(vec!["sudo", "-n"])
    } else {
        None
    }
}

fn list(missing: &[&Need]) -> String {
    let names: Vec<_> = missing.iter().map(|need| need.what).collect();
    names.join(", ")
}

fn packages(missing: &[&Need], manager: usize) -> Vec<&'static str> {
    let mut packages = Vec::new();
    for package in missing.iter().flat_map(|need| need.packages[manager].split_whitespace()) {
        if !packages.contains(&package) {
            packages.push(package);
        }
    }
    packages
}

/// The one line for somebody whose system we may not change.
fn instruction(missing: &[&Need], found: Option<usize>) -> String {
    let Some(found) = found else {
        return format!("Please install {}, then run this again.", list(missing));
    };
    let Manager { install, as_root, .. } = MANAGERS[found];
    let sudo = if as_root { "sudo " } else { "" };
    let packages = packages(missing, found);
    let unknown: Vec<&Need> =
        missing.iter().copied().filter(|need| need.packages[found].is_empty()).collect();
    match (packages.is_empty(), unknown.is_empty()) {
        (false, true) => format!("Please run: {sudo}{install} {}", packages.join(" ")),
        (true, _) => format!("Please install {}, then run this again.", list(missing)),
        (false, false) => format!(
            "Please run: {sudo}{install} {} (and install {}, for which no package is known here)",
            packages.join(" "),
            list(&unknown)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(manager: Option<usize>, names: &[&str], expected: &str) {
        let missing: Vec<&Need> = NEEDS.iter().filter(|need| names.contains(&need.what)).collect();
        assert_eq!(missing.len(), names.len());
        assert_eq!(instruction(&missing, manager), expected);
    }

    #[test]
    fn one_line_says_what_to_do() {
        check(
            Some(APT),
            &["Node.js", "npm", "Chromium"],
            "Please run: sudo apt-get install -y --no-install-recommends nodejs npm chromium",
        );
        check(
            Some(2),
            &["Chromium", "ChromeDriver"],
            "Please run: sudo pacman -S --needed --noconfirm chromium",
        );
        check(Some(4), &["Node.js", "npm"], "Please run: brew install node");
        check(
            Some(1),
            &["Firefox", "WebKitGTK with WebKitWebDriver"],
            "Please run: sudo dnf install -y firefox \
             (and install WebKitGTK with WebKitWebDriver, for which no package is known here)",
        );
        check(None, &["Node.js", "Xvfb"], "Please install Node.js, Xvfb, then run this again.");
    }
}
