//! `cargo xtask bench`: the widget and the collector beside their peers, in figures of this machine.

mod browser;
mod peers;

use crate::dist;
use crate::project::Project;
use crate::setup::{self, Purpose};
use crate::shell::{self, Result};

/// `cargo xtask bench [widget [--runs N] [--only NAMES] [--write] |
/// collector [write | sites | strangers | summary | dashboard]]`
pub(crate) fn command(arguments: &[&str]) -> Result {
    let project = Project::find()?;
    match arguments {
        [] => {
            widget(&project, &[])?;
            collector(&project, &[])
        }
        ["widget", options @ ..] => widget(&project, options),
        ["collector", parts @ ..] => collector(&project, parts),
        [word, ..] => Err(format!(
            "`cargo xtask bench` takes no `{word}`: nothing, `widget`, or `collector`, then `write`, `sites`, \
             `strangers`, `summary` or `dashboard` for a part"
        )),
    }
}

/// What visitors download and what a page pays, beside what they download and pay of others.
fn widget(project: &Project, options: &[&str]) -> Result {
    let tools = setup::ensure(project, Purpose::Build)?;
    dist::build_widget(project, &tools)?;
    peers::report(project)?;
    browser::report(project, options)
}

/// What the collector carries, beside the same server without a store, and how soon its dashboard stands there.
fn collector(project: &Project, parts: &[&str]) -> Result {
    let mut bench = shell::cargo();
    bench
        .args(["bench", "--package", "sondeo-collector", "--bench", "load", "--"])
        .args(parts)
        .current_dir(&project.root);
    if parts.is_empty() || parts.contains(&"dashboard") {
        let tools = setup::ensure(project, Purpose::Test)?;
        dist::build(project, &tools)?;
        bench.env("CHROMEDRIVER", tools.program("chromedriver")?);
    }
    shell::run(&mut bench)
}
