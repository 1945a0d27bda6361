//! The list of what the system has to have, and how to see whether it does.

use std::fs;
use std::path::{Path, PathBuf};

use super::Purpose;
use crate::shell::{answer, program};

/// Something that the system has to have.
pub(super) struct Need {
    /// How a person calls it.
    pub(super) what: &'static str,
    /// What it is for.
    pub(super) purpose: Purpose,
    /// Whether it is there.
    pub(super) present: fn() -> bool,
    /// Its packages under each of [`super::system::MANAGERS`]; empty where no package of the kind is known.
    pub(super) packages: [&'static str; 5],
}

/// All of it.
#[rustfmt::skip]
pub(super) const NEEDS: [Need; 16] = [
    need("Node.js", Purpose::Build, || has("node"), ["nodejs", "nodejs", "nodejs", "nodejs", "node"]),
    need("npm", Purpose::Build, || has("npm"), ["npm", "nodejs-npm", "npm", "npm", "node"]),
    need("Chromium", Purpose::Test, || has("chromium"), ["chromium", "chromium", "chromium", "chromium", ""]),
    need("ChromeDriver", Purpose::Test, || has("chromedriver"), ["chromium-driver", "chromedriver", "chromium", "chromedriver", ""]),
    need("Firefox", Purpose::Test, || has("firefox") || has("firefox-esr"), ["firefox-esr", "firefox", "firefox", "MozillaFirefox", ""]),
    need("WebKitGTK with WebKitWebDriver", Purpose::Test, || has("WebKitWebDriver") && mini_browser().is_some(), ["webkit2gtk-driver", "", "webkit2gtk-4.1", "", ""]),
    need("Xvfb", Purpose::Test, || has("Xvfb"), ["xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb", "", ""]),
    need("PostgreSQL", Purpose::Native, || postgres().is_some(), ["postgresql", "postgresql-server", "postgresql", "postgresql-server", "postgresql"]),
    need("strace", Purpose::Native, || !cfg!(target_os = "linux") || has("strace"), ["strace", "strace", "strace", "strace", ""]),
    // A slim system has no glyphs at all: pages would lay out, and be judged, as rows of boxes.
    need("a font with Arabic and Hebrew", Purpose::Test, || font(":charset=627 5d0"), ["fonts-dejavu-core", "dejavu-sans-fonts", "ttf-dejavu", "dejavu-fonts", ""]),
    need("a font with Chinese", Purpose::Test, || font(":charset=4e2d"), ["fonts-droid-fallback", "google-noto-sans-cjk-fonts", "noto-fonts-cjk", "noto-sans-cjk-fonts", ""]),
    need("musl's compiler", Purpose::Release, || has("musl-gcc"), ["musl-tools", "musl-gcc", "musl", "", ""]),
    need("umoci", Purpose::Release, || has("umoci"), ["umoci", "", "umoci", "umoci", ""]),
    need("mmdebstrap", Purpose::Release, || has("mmdebstrap"), ["mmdebstrap", "", "", "", ""]),
    need("dpkg-deb", Purpose::Release, || has("dpkg-deb"), ["dpkg", "dpkg", "dpkg", "dpkg", "dpkg"]),
    need("a font with emoji", Purpose::Test, || font(":color=true:charset=1f600"), ["fonts-noto-color-emoji", "google-noto-color-emoji-fonts", "noto-fonts-emoji", "noto-coloremoji-fonts", ""]),
];

/// What only a part of `cargo xtask ci` runs: it is installed for that part.
#[rustfmt::skip]
pub(super) const CHECKS: [Need; 2] = [
    need("codespell", Purpose::Release, || has("codespell"), ["codespell", "codespell", "codespell", "codespell", "codespell"]),
    need("shellcheck", Purpose::Release, || has("shellcheck"), ["shellcheck", "ShellCheck", "shellcheck", "ShellCheck", "shellcheck"]),
];

/// What only examples of the documentation, and servers that are not ours, are tried with. Where there is no package of it,
/// or nobody who may install it, those tests say that they are not run.
#[rustfmt::skip]
pub(super) const EXAMPLES: [Need; 8] = [
    need("curl", Purpose::Native, || has("curl"), ["curl", "curl", "curl", "curl", "curl"]),
    need("nginx", Purpose::Native, || has("nginx"), ["nginx", "nginx", "nginx", "nginx", "nginx"]),
    need("Caddy", Purpose::Native, || has("caddy"), ["caddy", "caddy", "caddy", "caddy", "caddy"]),
    need("PgBouncer", Purpose::Native, || has("pgbouncer"), ["pgbouncer", "pgbouncer", "pgbouncer", "pgbouncer", "pgbouncer"]),
    need("PHP", Purpose::Native, || has("php"), ["php-cli", "php-cli", "php", "php8-cli", "php"]),
    need("aiosmtpd", Purpose::Native, || has("aiosmtpd"), ["python3-aiosmtpd", "python3-aiosmtpd", "python-aiosmtpd", "", ""]),
    need("OpenBSD's netcat", Purpose::Native, || has("nc.openbsd"), ["netcat-openbsd", "", "", "", ""]),
    need("the traditional netcat", Purpose::Native, || has("nc.traditional"), ["netcat-traditional", "", "", "", ""]),
];

const fn need(
    what: &'static str,
    purpose: Purpose,
    present: fn() -> bool,
    packages: [&'static str; 5],
) -> Need {
    Need { what, purpose, present, packages }
}

/// Servers are not on everybody's PATH.
fn has(name: &str) -> bool {
    program(name).is_some() || Path::new("/usr/sbin").join(name).is_file()
}

/// PostgreSQL's server. Debian keeps it off the PATH, in a folder of its version.
fn postgres() -> Option<PathBuf> {
    let versions = children(Path::new("/usr/lib/postgresql")).into_iter();
    program("initdb")
        .or_else(|| versions.map(|it| it.join("bin/initdb")).find(|path| path.is_file()))
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
