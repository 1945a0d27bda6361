//! What a stranger, an operator's slip or an earlier version does: it costs little, and numbers stay with their names.

use crate::operating::{done, run};
use crate::process::Process;
use crate::support::{COMPLETED, On, Server, check_error, on_both, with};
use serde_json::{Value as Json, json};
use sondeo_collector::config::Database;
use sondeo_collector::store::{
    AnswerCount, Counted, Counts, CountsOf, Period, Store, Submission, WriteOutcome,
};
use sondeo_model::{Response, ResponseId, Template, Timestamp};
use sqlx::{AnyConnection, Connection, Executor, Row};
use std::collections::BTreeMap;
use std::fs;
use tempfile::TempDir;

on_both!(
    one_response_counts_for_a_bounded_number_of_rows,
    an_id_is_never_given_twice,
    what_is_counted_under_another_name_is_found_and_repaired,
    a_comment_that_nobody_wrote_is_found_and_repaired,
    made_up_questions_take_no_place_of_those_that_are_known,
    names_that_are_idle_make_room_for_new_ones,
    made_up_wordings_take_no_place_of_those_that_are_known,
    wordings_that_are_idle_make_room_for_new_ones,
    custom_fields_of_a_definition_have_a_place,
    a_survey_that_nobody_registered_is_refused,
    a_survey_is_erased_with_all_its_names,
    surveys_are_bounded,
    a_survey_with_a_key_has_a_place,
    an_old_date_keeps_nobody_from_looking_for_room,
    what_makes_room_is_told_after_an_erasure,
    what_was_erased_is_nowhere,
    a_visitor_who_was_erased_stays_away_whatever_the_clock_says,
    a_response_stays_with_its_survey,
    what_is_imported_counts_for_the_day_that_it_counted_for,
    surveys_are_listed_page_by_page,
    new_names_are_counted_too,
    what_finds_no_place_is_told_everywhere,
    made_up_responses_do_not_go_beside_real_ones,
    most_of_a_database_is_erased_only_when_it_is_said_twice,
    retention_does_not_erase_most_of_a_database,
    old_dates_of_strangers_do_not_stop_retention,
    a_check_sees_what_one_moment_left,
    what_a_killed_repair_left_is_counted_by_who_serves,
    a_summary_of_today_reads_no_responses,
    lines_that_cannot_be_read_are_passed_over,
    rows_that_cannot_be_read_are_passed_over,
);

pub(crate) const DAY_MS: i64 = 86_400_000;

pub(crate) async fn open(database: &str) -> Store {
    let database: Database = database.parse().expect("a database");
    Store::open(&database).await.expect("it opens")
}

pub(crate) async fn store(on: On) -> (Store, String, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = on.database(folder.path());
    (open(&database).await, database, folder)
}

/// A connection beside the collector.
pub(crate) async fn connect(on: On, database: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let url = match on {
        On::Sqlite => format!("sqlite:{database}"),
        On::Postgres => database.to_owned(),
    };
    AnyConnection::connect(&url).await.expect("a connection")
}

pub(crate) async fn count(db: &mut AnyConnection, sql: &'static str) -> i64 {
    sqlx::query(sql).fetch_one(db).await.expect("a row").try_get(0).expect("a number")
}

pub(crate) fn now() -> Timestamp {
    let millis = std::time::UNIX_EPOCH.elapsed().expect("now").as_millis();
    Timestamp::from_millis(i64::try_from(millis).expect("now"))
}

pub(crate) fn id(number: u64) -> String {
    ResponseId::new(1_767_225_600_000 + number, [7; 10]).to_text()
}

/// A response of today.
pub(crate) fn response(number: u64, fields: Json) -> Response {
    let mut fields = fields;
    fields["id"] = id(number).into();
    if fields.get("shown_at").is_none() {
        fields["shown_at"] = json!(now());
        fields["sent_at"] = json!(now());
    }
    serde_json::from_value(with(COMPLETED, fields)).expect("a response")
}

fn page(url: &str) -> Json {
    json!({"url": format!("https://shop.example/{url}"), "title": "", "referrer": ""})
}

pub(crate) async fn counts(store: &Store, survey: &str, dimension: &str) -> Counts {
    let period = Period { from: Timestamp::from_millis(0), to: Timestamp::from_millis(i64::MAX) };
    let of = CountsOf { survey, period, dimensions: &[dimension], by_day: false };
    store.counts(&of).await.expect("counts")
}

/// The last part of each page, and how often the survey was shown there.
async fn pages(store: &Store, survey: &str) -> BTreeMap<String, i64> {
    let counts = counts(store, survey, "page").await;
    let name = |url: &str| url.rsplit('/').next().unwrap_or_default().to_owned();
    counts.statuses.iter().map(|it| (name(&it.segment.value), it.shown())).collect()
}

fn named(expected: &[(&str, i64)]) -> BTreeMap<String, i64> {
    expected.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect()
}

pub(crate) async fn whole(store: &Store) {
    let report = store.verify().await.expect("a report");
    assert_eq!(report.faults, [""; 0]);
}

/// Answers to so many questions, each with so many options.
pub(crate) fn greedy(questions: usize, options: usize) -> Vec<Json> {
    let options: Vec<_> = (0..options).map(|number| format!("o{number}")).collect();
    let answer = |number| json!({"question": format!("q{number}"), "text": "?", "kind": "choices", "value": options});
    (0..questions).map(answer).collect()
}

async fn one_response_counts_for_a_bounded_number_of_rows(on: On) {
    let (store, database, _folder) = store(on).await;
    let custom: BTreeMap<_, _> = (0..40).map(|n| (format!("c{n}"), format!("v{n}"))).collect();
    let fields = json!({"answers": greedy(100, 40), "custom": &custom});
    store.keep(response(1, fields)).await.expect("kept");
    let mut db = connect(on, &database).await;
    let rows = count(&mut db, "SELECT COUNT(*) FROM day_answer").await;
    assert!((250..=600).contains(&rows), "{rows}");
    assert!(count(&mut db, "SELECT COUNT(*) FROM day_status").await <= 26);
    let counts = counts(&store, "checkout", "").await;
    let anyone = counts.answers.iter().filter(|it| it.value == Counted::Anyone).count();
    assert_eq!(anyone, 100, "each answer counts once, whatever it holds");
    whole(&store).await;
    // Taken away exactly.
    store.erase_response(id(1).parse_id()).await.expect("erased");
    assert_eq!(count(&mut db, "SELECT COUNT(*) FROM day_answer").await, 0);
    assert_eq!(count(&mut db, "SELECT COUNT(*) FROM scale").await, 0);
    assert_eq!(count(&mut db, "SELECT COUNT(*) FROM scale_option").await, 0);
    assert_eq!(count(&mut db, "SELECT COUNT(*) FROM segment").await, 0);
    // The most that there can be.
    let answer = |number| json!({"question": format!("q{number}"), "text": "?", "kind": "yes-no", "value": true});
    let answers: Json = (0..100).map(answer).collect();
    let fields = json!({"answers": answers, "custom": custom});
    store.keep(response(2, fields)).await.expect("kept");
    let rows = count(&mut db, "SELECT COUNT(*) FROM day_answer").await;
    let states = count(&mut db, "SELECT COUNT(*) FROM day_status").await;
    assert_eq!((rows, states), (600, 26), "as the documentation says");
}

pub(crate) trait ParseId {
    fn parse_id(&self) -> ResponseId;
}

impl ParseId for String {
    fn parse_id(&self) -> ResponseId {
        ResponseId::parse(self).expect("an id")
    }
}

async fn an_id_is_never_given_twice(on: On) {
    let (serving, database, _folder) = store(on).await;
    let beside = open(&database).await;
    let keep = async |number, url: &str| {
        serving.keep(response(number, json!({"page": page(url)}))).await.expect("kept");
    };
    keep(1, "home").await;
    keep(2, "secret").await;
    beside.erase_response(id(2).parse_id()).await.expect("erased");
    keep(3, "other").await;
    for number in 4..9 {
        keep(number, "secret").await;
    }
    let expected = named(&[("home", 1), ("other", 1), ("secret", 5)]);
    assert_eq!(pages(&serving, "checkout").await, expected);
    whole(&serving).await;
}

async fn what_is_counted_under_another_name_is_found_and_repaired(on: On) {
    let (store, database, _folder) = store(on).await;
    for (number, url) in [(1, "home"), (2, "secret"), (3, "secret")] {
        store.keep(response(number, json!({"page": page(url)}))).await.expect("kept");
    }
    whole(&store).await;
    let mut db = connect(on, &database).await;
    for swap in [
        "UPDATE segment SET value = 'x' WHERE value = 'https://shop.example/home'",
        "UPDATE segment SET value = 'https://shop.example/home'
         WHERE value = 'https://shop.example/secret'",
        "UPDATE segment SET value = 'https://shop.example/secret' WHERE value = 'x'",
    ] {
        sqlx::query(swap).execute(&mut db).await.expect("swapped");
    }
    assert_eq!(pages(&store, "checkout").await, named(&[("home", 2), ("secret", 1)]));
    let report = store.verify().await.expect("a report");
    assert_eq!(report.faults.len(), 3);
    assert!(
        report.faults[0].ends_with(
            "it is counted under the page \"https://shop.example/secret\", and its page is \
             \"https://shop.example/home\""
        ),
        "{:?}",
        report.faults
    );
    assert_eq!(store.recount().await.expect("repaired"), 3);
    whole(&store).await;
    assert_eq!(pages(&store, "checkout").await, named(&[("home", 1), ("secret", 2)]));
}

async fn a_comment_that_nobody_wrote_is_found_and_repaired(on: On) {
    let (store, database, _folder) = store(on).await;
    let said = |question: &str, text: &str| json!({"question": question, "text": "?", "kind": "text", "value": text});
    let fields = json!({"answers": [said("why", "It is slow"), said("what", "The form")]});
    store.keep(response(1, fields)).await.expect("kept");
    whole(&store).await;
    let mut db = connect(on, &database).await;
    for spoil in [
        "UPDATE comment SET text = 'It is fast', folded = 'it is fast' WHERE question = 'why'",
        "DELETE FROM comment WHERE question = 'what'",
        "UPDATE comment SET question = 'other' WHERE question = 'why'",
    ] {
        sqlx::query(spoil).execute(&mut db).await.expect("spoilt");
        let report = store.verify().await.expect("a report");
        assert_eq!(report.faults.len(), 1, "{spoil}");
        assert!(report.faults[0].contains("its comments are not those of its body"));
    }
    // What an earlier version stored gives way when its response is counted anew.
    let uncounted = "UPDATE response SET facts = NULL";
    for table in ["day_answer", "day_status", "wording", "scale_option", "scale", "segment"] {
        let sql = sqlx::AssertSqlSafe(format!("DELETE FROM {table}"));
        sqlx::query(sql).execute(&mut db).await.expect("emptied");
    }
    sqlx::query(uncounted).execute(&mut db).await.expect("as earlier versions left it");
    let store = open(&database).await;
    whole(&store).await;
    assert_eq!(count(&mut db, "SELECT COUNT(*) FROM comment").await, 2);
}

/// What the version before wrote: pages under each other's names, three hundred made-up questions that leave no place
/// for real ones, and the words of a visitor who was erased.
#[tokio::test]
async fn a_database_that_an_earlier_version_spoilt_is_right_when_it_is_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("spoilt.db");
    fs::copy("tests/fixtures/spoilt.db", &file).expect("a copy");
    let store = open(file.to_str().expect("UTF-8")).await;
    let expected = named(&[("home", 1), ("other", 1), ("secret", 5)]);
    assert_eq!(pages(&store, "checkout").await, expected);
    let found = counts(&store, "post-purchase", "").await;
    assert_eq!(found.statuses[0].responses, 9);
    let real = found.scales.iter().find(|scale| scale.question == "satisfaction").expect("it");
    let is_real =
        |it: &&AnswerCount| it.scale == real.id && it.value == Counted::Value("5".to_owned());
    assert_eq!(found.answers.iter().find(is_real).expect("its answers").n, 6);
    let words = counts(&store, "support", "").await.scales[0].wordings.clone();
    assert!(words.iter().all(|wording| !wording.text.contains("Ana")), "{words:?}");
    whole(&store).await;
    done(file.to_str().expect("UTF-8"), &["check", "--repair"]).await;
    whole(&store).await;
    assert_eq!(pages(&store, "checkout").await, expected);
    // Likewise where nothing else has opened it before.
    let fresh = folder.path().join("fresh.db");
    fs::copy("tests/fixtures/spoilt.db", &fresh).expect("a copy");
    let fresh = fresh.to_str().expect("UTF-8");
    done(fresh, &["check", "--repair"]).await;
    let store = open(fresh).await;
    assert_eq!(pages(&store, "checkout").await, expected);
    assert_eq!(counts(&store, "post-purchase", "").await.statuses[0].responses, 9);
    whole(&store).await;
}

/// The sums of days hold all of today, however many responses it has: rows are not looked at.
async fn a_summary_of_today_reads_no_responses(on: On) {
    let server = Server::on(on).await;
    for number in 0..3 {
        server.store.keep(response(number, json!({}))).await.expect("kept");
    }
    let mut db = connect(on, &server.database).await;
    // Whatever reads a row of theirs fails.
    sqlx::query("UPDATE response SET facts = 'none'").execute(&mut db).await.expect("spoilt");
    let yesterday = Timestamp::from_millis(now().as_millis() - DAY_MS).to_rfc3339();
    let yesterday = yesterday.split('T').next().expect("a date");
    for query in ["", "?by=day,page", &format!("?from={yesterday}&by=week")] {
        let summary = server.read_path(&format!("/v1/surveys/checkout/summary{query}")).await;
        assert_eq!(summary.status(), 200, "{query}");
        assert_eq!(summary.json::<Json>().await.expect("JSON")["responses"], 3, "{query}");
    }
    let of_a_part = format!("/v1/surveys/checkout/summary?from={yesterday}T00:00:01Z");
    assert_eq!(server.read_path(&of_a_part).await.status(), 200, "yesterday had none");
    let today = now().as_millis().div_euclid(DAY_MS) * DAY_MS;
    let of_a_part = Timestamp::from_millis(today + 1).to_rfc3339();
    let of_a_part = format!("/v1/surveys/checkout/summary?from={of_a_part}");
    assert_eq!(server.read_path(&of_a_part).await.status(), 503, "the trap works");
}

pub(crate) fn satisfaction() -> Json {
    let question = &Template::PostPurchase.definition().questions[0];
    assert_eq!(question.id, "satisfaction");
    json!([{"question": "satisfaction", "text": "How?", "kind": question.kind.name(),
        "points": question.kind.points(), "metric": question.metric, "value": 5}])
}

async fn made_up_questions_take_no_place_of_those_that_are_known(on: On) {
    let (store, _, _folder) = store(on).await;
    let junk = |batch: usize| {
        let answer = |number| json!({"question": format!("junk-{batch}-{number}"), "text": "?", "kind": "yes-no", "value": true});
        Json::from((0..100).map(answer).collect::<Vec<_>>())
    };
    for batch in 0..5 {
        let fields = json!({"survey": "post-purchase", "answers": junk(batch)});
        store.keep(response(batch as u64, fields)).await.expect("kept");
    }
    for number in 10..15 {
        let fields = json!({"survey": "post-purchase", "answers": satisfaction()});
        store.keep(response(number, fields)).await.expect("kept");
    }
    let found = counts(&store, "post-purchase", "").await;
    assert_eq!(found.statuses[0].responses, 10, "an answer is one, also where it has no name");
    let of = |question: &str| {
        let scale = found.scales.iter().find(|it| it.question == question).expect(question).id;
        let anyone = |it: &&AnswerCount| it.scale == scale && it.value == Counted::Anyone;
        found.answers.iter().find(anyone).expect(question).n
    };
    assert_eq!((of("satisfaction"), of("…")), (5, 200));
    let crowded = store.crowded("post-purchase").await.expect("it");
    assert_eq!(crowded, ["question"]);
    let report = store.verify().await.expect("a report");
    let note = "post-purchase: there are too many values of question, and some count together as …";
    assert_eq!((report.faults, report.notes), (vec![], vec![note.to_owned()]));
    for batch in 0..5 {
        store.erase_response(id(batch).parse_id()).await.expect("erased");
    }
    let left = counts(&store, "post-purchase", "").await;
    let questions: Vec<_> = left.scales.iter().map(|scale| scale.question.as_str()).collect();
    assert_eq!((questions, left.statuses[0].responses), (vec!["satisfaction"], 5));
    assert!(store.crowded("post-purchase").await.expect("it").is_empty());
}

async fn names_that_are_idle_make_room_for_new_ones(on: On) {
    let (store, _, _folder) = store(on).await;
    let old = Timestamp::from_millis(now().as_millis() - 100 * DAY_MS);
    let at = |number: u64, url: String, shown_at: Timestamp| {
        response(number, json!({"page": page(&url), "shown_at": shown_at}))
    };
    let long_ago: Vec<_> = (0..200).map(|n| at(n, format!("old-{n}"), old)).collect();
    store.import(long_ago).await.expect("stored");
    assert_eq!(pages(&store, "checkout").await.len(), 200);
    store.keep(at(1_000, "new".to_owned(), now())).await.expect("kept");
    let found = pages(&store, "checkout").await;
    assert_eq!(found.get("new"), Some(&1), "it has a name");
    let others = counts(&store, "checkout", "page").await;
    let others = others.statuses.iter().filter(|it| it.segment.value == "…");
    assert_eq!(others.map(|it| it.shown()).sum::<i64>(), 200, "what is idle is told together");
    // A flood of today takes no name of today away.
    let flood: Vec<_> = (2_000..2_300).map(|n| at(n, format!("junk-{n}"), now())).collect();
    store.import(flood).await.expect("stored");
    store.keep(at(3_000, "new".to_owned(), now())).await.expect("kept");
    assert_eq!(pages(&store, "checkout").await.get("new"), Some(&2));
    // What is merged is still taken away exactly.
    store.erase_response(id(7).parse_id()).await.expect("erased");
    whole(&store).await;
    assert_eq!(store.crowded("checkout").await.expect("it"), ["page"]);
}

/// The wordings of a survey's first question, and how many answered to each.
async fn wordings(store: &Store, survey: &str) -> BTreeMap<String, i64> {
    let scales = counts(store, survey, "").await.scales;
    scales[0].wordings.iter().map(|it| (it.text.clone(), it.n)).collect()
}

pub(crate) fn asked(number: u64, survey: &str, text: &str, shown_at: Timestamp) -> Response {
    let mut answers = satisfaction();
    answers[0]["text"] = text.into();
    response(number, json!({"survey": survey, "answers": answers, "shown_at": shown_at}))
}

async fn made_up_wordings_take_no_place_of_those_that_are_known(on: On) {
    let (store, _, _folder) = store(on).await;
    let junk = (0..120).map(|n| asked(n, "post-purchase", &format!("junk {n}"), now()));
    store.import(junk.collect::<Vec<_>>()).await.expect("stored");
    let languages = (0..60).map(|n| {
        let made_up = asked(200 + n, "post-purchase", "junk", now());
        Response { language: format!("x{n}"), ..made_up }
    });
    store.import(languages.collect::<Vec<_>>()).await.expect("stored");
    let definition = Template::PostPurchase.definition();
    for (number, language) in
        (1_000..).zip([sondeo_model::Language::En, sondeo_model::Language::He])
    {
        let own = definition.questions[0].text.text("", sondeo_model::Messages::of(language));
        let honest = asked(number, "post-purchase", own, now());
        let honest = Response { language: language.tag().to_owned(), ..honest };
        store.keep(honest).await.expect("kept");
        assert_eq!(wordings(&store, "post-purchase").await.get(own), Some(&1), "{own}");
    }
    whole(&store).await;
}

async fn wordings_that_are_idle_make_room_for_new_ones(on: On) {
    let (store, _, _folder) = store(on).await;
    let old = Timestamp::from_millis(now().as_millis() - 100 * DAY_MS);
    let long_ago = (0..50).map(|n| asked(n, "mine", &format!("old {n}"), old));
    store.import(long_ago.collect::<Vec<_>>()).await.expect("stored");
    store.keep(asked(100, "mine", "new", now())).await.expect("kept");
    let found = wordings(&store, "mine").await;
    assert_eq!((found.len(), found.get("new"), found.get("old 7")), (51, Some(&1), Some(&1)));
    // What has made room is counted and taken away as before.
    store.keep(asked(101, "mine", "old 7", now())).await.expect("kept");
    assert_eq!(wordings(&store, "mine").await.get("old 7"), Some(&2));
    store.erase_response(id(9).parse_id()).await.expect("erased");
    assert_eq!(wordings(&store, "mine").await.get("old 9"), None);
    whole(&store).await;
}

async fn custom_fields_of_a_definition_have_a_place(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let survey = json!({"id": "mine", "custom": {"shop": "north"}, "questions": [
        {"id": "why", "kind": "text", "text": "Why?"}]});
    fs::write(folder.path().join("mine.json"), survey.to_string()).expect("a file");
    let folder = folder.path().to_str().expect("UTF-8");
    let server = Server::start_on(on, &["--surveys", folder, "--address-limit", "0"]).await;
    let post = async |number: u64, custom: Json| {
        let fields = json!({"id": id(number), "survey": "mine", "custom": custom});
        assert_eq!(server.post(with(COMPLETED, fields).to_string()).await.status(), 201);
    };
    for number in 0..25 {
        post(number, json!({format!("junk-{number}"): "x"})).await;
    }
    post(100, json!({"shop": "north", "junk": "x"})).await;
    let found = counts(&server.store, "mine", "custom.shop").await.statuses;
    assert_eq!(found.iter().map(|it| it.segment.value.as_str()).collect::<Vec<_>>(), ["north"]);
    assert!(counts(&server.store, "mine", "custom.junk").await.statuses.is_empty());
}

async fn a_survey_that_nobody_registered_is_refused(on: On) {
    let server = Server::start_on(on, &["--accept", "known"]).await;
    let post = async |survey: &str| {
        server.post(with(COMPLETED, json!({"survey": survey, "id": id(1)})).to_string()).await
    };
    let message = "survey is none that this collector knows; its operator can add checkout to \
                   --surveys, or start it with --accept any";
    check_error(post("checkout").await, 422, "unknown_survey", Some("survey"), message).await;
    assert_eq!(post("post-purchase").await.status(), 201, "a template");
    let form = "survey=checkout&id=0199a3c2-5f1e-7a3b-8c4d-0123456789ab&why=no";
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(server.post_with(&headers, form).await.status(), 422, "in a form, too");
    let array = json!([with(COMPLETED, json!({})), with(COMPLETED, json!({"survey": "nps"}))]);
    assert_eq!(server.post(array.to_string()).await.status(), 207, "and in an array");
}

async fn a_survey_is_erased_with_all_its_names(on: On) {
    let (store, database, _folder) = store(on).await;
    for number in 0..3 {
        store.keep(response(number, json!({"survey": "junk"}))).await.expect("kept");
    }
    store.keep(response(9, json!({}))).await.expect("kept");
    assert_eq!(store.erase_survey("junk").await.expect("erased"), 3);
    let rows = store.surveys(None, None, 10).await.expect("surveys").rows;
    assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["checkout"]);
    let mut db = connect(on, &database).await;
    let left = "SELECT (SELECT COUNT(*) FROM segment WHERE survey = 'junk')
                     + (SELECT COUNT(*) FROM scale WHERE survey = 'junk')";
    assert_eq!(count(&mut db, left).await, 0);
    let again = store.keep(response(1, json!({"survey": "junk"}))).await.expect("an answer");
    assert_eq!(again, WriteOutcome::Erased);
}

async fn surveys_are_bounded(on: On) {
    let (store, _, _folder) = store(on).await;
    let many: Vec<_> = (0..1_010)
        .map(|n| response(n, json!({"survey": format!("s{n}"), "answers": []})))
        .collect();
    let outcomes = store.import(many).await.expect("an answer");
    let refused = outcomes.iter().filter(|it| **it == WriteOutcome::TooManySurveys).count();
    assert_eq!(refused, 10);
    let known = response(5_000, json!({"survey": "nps", "answers": []}));
    assert_eq!(store.keep(known).await.expect("kept"), WriteOutcome::Inserted);
    whole(&store).await;
}

/// Whoever has a key for a survey is known, also where strangers have taken all places of others.
async fn a_survey_with_a_key_has_a_place(on: On) {
    let (store, database, _folder) = store(on).await;
    let many: Vec<_> = (0..1_000)
        .map(|n| response(n, json!({"survey": format!("s{n}"), "answers": []})))
        .collect();
    store.import(many).await.expect("an answer");
    let keep = async |number: u64, survey: &str| {
        store.keep(response(number, json!({"survey": survey}))).await.expect("an answer")
    };
    assert_eq!(keep(5_000, "mine").await, WriteOutcome::TooManySurveys);
    done(&database, &["key", "mine"]).await;
    assert_eq!(keep(5_000, "mine").await, WriteOutcome::Inserted);
    assert_eq!(keep(5_001, "yours").await, WriteOutcome::TooManySurveys);
    assert_eq!(counts(&store, "mine", "").await.statuses[0].responses, 1);
    whole(&store).await;
}

async fn an_old_date_keeps_nobody_from_looking_for_room(on: On) {
    let (store, _, _folder) = store(on).await;
    let ago = |days: i64| Timestamp::from_millis(now().as_millis() - days * DAY_MS);
    let at = |number: u64, url: String, shown_at: Timestamp| {
        response(number, json!({"page": page(&url), "shown_at": shown_at}))
    };
    let idle: Vec<_> = (0..200).map(|n| at(n, format!("old-{n}"), ago(58))).collect();
    store.import(idle).await.expect("stored");
    store.keep(at(1_000, "stranger".to_owned(), ago(55))).await.expect("kept");
    store.keep(at(1_001, "new".to_owned(), now())).await.expect("kept");
    assert_eq!(pages(&store, "checkout").await.get("new"), Some(&1), "it has a name");
    whole(&store).await;
}

async fn what_makes_room_is_told_after_an_erasure(on: On) {
    let (store, _, _folder) = store(on).await;
    let old = Timestamp::from_millis(now().as_millis() - 100 * DAY_MS);
    let long_ago = (0..3).map(|batch| {
        let answers: Json = (0..100)
            .map(|n| {
                json!({"question": format!("q-{batch}-{n}"), "text": "?", "kind": "text",
                    "value": "words"})
            })
            .collect();
        response(batch, json!({"answers": answers, "shown_at": old}))
    });
    store.import(long_ago.collect::<Vec<_>>()).await.expect("stored");
    store.keep(response(9, json!({}))).await.expect("kept");
    let others = async || {
        let found = counts(&store, "checkout", "").await;
        let scale = found.scales.iter().find(|it| it.question == "…").expect("others").id;
        let of_others = found.answers.iter().filter(|it| it.scale == scale);
        of_others.map(|it| it.n).sum::<i64>()
    };
    assert_eq!(others().await, 300);
    store.erase_response(id(1).parse_id()).await.expect("erased");
    assert_eq!(others().await, 200);
    whole(&store).await;
}

async fn what_was_erased_is_nowhere(on: On) {
    let (store, database, folder) = store(on).await;
    let secret = "Ana Ruiz, how is your diabetes?";
    let answers = json!([
        {"question": "health", "text": secret, "kind": "choice", "value": "insulin-pump"},
        {"question": "why", "text": "Why?", "kind": "text", "value": "my secret words"}]);
    let fields = json!({"answers": answers, "visitor": "ana", "page": page("ana-ruiz")});
    store.keep(response(1, fields)).await.expect("kept");
    store.keep(response(2, json!({}))).await.expect("kept");
    assert_eq!(store.erase_visitor("ana").await.expect("erased"), 1);
    let found = counts(&store, "checkout", "page").await;
    let texts: Vec<_> =
        found.scales.iter().flat_map(|it| &it.wordings).map(|it| it.text.as_str()).collect();
    assert!(!texts.contains(&secret), "{texts:?}");
    let mut db = connect(on, &database).await;
    for left in [
        "SELECT COUNT(*) FROM wording WHERE text LIKE 'Ana%'",
        "SELECT COUNT(*) FROM scale WHERE question = 'health'",
        "SELECT COUNT(*) FROM scale_option WHERE value = 'insulin-pump'",
        "SELECT COUNT(*) FROM segment WHERE value LIKE '%ana-ruiz'",
        "SELECT COUNT(*) FROM comment WHERE text LIKE '%secret%'",
    ] {
        assert_eq!(count(&mut db, left).await, 0, "{left}");
    }
    if on == On::Sqlite {
        // In no file either, while the collector runs: neither in freed pages nor in the log.
        for file in fs::read_dir(folder.path()).expect("a folder") {
            let path = file.expect("a file").path();
            let bytes = fs::read(&path).expect("bytes");
            for words in ["Ana Ruiz", "insulin-pump", "ana-ruiz", "my secret words"] {
                let found = bytes.windows(words.len()).any(|it| it == words.as_bytes());
                assert!(!found, "{words:?} in {}", path.display());
            }
        }
    }
    whole(&store).await;
}

/// Somebody reads for long, as an export does: whoever erases and whoever answers are not kept waiting, and the log is
/// cut off once the reader has ended.
#[tokio::test]
async fn an_erasure_beside_a_long_reader_keeps_nobody_waiting() {
    let (store, database, folder) = store(On::Sqlite).await;
    let secret = json!({"visitor": "ana", "page": page("ana-ruiz")});
    store.keep(response(1, secret)).await.expect("kept");
    let mut reader = connect(On::Sqlite, &database).await;
    sqlx::query("BEGIN").execute(&mut reader).await.expect("begun");
    assert_eq!(count(&mut reader, "SELECT COUNT(*) FROM response").await, 1);
    let begun = std::time::Instant::now();
    assert_eq!(store.erase_visitor("ana").await.expect("erased"), 1);
    assert!(begun.elapsed().as_millis() < 2_000, "{:?}", begun.elapsed());
    for number in 10..30 {
        let begun = std::time::Instant::now();
        store.keep(response(number, json!({}))).await.expect("kept");
        assert!(begun.elapsed().as_millis() < 1_000, "{:?}", begun.elapsed());
    }
    let log = folder.path().join("sondeo.db-wal");
    let holds = || fs::read(&log).expect("bytes").windows(8).any(|it| it == b"ana-ruiz");
    assert!(holds(), "the reader needs it");
    sqlx::query("ROLLBACK").execute(&mut reader).await.expect("ended");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while holds() {
        assert!(std::time::Instant::now() < deadline, "what is owed is never paid");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

async fn a_visitor_who_was_erased_stays_away_whatever_the_clock_says(on: On) {
    let (store, _, _folder) = store(on).await;
    const HOUR_MS: i64 = 3_600_000;
    // By a clock that is so far ahead, a moment ago.
    let of = |number: u64, ahead_ms: i64, visitor: &str| {
        let at = Timestamp::from_millis(now().as_millis() + ahead_ms - 1_000);
        response(number, json!({"visitor": visitor, "shown_at": at, "sent_at": at}))
    };
    for (number, ahead_ms, visitor) in
        [(1, HOUR_MS, "ahead"), (2, -HOUR_MS, "behind"), (3, 0, "right")]
    {
        let before = of(number, ahead_ms, visitor);
        let held_back = Response { id: id(number + 10).parse_id(), ..before.clone() };
        assert_eq!(store.keep(before).await.expect("kept"), WriteOutcome::Inserted);
        assert_eq!(store.erase_visitor(visitor).await.expect("erased"), 1);
        let outcome = store.keep(held_back).await.expect("an answer");
        assert_eq!(outcome, WriteOutcome::Erased, "{visitor}");
    }
    // Shown after that, by a clock that is as far ahead as it was.
    let later = Timestamp::from_millis(now().as_millis() + HOUR_MS + 1);
    let anew = response(20, json!({"visitor": "ahead", "shown_at": later, "sent_at": later}));
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    assert_eq!(store.keep(anew).await.expect("kept"), WriteOutcome::Inserted);
}

async fn a_response_stays_with_its_survey(on: On) {
    let server = Server::on(on).await;
    assert_eq!(server.post(COMPLETED).await.status(), 201);
    let moved = with(COMPLETED, json!({"survey": "other", "revision": 9})).to_string();
    let message = "survey must be that of the response's earlier revisions";
    check_error(server.post(moved).await, 422, "invalid_response", Some("survey"), message).await;
    assert_eq!(server.stored().await[0]["survey"], "checkout");
    whole(&server.store).await;
}

async fn what_is_imported_counts_for_the_day_that_it_counted_for(on: On) {
    let (store, _, _folder) = store(on).await;
    let day = Timestamp::from_millis(now().as_millis() - 3 * DAY_MS);
    let long_ago = json!({"shown_at": "1990-01-01T00:00:00Z"});
    let imported = Submission { counts_for: Some(day), ..response(1, long_ago).into() };
    store.import(vec![imported]).await.expect("stored");
    let period = Period { from: day, to: Timestamp::from_millis(day.as_millis() + 1) };
    let of = CountsOf { survey: "checkout", period, dimensions: &[""], by_day: false };
    assert_eq!(store.counts(&of).await.expect("counts").statuses.len(), 1);
}

async fn surveys_are_listed_page_by_page(on: On) {
    let server = Server::on(on).await;
    for number in 0..5 {
        let body = with(COMPLETED, json!({"survey": format!("s{number}"), "id": id(number)}));
        assert_eq!(server.post(body.to_string()).await.status(), 201);
    }
    let read = async |query: &str| {
        let page: Json =
            server.read_path(&format!("/v1/surveys{query}")).await.json().await.expect("it");
        let names: Vec<_> = page["surveys"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|it| it["survey"].clone())
            .collect();
        (Json::from(names), page["next"].clone())
    };
    assert_eq!(read("").await, (json!(["s0", "s1", "s2", "s3", "s4"]), Json::Null));
    assert_eq!(read("?limit=2").await, (json!(["s0", "s1"]), json!("s1")));
    assert_eq!(read("?limit=3&cursor=s1").await, (json!(["s2", "s3", "s4"]), Json::Null));
    assert_eq!(server.read_path("/v1/surveys?limit=0").await.status(), 400);
}

async fn new_names_are_counted_too(on: On) {
    let server = Server::start_on(on, &["--address-limit", "300"]).await;
    let post = async |number: u64| {
        let body = with(COMPLETED, json!({"id": id(number), "answers": greedy(100, 1)}));
        let mut body = body;
        for answer in body["answers"].as_array_mut().expect("answers") {
            let question = answer["question"].as_str().expect("an id").to_owned();
            answer["question"] = format!("{question}-{number}").into();
        }
        server.post(body.to_string()).await
    };
    assert_eq!(post(1).await.status(), 201);
    let mut last = post(2).await;
    for number in 3..9 {
        if last.status() != 201 {
            break;
        }
        last = post(number).await;
    }
    assert_eq!(last.status(), 429);
    assert!(last.headers().contains_key("retry-after"));
}

async fn what_finds_no_place_is_told_everywhere(on: On) {
    let server = Server::start_on(on, &["--address-limit", "0"]).await;
    for batch in 0..4 {
        let answer = |number| json!({"question": format!("junk-{batch}-{number}"), "text": "?", "kind": "yes-no", "value": true});
        let answers: Json = (0..100).map(answer).collect();
        let fields = json!({"id": id(batch), "survey": "post-purchase", "answers": answers});
        assert_eq!(server.post(with(COMPLETED, fields).to_string()).await.status(), 201);
    }
    let summary = server.read_path("/v1/surveys/post-purchase/summary").await;
    let summary: Json = summary.json().await.expect("JSON");
    assert_eq!(summary["crowded"], json!(["question"]));
    assert_eq!(summary["responses"], 4, "each is counted");
    let metrics = server.read_path("/metrics").await.text().await.expect("text");
    let value = |name: &str| {
        let line = metrics.lines().find_map(|line| line.strip_prefix(name)).expect(name);
        line.trim().parse::<u64>().expect("a number")
    };
    assert_eq!(value("sondeo_names_refused_total"), 100);
    assert_eq!(value("sondeo_names_merged_total"), 0);
    let page = include_str!("../../../../docs/collector.md");
    for name in ["sondeo_names_refused_total", "sondeo_names_merged_total"] {
        assert!(page.contains(name), "{name}");
    }
}

async fn made_up_responses_do_not_go_beside_real_ones(on: On) {
    let (store, database, _folder) = store(on).await;
    store.keep(response(1, json!({}))).await.expect("kept");
    let (is_done, _, err) = run(&database, &["seed", "--responses", "10"], "").await;
    assert!(!is_done && err.contains("there are responses already"), "{err}");
    done(&database, &["seed", "--responses", "10", "--if-empty"]).await;
    assert_eq!(store.surveys(None, None, 10).await.expect("surveys").rows.len(), 1);
    done(&database, &["seed", "--responses", "10", "--add"]).await;
    assert!(store.surveys(None, None, 10).await.expect("surveys").rows.len() > 1);
}

async fn most_of_a_database_is_erased_only_when_it_is_said_twice(on: On) {
    let (store, database, _folder) = store(on).await;
    let old = Timestamp::from_millis(now().as_millis() - 40 * DAY_MS);
    let many = (0..50).map(|number| response(number, json!({"shown_at": old, "sent_at": old})));
    store.import(many.collect::<Vec<_>>()).await.expect("stored");
    for number in 50..60 {
        store.keep(response(number, json!({}))).await.expect("kept");
    }
    let (is_done, _, err) = run(&database, &["erase", "--older-than", "30"], "").await;
    assert!(!is_done && err.contains("50 of 60 responses are older than 30 days"), "{err}");
    let said = done(&database, &["erase", "--older-than", "30", "--most"]).await;
    assert_eq!(said, "50 erased\n");
}

/// `serve --retention` has nobody to ask: it leaves everything, and the log says why.
async fn retention_does_not_erase_most_of_a_database(on: On) {
    let (store, database, folder) = store(on).await;
    let old = Timestamp::from_millis(now().as_millis() - 40 * DAY_MS);
    let many = (0..50).map(|number| response(number, json!({"shown_at": old, "sent_at": old})));
    store.import(many.collect::<Vec<_>>()).await.expect("stored");
    store.keep(response(50, json!({}))).await.expect("kept");
    let log = folder.path().join("log");
    let mut command = crate::process::program();
    command.args(["serve", "--listen", "127.0.0.1:0", "--retention", "30", "--database"]);
    command.arg(&database).stderr(fs::File::create(&log).expect("a file"));
    let _process = crate::process::Process::spawn(command).await;
    let told = "50 of 51 responses are older than 30 days";
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !fs::read_to_string(&log).expect("UTF-8").contains(told) {
        assert!(std::time::Instant::now() < deadline, "{:?}", fs::read_to_string(&log));
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(store.verify().await.expect("a report").responses, 51);
}

/// Whoever may send could make most of a database old, and nothing would be erased for its age any more.
async fn old_dates_of_strangers_do_not_stop_retention(on: On) {
    let (store, database, _folder) = store(on).await;
    let old = Timestamp::from_millis(now().as_millis() - 40 * DAY_MS);
    let old = |number| response(number, json!({"shown_at": old, "sent_at": old}));
    store.import((0..25).map(old).collect::<Vec<_>>()).await.expect("stored");
    for number in 25..100 {
        store.keep(old(number)).await.expect("kept");
    }
    for number in 100..105 {
        store.keep(response(number, json!({}))).await.expect("kept");
    }
    let _process = Process::start_with(&database, &["--retention", "30"]).await;
    until(async || store.verify().await.expect("a report").responses == 5).await;
}

async fn until(is_so: impl AsyncFn() -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !is_so().await {
        assert!(std::time::Instant::now() < deadline, "it did not come to that within a minute");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

/// Somebody checks while others answer: what comes meanwhile is no fault of the counts.
async fn a_check_sees_what_one_moment_left(on: On) {
    let (store, database, _folder) = store(on).await;
    let beside = open(&database).await;
    let writing = tokio::spawn(async move {
        for number in 0..150 {
            store.keep(response(number, json!({}))).await.expect("kept");
        }
    });
    let mut seen = Vec::new();
    while !writing.is_finished() {
        let report = beside.verify().await.expect("a report");
        assert_eq!(report.faults, [""; 0], "{} responses", report.responses);
        seen.push(report.responses);
    }
    writing.await.expect("all are stored");
    assert!(seen.iter().any(|it| (1..150).contains(it)), "{seen:?} were seen meanwhile");
}

/// It has taken the counts away, and counted some of the responses anew.
async fn what_a_killed_repair_left_is_counted_by_who_serves(on: On) {
    let (store, database, _folder) = store(on).await;
    for number in 0..20 {
        store.keep(response(number, json!({}))).await.expect("kept");
    }
    let _process = Process::start_with(&database, &[]).await;
    let mut db = connect(on, &database).await;
    db.execute(
        "BEGIN; DELETE FROM day_answer; DELETE FROM day_status; DELETE FROM wording;
         DELETE FROM scale_option; DELETE FROM scale; DELETE FROM segment; DELETE FROM comment;
         UPDATE response SET facts = NULL; COMMIT",
    )
    .await
    .expect("the counts are gone");
    assert_eq!(store.verify().await.expect("a report").faults.len(), 20);
    until(async || store.verify().await.expect("a report").faults.is_empty()).await;
    assert_eq!(counts(&store, "checkout", "").await.statuses[0].responses, 20);
}

/// Whoever starts it for surveys that nobody registered is told so.
#[tokio::test]
async fn taking_any_survey_is_said_at_the_start() {
    for (accept, is_said) in [("any", true), ("known", false)] {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        let mut command = crate::process::program();
        command.args(["serve", "--listen", "127.0.0.1:0", "--accept", accept, "--database"]);
        command.arg(folder.path().join("sondeo.db"));
        command.stderr(fs::File::create(&log).expect("a file"));
        let _process = crate::process::Process::spawn(command).await;
        let said = fs::read_to_string(&log).expect("UTF-8");
        assert_eq!(said.contains("(--accept any)"), is_said, "{accept}: {said}");
    }
}

async fn lines_that_cannot_be_read_are_passed_over(on: On) {
    let (store, database, folder) = store(on).await;
    let file = folder.path().join("damaged.ndjson");
    let mut bytes = Vec::new();
    let line = |number: u64| with(COMPLETED, json!({"id": id(number)})).to_string();
    for bad in [&b"{\"sondeo\": \"\xff\"}"[..], &vec![b' '; 3_000_000], b"7"] {
        bytes.extend(line(bytes.len() as u64).into_bytes());
        bytes.push(b'\n');
        bytes.extend_from_slice(bad);
        bytes.push(b'\n');
    }
    bytes.extend(line(1).into_bytes());
    fs::write(&file, bytes).expect("a file");
    let path = file.to_str().expect("UTF-8");
    let (is_done, out, err) = run(&database, &["import", path], "").await;
    assert!(!is_done && out.starts_with("4 stored, 0 known or erased before, 3 refused"), "{out}");
    for wrong in ["line 2: the body is not UTF-8", "line 4: the body is larger than", "line 6: "] {
        assert!(err.contains(wrong), "{err}");
    }
    assert_eq!(store.verify().await.expect("a report").responses, 4);
}

/// A table that a spreadsheet or a disk has damaged: the other responses are stored, and none with an answer less.
async fn rows_that_cannot_be_read_are_passed_over(on: On) {
    let (store, database, folder) = store(on).await;
    let two = json!([
        {"question": "a", "text": "?", "kind": "text", "value": "one"},
        {"question": "b", "text": "?", "kind": "text", "value": "two"}]);
    let all = (1..=5).map(|number| response(number, json!({"answers": two})));
    store.import(all.collect::<Vec<_>>()).await.expect("stored");
    let table = done(&database, &["export", "--format", "csv"]).await;
    let mut lines: Vec<Vec<u8>> = table.lines().map(|line| line.as_bytes().to_vec()).collect();
    assert_eq!(lines.len(), 11);
    for number in 1..=5 {
        store.erase_response(id(number).parse_id()).await.expect("erased");
    }
    // The second row of the first, the first row of the second, one that is far too long, and a stray quote.
    let at = lines[2].windows(3).position(|it| it == b"two").expect("it");
    lines[2][at] = 0xff;
    lines[3].extend(b",more");
    lines[6].extend(vec![b' '; 3_000_000]);
    let at = lines[8].windows(3).position(|it| it == b"two").expect("it");
    lines[8].insert(at, b'"');
    let file = folder.path().join("damaged.csv");
    fs::write(&file, lines.join(&b"\r\n"[..])).expect("a file");
    let path = file.to_str().expect("UTF-8");
    let fresh = tempfile::tempdir().expect("a folder");
    let database = on.database(fresh.path());
    let (is_done, out, err) = run(&database, &["import", path], "").await;
    assert!(
        !is_done && out.starts_with("1 stored, 0 known or erased before, 4 refused"),
        "{out}{err}"
    );
    for wrong in [
        "line 3: the body is not UTF-8",
        "line 4: the row has",
        "line 7: the body is larger",
        "line 9: the row has",
    ] {
        assert!(err.contains(wrong), "{err}");
    }
    assert_eq!(open(&database).await.verify().await.expect("a report").responses, 1);
}
