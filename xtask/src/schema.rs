//! `cargo xtask schema`: what is written from the model, so that it says what the model does. Tests compare the files
//! with what would be written.

mod reasons;

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
    for part in reasons::PARTS {
        let path = root.join(part.file);
        let text = fs::read_to_string(&path).naming(&path)?;
        fs::write(&path, part.replaced_in(&text)?).naming(&path)?;
        println!("{}", part.file);
    }
    Ok(())
}
