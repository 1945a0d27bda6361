//! `cargo xtask release`: what people take who build nothing, in `target/release-files/`, each the same bytes from the same
//! commit on the same system; `cargo xtask release check`, which uses each as they would; and `cargo xtask release
//! checklist`, which walks through all that comes before a release.

mod binary;
mod check;
mod checklist;
mod debian;
mod embed;
mod image;
mod materials;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project::Project;
use crate::setup::{self, Purpose};
use crate::shell::{self, Naming, Result};
use crate::weights::Weights;
use crate::{dist, package};

/// The version of everything that is released together.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// `cargo xtask release`, `cargo xtask release check`, `cargo xtask release checklist`
pub(crate) fn command(arguments: &[&str]) -> Result {
    let project = Project::find()?;
    match arguments {
        [] => make(&project),
        ["check"] => {
            make(&project)?;
            check::all(&Release::of(&project)?)
        }
        ["checklist"] => checklist::walk(&project),
        _ => Err("`cargo xtask release` takes nothing, `check` or `checklist`".to_owned()),
    }
}

/// A release that is being made.
struct Release<'a> {
    project: &'a Project,
    /// Where the files are that people take.
    files: PathBuf,
    /// Where they are put together.
    work: PathBuf,
    /// Seconds since 1970 of the commit: the date of every file within.
    date: String,
}

impl<'a> Release<'a> {
    fn of(project: &'a Project) -> Result<Self> {
        let mut log = Command::new("git");
        log.args(["log", "-1", "--format=%ct"]).current_dir(&project.root);
        let date = shell::quietly(&mut log)?.trim().to_owned();
        let files = project.target.join("release-files");
        Ok(Self { project, files, work: project.target.join("release-work"), date })
    }

    /// A file that people take.
    fn file(&self, name: &str) -> PathBuf {
        self.files.join(name)
    }

    /// GNU tar, told all that would differ from one machine to the next.
    fn tar(&self, archive: &Path) -> Command {
        let mut tar = Command::new("tar");
        tar.args(["--sort=name", "--format=ustar", "--numeric-owner", "--owner=0", "--group=0"])
            .arg(format!("--mtime=@{}", self.date))
            .arg("--mode=u+rw,go+r,go-w,a+X")
            .arg("-cf")
            .arg(archive);
        tar
    }

    /// Packs what is in a folder of [`Self::work`] into `NAME.tar.gz`, under its own name.
    fn archive(&self, folder: &str) -> Result {
        let tar = self.work.join(format!("{folder}.tar"));
        shell::quietly(self.tar(&tar).arg("-C").arg(&self.work).arg(folder))?;
        // Without the time, which gzip writes else.
        shell::quietly(Command::new("gzip").args(["-9nf"]).arg(&tar))?;
        let packed = self.work.join(format!("{folder}.tar.gz"));
        let taken = self.file(&format!("{folder}.tar.gz"));
        fs::rename(&packed, &taken).naming(&taken)
    }
}

fn make(project: &Project) -> Result {
    let tools = setup::ensure(project, Purpose::Release)?;
    dist::build(project, &tools)?;
    let release = Release::of(project)?;
    for folder in [&release.files, &release.work] {
        package::anew(folder)?;
    }
    let program = binary::build(&release)?;
    binary::archive(&release, &program)?;
    debian::pack(&release, &program, VERSION)?;
    image::pack(&release, &program)?;
    embed::pack(&release)?;
    materials::write(&release, &tools)?;
    for packed in package::for_registries(project)? {
        let name = packed.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let taken = release.file(&name);
        fs::copy(&packed, &taken).naming(&taken)?;
    }
    checksums(&release)?;
    let last = Weights::read(project)?;
    for (name, bytes) in listed(&release)? {
        let since = last.since(&nameless(&name), bytes);
        println!("{:>10} kB  {name}{since}", bytes.div_ceil(1_000));
    }
    Ok(())
}

/// What a file is called in every release.
fn nameless(file: &str) -> String {
    file.replace(VERSION, "VERSION")
}

/// The files that people take, by name, with their bytes.
fn listed(release: &Release<'_>) -> Result<Vec<(String, u64)>> {
    let folder = &release.files;
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).naming(folder)? {
        let entry = entry.naming(folder)?;
        let bytes = entry.metadata().naming(folder)?.len();
        files.push((entry.file_name().to_string_lossy().into_owned(), bytes));
    }
    files.sort();
    Ok(files)
}

/// `SHA256SUMS`, as `sha256sum --check` reads it.
fn checksums(release: &Release<'_>) -> Result {
    let names = listed(release)?.into_iter().map(|(name, _)| name);
    let mut sum = Command::new("sha256sum");
    sum.args(names).current_dir(&release.files);
    package::write(&release.file("SHA256SUMS"), shell::quietly(&mut sum)?)
}
