//! Who may use whom inside the widget, as `ARCHITECTURE.md` says. Crates hold their own edges; the
//! modules of one crate need a test.

#![cfg(not(target_arch = "wasm32"))]

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
