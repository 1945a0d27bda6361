//! The plugin of WordPress.

use std::path::PathBuf;

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
    let license = plugin.join("LICENSE");
    std::fs::copy(project.root.join("LICENSE-MIT"), &license).naming(&license)?;
    for (name, content) in widget(project)? {
        write(&plugin.join("assets").join(name), content)?;
    }
    let archive = packages.join(format!("sondeo-wordpress-{VERSION}.zip"));
    let _ = std::fs::remove_file(&archive);
    // Every system has it that has our other tools.
    let zip = "import shutil, sys; shutil.make_archive(sys.argv[1], 'zip', sys.argv[2], 'sondeo')";
    let mut command = std::process::Command::new("python3");
    command.args(["-c", zip]).arg(archive.with_extension("")).arg(packages.join("wordpress"));
    shell::quietly(&mut command)?;
    Ok(archive)
}
