//! `cargo xtask schema`: the schema of survey files, which a test of the model holds to what the model reads.

use std::fs;

use crate::project::Project;
use crate::shell::{Naming, Result};

/// `cargo xtask schema`
pub(crate) fn command(arguments: &[&str]) -> Result {
    if let Some(word) = arguments.first() {
        return Err(format!("`cargo xtask schema` takes no `{word}`"));
    }
    let file = "docs/survey.schema.json";
    let path = Project::find()?.root.join(file);
    fs::write(&path, sondeo_model::schema()).naming(&path)?;
    println!("{file}");
    Ok(())
}
