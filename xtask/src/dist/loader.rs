//! The script on the page.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::project::Project;
use crate::shell::{self, Naming, Result};
use sondeo_model::{Template, Trigger};

/// Of the names that the hash has in it, takes the one with which the loader compresses best, and renames the programs'
/// files. Six digits that match nothing before them are twenty bytes more or less of loader, by chance; the best of eleven
/// are twelve. A site's script names the same files.
const NAME: &str = r#"
const fs = require("fs"), path = require("path"), zlib = require("zlib");
const [folder, hash] = process.argv.slice(1);
const file = path.join(folder, "sondeo.js"), text = fs.readFileSync(file, "utf8");
const names = Array.from({ length: hash.length - 5 }, (_, at) => "sondeo-" + hash.slice(at, at + 6));
const weight = (name) => zlib.brotliCompressSync(text.replaceAll(names[0], name)).length;
const [best] = names.map((name) => [weight(name), name]).sort(([one], [other]) => one - other);
fs.writeFileSync(file, text.replaceAll(names[0], best[1]));
const site = path.join(folder, "site.js");
fs.writeFileSync(site, fs.readFileSync(site, "utf8").replaceAll(names[0], best[1]));
for (const end of [".js", ".wasm", "d.js", "d.wasm", "e.wasm"])
  fs.renameSync(path.join(folder, names[0] + end), path.join(folder, best[1] + end));
"#;

/// Gives the loader's variables the names with which it compresses best.
const LETTERS: &str = include_str!("letters.js");

/// What the collector replaces in `site.js` by a site's plan, as JSON.
const PLAN: &str = "SONDEO_PLAN";

/// Writes `sondeo.js`, which knows what the names of the programs' files begin with, and its types beside it; and
/// `site.js`, of which the collector makes each site's own script. `hash` is that of the programs, whose files are named
/// by its first six digits until then.
pub(super) fn write(project: &Project, hash: &str, embed: &Path) -> Result {
    check_types(project)?;
    bundle(project, hash, &embed.join("sondeo.js"), None)?;
    // `sites/shop/sondeo.js` finds the programs two folders up.
    let site = embed.join("site.js");
    bundle(project, hash, &site, Some("../../"))?;
    let text = fs::read_to_string(&site).naming(&site)?;
    if text.matches(PLAN).count() != 1 {
        return Err(format!("site.js must name {PLAN} once, for the collector to replace it"));
    }
    shell::quietly(
        Command::new("node").args(["-e", NAME]).arg(embed).arg(hash).current_dir(&project.root),
    )?;
    // For pages in TypeScript, where whoever deploys the script finds it.
    let types = embed.join("sondeo.d.ts");
    fs::copy(project.root.join("loader/sondeo.d.ts"), &types).naming(&types)?;
    Ok(())
}

/// Builds the loader; a site's own script, where it says the way to the programs.
fn bundle(project: &Project, hash: &str, file: &Path, way: Option<&str>) -> Result {
    let define = |name: &str, text: &str| format!("{name}=\"{text}\"");
    // Which of the two it is has to be known before: what is left out is nobody's.
    let part = file.with_extension("part.js");
    shell::quietly(
        Command::new(project.node_bin().join("esbuild"))
            .args(["--target=es2021", "--log-level=warning", "--minify-syntax"])
            .arg("loader/sondeo.js")
            .arg(format!("--define:IS_SITE={}", way.is_some()))
            .arg(outfile(&part))
            .current_dir(&project.root),
    )?;
    shell::quietly(
        Command::new("node")
            .args(["-e", LETTERS])
            .arg(project.node_bin().join("../esbuild"))
            .args([&part, file])
            .arg(define("ENGINE", &format!("{}sondeo-{}", way.unwrap_or_default(), &hash[..6])))
            .arg(define("TEMPLATES", &templates()))
            .arg(define("VERSION", env!("CARGO_PKG_VERSION")))
            .current_dir(&project.root),
    )?;
    fs::remove_file(&part).naming(&part)
}

fn outfile(file: &Path) -> OsString {
    let mut argument = OsString::from("--outfile=");
    argument.push(file);
    argument
}

/// The templates that wait for an event, a click or a submission, or only for a call, each as its name and `|`
/// before the words of its triggers; on the rest, the engine decides.
///
/// The loader takes everything after a name, so that those come first that wait for nothing. A word with a `|` in it
/// makes nothing due: it is of the templates that follow.
fn templates() -> String {
    let is_heard =
        |it: &Trigger| matches!(it, Trigger::Event(_) | Trigger::Click(_) | Trigger::Submit(_));
    let mut entries: Vec<(bool, String)> = Vec::new();
    for template in Template::ALL {
        let definition = template.definition();
        let triggers = definition.triggers();
        let waits = triggers.iter().all(|it| is_heard(it) || *it == Trigger::Manual);
        if waits && definition.targeting().url.is_empty() {
            let words: Vec<_> =
                triggers.iter().filter(|it| is_heard(it)).map(Trigger::to_text).collect();
            let entry = format!("{}|{}", template.as_str(), words.join(" "));
            entries.push((!words.is_empty(), entry));
        }
    }
    // Of the rest, the shorter first: that compresses best.
    entries.sort_by_key(|(waits, entry)| (*waits, entry.len()));
    let entries: Vec<_> = entries.into_iter().map(|(_, entry)| entry).collect();
    entries.join(" ").replace("| ", "|")
}

/// Lets TypeScript read the hand-written JavaScript.
pub(crate) fn check_types(project: &Project) -> Result {
    shell::quietly(
        Command::new(project.node_bin().join("tsc"))
            .args(["--noEmit", "-p", "loader"])
            .current_dir(&project.root),
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::templates;

    #[test]
    fn the_loader_knows_what_templates_wait_for() {
        let known = templates();
        let after =
            |name: &str| known.split_once(&format!("{name}|")).map(|(_, words)| words.trim());
        assert!(
            after("signup").is_some_and(|it| it.starts_with("event:sign_up event:signup submit:"))
        );
        assert!(after("follow-up").is_some_and(|it| !it.is_empty()), "{known}");
        for name in ["csat", "faq", "first-visit", "cart-abandonment", "support"] {
            assert_eq!(after(name), None, "{name}");
        }
        assert!(!known.contains(['\'', '"', '\\']), "{known}");
    }
}
