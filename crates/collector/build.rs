//! Rebuilds when the files change that macros put into the binary.
#![allow(clippy::print_stdout, reason = "how a build script speaks to cargo")]

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    // A debug build reads the widget from disk when it starts, and must not be rebuilt for it.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../../dist/embed");
        println!("cargo::rerun-if-changed=../../dist/dashboard");
    }
}
