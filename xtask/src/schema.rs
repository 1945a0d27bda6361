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
    for (file, text) in [
        ("docs/survey.schema.json", sondeo_model::schema()),
        ("packages/npm/custom-elements.json", sondeo_model::custom_elements()),
        ("packages/npm/vscode.html-custom-data.json", sondeo_model::vscode_custom_data()),
        ("packages/npm/web-types.json", sondeo_model::web_types()),
    ] {
        let path = root.join(file);
        fs::write(&path, text).naming(&path)?;
        println!("{file}");
    }
    for file in ["docs/surveys.md", "docs/page.md"] {
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
