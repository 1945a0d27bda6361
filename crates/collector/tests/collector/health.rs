//! A load balancer learns when nothing can be stored, and when it can again; nothing has to be restarted.

use crate::process::{Process, program};
use crate::support::postgres::Cluster;
use crate::support::{COMPLETED, On, Server, client, on_both, with};
use serde_json::json;
use sqlx::{ConnectOptions, Connection, Executor};
use std::time::{Duration, Instant};

on_both!(a_database_that_takes_no_response_is_told);

/// Waits until it is healthy, and asks for nothing else meanwhile.
async fn recovers(server: &Server) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while server.get("/healthz", &[]).await.status() != 200 {
        assert!(Instant::now() < deadline, "it does not find out that it could write");
    }
}

fn id(number: u32) -> String {
    format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}")
}

fn large(number: u32) -> String {
    with(COMPLETED, json!({"id": id(number), "custom": {"filler": "x".repeat(9_000)}})).to_string()
}

#[tokio::test]
async fn a_full_file_is_told_and_so_is_room() {
    let server = Server::start_on(On::Sqlite, &["--max-pages", "150"]).await;
    let mut number = 0;
    while server.post(large(number)).await.status() == 201 {
        number += 1;
        assert!(number < 500, "the limit is none");
    }
    for _ in 0..3 {
        assert_eq!(server.get("/healthz", &[]).await.status(), 503);
        assert_eq!(server.get("/livez", &[]).await.status(), 200);
        // What is stored already is acknowledged, and is no sign of room.
        assert_eq!(server.post(large(0)).await.status(), 200);
    }
    for number in 0..number {
        let id = sondeo_model::ResponseId::parse(&id(number)).expect("an id");
        server.store.erase_response(id).await.expect("it is erased");
    }
    recovers(&server).await;
    assert_eq!(server.post(large(900)).await.status(), 201);
}

/// A connection that begins while the database refuses writes would refuse them for ever.
#[tokio::test]
async fn a_database_that_refuses_writes_is_used_again_when_it_takes_them() {
    let url = On::Postgres.database(std::path::Path::new(""));
    let server = Server::start_at(&url).await;
    assert_eq!(server.post(large(0)).await.status(), 201);
    let options: sqlx::postgres::PgConnectOptions = url.parse().expect("an address");
    let name = options.get_database().expect("a name").to_owned();
    let mut operator = options.connect().await.expect("a connection");
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let set = |value: &str| {
        sqlx::AssertSqlSafe(format!(
            "ALTER DATABASE {name} SET default_transaction_read_only = {value}"
        ))
    };
    operator.execute(set("on")).await.expect("it is set");
    operator.execute(others).await.expect("they are ended");
    let deadline = Instant::now() + Duration::from_secs(30);
    while server.post(large(1)).await.status() != 503 {
        assert!(Instant::now() < deadline, "it goes on writing");
    }
    assert_eq!(server.get("/healthz", &[]).await.status(), 503);
    operator.execute("SET default_transaction_read_only = off").await.expect("it is set");
    operator.execute(set("off")).await.expect("it is set");
    operator.close().await.expect("it closes");
    recovers(&server).await;
    assert!(server.post(large(2)).await.status().is_success());
}

#[tokio::test]
async fn a_database_that_went_away_is_used_again() {
    let mut cluster = Cluster::start();
    let server = Server::start_at(&cluster.database()).await;
    assert_eq!(server.post(large(0)).await.status(), 201);
    cluster.stop();
    assert_eq!(server.post(large(1)).await.status(), 503);
    assert_eq!(server.get("/healthz", &[]).await.status(), 503);
    assert_eq!(server.get("/livez", &[]).await.status(), 200, "a restart would not help");
    cluster.restart();
    recovers(&server).await;
    assert_eq!(server.post(large(1)).await.status(), 201);
}

/// Every write fails, with errors that could be about a row.
async fn a_database_that_takes_no_response_is_told(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = on.database(folder.path());
    let server = Server::start_at(&database).await;
    assert_eq!(server.post(large(0)).await.status(), 201);
    sqlx::any::install_default_drivers();
    let url = match on {
        On::Sqlite => format!("sqlite:{database}"),
        On::Postgres => database,
    };
    let mut operator = sqlx::AnyConnection::connect(&url).await.expect("a connection");
    let raising = |condition: &str| match on {
        On::Sqlite => format!(
            "CREATE TRIGGER refuse BEFORE INSERT ON response {condition}
             BEGIN SELECT RAISE(ABORT, 'no'); END"
        ),
        On::Postgres => format!(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
                 AS 'BEGIN RAISE EXCEPTION ''no''; END';
             CREATE TRIGGER refuse BEFORE INSERT ON response FOR EACH ROW {condition}
                 EXECUTE FUNCTION refuse()"
        ),
    };
    let dropped = match on {
        On::Sqlite => "DROP TRIGGER refuse",
        On::Postgres => "DROP TRIGGER refuse ON response",
    };
    let mut number = 1;
    for (spoil, mend) in [
        (raising(""), dropped),
        (
            "ALTER TABLE day_status RENAME TO gone".to_owned(),
            "ALTER TABLE gone RENAME TO day_status",
        ),
    ] {
        operator.execute(sqlx::AssertSqlSafe(spoil)).await.expect("spoilt");
        for _ in 0..2 {
            number += 1;
            assert_eq!(server.post(large(number)).await.status(), 503);
            assert_eq!(server.get("/healthz", &[]).await.status(), 503);
        }
        operator.execute(mend).await.expect("mended");
        recovers(&server).await;
        assert_eq!(server.post(large(number)).await.status(), 201);
    }
    // One that alone is refused says nothing of the others.
    operator
        .execute(sqlx::AssertSqlSafe(raising("WHEN (NEW.survey = 'no')")))
        .await
        .expect("it is made");
    let refused = with(COMPLETED, json!({"id": id(900), "survey": "no"}));
    for _ in 0..2 {
        assert_eq!(server.post(refused.to_string()).await.status(), 503);
        assert_eq!(server.get("/healthz", &[]).await.status(), 200);
        number += 1;
        assert_eq!(server.post(large(number)).await.status(), 201);
    }
}

/// Damage that some rows meet and others do not.
#[tokio::test]
async fn a_database_that_is_damaged_is_told() {
    let url = On::Postgres.database(std::path::Path::new(""));
    let server = Server::start_at(&url).await;
    sqlx::any::install_default_drivers();
    let mut operator = sqlx::AnyConnection::connect(&url).await.expect("a connection");
    let spoil = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
                     AS 'BEGIN RAISE EXCEPTION ''no'' USING ERRCODE = ''XX001''; END';
                 CREATE TRIGGER refuse BEFORE INSERT ON response FOR EACH ROW
                     WHEN (NEW.survey = 'checkout') EXECUTE FUNCTION refuse()";
    operator.execute(spoil).await.expect("spoilt");
    assert_eq!(server.post(large(0)).await.status(), 503);
    for _ in 0..2 {
        assert_eq!(server.get("/healthz", &[]).await.status(), 503);
        tokio::time::sleep(Duration::from_millis(2_100)).await;
    }
    operator.execute("DROP TRIGGER refuse ON response").await.expect("mended");
    recovers(&server).await;
    assert_eq!(server.post(large(0)).await.status(), 201);
}

/// `LimitFSIZE=` of systemd, `ulimit -f`: the system would end the process.
#[cfg(unix)]
#[tokio::test]
async fn a_file_that_may_not_grow_is_no_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = On::Sqlite.database(folder.path());
    let mut command = tokio::process::Command::new("sh");
    let inside = program();
    command.args(["-c", "ulimit -f 2048; exec \"$@\"", "sh"]).arg(inside.as_std().get_program());
    command.args(["serve", "--accept", "any", "--listen", "127.0.0.1:0", "--database", &database]);
    command.kill_on_drop(true).stderr(std::process::Stdio::null());
    let mut process = Process::spawn(command).await;
    let mut number = 0;
    loop {
        let body = serde_json::from_str(&large(number)).expect("JSON");
        let answer = process.post(body).await;
        if answer.status() != 201 {
            assert_eq!(answer.status(), 503);
            break;
        }
        number += 1;
        assert!(number < 2_000, "the limit is none");
    }
    let health = client().get(format!("{}/healthz", process.address)).send().await;
    assert_eq!(health.expect("an answer").status(), 503);
    assert!(process.child.try_wait().expect("its state").is_none(), "it runs");
}

/// What a container without another program asks its own collector.
#[tokio::test]
async fn the_program_asks_for_health_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let process = Process::start(&folder.path().join("sondeo.db")).await;
    let listen = process.address.strip_prefix("http://").expect("an address").to_owned();
    let ask = async || {
        let mut command = program();
        command.args(["healthcheck", "--listen", &listen]).stderr(std::process::Stdio::piped());
        command.output().await.expect("it runs")
    };
    assert!(ask().await.status.success());

    drop(process);
    let deadline = Instant::now() + Duration::from_secs(30);
    let said = loop {
        let output = ask().await;
        if !output.status.success() {
            break String::from_utf8_lossy(&output.stderr).into_owned();
        }
        assert!(Instant::now() < deadline, "a program that ended is still healthy");
    };
    assert!(said.contains(&format!("{listen} does not answer")), "{said}");
}
