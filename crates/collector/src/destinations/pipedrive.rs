//! Pipedrive: a note at the person of the visitor's e-mail address.
//!
//! Requires: an API token; a page that says the visitor's address (`data-user`, `data-custom-email`) or a question for it.
//! Limits: by plan, from 20 in two seconds. Says no: 429; 403 to whoever goes on then. Repeats: before a note is written
//! once more, the person's notes are looked at for the delivery's id.

use super::courier::{Courier, Outcome, Request};
use super::kind::{BASE, Facts, Job, Setting, is_line};
use super::message::{email, shortened, text, title};
use super::schedule::Pace;
use axum::http::Method;
use serde_json::{Value, json};

pub(super) const FACTS: Facts = Facts {
    settings: &[
        Setting { name: "token", is_secret: true, is_required: true, check: is_line },
        BASE,
    ],
    pace: Pace { at_once: 1, every_ms: 400 },
    is_once: true,
};

pub(super) async fn deliver(job: &Job<'_>, courier: &mut Courier<'_>) -> Result<Outcome, Outcome> {
    let Some(email) = email(job.response) else {
        return Ok(Outcome::refused(
            "the response has no e-mail address, by which a person could be found (data-user or data-custom-email)",
        ));
    };
    let (base, token) = (job.base("https://api.pipedrive.com"), job.text("token"));
    let term: String = form_urlencoded::byte_serialize(email.as_bytes()).collect();
    let url = format!("{base}/api/v2/persons/search?term={term}&fields=email&exact_match=true");
    let answer = courier.send(Request::get(url).with("x-api-token", token)).await?;
    let found = answer.json()["data"]["items"][0]["item"]["id"].clone();
    if !answer.status.is_success() {
        let verdict = answer.verdict();
        return Ok(answer.into_outcome(verdict));
    }
    let person = if let Some(person) = found.as_i64() {
        person
    } else {
        let body = json!({"name": email, "emails": [{"value": email, "primary": true}]});
        let request = Request::json(Method::POST, format!("{base}/api/v2/persons"), &body);
        let answer = courier.send(request.with("x-api-token", token)).await?;
        let Some(person) = answer.json()["data"]["id"].as_i64() else {
            let verdict = answer.verdict();
            return Ok(Outcome {
                // A page that answers 200 has made nobody.
                verdict: if answer.status.is_success() {
                    super::Verdict::Again(None)
                } else {
                    verdict
                },
                status: Some(answer.status.as_u16()),
                answer: answer.body,
            });
        };
        person
    };
    if job.tries > 0 {
        let url = format!("{base}/v1/notes?person_id={person}&sort=add_time%20DESC&limit=100");
        let answer = courier.send(Request::get(url).with("x-api-token", token)).await?;
        let notes = answer.json();
        let has_it =
            |note: &Value| note["content"].as_str().is_some_and(|it| it.contains(&*job.id));
        if notes["data"].as_array().is_some_and(|notes| notes.iter().any(has_it)) {
            return Ok(answer.into_outcome(super::Verdict::Delivered));
        }
    }
    let body = json!({"person_id": person, "content": note(job)});
    let request = Request::json(Method::POST, format!("{base}/v1/notes"), &body);
    let answer = courier.send(request.with("x-api-token", token)).await?;
    let verdict = answer.verdict();
    Ok(answer.into_outcome(verdict))
}

/// Notes are HTML.
fn note(job: &Job<'_>) -> String {
    let (title, text) = (title(job.response), text(job.response));
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let text = escape(&shortened(&text, 50_000)).replace('\n', "<br>");
    format!("<b>{}</b><br>{text}<br>{}", escape(&title), job.id)
}
