//! What is taken out, and what is forgotten.

use crate::support::programs::find;
use crate::support::{COMPLETED, On, PARTIAL, Server, check_error, header, on_both, send, with};
use futures_util::StreamExt;
use reqwest::Method;
use serde_json::{Value as Json, json};
use sondeo_collector::Token;
use sondeo_collector::store::{Scope, Scopes};
use sondeo_model::Timestamp;
use std::time::Duration;

on_both!(
    exports_hold_everything_and_no_formula,
    a_table_is_written_as_its_reader_wants_it,
    an_array_is_stored_item_by_item,
    a_visitor_gets_a_copy_and_is_forgotten,
    surveys_are_listed,
    events_are_told_as_they_happen,
    a_form_is_a_response,
    sql_is_text,
);

async fn token(server: &Server) -> String {
    let scopes = Scopes(vec![Scope::Read, Scope::Export, Scope::Erase]);
    Token::mint(&server.store, "all", &scopes).await.expect("a token").to_string()
}

fn numbered(number: usize, fields: Json) -> Json {
    let mut response = with(COMPLETED, fields);
    response["id"] = format!("0199a3c2-5f1e-7a3b-8c4d-{number:012x}").into();
    response
}

async fn fill(server: &Server, count: usize) {
    for first in (0..count).step_by(100) {
        let many: Vec<_> =
            (first..count.min(first + 100)).map(|n| numbered(n, json!({}))).collect();
        assert_eq!(server.post(Json::from(many).to_string()).await.status(), 201);
    }
}

async fn exports_hold_everything_and_no_formula(on: On) {
    let server = Server::on(on).await;
    fill(&server, 1_200).await;
    let formula = "=HYPERLINK(\"http://evil.example\",\"x\")";
    // Of a moment that is not long ago, whenever this runs: what is older counts for today.
    let now = std::time::UNIX_EPOCH.elapsed().expect("a clock").as_millis();
    let moment = |after| Timestamp::from_millis(i64::try_from(now).expect("it") - 60_000 + after);
    let (from, to) = (moment(0).to_rfc3339(), moment(1).to_rfc3339());
    let mut evil = numbered(9_999, json!({"user": formula, "survey": "evil", "shown_at": &from}));
    evil["answers"][1]["value"] = formula.into();
    assert_eq!(server.post(evil.to_string()).await.status(), 201);
    let token = token(&server).await;
    let export = async |path: &str| {
        let request = server.request(Method::GET, path).bearer_auth(&token);
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert!(header(&response, "content-disposition").starts_with("attachment; filename="));
        response.text().await.expect("a file")
    };
    let lines = export("/v1/export.ndjson").await;
    assert_eq!(lines.lines().count(), 1_201);
    let first = lines.lines().last().expect("a line");
    let mut first: Json = serde_json::from_str(first).expect("JSON");
    let counts_for = first.as_object_mut().and_then(|it| it.remove("counts_for"));
    assert!(counts_for.is_some_and(|it| it.is_string()), "an import counts it for the same day");
    assert_eq!(first, numbered(0, json!({})), "the oldest is last");
    let table = export("/v1/export.csv").await;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 2 * 1_201, "one for each answer");
    assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
    assert!(table.contains(",\"'=HYPERLINK(\"\"http"));
    let of_one = export(&format!("/v1/export.csv?survey=evil&from={from}&to={to}")).await;
    assert_eq!(of_one.lines().count(), 1 + 2);
    let audit_entries = server.store.audit_entries(10).await.expect("the audit");
    let lines: Vec<_> = audit_entries
        .iter()
        .map(|it| (it.actor.as_str(), it.action.as_str()))
        .filter(|(_, action)| *action != "make a token")
        .collect();
    assert_eq!(lines, [("token:all", "export"); 3]);
}

/// What hurts in a table: separators, quotes, lines, formulas, scripts from right to left, and emoji.
const DIFFICULT: &str = "niño 🙂; \"=1+1\", a\tb|c\n=cmd()\r\n;@x שלום";

async fn a_table_is_written_as_its_reader_wants_it(on: On) {
    let server = Server::on(on).await;
    let mut response = numbered(
        1,
        json!({"page": {"url": "https://shop.example/a;b", "title": DIFFICULT, "referrer": ""}}),
    );
    response["answers"][1]["value"] = DIFFICULT.into();
    assert_eq!(server.post(response.to_string()).await.status(), 201);
    let token = token(&server).await;
    let export = async |query: &str| {
        let request = server.request(Method::GET, &format!("/v1/export.csv{query}"));
        send(request.bearer_auth(&token)).await
    };
    let bytes = async |query: &str| export(query).await.bytes().await.expect("a file").to_vec();
    assert!(bytes("").await.starts_with(b"\xef\xbb\xbfid,revision,"), "for Excel");
    assert!(bytes("?bom=0").await.starts_with(b"id,revision,"), "for programs");
    for (query, separator) in [
        ("?bom=0", b','),
        ("?bom=0&separator=comma", b','),
        ("?bom=0&separator=%3B", b';'),
        ("?separator=semicolon&bom=0&survey=checkout", b';'),
        ("?bom=0&separator=tab", b'\t'),
    ] {
        let table = bytes(query).await;
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(&*table);
        let columns = reader.headers().expect("columns").clone();
        let title = columns.iter().position(|column| column == "title").expect("a column");
        for row in reader.records() {
            let row = row.expect("a row");
            assert_eq!(row.len(), columns.len(), "{query}");
            let cell = row[title].replace('\'', "");
            assert_eq!(cell, DIFFICULT, "{query}");
        }
        // However it is opened, nothing is a formula.
        for other in [',', ';', '\t', '|', '\n'].into_iter().filter(|it| *it as u8 != separator) {
            let text = String::from_utf8(table.clone()).expect("UTF-8");
            let is_formula =
                |cell: &str| cell.trim_start_matches('"').starts_with(['=', '+', '-', '@']);
            assert!(!text.split(other).any(is_formula), "{query}, opened with {other:?}: {text}");
        }
    }
    for (query, field, message) in [
        ("?separator=x", "separator", "separator must be comma, semicolon or tab"),
        ("?bom=yes", "bom", "bom must be 0 or 1"),
    ] {
        check_error(export(query).await, 400, "invalid_query", Some(field), message).await;
    }
}

/// What people see who open the file, in a country with commas in its numbers and in another one.
#[tokio::test]
async fn libreoffice_shows_what_was_written() {
    let Some(office) = find("soffice") else { return };
    let server = Server::start().await;
    let mut response = numbered(
        1,
        json!({"page": {"url": "https://shop.example/a;b", "title": DIFFICULT, "referrer": ""}}),
    );
    response["answers"][1]["value"] = DIFFICULT.into();
    assert_eq!(server.post(response.to_string()).await.status(), 201);
    let token = token(&server).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    // LibreOffice's numbers of the characters that separate: what its dialog proposes in one country or the other.
    for (name, query, separators) in
        [("comma", "", "44"), ("semicolon", "?separator=semicolon", "59"), ("wrong", "", "59")]
    {
        let request = server.request(Method::GET, &format!("/v1/export.csv{query}"));
        let table = send(request.bearer_auth(&token)).await.bytes().await.expect("a file");
        std::fs::write(path(&format!("{name}.csv")), table).expect("a file");
        let mut command = tokio::process::Command::new(&office);
        command.arg(format!("-env:UserInstallation=file://{}", path("profile"))).args([
            "--headless",
            &format!("--infilter=CSV:{separators},34,UTF8"),
            "--convert-to",
            "fods",
            "--outdir",
            &path("shown"),
            &path(&format!("{name}.csv")),
        ]);
        let output = command.output().await.expect("it runs");
        let shown = std::fs::read_to_string(path(&format!("shown/{name}.fods")));
        let shown = shown.unwrap_or_else(|error| panic!("{error}: {output:?}"));
        assert!(!shown.contains("table:formula"), "{name}: a text became a formula");
        assert!(!shown.contains("\u{feff}"), "{name}: the mark is no text");
        if name != "wrong" {
            assert!(shown.contains("<text:p>id</text:p>"), "{name}: the first column");
            assert!(shown.contains("niño 🙂") && shown.contains("שלום"), "{name}");
            assert!(shown.contains("<text:p>https://shop.example/a;b</text:p>"), "{name}");
        }
    }
}

async fn an_array_is_stored_item_by_item(on: On) {
    let server = Server::on(on).await;
    let good = |number| numbered(number, json!({}));
    let bad = numbered(2, json!({"revision": 0}));
    let response = server.post(json!([good(1), bad, good(1), 7, good(3)]).to_string()).await;
    assert_eq!(response.status(), 207);
    let results: Json = response.json().await.expect("JSON");
    let results = results["results"].as_array().expect("results");
    assert_eq!(results[0], json!({"id": good(1)["id"], "stored": true}));
    assert_eq!(results[1]["error"]["field"], "revision");
    assert_eq!(results[2], results[0], "the same again");
    assert_eq!(results[3]["error"]["code"], "invalid_response");
    assert_eq!(results[4]["stored"], true);
    assert_eq!(server.stored().await.len(), 2);
    assert_eq!(server.post(json!([good(1), good(3)]).to_string()).await.status(), 200, "known");
    assert_eq!(server.post(json!([good(1), good(4)]).to_string()).await.status(), 201);
    let too_many: Vec<_> = (0..101).map(good).collect();
    let message = "an array must hold 1 to 100 responses, not 101";
    let response = server.post(Json::from(too_many).to_string()).await;
    check_error(response, 422, "invalid_response", None, message).await;
    let large = json!([good(5), numbered(6, json!({"custom": {"x": "y".repeat(9_000)}}))]);
    assert_eq!(server.post(large.to_string()).await.status(), 201);
    let larger = format!("[{}]", " ".repeat(1_100_000));
    let message = "the body is larger than 1048576 bytes";
    check_error(server.post(larger).await, 413, "too_large", None, message).await;
}

async fn a_visitor_gets_a_copy_and_is_forgotten(on: On) {
    let server = Server::on(on).await;
    for number in 0..3 {
        let visitor = if number < 2 { "ana/1 ñ" } else { "eva" };
        let body = numbered(number, json!({"visitor": visitor}));
        assert_eq!(server.post(body.to_string()).await.status(), 201);
    }
    let token = token(&server).await;
    let call = async |method: Method, path: &str| {
        let request = server.request(method, path).bearer_auth(&token);
        request.send().await.expect("an answer").text().await.expect("a body")
    };
    let ana = "/v1/visitors/ana%2F1%20%C3%B1";
    assert_eq!(call(Method::GET, ana).await.lines().count(), 2);
    assert_eq!(call(Method::DELETE, ana).await, "{\"erased\":2}");
    assert_eq!(call(Method::GET, ana).await, "");
    assert_eq!(call(Method::DELETE, ana).await, "{\"erased\":0}");
    assert_eq!(call(Method::GET, "/v1/export.ndjson").await.lines().count(), 1);
    // The widget hears that it need not try again, and the response stays away.
    let again = server.post(numbered(0, json!({"visitor": "ana/1 ñ", "revision": 7})).to_string());
    let again = again.await;
    assert_eq!(again.status(), 200);
    let receipt: Json = again.json().await.expect("a receipt");
    assert_eq!(receipt, json!({"id": numbered(0, json!({}))["id"], "stored": false}));
    let eva = format!("/v1/responses/{}", numbered(2, json!({}))["id"].as_str().expect("an id"));
    assert_eq!(call(Method::DELETE, &eva).await, "{\"erased\":1}");
    assert!(server.stored().await.is_empty());
    assert!(call(Method::DELETE, "/v1/responses/7").await.contains("id is not a UUID"));
    let audit_entries = server.store.audit_entries(20).await.expect("the audit");
    let erased: Vec<_> = audit_entries
        .iter()
        .filter(|it| it.action == "erase")
        .map(|it| (it.subject.as_str(), it.n))
        .collect();
    assert_eq!(erased, [("a response", 1), ("a visitor", 0), ("a visitor", 2)]);
}

async fn surveys_are_listed(on: On) {
    let server = Server::on(on).await;
    let token = token(&server).await;
    let list = async || {
        let request = server.request(Method::GET, "/v1/surveys").bearer_auth(&token);
        request.send().await.expect("an answer").json::<Json>().await.expect("JSON")
    };
    assert_eq!(list().await, json!({"surveys": []}));
    fill(&server, 3).await;
    server.post(PARTIAL).await;
    let shown = numbered(50, json!({"status": "shown", "answers": []}));
    server.post(shown.to_string()).await;
    let surveys = list().await;
    assert_eq!(surveys["surveys"][0]["survey"], "checkout");
    assert_eq!(surveys["surveys"][0]["shown"], 4);
    assert_eq!(surveys["surveys"][0]["responses"], 3);
    let dimensions = json!(["custom.order-id", "device", "language", "page", "trigger"]);
    assert_eq!(surveys["surveys"][0]["dimensions"], dimensions);
    assert_eq!(surveys["surveys"][1]["survey"], "everything");
}

async fn events_are_told_as_they_happen(on: On) {
    let server = Server::on(on).await;
    let token = token(&server).await;
    let request = server.request(Method::GET, "/v1/events").bearer_auth(&token);
    let response = request.send().await.expect("an answer");
    assert_eq!(header(&response, "content-type"), "text/event-stream");
    let mut stream = response.bytes_stream();
    server.post(COMPLETED).await;
    server.post(COMPLETED).await;
    server.post(with(COMPLETED, json!({"revision": 3})).to_string()).await;
    let mut text = String::new();
    while text.matches("\n\n").count() < 2 {
        let piece = tokio::time::timeout(Duration::from_secs(20), stream.next()).await;
        let piece = piece.expect("an event").expect("a piece").expect("bytes");
        text.push_str(str::from_utf8(&piece).expect("UTF-8"));
    }
    let events: Vec<Json> = text
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str(data).expect("JSON"))
        .collect();
    assert_eq!(events.iter().map(|it| &it["revision"]).collect::<Vec<_>>(), [2, 3], "no repeat");
    assert_eq!(events[0]["survey"], "checkout");
    assert!(text.starts_with("event: response\n") && !text.contains("Slow delivery"));
}

async fn a_form_is_a_response(on: On) {
    let server = Server::on(on).await;
    let id = "0199a3c2-5f1e-7a3b-8c4d-0123456789ab";
    let form = async |fields: &str| {
        let headers = [("content-type", "application/x-www-form-urlencoded; charset=UTF-8")];
        server.post_with(&headers, format!("survey=post-purchase&id={id}&{fields}")).await.status()
    };
    let url = "url=https%3A%2F%2Fshop.example%2Fdone";
    assert_eq!(form(&format!("status=partial&satisfaction=2&{url}")).await, 201);
    let completed = format!("status=completed&satisfaction=2&why=Slow+delivery&{url}");
    assert_eq!(form(&completed).await, 201);
    assert_eq!(form(&completed).await, 200);
    assert_eq!(form("status=partial&satisfaction=9").await, 422);
    let stored = server.stored().await;
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0]["answers"][0]["value"], 2);
    assert_eq!(stored[0]["answers"][0]["metric"], "csat");
    assert_eq!(stored[0]["status"], "completed");
}

async fn sql_is_text(on: On) {
    let server = Server::on(on).await;
    let evil = "'; DROP TABLE response; -- \" OR 1=1 \\ %_ $1 ?1 {} \u{202e} ﷽ 🙁";
    let mut response =
        with(COMPLETED, json!({"visitor": evil, "user": evil, "language": evil, "trigger": evil}));
    for pointer in ["/answers/0/text", "/answers/1/value", "/page/title", "/client/time_zone"] {
        *response.pointer_mut(pointer).expect("a field") = evil.into();
    }
    response["custom"] = json!({evil: evil});
    assert_eq!(server.post(response.to_string()).await.status(), 201);
    assert_eq!(server.stored().await, [response]);
    let token = token(&server).await;
    let encoded: String = form_urlencoded::byte_serialize(evil.as_bytes()).collect();
    for path in [
        format!("/v1/surveys/checkout/comments?q={encoded}"),
        format!("/v1/surveys/{}/summary", encoded.replace('+', "%20")),
        format!("/v1/responses?survey={encoded}"),
        format!("/v1/surveys/checkout/summary?by=custom.{encoded}"),
    ] {
        let request = server.request(Method::GET, &path).bearer_auth(&token);
        assert_eq!(request.send().await.expect("an answer").status(), 200, "{path}");
    }
    assert_eq!(server.stored().await.len(), 1);
}
