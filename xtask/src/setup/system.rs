//! What only the system's package manager can install: Node.js and the browsers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Purpose;
use crate::shell::{self, Result, answer, program};

/// Something that the system has to have.
struct Need {
    what: &'static str,
    purpose: Purpose,
    present: fn() -> bool,
    /// Its packages under each of [`MANAGERS`]; empty where no package of the kind is known.
    packages: [&'static str; 5],
}

/// A package manager, and how a person asks it to install.
struct Manager {
    program: &'static str,
    install: &'static str,
    as_root: bool,
}

const fn manager(program: &'static str, install: &'static str, as_root: bool) -> Manager {
    Manager { program, install, as_root }
}

const MANAGERS: [Manager; 5] = [
    manager("apt-get", "apt-get install -y --no-install-recommends", true),
    manager("dnf", "dnf install -y", true),
    manager("pacman", "pacman -S --needed --noconfirm", true),
    manager("zypper", "zypper install -y", true),
    manager("brew", "brew install", false),
];
const APT: usize = 0;

#[rustfmt::skip]
const NEEDS: [Need; 10] = [
    need("Node.js", Purpose::Build, || has("node"), ["nodejs", "nodejs", "nodejs", "nodejs", "node"]),
    need("npm", Purpose::Build, || has("npm"), ["npm", "nodejs-npm", "npm", "npm", "node"]),
    need("Chromium", Purpose::Test, || has("chromium"), ["chromium", "chromium", "chromium", "chromium", ""]),
    need("ChromeDriver", Purpose::Test, || has("chromedriver"), ["chromium-driver", "chromedriver", "chromium", "chromedriver", ""]),
    need("Firefox", Purpose::Test, || has("firefox") || has("firefox-esr"), ["firefox-esr", "firefox", "firefox", "MozillaFirefox", ""]),
    need("WebKitGTK with WebKitWebDriver", Purpose::Test, || has("WebKitWebDriver") && mini_browser().is_some(), ["webkit2gtk-driver", "", "webkit2gtk-4.1", "", ""]),
    need("Xvfb", Purpose::Test, || has("Xvfb"), ["xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb", "", ""]),
    // A slim system has no glyphs at all: pages would lay out, and be judged, as rows of boxes.
    need("a font with Arabic and Hebrew", Purpose::Test, || font(":charset=627 5d0"), ["fonts-dejavu-core", "dejavu-sans-fonts", "ttf-dejavu", "dejavu-fonts", ""]),
    need("a font with Chinese", Purpose::Test, || font(":charset=4e2d"), ["fonts-droid-fallback", "google-noto-sans-cjk-fonts", "noto-fonts-cjk", "noto-sans-cjk-fonts", ""]),
    need("a font with emoji", Purpose::Test, || font(":color=true:charset=1f600"), ["fonts-noto-color-emoji", "google-noto-color-emoji-fonts", "noto-fonts-emoji", "noto-coloremoji-fonts", ""]),
];

const fn need(
    what: &'static str,
    purpose: Purpose,
    present: fn() -> bool,
    packages: [&'static str; 5],
) -> Need {
    Need { what, purpose, present, packages }
}

fn has(name: &str) -> bool {
    program(name).is_some()
}

/// Whether fontconfig knows a font for this; a machine without fontconfig that is no Linux brings fonts of its own.
fn font(pattern: &str) -> bool {
    answer("fc-list", &[pattern]).map_or(!cfg!(target_os = "linux"), |list| !list.is_empty())
}

/// WebKitGTK's own small browser, the one that its driver starts. It is on no PATH.
pub(crate) fn mini_browser() -> Option<PathBuf> {
    let mut folders = vec![PathBuf::from("/usr/libexec"), PathBuf::from("/usr/lib")];
    folders.extend(children(Path::new("/usr/lib")));
    folders
        .iter()
        .flat_map(|folder| {
            ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"]
                .map(|version| folder.join(version).join("MiniBrowser"))
        })
        .find(|path| path.is_file())
}

fn children(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

/// Installs what is missing in one go, or says in one line how the user can.
pub(super) fn ensure(purpose: Purpose) -> Result {
    let missing: Vec<&Need> = NEEDS
        .iter()
        .filter(|need| purpose == Purpose::Test || need.purpose == purpose)
        .filter(|need| !(need.present)())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let found = MANAGERS.iter().position(|manager| has(manager.program));
    let Some(sudo) = rights().filter(|_| found == Some(APT)) else {
        return Err(instruction(&missing, found));
    };
    let packages = packages(&missing, APT);
    println!(
        "Installing {} with apt-get (about {})",
        list(&missing),
        if purpose == Purpose::Test { "1 minute" } else { "20 seconds" }
    );
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(sudo.first().unwrap_or(&"apt-get"));
        command.args(sudo.get(1..).unwrap_or_default());
        if !sudo.is_empty() {
            command.arg("apt-get");
        }
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        shell::quietly(&mut command)
    };
    apt(&["update", "-q"])?;
    let mut install = vec!["install", "-q", "-y", "--no-install-recommends"];
    install.extend(&packages);
    apt(&install)?;
    match missing.iter().find(|need| !(need.present)()) {
        None => Ok(()),
        Some(need) => Err(format!(
            "{} is still missing after `apt-get install {}`: install it by hand",
            need.what,
            packages.join(" ")
        )),
    }
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
