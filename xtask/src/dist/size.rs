//! What a visitor downloads, and how much of that we allow ourselves.

use std::fs;

use crate::project::Project;
use crate::shell::{Naming, Result};
use crate::weights::Weights;

/// The script that every page loads, in bytes of brotli. The programs' names in it, which are others with each build,
/// make some bytes more or less.
const LOADER: u64 = 1_536;
/// A site's own script without its plan, in bytes of brotli: with the plan of five surveys it is to be 2.0 kB at most
/// (issue 15), which adds 165. A quarter of it tells the collector where the script runs.
const SITE: u64 = 1_880;
/// Everything that is fetched until a template's survey stands there, in bytes of brotli. The aim is 60 kB:
/// ARCHITECTURE.md says where the bytes are. Until then, it grows no further.
const SHOWN: u64 = 95_900;
/// The same where what is asked takes both halves of the engine: a survey file, conditions, lists of options.
const SHOWN_WHOLE: u64 = 126_600;
/// A template's survey that is answered and delivered; aimed at 100 kB.
const DELIVERED: u64 = 129_200;
/// Everything that a page fetches where only an answer is left over to be delivered, in bytes of brotli.
const LEFT_OVER: u64 = 35_000;
/// The words of one more language, in bytes of brotli.
const LANGUAGE: u64 = 2_000;
/// The engine in JavaScript, for pages that refuse WebAssembly, in bytes of brotli. It is whole: what cuts the other one in
/// two is 0.5 kB of it.
const TRANSLATED: u64 = 155_100;

/// What was weighed against what is allowed.
#[derive(Debug)]
pub(crate) struct Limit {
    /// What it is about.
    pub(crate) name: &'static str,
    /// In bytes of brotli.
    pub(crate) weight: u64,
    allowed: u64,
}

impl Limit {
    /// Whether it is kept.
    pub(crate) fn is_kept(&self) -> bool {
        self.weight <= self.allowed
    }
}

/// The limits, weighed.
#[derive(Debug)]
pub(crate) struct Report(pub(crate) Vec<Limit>);

impl Report {
    /// A failure for a limit that is broken.
    pub(crate) fn verdict(&self) -> Result {
        match self.0.iter().find(|limit| !limit.is_kept()) {
            None => Ok(()),
            Some(limit) => Err(format!(
                "{} weighs {} B more than allowed: make it lighter, or raise the limit in xtask/src/dist/size.rs with a reason",
                limit.name,
                limit.weight - limit.allowed
            )),
        }
    }
}

/// Prints what each file of `dist/embed/` weighs.
pub(crate) fn report(project: &Project) -> Result<Report> {
    let embed = project.root.join("dist/embed");
    let mut rows = Vec::new();
    for entry in fs::read_dir(&embed).naming(&embed)? {
        let path = entry.naming(&embed)?.path();
        let Some(compressed) = path.to_string_lossy().strip_suffix(".br").map(str::to_owned) else {
            continue;
        };
        let name =
            path.with_extension("").file_name().map(|name| name.to_string_lossy().into_owned());
        let length =
            |path: &std::path::Path| Ok::<_, String>(fs::metadata(path).naming(path)?.len());
        rows.push((name.unwrap_or_default(), length(compressed.as_ref())?, length(&path)?));
    }
    rows.sort_by_key(|(_, _, brotli)| *brotli);

    println!("\n{:<38} {:>9} {:>9}", "dist/embed/", "raw", "brotli");
    for (name, raw, brotli) in &rows {
        println!("{name:<38} {raw:>9} {brotli:>9}");
    }
    let largest = |end: &str| {
        let files = rows.iter().filter(|(name, ..)| name.ends_with(end));
        files.map(|(_, _, brotli)| *brotli).max().unwrap_or(0)
    };
    let weigh = |parts: &[Artefact]| -> u64 {
        let files =
            rows.iter().filter(|(name, ..)| part(name).is_some_and(|it| parts.contains(&it)));
        files.map(|(_, _, brotli)| *brotli).sum()
    };
    use Artefact::{Engine, Loader, Rest, Sender, Site};
    let limit = |name, weight, allowed| Limit { name, weight, allowed };
    let limits = vec![
        limit("the loader", weigh(&[Loader]), LOADER),
        limit("a site's script without its plan", weigh(&[Site]), SITE),
        limit("a template's survey that is shown, in English", weigh(&[Loader, Engine]), SHOWN),
        limit("a survey of a file that is shown", weigh(&[Loader, Engine, Rest]), SHOWN_WHOLE),
        limit(
            "a template's survey that is answered and delivered",
            weigh(&[Loader, Engine, Sender]),
            DELIVERED,
        ),
        limit("a page with an answer left over", weigh(&[Loader, Sender]), LEFT_OVER),
        limit("the largest language", largest(".txt"), LANGUAGE),
        limit("the engine without WebAssembly", largest(".translated.js"), TRANSLATED),
    ];
    println!();
    let last = Weights::read(project)?;
    for limit in &limits {
        let difference = limit.allowed.abs_diff(limit.weight);
        let word = if limit.is_kept() { "below" } else { "ABOVE" };
        println!(
            "{}: {} B, {difference} B {word} the limit of {} B{}",
            limit.name,
            limit.weight,
            limit.allowed,
            last.since(limit.name, limit.weight)
        );
    }
    Ok(Report(limits))
}

/// What pages fetch always, or with a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Artefact {
    Loader,
    Site,
    Engine,
    Rest,
    Sender,
}

/// What a file is part of; `None` for what is fetched only where it is needed, which has a word between its name and
/// its kind.
fn part(name: &str) -> Option<Artefact> {
    let (stem, kind) = name.split_once('.').filter(|(_, kind)| matches!(*kind, "js" | "wasm"))?;
    let hash = stem.strip_prefix("sondeo-");
    match (hash.map(str::len), kind) {
        (None, "js") if stem == "site" => Some(Artefact::Site),
        (None, "js") => Some(Artefact::Loader),
        (Some(6), _) => Some(Artefact::Engine),
        // The engine's other half and the sender have a letter more.
        (Some(7), "wasm") if stem.ends_with('e') => Some(Artefact::Rest),
        (Some(7), _) => Some(Artefact::Sender),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Artefact, part};

    #[test]
    fn files_are_told_apart_by_their_names() {
        assert_eq!(part("sondeo.js"), Some(Artefact::Loader));
        assert_eq!(part("site.js"), Some(Artefact::Site));
        for name in ["sondeo-0a1b2c.js", "sondeo-0a1b2c.wasm"] {
            assert_eq!(part(name), Some(Artefact::Engine));
        }
        assert_eq!(part("sondeo-0a1b2ce.wasm"), Some(Artefact::Rest));
        for name in ["sondeo-0a1b2cd.js", "sondeo-0a1b2cd.wasm"] {
            assert_eq!(part(name), Some(Artefact::Sender));
        }
        for name in ["sondeo-0a1b2c3d4e5f6071.translated.js", "sondeo-0a1b2c3d4e5f6071.es.txt"] {
            assert_eq!(part(name), None);
        }
    }
}
