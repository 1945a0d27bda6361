//! A database of every earlier version opens, with all that is in it.

use crate::support::{COMPLETED, On, PARTIAL, on_both, with};
use serde_json::json;
use sha2::{Digest, Sha256};
use sondeo_collector::config::Database;
use sondeo_collector::store::{CommentsOf, CountsOf, Filter, Period, Store, Wording};
use sondeo_model::Timestamp;
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Connection};
use std::path::Path;

on_both!(a_database_of_every_earlier_version_opens_whole);

/// 2025-11-21T18:40:13.123Z
const AT: i64 = 1_763_750_413_123;
const DAY: i64 = 86_400_000;

async fn migrations(on: On) -> Migrator {
    let folder = match on {
        On::Sqlite => "migrations/sqlite",
        On::Postgres => "migrations/postgres",
    };
    Migrator::new(Path::new(folder)).await.expect("migrations")
}

/// Whether a version counts its responses: SQLite's first one did not.
fn counts(on: On, version: usize) -> bool {
    on == On::Postgres || version > 1
}

/// Whether a version counts answers by wording, and has other names for states than those before it.
fn counts_wordings(on: On, version: usize) -> bool {
    version >= if on == On::Postgres { 4 } else { 5 }
}

/// Fills a database as the version did that had only the first so many migrations.
async fn fill(on: On, database: &str, version: usize) {
    sqlx::any::install_default_drivers();
    let url = match on {
        On::Sqlite => format!("sqlite:{database}?mode=rwc"),
        On::Postgres => database.to_owned(),
    };
    let mut db = AnyConnection::connect(&url).await.expect("a connection");
    let mut migrator = migrations(on).await;
    migrator.migrations.to_mut().truncate(version);
    migrator.run(&mut db).await.expect("they run");
    uncounted(&mut db, on, version).await;
    let token = if counts(on, version) {
        "INSERT INTO token (label, sha256, scopes, created_at) VALUES ('old', $1, 'read export', 1)"
    } else {
        "INSERT INTO read_token (label, sha256, created_at) VALUES ('old', $1, 1)"
    };
    let hash = Sha256::digest("sondeo_old").to_vec();
    sqlx::query(token).bind(hash).execute(&mut db).await.expect("a token");
    if counts(on, version) {
        counted(&mut db, counts_wordings(on, version)).await;
        commented(&mut db).await;
    }
    db.close().await.expect("it closes");
}

/// A thousand responses that nobody has counted yet.
async fn uncounted(db: &mut AnyConnection, on: On, version: usize) {
    for number in 0..1_000 {
        let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012x}");
        let source = if number % 2 == 0 { COMPLETED } else { PARTIAL };
        let body =
            with(source, json!({"id": id, "revision": 2, "visitor": format!("v{}", number % 10)}));
        let insert = if counts(on, version) {
            "INSERT INTO response (id, revision, survey, status, shown_at, received_at, body, at)
             VALUES ($1, 2, $2, $3, 1763750413123, 1763750420500, $4, 1763750413123)"
        } else {
            "INSERT INTO response (id, revision, survey, status, shown_at, received_at, body)
             VALUES ($1, 2, $2, $3, 1763750413123, 1763750420500, $4)"
        };
        let text = |key: &str| body[key].as_str().expect("a text").to_owned();
        let insert = sqlx::query(insert).bind(id).bind(text("survey")).bind(text("status"));
        insert.bind(body.to_string()).execute(&mut *db).await.expect("a row");
    }
}

/// A response with its comment, which is not folded.
async fn commented(db: &mut AnyConnection) {
    let id = "0199a3c2-5f1e-7a3b-9c4d-000000000009";
    let why = json!({"question": "why", "text": "Why?", "kind": "text", "value": "ÜBERRASCHEND"});
    let body = with(COMPLETED, json!({"id": id, "survey": "commented", "answers": [why]}));
    let insert =
        "INSERT INTO response (id, revision, survey, status, shown_at, received_at, body, at)
        VALUES ($1, 2, 'commented', 'completed', $2, $2, $3, $2)";
    let insert = sqlx::query(insert).bind(id).bind(AT).bind(body.to_string());
    insert.execute(&mut *db).await.expect("a row");
    let comment = "INSERT INTO comment (response, question, survey, at, text)
        VALUES ($1, 'why', 'commented', $2, 'ÜBERRASCHEND')";
    sqlx::query(comment).bind(id).bind(AT).execute(&mut *db).await.expect("a comment");
}

/// Two responses that were asked in different words, with all that a version with counts wrote for them.
async fn counted(db: &mut AnyConnection, with_wordings: bool) {
    for statement in [
        "INSERT INTO segment (survey, dimension, value) VALUES ('reworded', '', '')",
        "INSERT INTO scale (survey, question, kind, points, metric, position)
         VALUES ('reworded', 'satisfaction', 'likert', 5, 'csat', 0)",
        "INSERT INTO scale_option (scale, value) SELECT id, '4' FROM scale",
    ] {
        sqlx::query(statement).execute(&mut *db).await.expect("a row");
    }
    for (number, day, text) in [(1, 0, "Old words?"), (2, 3, "New 'words' of \u{1}?")] {
        let id = format!("0199a3c2-5f1e-7a3b-9c4d-{number:012x}");
        let answer = json!({"question": "satisfaction", "text": text, "kind": "likert",
            "points": 5, "metric": "csat", "value": 4});
        let at = AT + day * DAY;
        let shown_at = Timestamp::from_millis(at);
        let fields = json!({"id": id, "survey": "reworded", "answers": [answer],
            "shown_at": shown_at, "sent_at": shown_at});
        let body = with(COMPLETED, fields);
        // Versions that are not counted anew counted in every segment.
        let custom = [("custom.order-id", body["custom"]["order-id"].clone())];
        let parts =
            [("device", "/client/device"), ("language", "/language"), ("trigger", "/trigger")]
                .into_iter()
                .chain([("page", "/page/url")])
                .map(|(dimension, pointer)| (dimension, body.pointer(pointer).expect("it").clone()))
                .chain(custom);
        for (dimension, value) in parts.filter(|_| with_wordings) {
            let segment =
                "INSERT INTO segment (survey, dimension, value) VALUES ('reworded', $1, $2)
                 ON CONFLICT DO NOTHING";
            let value = value.as_str().expect("a text").to_owned();
            sqlx::query(segment)
                .bind(dimension)
                .bind(value)
                .execute(&mut *db)
                .await
                .expect("a row");
        }
        let body = body.to_string();
        let day = at / DAY;
        if with_wordings {
            let wording = "INSERT INTO wording (scale, language, text, first_day, last_day, n)
                 SELECT id, 'en', $1, $2, $2, 1 FROM scale";
            sqlx::query(wording).bind(text).bind(day).execute(&mut *db).await.expect("a row");
        }
        let insert = sqlx::query(if with_wordings {
            "INSERT INTO response
                 (id, revision, survey, status, shown_at, received_at, body, at, facts)
             SELECT $1, 2, 'reworded', 'completed', $2, $2, $3, $2,
                 '{\"s\":[' || segment.id || ',' || (SELECT string_agg(CAST(part.id AS TEXT), ',')
                     FROM segment part WHERE part.dimension <> '') || '],\"a\":[[' || scale.id || ',[\"4\"]]],\"r\":true,\"w\":['
                     || (SELECT MAX(id) FROM wording) || ']}'
             FROM segment, scale WHERE dimension = ''"
        } else {
            "INSERT INTO response
                 (id, revision, survey, status, shown_at, received_at, body, at, facts)
             SELECT $1, 2, 'reworded', 'completed', $2, $2, $3, $2,
                 '{\"s\":[' || segment.id || '],\"a\":[[' || scale.id || ',[\"4\"]]]}'
             FROM segment, scale"
        });
        insert.bind(id).bind(at).bind(body).execute(&mut *db).await.expect("a row");
        let statuses = if with_wordings {
            "INSERT INTO day_status
                 (segment, day, only_shown, partial, completed, dismissed, responses)
             SELECT id, $1, 0, 0, 1, 0, 1 FROM segment"
        } else {
            "INSERT INTO day_status
                 (segment, day, shown, partial, completed, dismissed, answered)
             SELECT id, $1, 0, 0, 1, 0, 1 FROM segment"
        };
        for counts in [
            statuses,
            "INSERT INTO day_answer (segment, day, scale, value, n)
             SELECT segment.id, $1, scale.id, '', 1 FROM segment, scale",
            "INSERT INTO day_answer (segment, day, scale, value, n)
             SELECT segment.id, $1, scale.id, '4', 1 FROM segment, scale",
        ] {
            sqlx::query(counts).bind(day).execute(&mut *db).await.expect("a row");
        }
    }
}

async fn a_database_of_every_earlier_version_opens_whole(on: On) {
    // The last version is this one.
    for version in 1..migrations(on).await.iter().count() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = on.database(folder.path());
        fill(on, &database, version).await;
        let database: Database = database.parse().expect("a database");
        // Twice: the second time finds everything done.
        for _ in 0..2 {
            let store = Store::open(&database).await.expect("it opens");
            check(&store, counts(on, version)).await;
            store.close().await;
        }
    }
}

async fn check(store: &Store, counts: bool) {
    let filter = |survey: &str| Filter {
        limit: 5_000,
        surveys: Some(vec![survey.to_owned()]),
        ..Filter::default()
    };
    let page = store.responses(&filter("checkout")).await.expect("responses");
    assert_eq!(page.rows.len(), 500);
    let period = Period { from: Timestamp::from_millis(0), to: Timestamp::from_millis(i64::MAX) };
    let of = |survey| CountsOf { survey, period, dimensions: &[""], by_day: false };
    let found = store.counts(&of("checkout")).await.expect("counts");
    let [status] = &found.statuses[..] else { panic!("{:?}", found.statuses) };
    assert_eq!((status.completed, status.responses), (500, 500));
    let wordings: Vec<_> = found.scales.iter().flat_map(|scale| &scale.wordings).collect();
    assert_eq!(wordings[0].text, "How satisfied are you with your purchase?");
    assert_eq!([wordings[0].first_day, wordings[0].last_day], [AT / DAY; 2]);

    let tokens = store.tokens().await.expect("tokens");
    assert_eq!(tokens[0].sha256, Sha256::digest("sondeo_old").to_vec());
    assert_eq!(tokens[0].scopes.to_string(), "read export");

    let found = store.counts(&of("reworded")).await.expect("counts");
    let wordings = found.scales.iter().flat_map(|scale| scale.wordings.clone()).collect::<Vec<_>>();
    let wording = |text: &str, day| Wording {
        language: "en".to_owned(),
        text: text.to_owned(),
        first_day: day,
        last_day: day,
        n: 1,
    };
    let expected =
        [wording("Old words?", AT / DAY), wording("New 'words' of \u{1}?", AT / DAY + 3)];
    assert_eq!(wordings, if counts { &expected[..] } else { &[] });
    let search = Some("überraschend");
    let of =
        CommentsOf { survey: "commented", period, search, question: None, cursor: None, limit: 9 };
    let comments = store.comments(&of).await.expect("comments").comments;
    assert_eq!(comments.len(), usize::from(counts), "what was written before is found as well");
    let report = store.verify().await.expect("a report");
    assert_eq!(report.faults, [""; 0]);
    assert_eq!(report.responses, if counts { 1_003 } else { 1_000 });
}
