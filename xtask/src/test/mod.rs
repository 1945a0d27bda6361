//! `cargo xtask test`: everything that has to hold, in one command.

mod browsers;
mod frameworks;
mod loader;
pub(crate) mod tally;

use std::num::NonZero;
use std::process::{Command, Stdio};
use std::thread;

use crate::project::Project;
use crate::setup::{self, Purpose, Tools};
use crate::shell::{self, Naming, Result};
use crate::{demo, dist};
use tally::Tally;

/// How many tests of a program run at once: cargo's own variable.
const TEST_THREADS: &str = "RUST_TEST_THREADS";

/// What to run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Choice {
    native_only: bool,
    browser_only: bool,
    /// Whether the browser suite runs whole in each of the three engines, as before a release.
    every_engine: bool,
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
        tally.timed("formatting and types", |tally| lint(&project, tally));
    }
    // Linking the engine keeps one processor busy, so the native programs are compiled beside it. What is wrong with them
    // is said by the run that wants them.
    let compiled_ahead = choice.name.is_none().then(|| {
        let mut ahead = Vec::new();
        if !choice.browser_only {
            ahead.push(native_tests(&project, &["--no-run"]));
        }
        if !choice.native_only {
            ahead.push(browser_suite(&project, &["--no-run"]));
        }
        thread::spawn(move || {
            for command in &mut ahead {
                let silent = command.arg("--quiet").stdout(Stdio::null()).stderr(Stdio::null());
                // A failure is told when the tests are run.
                let _ = silent.stdin(Stdio::null()).status();
            }
        })
    });
    // One native test by its name is no reason to build WebAssembly (issue 18).
    let is_loader = choice.name.as_deref().is_none_or(|name| name == "loader");
    let is_built = (!choice.native_only || is_loader)
        && tally.timed("the widget's build", |tally| build(&project, &tools, &choice, tally));
    if is_built && is_loader && !choice.browser_only {
        let name = "the loader never says no where the engine says yes";
        tally.timed("the loader beside the engine", |tally| match loader::check(&project) {
            Ok(()) => tally.step(name, true),
            Err(failure) => tally.failure(name, &failure),
        });
    }
    if let Some(compiled_ahead) = compiled_ahead {
        tally.timed("the rest of native builds", |_| compiled_ahead.join().ok());
    }
    if !choice.browser_only {
        tally.timed("native tests", |tally| {
            let mut command = native_tests(&project, &["--no-fail-fast"]);
            tally.tests("native tests", named(&mut command, &choice));
        });
    }
    // A standard library compiled once more, for fifteen tests: by name, and before a release (issue 18).
    if choice.every_engine && !choice.native_only {
        let outcome = tally
            .timed("tests in WebAssembly", |tally| wasm_tests(&project, &tools, &choice, tally));
        tally.unless_ok("tests in WebAssembly", outcome);
    }
    if is_built && !choice.native_only {
        let outcome = tally
            .timed("tests in browsers", |tally| browser_tests(&project, &tools, &choice, tally));
        tally.unless_ok("tests in browsers", outcome);
    }
    tally.verdict()
}

/// Builds what pages, the studio and the collector's tests need. Whether that worked, and each artefact keeps its limit.
fn build(project: &Project, tools: &Tools, choice: &Choice, tally: &mut Tally) -> bool {
    // The collector serves it, to whatever test it is started for: it has to be there, of any age.
    let is_for_dashboard = choice.name.as_ref().is_none_or(|name| name.contains("dashboard"))
        || !project.root.join("dist/dashboard/index.html").is_file();
    let build = if is_for_dashboard { dist::build } else { dist::build_widget };
    let built = build(project, tools).and_then(|()| dist::size::report(project));
    match &built {
        Ok(report) if choice.name.is_none() => {
            for limit in &report.0 {
                tally.step(&format!("{} keeps its limit", limit.name), limit.is_kept());
            }
        }
        Ok(_) => {}
        Err(failure) => tally.failure("the widget's build", failure),
    }
    built.is_ok()
}

fn native_tests(project: &Project, options: &[&str]) -> Command {
    let mut command = shell::cargo();
    command.args(["test", "--workspace"]).args(options).current_dir(&project.root);
    // Those of the collector wait for processes and databases more than half of their time.
    if std::env::var_os(TEST_THREADS).is_none() {
        let processors = thread::available_parallelism().map_or(2, NonZero::get);
        command.env(TEST_THREADS, (2 * processors).to_string());
    }
    command
}

/// Of the workspace, as the native tests: of the package alone, the libraries would have other features, and be compiled
/// once more.
fn browser_suite(project: &Project, options: &[&str]) -> Command {
    let mut command = native_tests(project, &["--test", "browser"]);
    command.args(options);
    command
}

fn choice(arguments: &[&str]) -> Result<Choice> {
    let mut choice = Choice::default();
    for word in arguments {
        match *word {
            "--native" => choice.native_only = true,
            "--browser" => choice.browser_only = true,
            "--every-engine" => choice.every_engine = true,
            option if option.starts_with('-') => {
                return Err(format!(
                    "`cargo xtask test` takes --native, --browser or --every-engine, no `{option}`"
                ));
            }
            name if choice.name.is_none() => choice.name = Some(name.to_owned()),
            name => return Err(format!("`cargo xtask test` takes one name, `{name}` is a second")),
        }
    }
    if choice.native_only && choice.browser_only {
        return Err("--native and --browser together leave nothing out: give neither".to_owned());
    }
    // Who asks for scenarios by name wants to see them everywhere.
    choice.every_engine |= choice.name.is_some();
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
    let mut command = browser_suite(project, &[]);
    command
        .env("SONDEO_COLLECTOR", collector)
        .env("SONDEO_DIST", project.root.join("dist"))
        .env("SONDEO_AXE", project.node_modules().join("axe-core/axe.min.js"))
        .envs(frameworks.map(|folder| ("SONDEO_FRAMEWORKS", folder)))
        .envs(choice.every_engine.then_some(("SONDEO_EVERY_ENGINE", "1")))
        .envs(drivers.environment());
    tally.tests("tests in browsers", named(&mut command, choice));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_understood() {
        assert_eq!(choice(&[]), Ok(Choice::default()));
        let expected = Choice {
            browser_only: true,
            every_engine: true,
            name: Some("faq".to_owned()),
            ..Choice::default()
        };
        assert_eq!(choice(&["--browser", "faq"]), Ok(expected));
        let expected = Choice { every_engine: true, ..Choice::default() };
        assert_eq!(choice(&["--every-engine"]), Ok(expected));
        for wrong in [&["--fast"][..], &["a", "b"], &["--native", "--browser"]] {
            assert!(choice(wrong).is_err(), "{wrong:?}");
        }
    }
}
