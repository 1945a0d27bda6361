//! The reasons why a survey is not shown: a union for pages in TypeScript, and a table for their authors.

use crate::shell::Result;
use sondeo_model::targeting::IneligibleReason;

/// A part of a file that is written from the model: what stands between two texts, which stay.
pub(super) struct ReasonTable {
    pub(super) file: &'static str,
    before: &'static str,
    after: &'static str,
    write: fn() -> String,
}

pub(super) const PARTS: &[ReasonTable] = &[
    ReasonTable {
        file: "loader/sondeo.d.ts",
        before: "export type IneligibleReason =",
        after: ";",
        write: union,
    },
    ReasonTable {
        file: "docs/surveys.md",
        before: "<!-- `cargo xtask schema` writes this table. -->\n",
        after: "\n<!-- Its end. -->",
        write: table,
    },
];

impl ReasonTable {
    /// The text of the file with this part as the model has it.
    pub(super) fn replaced_in(&self, text: &str) -> Result<String> {
        let missing = || format!("{} lacks `{}`", self.file, self.before.trim());
        let (before, rest) = text.split_once(self.before).ok_or_else(missing)?;
        let (_, after) = rest.split_once(self.after).ok_or_else(missing)?;
        Ok([before, self.before, &(self.write)(), self.after, after].concat())
    }
}

fn union() -> String {
    let member = |reason: &IneligibleReason| match reason {
        // The condition follows.
        IneligibleReason::When => format!("\n  | `{} ${{string}}`", reason.as_str()),
        _ => format!("\n  | \"{}\"", reason.as_str()),
    };
    IneligibleReason::ALL.iter().map(member).collect()
}

fn table() -> String {
    let rows = IneligibleReason::ALL
        .iter()
        .map(|reason| format!("\n| `{}` | {} |", reason.as_str(), reason.meaning()));
    format!("| reason | what it means |\n| --- | --- |{}", rows.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::PARTS;

    #[test]
    fn the_files_say_what_the_model_does() {
        for part in PARTS {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(part.file);
            let text = std::fs::read_to_string(path).expect("a file of the repository");
            let written = part.replaced_in(&text).expect("its place in the file");
            assert!(text == written, "{} is old: run `cargo xtask schema`", part.file);
        }
    }
}
