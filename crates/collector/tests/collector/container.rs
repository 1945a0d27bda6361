//! The container's file names what is there. No engine is needed for that, and none is asked for.

use clap::CommandFactory;
use sondeo_collector::config::Config;
use std::collections::BTreeSet;
use std::path::Path;

const FILE: &str = include_str!("../../../../Containerfile");

#[test]
fn it_copies_the_program_that_its_build_makes() {
    let program = Path::new(env!("CARGO_BIN_EXE_sondeo-collector"));
    let program = program.file_stem().and_then(|name| name.to_str()).expect("UTF-8");
    let package = env!("CARGO_PKG_NAME");
    assert!(FILE.contains(&format!("cargo build --release --locked -p {package}")), "{FILE}");
    assert!(FILE.contains(&format!("COPY --from=build /src/target/release/{program} ")), "{FILE}");
    assert!(FILE.contains(&format!("ENTRYPOINT [\"{program}\"]")), "{FILE}");
}

/// The compiler is the one that the widget is built with, and the variables are those of `serve`.
#[test]
fn its_versions_and_variables_are_ours() {
    let toolchain = include_str!("../../../../rust-toolchain.toml");
    let channel = toolchain.split('"').nth(1).expect("a channel");
    let version = channel.rsplit_once(".0").map_or(channel, |(version, _)| version);
    assert!(FILE.contains(&format!("FROM rust:{version}-")), "{channel}: {FILE}");
    let config = Config::command();
    let serve = config.find_subcommand("serve").expect("serve");
    let known: BTreeSet<_> = serve
        .get_arguments()
        .filter_map(|argument| argument.get_env()?.to_str().map(str::to_owned))
        .collect();
    let given =
        FILE.lines().filter_map(|line| line.strip_prefix("ENV ")).flat_map(str::split_whitespace);
    for name in given.filter_map(|pair| pair.split_once('=')).map(|(name, _)| name) {
        assert!(known.contains(name), "{name} is no variable of serve: {known:?}");
    }
}

/// What the build needs is not kept from it, and what it makes is not taken along.
#[test]
fn its_build_sees_the_sources_alone() {
    let ignored: Vec<&str> = include_str!("../../../../.containerignore").lines().collect();
    for made in ["target", "dist", "node_modules"] {
        assert!(ignored.contains(&made), "{made}");
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for needed in ["Cargo.lock", "crates", "loader", "src", "style", "xtask", "rust-toolchain.toml"]
    {
        assert!(root.join(needed).exists(), "{needed}");
        assert!(!ignored.contains(&needed), "{needed}");
    }
}
