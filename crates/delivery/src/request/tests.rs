use super::{HttpRequest, built_in_document};
use crate::{QueuedResponse, WaitReason};
use proptest::prelude::*;
use sondeo_model::json::Json;
use sondeo_model::{RequestFormat, secret};

const BODY: &str = r#"{"sondeo":1,"id":"0199a3c2-5f1e-7a3b-8c4d-0123456789ab","revision":2,"status":"completed","survey":"checkout","template":null,"trigger":"load","language":"en","answers":[{"question":"stars","text":"How was it?","kind":"likert","points":5,"value":4},{"question":"which","text":"Which?","kind":"choices","value":["a","b"]},{"question":"why","text":"Why?","kind":"text","value":"Slow & \"late\" ñ"},{"question":"mail","text":"Your address?","kind":"text","value":"ana@example.com"},{"question":"again","text":"Again?","kind":"yes-no","value":true}],"shown_at":"2026-11-21T18:40:13.123Z","sent_at":"2026-11-21T18:40:20.001Z","page":{"url":"https://shop.example/done","title":"Thanks","referrer":""},"client":{"language":"es","time_zone":null,"device":"mobile","viewport":[390,844]},"visit":3,"visitor":null,"user":null,"custom":{"name":"Ana"},"widget":"0.1.0"}"#;
const ID: &str = "0199a3c2-5f1e-7a3b-8c4d-0123456789ab";

fn document(format: RequestFormat) -> Json {
    let file = format!("{}/presets/{}.json", env!("CARGO_MANIFEST_DIR"), format.as_str());
    let text = match built_in_document(format) {
        Some("") => return Json::Null,
        Some(text) => text.to_owned(),
        None => std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}")),
    };
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn make(
    format: RequestFormat,
    endpoint: &str,
    fields: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> HttpRequest {
    let queued = QueuedResponse {
        id: ID.to_owned(),
        endpoint: endpoint.to_owned(),
        format,
        headers: owned(headers),
        fields: owned(fields),
        confirms_id: false,
        revision: 2,
        is_answered: true,
        attempts: 0,
        born_ms: 1_800_000_000_000,
        not_before_ms: 0,
        wait: WaitReason::BackOff,
        refused_by: String::new(),
        body: BODY.to_owned(),
    };
    HttpRequest::new(&document(format), &queued, &serde_json::from_str(BODY).expect("JSON"))
}

#[track_caller]
fn check(call: &HttpRequest, url: &str, headers: &[(&str, &str)], body: &str) {
    assert_eq!(call.url, url);
    assert_eq!(call.headers, owned(headers));
    assert_eq!(call.body, body);
}

/// A body in JSON, of which the order and the spaces do not matter.
#[track_caller]
fn check_json(call: &HttpRequest, url: &str, headers: &[(&str, &str)], body: &str) {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    assert_eq!(read(&call.body), read(body));
    check(call, url, headers, &call.body);
}

const AS_JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const AS_TEXT: &[(&str, &str)] = &[("content-type", "text/plain")];
const AS_FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];

#[test]
fn the_response_as_it_is() {
    let url = "https://example.com/r?a=b";
    check(&make(RequestFormat::Json, url, &[], &[]), url, AS_JSON, BODY);
    check(&make(RequestFormat::Text, url, &[], &[]), url, AS_TEXT, BODY);
    check(&make(RequestFormat::N8n, url, &[], &[]), url, AS_JSON, BODY);
    for format in [RequestFormat::Zapier, RequestFormat::Make] {
        check(&make(format, url, &[], &[]), url, AS_TEXT, BODY);
    }
    let script = make(RequestFormat::AppsScript, url, &[], &[]);
    check(&script, url, AS_TEXT, BODY);
    assert!(script.follows && !script.is_opaque);
    let headers = &[("content-type", "application/vnd.example+json"), ("x-site", "a")];
    check(&make(RequestFormat::Json, url, &[], headers), url, headers, BODY);
}

#[test]
fn a_form_has_a_field_for_each_answer() {
    let fields = &[("why", "Comment / reason"), ("survey", "form name")];
    check(
        &make(RequestFormat::Form, "/f", fields, &[]),
        "/f",
        AS_FORM,
        "form+name=checkout&id=0199a3c2-5f1e-7a3b-8c4d-0123456789ab&status=completed\
         &url=https%3A%2F%2Fshop.example%2Fdone&stars=4&which=a&which=b\
         &Comment+%2F+reason=Slow+%26+%22late%22+%C3%B1&mail=ana%40example.com&again=true",
    );
}

#[test]
fn google_forms() {
    let fields = &[("stars", "entry.11"), ("which", "entry.22"), ("id", "entry.33")];
    let made = make(
        RequestFormat::GoogleForms,
        "https://docs.google.com/forms/d/e/F/viewform?usp=x",
        fields,
        &[],
    );
    let body = "entry.11=4&entry.22=a&entry.22=b&entry.33=0199a3c2-5f1e-7a3b-8c4d-0123456789ab&fvv=1&pageHistory=0";
    check(&made, "https://docs.google.com/forms/d/e/F/formResponse", AS_FORM, body);
    assert!(made.is_opaque);
}

#[test]
fn hubspot() {
    let url = "https://api.hsforms.com/submissions/v3/integration/submit/1/f";
    let fields = &[("stars", "csat"), ("mail", "email"), ("id", "response_id"), ("user", "uid")];
    check_json(
        &make(RequestFormat::Hubspot, url, fields, &[]),
        url,
        AS_JSON,
        r#"{"submittedAt":"1800000000000","fields":[
            {"objectTypeId":"0-1","name":"csat","value":"4"},
            {"objectTypeId":"0-1","name":"email","value":"ana@example.com"},
            {"objectTypeId":"0-1","name":"uid","value":""},
            {"objectTypeId":"0-1","name":"response_id","value":"0199a3c2-5f1e-7a3b-8c4d-0123456789ab"}],
            "context":{"pageUri":"https://shop.example/done","pageName":"Thanks"}}"#,
    );
}

#[test]
fn zendesk() {
    let url = "https://acme.zendesk.com/api/v2/requests.json";
    check_json(
        &make(RequestFormat::Zendesk, url, &[], &[]),
        url,
        AS_JSON,
        r#"{"request":{"subject":"checkout: 4","comment":{"body":"How was it?\n4\n\nWhich?\na, b\n\nWhy?\nSlow & \"late\" ñ\n\nYour address?\nana@example.com\n\nAgain?\ntrue\n\nhttps://shop.example/done"},
            "requester":{"name":"Ana","email":"ana@example.com"}}}"#,
    );
}

#[test]
fn salesforce() {
    let url = "https://webto.salesforce.com/servlet/servlet.WebToCase?encoding=UTF-8&orgid=00D%20x";
    let made = make(RequestFormat::Salesforce, url, &[("stars", "00N1")], &[]);
    let body = "orgid=00D+x&name=Ana&email=ana%40example.com&subject=checkout%3A+4&description=How+was+it%3F%0A4%0A%0A";
    assert!(made.body.starts_with(body) && made.body.ends_with("&00N1=4"), "{}", made.body);
    assert_eq!(made.url, "https://webto.salesforce.com/servlet/servlet.WebToCase?encoding=UTF-8");
    assert!(made.is_opaque);
}

#[test]
fn forms_of_other_services() {
    let accept = &[("content-type", "application/json"), ("accept", "application/json")];
    let answers = r#""stars":4,"which":["a","b"],"comment":"Slow & \"late\" ñ","mail":"ana@example.com","again":true"#;
    let around = format!(
        r#""survey":"checkout","id":"{ID}","status":"completed","url":"https://shop.example/done",{answers}"#
    );
    for format in [RequestFormat::Formspree, RequestFormat::Basin] {
        let made = make(format, "https://formspree.io/f/x", &[("why", "comment")], &[]);
        check_json(&made, "https://formspree.io/f/x", accept, &format!("{{{around}}}"));
    }
    let url = "https://api.web3forms.com/submit?access_key=k";
    let made = make(RequestFormat::Web3forms, url, &[("why", "comment")], &[]);
    let body = format!(r#"{{"access_key":"k","subject":"checkout: 4",{around}}}"#);
    check_json(&made, "https://api.web3forms.com/submit", accept, &body);
    let made = make(RequestFormat::Netlify, "https://shop.example/?form-name=feedback", &[], &[]);
    assert_eq!(made.url, "https://shop.example/");
    assert!(made.body.starts_with("form-name=feedback&survey=checkout&id="), "{}", made.body);
    let made = make(RequestFormat::Netlify, "https://shop.example/", &[], &[]);
    assert!(made.body.starts_with("form-name=checkout&survey="), "{}", made.body);
}

#[test]
fn tables() {
    let url = "https://x.supabase.co/rest/v1/responses";
    let made = make(RequestFormat::Supabase, url, &[], &[("apikey", "sb_publishable_x")]);
    let headers = &[
        ("content-type", "application/json"),
        ("prefer", "return=minimal"),
        ("apikey", "sb_publishable_x"),
    ];
    let response: serde_json::Value = serde_json::from_str(BODY).expect("JSON");
    let expected = serde_json::json!({
        "id": ID, "revision": 2, "status": "completed", "survey": "checkout", "trigger": "load",
        "language": "en", "answers": response["answers"], "shown_at": "2026-11-21T18:40:13.123Z",
        "sent_at": "2026-11-21T18:40:20.001Z", "url": "https://shop.example/done", "device": "mobile",
        "custom": {"name": "Ana"},
    });
    check_json(&made, url, headers, &expected.to_string());
    assert_eq!(made.accepts, [409]);

    let url = "https://api.baserow.io/api/database/rows/table/7/";
    let made =
        make(RequestFormat::Baserow, url, &[("why", "Reason")], &[("authorization", "Token t")]);
    let body = format!(
        r#"{{"survey":"checkout","response":"{ID}","status":"completed","url":"https://shop.example/done",
            "stars":4,"which":["a","b"],"Reason":"Slow & \"late\" ñ","mail":"ana@example.com","again":true}}"#
    );
    let headers = &[("content-type", "application/json"), ("authorization", "Token t")];
    check_json(&made, &format!("{url}?user_field_names=true"), headers, &body);
}

#[test]
fn events() {
    let made =
        make(RequestFormat::Posthog, "https://eu.i.posthog.com/i/v0/e/?api_key=phc_x", &[], &[]);
    let body = format!(
        r#"{{"api_key":"phc_x","event":"survey sent","uuid":"{ID}","distinct_id":"{ID}","timestamp":"2026-11-21T18:40:20.001Z",
            "properties":{{"$survey_id":"checkout","$survey_name":"checkout","$survey_response":4,"$survey_response_stars":4,
            "$survey_response_which":["a","b"],"$survey_response_why":"Slow & \"late\" ñ","$survey_response_mail":"ana@example.com",
            "$survey_response_again":true,"$survey_completed":true,"$survey_submission_id":"{ID}","$current_url":"https://shop.example/done"}}}}"#
    );
    check_json(&made, "https://eu.i.posthog.com/i/v0/e/", AS_JSON, &body);

    let made = make(RequestFormat::Segment, "https://api.segment.io/v1/t?writeKey=w", &[], &[]);
    let body = format!(
        r#"{{"writeKey":"w","messageId":"{ID}","anonymousId":"{ID}","event":"Survey Answered","timestamp":"2026-11-21T18:40:20.001Z",
            "properties":{{"survey":"checkout","status":"completed","stars":4,"which":["a","b"],"why":"Slow & \"late\" ñ","mail":"ana@example.com","again":true}},
            "context":{{"page":{{"url":"https://shop.example/done","title":"Thanks","referrer":""}},"locale":"en"}}}}"#
    );
    check_json(&made, "https://api.segment.io/v1/t", AS_TEXT, &body);
}

#[test]
fn every_format_has_a_document_or_is_refused() {
    for &format in RequestFormat::ALL {
        match secret(format, &[]) {
            None => assert!(matches!(document(format), Json::Object(_) | Json::Null)),
            Some(reason) => assert!(reason.contains("collector"), "{format:?}"),
        }
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/presets");
    let files = std::fs::read_dir(folder).expect("a folder").count();
    let fetched =
        |it: &&RequestFormat| secret(**it, &[]).is_none() && built_in_document(**it).is_none();
    assert_eq!(files, RequestFormat::ALL.iter().filter(fetched).count());
}

proptest! {
    #[test]
    fn no_document_and_no_response_bring_it_down(template: String, endpoint: String) {
        let body = serde_json::json!({"type": "form", "url": template, "body": {&template: template, "{question}": template}});
        let document: Json = serde_json::from_value(body).expect("JSON");
        let mut queued = QueuedResponse {
            id: ID.to_owned(), endpoint, format: RequestFormat::Form, headers: Vec::new(), fields: Vec::new(),
            confirms_id: false, revision: 1, is_answered: true, attempts: 0, born_ms: 0, not_before_ms: 0,
            wait: WaitReason::BackOff, refused_by: String::new(), body: BODY.to_owned(),
        };
        let _ = HttpRequest::new(&document, &queued, &serde_json::from_str(BODY).expect("JSON"));
        let _ = HttpRequest::new(&document, &queued, &Json::Null);
        queued.fields = owned(&[("why", &template)]);
        let _ = HttpRequest::new(&Json::Null, &queued, &Json::Null);
    }
}
