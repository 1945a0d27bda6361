//! `cargo xtask ci`: the parts of the checks, one by one. `cargo xtask test` runs what each change has to keep; what need
//! not be repeated on each change is here alone, and a release runs all of it (issue 18).

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
    Job { name: "native", run: |_| test::command(&["--native"]) },
    Job { name: "browser", run: |_| test::command(&["--browser", "--every-engine"]) },
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
    let mut tally = Tally::default();
    let mut command = shell::cargo();
    command.args(["doc", "--workspace", "--no-deps", "--document-private-items"]);
    command.env("RUSTDOCFLAGS", "-D warnings").current_dir(&project.root);
    tally.step("cargo doc", shell::run(&mut command).is_ok());
    tally.verdict()
}
