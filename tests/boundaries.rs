//! Who may use whom inside the widget, as `ARCHITECTURE.md` says. Crates hold their own edges; the
//! modules of one crate need a test.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the widget");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// No code below `folder` may name any of `words`; comments may.
#[track_caller]
fn check_never(folder: &str, words: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    for path in files_below(&root) {
        let text = fs::read_to_string(&path).expect("a source file");
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let found = words.iter().find(|word| code.contains(**word));
            assert_eq!(found, None, "{}:{}: {line}", path.display(), number + 1);
        }
    }
}

#[test]
fn the_view_does_not_know_where_answers_go() {
    check_never("src/view", &["delivery", "sondeo_session", "driver", "endpoint"]);
}

#[test]
fn the_browser_layer_knows_no_framework() {
    check_never("src/browser", &["leptos", "crate::view", "crate::driver", "crate::delivery"]);
}

#[test]
fn triggers_only_listen() {
    check_never("src/trigger", &["leptos", "crate::view", "crate::driver", "crate::delivery"]);
}

#[test]
fn only_the_browser_layer_and_the_view_name_web_interfaces() {
    check_never("src/delivery", &["web_sys", "js_sys", "wasm_bindgen"]);
    check_never("src/sender", &["web_sys", "js_sys", "wasm_bindgen"]);
    check_never("src/trigger", &["web_sys", "js_sys", "wasm_bindgen"]);
}

/// The packages that one is built from, itself first, as cargo resolves them.
fn packages_of(package: &str) -> Vec<String> {
    packages_as(&["--package", package])
}

/// Those that cargo tells of with these arguments.
fn packages_as(wanted: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none"])
        .args(wanted)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().filter_map(|line| Some(line.split(' ').next()?.to_owned())).collect()
}

#[test]
fn who_delivers_depends_on_the_model_alone() {
    assert_eq!(packages_of("sondeo-delivery"), ["sondeo-delivery", "sondeo-model"]);
}

#[test]
fn who_decides_depends_on_the_model_alone() {
    assert_eq!(packages_of("sondeo-session"), ["sondeo-session", "sondeo-model"]);
}

#[test]
fn the_interfaces_types_know_neither_the_collector_nor_the_dashboard() {
    let own = ["--package", "sondeo-api", "--depth", "1"];
    assert_eq!(packages_as(&own), ["sondeo-api", "serde", "sondeo-model"]);
    let described = [&own[..], &["--features", "openapi"]].concat();
    assert_eq!(packages_as(&described), ["sondeo-api", "serde", "sondeo-model", "utoipa"]);
}

#[test]
fn the_model_is_pure() {
    check_never(
        "crates/model/src",
        &["web_sys", "js_sys", "wasm_bindgen", "std::time", "std::net", "tokio"],
    );
    check_never("crates/delivery/src", &["std::time", "std::net"]);
}

#[test]
fn who_edits_survey_files_knows_no_browser_and_no_server() {
    check_never(
        "crates/editor/src",
        &[
            "web_sys",
            "js_sys",
            "wasm_bindgen",
            "leptos",
            "std::time",
            "std::net",
            "std::fs",
            "tokio",
        ],
    );
}

#[test]
fn the_dashboards_charts_know_no_browser_and_no_language() {
    check_never("crates/dashboard/src/chart", &["web_sys", "js_sys", "leptos", "crate::words"]);
}

/// What one file holds, as [`types_of`] reads it.
#[derive(Debug, Default, PartialEq, Eq)]
struct FileTypes {
    /// Types that are items of a module.
    defined: Vec<String>,
    /// Modules for tests alone, which other files hold.
    test_modules: Vec<String>,
}

/// The structs, enums, traits, unions and type aliases that are items of this file's modules. Not those that belong to
/// an `impl`, a trait or a function, and nothing that is built for tests alone.
///
/// Reads lines as `cargo fmt` writes them: an item of a module begins at the module's own indentation, and so does the
/// brace that ends a module.
fn types_of(text: &str) -> FileTypes {
    let mut found = FileTypes::default();
    // Of each module that is open, whether it is for tests.
    let mut open: Vec<bool> = Vec::new();
    let mut is_for_tests = false;
    for line in text.lines() {
        let code = line.trim_start();
        let indentation = line.len() - code.len();
        if code == "}" && indentation + 4 == 4 * open.len() {
            open.pop();
            continue;
        }
        if indentation != 4 * open.len() {
            continue;
        }
        if code == "#[cfg(test)]" || code.starts_with("#[cfg(all(test,") {
            is_for_tests = true;
        }
        // Attributes and comments stand before an item.
        if !code.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            continue;
        }
        let is_test = std::mem::take(&mut is_for_tests) || open.contains(&true);
        let visible = match code.strip_prefix("pub(").and_then(|rest| rest.split_once(") ")) {
            Some((_, item)) => item,
            None => code.strip_prefix("pub ").unwrap_or(code),
        };
        let item = visible.strip_prefix("unsafe ").unwrap_or(visible);
        let Some((keyword, rest)) = item.split_once(' ') else { continue };
        let is_in_name = |letter: char| letter.is_alphanumeric() || letter == '_';
        let (name, after) =
            rest.split_at(rest.find(|letter: char| !is_in_name(letter)).unwrap_or(rest.len()));
        match keyword {
            "mod" if after == " {" => open.push(is_test),
            "mod" if after == ";" && is_test => found.test_modules.push(name.to_owned()),
            "struct" | "enum" | "trait" | "union" | "type" if !is_test => {
                found.defined.push(name.to_owned());
            }
            _ => {}
        }
    }
    found
}

/// The file or folder, without an extension, of a module that this file declares.
fn module_of(file: &Path, name: &str) -> PathBuf {
    let is_root = ["mod", "lib", "main"].iter().any(|root| file.file_stem() == Some(root.as_ref()));
    let folder = if is_root { file.with_file_name("") } else { file.with_extension("") };
    folder.join(name)
}

/// The types below a folder that have the name of another one there, each with the files that define them.
fn types_with_a_name_of_another(folder: &Path) -> Vec<(String, Vec<PathBuf>)> {
    let mut files = files_below(folder);
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    let read = |file: PathBuf| {
        let types = types_of(&fs::read_to_string(&file).expect("a source file"));
        (file, types)
    };
    let read: Vec<(PathBuf, FileTypes)> = files.into_iter().map(read).collect();
    let tests: Vec<PathBuf> = read
        .iter()
        .flat_map(|(file, types)| types.test_modules.iter().map(|name| module_of(file, name)))
        .collect();
    let mut files_of: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (file, types) in read {
        if tests.iter().any(|test| file.with_extension("").starts_with(test)) {
            continue;
        }
        for name in types.defined {
            files_of.entry(name).or_default().push(file.clone());
        }
    }
    assert!(!files_of.is_empty(), "{} defines no type", folder.display());
    files_of.into_iter().filter(|(_, files)| files.len() > 1).collect()
}

/// Whoever reads a name must not have to know in which module it stands (issue 11).
#[test]
fn no_type_name_has_two_meanings_in_one_crate() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let members = fs::read_dir(root.join("crates")).expect("the crates");
    let mut crates: Vec<PathBuf> = members
        .map(|member| member.expect("an entry").path().join("src"))
        .filter(|source| source.is_dir())
        .collect();
    crates.extend([root.join("src"), root.join("xtask/src")]);
    crates.sort();
    let shown = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
    let twice: Vec<String> = crates
        .iter()
        .flat_map(|folder| {
            types_with_a_name_of_another(folder).into_iter().map(move |(name, files)| {
                let files: Vec<String> = files.iter().map(|file| shown(file)).collect();
                format!("{}: {name} is defined in {}", shown(folder), files.join(" and "))
            })
        })
        .collect();
    assert!(
        twice.is_empty(),
        "rename, so that each name has one meaning in its crate:\n{}",
        twice.join("\n")
    );
}

#[test]
fn a_type_is_an_item_of_a_module_that_is_not_for_tests_alone() {
    let text = "\
pub(in crate::store) struct A<'a> {
    type_: &'a str,
}

impl Iterator for A<'_> {
    type Item = u8;
}

mod inner {
    pub enum B {}

    fn act() {
        struct Local;
    }

    #[cfg(test)]
    struct OfTests;

    pub(super) type C = u8;
}

trait D {}

#[cfg(test)]
#[allow(
    dead_code,
    reason = \"it is an example\"
)]
mod tests {
    struct InTests;

    mod deeper {
        struct Deeper;
    }
}

#[cfg(test)]
mod elsewhere;
mod other;

union E {
    f: u8,
}
";
    let found = types_of(text);
    assert_eq!(found.defined, ["A", "B", "C", "D", "E"]);
    assert_eq!(found.test_modules, ["elsewhere"]);
    assert_eq!(module_of(Path::new("src/lib.rs"), "tests"), Path::new("src/tests"));
    assert_eq!(module_of(Path::new("src/view.rs"), "tests"), Path::new("src/view/tests"));
}
