//! Answers, hashes and exports are for the user that the collector runs as, whatever the umask.
#![cfg(unix)]

use crate::process::{Process, program};
use crate::support::{COMPLETED, On, with};
use serde_json::json;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tokio::process::Command;

fn mode(file: &Path) -> u32 {
    fs::metadata(file).expect("a file").permissions().mode() & 0o777
}

/// This program, below the umask that most systems have.
fn open_to_all(arguments: &[&str]) -> Command {
    let inside = program();
    let mut command = Command::new("sh");
    command.args(["-c", "umask 022; exec \"$@\"", "sh"]).arg(inside.as_std().get_program());
    command.args(arguments).kill_on_drop(true).stderr(std::process::Stdio::null());
    command
}

async fn run(arguments: &[&str]) {
    let status = open_to_all(arguments).stdout(std::process::Stdio::null()).status().await;
    assert!(status.expect("it runs").success(), "{arguments:?}");
}

#[tokio::test]
async fn files_are_for_nobody_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let database = On::Sqlite.database(folder.path());
    let serve = ["serve", "--accept", "any", "--listen", "127.0.0.1:0", "--database", &database];
    let process = Process::spawn(open_to_all(&serve)).await;
    assert_eq!(process.post(with(COMPLETED, json!({}))).await.status(), 201);
    run(&["backup", "--database", &database, &path("copy.db")]).await;
    run(&["export", "--database", &database, "--output", &path("all.ndjson")]).await;
    for name in ["sondeo.db", "sondeo.db-wal", "sondeo.db-shm", "copy.db", "all.ndjson"] {
        assert_eq!(mode(&folder.path().join(name)), 0o600, "{name}");
    }
}

#[tokio::test]
async fn files_of_an_earlier_version_are_closed_to_strangers() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = On::Sqlite.database(folder.path());
    run(&["token", "--database", &database]).await;
    for (before, after) in [(0o644, 0o600), (0o640, 0o640)] {
        fs::set_permissions(&database, Permissions::from_mode(before)).expect("they are set");
        run(&["token", "--database", &database]).await;
        assert_eq!(mode(Path::new(&database)), after, "{before:o}");
    }
}
