//! `cargo xtask release checklist`: all that has to be true before a version is given away, in the order in which it costs
//! more and more, and what is left for a person to do.

use std::process::Command;

use super::{Release, VERSION, check, listed, make};
use crate::project::Project;
use crate::shell::{self, Result};
use crate::test::tally::Tally;
use crate::weights::Weights;
use crate::{ci, dist};

/// What a person does afterwards: each of it is seen by others, and cannot be taken back.
const BY_HAND: &str = "\
What is left:
  1. commit xtask/weights.tsv, against which each change is weighed from now on
  2. git tag -s vVERSION && git push origin main vVERSION
  3. npm publish target/release-files/sondeo-VERSION.tgz
  4. cargo publish -p sondeo-model -p sondeo-delivery -p sondeo-session -p sondeo
  5. put target/release-files/ on the release's page, with the section of CHANGELOG.md
  6. hand in sondeo-wordpress-VERSION.zip, packages/gtm/ and packages/shopify/ where they are listed
  7. begin the next version: [workspace.package] of Cargo.toml, and what `cargo test -p xtask` then names";

/// Walks through it. What takes seconds comes first; if that fails, nothing is built.
pub(super) fn walk(project: &Project) -> Result {
    let mut tally = Tally::default();
    for (name, item) in [
        ("everything is committed", everything_is_committed as fn(&Project) -> Result),
        ("CHANGELOG.md has this version and its day", changelog),
        ("nobody was given this version before", tag),
    ] {
        match item(project) {
            Ok(()) => tally.step(name, true),
            Err(failure) => tally.failure(name, &failure),
        }
    }
    if tally.has_failed() {
        println!("Nothing was built: mend these first.");
        return tally.verdict();
    }
    // Before the checks: packages are checked as they were built.
    let made = tally.timed("the files of the release", |_| make(project));
    let is_made = made.is_ok();
    tally.unless_ok("the files of the release", made);
    let checks = tally.timed("cargo xtask ci all", |_| ci::command(&["all"]));
    tally.unless_ok("cargo xtask ci all", checks);
    if is_made {
        let used =
            tally.timed("each file used", |_| Release::of(project).and_then(|it| check::all(&it)));
        tally.unless_ok("each file used", used);
    }
    if tally.has_failed() {
        return tally.verdict();
    }
    weigh(project)?.write(project)?;
    println!("\n{}", BY_HAND.replace("VERSION", VERSION));
    tally.verdict()
}

/// What is released is what others can build from the commit.
fn everything_is_committed(project: &Project) -> Result {
    let status = ["status", "--porcelain", "--untracked-files=normal"];
    let changed = shell::quietly(Command::new("git").args(status).current_dir(&project.root))?;
    if changed.is_empty() { Ok(()) } else { Err(format!("git commit what is changed:\n{changed}")) }
}

fn changelog(project: &Project) -> Result {
    let text = std::fs::read_to_string(project.root.join("CHANGELOG.md"))
        .map_err(|error| format!("CHANGELOG.md: {error}"))?;
    newest_section(&text)
}

/// Whether the newest section is that of the version, with its day.
fn newest_section(changelog: &str) -> Result {
    let heading = changelog.lines().find_map(|line| line.strip_prefix("## "));
    let day = heading
        .and_then(|heading| heading.strip_prefix(VERSION))
        .and_then(|rest| rest.strip_prefix(" ("))
        .and_then(|rest| rest.strip_suffix(')'));
    match day {
        Some(day) if is_day(day) => Ok(()),
        _ => Err(format!(
            "CHANGELOG.md begins with `## {}`: before a release it is `## {VERSION} (YEAR-MONTH-DAY)`",
            heading.unwrap_or("")
        )),
    }
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([4, 2, 2])
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn tag(project: &Project) -> Result {
    let tag = format!("v{VERSION}");
    let mut list = Command::new("git");
    let found = shell::quietly(list.args(["tag", "--list", &tag]).current_dir(&project.root))?;
    if found.is_empty() {
        Ok(())
    } else {
        Err(format!("there is a tag {tag}: raise the version of [workspace.package] in Cargo.toml"))
    }
}

/// What everything weighs that pages and people take.
fn weigh(project: &Project) -> Result<Weights> {
    let mut weights = Weights::of(VERSION);
    for limit in dist::size::report(project)?.0 {
        weights.add(limit.name, limit.weight);
    }
    for (name, bytes) in listed(&Release::of(project)?)? {
        weights.add(&super::nameless(&name), bytes);
    }
    Ok(weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changelog_begins_with_the_version_and_its_day() {
        let with =
            |heading: &str| newest_section(&format!("# Changelog\n\n## {heading}\n\n* All.\n"));
        assert_eq!(with(&format!("{VERSION} (2026-12-01)")), Ok(()));
        for heading in [
            "Unreleased",
            VERSION,
            &format!("{VERSION} (not released)"),
            &format!("{VERSION} (2026-12-1)"),
            &format!("{VERSION}0 (2026-12-01)"),
            &format!("{VERSION} (2026-12-01) or so"),
        ] {
            let refused = with(heading).expect_err(heading);
            assert!(refused.contains(heading), "{refused}");
        }
    }
}
