//! `cargo xtask dist`: the widget that ships, in `dist/embed/`, the studio, in `dist/studio/`, and the
//! dashboard, in `dist/dashboard/`.
//!
//! Trunk builds the programs; then the two of the widget, the engine and the sender, are shrunk further, because every
//! byte of them is a visitor's time.

mod compress;
mod dashboard;
mod engine;
mod features;
mod glue;
mod inputs;
pub(crate) mod linker;
pub(crate) mod loader;
pub(crate) mod size;
mod split;
mod trunk;
mod words;

use std::fs;
use std::path::Path;
use std::thread;

use crate::project::Project;
use crate::setup::{self, Purpose, Tools};
use crate::shell::{self, Naming, Result};

pub(crate) use trunk::standard_library_from_source;

/// `cargo xtask dist`
pub(crate) fn command(arguments: &[&str]) -> Result {
    if let Some(word) = arguments.first() {
        return Err(format!("`cargo xtask dist` takes no `{word}`"));
    }
    let project = Project::find()?;
    let tools = setup::ensure(&project, Purpose::Build)?;
    build(&project, &tools)?;
    size::report(&project)?.verdict()
}

/// Writes `dist/`, unless it is already what these inputs make.
pub(crate) fn build(project: &Project, tools: &Tools) -> Result {
    build_and_meanwhile(project, tools, || Ok(()))
}

/// The same, and calls `meanwhile` where what pages need is there minutes before the dashboard is.
pub(crate) fn build_and_meanwhile(
    project: &Project,
    tools: &Tools,
    meanwhile: impl FnOnce() -> Result,
) -> Result {
    let dist = project.root.join("dist");
    let _lock = shell::lock(&dist.join("lock"))?;
    let is_dashboard_there = dashboard::is_there(project, &dist)?;
    thread::scope(|scope| {
        let mut dashboard = None;
        // What comes after the compiler, and the compilation of the dashboard, keep one processor busy each, for minutes.
        let outcome = widget(project, tools, &dist, || {
            dashboard = Some(scope.spawn(|| dashboard::build(project, tools, &dist)));
        });
        let outcome = if is_dashboard_there { outcome } else { outcome.and_then(|()| meanwhile()) };
        let broke_off = |_| Err("the dashboard's build broke off".to_owned());
        let other = dashboard.map_or(Ok(()), |it| it.join().unwrap_or_else(broke_off));
        outcome.and(other)
    })
}

/// Writes of `dist/` what pages and the studio need: nobody waits for a dashboard that no test of theirs opens.
pub(crate) fn build_widget(project: &Project, tools: &Tools) -> Result {
    let dist = project.root.join("dist");
    let _lock = shell::lock(&dist.join("lock"))?;
    widget(project, tools, &dist, || {})
}

/// Calls `is_compiled` as soon as no more is compiled for it.
fn widget(project: &Project, tools: &Tools, dist: &Path, is_compiled: impl FnOnce()) -> Result {
    let stamp = dist.join("fingerprint");
    let fingerprint = inputs::fingerprint(&project.root)?;
    let there = ["embed/sondeo.js", "embed/site.js", "studio/index.html"]
        .iter()
        .all(|name| dist.join(name).is_file());
    if there && fs::read_to_string(&stamp).is_ok_and(|built| built == fingerprint) {
        is_compiled();
        return Ok(());
    }
    println!("Building the widget (2 to 4 minutes at first, then under one)");
    // All of it beside the old one: a build that fails must not leave half a widget to be served.
    let next = dist.join("next");
    anew(&next)?;
    let (embed, studio) = (next.join("embed"), next.join("studio"));
    fs::create_dir(&embed).naming(&embed)?;
    trunk::build(project, tools, &project.root, &studio)?;
    is_compiled();
    let words = words::write(project, &embed)?;
    let places = engine::Places { project, tools, studio: &studio, embed: &embed, words: &words };
    let hash = places.shrink()?;
    loader::write(project, &hash, &embed)?;
    compress::beside(project, &[&embed, &studio])?;

    let _ = fs::remove_file(&stamp);
    for name in ["embed", "studio"] {
        let place = dist.join(name);
        remove(&place)?;
        fs::rename(next.join(name), &place).naming(&place)?;
    }
    remove(&next)?;
    fs::write(&stamp, fingerprint).naming(&stamp)
}

fn anew(folder: &Path) -> Result {
    remove(folder)?;
    fs::create_dir_all(folder).naming(folder)
}

fn remove(folder: &Path) -> Result {
    if folder.exists() {
        fs::remove_dir_all(folder).naming(folder)?;
    }
    Ok(())
}
