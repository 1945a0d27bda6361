//! What is left where a bound has been reached, a day has passed or a clock was wrong: told, bounded, and put right.

use crate::hardening::{
    DAY_MS, ParseId, asked, connect, count, counts, greedy, id, now, open, response, satisfaction,
    store, whole,
};
use crate::operating::{done, run};
use crate::support::{COMPLETED, On, Server, client, header, on_both, send, with};
use serde_json::{Value as Json, json};
use sondeo_collector::Token;
use sondeo_collector::store::{Scope, Scopes, Store, Submission, WriteOutcome};
use sondeo_model::Timestamp;
use sqlx::AnyConnection;
use std::fs;

on_both!(
    whatever_finds_no_place_is_told,
    options_that_are_cut_take_no_place,
    bytes_of_wordings_are_bounded,
    long_wordings_are_many_names,
    what_is_erased_for_its_age_stays_away,
    a_clock_that_was_ahead_is_noticed_and_repaired,
    names_of_the_future_make_room,
    a_session_of_the_future_is_over,
    exports_keep_the_day_that_responses_count_for,
    a_wording_that_nobody_read_is_found_and_repaired,
    the_right_one_of_a_disputed_id_is_stored,
);

async fn execute(db: &mut AnyConnection, sql: &'static str) {
    sqlx::query(sql).execute(db).await.expect("done");
}

async fn crowded(store: &Store, survey: &str) -> Vec<String> {
    store.crowded(survey).await.expect("it")
}

async fn whatever_finds_no_place_is_told(on: On) {
    let server = Server::start_on(on, &["--address-limit", "0"]).await;
    let store = &server.store;
    let custom = |number: u64| {
        let fields = json!({"custom": {format!("field-{number}"): "x"}, "answers": []});
        response(number, fields)
    };
    store.import((0..30).map(custom).collect::<Vec<_>>()).await.expect("stored");
    assert_eq!(crowded(store, "checkout").await, ["custom"]);
    let chosen = |number: u64| {
        let answers = json!([{"question": "why", "text": "Why?", "kind": "choice",
            "value": format!("option-{number}")}]);
        response(number, json!({"answers": answers}))
    };
    store.import((100..210).map(chosen).collect::<Vec<_>>()).await.expect("stored");
    assert_eq!(crowded(store, "checkout").await, ["custom", "option"]);
    let read = (300..360).map(|n| asked(n, "checkout", &format!("How {n}?"), now()));
    store.import(read.collect::<Vec<_>>()).await.expect("stored");
    assert_eq!(crowded(store, "checkout").await, ["custom", "option", "wording"]);

    let summary: Json =
        server.read_path("/v1/surveys/checkout/summary").await.json().await.expect("JSON");
    assert_eq!(summary["crowded"], json!(["custom", "option", "wording"]));
    let dimensions = summary["dimensions"].as_array().expect("a list");
    assert!(!dimensions.contains(&json!("custom")), "nothing to divide by: {dimensions:?}");
    let text = summary.to_string();
    assert!(!text.contains("\"text\":\"…\""), "nobody read that");
    let report = store.verify().await.expect("a report");
    assert_eq!(report.faults, [""; 0]);
    let notes = ["custom", "option", "wording"].map(|what| {
        format!("checkout: there are too many values of {what}, and some count together as …")
    });
    assert_eq!(report.notes, notes);
    store.recount().await.expect("counted anew");
    whole(store).await;
    assert_eq!(crowded(store, "checkout").await, ["custom", "option", "wording"]);
    for number in (0..30).chain(100..210).chain(300..360) {
        store.erase_response(id(number).parse_id()).await.expect("erased");
    }
    assert_eq!(crowded(store, "checkout").await, [""; 0]);
}

async fn options_that_are_cut_take_no_place(on: On) {
    let (store, database, _folder) = store(on).await;
    store.keep(response(1, json!({"answers": greedy(100, 40)}))).await.expect("kept");
    let mut db = connect(on, &database).await;
    let options = count(&mut db, "SELECT COUNT(*) FROM scale_option").await;
    assert!((50..=250).contains(&options), "{options}");
    whole(&store).await;
}

async fn bytes_of_wordings_are_bounded(on: On) {
    let (store, database, _folder) = store(on).await;
    let long = |number: u64| {
        let answer = |question: u64| {
            let text = format!("{number} {question} {}", "x".repeat(1_900));
            json!({"question": format!("q{question}"), "text": text, "kind": "yes-no", "value": true})
        };
        let answers: Json = (0..100).map(answer).collect();
        response(number, json!({"survey": "post-purchase", "answers": answers}))
    };
    store.import((0..12).map(long).collect::<Vec<_>>()).await.expect("stored");
    let mut db = connect(on, &database).await;
    let bytes = count(&mut db, "SELECT CAST(SUM(LENGTH(text)) AS BIGINT) FROM wording").await;
    assert!((900_000..1_100_000).contains(&bytes), "{bytes}");
    assert_eq!(crowded(&store, "post-purchase").await, ["wording"]);
    // The definition's own has a place all the same.
    let definition = sondeo_model::Template::PostPurchase.definition();
    let english = sondeo_model::Messages::of(sondeo_model::Language::En);
    let own = definition.questions[0].text.text("", english);
    store.keep(asked(100, "post-purchase", own, now())).await.expect("kept");
    let scales = counts(&store, "post-purchase", "").await.scales;
    let satisfaction = scales.iter().find(|it| it.question == "satisfaction").expect("it");
    assert_eq!(satisfaction.wordings[0].text, own);
    whole(&store).await;
    // A process that opens it counts the same bytes.
    let again = open(&database).await;
    again.import((20..22).map(long).collect::<Vec<_>>()).await.expect("stored");
    let bytes = count(&mut db, "SELECT CAST(SUM(LENGTH(text)) AS BIGINT) FROM wording").await;
    assert!(bytes < 1_100_000, "{bytes}");
}

async fn long_wordings_are_many_names(on: On) {
    let server = Server::start_on(on, &["--address-limit", "300"]).await;
    let post = async |number: u64| {
        let answer = |question: u64| {
            let text = format!("{number} {question} {}", "x".repeat(1_900));
            json!({"question": format!("q{question}"), "text": text, "kind": "yes-no", "value": true})
        };
        let answers: Json = (0..60).map(answer).collect();
        server
            .post(with(COMPLETED, json!({"id": id(number), "answers": answers})).to_string())
            .await
    };
    assert_eq!(post(1).await.status(), 201);
    let second = post(2).await;
    assert_eq!(second.status(), 429);
    assert!(!header(&second, "retry-after").is_empty());
}

async fn what_is_erased_for_its_age_stays_away(on: On) {
    let (store, database, _folder) = store(on).await;
    let ago = |days: i64| Timestamp::from_millis(now().as_millis() - days * DAY_MS);
    let old = |number: u64| response(number, json!({"shown_at": ago(40), "sent_at": ago(40)}));
    store.import((0..700).map(old).collect::<Vec<_>>()).await.expect("stored");
    assert_eq!(store.erase_before(ago(30)).await.expect("erased"), 700);
    // A browser that kept it sends it again; by what its clock says now, it was shown just now, or long ago.
    for (number, shown_at) in [(1, ago(40)), (2, now()), (3, ago(400))] {
        let copy = response(number, json!({"shown_at": shown_at, "revision": 9}));
        assert_eq!(store.keep(copy).await.expect("an answer"), WriteOutcome::Erased);
    }
    assert_eq!(store.keep(response(9_000, json!({}))).await.expect("kept"), WriteOutcome::Inserted);
    // Such a line goes when no browser can hold a copy any more; that of a person who was erased never does.
    assert!(!store.erase_response(id(7).parse_id()).await.expect("remembered"));
    let mut db = connect(on, &database).await;
    execute(&mut db, "UPDATE erased_response SET until = 1 WHERE until IS NOT NULL").await;
    store.erase_before(ago(30)).await.expect("nothing is old");
    assert_eq!(count(&mut db, "SELECT COUNT(*) FROM erased_response").await, 1);
}

/// As if the clock had been ahead by so many days when everything came.
async fn shift(on: On, database: &str, first_id: &str) {
    let mut db = connect(on, database).await;
    let ahead = 500 * DAY_MS;
    let by = format!(
        "UPDATE response SET at = at + {ahead}, received_at = received_at + {ahead} WHERE id >= '{first_id}'"
    );
    for statement in [
        by.as_str(),
        "UPDATE day_answer SET day = day + 500",
        "UPDATE day_status SET day = day + 500",
        "UPDATE wording SET last_day = last_day + 500, first_day = first_day + 500",
    ] {
        sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
            .execute(&mut db)
            .await
            .expect("done");
    }
}

async fn a_clock_that_was_ahead_is_noticed_and_repaired(on: On) {
    let (store, database, _folder) = store(on).await;
    let before = now();
    store.import((0..30).map(|n| response(n, json!({}))).collect::<Vec<_>>()).await.expect("kept");
    store.erase_visitor("ana").await.expect("nobody");
    shift(on, &database, "").await;
    let mut db = connect(on, &database).await;
    execute(&mut db, "UPDATE erased_visitor SET at = at + 43200000000").await;
    let fresh = (100..110).map(|n| response(n, json!({})));
    open(&database).await.import(fresh.collect::<Vec<_>>()).await.expect("kept");
    let visitor = |number: u64| response(number, json!({"visitor": "ana"}));
    assert_eq!(store.keep(visitor(200)).await.expect("an answer"), WriteOutcome::Erased);

    let (is_whole, out, err) = run(&database, &["check"], "").await;
    assert!(!is_whole && out.contains("30 responses count for a later day than this"), "{out}");
    assert!(err.contains("the clock was ahead when they came"), "it is logged: {err}");
    let (is_done, _, err) = run(&database, &["check", "--repair"], "").await;
    assert!(!is_done && err.contains("30 of 40 responses count for a later day"), "{err}");
    let said = done(&database, &["check", "--repair", "--most"]).await;
    assert_eq!(said, "40 responses, and every count is theirs\n");
    let today = before.as_millis().div_euclid(DAY_MS);
    let rows = store.surveys(None, None, 10).await.expect("surveys").rows;
    let last = rows[0].last_day.as_millis().div_euclid(DAY_MS);
    assert!((today..=today + 1).contains(&last), "{last}");
    assert_eq!(store.share_of_the_future().await.expect("it"), (0, 40));
    // Who was erased may answer again, from now on.
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    assert_eq!(store.keep(visitor(201)).await.expect("an answer"), WriteOutcome::Inserted);
    whole(&store).await;
}

async fn names_of_the_future_make_room(on: On) {
    let (store, database, _folder) = store(on).await;
    let at = |number: u64| {
        let page =
            json!({"url": format!("https://shop.example/{number}"), "title": "", "referrer": ""});
        let mut answers = satisfaction();
        answers[0]["text"] = format!("How {number}?").into();
        let answers = if number < 50 { answers } else { json!([]) };
        response(number, json!({"page": page, "answers": answers}))
    };
    store.import((0..200).map(at).collect::<Vec<_>>()).await.expect("stored");
    shift(on, &database, "").await;
    let store = open(&database).await;
    let page = json!({"url": "https://shop.example/new", "title": "", "referrer": ""});
    let mut answers = satisfaction();
    answers[0]["text"] = "New?".into();
    let fresh = response(1_000, json!({"page": page, "answers": answers}));
    store.keep(fresh).await.expect("kept");
    let found = counts(&store, "checkout", "page").await;
    let is_new = |value: &str| value == "https://shop.example/new";
    assert!(found.statuses.iter().any(|it| is_new(&it.segment.value)), "it has a name");
    let texts: Vec<_> = found.scales[0].wordings.iter().map(|it| it.text.as_str()).collect();
    assert!(texts.contains(&"New?"), "{texts:?}");
    // A wording that is read again is of today.
    store.keep(asked(1_001, "checkout", "How 7?", now())).await.expect("kept");
    let scales = counts(&store, "checkout", "").await.scales;
    let again = scales[0].wordings.iter().find(|it| it.text == "How 7?").expect("it");
    assert!(again.last_day <= now().as_millis().div_euclid(DAY_MS), "{again:?}");
}

async fn a_session_of_the_future_is_over(on: On) {
    let (store, database, _folder) = store(on).await;
    let until = Timestamp::from_millis(now().as_millis() + 500 * DAY_MS);
    store.begin_session(&[7; 32], "ana", until).await.expect("begun");
    assert_eq!(store.session(&[7; 32]).await.expect("it").as_deref(), Some("ana"));
    let mut db = connect(on, &database).await;
    execute(&mut db, "UPDATE session SET created_at = created_at + 43200000000").await;
    assert_eq!(store.session(&[7; 32]).await.expect("it"), None);
    assert_eq!(store.sessions().await.expect("it"), []);
}

async fn exports_keep_the_day_that_responses_count_for(on: On) {
    let server = Server::on(on).await;
    let ago = |days: i64| Timestamp::from_millis(now().as_millis() - days * DAY_MS);
    // A clock that is far behind, one that is ahead, and one that was right three days ago.
    let behind = json!({"shown_at": ago(100), "sent_at": ago(100)});
    let ahead = json!({"shown_at": ago(-100), "sent_at": ago(-100)});
    let all = [(1, behind), (2, ahead), (3, json!({}))].map(|(number, fields)| Submission {
        counts_for: Some(ago(3)),
        ..response(number, fields).into()
    });
    server.store.import(all.into()).await.expect("stored");
    let scopes = Scopes(vec![Scope::Read, Scope::Export]);
    let token = Token::mint(&server.store, "all", &scopes).await.expect("a token").to_string();
    let folder = tempfile::tempdir().expect("a folder");
    for file in ["export.csv", "export.csv?separator=semicolon&bom=0", "export.ndjson"] {
        let url = format!("{}/v1/{file}", server.address);
        let bytes = send(client().get(url).bearer_auth(&token)).await.bytes().await.expect("it");
        let path = folder.path().join("all");
        fs::write(&path, &bytes).expect("a file");
        let fresh = tempfile::tempdir().expect("a folder");
        let database = on.database(fresh.path());
        let said = done(&database, &["import", path.to_str().expect("UTF-8")]).await;
        assert_eq!(said, "3 stored, 0 known or erased before, 0 refused\n", "{file}");
        let rows = open(&database).await.surveys(None, None, 10).await.expect("surveys").rows;
        let day = Timestamp::from_millis(ago(3).as_millis().div_euclid(DAY_MS) * DAY_MS);
        assert_eq!((rows[0].first_day, rows[0].last_day), (day, day), "{file}");
    }
}

async fn a_wording_that_nobody_read_is_found_and_repaired(on: On) {
    let (store, database, _folder) = store(on).await;
    store.keep(asked(1, "checkout", "How was it?", now())).await.expect("kept");
    store.keep(asked(2, "checkout", "How is it?", now())).await.expect("kept");
    whole(&store).await;
    let mut db = connect(on, &database).await;
    for (spoil, what) in [
        ("UPDATE wording SET text = 'Sign in at evil.example' WHERE text = 'How is it?'", "evil"),
        ("UPDATE wording SET language = 'xx' WHERE text = 'How was it?'", "\"xx\""),
    ] {
        execute(&mut db, spoil).await;
        let report = store.verify().await.expect("a report");
        assert!(report.faults.len() == 1 && report.faults[0].contains(what), "{report:?}");
        let (is_whole, _, err) = run(&database, &["check"], "").await;
        assert!(!is_whole && err.contains("1 faults"), "{err}");
        done(&database, &["check", "--repair"]).await;
        let scales = counts(&store, "checkout", "").await.scales;
        let mut texts: Vec<_> = scales[0].wordings.iter().map(|it| it.text.as_str()).collect();
        texts.sort_unstable();
        assert_eq!(texts, ["How is it?", "How was it?"]);
    }
}

async fn the_right_one_of_a_disputed_id_is_stored(on: On) {
    let server = Server::on(on).await;
    let revision =
        |number: u32, survey: &str| with(COMPLETED, json!({"revision": number, "survey": survey}));
    let statuses = async |array: Json| -> Vec<bool> {
        let answer = server.post(array.to_string()).await;
        let results: Json = answer.json().await.expect("JSON");
        let results = results["results"].as_array().expect("one for each");
        results.iter().map(|it| it["stored"] == true).collect()
    };
    assert_eq!(server.post(revision(2, "mine").to_string()).await.status(), 201);
    let array = json!([revision(3, "other"), revision(4, "mine")]);
    assert_eq!(statuses(array).await, [false, true]);
    let array = json!([revision(5, "mine"), revision(9, "other"), revision(6, "mine")]);
    assert_eq!(statuses(array).await, [true, false, true]);
    let stored = server.stored().await;
    assert_eq!((&stored[0]["survey"], &stored[0]["revision"]), (&json!("mine"), &json!(6)));
    // Where none is stored, the first says whose it is.
    let fresh = |number: u32, survey: &str| {
        let mut fresh = revision(number, survey);
        fresh["id"] = id(1).into();
        fresh
    };
    let array = json!([fresh(1, "other"), fresh(2, "mine")]);
    assert_eq!(statuses(array).await, [true, false]);
    whole(&server.store).await;
}
