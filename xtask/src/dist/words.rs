//! What the engine fetches when it needs it, one small file each: the wording of every language but English, the
//! formats of requests that do not travel along, and what shows a draft on its author's own page. They are named by
//! their common content.

use std::fs;
use std::path::Path;
use std::process::Command;

use sondeo_model::{Language, Messages, RequestFormat};

use super::inputs::Hash;
use crate::project::Project;
use crate::shell::{self, Naming, Result};

/// Writes the files into this folder, and gives what their names begin with.
pub(super) fn write(project: &Project, embed: &Path) -> Result<String> {
    let others = Language::ALL.iter().filter(|language| **language != Language::En);
    let mut files: Vec<(String, String)> = others
        .map(|language| (format!("{}.txt", language.tag()), Messages::of(*language).file()))
        .collect();
    let presets = project.root.join("crates/delivery/presets");
    for format in RequestFormat::ALL {
        let name = format!("{}.json", format.as_str());
        let file = presets.join(&name);
        if file.is_file() {
            files.push((name, fs::read_to_string(&file).naming(&file)?.trim().to_owned()));
        }
    }
    files.push(("preview.js".to_owned(), preview(project)?));
    let all: String = files.iter().map(|(_, text)| text.as_str()).collect();
    let prefix = format!("sondeo-{}.", Hash::of(all.as_bytes()));
    for (name, text) in files {
        let file = embed.join(format!("{prefix}{name}"));
        fs::write(&file, text).naming(&file)?;
    }
    Ok(prefix)
}

fn preview(project: &Project) -> Result<String> {
    shell::quietly(
        Command::new(project.node_bin().join("esbuild"))
            .args(["loader/preview.js", "--minify", "--format=esm", "--target=es2022"])
            .args(["--legal-comments=none", "--log-level=warning"])
            .current_dir(&project.root),
    )
}
