//! A database's password stands in no help, no error and no list of processes.

use crate::process::{Process, program};
use crate::support::{COMPLETED, On, on_both, with};
use serde_json::json;
use std::fs;
use std::process::Stdio;

on_both!(an_address_comes_from_a_file);

const SECRET: &str = "s3cret";

/// What a command says, in whatever way.
async fn said(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let mut command = program();
    command.args(arguments).envs(variables.iter().copied());
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().await;
    let output = output.expect("it runs");
    String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8")
}

#[tokio::test]
async fn no_help_and_no_error_repeats_a_password() {
    let at = |scheme: &str| format!("{scheme}://u:{SECRET}@127.0.0.1:1/sondeo");
    for command in ["serve", "token", "user", "export", "check", "seed"] {
        let said = said(&[command, "--help"], &[("SONDEO_DATABASE", &at("postgres"))]).await;
        assert!(said.contains("--database") && !said.contains(SECRET), "{said}");
    }
    for address in [at("postgres"), at("Postgres"), at("POSTGRESQL"), at("mysql"), at("postgres+x")]
    {
        for said in [
            said(&["check", "--database", &address], &[]).await,
            said(&["check"], &[("SONDEO_DATABASE", &address)]).await,
        ] {
            assert!(said.contains("127.0.0.1:1/sondeo") && !said.contains(SECRET), "{said}");
        }
    }
}

/// Whatever is wrong with it, and wherever it stands.
#[tokio::test]
async fn no_slip_shows_a_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = folder.path().join("sondeo.toml");
    let address = format!("postgres://u:{SECRET}@127.0.0.1:1/sondeo");
    let path = settings.to_str().expect("UTF-8");
    for text in [
        format!("database = \"{address}\nhttps = true\n"),
        format!("database = {address}\n"),
        format!("database {address}\n"),
        format!("database: \"{address}\"\n"),
        format!("database = \"{address}\"\ndatabase = \"{address}\"\n"),
        format!("[\"{address}\n"),
        format!("\"{address}\" = 1\n"),
        format!("database = {{ \"{address}\" = 1 }}\n"),
        format!("database = [\"{address}\", 1.5]\n"),
        format!("listen = \"{address}\"\n"),
        format!("retention = \"{address}\"\n"),
        format!("accept = \"{address}\"\n"),
        format!("origin = \"{address}\"\n"),
        format!("database = \"mysql://u:{SECRET}@127.0.0.1:1/sondeo\"\n"),
        format!("database = \"host=h user=u password={SECRET}\"\n"),
        format!("database = \"host=h PASSWORD='{SECRET}'\"\n"),
    ] {
        fs::write(&settings, &text).expect("a file");
        let said = said(&["serve", "--config", path], &[]).await;
        assert!(!said.is_empty() && !said.contains(SECRET), "{text}: {said}");
    }
    let half = format!("postgres:u:{SECRET}@127.0.0.1:1/sondeo");
    let strange = format!("postgre//u:{SECRET}@127.0.0.1:1/sondeo");
    for address in [&*address, &half, &strange] {
        for arguments in [
            &["check", "--database", address][..],
            &["check", "--database-file", address],
            &["check", address],
            &["check", "--databse", address],
            &[address],
            &["serve", "--listen", address],
            &["serve", "--origin", address],
            &["serve", "--base-path", address],
            &["serve", "--trusted-proxy", address],
            &["serve", "--forwarded-header", address],
            &["token", "--scope", address],
            &["erase", "--database", address, "--older-than", "1"],
        ] {
            let said = said(arguments, &[]).await;
            assert!(!said.is_empty() && !said.contains(SECRET), "{arguments:?}: {said}");
        }
        let slip = said(&["check", &format!("--databse={address}")], &[]).await;
        assert!(!slip.is_empty() && !slip.contains(SECRET), "{slip}");
        let variable = said(&["serve"], &[("SONDEO_ORIGIN", address)]).await;
        assert!(!variable.is_empty() && !variable.contains(SECRET), "{variable}");
    }
}

async fn an_address_comes_from_a_file(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = on.database(folder.path());
    let file = folder.path().join("address");
    fs::write(&file, format!("{database}\n")).expect("a file");
    let file = file.to_str().expect("UTF-8");
    let mut command = program();
    command.args(["serve", "--accept", "any", "--listen", "127.0.0.1:0", "--database-file", file]);
    // A flag comes before the environment.
    let process = Process::spawn({
        command.env("SONDEO_DATABASE", "nowhere/sondeo.db");
        command
    })
    .await;
    assert_eq!(process.post(with(COMPLETED, json!({}))).await.status(), 201);
    let checked = said(&["check"], &[("SONDEO_DATABASE_FILE", file)]).await;
    assert!(checked.contains("1 responses, and every count is theirs"), "{checked}");
    let settings = folder.path().join("sondeo.toml");
    let text = format!("listen = \"127.0.0.1:0\"\naccept = \"any\"\ndatabase_file = {file:?}\n");
    fs::write(&settings, text).expect("a file");
    let mut command = program();
    command.arg("serve").arg("--config").arg(&settings);
    let again = Process::spawn(command).await;
    assert_eq!(again.post(with(COMPLETED, json!({}))).await.status(), 200, "the same database");

    let both = said(&["check", "--database", &database, "--database-file", file], &[]).await;
    assert!(both.contains("--database and --database-file: give one of them"), "{both}");
    let none = said(&["check", "--database-file", "missing"], &[]).await;
    assert!(none.contains("cannot read the database's address missing"), "{none}");
    let wrong = folder.path().join("wrong");
    fs::write(&wrong, format!("mysql://u:{SECRET}@host/name")).expect("a file");
    let wrong = said(&["check", "--database-file", wrong.to_str().expect("UTF-8")], &[]).await;
    assert!(wrong.contains("is neither the path") && !wrong.contains(SECRET), "{wrong}");
}

#[tokio::test]
async fn the_mail_servers_address_comes_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("smtp");
    let path = file.to_str().expect("UTF-8");
    let database = On::Sqlite.database(folder.path());
    let begin = ["serve", "--listen", "127.0.0.1:0", "--database", &database];
    let end = ["--mail-from", "surveys@shop.example"];
    let address = format!("smtps://u:{SECRET}@mail.example");
    for (text, given) in [
        (format!("mysql://u:{SECRET}@mail.example"), path),
        (String::new(), path),
        (address.clone(), address.as_str()),
    ] {
        fs::write(&file, &text).expect("a file");
        let said = said(&[&begin[..], &["--smtp-file", given], &end].concat(), &[]).await;
        assert!(said.contains("--smtp") && !said.contains(SECRET), "{said}");
    }
    let both = said(&["serve", "--smtp", &address, "--smtp-file", path], &[]).await;
    assert!(both.contains("cannot be used with") && !both.contains(SECRET), "{both}");
    fs::write(&file, format!("\u{feff}{address}\n")).expect("a file");
    let mut command = program();
    command.args(begin).args(["--smtp-file", path]).args(end);
    Process::spawn(command).await;
}
