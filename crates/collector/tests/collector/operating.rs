//! The commands, as an operator types them.

use crate::process::{Process, program};
use crate::support::{COMPLETED, On, on_both, with};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use tokio::io::AsyncWriteExt;

on_both!(
    what_is_seeded_is_whole_and_comes_back_from_a_file,
    people_and_keys_are_made_by_commands,
    what_is_too_old_goes_by_itself,
);

/// Runs a command, and gives what it says, and whether it did it.
pub(crate) async fn run(database: &str, arguments: &[&str], input: &str) -> (bool, String, String) {
    let mut command = program();
    command.arg(arguments[0]).args(["--database", database]).args(&arguments[1..]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .env("RUST_LOG", "warn");
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(input.as_bytes()).await.expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().await.expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.success(), text(output.stdout), text(output.stderr))
}

pub(crate) async fn done(database: &str, arguments: &[&str]) -> String {
    let (done, out, err) = run(database, arguments, "").await;
    assert!(done, "{arguments:?}: {err}");
    out
}

async fn what_is_seeded_is_whole_and_comes_back_from_a_file(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let database = on.database(folder.path());
    done(&database, &["seed", "--responses", "1500", "--days", "60"]).await;
    done(&database, &["seed", "--responses", "1500", "--if-empty"]).await;
    let whole = "1500 responses, and every count is theirs\n";
    assert_eq!(done(&database, &["check"]).await, whole);
    let all = path("all.ndjson");
    done(&database, &["export", "--output", &all]).await;
    assert_eq!(fs::read_to_string(&all).expect("a file").lines().count(), 1_500);
    let table = done(&database, &["export", "--format", "csv", "--survey", "follow-up"]).await;
    assert!(table.starts_with("id,revision,status,survey,") && table.contains("follow-up"));
    let (again, _, err) = run(&database, &["export", "--output", &all], "").await;
    assert!(!again && err.contains("cannot make"), "a file is never written over: {err}");

    let copy = match on {
        On::Sqlite => path("copy.db"),
        On::Postgres => on.database(folder.path()),
    };
    let said = done(&copy, &["import", &all]).await;
    assert_eq!(said, "1500 stored, 0 known or erased before, 0 refused\n");
    let said = done(&copy, &["import", &all]).await;
    assert_eq!(said, "0 stored, 1500 known or erased before, 0 refused\n");
    assert_eq!(done(&copy, &["check"]).await, whole);
    let exported = path("again.ndjson");
    done(&copy, &["export", "--output", &exported]).await;
    let read = |file: &str| fs::read_to_string(file).expect("a file");
    assert!(read(&all) == read(&exported), "what comes back is what went out");

    let csv = path("all.csv");
    for (separator, extra) in [("comma", &[][..]), ("semicolon", &["--bom"]), ("tab", &["--bom"])] {
        let _ = fs::remove_file(&csv);
        let export = ["export", "--format", "csv", "--separator", separator, "--output", &csv];
        done(&database, &[&export[..], extra].concat()).await;
        let copy = match on {
            On::Sqlite => path(&format!("{separator}.db")),
            On::Postgres => on.database(folder.path()),
        };
        assert_eq!(
            done(&copy, &["import", &csv]).await,
            "1500 stored, 0 known or erased before, 0 refused\n",
            "{separator}"
        );
        let exported = path(&format!("{separator}.ndjson"));
        done(&copy, &["export", "--output", &exported]).await;
        assert!(read(&all) == read(&exported), "{separator}: what comes back is what went out");
    }

    let damaged = path("damaged.ndjson");
    fs::write(&damaged, format!("\u{feff}{{}}\n{}", with(COMPLETED, json!({})))).expect("a file");
    let (is_done, out, err) = run(&copy, &["import", &damaged], "").await;
    assert!(!is_done && out.starts_with("1 stored, 0 known or erased before, 1 refused"));
    assert!(err.contains("line 1: sondeo is missing"), "{err}");
    let id = "0199a3c2-5f1e-7a3b-8c4d-0123456789ab";
    assert_eq!(done(&copy, &["erase", "--response", id]).await, "1 erased\n");
    let said = done(&copy, &["import", &damaged.replace("damaged", "all")]).await;
    assert!(said.starts_with("0 stored"), "{said}");
    let audit = done(&copy, &["audit"]).await;
    assert!(audit.contains("\tcommand\terase\ta response\t1\n") && !audit.contains(id), "{audit}");
    let (is_done, _, err) = run(&copy, &["erase", "--older-than", "0"], "").await;
    assert!(!is_done && err.contains("1500 of 1500 responses are older than 0 days"), "{err}");
    assert_eq!(done(&copy, &["erase", "--older-than", "0", "--most"]).await, "1500 erased\n");
    assert_eq!(done(&copy, &["check"]).await, "0 responses, and every count is theirs\n");
}

async fn people_and_keys_are_made_by_commands(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = on.database(folder.path());
    // Makes the database, which no other of these commands does.
    done(&database, &["token", "--label", "first"]).await;
    let (is_set, _, err) = run(&database, &["user", "ana"], "short\n").await;
    assert!(!is_set && err.contains("a password must have at least 8 characters"), "{err}");
    assert!(run(&database, &["user", "ana"], "correct horse\n").await.0);
    assert_eq!(done(&database, &["user"]).await, "ana\n");
    done(&database, &["user", "ana", "--remove"]).await;
    assert_eq!(done(&database, &["user"]).await, "");
    let token = done(&database, &["token", "--label", "bi", "--scope", "export"]).await;
    assert!(token.starts_with("sondeo_"));
    assert!(done(&database, &["token", "--list"]).await.starts_with("bi\texport\tmade 20"));
    done(&database, &["token", "--revoke", "bi"]).await;
    assert!(done(&database, &["token", "--list"]).await.contains("\trevoked 20"));
    assert!(!run(&database, &["token", "--revoke", "bi"], "").await.0, "it works no longer");
    for unclear in ["", "two\nlines"] {
        let (is_made, _, err) = run(&database, &["token", "--label", unclear], "").await;
        assert!(!is_made && err.contains("a label is a name in one line"), "{err}");
    }
    assert!(done(&database, &["key", "checkout"]).await.starts_with("key_"));
    done(&database, &["key", "checkout", "--remove"]).await;
    assert!(!run(&database, &["key", "Checkout"], "").await.0);
}

async fn what_is_too_old_goes_by_itself(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = on.database(folder.path());
    done(&database, &["seed", "--responses", "600", "--days", "50"]).await;
    let process = Process::start_with(&database, &["--retention", "30"]).await;
    let token = process.token.clone();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !done(&database, &["audit"]).await.contains("retention\terase\tolder than 30 days") {
        assert!(std::time::Instant::now() < deadline, "nothing is erased");
    }
    let left = done(&database, &["export"]).await;
    assert!((300..600).contains(&left.lines().count()), "{}", left.lines().count());
    assert!(token.is_some());
}

#[tokio::test]
async fn a_copy_is_made_while_it_is_in_use() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = On::Sqlite.database(folder.path());
    let process = Process::start(Path::new(&database)).await;
    assert_eq!(process.post(with(COMPLETED, json!({}))).await.status(), 201);
    let copy = folder.path().join("copy.db").to_str().expect("UTF-8").to_owned();
    done(&database, &["backup", &copy]).await;
    assert_eq!(process.post(with(COMPLETED, json!({}))).await.status(), 200);
    assert_eq!(done(&copy, &["check"]).await, "1 responses, and every count is theirs\n");
    assert!(!run(&database, &["backup", &copy], "").await.0, "it is there already");
}

#[tokio::test]
async fn a_slip_in_the_name_of_a_database_is_no_empty_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = On::Sqlite.database(folder.path());
    for arguments in [
        &["check"][..],
        &["export"],
        &["erase", "--visitor", "v-1"],
        &["audit"],
        &["backup", "copy.db"],
        &["token", "--list"],
        &["token", "--revoke", "bi"],
        &["user"],
        &["user", "ana"],
        &["user", "ana", "--remove"],
        &["key", "checkout"],
        &["key", "checkout", "--remove"],
    ] {
        let (is_done, _, err) = run(&database, arguments, "").await;
        assert!(!is_done && err.contains("there is no database"), "{arguments:?}: {err}");
        assert!(!Path::new(&database).exists(), "{arguments:?}");
    }
}

#[tokio::test]
async fn settings_come_from_flags_then_the_environment_then_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sondeo.toml");
    let database = folder.path().join("from-file.db");
    let text = format!("listen = \"127.0.0.1:0\"\ndatabase = {database:?}\naddress_limit = 1\n");
    fs::write(&file, &text).expect("a file");
    let start = async |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = program();
        command.args(["serve", "--accept", "any", "--config"]).arg(&file).args(arguments);
        command.envs(variables.iter().copied());
        let process = Process::spawn(command).await;
        let mut statuses = Vec::new();
        for _ in 0..2 {
            statuses.push(process.post(with(COMPLETED, json!({}))).await.status().as_u16());
        }
        statuses
    };
    assert_eq!(start(&[], &[]).await, [201, 429]);
    assert!(database.exists());
    assert_eq!(start(&[("SONDEO_ADDRESS_LIMIT", "9")], &[]).await, [200, 200]);
    assert_eq!(
        start(&[("SONDEO_ADDRESS_LIMIT", "9")], &["--address-limit", "1"]).await,
        [200, 429]
    );
    fs::write(&file, format!("\u{feff}{text}")).expect("a file");
    assert_eq!(start(&[], &[]).await, [200, 429], "with a byte order mark");
    fs::write(&file, "lisen = \"x\"").expect("a file");
    let mut command = program();
    let output = command.arg("serve").arg("--config").arg(&file).stderr(Stdio::piped()).output();
    let output = output.await.expect("it runs");
    let err = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(!output.status.success() && err.contains("lisen is not a setting"), "{err}");
}
