//! `cargo xtask schema`: the schema of survey files and the documentation's tables of keys, which tests of the model hold
//! to what the model reads.

use std::fs;

use crate::project::Project;
use crate::shell::{Naming, Result};

/// `cargo xtask schema`
pub(crate) fn command(arguments: &[&str]) -> Result {
    if let Some(word) = arguments.first() {
        return Err(format!("`cargo xtask schema` takes no `{word}`"));
    }
    let root = Project::find()?.root;
    let schema = root.join("docs/survey.schema.json");
    fs::write(&schema, sondeo_model::schema()).naming(&schema)?;
    println!("docs/survey.schema.json");
    for file in ["docs/surveys.md", "README.md"] {
        let path = root.join(file);
        let text = fs::read_to_string(&path).naming(&path)?;
        fs::write(&path, sondeo_model::with_key_tables(&text)).naming(&path)?;
        println!("{file}");
    }
    Ok(())
}
