//! The wording of every language but English, one small file each, named by their common content.

use std::fs;
use std::path::Path;

use sondeo_model::{Language, Wording};

use super::inputs::Hash;
use crate::shell::{Naming, Result};

/// Writes the files into this folder, and gives what their names begin with.
pub(super) fn write(embed: &Path) -> Result<String> {
    let others = Language::ALL.iter().filter(|language| **language != Language::En);
    let files: Vec<_> =
        others.map(|language| (language.tag(), Wording::of(*language).file())).collect();
    let all: String = files.iter().map(|(_, text)| text.as_str()).collect();
    let prefix = format!("sondeo-{}.", Hash::of(all.as_bytes()));
    for (tag, text) in files {
        let file = embed.join(format!("{prefix}{tag}.txt"));
        fs::write(&file, text).naming(&file)?;
    }
    Ok(prefix)
}
