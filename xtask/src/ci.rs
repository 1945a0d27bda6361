//! `cargo xtask ci`: the parts of the checks, one by one. `cargo xtask test` runs what each change has to keep; what need
//! not be repeated on each change is here alone, and a release runs all of it (issue 18).

use std::fs;
use std::process::Command;

use crate::project::Project;
use crate::setup::{self, Purpose};
use crate::shell::{self, Result};
use crate::test::tally::Tally;
use crate::{dist, test};

/// A part of the checks.
struct Job {
    name: &'static str,
    run: fn(&Project) -> Result,
}

const JOBS: &[Job] = &[
    Job { name: "lint", run: lint },
    Job { name: "features", run: features },
    Job { name: "docs", run: docs },
    Job { name: "words", run: words },
    Job { name: "scripts", run: scripts },
    Job { name: "deny", run: deny },
    Job { name: "native", run: |_| test::command(&["--native"]) },
    Job { name: "browser", run: |_| test::command(&["--browser", "--every-engine"]) },
    Job { name: "crates", run: crate::package::crates::check },
    // Of what `cargo xtask dist` has built.
    Job { name: "packages", run: crate::package::check },
];

/// `cargo xtask ci JOB …`
pub(crate) fn command(arguments: &[&str]) -> Result {
    let known = || JOBS.iter().map(|job| job.name).collect::<Vec<_>>().join(", ");
    if arguments.is_empty() {
        return Err(format!("`cargo xtask ci` takes one or several of {}, or all", known()));
    }
    let project = Project::find()?;
    let mut failed = Vec::new();
    let mut run = |job: &Job| {
        println!("\n==== {} ====", job.name);
        if let Err(failure) = (job.run)(&project) {
            println!("{failure}");
            failed.push(job.name);
        }
    };
    for word in arguments {
        match JOBS.iter().find(|job| job.name == *word) {
            Some(job) => run(job),
            None if *word == "all" => JOBS.iter().for_each(&mut run),
            None => return Err(format!("`{word}` is no job (there are {}, and all)", known())),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

/// Formatting, clippy, types; also of tests that `cargo test` does not run by itself.
fn lint(project: &Project) -> Result {
    setup::ensure(project, Purpose::Native)?;
    let mut tally = Tally::default();
    test::lint(project, &mut tally);
    test::clippy(project, &mut tally, "cargo clippy", &["--workspace", "--all-targets"]);
    let targets = ["-p", "sondeo", "--test", "wasm", "--test", "browser"];
    test::clippy(project, &mut tally, "cargo clippy for tests in browsers", &targets);
    tally.verdict()
}

/// Each feature alone: what one crate of the workspace asks for is there for all of them. And code that is compiled for
/// browsers in another way than natively, in an application that uses the component.
fn features(project: &Project) -> Result {
    setup::ensure(project, Purpose::Native)?;
    let mut tally = Tally::default();
    for feature in ["", "explain", "languages", "metric", "reasons", "schema", "serde"] {
        let name = format!("sondeo-model with the feature \"{feature}\" alone");
        let alone = ["-p", "sondeo-model", "--no-default-features", "--features", feature];
        test::clippy(project, &mut tally, &name, &alone);
    }
    let mut command = shell::cargo();
    command
        .args(["check", "-p", "sondeo-example-leptos-app"])
        .args(["--target", "wasm32-unknown-unknown"])
        .current_dir(&project.root);
    dist::standard_library_from_source(&mut command, project);
    tally.step("the example application, for browsers", shell::run(&mut command).is_ok());
    tally.verdict()
}

/// The documentation of every crate, without a warning.
fn docs(project: &Project) -> Result {
    let mut command = shell::cargo();
    command.args(["doc", "--workspace", "--no-deps", "--document-private-items"]);
    one_step(project, "cargo doc", command.env("RUSTDOCFLAGS", "-D warnings"))
}

/// What is no slip in our files: words of Rust, of other languages, of services, and slips that tests are about.
const KNOWN_WORDS: &[&str] = &[
    "alltime", "atleast", "calle", "checkuot", "cliente", "crate", "foto", "hace", "inflight",
    "ist", "laod", "lod", "momento", "nd", "ot", "paeth", "reencode", "requird", "responde", "ser",
    "tawk", "te", "tempalte", "tha", "thrid", "tthe", "whats",
];
/// Files in which other languages than English stand, or none.
const OTHER_LANGUAGES: &[&str] = &[
    "messages/",
    "golden/",
    "fixtures/",
    "spanish",
    "texts.rs",
    "words/es.rs",
    "Cargo.lock",
    "package-lock.json",
    ".png",
    ".db",
];

/// Slips of spelling.
fn words(project: &Project) -> Result {
    let codespell = setup::system_program("codespell")?;
    let files = tracked(project)?;
    let is_english = |file: &&String| !OTHER_LANGUAGES.iter().any(|part| file.contains(part));
    let mut command = Command::new(codespell);
    command.arg("--ignore-words-list").arg(KNOWN_WORDS.join(","));
    one_step(project, "spelling", command.args(files.iter().filter(is_english)))
}

/// What shells would misunderstand in our scripts, and whether JavaScript is written as Prettier writes it.
fn scripts(project: &Project) -> Result {
    let shellcheck = setup::system_program("shellcheck")?;
    let is_script = |file: &&String| {
        fs::read(project.root.join(file)).is_ok_and(|text| text.starts_with(b"#!/bin/sh"))
    };
    let files = tracked(project)?;
    let mut shell_scripts = Command::new(shellcheck);
    shell_scripts.args(files.iter().filter(is_script));
    setup::ensure_node_tools(project)?;
    let is_javascript = |file: &&String| {
        let extension = file.rsplit_once('.').map(|(_, extension)| extension);
        matches!(extension, Some("js" | "cjs" | "mjs" | "ts" | "mts" | "cts"))
    };
    let mut prettier = Command::new(project.root.join("loader/node_modules/.bin/prettier"));
    prettier.arg("--check").args(files.iter().filter(is_javascript));
    let mut tally = Tally::default();
    for (name, command) in [("shell scripts", &mut shell_scripts), ("JavaScript", &mut prettier)] {
        tally.step(name, shell::run(command.current_dir(&project.root)).is_ok());
    }
    tally.verdict()
}

/// Licences, versions that stand beside each other, and where crates come from: `xtask/deny.toml` says what is allowed and why.
/// Advisories are asked for where their database can be reached: a check without a network is none of the tree's faults.
fn deny(project: &Project) -> Result {
    let program = setup::cargo_program(project, "cargo-deny")?;
    let mut command = Command::new(program);
    command.args(["--workspace", "--all-features", "--locked", "check"]);
    command.args(["--config", "xtask/deny.toml", "bans", "licenses", "sources"]);
    one_step(project, "cargo deny", &mut command)
}

/// A job that is one command.
fn one_step(project: &Project, name: &str, command: &mut Command) -> Result {
    let mut tally = Tally::default();
    tally.step(name, shell::run(command.current_dir(&project.root)).is_ok());
    tally.verdict()
}

/// What Git keeps of the tree.
fn tracked(project: &Project) -> Result<Vec<String>> {
    let list = shell::quietly(Command::new("git").arg("ls-files").current_dir(&project.root))?;
    Ok(list.lines().map(str::to_owned).collect())
}
