//! What is counted is what is stored, whatever came in between.

use crate::support::{COMPLETED, On, PARTIAL, on_both, with};
use fastrand::Rng;
use serde_json::{Value as Json, json};
use sondeo_collector::config::Database;
use sondeo_collector::store::{Counted, Counts, CountsOf, Filter, Period, Store, WriteOutcome};
use sondeo_model::{Response, ResponseId, Status, Timestamp};
use std::collections::BTreeMap;
use tempfile::TempDir;

on_both!(
    counts_are_those_of_the_stored_responses,
    what_was_erased_stays_away,
    a_visitor_who_was_erased_may_answer_again,
    names_that_are_too_many_count_as_others,
    old_responses_are_erased_with_their_counts,
    comments_are_found,
    a_clock_that_is_wrong_counts_for_the_time_of_arrival,
    two_collectors_on_one_database_agree,
);

const DAY: i64 = 86_400_000;
/// 2026-01-01T00:00:00Z
const START: i64 = 1_767_225_600_000;

async fn store(on: On) -> (Store, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let database: Database = on.database(folder.path()).parse().expect("a database");
    (Store::open(&database).await.expect("it opens"), folder)
}

fn response(source: &str, fields: Json) -> Response {
    serde_json::from_value(with(source, fields)).expect("a response")
}

fn id(number: u64) -> ResponseId {
    ResponseId::new(1_767_225_600_000 + number, [7; 10])
}

fn plausible(random: &mut Rng, number: u64, revision: u32) -> Response {
    let status = ["shown", "partial", "completed", "dismissed"][random.u64(..4) as usize];
    let mut answers = Vec::new();
    if matches!(status, "partial" | "completed") {
        let points = [5, 7][random.u64(..2) as usize];
        answers.push(json!({"question": "satisfaction", "text": "How?", "kind": "likert",
            "points": points, "metric": "csat", "value": 1 + random.u64(..points)}));
        if random.u64(..2) == 0 {
            let options: &[&str] =
                [&["price"][..], &["price", "speed"], &["my own words"]][random.u64(..3) as usize];
            answers.push(
                json!({"question": "why", "text": "Why?", "kind": "choices", "value": options}),
            );
        }
    }
    // A response keeps the moment at which it was shown through all revisions.
    let at = Timestamp::from_millis(START + Rng::with_seed(number).u64(..5 * DAY as u64) as i64);
    let device = ["mobile", "tablet", "desktop"][random.u64(..3) as usize];
    let mut response = with(
        COMPLETED,
        json!({"id": id(number).to_text(), "revision": revision, "status": status, "answers": answers,
            "shown_at": at.to_rfc3339(), "custom": {"plan": format!("p{}", random.u64(..3))}}),
    );
    response["client"]["device"] = device.into();
    serde_json::from_value(response).expect("a response")
}

/// Every number, by name.
fn numbers(counts: &Counts) -> BTreeMap<String, i64> {
    let mut numbers = BTreeMap::new();
    for it in &counts.statuses {
        let name = format!("{}={} {:?}", it.segment.dimension, it.segment.value, it.day);
        for (state, n) in [
            ("shown", it.only_shown),
            ("partial", it.partial),
            ("completed", it.completed),
            ("dismissed", it.dismissed),
            ("answered", it.responses),
        ] {
            numbers.insert(format!("{name} {state}"), n);
        }
    }
    for it in &counts.answers {
        let scale = counts.scales.iter().find(|scale| scale.id == it.scale).expect("a scale");
        let name = format!("{}={} {:?}", it.segment.dimension, it.segment.value, it.day);
        let value = match &it.value {
            Counted::Anyone => "",
            Counted::DroppedOff => "|",
            Counted::Others => "…",
            Counted::Value(value) => value,
        };
        let key = format!("{name} {}/{:?} {value}", scale.question, scale.points);
        numbers.insert(key, it.n);
    }
    numbers.retain(|_, n| *n != 0);
    numbers
}

/// The same, counted from the responses themselves.
fn counted_by_hand(responses: &[Response], of: &CountsOf<'_>) -> BTreeMap<String, i64> {
    let mut numbers: BTreeMap<String, i64> = BTreeMap::new();
    for response in responses {
        let at = response.shown_at.as_millis();
        if at < of.period.from.as_millis() || at >= of.period.to.as_millis() {
            continue;
        }
        let day = of.by_day.then(|| at.div_euclid(DAY));
        for dimension in of.dimensions {
            let value = match *dimension {
                "" => "",
                "device" => response.client.device.as_str(),
                "custom.plan" => response.custom[0].1.as_str(),
                other => panic!("{other}"),
            };
            let name = format!("{dimension}={value} {day:?}");
            let mut add = |key: String| *numbers.entry(format!("{name} {key}")).or_default() += 1;
            add(response.status.as_str().to_owned());
            if !response.answers.is_empty() {
                add("answered".to_owned());
            }
            for answer in &response.answers {
                let scale = format!("{}/{:?}", answer.question, answer.points);
                add(format!("{scale} "));
                if response.status != Status::Completed && response.answers.last() == Some(answer) {
                    add(format!("{scale} |"));
                }
                match serde_json::to_value(&answer.value).expect("JSON") {
                    Json::Array(options) => {
                        for option in options {
                            let option = option.as_str().expect("a text");
                            let named = if option.contains(' ') { "…" } else { option };
                            add(format!("{scale} {named}"));
                        }
                    }
                    value => add(format!("{scale} {value}")),
                }
            }
        }
    }
    numbers
}

async fn stored(store: &Store) -> Vec<Response> {
    let page = store.responses(&Filter { limit: 10_000, ..Filter::default() }).await.expect("rows");
    page.rows.iter().map(|row| row.response().expect("a response")).collect()
}

async fn check(store: &Store, random: &mut Rng) {
    let responses = stored(store).await;
    for (from, to) in [
        (START, START + 5 * DAY),
        (START + DAY + 1, START + 4 * DAY - 1),
        (START + DAY / 2, START + DAY / 2 + 3_600_000),
        (
            START + random.u64(..DAY as u64) as i64,
            START + 2 * DAY + random.u64(..DAY as u64) as i64,
        ),
        (START + DAY, START + 2 * DAY),
        (START + DAY, START),
    ] {
        for by_day in [false, true] {
            let period =
                Period { from: Timestamp::from_millis(from), to: Timestamp::from_millis(to) };
            let dimensions = &["", "device", "custom.plan"];
            let of = CountsOf { survey: "checkout", period, dimensions, by_day };
            let counts = store.counts(&of).await.expect("counts");
            assert_eq!(numbers(&counts), counted_by_hand(&responses, &of), "{of:?}");
        }
    }
}

async fn counts_are_those_of_the_stored_responses(on: On) {
    let (store, _folder) = store(on).await;
    let mut random = Rng::with_seed(1);
    for round in 0..3 {
        let number = |random: &mut Rng| random.u64(..200);
        let batch: Vec<Response> = (0..300)
            .map(|_| {
                let (number, revision) = (number(&mut random), 1 + random.u64(..5) as u32);
                plausible(&mut random, number, revision)
            })
            .collect();
        store.import(batch).await.expect("they are stored");
        for _ in 0..10 {
            store.erase_response(id(number(&mut random))).await.expect("it is erased");
        }
        check(&store, &mut random).await;
        assert!(stored(&store).await.len() > 100, "round {round}");
    }
}

async fn what_was_erased_stays_away(on: On) {
    let (store, _folder) = store(on).await;
    let first = response(COMPLETED, json!({}));
    let later = response(COMPLETED, json!({"revision": 9}));
    assert_eq!(store.keep(first.clone()).await.expect("kept"), WriteOutcome::Inserted);
    assert!(store.erase_response(first.id).await.expect("erased"));
    assert!(!store.erase_response(first.id).await.expect("erased"), "it is no longer there");
    for late in [first.clone(), later] {
        assert_eq!(store.keep(late).await.expect("an answer"), WriteOutcome::Erased);
    }
    assert!(stored(&store).await.is_empty());
    // One that was never here, because it is still on its way.
    let never = response(PARTIAL, json!({}));
    assert!(!store.erase_response(never.id).await.expect("erased"));
    assert_eq!(store.keep(never).await.expect("an answer"), WriteOutcome::Erased);
}

async fn a_visitor_who_was_erased_may_answer_again(on: On) {
    let (store, _folder) = store(on).await;
    let of_ana = |number: u64, shown_at: Timestamp| {
        let fields = json!({"id": id(number).to_text(), "visitor": "ana", "shown_at": shown_at,
            "custom": {"order": format!("secret-{number}")}});
        response(COMPLETED, fields)
    };
    let long_ago = Timestamp::from_millis(START);
    for number in 0..3 {
        store.keep(of_ana(number, long_ago)).await.expect("kept");
    }
    store.keep(response(PARTIAL, json!({}))).await.expect("kept");
    assert_eq!(store.erase_visitor("ana").await.expect("erased"), 3);
    assert_eq!(stored(&store).await.len(), 1, "others stay");
    assert_eq!(store.dimensions("checkout").await.expect("dimensions"), [""; 0], "no name is left");

    let undelivered = of_ana(9, long_ago);
    assert_eq!(store.keep(undelivered).await.expect("an answer"), WriteOutcome::Erased);
    let millis = std::time::UNIX_EPOCH.elapsed().expect("now").as_millis();
    let now = Timestamp::from_millis(i64::try_from(millis).expect("now") + 60_000);
    let anew = Response { sent_at: now, ..of_ana(10, now) };
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    assert_eq!(store.keep(anew).await.expect("an answer"), WriteOutcome::Inserted);
}

async fn names_that_are_too_many_count_as_others(on: On) {
    let (store, _folder) = store(on).await;
    let orders = (0..60).map(|number| {
        let fields = json!({"id": id(number).to_text(), "custom": {"order": format!("n{number}")}});
        response(COMPLETED, fields)
    });
    store.import(orders.collect::<Vec<_>>()).await.expect("they are stored");
    let period = Period { from: Timestamp::from_millis(0), to: Timestamp::from_millis(i64::MAX) };
    let of = CountsOf { survey: "checkout", period, dimensions: &["custom.order"], by_day: false };
    let counts = store.counts(&of).await.expect("counts");
    let of_others: Vec<_> = counts
        .statuses
        .iter()
        .filter(|it| it.segment.value == "…")
        .map(|it| it.completed)
        .collect();
    assert_eq!((counts.statuses.len(), &of_others[..]), (26, &[35][..]));
    let total: i64 = counts.statuses.iter().map(|it| it.completed).sum();
    assert_eq!(total, 60);
    // What counted as one of the others is taken from the others.
    store.erase_response(id(59)).await.expect("erased");
    let counts = store.counts(&of).await.expect("counts");
    let others = counts.statuses.iter().find(|it| it.segment.value == "…").expect("others");
    assert_eq!(others.completed, 34);
}

async fn old_responses_are_erased_with_their_counts(on: On) {
    let (store, _folder) = store(on).await;
    let mut random = Rng::with_seed(2);
    let batch: Vec<_> = (0..700).map(|number| plausible(&mut random, number, 1)).collect();
    let border = Timestamp::from_millis(START + 2 * DAY + 5_000);
    let old = batch.iter().filter(|it| it.shown_at < border).count();
    store.import(batch).await.expect("they are stored");
    assert_eq!(store.erase_before(border).await.expect("erased"), old as u64);
    assert_eq!(store.erase_before(border).await.expect("erased"), 0);
    assert_eq!(stored(&store).await.len(), 700 - old);
    check(&store, &mut random).await;
}

async fn comments_are_found(on: On) {
    use sondeo_collector::store::{CommentCursor, CommentsOf};
    let (store, _folder) = store(on).await;
    let comment = |number: u64, text: &str| {
        let answer = json!({"question": "why", "text": "Why?", "kind": "text", "value": text});
        let shown_at = Timestamp::from_millis(START + number as i64);
        let fields = json!({"id": id(number).to_text(), "answers": [answer], "shown_at": shown_at});
        response(COMPLETED, fields)
    };
    let texts = ["Slow delivery", "100% slow", "'; DROP TABLE comment; --", "   ", "¡Más_rápido!"];
    let all = texts.iter().zip(0..).map(|(text, number)| comment(number, text));
    store.import(all.collect::<Vec<_>>()).await.expect("they are stored");
    let find = async |search: Option<&str>, cursor: Option<CommentCursor>, limit| {
        let period =
            Period { from: Timestamp::from_millis(START), to: Timestamp::from_millis(START + DAY) };
        let of = CommentsOf {
            survey: "checkout",
            period,
            search,
            question: None,
            done: None,
            tag: None,
            cursor,
            limit,
        };
        let comments = store.comments(&of).await.expect("comments");
        let texts: Vec<_> = comments.comments.into_iter().map(|comment| comment.text).collect();
        (texts, comments.next)
    };
    assert_eq!(find(Some("SLOW"), None, 9).await.0, [texts[1], texts[0]]);
    assert_eq!(find(Some("0% s"), None, 9).await.0, [texts[1]]);
    assert_eq!(find(Some("%"), None, 9).await.0, [texts[1]]);
    assert_eq!(find(Some("s_r"), None, 9).await.0, [texts[4]]);
    assert_eq!(find(Some("'; DROP"), None, 9).await.0, [texts[2]]);
    assert_eq!(find(Some("nothing"), None, 9).await.0, [""; 0]);
    let (first, next) = find(None, None, 2).await;
    assert_eq!(first, [texts[4], texts[2]], "an empty one is none");
    let (second, next) = find(None, next, 2).await;
    assert_eq!((second, next), (vec![texts[1].to_owned(), texts[0].to_owned()], None));
    // A later revision takes the place of what was written before.
    let mut revised = comment(0, "Fast delivery");
    revised.revision = 3;
    store.keep(revised).await.expect("kept");
    assert_eq!(find(Some("delivery"), None, 9).await.0, ["Fast delivery"]);
    store.erase_response(id(0)).await.expect("erased");
    assert_eq!(find(Some("delivery"), None, 9).await.0, [""; 0]);
}

async fn a_clock_that_is_wrong_counts_for_the_time_of_arrival(on: On) {
    let (store, _folder) = store(on).await;
    for (number, shown_at) in [(0, "1970-01-01T00:00:00Z"), (1, "2999-01-01T00:00:00Z")] {
        let fields = json!({"id": id(number).to_text(), "shown_at": shown_at});
        store.keep(response(COMPLETED, fields)).await.expect("kept");
    }
    let millis = std::time::UNIX_EPOCH.elapsed().expect("now").as_millis();
    let now = i64::try_from(millis).expect("now");
    let around = Filter {
        from: Some(Timestamp::from_millis(now - DAY)),
        to: Some(Timestamp::from_millis(now + DAY)),
        limit: 10,
        ..Filter::default()
    };
    assert_eq!(store.responses(&around).await.expect("rows").rows.len(), 2);
}

async fn two_collectors_on_one_database_agree(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let database: Database = on.database(folder.path()).parse().expect("a database");
    let open = async || Store::open(&database).await.expect("it opens");
    let (one, two) = (open().await, open().await);
    let mut tasks = tokio::task::JoinSet::new();
    for (index, store) in [&one, &two, &one, &two].into_iter().enumerate() {
        let store = store.clone();
        tasks.spawn(async move {
            let mut random = Rng::with_seed(3 + index as u64);
            for round in 0..100 {
                let (number, revision) = (random.u64(..60), 1 + random.u64(..6) as u32);
                let response = plausible(&mut random, number, revision);
                store.import(vec![response]).await.expect("kept");
                if round % 50 == 49 {
                    store.erase_response(id(random.u64(..60))).await.expect("erased");
                }
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("no collector fails");
    }
    check(&one, &mut Rng::with_seed(9)).await;
    assert_eq!(stored(&one).await, stored(&two).await);
}
