//! `check` compares every column with what the responses say, and `check --repair` writes it from there.

use crate::hardening::{ParseId, connect, count, counts, id, open, response, store, whole};
use crate::support::{On, on_both};
use serde_json::{Value as Json, json};
use sondeo_collector::store::Store;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

on_both!(
    a_column_that_is_not_of_its_body_is_found_and_repaired,
    what_counts_under_too_little_is_found_and_repaired,
    a_response_that_cannot_be_read_keeps_no_other_from_being_counted,
    names_that_nobody_answered_go_with_a_repair,
);

fn answered(number: u64) -> sondeo_model::Response {
    let answers = json!([
        {"question": "how", "text": "How?", "kind": "choice", "value": "well"},
        {"question": "why", "text": "Why?", "kind": "text", "value": "Größe"}]);
    response(number, json!({"visitor": "ana", "answers": answers, "custom": {"shop": "north"}}))
}

async fn execute(db: &mut AnyConnection, sql: &str) {
    let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(db).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn faults(store: &Store) -> Vec<String> {
    store.verify().await.expect("a report").faults
}

async fn a_column_that_is_not_of_its_body_is_found_and_repaired(on: On) {
    let (store, database, _folder) = store(on).await;
    store.keep(answered(1)).await.expect("kept");
    let mut db = connect(on, &database).await;
    whole(&store).await;
    for (spoil, words) in [
        ("UPDATE response SET visitor = 'eva'", "its visitor is another one"),
        ("UPDATE response SET visitor = NULL", "its visitor is another one"),
        ("UPDATE response SET site = 'shop'", "its site is another one"),
        ("UPDATE response SET survey = 'other'", "its survey is another one"),
        ("UPDATE response SET shown_at = shown_at - 86400000", "its shown_at is another one"),
        ("UPDATE response SET revision = revision + 1", "its revision is another one"),
        ("UPDATE response SET status = 'partial'", "its status is another one"),
        (
            "UPDATE comment SET survey = 'other'",
            "its comment to \"why\" is found under another survey",
        ),
        ("UPDATE comment SET at = at - 1", "its comment to \"why\" is found under another"),
        ("UPDATE comment SET folded = 'klein'", "its comment to \"why\" is found under another"),
        ("UPDATE comment SET folded = NULL", "its comment to \"why\" is found under another"),
    ] {
        execute(&mut db, spoil).await;
        let found = faults(&store).await;
        assert!(found.iter().any(|fault| fault.contains(words)), "{spoil}: {found:?}");
        assert_eq!(store.recount().await.expect("repaired"), 1);
        whole(&store).await;
    }
    // Whoever asks to be forgotten is.
    execute(&mut db, "UPDATE response SET visitor = 'eva'").await;
    store.recount().await.expect("repaired");
    assert_eq!(store.erase_visitor("ana").await.expect("erased"), 1);
}

/// What one response counts for is changed as a whole, counts included, so that no sum is wrong.
async fn what_counts_under_too_little_is_found_and_repaired(on: On) {
    let (store, database, _folder) = store(on).await;
    store.keep(answered(1)).await.expect("kept");
    let mut db = connect(on, &database).await;
    let id_of = async |db: &mut AnyConnection, sql: &str| -> i64 {
        let row = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(db).await.expect("a row");
        row.try_get(0).expect("a number")
    };
    for dimension in ["page", "custom.shop", "value", "wording"] {
        let facts = sqlx::query("SELECT facts FROM response").fetch_one(&mut db).await;
        let facts: String = facts.expect("a row").try_get(0).expect("a text");
        let mut facts: Json = serde_json::from_str(&facts).expect("JSON");
        let words = match dimension {
            "value" => {
                let scale = id_of(&mut db, "SELECT id FROM scale WHERE question = 'how'").await;
                let answers = facts["a"].as_array_mut().expect("answers");
                let own = answers.iter_mut().find(|it| it[0] == scale).expect("it");
                own[1] = json!([]);
                let delete =
                    format!("DELETE FROM day_answer WHERE scale = {scale} AND value = 'well'");
                execute(&mut db, &delete).await;
                "and is counted with []".to_owned()
            }
            "wording" => {
                facts["w"] = json!([]);
                execute(&mut db, "UPDATE wording SET n = 0").await;
                "it is counted under no wording of \"how\"".to_owned()
            }
            dimension => {
                let sql = format!("SELECT id FROM segment WHERE dimension = '{dimension}'");
                let segment = id_of(&mut db, &sql).await;
                facts["s"].as_array_mut().expect("segments").retain(|it| *it != segment);
                for table in ["day_status", "day_answer"] {
                    execute(&mut db, &format!("DELETE FROM {table} WHERE segment = {segment}"))
                        .await;
                }
                format!("its {dimension} is ")
            }
        };
        execute(&mut db, &format!("UPDATE response SET facts = '{facts}'")).await;
        let found = faults(&store).await;
        assert!(found.len() == 1 && found[0].contains(&words), "{dimension}: {found:?}");
        store.recount().await.expect("repaired");
        whole(&store).await;
    }
}

/// A page of the disk is damaged: everybody else's answers count, and the program starts.
async fn a_response_that_cannot_be_read_keeps_no_other_from_being_counted(on: On) {
    let (store, database, _folder) = store(on).await;
    for number in [1, 2, 3] {
        store.keep(answered(number)).await.expect("kept");
    }
    let mut db = connect(on, &database).await;
    execute(&mut db, &format!("UPDATE response SET body = '{{' WHERE id = '{}'", id(2))).await;
    store.recount().await.expect("the others are counted");
    for _ in 0..2 {
        let store = open(&database).await;
        assert_eq!(counts(&store, "checkout", "").await.statuses[0].responses, 2);
        let found = faults(&store).await;
        assert!(found.len() == 1 && found[0].contains(&id(2)), "{found:?}");
    }
    store.erase_response(id(2).parse_id()).await.expect("erased");
    whole(&store).await;
    // Likewise one whose body is that of another.
    let swap =
        format!("UPDATE response SET body = (SELECT body FROM response WHERE id = '{}')", id(3));
    execute(&mut db, &swap).await;
    store.recount().await.expect("the other one is counted");
    let found = faults(&store).await;
    assert!(found.len() == 1 && found[0].contains(&id(1)), "{found:?}");
    assert_eq!(store.erase_visitor("ana").await.expect("erased"), 2);
    whole(&store).await;
}

/// What an earlier version left behind: questions that take all places, and the words of somebody who was erased.
async fn names_that_nobody_answered_go_with_a_repair(on: On) {
    let (store, database, _folder) = store(on).await;
    store.keep(answered(1)).await.expect("kept");
    let mut db = connect(on, &database).await;
    for number in 0..300 {
        let insert = format!(
            "INSERT INTO scale (survey, question, kind, points, metric, position)
             VALUES ('checkout', 'junk-{number}', 'yes-no', 0, '', 0)"
        );
        execute(&mut db, &insert).await;
    }
    let wording = "INSERT INTO wording (scale, language, text, first_day, last_day, n)
                   SELECT id, 'en', 'Ana Ruiz, how is your diabetes?', 1, 1, 0 FROM scale WHERE question = 'how'";
    execute(&mut db, wording).await;
    crate::operating::done(&database, &["check", "--repair"]).await;
    assert_eq!(count(&mut db, "SELECT COUNT(*) FROM scale").await, 2);
    assert_eq!(count(&mut db, "SELECT COUNT(*) FROM wording WHERE text LIKE 'Ana%'").await, 0);
    let store = open(&database).await;
    let new = json!([{"question": "new", "text": "New?", "kind": "yes-no", "value": true}]);
    store.keep(response(2, json!({"answers": new}))).await.expect("kept");
    let scales = counts(&store, "checkout", "").await.scales;
    assert!(scales.iter().any(|scale| scale.question == "new"), "it has a place");
    whole(&store).await;
}
