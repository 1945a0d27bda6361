//! Brotli, once and as well as it can, so that no server has to do it on the way.

use std::path::Path;
use std::process::Command;

use crate::project::Project;
use crate::shell::{self, Result};

/// Node.js brings brotli along, with quality 11 and a window of 2²² as its defaults.
const SCRIPT: &str = r#"
const fs = require("fs"), path = require("path"), zlib = require("zlib");
for (const folder of process.argv.slice(1))
  for (const name of fs.readdirSync(folder, { recursive: true }))
    if (/\.(js|wasm|css|html|json|svg|txt)$/.test(name)) {
      const file = path.join(folder, name);
      fs.writeFileSync(file + ".br", zlib.brotliCompressSync(fs.readFileSync(file)));
    }
"#;

/// Writes a `.br` beside each file that compresses.
pub(super) fn beside(project: &Project, folders: &[&Path]) -> Result {
    shell::quietly(
        Command::new("node").args(["-e", SCRIPT]).args(folders).current_dir(&project.root),
    )?;
    Ok(())
}
