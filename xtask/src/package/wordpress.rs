//! The plugin of WordPress.

use std::path::PathBuf;
use std::process::Command;

use super::{VERSION, anew, copy_all, folder, widget, write};
use crate::project::Project;
use crate::shell::{self, Naming, Result};

/// Puts the plugin together in `target/packages/wordpress/sondeo`, the widget within: WordPress' directory takes no
/// plugin that fetches its scripts from elsewhere.
pub(super) fn pack(project: &Project) -> Result<PathBuf> {
    let packages = folder(project);
    let plugin = packages.join("wordpress/sondeo");
    anew(&packages.join("wordpress"))?;
    copy_all(&project.root.join("packages/wordpress"), &plugin)?;
    // The rules of its code are for our own check.
    let rules = plugin.join("phpcs.xml");
    std::fs::remove_file(&rules).naming(&rules)?;
    let license = plugin.join("LICENSE");
    std::fs::copy(project.root.join("LICENSE-MIT"), &license).naming(&license)?;
    for (name, content) in widget(project)? {
        write(&plugin.join("assets").join(name), content)?;
    }
    let archive = packages.join(format!("sondeo-wordpress-{VERSION}.zip"));
    let mut command = Command::new("node");
    command.args(["-e", include_str!("zip.js"), "--"]).arg(&plugin).arg("sondeo").arg(&archive);
    shell::quietly(&mut command)?;
    Ok(archive)
}
