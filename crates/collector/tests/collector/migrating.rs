//! A file of every earlier version opens, with all that is in it.

use crate::support::{COMPLETED, PARTIAL, with};
use serde_json::json;
use sha2::{Digest, Sha256};
use sondeo_collector::config::Database;
use sondeo_collector::store::{CountsOf, Filter, Period, Store};
use sondeo_model::Timestamp;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::path::Path;

/// A file as the version wrote it that had only the first `migrations`.
async fn file_of_version(file: &Path, migrations: usize) {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut db = options.connect().await.expect("a file");
    let mut migrator = Migrator::new(Path::new("migrations/sqlite")).await.expect("migrations");
    migrator.migrations.to_mut().truncate(migrations);
    migrator.run(&mut db).await.expect("they run");
    fill(&mut db, migrations).await;
    db.close().await.expect("it closes");
}

/// A thousand responses and a token, as that version wrote them.
async fn fill(db: &mut SqliteConnection, migrations: usize) {
    for number in 0..1_000 {
        let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012x}");
        let source = if number % 2 == 0 { COMPLETED } else { PARTIAL };
        let body = with(source, json!({"id": id, "visitor": format!("v{}", number % 10)}));
        let columns = sqlx::query(
            "INSERT INTO response (id, revision, survey, status, shown_at, received_at, body)
             VALUES ($1, 2, $2, $3, 1763750413123, 1763750420500, $4)",
        );
        let text = |key: &str| body[key].as_str().expect("a text").to_owned();
        let columns = columns.bind(id).bind(text("survey")).bind(text("status"));
        columns.bind(body.to_string()).execute(&mut *db).await.expect("a row");
    }
    let token = match migrations {
        1 => "INSERT INTO read_token (label, sha256, created_at) VALUES ('old', $1, 1)",
        _ => {
            "INSERT INTO token (label, sha256, scopes, created_at)
             VALUES ('old', $1, 'read export', 1)"
        }
    };
    let hash = Sha256::digest("sondeo_old").to_vec();
    sqlx::query(token).bind(hash).execute(&mut *db).await.expect("a token");
}

#[tokio::test]
async fn a_file_of_every_earlier_version_opens_whole() {
    let all =
        Migrator::new(Path::new("migrations/sqlite")).await.expect("migrations").iter().count();
    for migrations in 1..=all {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("sondeo.db");
        file_of_version(&file, migrations).await;
        // Twice: the second time finds everything done.
        for _ in 0..2 {
            let store = Store::open(&Database::Sqlite(file.clone())).await.expect("it opens");
            let filter = Filter { limit: 5_000, ..Filter::default() };
            let page = store.responses(&filter).await.expect("responses");
            assert_eq!(page.rows.len(), 1_000, "after {migrations} migrations");
            let of_visitor = Filter { visitor: Some("v3".to_owned()), ..filter };
            let page = store.responses(&of_visitor).await.expect("responses");
            assert_eq!(page.rows.len(), if migrations == 1 { 100 } else { 0 });

            let period =
                Period { from: Timestamp::from_millis(0), to: Timestamp::from_millis(i64::MAX) };
            let of = CountsOf { survey: "checkout", period, dimensions: &[""], by_day: false };
            let counts = store.counts(&of).await.expect("counts");
            let [status] = &counts.statuses[..] else { panic!("{:?}", counts.statuses) };
            assert_eq!((status.completed, status.answered), (500, 500));
            let tokens = store.tokens().await.expect("tokens");
            assert_eq!(tokens[0].sha256, Sha256::digest("sondeo_old").to_vec());
            assert_eq!(tokens[0].scopes.to_string(), "read export");
            store.close().await;
        }
    }
}
