//! What a visitor downloads, and how much of that we allow ourselves.

use std::fs;

use crate::project::Project;
use crate::shell::{Naming, Result};

/// The script that every page loads, in bytes of brotli. The engine's name in it, which is another with each build,
/// makes some bytes more or less.
const LOADER: u64 = 1_500;
/// Everything that a shown survey loads, in bytes of brotli. The aim is 60 kB: ARCHITECTURE.md says where the
/// bytes are. Until then, it grows no further.
const SHOWN: u64 = 108_600;
/// The words of one more language, in bytes of brotli.
const LANGUAGE: u64 = 2_000;
/// The engine in JavaScript, for pages that refuse WebAssembly, in bytes of brotli.
const TRANSLATED: u64 = 140_000;

/// What was weighed against what is allowed.
#[derive(Debug)]
pub(crate) struct Limit {
    /// What it is about.
    pub(crate) name: &'static str,
    weight: u64,
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
    let loader = rows.iter().find(|(name, ..)| name == "sondeo.js");
    let largest = |end: &str| {
        let files = rows.iter().filter(|(name, ..)| name.ends_with(end));
        files.map(|(_, _, brotli)| *brotli).max().unwrap_or(0)
    };
    // What is fetched only where it is needed has a word between its name and its kind.
    let shown = rows.iter().filter(|(name, ..)| name.matches('.').count() == 1);
    let (raw, brotli) = shown.fold((0, 0), |sum, row| (sum.0 + row.1, sum.1 + row.2));
    println!("{:<38} {raw:>9} {brotli:>9}\n", "a shown survey in English");
    let limits = vec![
        Limit {
            name: "the loader",
            weight: loader.map_or(0, |(_, _, brotli)| *brotli),
            allowed: LOADER,
        },
        Limit { name: "a shown survey", weight: brotli, allowed: SHOWN },
        Limit { name: "the largest language", weight: largest(".txt"), allowed: LANGUAGE },
        Limit {
            name: "the engine without WebAssembly",
            weight: largest(".translated.js"),
            allowed: TRANSLATED,
        },
    ];
    for limit in &limits {
        let difference = limit.allowed.abs_diff(limit.weight);
        let word = if limit.is_kept() { "below" } else { "ABOVE" };
        println!(
            "{}: {} B, {difference} B {word} the limit of {} B",
            limit.name, limit.weight, limit.allowed
        );
    }
    Ok(Report(limits))
}
