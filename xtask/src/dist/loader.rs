//! The script on the page.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::project::Project;
use crate::shell::{self, Naming, Result};
use sondeo_model::{Template, Trigger};

/// Writes `sondeo.js`, which knows what the names of the engine's files begin with, and its types beside it.
pub(super) fn write(project: &Project, engine: &str, embed: &Path) -> Result {
    check_types(project)?;
    let mut output = std::ffi::OsString::from("--outfile=");
    output.push(embed.join("sondeo.js"));
    let define = |name: &str, text: &str| format!("--define:{name}=\"{text}\"");
    shell::quietly(
        Command::new(project.node_bin().join("esbuild"))
            .args(["loader/sondeo.js", "--bundle", "--minify", "--format=esm"])
            // A block of its own, so that nothing of it is anybody's: it needs no function around it. Browsers that
            // lack this syntax could not run the engine either.
            .args(["--target=es2021", "--legal-comments=none", "--log-level=warning"])
            .arg(define("ENGINE", engine))
            .arg(define("TEMPLATES", &templates()))
            .arg(define("VERSION", env!("CARGO_PKG_VERSION")))
            .arg(output)
            .current_dir(&project.root),
    )?;
    // For pages in TypeScript, where whoever deploys the script finds it.
    let types = embed.join("sondeo.d.ts");
    fs::copy(project.root.join("loader/sondeo.d.ts"), &types).naming(&types)?;
    Ok(())
}

/// The templates that wait for an event, a click or a submission, or only for a call, each as its name and `|`
/// before the words of its triggers; on the rest, the engine decides.
///
/// The loader takes everything after a name, so that those come first that wait for nothing.
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
            let entry = format!("{}| {}", template.as_str(), words.join(" "));
            entries.push((!words.is_empty(), entry.trim().to_owned()));
        }
    }
    // Of the rest, the shorter first: that compresses best.
    entries.sort_by_key(|(waits, entry)| (*waits, entry.len()));
    entries.into_iter().map(|(_, entry)| entry).collect::<Vec<_>>().join(" ")
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
