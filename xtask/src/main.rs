//! The repository's commands: `cargo xtask <command>`.
//!
//! Little here depends on crates beside our own model, so that the first command in a fresh clone answers within seconds:
//! what reads and writes modules of WebAssembly, for [`dist`].
#![allow(clippy::print_stdout, reason = "a command line tool speaks on standard output")]

mod bench;
mod book;
mod ci;
mod demo;
mod dist;
mod http;
mod package;
mod pictures;
mod project;
mod release;
mod schema;
mod server;
mod setup;
mod shell;
mod test;
mod weights;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask <command>

  setup             finds what building and testing need, installs what is missing
  dist              writes the deployable widget to dist/embed/ and prints what it weighs
  demo              serves studio, demo shop and collector on http://127.0.0.1:7878/
    --port N        on another port
  test [NAME]       runs every test, or those that have this in their name
    --native        only what needs no browser
    --browser       only what needs one
    --every-engine  each scenario in Chromium, Firefox and WebKit, also those about rules that are the same everywhere,
                    which else run in Chromium
  ci JOB ...        runs parts of the checks: lint, features, docs, words, scripts, deny, native, browser,
                    packages, or all; `test` has formatting, native and the most of browser, and has to end in
                    time
  bench             measures the widget beside its peers, and what the collector carries; bench widget and bench
                    collector measure one
    --runs N        widget: so many runs (3)
    --only NAMES    widget: of these alone, as floor,sondeo
    --write         widget: writes docs/performance.md
  schema            writes what comes from the model: docs/survey.schema.json, by which editors check survey files,
                    the tables of keys in docs/surveys.md and docs/page.md, what editors complete, and the reasons for
                    not showing a survey
  package WHAT      puts a package together, of what `dist` has built: npm or wordpress; package check [NAME] checks
                    each as those who take it would
  book              writes the documentation as a book with search, to target/book/
  release           makes what people take who build nothing, in target/release-files/: a static program, a package of
                    Debian, an image for containers, the widget with hashes, checksums, the list of materials; release
                    check uses each as they would; release checklist walks through all that comes before a release,
                    ci all and release check among it, which takes hours
  pictures          takes the README's pictures anew
  help              prints this
";

fn main() -> ExitCode {
    if dist::linker::is_called() {
        return dist::linker::main();
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut words = arguments.iter().map(String::as_str);
    let command = words.next();
    let rest: Vec<&str> = words.collect();
    let done = match command {
        Some("setup") => setup::command(&rest),
        Some("dist") => dist::command(&rest),
        Some("demo") => demo::command(&rest),
        Some("test") => test::command(&rest),
        Some("ci") => ci::command(&rest),
        Some("bench") => bench::command(&rest),
        Some("schema") => schema::command(&rest),
        Some("package") => package::command(&rest),
        Some("book") => book::command(&rest),
        Some("release") => release::command(&rest),
        Some("pictures") => pictures::command(&rest),
        Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_empty() {
                eprintln!("\n{failure}");
            }
            ExitCode::FAILURE
        }
    }
}
