//! `cargo xtask pictures`: the README's pictures, taken of the built widget, in `docs/images/`.

mod pages;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::project::Project;
use crate::server::Server;
use crate::setup::{self, Purpose};
use crate::shell::{self, Naming, Result};
use crate::{demo, dist, http};

/// What a picture may weigh in bytes: a page that shows all of them should still be quick.
const HEAVIEST: u64 = 60_000;

/// One picture.
struct Picture {
    name: &'static str,
    path: &'static str,
    /// In pixels; Chromium's windows are at least 500 wide.
    size: [u32; 2],
    is_dark: bool,
}

const PICTURES: [Picture; 5] = [
    picture("popover", "/pictures/popover.html", [960, 620]),
    Picture { is_dark: true, ..picture("dialog-dark", "/pictures/dialog.html", [960, 660]) },
    picture("bar", "/pictures/bar.html", [960, 540]),
    picture("phones", "/pictures/phones.html", [880, 660]),
    picture("studio", "/?template=nps&display=inline", [1280, 800]),
];

const fn picture(name: &'static str, path: &'static str, size: [u32; 2]) -> Picture {
    Picture { name, path, size, is_dark: false }
}

/// `cargo xtask pictures`
pub(crate) fn command(arguments: &[&str]) -> Result {
    if let Some(word) = arguments.first() {
        return Err(format!("`cargo xtask pictures` takes no `{word}`"));
    }
    let project = Project::find()?;
    // A browser and fonts.
    setup::ensure(&project, Purpose::Test)?;
    let tools = setup::ensure(&project, Purpose::Build)?;
    dist::build(&project, &tools)?;
    let collector = demo::build_collector(&project)?;

    let folder = project.target.join("pictures");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).naming(&folder)?;
    pages::write(&project.root, &folder)?;
    let address = http::local(http::free_port()?);
    let mut serve = demo::serve(&project, &collector, address, &folder.join("sondeo.db"));
    let mut site = std::ffi::OsString::from("/pictures=");
    site.push(&folder);
    serve.arg("--site").arg(site);
    let mut server = Server::start_logged(&serve, &folder.join("server.log"))?;
    if !http::wait_for(address, "/healthz", Duration::from_secs(20), || server.runs()) {
        return Err(format!("the collector did not start: see {}/server.log", folder.display()));
    }

    let images = project.root.join("docs/images");
    fs::create_dir_all(&images).naming(&images)?;
    for picture in &PICTURES {
        let raw = folder.join(picture.name).with_extension("png");
        picture.take(&format!("http://{address}"), &folder.join("profile"), &raw)?;
        let image = images.join(picture.name).with_extension("png");
        shell::quietly(
            Command::new("node").args(["-e", include_str!("palette.js")]).arg(&raw).arg(&image),
        )?;
        let weight = fs::metadata(&image).naming(&image)?.len();
        println!("docs/images/{}.png {weight:>6} B", picture.name);
        if weight > HEAVIEST {
            return Err(format!(
                "{}.png weighs more than {HEAVIEST} B: make its window smaller in xtask/src/pictures/mod.rs",
                picture.name
            ));
        }
    }
    Ok(())
}

impl Picture {
    fn take(&self, origin: &str, profile: &Path, file: &Path) -> Result {
        let [width, height] = self.size;
        let option = |name: &str, path: &Path| {
            let mut option = std::ffi::OsString::from(name);
            option.push(path);
            option
        };
        let mut chromium = Command::new("chromium");
        chromium
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic"])
            .args(["--no-first-run", "--disable-background-networking", "--hide-scrollbars"])
            // Or it would be taken in the middle of a movement.
            .args(["--force-prefers-reduced-motion", "--virtual-time-budget=6000"])
            .arg(format!("--window-size={width},{height}"))
            .arg(option("--user-data-dir=", profile))
            .arg(option("--screenshot=", file));
        if self.is_dark {
            chromium.arg("--blink-settings=preferredColorScheme=0");
        }
        let _ = fs::remove_file(file);
        shell::quietly(chromium.arg([origin, self.path].concat()))?;
        if file.is_file() {
            Ok(())
        } else {
            Err(format!("Chromium took no picture of {}", self.path))
        }
    }
}
