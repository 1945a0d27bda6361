//! The same on both databases, in every language of the installation; and what is no visitor's.

use crate::support::{COMPLETED, On, Server, check_error, check_receipt, on_both, with};
use reqwest::{Method, StatusCode};
use serde_json::{Value as Json, json};
use sondeo_model::Timestamp;

on_both!(
    comments_are_found_whatever_their_case_and_accents,
    lists_are_in_the_same_order,
    what_no_text_can_hold_is_refused_alike,
    crawlers_are_stored_and_count_for_nothing,
    a_later_revision_stays_with_its_survey,
);

/// A response of a minute ago with this number in its id.
fn numbered(number: u32, fields: Json) -> Json {
    let now = std::time::UNIX_EPOCH.elapsed().expect("a clock").as_millis();
    let shown_at = i64::try_from(now).expect("a moment") - 60_000;
    let mut response = with(COMPLETED, fields);
    response["id"] = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012}").into();
    response["shown_at"] = Timestamp::from_millis(shown_at).to_rfc3339().into();
    response
}

async fn read(server: &Server, path: &str) -> Json {
    let response = server.read_path(path).await;
    assert_eq!(response.status(), 200, "{path}");
    response.json().await.expect("JSON")
}

/// The words of the comments that are found.
async fn found(server: &Server, search: &str) -> Vec<String> {
    let encoded: String = form_urlencoded::byte_serialize(search.as_bytes()).collect();
    let found = read(server, &format!("/v1/surveys/checkout/comments?q={encoded}")).await;
    let comments = found["comments"].as_array().expect("comments");
    comments.iter().map(|it| it["text"].as_str().expect("a text").to_owned()).collect()
}

async fn comments_are_found_whatever_their_case_and_accents(on: On) {
    let server = Server::on(on).await;
    let comments = [
        "ÜBERRASCHEND gut",
        "Доставка ёлки",
        "ÉTAIT trop long",
        "Plain words",
        "ΣΊΣΥΦΟΣ",
        "STRASSE gesperrt",
        "İstanbul'da",
        "Łódź",
        "مُحَمَّد",
        "100% 'ok' _x_ \\ y",
    ];
    for (number, text) in (0..).zip(comments) {
        let why = json!({"question": "why", "text": "Why?", "kind": "text", "value": text});
        let response = numbered(number, json!({"answers": [why]}));
        assert_eq!(server.post(response.to_string()).await.status(), 201);
    }
    for (search, expected) in [
        ("überraschend", 0),
        ("UBERRASCHEND", 0),
        ("доставка елки", 1),
        ("etait", 2),
        ("PLAIN", 3),
        ("σίσυφος", 4),
        ("straße", 5),
        ("istanbul", 6),
        ("lodz", 7),
        ("محمد", 8),
        ("0% 'OK' _X_ \\", 9),
    ] {
        assert_eq!(found(&server, search).await, [comments[expected]], "{search}");
    }
    assert_eq!(found(&server, "%").await, [comments[9]]);
    assert_eq!(found(&server, "a_n").await, [""; 0], "no letter stands for another");
    assert_eq!(found(&server, "").await.len(), comments.len());
    let comment = &read(&server, "/v1/surveys/checkout/comments?q=plain").await["comments"][0];
    assert_eq!(comment["asked"], "Why?", "people read words, and no ids");
}

async fn lists_are_in_the_same_order(on: On) {
    // PostgreSQL sorts as the language of a database has it, in which hyphens may not count.
    let folder = tempfile::tempdir().expect("a folder");
    let database = match on {
        On::Sqlite => on.database(folder.path()),
        On::Postgres => crate::support::postgres::shared().database_in("en-US"),
    };
    let server = Server::start_at(&database).await;
    for (number, survey) in (0..).zip(["b", "a-b", "aa", "a-c", "ab"]) {
        let custom = json!({"Z": "1", "a": "2", "é": "3", "A": "4"});
        let response = numbered(number, json!({"survey": survey, "custom": custom}));
        assert_eq!(server.post(response.to_string()).await.status(), 201);
    }
    let surveys = read(&server, "/v1/surveys").await;
    let surveys = surveys["surveys"].as_array().expect("surveys");
    let names: Vec<_> = surveys.iter().map(|it| it["survey"].as_str().expect("a name")).collect();
    assert_eq!(names, ["a-b", "a-c", "aa", "ab", "b"]);
    let dimensions = ["custom.A", "custom.Z", "custom.a", "custom.é", "device", "language", "page"];
    assert_eq!(surveys[0]["dimensions"], json!([&dimensions[..], &["trigger"]].concat()));
    for name in ["a-b", "aa", "Z", "é"] {
        server.store.set_password(name, "x").await.expect("it is set");
        let scopes = crate::support::readers();
        server
            .store
            .replace_token(name, &[0; 32], &scopes, None, "command")
            .await
            .expect("it is set");
    }
    assert_eq!(server.store.users().await.expect("users"), ["Z", "a-b", "aa", "é"]);
    let tokens = server.store.tokens().await.expect("tokens");
    let labels: Vec<_> =
        tokens.iter().map(|it| it.label.as_str()).filter(|it| it.len() < 4).collect();
    assert_eq!(labels, ["Z", "a-b", "aa", "é"]);
    // Two comments of one moment: by the question.
    let text = |question: &str| json!({"question": question, "text": "?", "kind": "text", "value": question});
    let answers = json!([text("aa"), text("a-b"), text("ab")]);
    let response = numbered(99, json!({"survey": "order", "answers": answers}));
    assert_eq!(server.post(response.to_string()).await.status(), 201);
    let mut questions = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = read(&server, &format!("/v1/surveys/order/comments?limit=1{cursor}")).await;
        questions.push(page["comments"][0]["question"].as_str().expect("a question").to_owned());
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(questions, ["ab", "aa", "a-b"]);
}

async fn what_no_text_can_hold_is_refused_alike(on: On) {
    let server = Server::on(on).await;
    server.post(COMPLETED).await;
    let reason = "must not hold the character U+0000";
    for (method, path, field) in [
        (Method::GET, "/v1/surveys/%00/summary", "address"),
        (Method::GET, "/v1/surveys/checkout%00/comments", "address"),
        (Method::GET, "/v1/visitors/%00", "address"),
        (Method::DELETE, "/v1/visitors/%00", "address"),
        (Method::DELETE, "/v1/responses/%00", "address"),
        (Method::GET, "/v1/surveys/checkout/comments?q=%00", "q"),
        (Method::GET, "/v1/surveys/checkout/comments?question=why%00", "question"),
        (Method::GET, "/v1/surveys/checkout/comments?cursor=1.%00.x", "cursor"),
        (Method::GET, "/v1/responses?survey=%00", "survey"),
        (Method::GET, "/v1/responses?survey=a%00", "survey"),
        (Method::GET, "/v1/surveys?cursor=%00", "cursor"),
        (Method::GET, "/v1/export.csv?survey=%00", "survey"),
        (Method::GET, "/v1/export.ndjson?survey=%00", "survey"),
        (Method::GET, "/v1/surveys/checkout/summary?by=custom.%00", "by"),
        (Method::GET, "/v1/surveys/checkout/summary?%00=1", "address"),
    ] {
        let response = server.request(method, path).send().await.expect("an answer");
        let message = format!("{field} {reason}");
        check_error(response, 400, "invalid_query", Some(field), &message).await;
    }
    // Open to everybody, and looked up in no database.
    for path in ["/s/%00", "/s/nps%00/survey.json", "/%00", "/dashboard/%00.js"] {
        assert!(server.get(path, &[]).await.status().is_client_error(), "{path}");
    }
    let keyed = server.request(Method::POST, "/v1/responses?key=%00").send().await;
    assert_eq!(keyed.expect("an answer").status(), 415, "a key is compared, and not looked up");
    assert_eq!(server.stored().await.len(), 1, "nothing was erased");
    let long = "x".repeat(1_001);
    let response = server.read_path(&format!("/v1/surveys/checkout/comments?q={long}")).await;
    let message = "q must be at most 1000 characters";
    check_error(response, 400, "invalid_query", Some("q"), message).await;
    assert_eq!(found(&server, &long[1..]).await, [""; 0]);
}

const GOOGLE: &str = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; \
                      +http://www.google.com/bot.html) Chrome/126.0.0.0 Safari/537.36";

async fn crawlers_are_stored_and_count_for_nothing(on: On) {
    let server = Server::on(on).await;
    let shown = json!({"status": "shown", "answers": [], "revision": 1});
    let json_body = ("content-type", "application/json");
    for number in 0..4 {
        let response = numbered(number, shown.clone());
        assert_eq!(server.post(response.to_string()).await.status(), 201);
    }
    assert_eq!(server.post(numbered(0, json!({})).to_string()).await.status(), 201, "an answer");
    for number in 10..13 {
        let headers = [json_body, ("user-agent", GOOGLE)];
        let response = numbered(number, shown.clone());
        assert_eq!(server.post_with(&headers, response.to_string()).await.status(), 201);
    }
    // A monitor goes on to the end, and is none the more somebody.
    let monitor = [json_body, ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) DatadogSynthetics")];
    let response = numbered(12, json!({}));
    assert_eq!(server.post_with(&monitor, response.to_string()).await.status(), 201);
    let check = async |server: &Server| {
        // By whole days, and by parts of a day.
        let day = 86_400_000;
        let now =
            i64::try_from(std::time::UNIX_EPOCH.elapsed().expect("it").as_millis()).expect("it");
        let tomorrow = Timestamp::from_millis((now / day + 1) * day).to_rfc3339();
        let before = Timestamp::from_millis((now / day - 1) * day).to_rfc3339();
        for query in [String::new(), format!("?from={before}&to={tomorrow}&by=device,page")] {
            let summary = read(server, &format!("/v1/surveys/checkout/summary{query}")).await;
            assert_eq!(summary["crawlers"], 3, "{query}");
            assert_eq!((&summary["shown"], &summary["responses"]), (&json!(4), &json!(1)));
            assert_eq!(summary["response_rate"]["value"], 25.0);
            assert_eq!(summary["questions"][0]["n"], 1);
        }
        let surveys = read(server, "/v1/surveys").await;
        assert_eq!(surveys["surveys"][0]["shown"], 4);
        let dimensions = surveys["surveys"][0]["dimensions"].to_string();
        assert!(!dimensions.contains("crawler"), "{dimensions}");
        assert_eq!(found(server, "slow").await.len(), 1, "what a monitor types is no comment");
        let report = server.store.verify().await.expect("a report");
        assert_eq!((report.responses, report.faults), (7, Vec::new()));
    };
    check(&server).await;
    // They are marked in whatever is taken out.
    let all = server.read("").await.json::<Json>().await.expect("a listing");
    let marked =
        all["responses"].as_array().expect("all").iter().filter(|it| it["crawler"] == true);
    assert_eq!(marked.count(), 3);
    // Whoever says so in the response itself is not believed.
    let claims = numbered(20, with(&shown.to_string(), json!({"crawler": true})));
    assert_eq!(server.post(claims.to_string()).await.status(), 201);
    let summary = read(&server, "/v1/surveys/checkout/summary").await;
    assert_eq!((&summary["crawlers"], &summary["shown"]), (&json!(3), &json!(5)));
}

async fn a_later_revision_stays_with_its_survey(on: On) {
    let server = Server::on(on).await;
    check_receipt(server.post(COMPLETED).await, StatusCode::CREATED).await;
    let message = "survey must be that of the response's earlier revisions";
    for revision in [1, 2, 3] {
        let moved = with(COMPLETED, json!({"survey": "another", "revision": revision}));
        let refused = server.post(moved.to_string()).await;
        check_error(refused, 422, "invalid_response", Some("survey"), message).await;
    }
    let many = json!([
        numbered(1, json!({"revision": 1})),
        numbered(1, json!({"revision": 2, "survey": "another"})),
    ]);
    let response = server.post(many.to_string()).await;
    assert_eq!(response.status(), 207);
    let surveys = read(&server, "/v1/surveys").await;
    assert_eq!(surveys["surveys"].as_array().map(Vec::len), Some(1), "{surveys}");
    assert_eq!(server.stored().await.iter().filter(|it| it["survey"] == "checkout").count(), 2);
    let report = server.store.verify().await.expect("a report");
    assert_eq!(report.faults, [""; 0]);
}
