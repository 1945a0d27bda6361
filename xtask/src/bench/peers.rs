//! The widget's files beside those of others that npm has, compressed in the same run by the same brotli.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project::Project;
use crate::shell::{self, Naming, Result};

/// What a visitor downloads of somebody's surveys.
struct Peer {
    name: &'static str,
    /// Packages with their versions: another one may weigh something else.
    packages: &'static [&'static str],
    /// Of these packages, what every page loads.
    always: &'static [&'static str],
    /// What a shown survey loads on top.
    shown: &'static [&'static str],
    /// What the figures leave out.
    note: &'static str,
}

const PEERS: &[Peer] = &[
    Peer {
        name: "PostHog",
        packages: &["posthog-js@1.449.2"],
        always: &["posthog-js/dist/array.js"],
        shown: &["posthog-js/dist/surveys.js"],
        note: "with its analytics, which cannot be left away; its configuration is fetched besides",
    },
    Peer {
        name: "Formbricks",
        packages: &["@formbricks/js@5.1.0", "@formbricks/surveys@1.99.0"],
        always: &["@formbricks/js/dist/index.js"],
        shown: &["@formbricks/surveys/dist/index.umd.js"],
        note: "the code between the two comes from its server and is not counted; the renderer is npm's, older one",
    },
    Peer {
        name: "SurveyJS",
        packages: &["survey-core@2.5.38", "survey-js-ui@2.5.38"],
        always: &[],
        shown: &[
            "survey-core/survey.core.min.js",
            "survey-js-ui/survey-js-ui.min.js",
            "survey-core/survey-core.min.css",
        ],
        note: "a form library: no trigger, no targeting, no delivery",
    },
];

/// Whose code npm does not have.
const ABSENT: &str =
    "Not to be had from npm, so not measured: Sprig, Survicate, Hotjar, Qualtrics, Qualaroo.";

/// Prints a length and its brotli for each file: quality 11, as `cargo xtask dist` does it.
const WEIGH: &str = r#"
const fs = require("fs"), zlib = require("zlib");
for (const file of process.argv.slice(1)) {
  const bytes = fs.readFileSync(file);
  console.log(bytes.length, zlib.brotliCompressSync(bytes).length);
}
"#;

/// Prints the table.
pub(super) fn report(project: &Project) -> Result {
    let folder = project.target.join("peers");
    println!("\n{:<14} {:>22} {:>28}", "brotli (raw), B", "on every page", "with a shown survey");
    let (always, shown) = ours(&project.root.join("dist/embed"))?;
    row("Sondeo", weigh(&always)?, weigh(&shown)?);
    let mut notes = Vec::new();
    for peer in PEERS {
        match fetch(peer, &folder) {
            Ok(()) => {
                let files =
                    |names: &[&str]| names.iter().map(|name| folder.join(name)).collect::<Vec<_>>();
                let (always, shown) = (files(peer.always), files(peer.shown));
                let shown = [always.as_slice(), &shown].concat();
                row(peer.name, weigh(&always)?, weigh(&shown)?);
                notes.push(format!("{} ({}): {}.", peer.name, peer.packages.join(", "), peer.note));
            }
            Err(failure) => notes.push(format!("{}: not measured, {failure}", peer.name)),
        }
    }
    for note in notes {
        println!("{note}");
    }
    println!("{ABSENT}\n");
    Ok(())
}

fn row(name: &str, always: (u64, u64), shown: (u64, u64)) {
    let weight = |(raw, brotli): (u64, u64)| format!("{brotli} ({raw})");
    println!("{name:<14} {:>22} {:>28}", weight(always), weight(shown));
}

/// What every page loads, and what a shown survey in English does. What is fetched only where it is needed has
/// a word between its name and its kind.
fn ours(embed: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let mut shown = Vec::new();
    for entry in fs::read_dir(embed).naming(embed)? {
        let path = entry.naming(embed)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if path.is_file() && name.is_some_and(|name| name.matches('.').count() == 1) {
            shown.push(path);
        }
    }
    Ok((vec![embed.join("sondeo.js")], shown))
}

/// Fetches a peer's packages, unless they are there.
fn fetch(peer: &Peer, folder: &Path) -> Result {
    fs::create_dir_all(folder).naming(folder)?;
    for package in peer.packages {
        let name = package.rsplit_once('@').map_or(*package, |(name, _)| name);
        let place = folder.join(name);
        let stamp = place.join(".fetched");
        if fs::read_to_string(&stamp).is_ok_and(|fetched| fetched == *package) {
            continue;
        }
        println!("Fetching {package} from npm");
        fs::create_dir_all(&place).naming(&place)?;
        let mut pack = Command::new("npm");
        let archive = shell::quietly(pack.args(["pack", "--silent", package]).current_dir(folder))?;
        let archive = folder.join(archive.trim());
        let mut unpack = Command::new("tar");
        unpack.arg("-xzf").arg(&archive).arg("--strip-components=1").arg("-C").arg(&place);
        shell::quietly(&mut unpack)?;
        fs::remove_file(&archive).naming(&archive)?;
        fs::write(&stamp, package).naming(&stamp)?;
    }
    Ok(())
}

/// All of these files together: raw, and in brotli.
fn weigh(files: &[PathBuf]) -> Result<(u64, u64)> {
    if files.is_empty() {
        return Ok((0, 0));
    }
    let lines = shell::quietly(Command::new("node").args(["-e", WEIGH]).args(files))?;
    let numbers: Vec<u64> = lines.split_whitespace().filter_map(|it| it.parse().ok()).collect();
    Ok(numbers.chunks_exact(2).fold((0, 0), |sum, pair| (sum.0 + pair[0], sum.1 + pair[1])))
}
