//! Who may use whom inside the widget, as `ARCHITECTURE.md` says. Crates hold their own edges; the
//! modules of one crate need a test.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

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
    check_never("src/view", &["delivery", "attributes", "showing", "endpoint"]);
}

#[test]
fn the_browser_layer_knows_no_framework() {
    check_never("src/browser", &["leptos", "crate::view", "crate::page", "crate::delivery"]);
}

#[test]
fn triggers_only_listen() {
    check_never("src/trigger", &["leptos", "crate::view", "crate::showing", "crate::delivery"]);
}

#[test]
fn only_the_browser_layer_and_the_view_name_web_interfaces() {
    check_never("src/delivery", &["web_sys", "js_sys", "wasm_bindgen"]);
    check_never("src/attributes", &["web_sys", "js_sys", "wasm_bindgen"]);
    check_never("src/trigger", &["web_sys", "js_sys", "wasm_bindgen"]);
}

#[test]
fn the_model_is_pure() {
    check_never(
        "crates/model/src",
        &["web_sys", "js_sys", "wasm_bindgen", "std::time", "std::net", "tokio"],
    );
}

#[test]
fn the_dashboards_charts_know_no_browser_and_no_language() {
    check_never("crates/dashboard/src/chart", &["web_sys", "js_sys", "leptos", "crate::words"]);
}
