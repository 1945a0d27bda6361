//! The image for containers, from nothing: the program, the certificates of authorities, and a folder for its database.
//! No shell, a numeric user, so that Kubernetes can see that it is not root.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Release, VERSION};
use crate::package;
use crate::shell::{self, Naming, Result};

/// Nobody on any system.
const USER: &str = "10001:10001";
/// Where Debian keeps them; the receivers of webhooks have certificates.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Writes `sondeo-collector-VERSION-oci.tar`, which `podman load`, `docker load` and `skopeo copy oci-archive:…` take.
pub(super) fn pack(release: &Release<'_>, program: &Path) -> Result {
    let root = release.work.join("image");
    package::anew(&root)?;
    for (from, to) in
        [(program, "usr/bin/sondeo-collector"), (Path::new(AUTHORITIES), &AUTHORITIES[1..])]
    {
        let to = root.join(to);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).naming(folder)?;
        }
        fs::copy(from, &to).naming(from)?;
    }
    fs::create_dir(root.join("data")).naming(&root)?;
    let layer = release.work.join("layer.tar");
    shell::quietly(release.tar(&layer).arg("-C").arg(&root).args(["etc", "usr"]))?;
    let mut own = Command::new("tar");
    own.args([
        "--format=ustar",
        "--numeric-owner",
        "--owner=10001",
        "--group=10001",
        "--mode=0700",
    ])
    .arg(format!("--mtime=@{}", release.date))
    .arg("-rf")
    .arg(&layer)
    .arg("-C")
    .arg(&root)
    .arg("data");
    shell::quietly(&mut own)?;

    let layout = release.work.join("oci");
    if layout.exists() {
        fs::remove_dir_all(&layout).naming(&layout)?;
    }
    let image = format!("{}:{VERSION}", layout.display());
    let created = {
        let mut date = Command::new("date");
        date.args(["-u", "+%Y-%m-%dT%H:%M:%SZ", "-d"]).arg(format!("@{}", release.date));
        shell::quietly(&mut date)?.trim().to_owned()
    };
    let umoci = |words: &[&str]| -> Result {
        shell::quietly(Command::new("umoci").args(words))?;
        Ok(())
    };
    umoci(&["init", "--layout", &layout.display().to_string()])?;
    umoci(&["new", "--image", &image])?;
    umoci(&[
        "raw",
        "add-layer",
        "--image",
        &image,
        "--history.author=Sondeo",
        &format!("--history.created={created}"),
        "--history.created_by=cargo xtask release",
        &layer.display().to_string(),
    ])?;
    let label =
        |name: &str, value: &str| format!("--config.label=org.opencontainers.image.{name}={value}");
    umoci(&[
        "config",
        "--image",
        &image,
        "--architecture=amd64",
        "--os=linux",
        &format!("--created={created}"),
        &format!("--config.user={USER}"),
        "--config.entrypoint=/usr/bin/sondeo-collector",
        "--config.cmd=serve",
        "--config.env=SONDEO_LISTEN=0.0.0.0:7878",
        "--config.env=SONDEO_DATABASE=/data/sondeo.db",
        "--config.env=SONDEO_EMBED_VERSIONS=/data/embed-versions",
        "--config.env=SONDEO_LOG_JSON=true",
        "--config.exposedports=7878/tcp",
        "--config.volume=/data",
        // It ends well on it: what was begun is finished.
        "--config.stopsignal=SIGTERM",
        &label("title", "sondeo-collector"),
        &label(
            "description",
            "Collects answers of Sondeo's micro-surveys, and serves widget, studio and dashboard",
        ),
        &label("version", VERSION),
        &label("licenses", "MIT OR Apache-2.0"),
        &label("created", &created),
        "--history.author=Sondeo",
        &format!("--history.created={created}"),
        "--history.created_by=cargo xtask release",
    ])?;
    // Blobs of steps on the way.
    umoci(&["gc", "--layout", &layout.display().to_string()])?;
    let packed = release.file(&format!("sondeo-collector-{VERSION}-oci.tar"));
    shell::quietly(release.tar(&packed).arg("-C").arg(&layout).arg("."))?;
    Ok(())
}
