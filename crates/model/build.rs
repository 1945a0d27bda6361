//! Turns `messages/*.txt` into tables: the keys become constants of `MessageId`, the English texts travel with the
//! engine, and all other languages with whoever asks for the feature `languages`.

use std::error::Error;
use std::fmt::Write;
use std::{env, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=messages");
    let english = read("en")?;
    let mut code = String::from("impl MessageId {\n");
    for (at, (key, text)) in english.iter().enumerate() {
        let name = key.to_uppercase().replace('-', "_");
        writeln!(code, "/// {text}\npub const {name}: Self = Self({at});")?;
    }
    writeln!(code, "}}")?;
    let keys: Vec<_> = english.iter().map(|(key, _)| key).collect();
    writeln!(code, "#[cfg(test)] const KEYS: &[&str] = &{keys:?};")?;
    writeln!(code, "const ENGLISH: &[&str] = &{:?};", texts(&english))?;

    writeln!(code, "#[cfg(feature = \"languages\")] const OTHERS: &[(Language, &[&str])] = &[")?;
    let mut files: Vec<_> = fs::read_dir("messages")?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let path = file.path();
        let tag = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
        if tag == "en" {
            continue;
        }
        let entries = read(tag)?;
        if !entries.iter().map(|(key, _)| key).eq(keys.iter().copied()) {
            return Err(format!("messages/{tag}.txt has other keys than messages/en.txt").into());
        }
        let variant = tag[..1].to_uppercase() + &tag[1..];
        writeln!(code, "(Language::{variant}, &{:?}),", texts(&entries))?;
    }
    writeln!(code, "];")?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("messages.rs"), code)?;
    Ok(())
}

/// Keys and texts of one language.
fn read(tag: &str) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let path = format!("messages/{tag}.txt");
    let file = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let lines = file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (key, text) =
                line.split_once(':').ok_or_else(|| format!("{path}: \"{line}\" has no key"))?;
            Ok((key.to_owned(), text.trim().to_owned()))
        })
        .collect()
}

fn texts(entries: &[(String, String)]) -> Vec<&str> {
    entries.iter().map(|(_, text)| text.as_str()).collect()
}
