//! Minifies the widget's style sheet, which travels inside the engine.

use std::error::Error;
use std::{env, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let source = "style/widget.css";
    println!("cargo::rerun-if-changed={source}");
    let style = fs::read_to_string(source)?;
    let minified = minifier::css::minify(&style).map_err(|error| format!("{source}: {error}"))?;
    let out_dir = env::var("OUT_DIR")?;
    fs::write(Path::new(&out_dir).join("widget.css"), minified.to_string())?;
    Ok(())
}
