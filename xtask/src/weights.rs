//! What each artefact weighed at the last release, in `xtask/weights.tsv`: whoever changes something reads what it adds
//! (issue 18).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use crate::project::Project;
use crate::shell::{Naming, Result};

/// The weights of one release.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Weights {
    /// Which release.
    of: String,
    /// Bytes by name.
    bytes: BTreeMap<String, u64>,
}

impl Weights {
    /// None of them yet.
    pub(crate) fn of(release: &str) -> Self {
        Self { of: release.to_owned(), bytes: BTreeMap::new() }
    }

    /// Those of the last release.
    pub(crate) fn read(project: &Project) -> Result<Self> {
        let file = file(project);
        Self::parse(&fs::read_to_string(&file).naming(&file)?)
    }

    /// Makes them those of the last release.
    pub(crate) fn write(&self, project: &Project) -> Result {
        let file = file(project);
        fs::write(&file, self.text()).naming(&file)
    }

    /// Adds the weight of an artefact in bytes.
    pub(crate) fn add(&mut self, name: &str, bytes: u64) {
        self.bytes.insert(name.to_owned(), bytes);
    }

    /// How much more or less than then, as the end of a line.
    pub(crate) fn since(&self, name: &str, bytes: u64) -> String {
        let of = &self.of;
        match self.bytes.get(name) {
            None => format!(" (not in {of})"),
            Some(before) if *before == bytes => format!(" (as in {of})"),
            Some(before) => {
                let word = if bytes > *before { "more" } else { "less" };
                format!(" ({} B {word} than in {of})", bytes.abs_diff(*before))
            }
        }
    }

    fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        let of = lines.next().and_then(|line| line.strip_prefix("release\t"));
        let of = of.ok_or("xtask/weights.tsv begins with `release`, a tab and its version")?;
        let mut weights = Self::of(of);
        for line in lines {
            let (name, bytes) = line
                .split_once('\t')
                .and_then(|(name, bytes)| Some((name, bytes.parse().ok()?)))
                .ok_or_else(|| {
                    format!("xtask/weights.tsv: `{line}` is no name, tab and number of bytes")
                })?;
            weights.add(name, bytes);
        }
        Ok(weights)
    }

    fn text(&self) -> String {
        let mut text = format!("release\t{}\n", self.of);
        for (name, bytes) in &self.bytes {
            let _ = writeln!(text, "{name}\t{bytes}");
        }
        text
    }
}

fn file(project: &Project) -> PathBuf {
    project.root.join("xtask/weights.tsv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_as_they_were_written() {
        let mut weights = Weights::of("0.1.0");
        weights.add("the loader", 1_532);
        weights.add("sondeo-VERSION.tgz", 1_000_000);
        assert_eq!(Weights::parse(&weights.text()), Ok(weights));
        for text in
            ["", "the loader\t1\n", "release\t1\nthe loader 12\n", "release\t1\nthe loader\tx\n"]
        {
            assert!(Weights::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_difference_is_told_with_its_direction() {
        let mut weights = Weights::of("0.1.0");
        weights.add("it", 100);
        for (bytes, said) in [
            (100, " (as in 0.1.0)"),
            (101, " (1 B more than in 0.1.0)"),
            (98, " (2 B less than in 0.1.0)"),
        ] {
            assert_eq!(weights.since("it", bytes), said);
        }
        assert_eq!(weights.since("another", 1), " (not in 0.1.0)");
    }

    #[test]
    fn the_file_can_be_read() {
        Weights::parse(include_str!("../weights.tsv")).unwrap_or_else(|error| panic!("{error}"));
    }
}
