//! Who did what is written before it is done, or with it: a deed that the audit cannot know of is not done, and one that was
//! broken off is told as such.

use crate::hardening::{ParseId, connect, count, id, response, store};
use crate::neighbours::{publish, published};
use crate::operating::{done, run};
use crate::support::{On, Server, header, on_both, send};
use reqwest::Method;
use serde_json::json;
use sondeo_collector::Token;
use sondeo_collector::store::{AuditEntry, EVERY_SITE, Role, Scope, Scopes, Store};
use sondeo_model::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Executor, Row};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;

on_both!(
    what_the_audit_cannot_know_is_not_done,
    what_is_erased_has_a_line_before,
    every_change_of_who_may_what_has_its_line,
    an_export_is_finished_when_all_of_it_was_read,
    a_look_at_the_head_of_an_export_is_none,
    an_erasure_goes_on_when_nobody_waits_for_it,
);

/// Refuses this on a table, until it is dropped.
async fn refuse(on: On, db: &mut AnyConnection, event: &str, table: &str) {
    let sql = match on {
        On::Sqlite => format!(
            "CREATE TRIGGER refuse_{table} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END"
        ),
        On::Postgres => format!(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
                 AS 'BEGIN RAISE EXCEPTION ''no''; END';
             CREATE TRIGGER refuse_{table} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
        ),
    };
    db.execute(AssertSqlSafe(sql)).await.expect("it is made");
}

async fn allow(on: On, db: &mut AnyConnection, table: &str) {
    let sql = match on {
        On::Sqlite => format!("DROP TRIGGER refuse_{table}"),
        On::Postgres => format!("DROP TRIGGER refuse_{table} ON {table}"),
    };
    db.execute(AssertSqlSafe(sql)).await.expect("it is dropped");
}

/// Everything that the deeds are about.
async fn everything(db: &mut AnyConnection) -> Vec<String> {
    let mut rows = Vec::new();
    for sql in [
        "SELECT label || COALESCE(CAST(revoked_at AS TEXT), '') || scopes || CAST(created_at AS TEXT) FROM token ORDER BY 1",
        "SELECT survey || CAST(created_at AS TEXT) FROM write_key ORDER BY 1",
        "SELECT name || password FROM person ORDER BY 1",
        "SELECT person || site || role FROM person_role ORDER BY 1",
        "SELECT person || CAST(expires_at AS TEXT) FROM session ORDER BY 1",
        "SELECT invited_by FROM invitation ORDER BY 1",
        "SELECT id FROM response ORDER BY 1",
    ] {
        let found = sqlx::query(sql).fetch_all(&mut *db).await.expect("rows");
        rows.extend(found.iter().map(|row| row.try_get::<String, _>(0).expect("a text")));
        rows.push(String::new());
    }
    rows
}

async fn what_the_audit_cannot_know_is_not_done(on: On) {
    let server = Server::on(on).await;
    let store = &server.store;
    let later = Timestamp::from_millis(crate::hardening::now().as_millis() + 1_000_000);
    store.keep(response(1, json!({"visitor": "ana"}))).await.expect("kept");
    store.set_password("ana", "x").await.expect("set");
    store.begin_session(&[1; 32], "ana", later).await.expect("begun");
    store.set_write_key("checkout", Some(&[2; 32]), "command").await.expect("set");
    let scopes = Scopes(Scope::ALL.to_vec());
    let token = Token::mint(store, "all", &scopes).await.expect("a token").to_string();
    let invited = ("token:all", later);
    store.add_invitation(&[3; 32], "default", Role::Editor, invited).await.expect("made");
    let mut db = connect(on, &server.database).await;
    let before = everything(&mut db).await;
    refuse(on, &mut db, "INSERT", "audit").await;
    store.replace_token("all", &[4; 32], &scopes, None, "command").await.expect_err("a token");
    store.replace_token("new", &[4; 32], &scopes, None, "command").await.expect_err("a new token");
    store.revoke_token("all", "command").await.expect_err("revoking");
    store.set_write_key("checkout", Some(&[5; 32]), "command").await.expect_err("a key");
    store.set_write_key("checkout", None, "command").await.expect_err("no key");
    store.set_password("ana", "y").await.expect_err("a password");
    store.set_password("eva", "y").await.expect_err("somebody new");
    store.remove_user("ana", "command").await.expect_err("removing");
    let actor = ("command", false);
    store.set_role("ana", EVERY_SITE, Some(Role::Viewer), actor).await.expect_err("a role");
    let path = format!("/v1/responses/{}", id(1));
    for path in [&path, "/v1/visitors/ana"] {
        let erase = server.request(Method::DELETE, path).bearer_auth(&token);
        assert_eq!(send(erase).await.status(), 503, "{path}");
    }
    let export = server.request(Method::GET, "/v1/export.csv").bearer_auth(&token);
    assert_eq!(send(export).await.status(), 503);
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("copy.db").display().to_string();
    for deed in [
        &["erase", "--response", &id(1)][..],
        &["erase", "--visitor", "ana"],
        &["erase", "--survey", "checkout"],
        &["backup", &copy],
    ] {
        let (is_done, _, said) = run(&server.database, deed, "").await;
        assert!(!is_done, "{deed:?}: {said}");
    }
    assert!(!std::path::Path::new(&copy).exists());
    assert_eq!(everything(&mut db).await, before);
    allow(on, &mut db, "audit").await;
    assert!(store.revoke_token("all", "command").await.expect("revoked"));
    assert_eq!(count(&mut db, "SELECT COUNT(*) FROM invitation").await, 0);
}

/// The latest line.
async fn latest(store: &Store) -> AuditEntry {
    store.audit_entries(1).await.expect("the audit").remove(0)
}

async fn what_is_erased_has_a_line_before(on: On) {
    let server = Server::on(on).await;
    let store = &server.store;
    store.keep(response(1, json!({"visitor": "ana"}))).await.expect("kept");
    let scopes = Scopes(vec![Scope::Erase]);
    let token = Token::mint(store, "eraser", &scopes).await.expect("a token").to_string();
    let mut db = connect(on, &server.database).await;
    refuse(on, &mut db, "DELETE", "response").await;
    let response_path = format!("/v1/responses/{}", id(1));
    for (path, subject) in
        [(response_path.as_str(), "a response"), ("/v1/visitors/ana", "a visitor")]
    {
        let erase = server.request(Method::DELETE, path).bearer_auth(&token);
        assert_eq!(send(erase).await.status(), 503);
        let line = latest(store).await;
        let found = (line.action.as_str(), line.subject.as_str(), line.finished_at);
        assert_eq!(found, ("erase", subject, None), "{path}");
        assert_eq!(line.actor, "token:eraser");
    }
    for (deed, subject) in [
        (&["erase", "--response", &id(1)][..], "a response"),
        (&["erase", "--visitor", "ana"], "a visitor"),
        (&["erase", "--survey", "checkout"], "the survey checkout"),
    ] {
        let (is_done, _, _) = run(&server.database, deed, "").await;
        assert!(!is_done);
        let line = latest(store).await;
        let found = (line.actor.as_str(), line.subject.as_str(), line.finished_at);
        assert_eq!(found, ("command", subject, None));
    }
    let told = done(&server.database, &["audit", "--limit", "1"]).await;
    assert!(told.trim_end().ends_with("\tthe survey checkout\tnot finished"), "{told}");
    allow(on, &mut db, "response").await;
    done(&server.database, &["erase", "--visitor", "ana"]).await;
    let line = latest(store).await;
    assert!(line.n == 1 && line.finished_at.is_some(), "{line:?}");
}

async fn every_change_of_who_may_what_has_its_line(on: On) {
    let (store, database, _folder) = store(on).await;
    let lines = async || -> Vec<String> {
        let entries = store.audit_entries(100).await.expect("the audit");
        let line = |it: AuditEntry| {
            assert_eq!(it.actor, "command");
            assert!(it.finished_at.is_some());
            format!("{} {}", it.action, it.subject)
        };
        entries.into_iter().rev().map(line).collect()
    };
    store
        .add_first_token("default", &[1; 32], &Scopes(vec![Scope::Read]), "command")
        .await
        .expect("it");
    store
        .add_first_token("default", &[2; 32], &Scopes(vec![Scope::Read]), "command")
        .await
        .expect("none");
    store.set_password("ana", "x").await.expect("set");
    store.set_password("ana", "y").await.expect("set");
    let actor = ("command", false);
    store.set_role("ana", "default", Some(Role::Editor), actor).await.expect("given");
    assert!(store.remove_user("ana", "command").await.expect("removed"));
    assert!(!store.remove_user("ana", "command").await.expect("nobody"));
    let mut found = lines().await;
    // The roles that are taken come in any order.
    found[5..7].sort();
    let expected = [
        "make a token default",
        "set a password ana",
        "give a role ana owner *",
        "set a password ana",
        "give a role ana editor default",
        "take a role away ana *",
        "take a role away ana default",
        "remove a user ana",
    ];
    assert_eq!(found, expected);
    publish(&database, &published()).await;
    done(&database, &["key", "checkout"]).await;
    done(&database, &["key", "checkout", "--remove"]).await;
    done(&database, &["token", "--label", "bi"]).await;
    done(&database, &["token", "--revoke", "bi"]).await;
    let found = lines().await;
    let expected =
        ["make a key checkout", "remove a key checkout", "make a token bi", "revoke a token bi"];
    assert_eq!(found[found.len() - 4..], expected);
    // By the program that serves, likewise.
    let fresh = tempfile::tempdir().expect("a folder");
    let database = on.database(fresh.path());
    let process = crate::process::Process::start_with(&database, &[]).await;
    assert!(process.token.is_some());
    let told = done(&database, &["audit"]).await;
    assert!(told.contains("\tcommand\tmake a token\tdefault\t0"), "{told}");
}

async fn an_export_is_finished_when_all_of_it_was_read(on: On) {
    let server = Server::on(on).await;
    let many: Vec<_> = (0..1_001).map(|number| response(number, json!({"answers": []}))).collect();
    server.store.import(many).await.expect("stored");
    for path in ["/v1/export.csv", "/v1/export.ndjson"] {
        let file = server.read_path(path).await.text().await.expect("a file");
        assert!(file.lines().count() >= 1_001);
        let line = latest(&server.store).await;
        assert!(line.action == "export" && line.finished_at.is_some(), "{line:?}");
    }
    // The oldest, which comes last, cannot be read: half a file is not taken for a whole one, nor told as one.
    let mut db = connect(on, &server.database).await;
    let spoil = format!("UPDATE response SET body = '{{' WHERE id = '{}'", id(0));
    sqlx::query(AssertSqlSafe(spoil)).execute(&mut db).await.expect("spoilt");
    let mut db_at = connect(on, &server.database).await;
    let oldest = format!("UPDATE response SET at = 1 WHERE id = '{}'", id(0));
    sqlx::query(AssertSqlSafe(oldest)).execute(&mut db_at).await.expect("spoilt");
    let broken = server.read_path("/v1/export.csv").await;
    assert_eq!(broken.status(), 200);
    broken.text().await.expect_err("it breaks off");
    let line = latest(&server.store).await;
    assert!(line.action == "export" && line.finished_at.is_none(), "{line:?}");
}

async fn a_look_at_the_head_of_an_export_is_none(on: On) {
    let server = Server::on(on).await;
    server.store.keep(response(1, json!({"visitor": "ana"}))).await.expect("kept");
    let scopes = Scopes(vec![Scope::Export]);
    let token = Token::mint(&server.store, "bi", &scopes).await.expect("a token").to_string();
    let mut db = connect(on, &server.database).await;
    let exports = "SELECT COUNT(*) FROM audit WHERE action = 'export'";
    for (path, content_type) in [
        ("/v1/export.csv", "text/csv; charset=utf-8; header=present"),
        ("/v1/export.ndjson", "application/x-ndjson"),
        ("/v1/visitors/ana", "application/x-ndjson"),
    ] {
        let head = send(server.request(Method::HEAD, path).bearer_auth(&token)).await;
        assert_eq!((head.status().as_u16(), header(&head, "content-type")), (200, content_type));
        assert_eq!(header(&head, "content-length"), "", "nobody knows it");
        assert!(header(&head, "content-disposition").starts_with("attachment"));
    }
    assert_eq!(count(&mut db, exports).await, 0);
    let refused = send(server.request(Method::HEAD, "/v1/export.csv")).await;
    assert_eq!(refused.status(), 401);
}

/// Somebody else holds the database, and the one who asked has gone before it is free.
async fn an_erasure_goes_on_when_nobody_waits_for_it(on: On) {
    let server = Server::on(on).await;
    server.store.keep(response(1, json!({"visitor": "ana"}))).await.expect("kept");
    let scopes = Scopes(vec![Scope::Erase]);
    let token = Token::mint(&server.store, "eraser", &scopes).await.expect("a token").to_string();
    let mut db = connect(on, &server.database).await;
    db.execute(match on {
        On::Sqlite => "BEGIN IMMEDIATE",
        On::Postgres => "BEGIN; LOCK TABLE audit IN ACCESS EXCLUSIVE MODE",
    })
    .await
    .expect("it is held");
    let address = server.address.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
    let request = format!(
        "DELETE /v1/visitors/ana HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.expect("it is sent");
    // It waits for its turn: whoever is served meanwhile comes after it.
    for _ in 0..20 {
        assert_eq!(server.get("/livez", &[]).await.status(), 200);
    }
    drop(stream);
    for _ in 0..20 {
        assert_eq!(server.get("/livez", &[]).await.status(), 200);
    }
    db.execute("COMMIT").await.expect("it is let go");
    let deadline = Instant::now() + Duration::from_secs(30);
    while count(&mut db, "SELECT COUNT(*) FROM audit WHERE action = 'erase' AND n = 1").await == 0 {
        assert!(Instant::now() < deadline, "it was given up");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let line = latest(&server.store).await;
    assert!(line.n == 1 && line.finished_at.is_some(), "{line:?}");
    assert!(!server.store.is_erased(id(9).parse_id()).await.expect("an answer"));
    assert_eq!(count(&mut db, "SELECT COUNT(*) FROM response").await, 0);
}
