//! The worked values of the metrics, through the real interface and store.

use crate::support::{COMPLETED, On, Server, check_error, on_both, with};
use serde_json::{Value as Json, json};
use sondeo_model::Timestamp;

on_both!(
    worked_values_come_out,
    small_samples_are_marked_and_have_their_interval,
    two_periods_differ_only_with_certainty,
    a_scale_that_changed_is_counted_for_itself,
    a_question_in_other_words_says_so,
    times_and_texts_of_ones_own_options,
    who_leaves_is_counted_where_they_left,
    comments_come_with_what_they_are_about,
    what_other_means_is_among_the_comments,
    a_survey_that_nobody_knows_is_empty_and_a_wrong_query_refused,
    several_surveys_come_in_one_answer,
);

fn id(number: u32) -> String {
    format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}")
}

fn answered(number: u32, answer: Json) -> Json {
    with(COMPLETED, json!({"id": id(number), "survey": "worked", "answers": [answer]}))
}

fn csat(value: u32) -> Json {
    json!({"question": "satisfaction", "text": "How satisfied are you?", "kind": "likert",
           "points": 5, "metric": "csat", "value": value})
}

fn nps(value: u32) -> Json {
    json!({"question": "recommend", "text": "How likely?", "kind": "nps", "metric": "nps",
           "value": value})
}

async fn summary(server: &Server, query: &str) -> Json {
    let response = server.read_path(&format!("/v1/surveys/worked/summary{query}")).await;
    assert_eq!(response.status(), 200);
    response.json().await.expect("a summary")
}

async fn worked_values_come_out(on: On) {
    let server = Server::on(on).await;
    let points = [(1, 4), (2, 6), (3, 10), (4, 50), (5, 30)];
    let points = points.iter().flat_map(|&(point, n)| std::iter::repeat_n(csat(point), n));
    let scores = [(10, 50), (8, 30), (3, 20)];
    let scores = scores.iter().flat_map(|&(score, n)| std::iter::repeat_n(nps(score), n));
    for (answer, number) in points.chain(scores).zip(0..) {
        let body = answered(number, answer).to_string();
        assert_eq!(server.post(body).await.status(), 201);
    }
    let found = summary(&server, "?by=device,day,week&compare=previous").await;
    let of = |question: &str, pointer: &str| {
        let all = found["questions"].as_array().expect("questions");
        let one = all.iter().find(|one| one["question"] == question).expect("the question");
        one.pointer(pointer).cloned().unwrap_or(Json::Null)
    };
    assert_eq!(of("satisfaction", "/counts"), json!({"1": 4, "2": 6, "3": 10, "4": 50, "5": 30}));
    for (name, value) in [("value", 80.0), ("low", 71.1), ("high", 86.7)] {
        assert_eq!(of("satisfaction", &format!("/metric/{name}")), json!(value), "{name}");
    }
    // 30 ± 15.3
    for (name, value) in [("value", 30.0), ("low", 14.7), ("high", 45.3)] {
        assert_eq!(of("recommend", &format!("/metric/{name}")), json!(value), "{name}");
    }
    assert_eq!(of("recommend", "/metric/enough"), json!(true));
    assert_eq!(of("recommend", "/drop_off/value"), json!(0.0));
    assert_eq!((&found["responses"], &found["response_rate"]), (&json!(200), &Json::Null));
    assert_eq!(found["by"]["device"][0]["responses"], json!(200));
    assert_eq!(found["by"]["day"].as_array().expect("days").len(), 1);
    assert_eq!(found["previous"]["responses"], json!(0));
    let dimensions = found["dimensions"].as_array().expect("dimensions");
    assert!(dimensions.contains(&json!("custom.order-id")), "{dimensions:?}");
}

/// A day of last month: `2026-11-02`. What is much older would count for today.
fn day(number: i64) -> String {
    let now = std::time::UNIX_EPOCH.elapsed().expect("a clock").as_millis();
    let day = i64::try_from(now).expect("a moment") / 86_400_000 - 30 + number;
    let mut text = Timestamp::from_millis(day * 86_400_000).to_rfc3339();
    text.truncate(10);
    text
}

fn noon(number: i64) -> Json {
    json!({"shown_at": format!("{}T12:00:00Z", day(number))})
}

/// Posts these answers, each so many times.
async fn post_all(server: &Server, first: u32, answers: &[(Json, usize)], fields: Json) {
    let answers = answers.iter().flat_map(|(answer, n)| std::iter::repeat_n(answer, *n));
    for (answer, number) in answers.zip(first..) {
        let mut body = answered(number, answer.clone());
        for (name, value) in fields.as_object().expect("an object") {
            body[name] = value.clone();
        }
        assert_eq!(server.post(body.to_string()).await.status(), 201);
    }
}

/// 8 of 10 → 49.0–94.3, and the other metrics with a few answers.
async fn small_samples_are_marked_and_have_their_interval(on: On) {
    let server = Server::on(on).await;
    let effort = |value: u32| {
        json!({"question": "easy", "text": "It was easy.", "kind": "likert", "points": 7,
               "metric": "ces", "value": value})
    };
    let helped = |value: bool| {
        json!({"question": "helped", "text": "Did it help?", "kind": "yes-no",
               "metric": "helpful", "value": value})
    };
    let answers = [
        (csat(5), 8),
        (csat(1), 2),
        (effort(7), 2),
        (effort(5), 1),
        (effort(2), 1),
        (helped(true), 8),
        (helped(false), 2),
    ];
    post_all(&server, 0, &answers, json!({})).await;
    let found = summary(&server, "").await;
    let metric = |question: &str| {
        let all = found["questions"].as_array().expect("questions");
        all.iter().find(|one| one["question"] == question).expect("the question")["metric"].clone()
    };
    let share = |name: &str| json!({"name": name, "value": 80.0, "low": 49.0, "high": 94.3, "n": 10, "enough": false});
    assert_eq!(metric("satisfaction"), share("csat"));
    assert_eq!(metric("helped"), share("helpful"));
    // 7, 7, 5, 2: s = 2.363, t(3) = 3.182, half-width 3.76; three of four agree.
    let easy = metric("easy");
    assert_eq!((&easy["value"], &easy["n"]), (&json!(5.25), &json!(4)));
    assert_eq!((&easy["low"], &easy["high"]), (&json!(1.49), &json!(7.0)));
    assert_eq!(easy["agreement"]["value"], json!(75.0));
}

/// Only where the interval of the difference excludes 0.
async fn two_periods_differ_only_with_certainty(on: On) {
    let server = Server::on(on).await;
    post_all(&server, 0, &[(csat(5), 24), (csat(1), 16)], noon(1)).await;
    post_all(&server, 100, &[(csat(5), 28), (csat(1), 12)], noon(2)).await;
    post_all(&server, 200, &[(csat(5), 39), (csat(1), 1)], noon(3)).await;
    for (number, value, certain) in [(2, 10.0, false), (3, 27.5, true)] {
        let (from, to) = (day(number), day(number + 1));
        let query = format!("?from={from}&to={to}&compare=previous");
        let change = summary(&server, &query).await["questions"][0]["metric"]["change"].take();
        assert_eq!((&change["value"], &change["certain"]), (&json!(value), &json!(certain)));
        let excludes = change["low"].as_f64() > Some(0.0);
        assert_eq!(excludes, certain, "{change}");
    }
}

async fn a_scale_that_changed_is_counted_for_itself(on: On) {
    let server = Server::on(on).await;
    let mut seven = csat(4);
    seven["points"] = json!(7);
    post_all(&server, 0, &[(csat(4), 3), (csat(1), 1), (seven, 2)], json!({})).await;
    let found = summary(&server, "").await;
    let of = |points: u32| {
        let all = found["questions"].as_array().expect("questions");
        all.iter().find(|one| one["points"] == points).expect("the scale").clone()
    };
    // 4 of 5 is in the top two boxes, 4 of 7 is not.
    for (points, n, value) in [(5, 4, 75.0), (7, 2, 0.0)] {
        let scale = of(points);
        assert_eq!((&scale["n"], &scale["metric"]["value"]), (&json!(n), &json!(value)));
        assert_eq!(scale["changed"], json!(["scale"]));
    }
}

/// What visitors read on a day is what a summary of that day shows, and a period of both tells so.
async fn a_question_in_other_words_says_so(on: On) {
    let server = Server::on(on).await;
    // Longer than an index of PostgreSQL would hold, and not to be compressed.
    let long: String = (0..4_000_u32).filter_map(|it| char::from_u32(0x4e00 + it * 5)).collect();
    let days = [(1, "How satisfied?"), (2, "How satisfied?"), (4, &*long), (3, "¿Contento?")];
    for (id, (number, text)) in (0..).zip(days) {
        let mut answer = csat(4);
        answer["text"] = json!(text);
        post_all(&server, id, &[(answer, 1)], noon(number)).await;
    }
    let of = async |query: &str| summary(&server, query).await["questions"][0].take();
    let early = of(&format!("?from={}&to={}", day(1), day(3))).await;
    assert_eq!(early["text"], json!({"en": "How satisfied?"}));
    assert_eq!((&early["wordings"], &early["changed"]), (&Json::Null, &Json::Null));
    let late = of(&format!("?from={}", day(4))).await;
    assert_eq!((&late["text"], &late["changed"]), (&json!({"en": long}), &Json::Null));
    let all = of("").await;
    let wording = |text: &str, first, last| json!({"language": "en", "text": text, "first": day(first), "last": day(last)});
    let expected =
        [wording("How satisfied?", 1, 2), wording("¿Contento?", 3, 3), wording(&long, 4, 4)];
    assert_eq!(all["wordings"], json!(expected));
    assert_eq!((&all["changed"], &all["n"]), (&json!(["wording"]), &json!(4)));
    assert_eq!(all["text"], json!({"en": long}), "the latest");
}

/// The median of one's own options, and what visitors read for them.
async fn times_and_texts_of_ones_own_options(on: On) {
    let folder = tempfile::tempdir().expect("a folder");
    let survey = json!({"id": "worked", "questions": [{"id": "time", "kind": "choice",
        "metric": "ttr", "text": {"en": "How long did it take?", "es": "¿Cuánto tardó?"},
        "options": [
            {"id": "blink", "text": {"en": "A blink", "es": "Un instante"}, "minutes": 2},
            {"id": "lunch", "text": {"en": "A lunch", "es": "Un almuerzo"}, "minutes": 45},
            {"id": "never", "text": {"en": "Not yet", "es": "Todavía no"}}]}]});
    std::fs::write(folder.path().join("mine.json"), survey.to_string()).expect("a file");
    let folder = folder.path().to_str().expect("UTF-8");
    let server = Server::start_on(on, &["--surveys", folder]).await;
    let took = |option: &str| {
        json!({"question": "time", "text": "How long did it take?", "kind": "choice",
               "metric": "ttr", "value": option})
    };
    let answers = [(took("blink"), 9), (took("lunch"), 12), (took("never"), 4)];
    post_all(&server, 0, &answers, json!({})).await;
    let found = summary(&server, "").await["questions"][0].take();
    let metric = &found["metric"];
    assert_eq!((&metric["name"], &metric["value"]), (&json!("ttr"), &json!(45.0)));
    // Of 21 times: the 6th and the 16th of them bound the median.
    assert_eq!((&metric["low"], &metric["high"]), (&json!(2.0), &json!(45.0)));
    assert_eq!((&metric["n"], &metric["p90"]["value"]), (&json!(21), &json!(45.0)));
    assert_eq!(found["counts"], json!({"blink": 9, "lunch": 12, "never": 4}));
    assert_eq!(found["options"]["never"], json!({"en": "Not yet"}));
}

async fn who_leaves_is_counted_where_they_left(on: On) {
    let server = Server::on(on).await;
    for (number, status) in
        (0..10).zip(["partial", "completed", "completed", "completed"].iter().cycle())
    {
        let mut body = answered(number, csat(4));
        body["status"] = json!(status);
        assert_eq!(server.post(body.to_string()).await.status(), 201);
    }
    let found = summary(&server, "").await;
    assert_eq!(found["questions"][0]["drop_off"]["value"], json!(30.0));
    assert_eq!(found["questions"][0]["n"], json!(10));
    assert_eq!(found["questions"][0]["counts"]["|"], Json::Null, "no answer of anybody");
}

async fn comments_come_with_what_they_are_about(on: On) {
    let server = Server::on(on).await;
    for (number, text) in (0..3).zip(["Slow delivery", "¡Todo bien!", "slow again"]) {
        let mut body = answered(number, csat(2));
        let answers = body["answers"].as_array_mut().expect("answers");
        answers.push(json!({"question": "why", "text": "Why?", "kind": "text", "value": text}));
        assert_eq!(server.post(body.to_string()).await.status(), 201);
    }
    let read = async |query: &str| -> Json {
        let path = format!("/v1/surveys/worked/comments{query}");
        server.read_path(&path).await.json().await.expect("comments")
    };
    let found = read("?q=SLOW&limit=1").await;
    assert_eq!(found["comments"].as_array().expect("comments").len(), 1);
    let first = &found["comments"][0];
    let rating = json!({"question": "satisfaction", "asked": csat(2)["text"], "value": "2"});
    assert_eq!(first["score"], rating);
    assert_eq!((&first["question"], &first["asked"]), (&json!("why"), &json!("Why?")));
    assert_eq!(first["page"], json!("https://shop.example/checkout/done"));
    let next = found["next"].as_str().expect("a cursor");
    let rest = read(&format!("?q=slow&limit=1&cursor={next}")).await;
    assert_eq!((rest["comments"].as_array().map(Vec::len), &rest["next"]), (Some(1), &Json::Null));
    assert_ne!(rest["comments"][0]["text"], first["text"]);
}

async fn what_other_means_is_among_the_comments(on: On) {
    let server = Server::on(on).await;
    let mut body = answered(1, csat(2));
    body["answers"] = json!([
        {"question": "source", "text": "How did you hear of us?", "kind": "choice", "value": "other", "other": "a Friend"},
        {"question": "what", "text": "What?", "kind": "choices", "value": ["a", "other"], "other": "=1+1"},
    ]);
    assert_eq!(server.post(body.to_string()).await.status(), 201);
    let found: Json = {
        let path = "/v1/surveys/worked/comments?q=friend";
        server.read_path(path).await.json().await.expect("comments")
    };
    let comment = &found["comments"][0];
    assert_eq!(comment["text"], json!("a Friend"));
    assert_eq!(
        (&comment["question"], &comment["asked"]),
        (&json!("source"), &json!("How did you hear of us?"))
    );
    let found = summary(&server, "?by=device").await;
    let others = |group: &Json| [0, 1].map(|at| group["questions"][at]["other"].clone());
    assert_eq!(others(&found), [json!(["a Friend"]), json!(["=1+1"])]);
    assert_eq!(others(&found["by"]["device"][0]), [Json::Null, Json::Null]);
    let table =
        server.read_path("/v1/export.csv?survey=worked").await.text().await.expect("a table");
    assert!(table.contains(",other,a Friend,") && table.contains(",a; other,'=1+1,"), "{table}");
    for wrong in [
        json!([{"question": "source", "text": "", "kind": "choice", "value": "price", "other": "x"}]),
        json!([{"question": "source", "text": "", "kind": "text", "value": "other", "other": "x"}]),
    ] {
        body["answers"] = wrong;
        body["revision"] = json!(9);
        let response = server.post(body.to_string()).await;
        let message = "answers[0].other belongs to a choice of the option \"other\" alone";
        check_error(response, 422, "invalid_response", Some("answers[0].other"), message).await;
    }
}

async fn a_survey_that_nobody_knows_is_empty_and_a_wrong_query_refused(on: On) {
    let server = Server::on(on).await;
    let found = summary(&server, "?by=day").await;
    assert_eq!((&found["shown"], &found["questions"]), (&json!(0), &json!([])));
    let response = server.read_path("/v1/surveys/worked/summary?from=yesterday").await;
    let message = "from must be an RFC 3339 date-time or a date (try \"2026-11-21T00:00:00Z\" or \"2026-11-21\")";
    check_error(response, 400, "invalid_query", Some("from"), message).await;
    assert_eq!(server.get("/v1/surveys/worked/summary", &[]).await.status(), 401);
    assert_eq!(server.get("/v1/surveys/worked/comments", &[]).await.status(), 401);
}

async fn several_surveys_come_in_one_answer(on: On) {
    let server = Server::on(on).await;
    for (number, survey) in (0..).zip(["a", "b", "c"]) {
        let body = with(&answered(number, csat(5)).to_string(), json!({"survey": survey}));
        assert_eq!(server.post(body.to_string()).await.status(), 201);
    }
    let query = "from=2026-11-01&to=2027-11-01&by=day";
    let found = server.read_path(&format!("/v1/summaries?surveys=c,nobody,a&{query}")).await;
    assert_eq!(found.status(), 200);
    let found: Json = found.json().await.expect("JSON");
    let mut alone = Vec::new();
    for survey in ["c", "nobody", "a"] {
        let one = server.read_path(&format!("/v1/surveys/{survey}/summary?{query}")).await;
        alone.push(one.json::<Json>().await.expect("JSON"));
    }
    assert_eq!(found["summaries"], Json::from(alone), "as each says alone, in this order");
    let many: Vec<_> = (0..25).map(|number| format!("s{number}")).collect();
    let many = format!("?surveys={}", many.join(","));
    for (query, field) in [
        ("", "surveys"),
        ("?surveys=", "surveys"),
        (many.as_str(), "surveys"),
        ("?surveys=a&by=colour", "by"),
        ("?surveys=a&limit=1", "limit"),
    ] {
        let response = server.read_path(&format!("/v1/summaries{query}")).await;
        assert_eq!(response.status(), 400, "{query}");
        let refusal: Json = response.json().await.expect("JSON");
        assert_eq!(refusal["error"]["field"], field, "{query}");
    }
    let nobody = server.get("/v1/summaries?surveys=a", &[]).await;
    assert_eq!(nobody.status(), 401);
}
