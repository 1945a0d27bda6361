//! The widget's programs, for bundlers that give every file another name.
//!
//! A program asks for its files by name, beside its own address. In an application that is bundled, files have other
//! names, and the application knows which: `load` of the package leaves the table with the window. What is done here lets
//! the programs look there. Without a table they do as ever, so that the same files serve from a folder, too.

use crate::shell::Result;

/// The addresses by name, and what asks for files: each stands in front of a program's own.
const LOOKS: &str = "const sondeoFiles=window[Symbol.for(\"sondeo.files\")],\
sondeoFile=it=>sondeoFiles?.[(it+\"\").replace(/^.*\\/|\\?.*/g,\"\")]??it,\
fetch=(it,more)=>window.fetch(sondeoFile(it),more),\
Request=function(it,more){return new window.Request(sondeoFile(it),more)};";

/// What `import.meta.url` would be, had the file its own name.
fn own_address(name: &str) -> String {
    format!("const sondeoUrl=import.meta.url.replace(/[^/]*$/,it=>sondeoFiles?\"{name}\":it);")
}

/// A program that is a module.
pub(super) fn module(name: &str, text: &str) -> Result<String> {
    let text = looking(name, text)?;
    if !text.contains("import.meta.url") {
        // A program that asks for nothing by its own address.
        return Ok([LOOKS, &text].concat());
    }
    let text = text.replace("import.meta.url", "sondeoUrl");
    Ok([LOOKS, &own_address(name), &text].concat())
}

/// The loader: a script, whose words are everybody's unless they stand in a block.
///
/// It imports by what `load` has left with the table: Vite's server makes a module of every script that imports.
pub(super) fn script(name: &str, text: &str) -> Result<String> {
    let text = looking(name, text)?.replace("import(sondeoFile(", "sondeoFiles.import(sondeoFile(");
    Ok(["{", LOOKS, &text, "}\n"].concat())
}

/// The program, with every `import(…)` of its looking first.
fn looking(name: &str, text: &str) -> Result<String> {
    if text.contains("sondeoFile") || text.contains("sondeoUrl") {
        return Err(format!("{name} has names of xtask/src/package/renamed.rs: choose others"));
    }
    const CALL: &str = "import(";
    let mut looking = String::with_capacity(text.len() + LOOKS.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(CALL) {
        let argument = argument(after).ok_or_else(|| {
            format!(
                "{name} has an `import(` that does not end: change xtask/src/package/renamed.rs"
            )
        })?;
        looking.push_str(before);
        let is_its_own = before.ends_with(|it: char| it.is_alphanumeric() || "_$.".contains(it));
        if is_its_own {
            looking.push_str(CALL);
            rest = after;
        } else {
            looking.push_str(&["import(sondeoFile(", argument, "))"].concat());
            rest = &after[argument.len() + 1..];
        }
    }
    looking.push_str(rest);
    Ok(looking)
}

/// What stands before the parenthesis that ends a call.
fn argument(text: &str) -> Option<&str> {
    let mut depth = 0_u32;
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => return Some(&text[..at]),
            (None, ')') => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_import_looks_first() {
        let text = r#"(await import(o+".js")).start(a);re.import(x);await import(z("a)b.js"))"#;
        let expected = r#"(await import(sondeoFile(o+".js"))).start(a);re.import(x);await import(sondeoFile(z("a)b.js")))"#;
        assert_eq!(looking("it", text), Ok(expected.to_owned()));
    }

    #[test]
    fn a_script_imports_nothing_itself() {
        let text = script("sondeo.js", r#"{(await import(o+".js")).start(a)}"#).expect("a script");
        assert!(
            text.ends_with("{(await sondeoFiles.import(sondeoFile(o+\".js\"))).start(a)}}\n"),
            "{text}"
        );
    }

    #[test]
    fn a_module_has_its_own_name() {
        let text = module("sondeo-1d.js", r#"new URL("x",import.meta.url)"#).expect("a module");
        assert!(
            text.ends_with(r#"it=>sondeoFiles?"sondeo-1d.js":it);new URL("x",sondeoUrl)"#),
            "{text}"
        );
        assert!(module("it", "let sondeoFiles").is_err());
        assert!(module("it", "import(").is_err());
    }
}
