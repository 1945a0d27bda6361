//! The collector as one static program, with widget, studio and dashboard inside: it runs on any Linux of its processor.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Release, VERSION};
use crate::package;
use crate::project::Project;
use crate::shell::{self, Naming, Result};

/// The processors and the C library that it is built for.
const TARGET: &str = "x86_64-unknown-linux-musl";

/// Builds it, its standard library included: compilers bring none for musl unless somebody fetches it.
pub(super) fn build(release: &Release<'_>) -> Result<PathBuf> {
    let project = release.project;
    let root = project.root.display();
    let home = std::env::var("CARGO_HOME");
    let home = home.or_else(|_| std::env::var("HOME").map(|home| home + "/.cargo"));
    let home = home.map_err(|_| "neither CARGO_HOME nor HOME is set")?;
    let target = project.target.join("static");
    let unwinder = unwinder(&target.join("unwinder"))?;
    let unwinder = unwinder.display();
    // The wrapper of GCC for musl links no static program that may stand anywhere in memory.
    // Where it was built is nobody's business, and would make another program of it elsewhere. The standard library's source
    // may be that of another toolchain, by a link.
    let source = library_source(project)?;
    let [link, source] = [&source, &fs::canonicalize(&source).naming(&source)?]
        .map(|path| format!("--remap-path-prefix={}=rust/library", path.display()));
    let flags = format!(
        "-Ctarget-feature=+crt-static -Clink-self-contained=no -Crelocation-model=static -Lnative={unwinder} \
         --remap-path-prefix={root}=sondeo --remap-path-prefix={home}=cargo {link} {source}"
    );
    let mut cargo = shell::cargo();
    cargo
        .args(["rustc", "--release", "--locked", "-p", "sondeo-collector"])
        .args(["--bin", "sondeo-collector", "--target", TARGET])
        .current_dir(&project.root)
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_unwind")
        .env("CC_x86_64_unknown_linux_musl", "musl-gcc")
        .env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_LINKER", "musl-gcc")
        .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
        .env("SOURCE_DATE_EPOCH", &release.date)
        .env("RUSTFLAGS", flags)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        // Libraries of C call what GCC has for what processors lack, as `__popcountdi2`; the compiler names that library for
        // glibc alone.
        .args(["--", "-Clink-arg=-lgcc"]);
    println!("Building the static program (about 10 minutes at first)");
    shell::run(&mut cargo)?;
    let program = built(project);
    if program.is_file() {
        Ok(program)
    } else {
        Err(format!("{} was not built", program.display()))
    }
}

/// Where the source of the standard library is.
fn library_source(project: &Project) -> Result<PathBuf> {
    let mut ask = Command::new("rustc");
    let sysroot = shell::quietly(ask.args(["--print", "sysroot"]).current_dir(&project.root))?;
    Ok(Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library"))
}

/// Writes the library that panics unwind by, and says where. A standard library for musl asks for LLVM's, which brings its
/// own compilers and which distributions do not have; GCC's has the same functions (<https://itanium-cxx-abi.github.io/cxx-abi/abi-eh.html>).
/// It asks glibc where an address belongs to, which `find_object.c` answers on musl.
fn unwinder(folder: &Path) -> Result<PathBuf> {
    package::anew(folder)?;
    let mut ask = Command::new("musl-gcc");
    let known = shell::quietly(ask.arg("-print-file-name=libgcc_eh.a"))?;
    let library = folder.join("libunwind.a");
    fs::copy(known.trim(), &library).naming(Path::new(known.trim()))?;
    let (source, object) = (folder.join("find_object.c"), folder.join("find_object.o"));
    package::write(&source, include_str!("find_object.c"))?;
    let mut compile = Command::new("musl-gcc");
    shell::quietly(compile.args(["-Os", "-c"]).arg(&source).arg("-o").arg(&object))?;
    // Without dates: the same inputs make the same bytes.
    shell::quietly(Command::new("ar").arg("rD").arg(&library).arg(&object))?;
    Ok(folder.to_path_buf())
}

/// Where it is once it is built.
pub(super) fn built(project: &Project) -> PathBuf {
    project.target.join("static").join(TARGET).join("release/sondeo-collector")
}

/// The program with its licences and the unit, to be unpacked anywhere.
pub(super) fn archive(release: &Release<'_>, program: &Path) -> Result {
    let name = format!("sondeo-collector-{VERSION}-x86_64-linux");
    let folder = release.work.join(&name);
    package::anew(&folder)?;
    let root = &release.project.root;
    for (from, to) in [
        (program.to_path_buf(), "sondeo-collector"),
        (root.join("LICENSE-MIT"), "LICENSE-MIT"),
        (root.join("LICENSE-APACHE"), "LICENSE-APACHE"),
        (root.join("CHANGELOG.md"), "CHANGELOG.md"),
        (root.join("packages/debian/sondeo-collector.service"), "sondeo-collector.service"),
        (root.join("packages/debian/collector.toml"), "collector.toml"),
    ] {
        let to = folder.join(to);
        fs::copy(&from, &to).naming(&from)?;
    }
    release.archive(&name)
}
