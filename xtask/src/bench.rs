//! `cargo xtask bench`: figures of this machine.

use crate::project::Project;
use crate::shell::{self, Result};

/// `cargo xtask bench`
pub(crate) fn command(arguments: &[&str]) -> Result {
    let ["collector", parts @ ..] = arguments else {
        return Err("`cargo xtask bench` takes `collector`, then `write` or `summary` for a part"
            .to_owned());
    };
    let project = Project::find()?;
    shell::run(
        shell::cargo()
            .args(["bench", "--package", "sondeo-collector", "--bench", "load", "--"])
            .args(parts)
            .current_dir(&project.root),
    )
}
