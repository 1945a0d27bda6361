//! What a survey's own definition names has a place, also when everything is counted anew, and however long ago it was used.

use crate::hardening::{DAY_MS, counts, now, open, response, store, whole};
use crate::neighbours::{publish, published};
use crate::operating::done;
use crate::support::{On, Server, on_both};
use serde_json::{Value as Json, json};
use sondeo_collector::store::{AnswerCount, Counted, Store};
use sondeo_model::{Response, Timestamp};
use std::fs;

on_both!(
    what_was_published_has_a_place_when_it_is_counted_anew,
    what_a_folder_names_has_a_place_when_it_is_counted_anew,
    what_a_definition_names_makes_no_room,
);

/// Three hundred made-up questions, with ids before those of all others.
fn junk(survey: &str) -> Vec<Response> {
    let answer = |batch: u64, number: u64| json!({"question": format!("junk-{batch}-{number}"), "text": "?", "kind": "yes-no", "value": true});
    let answers = |batch| (0..100).map(|number| answer(batch, number)).collect::<Vec<_>>();
    let each = |batch| response(batch, json!({"survey": survey, "answers": answers(batch)}));
    (0..3).map(each).collect()
}

/// Five answers to the question of a definition.
fn honest(survey: &str) -> Vec<Response> {
    let answer = json!({"question": "satisfaction", "text": "How was it?", "kind": "likert", "points": 5, "value": 5});
    let each = |number| response(number, json!({"survey": survey, "answers": [answer]}));
    (10..15).map(each).collect()
}

/// How many answered a question, by its name.
async fn answered(store: &Store, survey: &str, question: &str) -> i64 {
    let found = counts(store, survey, "").await;
    let Some(scale) = found.scales.iter().find(|it| it.question == question) else { return 0 };
    let anyone = |it: &&AnswerCount| it.scale == scale.id && it.value == Counted::Anyone;
    found.answers.iter().filter(anyone).map(|it| it.n).sum()
}

/// Counts all of them anew, in place and in another database, and expects the same each time.
async fn stays(
    on: On,
    server: &Server,
    survey: &str,
    arguments: &[&str],
    prepare: impl AsyncFn(&str),
) {
    server.store.import(junk(survey)).await.expect("stored");
    server.store.import(honest(survey)).await.expect("stored");
    assert_eq!(answered(&server.store, survey, "satisfaction").await, 5);
    done(&server.database, &[&["check", "--repair"], arguments].concat()).await;
    assert_eq!(answered(&server.store, survey, "satisfaction").await, 5, "counted anew");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("all.ndjson").display().to_string();
    done(&server.database, &["export", "--output", &file]).await;
    let other = on.database(folder.path());
    prepare(&other).await;
    // An export begins with the latest; an import of some other file need not.
    let lines = fs::read_to_string(&file).expect("a file");
    let reversed: Vec<_> = lines.lines().rev().collect();
    fs::write(&file, reversed.join("\n")).expect("a file");
    done(&other, &[&["import", &file], arguments].concat()).await;
    let copy = open(&other).await;
    assert_eq!(answered(&copy, survey, "satisfaction").await, 5, "imported");
    whole(&copy).await;
}

async fn what_was_published_has_a_place_when_it_is_counted_anew(on: On) {
    let (store, database, _folder) = store(on).await;
    store.close().await;
    publish(&database, &published()).await;
    let server = Server::start_at(&database).await;
    stays(on, &server, "checkout", &[], async |other| {
        open(other).await.close().await;
        publish(other, &published()).await;
    })
    .await;
}

async fn what_a_folder_names_has_a_place_when_it_is_counted_anew(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let survey = json!({"id": "mine", "questions": [{"id": "satisfaction", "kind": "likert",
        "points": 5, "text": "How was it?"}]});
    fs::write(folder.path().join("mine.json"), survey.to_string()).expect("a file");
    let surveys = ["--surveys", folder.path().to_str().expect("UTF-8")];
    let server = Server::start_on(on, &surveys).await;
    stays(on, &server, "mine", &surveys, async |_| {}).await;
}

async fn what_a_definition_names_makes_no_room(on: On) {
    let (store, database, _folder) = store(on).await;
    store.close().await;
    let mut survey = published();
    survey["custom"] = json!({"shop": "north"});
    publish(&database, &survey).await;
    let server = Server::start_at(&database).await;
    let own = [
        ("trigger", "event:order-completed"),
        ("language", "es"),
        ("version", "1"),
        ("custom.shop", "north"),
    ];
    let long_ago = Timestamp::from_millis(now().as_millis() - 100 * DAY_MS);
    let fields = |own: [Json; 4]| {
        let [trigger, language, version, shop] = own;
        json!({"trigger": trigger, "language": language, "version": version, "custom": {"shop": shop}})
    };
    let [trigger, language, shop] = [own[0].1, own[1].1, own[3].1].map(Json::from);
    let mut honest = fields([trigger, language, 1.into(), shop]);
    honest["shown_at"] = json!(long_ago);
    server.store.import(vec![response(1, honest)]).await.expect("stored");
    let made_up = (0..60_u64).map(|number| {
        let word = |of: &str| Json::from(format!("{of}{number}"));
        response(
            100 + number,
            fields([word("event:junk-"), word("x"), (1_000 + number).into(), word("junk")]),
        )
    });
    server.store.import(made_up.collect::<Vec<_>>()).await.expect("stored");
    for (dimension, value) in own {
        let found = counts(&server.store, "checkout", dimension).await.statuses;
        let shown = found.iter().find(|it| it.segment.value == value).map(|it| it.shown());
        assert_eq!(shown, Some(1), "{value} of {dimension}");
    }
    let crowded = server.store.crowded("checkout").await.expect("it");
    assert!(
        own.iter().all(|(dimension, _)| crowded.iter().any(|it| it == dimension)),
        "{crowded:?}"
    );
    whole(&server.store).await;
}
