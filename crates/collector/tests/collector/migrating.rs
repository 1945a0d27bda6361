//! A database of every earlier version opens, with all that is in it: a year of it, filled by that version's own SQL.

use crate::support::{COMPLETED, On, PARTIAL, on_both, with};
use serde_json::json;
use sha2::{Digest, Sha256};
use sondeo_collector::config::Database;
use sondeo_collector::store::{AuditEntry, CommentsOf, CountsOf, Filter, Period, Store, Wording};
use sondeo_model::Timestamp;
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Connection, Row};
use std::collections::BTreeMap;
use std::path::Path;

on_both!(a_database_of_every_earlier_version_opens_whole);

/// 2025-11-21T18:40:13.123Z
const AT: i64 = 1_763_750_413_123;
const DAY: i64 = 86_400_000;
/// What is stored happened on so many days, of which [`AT`] is in the last.
const DAYS: i64 = 365;
/// Responses of the checkout, of which every tenth is one of a survey with every kind of question.
const RESPONSES: i64 = 400;
/// Those of a site, one in a week.
const OF_SITE: i64 = DAYS / 7;
/// What no migration takes a row out of, nor puts one into; a version has those of them that it knows.
const KEPT: [&str; 15] = [
    "erased_response",
    "erased_visitor",
    "token",
    "person",
    "session",
    "write_key",
    "audit",
    "site",
    "managed_survey",
    "survey_version",
    "seen_page",
    "person_role",
    "invitation",
    "destination",
    "delivery",
];

const fn is_checkout(number: i64) -> bool {
    number % 10 != 9
}

/// The moment of something, which there are many of on each day of the year.
const fn moment(number: i64) -> i64 {
    AT - (number % DAYS) * DAY
}

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

async fn connection(on: On, database: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let url = match on {
        On::Sqlite => format!("sqlite:{database}?mode=rwc"),
        On::Postgres => database.to_owned(),
    };
    AnyConnection::connect(&url).await.expect("a connection")
}

/// How many rows the tables of [`KEPT`] have, of those that there are.
async fn kept(db: &mut AnyConnection) -> BTreeMap<&'static str, i64> {
    let mut rows = BTreeMap::new();
    for table in KEPT {
        let count = format!("SELECT COUNT(*) FROM {table}");
        let count = sqlx::query(sqlx::AssertSqlSafe(count)).fetch_one(&mut *db).await;
        if let Ok(row) = count {
            rows.insert(table, row.try_get(0).expect("a number"));
        }
    }
    rows
}

/// Fills a database as the version did that had only the first so many migrations. Says what it wrote that is kept.
async fn fill(on: On, database: &str, version: usize) -> BTreeMap<&'static str, i64> {
    let mut db = connection(on, database).await;
    let mut migrator = migrations(on).await;
    migrator.migrations.to_mut().truncate(version);
    migrator.run(&mut db).await.expect("they run");
    let has = |name: &str| migrator.iter().any(|it| it.description == name);
    // One transaction, for a year of days.
    sqlx::query("BEGIN").execute(&mut db).await.expect("it begins");
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
        people(&mut db, counts_wordings(on, version)).await;
    }
    if has("sites") {
        sites(&mut db).await;
    }
    if has("destinations") {
        destinations(&mut db).await;
    }
    sqlx::query("COMMIT").execute(&mut db).await.expect("it is written");
    let mut rows = kept(&mut db).await;
    // What the migrations make of it: the token of the first version is one of all, everybody was an owner, and all that
    // there was belongs to a site.
    rows.entry("token").or_insert(1);
    rows.entry("site").or_insert(1);
    if let Some(people) = rows.get("person").copied() {
        rows.entry("person_role").or_insert(people);
    }
    db.close().await.expect("it closes");
    rows
}

/// What happened in the year beside responses: exports and erasures on each day, logins in each month.
async fn people(db: &mut AnyConnection, closes_lines: bool) {
    let audit = if closes_lines {
        "INSERT INTO audit (at, actor, action, subject, n, finished_at)
         VALUES ($1, 'command', 'export', $2, 7, $1)"
    } else {
        "INSERT INTO audit (at, actor, action, subject, n) VALUES ($1, 'command', 'export', $2, 7)"
    };
    for day in 0..DAYS {
        let at = moment(day);
        let subject = format!("day {day}");
        sqlx::query(audit).bind(at).bind(subject).execute(&mut *db).await.expect("a row");
        let id = format!("0199a3c2-5f1e-7a3b-ac4d-{day:012x}");
        let erased = "INSERT INTO erased_response (id, at) VALUES ($1, $2)";
        sqlx::query(erased).bind(id).bind(at).execute(&mut *db).await.expect("a row");
    }
    for month in 0..13 {
        let (at, name) = (moment(month * 30), format!("person-{month}"));
        let hash = Sha256::digest(name.as_bytes()).to_vec();
        let erased = "INSERT INTO erased_visitor (sha256, at) VALUES ($1, $2)";
        let erased = sqlx::query(erased).bind(hash.clone()).bind(at);
        let person = "INSERT INTO person (name, password, created_at) VALUES ($1, 'a hash', $2)";
        let person = sqlx::query(person).bind(name.clone()).bind(at);
        let session = "INSERT INTO session (sha256, person, created_at, expires_at)
             VALUES ($1, $2, $3, 4102444800000)";
        let session = sqlx::query(session).bind(hash.clone()).bind(name.clone()).bind(at);
        let key = "INSERT INTO write_key (survey, sha256, created_at) VALUES ($1, $2, $3)";
        let key = sqlx::query(key).bind(name).bind(hash).bind(at);
        for insert in [erased, person, session, key] {
            insert.execute(&mut *db).await.expect("a row");
        }
    }
}

/// A site whose survey was published every month and answered every week.
async fn sites(db: &mut AnyConnection) {
    for statement in [
        "INSERT INTO site (id, name, origins, time_zone, defaults, version, created_at)
         VALUES ('shop', 'Shop', '[\"https://shop.example\"]', 'Europe/Madrid', '{}', 13, 1)",
        "INSERT INTO managed_survey (site, id, state, version, name, draft, draft_etag, draft_at, draft_by,
             published_etag, limit_answers, answers, day, answers_of_day)
         VALUES ('shop', 'checkout', 'running', 13, 'Checkout', '{\"template\": \"csat\"}', 'e', 1, 'person:ada',
             'e', 500, 365, 20413, 1)",
        "INSERT INTO person_role (person, site, role) VALUES ('person-0', 'shop', 'editor')",
        "INSERT INTO token (label, sha256, scopes, created_at, site)
         SELECT 'of the shop', sha256, 'publish', 2, 'shop' FROM token",
        "UPDATE publication SET revision = 40",
    ] {
        sqlx::query(statement).execute(&mut *db).await.expect("a row");
    }
    for month in 0..13_i64 {
        let at = moment(DAYS - 1 - month * 30);
        let version = "INSERT INTO survey_version
                 (site, survey, version, source, body, plan, published_at, published_by, restored)
             VALUES ('shop', 'checkout', $1, '{\"template\": \"csat\"}', '{\"id\":\"checkout\",\"template\":\"csat\"}',
                 '{\"id\":\"checkout\",\"version\":1,\"trigger\":\"load\"}', $2, 'person:ada', 0)";
        sqlx::query(version).bind(month + 1).bind(at).execute(&mut *db).await.expect("a row");
        let seen = "INSERT INTO seen_page (site, origin, path, at, surveys, problems)
             VALUES ('shop', 'https://shop.example', $1, $2, '[\"checkout\"]', '[]')";
        let path = format!("/month-{month}");
        sqlx::query(seen).bind(path).bind(at).execute(&mut *db).await.expect("a row");
        let invited = "INSERT INTO invitation (sha256, site, role, invited_by, expires_at)
             VALUES ($1, 'shop', 'viewer', 'ada', 4102444800000)";
        let code = Sha256::digest(at.to_be_bytes()).to_vec();
        sqlx::query(invited).bind(code).execute(&mut *db).await.expect("a row");
    }
    for week in 0..OF_SITE {
        let day = week * 7;
        let id = format!("0199a3c2-5f1e-7a3b-bc4d-{day:012x}");
        let body = with(COMPLETED, json!({"id": id, "site": "shop", "version": 1 + day / 30}));
        let insert = "INSERT INTO response (id, revision, survey, status, shown_at, received_at, body, at, site)
             VALUES ($1, 2, 'shop/checkout', 'completed', $2, $2, $3, $2, 'shop')";
        let insert = sqlx::query(insert).bind(id).bind(moment(day)).bind(body.to_string());
        insert.execute(&mut *db).await.expect("a row");
    }
}

/// Where answers of a year were passed on to.
async fn destinations(db: &mut AnyConnection) {
    let destination = "INSERT INTO destination (id, site, kind, name, surveys, condition, passes, settings, key_id,
             secrets, state, reason, created_at)
         VALUES (7, 'shop', 'webhook', 'Ours', '[]', '', 'completed', '{}', '', $1, 'paused', '', 1)";
    sqlx::query(destination).bind(Vec::new()).execute(&mut *db).await.expect("a row");
    for day in 0..DAYS {
        let id = format!("0199a3c2-5f1e-7a3b-bc4d-{day:012x}");
        let delivery = "INSERT INTO delivery (response, destination, revision, state, due, at)
             VALUES ($1, 7, 2, 'waiting', $2, $2)";
        let delivery = sqlx::query(delivery).bind(id).bind(moment(day));
        delivery.execute(&mut *db).await.expect("a row");
    }
}

/// Responses of a year that nobody has counted yet.
async fn uncounted(db: &mut AnyConnection, on: On, version: usize) {
    for number in 0..RESPONSES {
        let id = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012x}");
        let source = if is_checkout(number) { COMPLETED } else { PARTIAL };
        let at = moment(number);
        let shown_at = Timestamp::from_millis(at).to_rfc3339();
        let visitor = format!("v{}", number % 10);
        let fields = json!({"id": id, "revision": 2, "visitor": visitor, "shown_at": shown_at});
        let body = with(source, fields);
        let insert = if counts(on, version) {
            "INSERT INTO response (id, revision, survey, status, shown_at, received_at, body, at)
             VALUES ($1, 2, $2, $3, $5, $6, $4, $5)"
        } else {
            "INSERT INTO response (id, revision, survey, status, shown_at, received_at, body)
             VALUES ($1, 2, $2, $3, $5, $6, $4)"
        };
        let text = |key: &str| body[key].as_str().expect("a text").to_owned();
        let insert = sqlx::query(insert).bind(id).bind(text("survey")).bind(text("status"));
        let insert = insert.bind(body.to_string()).bind(at).bind(at + 7_377);
        insert.execute(&mut *db).await.expect("a row");
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
    let versions = migrations(on).await.iter().count();
    for version in 1..=versions {
        let folder = tempfile::tempdir().expect("a folder");
        let path = on.database(folder.path());
        let rows = fill(on, &path, version).await;
        // Nothing of it is tried in vain.
        let has_sites = rows.get("managed_survey").is_some_and(|n| *n > 0);
        assert!(version < versions || KEPT.iter().all(|table| rows[table] > 0), "{rows:?}");
        let database: Database = path.parse().expect("a database");
        // Twice: the second time finds everything done.
        for _ in 0..2 {
            let store = Store::open(&database).await.expect("it opens");
            check(&store, counts(on, version), has_sites).await;
            store.close().await;
            let mut db = connection(on, &path).await;
            let now = kept(&mut db).await;
            for (table, n) in &rows {
                assert_eq!(now.get(table), Some(n), "{table}, from version {version}");
            }
            db.close().await.expect("it closes");
        }
    }
}

/// How many responses of the checkout count for each day.
fn by_day() -> BTreeMap<i64, i64> {
    let mut days = BTreeMap::new();
    for number in (0..RESPONSES).filter(|it| is_checkout(*it)) {
        *days.entry(moment(number).div_euclid(DAY)).or_default() += 1;
    }
    days
}

async fn check(store: &Store, counts: bool, has_sites: bool) {
    let filter = |survey: &str| Filter {
        limit: 5_000,
        surveys: Some(vec![survey.to_owned()]),
        ..Filter::default()
    };
    let page = store.responses(&filter("checkout")).await.expect("responses");
    let checkouts = by_day().values().sum::<i64>();
    assert_eq!(page.rows.len(), checkouts as usize);
    let period = Period { from: Timestamp::from_millis(0), to: Timestamp::from_millis(i64::MAX) };
    let of = |survey| CountsOf { survey, period, dimensions: &[""], by_day: false };
    let found = store.counts(&of("checkout")).await.expect("counts");
    let [status] = &found.statuses[..] else { panic!("{:?}", found.statuses) };
    assert_eq!((status.completed, status.responses), (checkouts, checkouts));
    let wordings: Vec<_> = found.scales.iter().flat_map(|scale| &scale.wordings).collect();
    assert_eq!(wordings[0].text, "How satisfied are you with your purchase?");
    assert_eq!([wordings[0].first_day, wordings[0].last_day], [AT / DAY - (DAYS - 1), AT / DAY]);
    let days = CountsOf { by_day: true, ..of("checkout") };
    let days = store.counts(&days).await.expect("counts").statuses;
    let days: BTreeMap<i64, i64> =
        days.iter().filter_map(|it| Some((it.day?, it.completed))).collect();
    assert_eq!(days, by_day());

    let found = store.counts(&of("shop/checkout")).await.expect("counts");
    assert_eq!(found.statuses.first().map(|it| it.completed), has_sites.then_some(OF_SITE));
    let versions = store.versions("shop", "checkout").await.expect("versions");
    assert_eq!(versions.len(), if has_sites { 13 } else { 0 });
    if has_sites {
        let survey = store.managed_survey("shop", "checkout").await.expect("it").expect("a survey");
        assert_eq!((survey.version, survey.answers, survey.limit.answers), (13, 365, Some(500)));
        // They are all there (`seen_page` above), and too old to be shown.
        assert_eq!(store.seen_pages("shop").await.expect("pages"), []);
    }
    if counts {
        let audit = store.audit_entries(DAYS as u32).await.expect("lines");
        let whole = |it: &&AuditEntry| it.n == 7 && it.finished_at == Some(it.at);
        assert_eq!(audit.iter().filter(whole).count(), DAYS as usize, "{:?}", audit.first());
    }

    let tokens = store.tokens().await.expect("tokens");
    let old = tokens.iter().find(|token| token.label == "old").expect("the token");
    assert_eq!(old.sha256, Sha256::digest("sondeo_old").to_vec());
    assert_eq!(old.scopes.to_string(), "read export");

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
    let of = CommentsOf {
        survey: "commented",
        period,
        search,
        question: None,
        done: None,
        tag: None,
        cursor: None,
        limit: 9,
    };
    let comments = store.comments(&of).await.expect("comments").comments;
    assert_eq!(comments.len(), usize::from(counts), "what was written before is found as well");
    let report = store.verify().await.expect("a report");
    assert_eq!(report.faults, [""; 0]);
    let others = if counts { 3 } else { 0 } + if has_sites { OF_SITE as u64 } else { 0 };
    assert_eq!(report.responses, RESPONSES as u64 + others);
}
