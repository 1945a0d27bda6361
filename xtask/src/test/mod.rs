//! `cargo xtask test`: everything that has to hold, in one command.

mod browsers;
mod frameworks;
mod loader;
pub(crate) mod tally;

use std::process::Command;

use crate::project::Project;
use crate::setup::{self, Purpose, Tools};
use crate::shell::{self, Naming, Result};
use crate::{demo, dist};
use tally::Tally;

/// What to run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Choice {
    native_only: bool,
    browser_only: bool,
    name: Option<String>,
}

/// `cargo xtask test`
pub(crate) fn command(arguments: &[&str]) -> Result {
    let choice = choice(arguments)?;
    let project = Project::find()?;
    let purpose = if choice.native_only { Purpose::Native } else { Purpose::Test };
    let tools = setup::ensure(&project, purpose)?;
    let mut tally = Tally::default();
    if choice.name.is_none() && !choice.browser_only {
        lint(&project, &mut tally);
    }
    // The collector serves it, to whatever test it is started for: it has to be there, of any age.
    let is_for_dashboard = choice.name.as_ref().is_none_or(|name| name.contains("dashboard"))
        || !project.root.join("dist/dashboard/index.html").is_file();
    let build = if is_for_dashboard { dist::build } else { dist::build_widget };
    let built = build(&project, &tools).and_then(|()| dist::size::report(&project));
    match &built {
        Ok(report) if choice.name.is_none() => {
            for limit in &report.0 {
                tally.step(&format!("{} keeps its limit", limit.name), limit.is_kept());
            }
        }
        Ok(_) => {}
        Err(failure) => tally.failure("the widget's build", failure),
    }
    if !choice.browser_only
        && built.is_ok()
        && choice.name.as_deref().is_none_or(|it| it == "loader")
    {
        let name = "the loader never says no where the engine says yes";
        match loader::check(&project) {
            Ok(()) => tally.step(name, true),
            Err(failure) => tally.failure(name, &failure),
        }
    }
    if !choice.browser_only {
        let mut native = shell::cargo();
        native.args(["test", "--workspace", "--no-fail-fast"]);
        tally.tests("native tests", named(&mut native, &choice).current_dir(&project.root));
    }
    if !choice.native_only {
        let outcome = wasm_tests(&project, &tools, &choice, &mut tally);
        tally.unless_ok("tests in WebAssembly", outcome);
        if built.is_ok() {
            let outcome = browser_tests(&project, &tools, &choice, &mut tally);
            tally.unless_ok("tests in browsers", outcome);
        }
    }
    tally.verdict()
}

fn choice(arguments: &[&str]) -> Result<Choice> {
    let mut choice = Choice::default();
    for word in arguments {
        match *word {
            "--native" => choice.native_only = true,
            "--browser" => choice.browser_only = true,
            option if option.starts_with('-') => {
                return Err(format!(
                    "`cargo xtask test` takes --native or --browser, no `{option}`"
                ));
            }
            name if choice.name.is_none() => choice.name = Some(name.to_owned()),
            name => return Err(format!("`cargo xtask test` takes one name, `{name}` is a second")),
        }
    }
    if choice.native_only && choice.browser_only {
        return Err("--native and --browser together leave nothing out: give neither".to_owned());
    }
    Ok(choice)
}

fn named<'a>(command: &'a mut Command, choice: &Choice) -> &'a mut Command {
    if let Some(name) = &choice.name {
        command.args(["--", name]);
    }
    command
}

/// What is looked at in no time. The rest is in [`crate::ci`].
pub(crate) fn lint(project: &Project, tally: &mut Tally) {
    cargo(project, tally, "cargo fmt", &["fmt", "--all", "--check"]);
    match dist::loader::check_types(project) {
        Ok(()) => tally.step("types of the loader", true),
        Err(failure) => tally.failure("types of the loader", &failure),
    }
}

/// One step that cargo does.
pub(crate) fn cargo(project: &Project, tally: &mut Tally, name: &str, arguments: &[&str]) {
    let outcome = shell::run(shell::cargo().args(arguments).current_dir(&project.root));
    tally.step(name, outcome.is_ok());
}

/// The same for clippy, without a warning.
pub(crate) fn clippy(project: &Project, tally: &mut Tally, name: &str, targets: &[&str]) {
    cargo(project, tally, name, &[&["clippy"], targets, &["--", "-D", "warnings"]].concat());
}

/// What is about the browser's own behaviour, compiled to WebAssembly and run in Chromium.
fn wasm_tests(project: &Project, tools: &Tools, choice: &Choice, tally: &mut Tally) -> Result {
    let capabilities = project.target.join("webdriver.json");
    std::fs::write(&capabilities, browsers::CHROMIUM).naming(&capabilities)?;
    let mut command = shell::cargo();
    command
        .args(["test", "-p", "sondeo", "--test", "wasm"])
        .args(["--target", "wasm32-unknown-unknown"])
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            tools.program("wasm-bindgen-test-runner")?,
        )
        .env("CHROMEDRIVER", tools.program("chromedriver")?)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities)
        .current_dir(&project.root);
    dist::standard_library_from_source(&mut command, project);
    tally.tests("tests in WebAssembly", named(&mut command, choice));
    Ok(())
}

/// The built files and the real collector, in three engines.
fn browser_tests(project: &Project, tools: &Tools, choice: &Choice, tally: &mut Tally) -> Result {
    // The native tests run it, too. Built for itself, most of its libraries would be compiled once more.
    let collector = project.target.join("debug/sondeo-collector");
    if choice.browser_only || !collector.is_file() {
        demo::build_collector(project)?;
    }
    // Nobody who asks for other scenarios waits for it.
    let is_for_frameworks = choice.name.as_ref().is_none_or(|name| name.contains("frameworks"));
    let frameworks = is_for_frameworks.then(|| frameworks::build(project)).transpose();
    // Without them their scenarios fail, and no others.
    let frameworks = frameworks.unwrap_or_else(|failure| {
        tally.failure("the pages of docs/frameworks.md", &failure);
        None
    });
    let drivers = browsers::start(project, tools)?;
    let mut command = shell::cargo();
    // Of the workspace, as the native tests: of the package alone, the libraries would have other features, and be
    // compiled once more.
    command
        .args(["test", "--workspace", "--test", "browser"])
        .env("SONDEO_COLLECTOR", collector)
        .env("SONDEO_DIST", project.root.join("dist"))
        .env("SONDEO_AXE", project.node_modules().join("axe-core/axe.min.js"))
        .envs(frameworks.map(|folder| ("SONDEO_FRAMEWORKS", folder)))
        .envs(drivers.environment())
        .current_dir(&project.root);
    tally.tests("tests in browsers", named(&mut command, choice));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_understood() {
        assert_eq!(choice(&[]), Ok(Choice::default()));
        let expected =
            Choice { browser_only: true, name: Some("faq".to_owned()), ..Choice::default() };
        assert_eq!(choice(&["--browser", "faq"]), Ok(expected));
        for wrong in [&["--fast"][..], &["a", "b"], &["--native", "--browser"]] {
            assert!(choice(wrong).is_err(), "{wrong:?}");
        }
    }
}
